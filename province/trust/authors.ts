// Which part of every feed of a center its writer has signed. The rules are everybody's (shared/sync/vouch.ts); the
// certificates are those pinned here, and the moments those at which changes came in, by the province's own clock.
import { verify } from 'node:crypto';
import { stationVouch } from '../../shared/model/station.ts';
import { CodecError, decodeForeign } from '../../shared/sync/codec.ts';
import { type FeedName, feedKey } from '../../shared/sync/port.ts';
import {
  type Authorship,
  authorshipOf,
  claimsOf,
  type JudgedFeed,
  remembering,
  type Unvouched,
  unseenOf,
  type VerifySignature,
  VOUCHES_READ,
  type VouchChange,
  vouchSubject,
} from '../../shared/sync/vouch.ts';
import { hexOf } from '../bytes.ts';
import type { Row, Sql } from '../database/types.ts';
import { type Feed, feedsOf } from '../log/feeds.ts';
import { fieldNames } from '../log/kinds.ts';
import { ownStation } from '../log/own-feed.ts';
import type { Look } from './seen-authors.ts';

export interface Self {
  /** The province's id, 32 hex digits. */
  readonly id: string;
  /** PEM */
  readonly certificate: string;
}

export type FeedAuthorship = Authorship & { readonly unvouched: Unvouched };

export async function readAuthors(sql: Sql, center: number, self: Self): Promise<FeedAuthorship[]> {
  const feeds = (await feedsOf(sql, center)).filter(({ seq }) => seq > 0);
  const certificates = await certificatesOf(sql, center, self);
  const shallow = await judge(sql, center, feeds, certificates, VOUCHES_READ.newest);
  const odd = new Set(shallow.filter((feed) => feed.contradicted).map(({ station }) => station));
  const judged = [
    ...shallow.filter(({ station }) => !odd.has(station)),
    ...(odd.size === 0
      ? []
      : await judge(
          sql,
          center,
          feeds.filter(({ station }) => odd.has(station)),
          certificates,
          VOUCHES_READ.deep,
        )),
  ];
  return await withMoments(sql, center, feeds, judged);
}

/** With what administrators have looked into taken off. Nothing is asked where nobody has looked. */
export async function withLooks(
  sql: Sql,
  center: number,
  judged: readonly FeedAuthorship[],
  looks: ReadonlyMap<string, Look>,
): Promise<JudgedFeed[]> {
  const looked = judged.flatMap((feed) => {
    const seen = looks
      .get(feed.station)
      ?.feeds.find((one) => one.incarnation === feed.incarnation && one.lane === feed.lane);
    return seen ? [{ feed, seen }] : [];
  });
  if (looked.length === 0) return [...judged];
  const rows = await changesAt(
    sql,
    center,
    await feedsOf(sql, center),
    looked.flatMap(({ feed, seen }) => [
      { ...feed, seq: seen.seq },
      { ...feed, seq: Math.max(feed.vouchedTo, seen.seq) + 1 },
    ]),
  );
  const held = new Map(rows.map((row) => [row.key, row]));
  const unseen = new Map(
    looked.flatMap(({ feed, seen }) => {
      const at = (seq: number) => held.get(`${feedKey(feed)}.${seq}`);
      // another branch stands there now
      if (at(seen.seq)?.hash !== seen.hash) return [];
      return [[feedKey(feed), unseenOf(feed, seen, (seq) => at(seq)?.at ?? null)] as const];
    }),
  );
  return judged.map((feed) => ({ ...feed, unseen: unseen.get(feedKey(feed)) ?? null }));
}

/** Hashes of what stands under these numbers: `<feed>.<number>` → 64 hex digits. */
export async function heldHashes(
  sql: Sql,
  center: number,
  wanted: readonly (FeedName & { readonly seq: number })[],
): Promise<Map<string, string>> {
  return await hashesOf(sql, center, await feedsOf(sql, center), wanted);
}

async function judge(
  sql: Sql,
  center: number,
  feeds: readonly Feed[],
  certificates: ReadonlyMap<string, string>,
  newest: number,
): Promise<Authorship[]> {
  const vouches = await vouchesOf(sql, center, feeds, newest);
  const claims = claimsOf(vouches, feeds);
  const hashes = await hashesOf(sql, center, feeds, claims);
  return [...Map.groupBy(feeds, ({ station }) => station)].flatMap(([station, own]) =>
    authorshipOf({
      certificatePem: certificates.get(station) ?? null,
      feeds: own,
      vouches: vouches.filter((vouch) => vouch.station === station),
      hashAt: (feed, seq) => hashes.get(`${feedKey(feed)}.${seq}`) ?? null,
      verify: verifyOnce,
    }),
  );
}

