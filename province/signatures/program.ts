// Runs OpenSSL's own program with a deadline, and what it said put into one line.
import { execFile } from 'node:child_process';

export interface Ran {
  readonly ended: 'well' | 'badly' | 'late' | 'not at all';
  readonly said: string;
}

export function run(program: string, args: readonly string[], deadline: number): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { ...process.env, LC_ALL: 'C' };
    const options = {
      timeout: deadline,
      killSignal: 'SIGKILL' as const,
      // a list of revocations as text
      maxBuffer: 64_000_000,
      env,
      windowsHide: true,
    };
    execFile(program, args, options, (error, stdout, stderr) => {
      const said = `${stdout}${stderr}`;
      if (error === null) resolve({ ended: 'well', said });
      else if (error.killed === true) resolve({ ended: 'late', said });
      // a number is its exit code; a word says why it did not start
      else if (typeof error.code === 'number') resolve({ ended: 'badly', said });
      else resolve({ ended: 'not at all', said: error.message });
    });
  });
}

/** The line that says why: the last of its errors, without numbers of processes. */
export function lastWords(said: string): string {
  const errors = said
    .split('\n')
    .filter((line) => line.includes(':error:'))
    .map((line) => line.slice(line.indexOf(':error:') + 1));
  return (errors.at(-1) ?? said.trim().split('\n').at(-1) ?? '').slice(0, 300);
}

/** By the earliest list that names it; ms since 1970 UTC. Numbers as OpenSSL writes them: hex, below zero with a minus. */
export function revokedSince(lists: string, serialNumber: string): number | null {
  const entries = lists.matchAll(/Serial Number: (-?[0-9A-F]+)\s+Revocation Date: (.+ GMT)/g);
  const dates = [...entries].flatMap(([, number = '', date = '']) =>
    bare(number) === bare(serialNumber) ? [Date.parse(date)] : [],
  );
  return dates.length > 0 ? Math.min(...dates) : null;
}

const bare = (number: string): string => number.toUpperCase().replace(/^(-?)0+/, '$1');
