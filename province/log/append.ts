// Puts a frame's changes into a center's log, in one transaction. The lock on the center's row makes all processes
// of the province one serial appender per center: numbers are given in the order in which commits become visible,
// so a reader that goes by number can never pass over a row (a sequence would hand out numbers before the commit).

import { feedKey, type Run, type Taken } from '../../shared/sync/port.ts';
import { hlcMs } from '../../shared/time/hlc.ts';
import { bytesOf, hexOf, zeroHash } from '../bytes.ts';
import type { Sql } from '../database/types.ts';
import { type Feed, feedsNamed, newFeed } from './feeds.ts';
import { type Aside, judgeRuns, type Placed } from './judge-runs.ts';
import { type ReadChange, type ReadRun, readRun } from './read.ts';

/** As on the stations: beyond this a clock is counted as wrong, its changes are taken all the same. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

export interface Appended extends Taken {
  readonly end: number;
  /** What was new, in the order of the log. */
  readonly added: readonly ReadChange[];
}

/** Reading costs no lock, so it is done before the transaction. */
export const readRuns = (runs: readonly Run[]): ReadRun[] => runs.map(readRun);

/** `via` is null for what the province writes itself. */
export async function append(
  tx: Sql,
  center: number,
  runs: readonly ReadRun[],
  via: string | null,
  now: number,
): Promise<Appended> {
  const { lastNo, lastHlc } = await lockCenter(tx, center);
  const feeds = await feedsNamed(
    tx,
    center,
    runs.map((run) => run.feed),
  );
  const known = await hashesOfRuns(tx, center, runs, feeds);

  const { added, refused, aside, heads, duplicates } = judgeRuns(
    runs,
    (key) => feeds.get(key),
    (key, seq) => known.get(`${feeds.get(key)?.id}.${seq}`),
  );
  const ahead = added.filter(({ read }) => aheadMs(read, now) > 0);
  const end = lastNo + added.length;
  if (added.length > 0) {
    const ids = await feedIds(tx, center, added, feeds);
    await insertChanges(tx, { center, lastNo, via, now }, added, ids);
    await moveHeads(tx, center, added, ids);
    await tx.query(
      `update center set last_no = $2, last_hlc = $3, last_change_at = $4, clock_errors = clock_errors + $5
       where number = $1`,
      [center, end, latestHlc(lastHlc, added, now), now, ahead.length],
    );
    await countClockErrors(tx, ahead);
  }
  if (aside.length > 0 && via !== null) await quarantine(tx, center, aside, via, now);

  return {
    accepted: added.length,
    duplicates,
    parked: added.filter(({ read }) => read.flag !== null).length,
    ahead: ahead.length,
    refused,
    heads,
    end,
    added: added.map(({ read }) => read),
  };
}

export async function lockCenter(
  tx: Sql,
  center: number,
): Promise<{
  lastNo: number;
  lastHlc: string;
  logId: string;
  ownIncarnation: number;
  centerId: string | null;
}> {
  const [row] = await tx.query<{
    last_no: number;
    last_hlc: string;
    log_id: Uint8Array;
    own_incarnation: number;
    center_id: string | null;
  }>(
    'select last_no, last_hlc, log_id, own_incarnation, center_id from center where number = $1 for update',
    [center],
  );
  if (!row) throw new Error(`no center ${center}`);
  return {
    lastNo: row.last_no,
    lastHlc: row.last_hlc,
    logId: hexOf(row.log_id),
    ownIncarnation: row.own_incarnation,
    centerId: row.center_id,
  };
}

/** Hashes held under the numbers the runs bring again: `<feed id>.<seq>` → hex. */
async function hashesOfRuns(
  tx: Sql,
  center: number,
  runs: readonly ReadRun[],
  feeds: ReadonlyMap<string, Feed>,
): Promise<Map<string, string>> {
  const again = runs.flatMap((run) => {
    const feed = feeds.get(feedKey(run.feed));
    return feed && run.firstSeq <= feed.seq
      ? [{ feed: feed.id, from: run.firstSeq, to: Math.min(feed.seq, run.firstSeq + run.changes.length - 1) }]
      : [];
  });
  if (again.length === 0) return new Map();
  const rows = await tx.query<{ feed: number; seq: number; hash: Uint8Array }>(
    `select c.feed, c.seq, c.hash
     from unnest($2::int8[], $3::int8[], $4::int8[]) r (feed, first, last)
     join change_log c on c.center = $1 and c.feed = r.feed and c.seq between r.first and r.last`,
    [center, again.map((r) => r.feed), again.map((r) => r.from), again.map((r) => r.to)],
  );
  return new Map(rows.map((row) => [`${row.feed}.${row.seq}`, hexOf(row.hash)]));
}

