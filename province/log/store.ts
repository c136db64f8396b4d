// A center's log as the protocol sees it, on PostgreSQL or PGlite. Keeps nothing in memory, so any number of
// processes may serve the same center at once.
import type { Lane } from '../../shared/model/change.ts';
import {
  type ChangeStore,
  type FeedName,
  feedKey,
  type Head,
  type Limit,
  type Run,
  type Slice,
  type Taken,
} from '../../shared/sync/port.ts';
import { bytesOf, hexOf } from '../bytes.ts';
import type { Database, Row, Sql } from '../database/types.ts';
import { pinFromLog } from '../trust/pins.ts';
import { append, readRuns } from './append.ts';
import { feedsOf } from './feeds.ts';
import { noteLateWork } from './late-work.ts';

export interface StoreParts {
  readonly db: Database;
  readonly center: number;
  now(): number;
  /** After a commit that made the log longer. */
  grew(end: number): void;
  /** After a commit, when it did not simply go in. */
  took(taken: Taken, via: string): void;
  /** After a commit that named or revoked stations. */
  trustChanged(): void;
  /** One at a time in this process: those who wait for the center's lock must not take up all connections. */
  inLine<T>(work: () => Promise<T>): Promise<T>;
}

export function changeStoreOf(parts: StoreParts): ChangeStore {
  const { db, center } = parts;
  return {
    async logId() {
      const [row] = await db.query<{ log_id: Uint8Array }>('select log_id from center where number = $1', [
        center,
      ]);
      if (!row) throw new Error(`no center ${center}`);
      return hexOf(row.log_id);
    },
    async heads() {
      return (await feedsOf(db, center))
        .filter((feed) => feed.seq > 0)
        .map(({ id: _id, ...head }): Head => head);
    },
    hashesAt: (feed, seqs) => hashesAt(db, center, feed, seqs),
    stored: (feed, seq) => storedAt(db, center, feed, seq),
    since: (lane, cursor, limit, notFor) => since(db, center, lane, cursor, limit, notFor),
    beyond: (lane, positions, limit) => beyond(db, center, lane, positions, limit),
    end: () => endOf(db, center),
    async take(runs, via) {
      const read = readRuns(runs);
      const appended = await parts.inLine(() =>
        db.transaction(async (tx) => {
          const one = await append(tx, center, read, via, parts.now());
          await noteLateWork(tx, center, one.added, via, parts.now());
          return { one, pinned: await pinFromLog(tx, center, one.added, parts.now()) };
        }),
      );
      const { end, added: _added, ...taken } = appended.one;
      if (taken.accepted > 0) parts.grew(end);
      if (appended.pinned) parts.trustChanged();
      parts.took(taken, via);
      return taken;
    },
  };
}

export async function endOf(sql: Sql, center: number): Promise<number> {
  const [row] = await sql.query<{ last_no: number }>('select last_no from center where number = $1', [
    center,
  ]);
  if (!row) throw new Error(`no center ${center}`);
  return row.last_no;
}

export async function hashesAt(
  sql: Sql,
  center: number,
  feed: FeedName,
  seqs: readonly number[],
): Promise<(string | null)[]> {
  const rows = await sql.query<{ seq: number; hash: Uint8Array }>(
    `select c.seq, c.hash from feed f join change_log c on c.center = $1 and c.feed = f.id and c.seq = any ($5::int8[])
     where f.center = $1 and f.station = $2 and f.incarnation = $3 and f.lane = $4`,
    [center, bytesOf(feed.station), feed.incarnation, feed.lane, seqs],
  );
  const hashes = new Map(rows.map((row) => [row.seq, hexOf(row.hash)]));
  return seqs.map((seq) => hashes.get(seq) ?? null);
}

export async function storedAt(
  sql: Sql,
  center: number,
  feed: FeedName,
  seq: number,
): Promise<Uint8Array | null> {
  const [row] = await sql.query<{ stored: Uint8Array }>(
    `select c.stored from feed f join change_log c on c.center = $1 and c.feed = f.id and c.seq = $5
     where f.center = $1 and f.station = $2 and f.incarnation = $3 and f.lane = $4`,
    [center, bytesOf(feed.station), feed.incarnation, feed.lane, seq],
  );
  return row?.stored ?? null;
}

interface LogRow extends Row {
  readonly log_no: number;
  readonly seq: number;
  readonly stored: Uint8Array;
  readonly station: Uint8Array;
  readonly incarnation: number;
  /** What stood before all this, for the feed's first row only. */
  readonly before: Uint8Array | null;
}

/**
 * Rows of a lane from a place on, until the limit is full. `wanted` is a condition on c (change_log) and f (feed).
 * Within an answer a feed's rows stand together, so that a run is long; its order is never changed.
 */
