// Where a record is: the farthest place proven to hold every one of its changes. Asked for whole screens of rows at a
// time, so one short query per subject and nothing that grows with the log.
import type { Database, Statement } from 'better-sqlite3';
import type { Output } from '../../shared/api/index.ts';
import type { Lane } from '../../shared/model/change.ts';
import { stationVouch } from '../../shared/model/station.ts';
import { type FeedName, feedKey } from '../../shared/sync/port.ts';
import type { RefusedFact, SyncFacts } from './types.ts';

export type Place = Output<'sync.places'>['places'][number]['place'];
export interface SubjectName {
  readonly type: string;
  readonly id: string;
}

/** Subjects this PC has no change of are left out. */
export function placesOf(
  sql: Database,
  subjects: readonly SubjectName[],
  facts: Pick<SyncFacts, 'held' | 'refused'>,
): (SubjectName & { place: Place })[] {
  const feeds = new Map(
    prepared(sql, feedNames)
      .all()
      .map((feed) => [feed.id, feedKey(feed)]),
  );
  const refused = refusedSubjects(sql, facts.refused);
  const last = prepared<[string, string], { feed: number; seq: number }>(sql, lastOfSubject);
  return subjects.flatMap(({ type, id }): (SubjectName & { place: Place })[] => {
    const changes = last.all(type, id);
    if (changes.length === 0) return [];
    // feeds are gapless, so whoever holds the last of a feed's changes holds all of them
    const heldBy = (held: ReadonlyMap<string, number>): boolean =>
      changes.every(({ feed, seq }) => (held.get(feeds.get(feed) ?? '') ?? 0) >= seq);
    if (refused.has(`${type}:${id}`)) return [{ type, id, place: 'refused' }];
    if (heldBy(facts.held.province)) return [{ type, id, place: 'province' }];
    return [{ type, id, place: heldBy(facts.held.hub) ? 'hub' : 'here' }];
  });
}

function refusedSubjects(sql: Database, refused: readonly RefusedFact[]): ReadonlySet<string> {
  const subjectAt = prepared<[string, number, number, number], SubjectName>(sql, subjectOfChange);
  return new Set(
    refused.flatMap(({ station, incarnation, lane, seq }) => {
      const subject = subjectAt.get(station, incarnation, lane, seq);
      return subject ? [`${subject.type}:${subject.id}`] : [];
    }),
  );
}

/** What of this PC's own nobody else is proven to hold, and when it last wrote anything. */
export function onlyHere(
  sql: Database,
  station: string,
  held: SyncFacts['held'],
): { count: number; since: number | null; lastOwnAt: number | null } {
  const wallAt = prepared<[number, number], number>(sql, wallOfChange).pluck();
  const kindAt = prepared<[number, number], string>(sql, kindOfChange).pluck();
  let count = 0;
  let since: number | null = null;
  let lastOwnAt: number | null = null;
  for (const feed of prepared(sql, feedNames).all()) {
    if (feed.station !== station || feed.seq === 0) continue;
    const elsewhere = Math.max(held.province.get(feedKey(feed)) ?? 0, held.hub.get(feedKey(feed)) ?? 0);
    lastOwnAt = later(lastOwnAt, wallAt.get(feed.id, feed.seq) ?? null);
    // a signature under what is elsewhere is nobody's work
    const last = kindAt.get(feed.id, feed.seq) === stationVouch.kind ? 1 : 0;
    if (elsewhere >= feed.seq - last) continue;
    count += feed.seq - last - elsewhere;
    since = earlier(since, wallAt.get(feed.id, elsewhere + 1) ?? null);
  }
  return { count, since, lastOwnAt };
}

const later = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);
const earlier = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

// --- queries; texts are exported for the query-plan test ---

export const lastOfSubject = `SELECT feed, max(seq) AS seq FROM change_log
  WHERE subject_type = ? AND subject_id = ? GROUP BY feed`;
export const subjectOfChange = `SELECT l.subject_type AS type, l.subject_id AS id
  FROM feed f JOIN change_log l ON l.feed = f.id
  WHERE f.station = ? AND f.incarnation = ? AND f.lane = ? AND l.seq = ?`;
export const wallOfChange = 'SELECT wall FROM change_log WHERE feed = ? AND seq = ?';
export const kindOfChange = 'SELECT kind FROM change_log WHERE feed = ? AND seq = ?';
const feedNames = 'SELECT id, station, incarnation, lane, seq FROM feed';

type FeedRow = FeedName & { readonly id: number; readonly lane: Lane; readonly seq: number };

const statements = new WeakMap<Database, Map<string, Statement>>();
function prepared<P extends unknown[] = [], R = FeedRow>(sql: Database, text: string): Statement<P, R> {
  const ofStore = statements.get(sql) ?? new Map<string, Statement>();
  statements.set(sql, ofStore);
  const known = ofStore.get(text) ?? sql.prepare(text);
  ofStore.set(text, known);
  // each text is one of the three above, asked with its own parameters only
  return known as Statement<P, R>;
}
