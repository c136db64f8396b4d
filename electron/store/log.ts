// The change log on SQLite: the bytes of every change, found by feed or by subject.
import type { Database } from 'better-sqlite3';
import type { Change, EntityRef, Lane, Subject } from '../../shared/model/change.ts';
import type { KindRegistry } from '../../shared/model/registry.ts';
import { decodeChange } from '../../shared/sync/codec.ts';
import type { FeedName } from '../../shared/sync/port.ts';
import { shownBy, unite } from './carried.ts';

export const NO_HASH = '0'.repeat(64);

export interface Feed {
  readonly id: number;
  readonly station: string;
  readonly incarnation: number;
  readonly lane: Lane;
  readonly seq: number;
  /** Hash of the last change, 64 hex digits. */
  readonly head: string;
}

export interface Logged {
  readonly arrival: number;
  /**
   * What it shows, as it is written; Parking.admit and ofSubject fill in what its kind has by default.
   * Null: it says it carries another change and does not.
   */
  readonly change: Change | null;
  readonly subject: Subject;
}

/** A change and its bytes as they stand in the log. */
export interface Written {
  readonly arrival: number;
  readonly change: Change;
  readonly stored: Uint8Array;
}

export type ChangeLog = ReturnType<typeof changeLogOf>;

export function changeLogOf(sql: Database, registry: KindRegistry) {
  const feedByName = sql.prepare<[string, number, number], FeedRow>(
    'select * from feed where station = ? and incarnation = ? and lane = ?',
  );
  const allFeeds = sql.prepare<[], FeedRow>('select * from feed order by station, incarnation, lane');
  const newFeed = sql.prepare(
    'insert into feed (station, incarnation, lane, seq, head) values (?, ?, ?, 0, ?)',
  );
  const moveHead = sql.prepare('update feed set seq = ?, head = ? where id = ?');
  const insert = sql.prepare(
    `insert into change_log (feed, seq, hash, hlc, kind, v, subject_type, subject_id, patient, author, wall, ahead_ms, stored, via)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const ofSubject = sql.prepare<[string, string], StoredRow>(
    `select l.arrival, l.hash, l.stored from change_log l
     where l.subject_type = ? and l.subject_id = ?
       and not exists (select 1 from parked p where p.arrival = l.arrival)`,
  );
  const candidatesOf = sql.prepare<[string, string], StoredRow>(
    `select l.arrival, l.hash, l.stored from change_log l
     where l.subject_type = ? and l.subject_id = ?
       and not exists (select 1 from parked p where p.arrival = l.arrival and p.reason <> 'unshowable')`,
  );
  const hashByNumber = sql
    .prepare<[number, number], Buffer>('select hash from change_log where feed = ? and seq = ?')
    .pluck();
  const allOfSubject = sql.prepare<[string, string], StoredRow>(
    'select arrival, hash, stored from change_log where subject_type = ? and subject_id = ?',
  );
  const removeParked = sql.prepare('delete from parked where arrival = ?');
  const remove = sql.prepare('delete from change_log where arrival = ?');
  const byArrival = sql.prepare<[number], StoredRow>(
    'select arrival, hash, stored from change_log where arrival = ?',
  );
  const afterNumber = sql.prepare<[number, number, number], StoredRow>(
    'select arrival, hash, stored from change_log where feed = ? and seq > ? order by seq limit ?',
  );
  const kindsOfSubject = sql.prepare<[string, string, number], { kind: string; v: number }>(
    `select l.kind, l.v from change_log l
     where l.subject_type = ? and l.subject_id = ? and l.arrival <= ?
       and not exists (select 1 from parked p where p.arrival = l.arrival and p.reason <> 'unshowable')`,
  );

  const countOfSubject = sql
    .prepare<[string, string, number], number>(
      `select count(*) from (select 1 from change_log where subject_type = ? and subject_id = ? limit ?)`,
    )
    .pluck();
  const afterArrival = sql.prepare<[number], StoredRow>(
    'select arrival, hash, stored from change_log where arrival > ? order by arrival limit 1000',
  );
  const lastArrivals = sql.prepare<[], { type: string; id: string; last: number }>(
    `select subject_type as type, subject_id as id, max(arrival) as last from change_log
     group by subject_type, subject_id having count(*) > 1`,
  );

  const written = (row: Pick<StoredRow, 'hash' | 'stored'>): Change =>
    decodeChange(row.stored, row.hash.toString('hex'), registry.find);
  const read = (row: StoredRow): Change => {
    const outer = written(row);
    const change = shownBy(outer, registry.find) ?? outer;
    const kind = registry.find(change.kind, change.v);
    // fills defaults of fields added since it was written; what no longer fits is shown as written
    const body = kind?.body.safeParse(change.body);
    return body?.success ? { ...change, body: body.data } : change;
  };
  const logged = (row: StoredRow): Logged => {
    const outer = written(row);
    return { arrival: row.arrival, change: shownBy(outer, registry.find), subject: outer.subject };
  };

  return {
    feeds: (): Feed[] => allFeeds.all().map(feedOf),
    /** Null until the feed's first change. */
    feed({ station, incarnation, lane }: FeedName): Feed | null {
      const row = feedByName.get(station, incarnation, lane);
      return row ? feedOf(row) : null;
    },
    feedOrNew({ station, incarnation, lane }: FeedName): Feed {
      const row = feedByName.get(station, incarnation, lane);
      if (row) return feedOf(row);
      const id = Number(newFeed.run(station, incarnation, lane, Buffer.alloc(32)).lastInsertRowid);
      return { id, station, incarnation, lane, seq: 0, head: NO_HASH };
    },
    /**
     * Puts a change behind its feed's head, which the caller moves on (`setHead`); answers its arrival number.
     * The caller has checked the chain. `via`: station that brought it, null for an own one. `shown`: what the columns for finding tell of.
     */
    insert(
      feed: Pick<Feed, 'id'>,
      change: Change,
      stored: Uint8Array,
      {
        aheadMs = null,
        via = null,
        shown = change,
      }: { aheadMs?: number | null; via?: string | null; shown?: Change } = {},
    ): number {
      const hash = Buffer.from(change.hash, 'hex');
      const { lastInsertRowid } = insert.run(
        feed.id,
        change.seq,
        hash,
        shown.hlc,
        shown.kind,
        shown.v,
        change.subject.type,
        change.subject.id,
        change.patient,
        shown.author,
        shown.wall,
        aheadMs,
        stored,
        via,
      );
      return Number(lastInsertRowid);
    },
    /** All changes of a subject in canonical order, parked ones left out. */
    ofSubject: (type: string, id: string): Change[] => unite(ofSubject.all(type, id).map(read)),
    /** As ofSubject, with those that were parked as unshowable, to be tried again. */
    candidatesOf: (type: string, id: string): Change[] => unite(candidatesOf.all(type, id).map(read)),
    /** Arrivals of the subject's changes that show the change with this hash: the original and whatever carries it. */
    arrivalsOf: (type: string, id: string): Map<string, number[]> => {
      const arrivals = new Map<string, number[]>();
      for (const row of candidatesOf.all(type, id)) {
        const { hash } = read(row);
        arrivals.set(hash, [...(arrivals.get(hash) ?? []), row.arrival]);
      }
      return arrivals;
    },
    /** Whether some change of the subject, shown or not, is or carries the one with this hash. */
    shows: ({ type, id }: Subject, hash: string): boolean =>
      allOfSubject.all(type, id).some((row) => read(row).hash === hash),
    /** A feed's changes from a number on, as they are written. */
    writtenFrom: (feedId: number, seq: number): Written[] =>
      afterNumber.all(feedId, seq - 1, -1).map((row) => ({
        arrival: row.arrival,
        change: written(row),
        stored: row.stored,
      })),
    /** Takes a change out of the log; whoever does so has put it into quarantine. */
    remove(arrival: number): void {
      removeParked.run(arrival);
      remove.run(arrival);
    },
    /** The feed ends with this change now. */
    setHead(feedId: number, seq: number, hash: string): void {
      moveHead.run(seq, Buffer.from(hash, 'hex'), feedId);
    },
    hashAt: (feedId: number, seq: number): string | null =>
      hashByNumber.get(feedId, seq)?.toString('hex') ?? null,
    atArrival(arrival: number): Logged | null {
      const row = byArrival.get(arrival);
      return row ? logged(row) : null;
    },
    /** The whole log in order of arrival. */
    *inOrder(): Generator<Logged> {
      for (
        let rows = afterArrival.all(0);
        rows.length > 0;
        rows = afterArrival.all(rows.at(-1)?.arrival ?? 0)
      )
        for (const row of rows) yield logged(row);
    },
    /** `type:id` → last arrival, for each subject that has more than one change. */
    lastArrivals(): Map<EntityRef, number> {
      const last = new Map<EntityRef, number>();
      for (const row of lastArrivals.iterate()) last.set(`${row.type}:${row.id}`, row.last);
      return last;
    },
    /** Whether a subject has just so many changes, parked ones among them. */
    hasJust: (type: string, id: string, count: number): boolean =>
      countOfSubject.get(type, id, count + 1) === count,
    /** Stored bytes of a feed behind `seq`, in order: what a peer lacks. */
    storedAfter: (feedId: number, seq: number, limit: number): Buffer[] =>
      afterNumber.all(feedId, seq, limit).map((r) => r.stored),
    /** Whether a subject has come into being by a change that arrived up to `arrival` and is not parked. */
    exists(type: string, id: string, arrival: number = Number.MAX_SAFE_INTEGER): boolean {
      for (const row of kindsOfSubject.iterate(type, id, arrival))
        if (registry.find(row.kind, row.v)?.creates) return true;
      return false;
    },
  };
}

interface FeedRow {
  id: number;
  station: string;
  incarnation: number;
  lane: number;
  seq: number;
  head: Buffer;
}
interface StoredRow {
  arrival: number;
  hash: Buffer;
  stored: Buffer;
}

const feedOf = (row: FeedRow): Feed => ({
  id: row.id,
  station: row.station,
  incarnation: row.incarnation,
  lane: row.lane === 0 ? 0 : row.lane === 1 ? 1 : 2,
  seq: row.seq,
  head: row.head.toString('hex'),
});
