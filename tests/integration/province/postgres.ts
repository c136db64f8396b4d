// A PostgreSQL of its own for a test: made in a temporary folder, on a free port, gone afterwards.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Postgres {
  readonly folder: string;
  readonly data: string;
  readonly port: number;
  /** Makes an empty database and answers its address. */
  create(name: string): string;
  /** Runs one of PostgreSQL's own programs as the user who owns the cluster. */
  run(program: string, args: readonly string[]): string;
  close(): void;
}

const home = '/usr/lib/postgresql';
const version = existsSync(home) ? readdirSync(home).sort((a, b) => Number(b) - Number(a))[0] : undefined;
export const hasPostgres = version !== undefined;

/** `settings` are lines of postgresql.conf. Without `fsync = off`: the tests mean what they say about durability. */
export async function startPostgres(settings: readonly string[] = []): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'tram-postgres-'));
  const data = join(folder, 'data');
  const port = await freePort();
  // initdb refuses to run as root
  const isRoot = process.getuid?.() === 0;
  const run = (program: string, args: readonly string[]): string => {
    const path = join(home, version ?? '', 'bin', program);
    const [command, all] = isRoot
      ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', path, ...args]]
      : [path, args];
    return execFileSync(command, [...all], { cwd: '/', encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  };
  if (isRoot) execFileSync('chown', ['postgres', folder]);
  run('initdb', ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--no-locale']);
  start(run, data, port, folder, settings);
  return {
    folder,
    data,
    port,
    run,
    create(name) {
      run('createdb', ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', name]);
      return `postgres://postgres@127.0.0.1:${port}/${name}`;
    },
    close() {
      run('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function start(
  run: Postgres['run'],
  data: string,
  port: number,
  folder: string,
  settings: readonly string[] = [],
): void {
  const options = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    ...settings,
  ]
    .map((line) => `-c ${line.replaceAll(' ', '')}`)
    .join(' ');
  run('pg_ctl', ['-D', data, '-l', join(folder, `log-${port}`), '-w', '-o', options, 'start']);
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
