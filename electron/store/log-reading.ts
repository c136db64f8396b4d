// Reads the log for a peer: by feed or by order of arrival, in pieces small enough that nobody at the screen
// waits for them, however far behind the peer is.
import type { Database } from 'better-sqlite3';
import type { Lane } from '../../shared/model/change.ts';
import {
  type FeedName,
  feedKey,
  type Head,
  type Limit,
  type Run,
  type Slice,
} from '../../shared/sync/port.ts';

export type LogReading = ReturnType<typeof logReadingOf>;

/** Arrivals looked at with one query: some milliseconds even when every page comes from the disk. */
const WINDOW = 2_000;
/** A peer that is far behind and gets little of it is answered "go on from here" after this time. */
const LOOK_MS = 20;

export function logReadingOf(sql: Database) {
  const feeds = sql.prepare<[], FeedRow>(
    'select id, station, incarnation, lane, seq, head from feed where seq > 0 order by station, incarnation, lane',
  );
  const feedByName = sql
    .prepare<[string, number, number], number>(
      'select id from feed where station = ? and incarnation = ? and lane = ?',
    )
    .pluck();
  const hashAt = sql
    .prepare<[number, number], Buffer>('select hash from change_log where feed = ? and seq = ?')
    .pluck();
  const storedAt = sql
    .prepare<[number, number], Buffer>('select stored from change_log where feed = ? and seq = ?')
    .pluck();
  const arrivalAt = sql
    .prepare<[number, number], number>('select arrival from change_log where feed = ? and seq = ?')
    .pluck();
  // cross join: in this order, or SQLite walks whole feeds and sorts them
  const arrived = sql.prepare<[number, number, number, string, string], ArrivedRow>(
    `select l.arrival, l.feed, l.seq, l.stored from change_log l cross join feed f on f.id = l.feed
     where l.arrival > ? and l.arrival <= ? and f.lane = ? and f.station <> ? and l.via is not ?
     order by l.arrival`,
  );
  const behind = sql.prepare<[number, number], ArrivedRow>(
    'select arrival, feed, seq, stored from change_log where feed = ? and seq > ? order by seq',
  );
  // not max(arrival): a number once given stays given, also when its change was set aside
  const lastArrival = sql
    .prepare<[], number>("select seq from sqlite_sequence where name = 'change_log'")
    .pluck();

  const end = (): number => lastArrival.get() ?? 0;
  const runsOf = (rows: readonly ArrivedRow[], named: ReadonlyMap<number, FeedRow>): Run[] => {
    const runs = new Map<string, { feed: FeedRow; firstSeq: number; stored: Uint8Array[] }>();
    const done: { feed: FeedRow; firstSeq: number; stored: Uint8Array[] }[] = [];
    for (const { feed: id, seq, stored } of rows) {
      const feed = named.get(id);
      if (!feed) continue;
      const key = feedKey(nameOf(feed));
      const open = runs.get(key);
      if (open && open.firstSeq + open.stored.length === seq) {
        open.stored.push(stored);
        continue;
      }
      const run = { feed, firstSeq: seq, stored: [stored] };
      runs.set(key, run);
      done.push(run);
    }
    return done.map(({ feed, firstSeq, stored }) => ({
      feed: nameOf(feed),
      firstSeq,
      stored,
      before: firstSeq === 1 ? null : (storedAt.get(feed.id, firstSeq - 1) ?? null),
    }));
  };
  const feedsById = (): Map<number, FeedRow> => new Map(feeds.all().map((f) => [f.id, f]));

  return {
    end,
    heads: (): Head[] => feeds.all().map((f) => ({ ...nameOf(f), seq: f.seq, hash: f.head.toString('hex') })),
    hashesAt(name: FeedName, seqs: readonly number[]): (string | null)[] {
      const id = feedByName.get(name.station, name.incarnation, name.lane);
      return seqs.map((seq) => (id === undefined ? null : (hashAt.get(id, seq)?.toString('hex') ?? null)));
    },
    stored(name: FeedName, seq: number): Uint8Array | null {
      const id = feedByName.get(name.station, name.incarnation, name.lane);
      return id === undefined ? null : (storedAt.get(id, seq) ?? null);
    },
    since(lane: Lane, cursor: number, limit: Limit, notFor: string | null): Slice {
      const last = end();
      const giveUpAt = performance.now() + LOOK_MS;
      const rows: ArrivedRow[] = [];
      const room = roomFor(limit);
      let at = Math.min(cursor, last);
      while (at < last && rows.length === 0 && performance.now() < giveUpAt) {
        const upTo = Math.min(at + WINDOW, last);
        let looked = at;
        for (const row of arrived.iterate(at, upTo, lane, notFor ?? '', notFor ?? '')) {
          if (!room.fits(row)) break;
          rows.push(row);
          looked = row.arrival;
        }
        at = room.isFull() ? looked : upTo;
      }
      return { runs: runsOf(rows, feedsById()), cursor: at, more: at < last };
    },
    beyond(lane: Lane, positions: ReadonlyMap<string, number>, limit: Limit): Slice {
      const all = feedsById();
      const room = roomFor(limit);
      const rows: ArrivedRow[] = [];
      const next = (feed: number, seq: number): Waiting | null => {
        const arrival = arrivalAt.get(feed, seq);
        return arrival === undefined ? null : { feed, seq, arrival };
      };
      let waiting = [...all.values()]
        .filter((f) => f.lane === lane)
        .map((f) => next(f.id, (positions.get(feedKey(nameOf(f))) ?? 0) + 1))
        .filter((w) => w !== null)
        .sort((a, b) => a.arrival - b.arrival);
      // of the feed that goes on first, up to where another one goes on
      while (waiting.length > 0 && !room.isFull()) {
        const [first, second] = waiting;
        if (!first) break;
        const others = waiting.slice(1);
        let left: Waiting | null = null;
        for (const row of behind.iterate(first.feed, first.seq - 1)) {
          if ((second && row.arrival > second.arrival) || !room.fits(row)) {
            left = { feed: row.feed, seq: row.seq, arrival: row.arrival };
            break;
          }
          rows.push(row);
        }
        waiting = left ? [...others, left].sort((a, b) => a.arrival - b.arrival) : others;
      }
      return { runs: runsOf(rows, all), cursor: 0, more: waiting.length > 0 };
    },
  };
}

/** Counts up to a limit; the first change fits however long it is. */
function roomFor(limit: Limit) {
  let changes = 0;
  let bytes = 0;
  let full = false;
  return {
    fits({ stored }: ArrivedRow): boolean {
      if (changes > 0 && (changes >= limit.changes || bytes + stored.length > limit.bytes)) {
        full = true;
        return false;
      }
      changes += 1;
      bytes += stored.length;
      return true;
    },
    isFull: (): boolean => full,
  };
}

/** The next change of a feed that a peer lacks. */
interface Waiting {
  readonly feed: number;
  readonly seq: number;
  readonly arrival: number;
}

interface FeedRow {
  id: number;
  station: string;
  incarnation: number;
  lane: number;
  seq: number;
  head: Buffer;
}
interface ArrivedRow {
  arrival: number;
  feed: number;
  seq: number;
  stored: Buffer;
}

const nameOf = ({ station, incarnation, lane }: FeedRow): FeedName => ({
  station,
  incarnation,
  lane: lane === 0 ? 0 : lane === 1 ? 1 : 2,
});
