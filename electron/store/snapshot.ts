// The record as one file for a new PC: made by a hub under a key of its own, and made into that PC's store under
// that PC's own key and name. Neither side's private rows are ever in the file between them.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import { syncFolder } from './atomic-file.ts';
import { fileHash } from './backup.ts';
import { connect } from './connection.ts';
import { randomKey } from './crypto.ts';
import { failureOf } from './faults.ts';
import { newLogId } from './identity.ts';
import { storeMetaOf } from './meta.ts';
import { type CopyOrder, copyRecord, drop } from './snapshot-copy.ts';
import type { StoreLog } from './types.ts';

const Origin = z.object({
  /** 32 hex digits: the hub that made it. */
  station: z.string().regex(/^[0-9a-f]{32}$/),
  /** The hub's log, 16 hex digits, and the number of its last commit in the snapshot: where to go on with it. */
  logId: z.string().regex(/^[0-9a-f]{16}$/),
  end: z.number().int().nonnegative(),
  /** The hub's clock, ms since 1970 UTC. */
  at: z.number().int(),
});
export type SnapshotOrigin = z.output<typeof Origin>;

export interface Snapshot extends SnapshotOrigin {
  readonly path: string;
  /** 32 bytes; kept in memory only, so a snapshot dies with the program that made it. */
  readonly key: Uint8Array;
  readonly sizeBytes: number;
  /** Of the file. */
  readonly sha256: string;
}

export interface SnapshotOrder {
  readonly folder: string;
  readonly store: CopyOrder['from'];
  readonly tables: readonly string[];
  readonly origin: Omit<SnapshotOrigin, 'end'>;
}

/** In the caller's thread, and long; see copyRecord. disk_full · file_damaged (the store itself). */
export async function makeSnapshot(order: SnapshotOrder): Promise<Result<Snapshot>> {
  const key = randomKey();
  const path = join(order.folder, `snapshot-${randomUUID()}.db`);
  const part = `${path}.part`;
  try {
    mkdirSync(order.folder, { recursive: true, mode: 0o700 });
    const copied = copyRecord({ from: order.store, to: { path: part, key }, tables: order.tables });
    if (!copied.ok) return copied;
    const origin = writeOrigin(part, key, order.origin);
    const sha256 = await fileHash(part);
    renameSync(part, path);
    syncFolder(order.folder);
    return ok({ ...origin, path, key, sizeBytes: copied.value.sizeBytes, sha256 });
  } catch (error) {
    const failure = failureOf(error);
    drop(part);
    if (!failure) throw error;
    return { ok: false, error: failure };
  }
}

/** Where the copy ends is read from the copy: the store may have grown while it was made. */
function writeOrigin(path: string, key: Uint8Array, known: SnapshotOrder['origin']): SnapshotOrigin {
  const sql = connect(path, key, { mustExist: true });
  try {
    const end =
      sql.prepare<[], number>('select coalesce(max(arrival), 0) from change_log').pluck().get() ?? 0;
    const origin = { ...known, end };
    storeMetaOf(sql).set('snapshot', JSON.stringify(origin));
    // one file without a WAL beside it
    sql.pragma('journal_mode = DELETE');
    return origin;
  } finally {
    sql.close();
  }
}

export interface AdoptOrder {
  readonly snapshot: { readonly path: string; readonly key: Uint8Array };
  /** Must not be there yet. */
  readonly storePath: string;
  /** The new PC's own key, which the hub never knew. */
  readonly storeKey: Uint8Array;
  /** 32 hex digits */
  readonly station: string;
  readonly tables: readonly string[];
}

/**
 * Makes a snapshot this PC's store: under its key and name, incarnation 1, with a log id of its own. Every page of
 * the snapshot is proven on the way and SQLite checks the new file, so that what cannot be used is found now; nothing
 * is left behind then. In the caller's thread, and long. file_damaged · disk_full · already_set_up.
 */
export function adoptSnapshot(order: AdoptOrder, log: StoreLog = () => {}): Result<SnapshotOrigin> {
  const { snapshot, storePath, storeKey } = order;
  const part = `${storePath}.adopting`;
  if (existsSync(storePath)) return fail('already_set_up');
  try {
    const to = { path: part, key: storeKey };
    const copied = copyRecord({ from: snapshot, to, tables: order.tables });
    if (!copied.ok) return copied;
    const origin = settleIn(part, storeKey, order.station);
    if ('problem' in origin) {
      log('error', 'the snapshot cannot be used', { problem: origin.problem });
      drop(part);
      return fail('file_damaged');
    }
    renameSync(part, storePath);
    rmSync(snapshot.path, { force: true });
    return ok(origin);
  } catch (error) {
    const failure = failureOf(error);
    drop(part);
    if (!failure) throw error;
    return failure.code === 'disk_full' ? { ok: false, error: failure } : fail('file_damaged');
  }
}

function settleIn(path: string, key: Uint8Array, station: string): SnapshotOrigin | { problem: string } {
  const sql = connect(path, key, { mustExist: true });
  try {
    const meta = storeMetaOf(sql);
    const told = Origin.safeParse(JSON.parse(meta.get('snapshot') ?? 'null'));
    if (!told.success) return { problem: 'it does not say where it comes from' };
    const pages = sql.pragma('quick_check(1)', { simple: true });
    if (pages !== 'ok') return { problem: String(pages) };
    const headless = sql
      .prepare<[], number>(
        `select count(*) from feed f where f.seq > 0 and not exists
         (select 1 from change_log l where l.feed = f.id and l.seq = f.seq and l.hash = f.head)`,
      )
      .pluck()
      .get();
    if (headless !== 0) return { problem: `${headless} feeds end elsewhere than they say` };
    const isOwn = sql.prepare('select 1 from feed where station = ? and seq > 0').get(station);
    // a PC that had a store before goes on above what it wrote then
    const incarnation = isOwn ? highest(sql, station) + 1 : 1;
    sql.transaction(() => {
      meta.set('station', station);
      meta.set('incarnation', String(incarnation));
      meta.set('log_id', newLogId());
      sql.prepare("delete from store_meta where name = 'snapshot'").run();
    })();
    sql.pragma('wal_checkpoint(TRUNCATE)');
    sql.pragma('journal_mode = DELETE');
    return told.data;
  } finally {
    sql.close();
  }
}

const highest = (sql: ReturnType<typeof connect>, station: string): number =>
  sql.prepare<[string], number>('select max(incarnation) from feed where station = ?').pluck().get(station) ??
  0;
