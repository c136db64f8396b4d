// Opens or creates a store. Every way this can fail has its own code, and no way overwrites a file.
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { uptime } from 'node:os';
import { dirname, join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { migrations } from '../../drizzle/client.gen.ts';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import { createPrivate, makePrivate } from './atomic-file.ts';
import { connect, SPARE_WAL_PAGES } from './connection.ts';
import { randomKey } from './crypto.ts';
import { failureOf } from './faults.ts';
import { keyIdOf, readKeyId } from './key-id.ts';
import { lockStore } from './lock.ts';
import { type Migration, migrate } from './migrate.ts';
import { machineId } from './origin.ts';
import { assembleStore } from './store.ts';
import type { AreaModel, OpenStore, StoreLog } from './types.ts';

export interface OpenOptions {
  readonly path: string;
  /** Raw 32-byte database key, from the keyring. */
  readonly key: Uint8Array;
  readonly areas: readonly AreaModel[];
  /** True: there must be no file yet. Default: there must be one. */
  readonly create?: boolean;
  /** Identity for a new store, 32 hex digits; random when left out. Ignored for an existing one. */
  readonly station?: { readonly id: string; readonly incarnation?: number };
  readonly appVersion?: string;
  /** What names this machine; default: what the system says. Null: nothing does. */
  readonly machineId?: string | null;
  now?(): number;
  /** ms, counts through sleep and cannot be set by hand. */
  uptimeMs?(): number;
  readonly log?: StoreLog;
  /** True: an upkeep thread writes the WAL back, so saves need not; see connection.ts. */
  readonly writtenBackElsewhere?: boolean;
  /** For tests of the runner. */
  readonly migrations?: readonly Migration[];
}

/**
 * store_missing · already_set_up (create over a file) · store_in_use · wrong_key · store_damaged ·
 * store_newer · store_mismatch · store_read_only · disk_full.
 */
export function openStore(options: OpenOptions): Result<OpenStore> {
  const { path, create = false } = options;
  const log: StoreLog = options.log ?? (() => {});
  if (create && existsSync(path)) return fail('already_set_up');
  if (!create && !existsSync(path)) return fail('store_missing');
  let release: (() => void) | null = null;
  let sql: Database | null = null;
  let ownFile = false;
  const giveUp = <T>(answer: T): T => {
    sql?.close();
    // begun here a moment ago and not finished: it holds nothing and would be in the way of the next try
    if (ownFile) for (const end of ['', '-wal', '-shm', '-journal']) rmSync(path + end, { force: true });
    release?.();
    return answer;
  };
  try {
    if (create) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    release = lockStore(path);
    if (!release) return fail('store_in_use');
    // another program may have been quicker
    if (create && existsSync(path)) return giveUp(fail('already_set_up'));
    ownFile = create;
    const opened = openFile(options, log);
    if (!opened.ok) return giveUp(opened);
    sql = opened.value;
    for (const end of ['', '-wal', '-shm']) if (existsSync(path + end)) makePrivate(path + end);
    const migrated = migrate(sql, options.migrations ?? migrations, () => copyAside(opened.value, path, log));
    if (!migrated.ok) return giveUp(migrated);
    if (migrated.value.length > 0)
      log('info', 'schema brought up to date', { migrations: migrated.value.length });
    return ok(
      assembleStore({
        sql,
        path,
        key: options.key,
        areas: options.areas,
        station: options.station ?? { id: randomKey(16).toString('hex') },
        app: options.appVersion ?? '0',
        machineId: options.machineId === undefined ? machineId() : options.machineId,
        now: options.now ?? Date.now,
        uptimeMs: options.uptimeMs ?? (() => uptime() * 1000),
        log,
        schema: (options.migrations ?? migrations).at(-1)?.tag ?? '',
        release,
      }),
    );
  } catch (error) {
    const failure = failureOf(error);
    giveUp(null);
    if (!failure) throw error;
    log('error', 'the store did not open', { code: failure.code });
    return { ok: false, error: failure };
  }
}

/** SQLCipher 4's page size; a whole file is a multiple of it. */
const PAGE_BYTES = 4096;

function openFile(options: OpenOptions, log: StoreLog): Result<Database> {
  const { path, key, create = false } = options;
  const checkpointPages = options.writtenBackElsewhere ? SPARE_WAL_PAGES : undefined;
  // SQLite takes an empty file for a new database; here it is a store whose content is gone
  if (!create && statSync(path).size === 0) return fail('store_damaged');
  try {
    const sql = connect(path, key, { mustExist: !create, log, checkpointPages });
    return ok(sql);
  } catch (error) {
    const failure = failureOf(error);
    if (failure?.code !== 'store_damaged') throw error;
    const page1 = error instanceof SqliteDatabase.SqliteError && error.code === 'SQLITE_NOTADB';
    if (!page1 || statSync(path).size % PAGE_BYTES !== 0) return fail('store_damaged');
    // SQLite says "not a database" to a wrong key and to a damaged first page; the keyring beside the
    // store knows its key's id
    const expected = readKeyId(join(dirname(path), 'keyring.json'));
    const isOurs = expected !== null && expected === keyIdOf(key);
    return fail(isOurs ? 'store_damaged' : 'wrong_key');
  }
}

/** One copy before each schema change, so that a bad update can be taken back. */
function copyAside(sql: Database, path: string, log: StoreLog): void {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const copy = `${path}.before-${stamp}`;
  createPrivate(copy);
  sql.prepare('vacuum into ?').run(copy);
  log('info', 'copy made before the schema changes', {});
}