export const verifySignature: VerifySignature = (certificatePem, bytes, signature) => {
  try {
    return verify('sha256', bytes, certificatePem, signature);
  } catch {
    return false; // no certificate, or no signature at all
  }
};
const verifyOnce = remembering(verifySignature, 50_000);

async function certificatesOf(sql: Sql, center: number, self: Self): Promise<Map<string, string>> {
  const rows = await sql.query<{ id: Uint8Array; certificate: string }>(
    'select id, certificate from station where center = $1',
    [center],
  );
  const certificates = new Map(rows.map(({ id, certificate }) => [hexOf(id), certificate]));
  const [row] = await sql.query<{ center_id: string | null }>(
    'select center_id from center where number = $1',
    [center],
  );
  if (row?.center_id) certificates.set(ownStation(self.id, row.center_id), self.certificate);
  return certificates;
}

async function vouchesOf(
  sql: Sql,
  center: number,
  feeds: readonly Feed[],
  newest: number,
): Promise<VouchChange[]> {
  const rows = await sql.query<Row & { stored: Uint8Array; hash: Uint8Array }>(
    `select v.stored, v.hash from unnest($2::int8[]) f (id) cross join lateral (
       (select c.seq, c.hash, c.stored from change_log c
        where c.center = $1 and c.feed = f.id and c.kind = 'station.vouch' order by c.seq desc limit $3)
       union
       (select c.seq, c.hash, c.stored from change_log c
        where c.center = $1 and c.feed = f.id and c.kind = 'station.vouch' order by c.seq limit $4)) v`,
    [center, feeds.filter(({ lane }) => lane === 2).map(({ id }) => id), newest, VOUCHES_READ.first],
  );
  return rows.flatMap(({ stored, hash }) => {
    try {
      const change = decodeForeign(stored, hexOf(hash), fieldNames);
      return change.kind === stationVouch.kind && change.subject.id === vouchSubject(change) ? [change] : [];
    } catch (error) {
      if (error instanceof CodecError || error instanceof RangeError) return [];
      throw error;
    }
  });
}

/** `<feed>.<number>` → hash held. */
async function hashesOf(
  sql: Sql,
  center: number,
  feeds: readonly Feed[],
  wanted: readonly (FeedName & { readonly seq: number })[],
): Promise<Map<string, string>> {
  const rows = await changesAt(sql, center, feeds, wanted);
  return new Map(rows.map(({ key, hash }) => [key, hash]));
}

async function withMoments(
  sql: Sql,
  center: number,
  feeds: readonly Feed[],
  judged: readonly Authorship[],
): Promise<FeedAuthorship[]> {
  const unsigned = judged.filter(({ seq, vouchedTo }) => seq > vouchedTo);
  const rows = await changesAt(
    sql,
    center,
    feeds,
    unsigned.map((feed) => ({ ...feed, seq: feed.vouchedTo + 1 })),
  );
  const moments = new Map(rows.map(({ key, at }) => [key, at]));
  return judged.map((feed) => ({
    ...feed,
    unvouched: {
      count: feed.seq - feed.vouchedTo,
      since: moments.get(`${feedKey(feed)}.${feed.vouchedTo + 1}`) ?? null,
    },
  }));
}

async function changesAt(
  sql: Sql,
  center: number,
  feeds: readonly Feed[],
  wanted: readonly (FeedName & { readonly seq: number })[],
): Promise<{ key: string; hash: string; at: number }[]> {
  const ids = new Map(feeds.map((feed) => [feedKey(feed), feed.id]));
  const named = new Map(feeds.map((feed) => [feed.id, feedKey(feed)]));
  const known = wanted.flatMap((one) => {
    const id = ids.get(feedKey(one));
    return id === undefined ? [] : [{ id, seq: one.seq }];
  });
  if (known.length === 0) return [];
  const rows = await sql.query<{ feed: number; seq: number; hash: Uint8Array; at: number }>(
    `select distinct c.feed, c.seq, c.hash, c.at from unnest($2::int8[], $3::int8[]) w (feed, seq)
     join change_log c on c.center = $1 and c.feed = w.feed and c.seq = w.seq`,
    [center, known.map(({ id }) => id), known.map(({ seq }) => seq)],
  );
  return rows.map(({ feed, seq, hash, at }) => ({ key: `${named.get(feed)}.${seq}`, hash: hexOf(hash), at }));
}

/** Kept in the list of acts, once per station: whoever administers must see it later too. */
export async function noteContradiction(
  sql: Sql,
  { station, from, now }: { station: string; from: string; now: number },
): Promise<boolean> {
  const rows = await sql.query<Row>(
    `insert into audit (at, by, action, subject, detail) select $1, 'province', 'station.contradicted', $2, $3
     where not exists (select 1 from audit where action = 'station.contradicted' and subject = $2) returning id`,
    [now, station, from],
  );
  return rows.length > 0;
}