const rowsFrom = (wanted: string, bytes: string, extra = ''): string => `
  with picked as (
    select p.* from (
      select c.log_no, c.feed, c.seq, c.stored, f.station, f.incarnation,
        sum(octet_length(c.stored)) over (order by c.log_no rows unbounded preceding)
          - octet_length(c.stored) as ahead_of_it
      from change_log c join feed f on f.center = $1 and f.id = c.feed ${extra}
      where c.center = $1 and c.lane = $2 and c.log_no > $3 and c.log_no <= $4 and ${wanted}
      order by c.log_no limit $5 + 1) p
    where p.ahead_of_it <= ${bytes} order by p.log_no)
  select p.log_no, p.seq, p.stored, p.station, p.incarnation, p.ahead_of_it::int8,
    case when p.seq > 1 and p.prev is distinct from p.seq - 1
      then (select b.stored from change_log b where b.center = $1 and b.feed = p.feed and b.seq = p.seq - 1)
    end as before
  from (select *, lag(seq) over (partition by feed order by log_no) as prev from picked) p order by p.log_no`;

const sinceSql = rowsFrom(`($6::bytea is null or (c.via is distinct from $6 and f.station <> $6))`, '$7');
const beyondSql = rowsFrom(
  `c.seq > coalesce(n.seq, 0)`,
  '$8',
  `left join unnest($6::int8[], $7::int8[]) n (feed, seq) on n.feed = c.feed`,
);

async function since(
  sql: Sql,
  center: number,
  lane: Lane,
  cursor: number,
  limit: Limit,
  notFor: string | null,
): Promise<Slice> {
  // asked for first: whatever is committed up to here is seen by every later statement
  const end = await endOf(sql, center);
  if (cursor >= end) return { runs: [], cursor, more: false };
  const rows = await sql.query<LogRow & { ahead_of_it: number }>(sinceSql, [
    center,
    lane,
    cursor,
    end,
    limit.changes,
    notFor === null ? null : bytesOf(notFor),
    limit.bytes,
  ]);
  const { taken, more } = within(rows, limit);
  return { runs: runsOf(taken, lane), cursor: more ? (taken.at(-1)?.log_no ?? cursor) : end, more };
}

async function beyond(
  sql: Sql,
  center: number,
  lane: Lane,
  positions: ReadonlyMap<string, number>,
  limit: Limit,
): Promise<Slice> {
  const end = await endOf(sql, center);
  const feeds = (await feedsOf(sql, center)).filter((feed) => feed.lane === lane);
  const held = feeds.map((feed) => Math.min(positions.get(feedKey(feed)) ?? 0, feed.seq));
  const behind = feeds.filter((feed, i) => feed.seq > (held[i] ?? 0));
  if (behind.length === 0) return { runs: [], cursor: 0, more: false };
  // the log is read from the first change that is missing on; all before it is held
  const [first] = await sql.query<{ log_no: number }>(
    `select min(c.log_no) as log_no from unnest($2::int8[], $3::int8[]) n (feed, seq)
     join change_log c on c.center = $1 and c.feed = n.feed and c.seq = n.seq`,
    [
      center,
      behind.map((feed) => feed.id),
      behind.map((feed) => Math.min(positions.get(feedKey(feed)) ?? 0, feed.seq) + 1),
    ],
  );
  if (!first) return { runs: [], cursor: 0, more: false };
  const rows = await sql.query<LogRow & { ahead_of_it: number }>(beyondSql, [
    center,
    lane,
    first.log_no - 1,
    end,
    limit.changes,
    feeds.map((feed) => feed.id),
    held,
    limit.bytes,
  ]);
  const { taken, more } = within(rows, limit);
  return { runs: runsOf(taken, lane), cursor: 0, more };
}

/** At least one row, however long it is. */
function within<R extends { readonly ahead_of_it: number; readonly stored: Uint8Array }>(
  rows: readonly R[],
  limit: Limit,
): { taken: readonly R[]; more: boolean } {
  const count = rows.findIndex(
    (row, i) => i > 0 && (i >= limit.changes || row.ahead_of_it + row.stored.length > limit.bytes),
  );
  return count === -1 ? { taken: rows, more: false } : { taken: rows.slice(0, count), more: true };
}

function runsOf(rows: readonly LogRow[], lane: Lane): Run[] {
  interface Open {
    readonly feed: FeedName;
    readonly firstSeq: number;
    readonly stored: Uint8Array[];
    readonly before: Uint8Array | null;
  }
  const runs: Open[] = [];
  const last = new Map<string, Open>();
  for (const row of rows) {
    const feed: FeedName = { station: hexOf(row.station), incarnation: row.incarnation, lane };
    const key = feedKey(feed);
    const open = last.get(key);
    if (open && row.seq === open.firstSeq + open.stored.length) {
      open.stored.push(row.stored);
      continue;
    }
    const run: Open = { feed, firstSeq: row.seq, stored: [row.stored], before: row.before };
    runs.push(run);
    last.set(key, run);
  }
  return runs;
}
