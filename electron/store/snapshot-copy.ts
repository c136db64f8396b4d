// Copies the record, and nothing that belongs to one PC alone, from one encrypted file into a new one under another
// key. Rows are put into a file that never held anything else, so there is no deleted remainder to wipe, and a table
// nobody named stays empty: what is new is private until somebody says otherwise.
import { rmSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import { createPrivate, syncFile } from './atomic-file.ts';
import { connect } from './connection.ts';
import { failureOf } from './faults.ts';
import { summedNames } from './state-digest.ts';
import type { AreaModel } from './types.ts';

export interface CopyOrder {
  readonly from: { readonly path: string; readonly key: Uint8Array };
  /** Replaced when it is there. */
  readonly to: { readonly path: string; readonly key: Uint8Array };
  readonly tables: readonly string[];
}

/** The store's own tables that are part of the record or follow from it. */
const travellingTables = [
  'migration',
  'feed',
  'change_log',
  'parked',
  'subject_key',
  'state_digest',
  'blob',
  'blob_chunk',
] as const;
/** Of the store's named values: what its tables were filled by, and the clock, which must not fall back. */
const travellingMeta = "name like 'projection:%' or name in ('clock', 'snapshot')";

export const recordTables = (areas: readonly AreaModel[]): string[] => [
  ...travellingTables,
  ...summedNames(areas),
  ...areas.flatMap((a) => a.alongside ?? []),
];

/** A copy must leave the PC room to work: its saves go to the same disk. */
const ROOM_LEFT_BYTES = 1_000_000_000;

/**
 * Sees one moment of the store, whatever is written meanwhile. Some 20 s per GB on a PC of 2020, in the caller's
 * thread: every page is decrypted, proven and encrypted again. disk_full · file_damaged.
 */
export function copyRecord(order: CopyOrder): Result<{ readonly sizeBytes: number }> {
  const { from, to } = order;
  let sql: Database | null = null;
  try {
    const disk = statfsSync(dirname(to.path));
    if (disk.bavail * disk.bsize < statSync(from.path).size + ROOM_LEFT_BYTES) return fail('disk_full');
    drop(to.path);
    createPrivate(to.path);
    sql = connect(to.path, to.key, { cacheKib: 64_000 });
    // nobody has this file yet: half of it after a cut is thrown away, so no journal and one flush at the end
    sql.unsafeMode(true);
    for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'foreign_keys = OFF'])
      sql.pragma(pragma);
    attach(sql, from);
    sql.exec('begin');
    copyTables(sql, new Set(order.tables));
    sql.exec('commit');
    sql.exec('detach source');
    sql.close();
    syncFile(to.path);
    return ok({ sizeBytes: statSync(to.path).size });
  } catch (error) {
    const failure = failureOf(error);
    sql?.close();
    drop(to.path);
    if (!failure) throw error;
    return failure.code === 'store_damaged' ? fail('file_damaged') : { ok: false, error: failure };
  }
}

function attach(sql: Database, { path, key }: CopyOrder['from']): void {
  const quoted = path.replaceAll("'", "''");
  sql.exec(`attach '${quoted}' as source key "x'${Buffer.from(key).toString('hex')}'"`);
}

/** As VACUUM does it: the schema first, then whole trees, indexes too, in the order of their keys. */
function copyTables(sql: Database, travelling: ReadonlySet<string>): void {
  const schema = sql
    .prepare<[], { type: string; name: string; sql: string }>(
      `select type, name, sql from source.sqlite_master
       where sql is not null and type in ('table', 'index') and name not like 'sqlite\\_%' escape '\\' order by rowid`,
    )
    .all();
  const virtual = schema.filter((s) => /^create virtual table/i.test(s.sql)).map((s) => s.name);
  const ownerOf = (name: string) => virtual.find((v) => name.startsWith(`${v}_`));
  for (const made of schema) if (ownerOf(made.name) === undefined) sql.exec(made.sql);
  for (const { type, name } of schema) {
    if (type !== 'table' || virtual.includes(name)) continue;
    const owner = ownerOf(name);
    if (!travelling.has(owner ?? name)) continue;
    // making a full-text table puts first rows into the tables behind it
    if (owner !== undefined) sql.exec(`delete from main."${name}"`);
    sql.exec(`insert into main."${name}" select * from source."${name}"`);
  }
  sql.exec(`insert into main.store_meta select * from source.store_meta where ${travellingMeta}`);
}

export function drop(path: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(path + end, { force: true });
}
