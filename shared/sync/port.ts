// What the protocol needs of a place that keeps changes: SQLite on a station, PostgreSQL at the province,
// plain memory in the simulation. All of them answer the same questions, so one protocol serves every pair.
import type { Lane } from '../model/change.ts';

/** Names a chain of changes one station wrote. */
export interface FeedName {
  /** 32 hex digits */
  readonly station: string;
  readonly incarnation: number;
  readonly lane: Lane;
}

/** How far a feed is held: its last number and that change's hash. */
export interface Head extends FeedName {
  /** Last number held; the feed is gapless up to it. */
  readonly seq: number;
  /** 64 hex digits */
  readonly hash: string;
}

/** One copy of the province's log: one that was put back to an older state is another. */
export interface ProvinceLog {
  /** 16 hex digits */
  readonly id: string;
  /** When it was first met by whoever says so, by the province's clock: the later of two logs counts. */
  readonly since: number;
}

/** Key of a feed in maps: `<station>.<incarnation>.<lane>`. */
export const feedKey = (f: FeedName): string => `${f.station}.${f.incarnation}.${f.lane}`;

/** Consecutive changes of one feed, as stored forms. */
export interface Run {
  readonly feed: FeedName;
  readonly firstSeq: number;
  readonly stored: readonly Uint8Array[];
  /** Stored form of change firstSeq − 1: what the first one is written against. Null when firstSeq is 1. */
  readonly before: Uint8Array | null;
}

export interface Limit {
  readonly changes: number;
  /** Of stored forms; at least one change is answered however long it is. */
  readonly bytes: number;
}

/** A piece of a lane, in the order in which the place that answers committed it. */
export interface Slice {
  readonly runs: readonly Run[];
  /** Where to go on: number of the last commit looked at, whether or not it was for the asker. */
  readonly cursor: number;
  /** Something lies behind `cursor` still. */
  readonly more: boolean;
}

/** Why a change was not taken in. The rest of its batch was. */
export interface Refused extends FeedName {
  readonly seq: number;
  /**
   * gap: send from `expected` · fork: another change has this number, `kept` is its hash · broken_chain: does not
   * follow our head `kept` · unreadable: not the stored form of a change.
   */
  readonly reason: 'gap' | 'fork' | 'broken_chain' | 'unreadable';
  readonly expected?: number;
  /** 64 hex digits */
  readonly kept?: string;
  readonly detail?: string;
}

export interface Taken {
  readonly accepted: number;
  readonly duplicates: number;
  /** Of the accepted: kept, but not shown yet or ever (a kind not known here, something it needs is missing). */
  readonly parked: number;
  /** Of the accepted: from a clock more than 5 minutes ahead. */
  readonly ahead: number;
  readonly refused: readonly Refused[];
  /** Heads of all feeds that were named in the runs, as they now are. */
  readonly heads: readonly Head[];
}

/**
 * Everything is durable before its promise resolves. Answers are about one center; the province makes one
 * ChangeStore for each.
 */
export interface ChangeStore {
  /** 16 hex digits: this copy of the log. Numbers of its commits mean nothing in another copy. */
  logId(): Promise<string>;
  heads(): Promise<readonly Head[]>;
  /** 64 hex digits each; null where the feed has no such number here. */
  hashesAt(feed: FeedName, seqs: readonly number[]): Promise<readonly (string | null)[]>;
  /** Stored form, null when not held. */
  stored(feed: FeedName, seq: number): Promise<Uint8Array | null>;
  /**
   * What was committed behind `cursor` in this lane, but for what `notFor` wrote or brought here itself.
   * Never passes over a commit that becomes visible later.
   */
  since(lane: Lane, cursor: number, limit: Limit, notFor: string | null): Promise<Slice>;
  /** What is held beyond these positions (feedKey → seq; a feed left out is at 0); `cursor` is 0. */
  beyond(lane: Lane, positions: ReadonlyMap<string, number>, limit: Limit): Promise<Slice>;
  /** Number of the last commit. */
  end(): Promise<number>;
  /** Checks numbers and chains, keeps what joins, sets aside what does not. `via`: station that brought it. */
  take(runs: readonly Run[], via: string): Promise<Taken>;
}
