// Puts a backup copy in the place of the store. The copy is proven first, what it replaces is kept aside,
// and it goes on under a new incarnation, because changes of the old one may be elsewhere already.
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import { kindRegistry } from '../../shared/model/registry.ts';
import { replaceFile, syncFile, syncFolder } from './atomic-file.ts';
import { checkCopy, describeBackup, fileHash, keyringOf, listBackups } from './backup.ts';
import { connect } from './connection.ts';
import { failureOf } from './faults.ts';
import { newLogId } from './identity.ts';
import { keyIdOf, readKeyId } from './key-id.ts';
import { headsOf, leave } from './left-heads.ts';
import { lockStore } from './lock.ts';
import { storeMetaOf } from './meta.ts';
import { forgetOrigin } from './origin.ts';
import type { AreaModel, StoreLog } from './types.ts';

export interface RestoreOptions {
  readonly backup: string;
  /** Where the store is or was; its keyring lies beside it as keyring.json. */
  readonly storePath: string;
  /** From the keyring copied with the backup. */
  readonly key: Uint8Array;
  readonly areas: readonly AreaModel[];
  now?(): number;
  readonly log?: StoreLog;
}

export interface Restored {
  /** Where the replaced store lies now; null when there was none. */
  readonly replaced: string | null;
  readonly incarnation: number;
  readonly changes: number;
}

/** The store must be closed. store_in_use · wrong_key · backup_damaged · disk_full · store_read_only. */
export async function restoreBackup(options: RestoreOptions): Promise<Result<Restored>> {
  const { backup, storePath, key } = options;
  const log: StoreLog = options.log ?? (() => {});
  const fresh = `${storePath}.restoring`;
  let release: (() => void) | null = null;
  try {
    release = lockStore(storePath);
    if (!release) return fail('store_in_use');
    const manifest = describeBackup(backup);
    if (!manifest?.verified || (await fileHash(backup)) !== manifest.sha256) return fail('backup_damaged');
    const ringKey = readKeyId(keyringOf(backup));
    if (ringKey !== null && ringKey !== keyIdOf(key)) return fail('wrong_key');
    const checked = checkCopy(backup, key, kindRegistry(options.areas.flatMap((a) => a.kinds)).find);
    if (!checked.ok) {
      log('error', 'the backup is not sound', { detail: checked.detail ?? '' });
      return fail(ringKey === null ? 'wrong_key' : 'backup_damaged');
    }
    rmSync(fresh, { force: true });
    copyFileSync(backup, fresh);
    const incarnation = startNewIncarnation(fresh, key, (station) => [
      ...listBackups(dirname(backup)).flatMap((c) => (c.station === station ? c.incarnation : [])),
      ...storesAt(storePath).map((path) => incarnationOf(path, key, station)),
    ]);
    syncFile(fresh);
    const replaced = moveAside(storePath, options.now?.() ?? Date.now());
    renameSync(fresh, storePath);
    takeKeyring(backup, storePath);
    syncFolder(dirname(storePath));
    log('warn', 'a backup was restored', { incarnation, changes: checked.checked });
    return ok({ replaced, incarnation, changes: checked.checked });
  } catch (error) {
    rmSync(fresh, { force: true });
    const failure = failureOf(error);
    if (!failure) throw error;
    return { ok: false, error: failure };
  } finally {
    release?.();
  }
}

/**
 * Before the copy takes its place, so that a cut in between cannot leave it with the old one. Above every
 * incarnation of this station that left a trace: in the copy, in later copies beside it, in the store replaced now
 * and those replaced before, because the last of them may be damaged beyond reading.
 */
function startNewIncarnation(
  fresh: string,
  key: Uint8Array,
  elsewhere: (station: string) => readonly number[],
): number {
  const sql = connect(fresh, key, { mustExist: true });
  try {
    const meta = storeMetaOf(sql);
    const station = meta.get('station') ?? '';
    const logged = sql
      .prepare<[string], number | null>('select max(incarnation) from feed where station = ?')
      .pluck()
      .get(station);
    leave(meta, headsOf(sql, station, Number(meta.get('incarnation'))));
    const highest = Math.max(Number(meta.get('incarnation')), logged ?? 0, ...elsewhere(station));
    meta.set('incarnation', String(highest + 1));
    // peers' memory of this log ends here, and the next opening need not find out once more that it is a copy
    meta.set('log_id', newLogId());
    forgetOrigin(meta);
    sql.pragma('wal_checkpoint(TRUNCATE)');
    // leaves one file without a WAL beside it, so that renaming it is the whole of it
    sql.pragma('journal_mode = DELETE');
    return highest + 1;
  } finally {
    sql.close();
  }
}

/** The store's own file and those earlier restores put aside. */
function storesAt(storePath: string): string[] {
  const folder = dirname(storePath);
  const aside = `${basename(storePath)}.replaced-`;
  return [
    storePath,
    ...readdirSync(folder)
      .filter((name) => name.startsWith(aside) && name.endsWith('Z'))
      .map((name) => join(folder, name)),
  ];
}

/** Of a store about to be replaced or replaced before, when it can still be read and is the same station. */
function incarnationOf(storePath: string, key: Uint8Array, station: string): number {
  if (!existsSync(storePath)) return 0;
  try {
    const sql = connect(storePath, key, { mustExist: true });
    try {
      const meta = storeMetaOf(sql);
      return meta.get('station') === station ? Number(meta.get('incarnation')) : 0;
    } finally {
      sql.close();
    }
  } catch {
    return 0;
  }
}

function moveAside(storePath: string, at: number): string | null {
  if (!existsSync(storePath)) return null;
  const aside = `${storePath}.replaced-${new Date(at).toISOString().replaceAll(/[:.]/g, '-')}`;
  for (const end of ['-wal', '-shm'])
    if (existsSync(storePath + end)) renameSync(storePath + end, aside + end);
  renameSync(storePath, aside);
  return aside;
}

/**
 * The keyring of that moment comes back as well: what a password is checked against lies in the record and went
 * back with it, so today's keyring would let nobody in whose password changed since.
 */
function takeKeyring(backup: string, storePath: string): void {
  const travelled = keyringOf(backup);
  const here = join(dirname(storePath), 'keyring.json');
  if (!existsSync(travelled)) return;
  if (existsSync(here)) copyFileSync(here, `${here}.replaced`);
  replaceFile(here, readFileSync(travelled, 'utf8'));
}
