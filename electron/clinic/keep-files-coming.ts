// Files travel beside the changes that name them: as soon as a change is here, its files are wanted, and the sync room
// fetches them from whoever has them. One look after everything at opening, then one after each commit that may name some.
import { setImmediate as turn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { Blobs, IsNamed } from '../store/blobs.ts';
import type { Log } from '../store/room.ts';
import type { Store } from '../store/types.ts';

/** Files that an area's record names. */
export interface NamedFiles {
  /** Type of the subjects whose changes name them. */
  readonly subject: string;
  /** Fetched behind all that is not: nobody waits to read them. */
  readonly later: boolean;
  /** Named, and neither here nor asked for. */
  missing(sql: Database): readonly { hash: string }[];
  /** The same, of these patients only. */
  missingOf(sql: Database, patients: readonly string[]): readonly { hash: string }[];
  /** True of the hash `m.hash` when it is named. */
  readonly isNamed: IsNamed;
}

interface Needs {
  readonly store: Store;
  blobs(): Pick<Blobs, 'want'>;
  readonly named: readonly NamedFiles[];
  readonly log: Log;
}

/** Files asked for between two looks at other work. */
const AT_ONCE = 50;

/** Wants what is missing now, and from then on what each commit names. Answers how to stop. */
export function keepFilesComing({ store, blobs, named, log }: Needs): () => void {
  let stopped = false;
  let working: Promise<void> = Promise.resolve();
  const stops = named.map(follow);
  return () => {
    stopped = true;
    for (const stop of stops) stop();
  };

  function follow({ subject, later, missing, missingOf }: NamedFiles): () => void {
    let touched: Set<string> | null = null;
    begin(later, () => missing(store.sql));
    return store.onCommit(({ types, patients }) => {
      if (!types.has(subject)) return;
      if (touched) {
        for (const patient of patients) touched.add(patient);
        return;
      }
      const collected = new Set(patients);
      touched = collected;
      // not inside the commit that brought them, and once for many
      setImmediate(() => {
        touched = null;
        begin(later, () => missingOf(store.sql, [...collected]));
      });
    });
  }

  function begin(later: boolean, hashes: () => readonly { hash: string }[]): void {
    working = working
      .then(async () => {
        if (stopped || !store.sql.open) return;
        for (const [i, { hash }] of hashes().entries()) {
          if (stopped || !store.sql.open) return;
          await blobs().want(hash, { later });
          if (i % AT_ONCE === AT_ONCE - 1) await turn();
        }
      })
      .catch((bug: unknown) =>
        log('error', 'files that the record names could not be asked for', {
          name: bug instanceof Error ? bug.name : '',
        }),
      );
  }
}
