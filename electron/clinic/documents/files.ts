// Frozen bytes travel beside the changes that name them: as soon as a change is here, its files are wanted, and the
// sync room fetches them from whoever has them.
import { setImmediate as turn } from 'node:timers/promises';
import type { Blobs } from '../../store/blobs.ts';
import type { Log } from '../../store/room.ts';
import type { Store } from '../../store/types.ts';
import { allFilesToFetch, filesToFetch } from './rows.ts';

interface Needs {
  readonly store: Store;
  blobs(): Pick<Blobs, 'want'>;
  readonly log: Log;
}

/** Files asked for between two looks at other work. */
const AT_ONCE = 50;

/** Wants what is missing now, and from then on what each commit names. Answers how to stop. */
export function keepFilesComing({ store, blobs, log }: Needs): () => void {
  let stopped = false;
  let touched: Set<string> | null = null;
  let working: Promise<void> = Promise.resolve();

  const begin = (hashes: () => readonly { hash: string }[]): void => {
    working = working
      .then(async () => {
        if (stopped || !store.sql.open) return;
        const missing = hashes();
        for (const [i, { hash }] of missing.entries()) {
          if (stopped || !store.sql.open) return;
          await blobs().want(hash);
          if (i % AT_ONCE === AT_ONCE - 1) await turn();
        }
      })
      .catch((bug: unknown) =>
        log('error', 'files of papers could not be asked for', {
          name: bug instanceof Error ? bug.name : '',
        }),
      );
  };
  begin(() => allFilesToFetch(store.sql).all());
  const unsubscribe = store.onCommit(({ types, patients }) => {
    if (!types.has('document')) return;
    if (touched) {
      for (const patient of patients) touched.add(patient);
      return;
    }
    const collected = new Set(patients);
    touched = collected;
    // not inside the commit that brought them, and once for many
    setImmediate(() => {
      touched = null;
      begin(() => filesToFetch(store.sql).all(JSON.stringify([...collected])));
    });
  });
  return () => {
    stopped = true;
    unsubscribe();
  };
}
