// What this process last saw of the logs' lengths, kept beside the database and not in it: a database whose files
// were put back says nothing of it itself.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

export interface SeenLog {
  readonly center: number;
  readonly logId: string;
  readonly end: number;
}

export interface Witness {
  saw(logs: readonly SeenLog[]): void;
  /** Centers whose log is shorter now than it was seen to be. */
  behind(logs: readonly SeenLog[]): number[];
}

const Seen = z.array(z.object({ center: z.number(), logId: z.string(), end: z.number() }));

export function openWitness(folder: string): Witness {
  const file = join(folder, 'seen.json');
  let written = '';
  return {
    saw(logs) {
      const text = JSON.stringify(logs);
      if (text === written) return;
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(`${file}.new`, text, { mode: 0o600 });
      renameSync(`${file}.new`, file);
      written = text;
    },
    behind(logs) {
      const now = new Map(logs.map((log) => [`${log.center}.${log.logId}`, log.end]));
      return read(file)
        .filter((seen) => (now.get(`${seen.center}.${seen.logId}`) ?? Number.POSITIVE_INFINITY) < seen.end)
        .map((seen) => seen.center);
    },
  };
}

/** A file that is not there or not readable witnesses nothing. */
function read(file: string): readonly SeenLog[] {
  try {
    return Seen.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return [];
  }
}
