// Runs the project's tools by their JavaScript entry on this same Node: no shell, no .cmd wrappers,
// so that every script works alike on Linux and Windows.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

export const root = join(import.meta.dirname, '..');

export interface Ran {
  readonly ok: boolean;
  /** Both output streams as they came. */
  readonly output: string;
  readonly seconds: number;
}

/** Entry file of a package's command, from its `bin`. */
export function tool(packageName: string, command = packageName): string {
  const folder = join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = join(folder, typeof bin === 'string' ? bin : bin[command]);
  if (!existsSync(file)) throw new Error(`${packageName} has no command ${command}`);
  return file;
}

export interface RunOptions {
  /** Show output as it comes instead of only keeping it. */
  readonly show?: boolean;
  readonly env?: Record<string, string>;
  readonly timeoutMs?: number;
}

/** Runs `node <args>` in the project folder. */
export function node(
  args: readonly string[],
  { show = false, env = {}, timeoutMs }: RunOptions = {},
): Promise<Ran> {
  const started = performance.now();
  const { promise, resolve } = Promise.withResolvers<Ran>();
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (show) process.stdout.write(text);
    });
  const finish = (ok: boolean, why = ''): void =>
    resolve({ ok, output: output + why, seconds: (performance.now() - started) / 1000 });
  child.on('error', (error) => finish(false, `\n${error.message}`));
  child.on('close', (code, signal) => finish(code === 0, signal ? `\nended by ${signal}` : ''));
  return promise;
}
