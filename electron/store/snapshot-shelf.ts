// The snapshot a hub hands to new PCs: made when one is asked for, reused for a day while what it lacks comes over
// as changes in moments, and gone with the program, whose memory alone holds its key.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '../../shared/api/contract.ts';
import type { Snapshot } from './snapshot.ts';

const DAY_MS = 86_400_000;
/** Changes a new PC takes in within some ten seconds. */
const FEW_CHANGES = 20_000;

export interface SnapshotShelf {
  /** The same file for all who ask while it is being made or good. */
  current(): Promise<Result<Snapshot>>;
  /** Removes the files. */
  close(): void;
}

/** `folder` is the shelf's own: what lies in it from an earlier run has no key any more and is removed. */
export function snapshotShelf(parts: {
  readonly folder: string;
  make(folder: string): Promise<Result<Snapshot>>;
  /** Number of the store's last commit now. */
  end(): number;
  now(): number;
}): SnapshotShelf {
  const { folder } = parts;
  let latest: Snapshot | null = null;
  let making: Promise<Result<Snapshot>> | null = null;
  clear([]);

  return {
    current() {
      if (latest && isGood(latest)) return Promise.resolve({ ok: true, value: latest });
      making ??= make().finally(() => {
        making = null;
      });
      return making;
    },
    close: () => clear([]),
  };

  async function make(): Promise<Result<Snapshot>> {
    const before = latest;
    // somebody may be half through the one before; its predecessor is nobody's any more
    clear(before ? [before.path] : []);
    const made = await parts.make(folder);
    if (made.ok) latest = made.value;
    return made;
  }

  function isGood({ path, at, end }: Snapshot): boolean {
    const age = parts.now() - at;
    return existsSync(path) && age >= 0 && age < DAY_MS && parts.end() - end <= FEW_CHANGES;
  }

  function clear(but: readonly string[]): void {
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (!/^snapshot-.*\.db(\..*|-.*)?$/.test(name) || but.includes(path)) continue;
      try {
        rmSync(path, { force: true });
      } catch {
        // Windows keeps a file that somebody is reading; it goes the next time
      }
    }
  }
}
