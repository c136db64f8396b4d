// Brings commits that were not flushed onto the disk without holding up the thread that made them: flushing some MB
// takes a tenth of a second where a save is to take half of that. One flush serves all who wait for it.
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './atomic-file.ts';

export interface Flushing {
  /** Something was committed that a power cut may still take back. */
  committed(): void;
  /** Resolves when all that was committed until now is certain. Rejects with the error of the disk. */
  flushed(): Promise<void>;
}

/**
 * `rewrite` writes anew what a failed flush may have lost; throws when it cannot. Once a flush has failed the system may
 * have dropped the pages and call the next flush a success (what became known as "fsyncgate"), so no later flush is
 * believed before it.
 */
export function flushingOf(flush: () => Promise<void>, rewrite: () => void): Flushing {
  let isDirty = false;
  let isDoubtful = false;
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  const brought = async (): Promise<void> => {
    if (isDoubtful) rewrite();
    await flush();
    isDoubtful = false;
  };

  const begin = (): Promise<void> => {
    isDirty = false;
    const mine = brought().catch((error: unknown) => {
      isDirty = true;
      isDoubtful = true;
      throw error;
    });
    running = mine;
    const over = (): void => {
      if (running === mine) running = null;
    };
    mine.then(over, over);
    return mine;
  };

  return {
    committed() {
      isDirty = true;
    },
    flushed() {
      if (!isDirty) return running ?? Promise.resolve();
      if (!running) return begin();
      // what runs may have begun before the last commit; those who come while it runs share the one after it
      next ??= running
        .catch(() => {})
        .then(() => {
          next = null;
          return begin();
        });
      return next;
    },
  };
}

/** Flushes a store's WAL, where every commit is until it is written back, which flushes by itself. */
export function walFlush(path: string): () => Promise<void> {
  let isNamed = false;
  return async () => {
    const wal = await open(`${path}-wal`, 'r+').catch((error: unknown) => {
      // written back and gone with the last connection
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    });
    if (!wal) return;
    try {
      await wal.datasync();
    } finally {
      await wal.close();
    }
    // a file that was made a moment ago can lose its name with the power
    if (!isNamed) syncFolder(dirname(path));
    isNamed = true;
  };
}
