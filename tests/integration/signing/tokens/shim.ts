// The module that misbehaves (shim/shim.c), compiled once, and how it is told what to do.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Shim {
  readonly file: string;
  /** Structures packed and CK_ULONG of four bytes, as on Windows. */
  readonly windowsShape: string;
  /** Replaces whatever it was told before; a new set of tries when `tries` is among it. */
  behave(how?: Readonly<Record<string, number>>): void;
  /** What it was asked since it was told how to behave. */
  seen(what: string): number[];
}

export function buildShim(folder: string): Shim {
  const source = join(import.meta.dirname, 'shim', 'shim.c');
  const [file, windowsShape] = [join(folder, 'shim.so'), join(folder, 'shim-windows.so')];
  const flags = ['-shared', '-fPIC', '-O1', '-Wall', '-Wextra', '-Werror'];
  execFileSync('gcc', [...flags, '-o', file, source, '-ldl']);
  execFileSync('gcc', ['-DWINDOWS_SHAPE', ...flags, '-o', windowsShape, source, '-ldl']);
  const [behaviour, log] = [join(folder, 'behaviour'), join(folder, 'seen')];
  process.env.SHIM_BEHAVIOUR = behaviour;
  process.env.SHIM_SEEN = log;

  return {
    file,
    windowsShape,
    behave(how = {}) {
      if ('tries' in how) rmSync(`${behaviour}.tries`, { force: true });
      rmSync(log, { force: true });
      // never seen half-written
      writeFileSync(
        `${behaviour}.new`,
        Object.entries(how)
          .map(([name, value]) => `${name}=${value}\n`)
          .join(''),
      );
      renameSync(`${behaviour}.new`, behaviour);
    },
    seen(what) {
      if (!existsSync(log)) return [];
      const lines = readFileSync(log, 'utf8').trim().split('\n');
      return lines.filter((line) => line.startsWith(`${what} `)).map((line) => Number(line.split(' ')[1]));
    },
  };
}
