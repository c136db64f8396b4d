// The browser shell as a process of its own, as `npm start` runs it: what it prints, when it ends, what it leaves.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const program = join(root, 'electron', 'shells', 'browser', 'main.ts');

export interface HostProcess {
  readonly child: ChildProcess;
  output(): string;
  /** Waits until the program has printed this. */
  printed(what: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  /** Exit code; a number only when it ended by itself. */
  readonly ended: Promise<number | null>;
}

/** Ended by force when the test is over. `env` adds to, and `undefined` takes from, this process's own. */
export function startHostProcess(
  args: readonly string[],
  env: Record<string, string | undefined> = {},
): HostProcess {
  if (!existsSync(join(root, 'out', 'renderer', 'index.html')))
    throw new Error('the page is not built: run `npm run build` first');
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, DISPLAY: undefined, WAYLAND_DISPLAY: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const look of waiting) look();
    });
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    child,
    output: () => output,
    ended,
    printed(what, timeoutMs = 20_000) {
      return new Promise((resolve, reject) => {
        const stop = setTimeout(() => done(null), timeoutMs);
        const look = (): void => {
          const found = what.exec(output);
          if (found) done(found);
        };
        const done = (found: RegExpExecArray | null): void => {
          clearTimeout(stop);
          waiting.delete(look);
          if (found) resolve(found);
          else reject(new Error(`never printed ${what}:\n${output}`));
        };
        waiting.add(look);
        look();
      });
    },
  };
}
