// One encrypted SQLite connection, set up the only way this program ever opens a store.
import Database from 'better-sqlite3';
import { createPrivate } from './atomic-file.ts';
import { timeQueries } from './slow-queries.ts';
import type { StoreLog } from './types.ts';

export interface ConnectionOptions {
  readonly readonly?: boolean;
  readonly mustExist?: boolean;
  /** Page cache; default CACHE_KIB. */
  readonly cacheKib?: number;
  /**
   * WAL pages after which a save itself writes them back to the file, a stall on a slow disk. Default 1000;
   * a program whose upkeep thread does it leaves room here, so that saves never come to it.
   */
  readonly checkpointPages?: number;
  readonly log?: StoreLog;
}

/**
 * Opens the file with a raw 32-byte key. Touches the first page, so a wrong key or a damaged head throws
 * here (SQLITE_NOTADB) and not in the middle of somebody's work.
 */
export function connect(path: string, key: Uint8Array, options: ConnectionOptions = {}): Database.Database {
  if (key.length !== 32) throw new RangeError('the store key has 32 bytes');
  if (!options.readonly && !options.mustExist) createPrivate(path);
  const sql = new Database(path, {
    readonly: options.readonly ?? false,
    fileMustExist: options.mustExist ?? false,
    timeout: 5000,
  });
  try {
    sql.pragma("cipher = 'sqlcipher'");
    // SQLCipher 4 layout, so the file opens in other tools too; the raw key skips PBKDF2
    sql.pragma('legacy = 4');
    sql.pragma(`key = "x'${Buffer.from(key).toString('hex')}'"`);
    sql.prepare('select count(*) from sqlite_master').get();
    for (const pragma of options.readonly ? shared : [...shared, ...writing]) sql.pragma(pragma);
    sql.pragma(`cache_size = -${options.cacheKib ?? CACHE_KIB}`);
    if (!options.readonly) sql.pragma(`wal_autocheckpoint = ${options.checkpointPages ?? 1000}`);
    if (options.log) timeQueries(sql, options.log);
    return sql;
  } catch (error) {
    sql.close();
    throw error;
  }
}

/**
 * For work that touches the whole store: pages that do not fit are written out and read back in the middle of the
 * transaction, each decrypted and checked again.
 */
export function withLargeCache<T>(sql: Database.Database, work: () => T): T {
  const before = Number(sql.pragma('cache_size', { simple: true }));
  sql.pragma(`cache_size = -${LARGE_CACHE_KIB}`);
  try {
    return work();
  } finally {
    sql.pragma(`cache_size = ${before}`);
  }
}

/** 48 MB. Taking in lets a WAL that got so long be written back to its end, upon which it begins anew. */
export const LONG_WAL_PAGES = 12_000;
/** 64 MB of WAL: only a thread that died, or one long read during heavy writing, lets it grow so far. */
export const SPARE_WAL_PAGES = 16_000;

const CACHE_KIB = 32_000;
const LARGE_CACHE_KIB = 192_000;

const shared = [
  // temporary tables and sorts would be written unencrypted
  'temp_store = MEMORY',
  'foreign_keys = ON',
  'trusted_schema = OFF',
  'cell_size_check = ON',
];
const writing = [
  'journal_mode = WAL',
  // a save that was confirmed survives the plug being pulled
  'synchronous = FULL',
  'journal_size_limit = 67108864',
];
