// Work on a store that nobody is logged in to: refilling its tables, putting a backup in its place.
// Beside core.ts because it, too, brings keyring, store and rooms together; used by the command line only.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result } from '../shared/api/contract.ts';
import { rebuildSearchIndex } from './clinic/patients/index.ts';
import { allModels } from './core.ts';
import { keyringOf } from './store/backup.ts';
import { unwrapByPassword, unwrapByRecovery } from './store/keyring.ts';
import { openStore } from './store/open.ts';
import { restoreBackup } from './store/restore.ts';
import type { Log } from './store/room.ts';

/** What opens a store: a person's password on this PC, or the printed key. */
export type Unlock =
  | { readonly username: string; readonly password: string }
  | { readonly recoveryKey: string };

export interface Maintenance {
  readonly dataDir: string;
  readonly appVersion: string;
  readonly log: Log;
  readonly unlock: Unlock;
}

export async function rebuildStore(work: Maintenance): Promise<Result<{ readonly changes: number }>> {
  const { dataDir, appVersion, log } = work;
  const unlocked = await keyFrom(join(dataDir, 'keyring.json'), work.unlock);
  if (!unlocked.ok) return unlocked;
  const opened = openStore({
    path: recordIn(dataDir),
    key: unlocked.value.key,
    areas: allModels,
    appVersion,
    log,
  });
  if (!opened.ok) return opened;
  try {
    // read while the tables are refilled, so it must be sound before
    opened.value.local(rebuildSearchIndex);
    return opened.value.rebuild();
  } finally {
    opened.value.close();
  }
}

export interface Restored {
  /** Where the store that was replaced lies now; null when there was none. */
  readonly kept: string | null;
  readonly changes: number;
}

/** The password is one that was valid when the backup was made: its keyring travels with it. */
export async function restoreStore(
  work: Maintenance & { readonly backup: string },
): Promise<Result<Restored>> {
  const { dataDir, backup, log } = work;
  const travelled = keyringOf(backup);
  const unlocked = await keyFrom(
    existsSync(travelled) ? travelled : join(dataDir, 'keyring.json'),
    work.unlock,
  );
  if (!unlocked.ok) return unlocked;
  const restored = await restoreBackup({
    backup,
    storePath: recordIn(dataDir),
    key: unlocked.value.key,
    areas: allModels,
    log,
  });
  return restored.ok ? ok({ kept: restored.value.replaced, changes: restored.value.changes }) : restored;
}

const recordIn = (dataDir: string): string => join(dataDir, 'record.db');

async function keyFrom(keyring: string, unlock: Unlock): Promise<Result<{ readonly key: Buffer }>> {
  return 'recoveryKey' in unlock
    ? unwrapByRecovery(keyring, unlock.recoveryKey)
    : unwrapByPassword(keyring, unlock.username, unlock.password);
}

export { isSearchIndexFault } from './clinic/patients/index.ts';
