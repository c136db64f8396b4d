// Runs a program of the system with something on its standard input; a deadline, because print systems wait for networks.
import { spawn } from 'node:child_process';

export interface Ran {
  /** Null: it could not be started, or took too long. */
  readonly code: number | null;
  readonly out: string;
  /** The program is not on this PC. */
  readonly missing: boolean;
}

export interface RunOptions {
  readonly input?: Uint8Array;
  readonly env?: NodeJS.ProcessEnv;
  /** ms */
  readonly deadline?: number;
}

export type Run = (program: string, args: readonly string[], options?: RunOptions) => Promise<Ran>;

/** More than any list of printers; what comes after is not read. */
const mostOutput = 1_000_000;

export const run: Run = (program, args, { input, env = process.env, deadline = 30_000 } = {}) =>
  new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], env, windowsHide: true });
    const parts: Buffer[] = [];
    let length = 0;
    let missing = false;
    const timer = setTimeout(() => child.kill('SIGKILL'), deadline);
    child.stdout.on('data', (part: Buffer) => {
      length += part.length;
      if (length <= mostOutput) parts.push(part);
    });
    child.on('error', (fault: NodeJS.ErrnoException) => {
      missing = fault.code === 'ENOENT';
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: missing ? null : code, out: Buffer.concat(parts).toString('utf8'), missing });
    });
    // a program that ends without reading says so by its exit code
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