async function feedIds(
  tx: Sql,
  center: number,
  added: readonly Placed[],
  feeds: ReadonlyMap<string, Feed>,
): Promise<Map<string, number>> {
  const ids = new Map([...feeds].map(([key, feed]) => [key, feed.id]));
  for (const { key, read } of added)
    if (!ids.has(key)) ids.set(key, await newFeed(tx, center, read.change, bytesOf(zeroHash)));
  return ids;
}

/** The bodies travel as one block cut up by the database: a thousand parameters or an array of hex cost more. */
async function insertChanges(
  tx: Sql,
  { center, lastNo, via, now }: { center: number; lastNo: number; via: string | null; now: number },
  added: readonly Placed[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  const lengths = added.map(({ read }) => read.stored.length);
  const starts: number[] = [];
  let at = 1;
  for (const length of lengths) {
    starts.push(at);
    at += length;
  }
  await tx.query(
    `insert into change_log (center, log_no, lane, feed, seq, hash, via, at, kind, flag, ahead_ms, stored)
     select $1, $2::int8 + c.i, c.lane, c.feed, c.seq, substring($3::bytea from (32 * (c.i - 1) + 1)::int4 for 32), $4::bytea, $5::int8,
       c.kind, nullif(c.flag, ''), nullif(c.ahead, 0), substring($6::bytea from c.start for c.length)
     from unnest($7::int4[], $8::int8[], $9::int8[], $10::text[], $11::text[], $12::int8[], $13::int4[], $14::int4[])
       with ordinality c (lane, feed, seq, kind, flag, ahead, start, length, i)`,
    [
      center,
      lastNo,
      Buffer.concat(added.map(({ read }) => read.hash)),
      via === null ? null : bytesOf(via),
      now,
      Buffer.concat(added.map(({ read }) => read.stored)),
      added.map(({ read }) => read.change.lane),
      added.map(({ key }) => ids.get(key) ?? 0),
      added.map(({ read }) => read.change.seq),
      // PostgreSQL's text holds no NUL; the bytes as they came stand beside it
      added.map(({ read }) => read.change.kind.replaceAll('\0', '\ufffd')),
      added.map(({ read }) => read.flag ?? ''),
      added.map(({ read }) => aheadMs(read, now)),
      starts,
      lengths,
    ],
  );
}

async function moveHeads(
  tx: Sql,
  center: number,
  added: readonly Placed[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  const last = [...new Map(added.map((one) => [one.key, one])).values()];
  await tx.query(
    `update feed f set seq = n.seq, hash = decode(n.hash, 'hex')
     from unnest($2::int8[], $3::int8[], $4::text[]) n (id, seq, hash) where f.center = $1 and f.id = n.id`,
    [
      center,
      last.map(({ key }) => ids.get(key) ?? 0),
      last.map(({ read }) => read.change.seq),
      last.map(({ read }) => read.change.hash),
    ],
  );
}

async function countClockErrors(tx: Sql, ahead: readonly Placed[]): Promise<void> {
  const counts = new Map<string, number>();
  for (const { read } of ahead) counts.set(read.change.station, (counts.get(read.change.station) ?? 0) + 1);
  // in one order everywhere, so that two centers' transactions never wait for each other in a ring
  for (const [station, count] of [...counts].sort())
    await tx.query('update station set clock_errors = clock_errors + $2 where id = $1', [
      bytesOf(station),
      count,
    ]);
}

async function quarantine(
  tx: Sql,
  center: number,
  aside: readonly Aside[],
  via: string,
  now: number,
): Promise<void> {
  for (const { feed, seq, hash, kept, reason, detail, stored } of aside)
    await tx.query(
      `insert into quarantine (center, station, incarnation, lane, seq, hash, kept_hash, reason, detail, via, at, stored)
       values ($1, $2, $3, $4, $5, coalesce($6::bytea, sha256($12::bytea)), $7, $8, $9, $10, $11, $12)
       on conflict (center, station, incarnation, lane, seq, hash) do nothing`,
      [
        center,
        bytesOf(feed.station),
        feed.incarnation,
        feed.lane,
        seq,
        hash,
        kept === null ? null : bytesOf(kept),
        reason,
        detail,
        bytesOf(via),
        now,
        stored,
      ],
    );
}

/** 0 within tolerance. */
function aheadMs({ change }: ReadChange, now: number): number {
  const ahead = hlcMs(change.hlc) - now;
  return ahead > CLOCK_TOLERANCE_MS ? ahead : 0;
}

/** Of stamps we follow; one from a wrong clock drags nobody. */
function latestHlc(last: string, added: readonly Placed[], now: number): string {
  let latest = last;
  for (const { read } of added)
    if (aheadMs(read, now) === 0 && read.change.hlc > latest) latest = read.change.hlc;
  return latest;
}
