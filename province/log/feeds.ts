// Feeds of a center as the database holds them.
import type { Lane } from '../../shared/model/change.ts';
import { type FeedName, feedKey, type Head } from '../../shared/sync/port.ts';
import { bytesOf, hexOf } from '../bytes.ts';
import type { Row, Sql } from '../database/types.ts';

export interface Feed extends Head {
  readonly id: number;
}

interface FeedRow extends Row {
  readonly id: number;
  readonly station: Uint8Array;
  readonly incarnation: number;
  readonly lane: number;
  readonly seq: number;
  readonly hash: Uint8Array;
}

export async function feedsOf(sql: Sql, center: number): Promise<Feed[]> {
  const rows = await sql.query<FeedRow>(
    'select id, station, incarnation, lane, seq, hash from feed where center = $1',
    [center],
  );
  return rows.map(feedOf);
}

/** By feedKey; what is not held is left out. */
export async function feedsNamed(
  sql: Sql,
  center: number,
  names: readonly FeedName[],
): Promise<Map<string, Feed>> {
  const distinct = [...new Map(names.map((name) => [feedKey(name), name])).values()];
  const rows = await sql.query<FeedRow>(
    `select f.id, f.station, f.incarnation, f.lane, f.seq, f.hash
     from unnest($2::text[], $3::int4[], $4::int4[]) n (station, incarnation, lane)
     join feed f on f.center = $1 and f.station = decode(n.station, 'hex')
       and f.incarnation = n.incarnation and f.lane = n.lane`,
    [center, distinct.map((n) => n.station), distinct.map((n) => n.incarnation), distinct.map((n) => n.lane)],
  );
  return new Map(rows.map((row) => [feedKey(feedOf(row)), feedOf(row)]));
}

/** Under the center's lock. */
export async function newFeed(sql: Sql, center: number, name: FeedName, hash: Uint8Array): Promise<number> {
  const [row] = await sql.query<{ id: number }>(
    `insert into feed (center, station, incarnation, lane, seq, hash) values ($1, $2, $3, $4, 0, $5) returning id`,
    [center, bytesOf(name.station), name.incarnation, name.lane, hash],
  );
  if (!row) throw new Error('a feed was not made');
  return row.id;
}

export function laneOf(lane: number): Lane {
  if (lane !== 0 && lane !== 1 && lane !== 2) throw new TypeError(`lane ${lane}`);
  return lane;
}

const feedOf = (row: FeedRow): Feed => ({
  id: row.id,
  station: hexOf(row.station),
  incarnation: row.incarnation,
  lane: laneOf(row.lane),
  seq: row.seq,
  hash: hexOf(row.hash),
});
