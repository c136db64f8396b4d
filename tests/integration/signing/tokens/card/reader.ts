// A virtual card reader: a pcscd of our own, with vpcd's driver on a port of its own. There is one pcscd on a machine:
// where one is running already these tests cannot have theirs, and say so.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanUp, until } from '../support.ts';

export interface VirtualReader {
  readonly port: number;
  close(): Promise<void>;
}

const driver = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';
/** Not on every person's path. */
const program = existsSync('/usr/sbin/pcscd') ? '/usr/sbin/pcscd' : 'pcscd';
const socket = '/run/pcscd/pcscd.comm';

export async function startReader(): Promise<VirtualReader> {
  if (await answers(socket)) throw new Error('a pcscd runs on this PC already; end it for these tests');
  const folder = mkdtempSync(join(tmpdir(), 'tram-pcscd-'));
  const port = await freePort();
  const channel = `0x${port.toString(16).toUpperCase()}`;
  writeFileSync(
    join(folder, 'vpcd'),
    `FRIENDLYNAME "Tram test reader"\nDEVICENAME /dev/null:${channel}\nLIBPATH ${driver}\nCHANNELID ${channel}\n`,
  );
  const pcscd = spawn(program, ['--foreground', '--config', folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [pcscd.stdout, pcscd.stderr]) stream.on('data', (text) => (said += String(text)));
  const ended = endOf(pcscd);
  const early = ended.then(() => {
    throw new Error(`pcscd ended: ${said}`);
  });
  await Promise.race([until(async () => existsSync(socket) && (await answers(port))), early]);
  early.catch(() => {});
  return {
    port,
    async close() {
      pcscd.kill('SIGTERM');
      const timer = setTimeout(() => pcscd.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(timer);
      cleanUp(folder);
    },
  };
}

const endOf = (child: ChildProcess): Promise<void> =>
  new Promise((ended) => child.once('exit', () => ended()));

/** Looked at without connecting: a connection is a card put in. */
async function answers(where: number | string): Promise<boolean> {
  if (typeof where === 'number') return listening(where);
  return new Promise((told) => {
    const line = connect(where);
    line.once('connect', () => {
      line.destroy();
      told(true);
    });
    line.once('error', () => told(false));
  });
}

function listening(port: number): boolean {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  return ['/proc/net/tcp', '/proc/net/tcp6']
    .filter((file) => existsSync(file))
    .some((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .some((line) => line.includes(wanted) && / 0A /.test(line)),
    );
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((found) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      // the driver opens this port and the next one, one for each slot
      server.close(() => found(port));
    });
  });
}
