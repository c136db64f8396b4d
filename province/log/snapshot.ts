// A center's whole log as one file of CHANGES frames, for the first seed of a new station: made when asked for and
// kept a day, so that a station on a weak line can fetch it piece by piece from any process, also after a cut. What
// came in since is an ordinary session's work.
import { createHash } from 'node:crypto';
import { joinFrames } from '../../shared/sync/exchange.ts';
import { createFrames } from '../../shared/sync/frames.ts';
import type { ChangeStore } from '../../shared/sync/port.ts';
import { bytesOf, hexOf } from '../bytes.ts';
import type { Database, Row } from '../database/types.ts';
import { sha256Of, zstd } from '../doors/line.ts';

export interface Snapshot {
  readonly id: number;
  /** 64 hex digits */
  readonly hash: string;
  readonly size: number;
  readonly cursor: number;
  readonly logId: string;
}

export const PART_BYTES = 1024 * 1024;
const freshMs = 24 * 3_600_000;
/** The two newest stay: somebody may be in the middle of the older one. */
const kept = 2;
const limit = { changes: 8_192, bytes: 4 * 1024 * 1024 };
/** As on a medium line: the highest level would take minutes for what is fetched once or twice a year. */
const rate = 500_000;

interface SnapshotRow extends Row {
  readonly id: number;
  readonly hash: Uint8Array;
  readonly size: number;
  readonly cursor: number;
  readonly log_id: Uint8Array;
}

export async function snapshotNamed(db: Database, center: number, hash: string): Promise<Snapshot | null> {
  const [row] = await db.query<SnapshotRow>(
    'select id, hash, size, cursor, log_id from snapshot where center = $1 and hash = $2 order by id desc limit 1',
    [center, bytesOf(hash)],
  );
  return row ? named(row) : null;
}

const making = new WeakMap<Database, Map<number, Promise<Snapshot>>>();

/** A day old at most, of the log as it is called now. */
export async function freshSnapshot(
  db: Database,
  store: ChangeStore,
  center: number,
  now: number,
): Promise<Snapshot> {
  const [row] = await db.query<SnapshotRow>(
    `select id, hash, size, cursor, log_id from snapshot
     where center = $1 and hash is not null and made_at > $2 and log_id = $3 order by id desc limit 1`,
    [center, now - freshMs, bytesOf(await store.logId())],
  );
  if (row) return named(row);
  const here = making.get(db) ?? new Map<number, Promise<Snapshot>>();
  making.set(db, here);
  const underWay = here.get(center) ?? make(db, store, center, now).finally(() => here.delete(center));
  here.set(center, underWay);
  return await underWay;
}

async function make(db: Database, store: ChangeStore, center: number, now: number): Promise<Snapshot> {
  const [logId, end] = [await store.logId(), await store.end()];
  const [begun] = await db.query<{ id: number }>(
    'insert into snapshot (center, log_id, cursor, made_at) values ($1, $2, $3, $4) returning id',
    [center, bytesOf(logId), end, now],
  );
  if (!begun) throw new Error('a snapshot was not begun');
  const hash = createHash('sha256');
  let size = 0;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let no = 0;
  const write = async (everything: boolean): Promise<void> => {
    let all = Buffer.concat(waiting);
    while (all.length >= PART_BYTES || (everything && all.length > 0)) {
      await db.query('insert into snapshot_part (snapshot, no, bytes) values ($1, $2, $3)', [
        begun.id,
        no,
        all.subarray(0, PART_BYTES),
      ]);
      no += 1;
      all = all.subarray(PART_BYTES);
    }
    waiting = [all];
    waitingBytes = all.length;
  };
  const frames = createFrames({ codec: zstd, dictionary: null, sha256: sha256Of });
  for (const lane of [0, 1, 2] as const) {
    for (let cursor = 0, more = true; more && cursor < end; ) {
      const slice = await store.since(lane, cursor, limit, null);
      const packed = await frames.pack(lane, slice, rate);
      if (packed) {
        const piece = joinFrames([packed.frame]);
        hash.update(piece);
        size += piece.length;
        waiting.push(Buffer.from(piece));
        waitingBytes += piece.length;
        if (waitingBytes >= PART_BYTES) await write(false);
      }
      ({ cursor, more } = slice);
    }
  }
  await write(true);
  const digest = hash.digest();
  await db.transaction(async (tx) => {
    await tx.query('update snapshot set hash = $2, size = $3 where id = $1', [begun.id, digest, size]);
    const old = await tx.query<{ id: number }>(
      `select id from snapshot where center = $1 and id < $2 and (hash is not null or made_at < $3)
       order by id desc offset $4`,
      [center, begun.id, now - freshMs, kept - 1],
    );
    const ids = old.map((row) => row.id);
    await tx.query('delete from snapshot_part where snapshot = any ($1::int8[])', [ids]);
    await tx.query('delete from snapshot where id = any ($1::int8[])', [ids]);
  });
  return { id: begun.id, hash: digest.toString('hex'), size, cursor: end, logId };
}

/** Bytes `from` ≤ … < `to` of the file, a part at a time. */
export async function* piecesOf(
  db: Database,
  snapshot: Snapshot,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array> {
  for (let no = Math.floor(from / PART_BYTES); no * PART_BYTES < to; no++) {
    const [row] = await db.query<{ bytes: Uint8Array }>(
      'select bytes from snapshot_part where snapshot = $1 and no = $2',
      [snapshot.id, no],
    );
    if (!row) return;
    const start = no * PART_BYTES;
    yield row.bytes.subarray(Math.max(0, from - start), Math.min(row.bytes.length, to - start));
  }
}

const named = (row: SnapshotRow): Snapshot => ({
  id: row.id,
  hash: hexOf(row.hash),
  size: row.size,
  cursor: row.cursor,
  logId: hexOf(row.log_id),
});
