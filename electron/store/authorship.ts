// Which part of every feed its writer has signed, from the log alone. Asked for when somebody wants to know: the newest
// signatures answer it, so it costs some lookups per feed however long the log is.
import type { Database } from 'better-sqlite3';
import type { Change, ChangeKind } from '../../shared/model/change.ts';
import { stationSeen, stationVouch } from '../../shared/model/station.ts';
import { CodecError, decodeChange } from '../../shared/sync/codec.ts';
import { feedKey, type Head } from '../../shared/sync/port.ts';
import {
  type Authorship,
  authorshipOf,
  type JudgedFeed,
  provenBy,
  remembering,
  type SeenFeed,
  unseenOf,
  VOUCHES_READ,
  type VouchChange,
  vouchSubject,
} from '../../shared/sync/vouch.ts';
import { ecVerify } from './crypto.ts';
import { logReadingOf } from './log-reading.ts';

/** Of a center of a hundred PCs several times over. */
const verify = remembering(ecVerify, 4_000);

export const authorshipQueries = {
  newest: `SELECT l.stored, l.hash FROM change_log l JOIN feed f ON f.id = l.feed
            WHERE l.subject_type = 'vouch' AND l.subject_id = ? AND l.kind = 'station.vouch'
              AND f.station = ? AND f.incarnation = ?
            ORDER BY l.arrival DESC LIMIT ?`,
  first: `SELECT l.stored, l.hash FROM change_log l JOIN feed f ON f.id = l.feed
           WHERE l.subject_type = 'vouch' AND l.subject_id = ? AND l.kind = 'station.vouch'
             AND f.station = ? AND f.incarnation = ?
           ORDER BY l.arrival LIMIT ?`,
  looks: `SELECT stored, hash FROM change_log
           WHERE subject_type = 'vouch_seen' AND subject_id = ? AND kind = 'station.seen' ORDER BY arrival DESC LIMIT ?`,
  wallAt: `SELECT l.wall FROM feed f JOIN change_log l ON l.feed = f.id AND l.seq = ?
            WHERE f.station = ? AND f.incarnation = ? AND f.lane = ?`,
};

/** Each look names all of a PC's feeds that were odd then. */
const LOOKS_READ = 20;

/** Null: no certificate of this station is known. */
export type CertificateOf = (station: string) => string | null;

export function readAuthorship(sql: Database, certificateOf: CertificateOf): JudgedFeed[] {
  const reading = logReadingOf(sql);
  const wallAt = sql.prepare<[number, string, number, number], number>(authorshipQueries.wallAt).pluck();
  const stations = Map.groupBy(reading.heads(), ({ station }) => station);
  return [...stations].flatMap(([station, feeds]) => {
    const judge = (newest: number): Authorship[] =>
      authorshipOf({
        certificatePem: certificateOf(station),
        feeds,
        vouches: vouchesOf(sql, feeds, newest),
        hashAt: (feed, seq) => reading.hashesAt(feed, [seq])[0] ?? null,
        verify,
      });
    const first = judge(VOUCHES_READ.newest);
    const judged = first.some(({ contradicted }) => contradicted) ? judge(VOUCHES_READ.deep) : first;
    const looks = looksAt(sql, station);
    return judged.map((feed) => {
      const momentOf = (seq: number): number | null =>
        wallAt.get(seq, feed.station, feed.incarnation, feed.lane) ?? null;
      const seen = looks
        .flatMap(({ feeds: shown }) => shown)
        .find(
          (one) =>
            one.incarnation === feed.incarnation &&
            one.lane === feed.lane &&
            reading.hashesAt(feed, [one.seq])[0] === one.hash,
        );
      return {
        ...feed,
        unvouched: {
          count: feed.seq - feed.vouchedTo,
          since: feed.seq > feed.vouchedTo ? momentOf(feed.vouchedTo + 1) : null,
        },
        unseen: seen ? unseenOf(feed, seen, momentOf) : null,
      };
    });
  });
}

/** When somebody has looked at what a station had not signed, and who, newest first. */
export function looksAt(
  sql: Database,
  station: string,
): { readonly at: number; readonly by: string | null; readonly feeds: readonly SeenFeed[] }[] {
  const rows = sql
    .prepare<[string, number], { stored: Buffer; hash: Buffer }>(authorshipQueries.looks)
    .all(station, LOOKS_READ);
  return rows.flatMap((row) => {
    const change = decoded(row, stationSeen);
    const body = change ? stationSeen.body.safeParse(change.body) : null;
    return change && body?.success ? [{ at: change.wall, by: change.author, feeds: body.data.feeds }] : [];
  });
}

/** The newest vouch of a feed's writer that stands in its own lane 2; null: none yet. */
export function lastVouch(
  sql: Database,
  writer: { readonly station: string; readonly incarnation: number },
): VouchChange | null {
  return read(sql, 'newest', writer, VOUCHES_READ.newest)[0] ?? null;
}

/**
 * Whose key signed a station's feeds first, where several certificates are written for it; null: nobody's of these has.
 * A name can be written by anybody who writes in the record at all, the first signature in the feed itself cannot.
 */
export function firstSigner(sql: Database, station: string, certificates: readonly string[]): string | null {
  const incarnations = logReadingOf(sql)
    .heads()
    .flatMap((head) => (head.station === station && head.lane === 2 ? head.incarnation : []))
    .sort((a, b) => a - b);
  for (const incarnation of incarnations)
    for (const vouch of read(sql, 'first', { station, incarnation }, VOUCHES_READ.first)) {
      const signer = certificates.find((certificate) => provenBy(vouch, certificate, verify) !== null);
      if (signer !== undefined) return signer;
    }
  return null;
}

function vouchesOf(sql: Database, feeds: readonly Head[], newest: number): VouchChange[] {
  const found = new Map<string, VouchChange>();
  for (const { station, incarnation } of feeds.filter(({ lane }) => lane === 2))
    for (const vouch of [
      ...read(sql, 'newest', { station, incarnation }, newest),
      ...read(sql, 'first', { station, incarnation }, VOUCHES_READ.first),
    ])
      found.set(`${feedKey(vouch)}.${vouch.seq}`, vouch);
  return [...found.values()];
}

/** One that another PC wrote, or that is carried on from a branch that gave way, says nothing here. */
function read(
  sql: Database,
  which: 'newest' | 'first',
  writer: { readonly station: string; readonly incarnation: number },
  limit: number,
): VouchChange[] {
  const rows = sql
    .prepare<[string, string, number, number], { stored: Buffer; hash: Buffer }>(authorshipQueries[which])
    .all(vouchSubject(writer), writer.station, writer.incarnation, limit);
  return rows.flatMap((row) => {
    const change = decoded(row, stationVouch);
    return change?.station === writer.station && change.incarnation === writer.incarnation ? [change] : [];
  });
}

/** Null: of another kind, or damaged; of that verifyLog tells. */
function decoded({ stored, hash }: { stored: Buffer; hash: Buffer }, wanted: ChangeKind): Change | null {
  try {
    const change = decodeChange(stored, hash.toString('hex'), (kind, v) =>
      kind === wanted.kind && v === wanted.v ? wanted : undefined,
    );
    return change.kind === wanted.kind ? change : null;
  } catch (error) {
    if (error instanceof CodecError) return null;
    throw error;
  }
}
