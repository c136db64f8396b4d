// What a revoked station still delivers: kept whole and acknowledged, so that it may forget nothing that was work,
// but passed on to nobody until a person at the province says so.
import {
  type ChangeStore,
  type FeedName,
  feedKey,
  type Head,
  type Run,
  type Taken,
} from '../../shared/sync/port.ts';
import { bytesOf, hexOf } from '../bytes.ts';
import type { Database, Row, Sql } from '../database/types.ts';
import { pinFromLog } from '../trust/pins.ts';
import { type Appended, append, readRuns } from './append.ts';
import { feedsNamed, laneOf } from './feeds.ts';
import { judgeRuns } from './judge-runs.ts';
import { hashesAt, storedAt } from './store.ts';

/** A store that only takes; `log` is the center's, behind which the delivery goes on. */
export function sealedStoreOf(
  db: Database,
  center: number,
  log: ChangeStore,
  now: () => number,
  /** The revoked station. */
  via: string,
): ChangeStore {
  return {
    logId: () => log.logId(),
    end: () => log.end(),
    async since(_lane, cursor) {
      return { runs: [], cursor, more: false };
    },
    async beyond() {
      return { runs: [], cursor: 0, more: false };
    },
    async heads() {
      const heads = new Map((await log.heads()).map((head) => [feedKey(head), head]));
      // the log may have got further by others, who had met the station before it was revoked
      for (const head of await sealedHeads(db, center, via))
        if ((heads.get(feedKey(head))?.seq ?? 0) < head.seq) heads.set(feedKey(head), head);
      return [...heads.values()];
    },
    async hashesAt(feed, seqs) {
      const [inLog, sealed] = [
        await hashesAt(db, center, feed, seqs),
        await sealedHashes(db, center, via, feed, seqs),
      ];
      return seqs.map((seq, i) => inLog[i] ?? sealed.get(seq) ?? null);
    },
    async stored(feed, seq) {
      return (await storedAt(db, center, feed, seq)) ?? (await sealedAt(db, center, via, feed, seq));
    },
    take: (runs) => db.transaction((tx) => takeSealed(tx, center, via, runs, now())),
  };
}

async function takeSealed(
  tx: Sql,
  center: number,
  via: string,
  runs: readonly Run[],
  now: number,
): Promise<Taken> {
  // one delivery of a station at a time, whichever process it comes to
  await tx.query('select id from station where id = $1 for update', [bytesOf(via)]);
  const read = readRuns(runs);
  const inLog = await feedsNamed(
    tx,
    center,
    read.map((run) => run.feed),
  );
  const heads = new Map<string, { seq: number; hash: string }>(inLog);
  for (const head of await sealedHeads(tx, center, via)) {
    const other = heads.get(feedKey(head));
    if (!other || other.seq < head.seq) heads.set(feedKey(head), head);
  }
  const known = new Map<string, string>();
  for (const run of read) {
    const held = heads.get(feedKey(run.feed))?.seq ?? 0;
    const seqs = run.changes.map(({ change }) => change.seq).filter((seq) => seq <= held);
    if (seqs.length === 0) continue;
    const [logged, sealed] = [
      await hashesAt(tx, center, run.feed, seqs),
      await sealedHashes(tx, center, via, run.feed, seqs),
    ];
    for (const [i, seq] of seqs.entries()) {
      const hash = logged[i] ?? sealed.get(seq);
      if (hash) known.set(`${feedKey(run.feed)}.${seq}`, hash);
    }
  }
  const judged = judgeRuns(
    read,
    (key) => heads.get(key),
    (key, seq) => known.get(`${key}.${seq}`),
  );
  for (const { read: one } of judged.added)
    await tx.query(
      `insert into sealed (center, via, station, incarnation, lane, seq, hash, at, stored)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        center,
        bytesOf(via),
        bytesOf(one.change.station),
        one.change.incarnation,
        one.change.lane,
        one.change.seq,
        one.hash,
        now,
        one.stored,
      ],
    );
  return {
    accepted: judged.added.length,
    duplicates: judged.duplicates,
    parked: judged.added.filter(({ read: one }) => one.flag !== null).length,
    ahead: 0,
    refused: judged.refused,
    heads: judged.heads,
  };
}

/**
 * Puts what a revoked station delivered into the log, at a person's word. What does not join (it forked) goes to
 * quarantine as from anybody. Inside a transaction; `trust`: the delivery named or revoked stations.
 */
export async function release(
  tx: Sql,
  center: number,
  via: string,
  now: number,
): Promise<{ appended: Appended; trust: boolean }> {
  const rows = await tx.query<SealedRow>(
    `select station, incarnation, lane, seq, stored from sealed where center = $1 and via = $2
     order by station, incarnation, lane, seq for update`,
    [center, bytesOf(via)],
  );
  const runs: (Run & { readonly stored: Uint8Array[] })[] = [];
  for (const row of rows) {
    const feed = feedOf(row);
    const last = runs.at(-1);
    // numbers that others brought straight into the log are missing here
    if (last && feedKey(last.feed) === feedKey(feed) && last.firstSeq + last.stored.length === row.seq)
      last.stored.push(row.stored);
    else runs.push({ feed, firstSeq: row.seq, stored: [row.stored], before: null });
  }
  const appended = await append(tx, center, readRuns(runs), via, now);
  await tx.query('delete from sealed where center = $1 and via = $2', [center, bytesOf(via)]);
  return { appended, trust: await pinFromLog(tx, center, appended.added, now) };
}

interface SealedRow extends Row {
  readonly station: Uint8Array;
  readonly incarnation: number;
  readonly lane: number;
  readonly seq: number;
  readonly stored: Uint8Array;
}

const feedOf = (row: Pick<SealedRow, 'station' | 'incarnation' | 'lane'>): FeedName => ({
  station: hexOf(row.station),
  incarnation: row.incarnation,
  lane: laneOf(row.lane),
});

async function sealedHeads(sql: Sql, center: number, via: string): Promise<Head[]> {
  const rows = await sql.query<SealedRow & { readonly hash: Uint8Array }>(
    `select distinct on (station, incarnation, lane) station, incarnation, lane, seq, hash, stored from sealed
     where center = $1 and via = $2 order by station, incarnation, lane, seq desc`,
    [center, bytesOf(via)],
  );
  return rows.map((row) => ({ ...feedOf(row), seq: row.seq, hash: hexOf(row.hash) }));
}

async function sealedHashes(
  sql: Sql,
  center: number,
  via: string,
  feed: FeedName,
  seqs: readonly number[],
): Promise<Map<number, string>> {
  const rows = await sql.query<{ seq: number; hash: Uint8Array }>(
    `select seq, hash from sealed where center = $1 and via = $2 and station = $3 and incarnation = $4
       and lane = $5 and seq = any ($6::int8[])`,
    [center, bytesOf(via), bytesOf(feed.station), feed.incarnation, feed.lane, seqs],
  );
  return new Map(rows.map((row) => [row.seq, hexOf(row.hash)]));
}

async function sealedAt(
  sql: Sql,
  center: number,
  via: string,
  feed: FeedName,
  seq: number,
): Promise<Uint8Array | null> {
  const [row] = await sql.query<{ stored: Uint8Array }>(
    `select stored from sealed where center = $1 and via = $2 and station = $3 and incarnation = $4
       and lane = $5 and seq = $6`,
    [center, bytesOf(via), bytesOf(feed.station), feed.incarnation, feed.lane, seq],
  );
  return row?.stored ?? null;
}
