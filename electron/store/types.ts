// What the store offers the rooms above it, and what a room gives the store: its kinds and projections.
import type { Database } from 'better-sqlite3';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type * as z from 'zod';
import type { Result } from '../../shared/api/contract.ts';
import type { Change, ChangeKind, EntityRef, Lane } from '../../shared/model/change.ts';
import type { FeedName, Run, Taken } from '../../shared/sync/port.ts';
import type { BackupCopy } from './backup.ts';
import type { StoreState } from './state-repair.ts';

/** Who writes: goes into every change. Null author = the station itself. */
export interface Author {
  readonly userId: string | null;
  readonly sessionId: string | null;
}

export interface NewChange<S extends z.ZodObject> {
  /** Subject id; its type comes from the kind. */
  readonly id: string;
  readonly patient?: string | null;
  readonly refs?: readonly EntityRef[];
  readonly body: z.input<S>;
}

/** Inside `store.write`: reads see what was appended so far; everything commits or nothing does. */
export interface Tx {
  readonly sql: Database;
  readonly db: BetterSQLite3Database;
  /** Checks the body, stamps, chains, stores and projects the change at once. */
  append<S extends z.ZodObject>(kind: ChangeKind<S>, change: NewChange<S>): Change<z.output<S>>;
}

export interface Store {
  /** For reading. Never write through it. */
  readonly sql: Database;
  readonly db: BetterSQLite3Database;
  readonly station: { readonly id: string; readonly incarnation: number };
  /** One durable transaction (synchronous=FULL). A failed Result or a throw rolls everything back. */
  write<T>(author: Author, work: (tx: Tx) => Result<T>): Result<T>;
  /** All changes of a subject in canonical order, parked ones left out. */
  changesOf(type: string, id: string): Change[];
  /** Local, never synced, never part of the record: drafts, settings of this PC. Same durability. */
  local<T>(work: (sql: Database) => T): T;
  /** Called after commit with the subject types and patients that changed. */
  onCommit(
    listener: (touched: { types: ReadonlySet<string>; patients: ReadonlySet<string> }) => void,
  ): () => void;
}

/** Row of the conflict table, owned by the subject or key that found it. */
export interface ConflictRow {
  readonly kind: 'field' | 'illegal_transition' | 'double_bed' | 'two_stays' | 'two_discharges';
  /** Stable name of what collides, e.g. `bloodGroup` or a sorted list of change ids; hashed into the conflict id. */
  readonly key: string;
  readonly patient: string | null;
  /** i18n key */
  readonly subjectKey: string;
  readonly sides: readonly {
    choice: string;
    value: unknown;
    hlc: string;
    wall: number;
    author: string | null;
    station: string;
    current: boolean;
  }[];
  readonly settled?: {
    hlc: string;
    wall: number;
    author: string | null;
    choice: string;
    reason: string | null;
  } | null;
}

export interface ProjectContext {
  readonly sql: Database;
  readonly db: BetterSQLite3Database;
}

/**
 * Rewrites the rows of one subject from all its changes: delete, then insert.
 * Must depend on nothing but the changes given (no clock, no other subject's rows), so that
 * any arrival order and any rebuild give identical tables.
 */
export interface Projection {
  readonly subject: string;
  /** Emptied by a rebuild. */
  readonly tables: readonly string[];
  /** Raise it when `project` writes something else than before: stores refill these tables when next opened. */
  readonly version?: number;
  project(ctx: ProjectContext, id: string, changes: readonly Change[]): Projected;
}

export interface Projected {
  /** Conflicts within the subject. */
  readonly conflicts?: readonly ConflictRow[];
  /** Keys whose cross-subject rules must be looked at again, e.g. `bed:<id>`; see Detector. */
  readonly keys?: readonly string[];
}

/** Finds conflicts between subjects that share a key, from the projected tables alone. */
export interface Detector {
  /** Part of the key before the colon. */
  readonly prefix: string;
  detect(ctx: ProjectContext, id: string): readonly ConflictRow[];
}

/** What an area hands to the store when it is opened. */
export interface AreaModel {
  readonly kinds: readonly ChangeKind[];
  readonly projections: readonly Projection[];
  readonly detectors?: readonly Detector[];
  /** Tables filled beside the projected ones, e.g. for searching: they travel in a snapshot, and are not compared. */
  readonly alongside?: readonly string[];
}

/** How the store speaks to the program's log: a sentence and facts, never values from the record. */
export type StoreLog = (
  level: 'info' | 'warn' | 'error',
  message: string,
  facts?: Readonly<Record<string, string | number | boolean | null>>,
) => void;

/** Why a change from elsewhere was not taken in; the rest of its batch was. */
export interface Refusal {
  /**
   * gap: an earlier number of its feed is missing, ask for `expected` · fork: another change has this number ·
   * broken_chain: does not follow our head · unreadable: not the stored form of a change.
   * fork and broken_chain are kept in quarantine.
   */
  readonly reason: 'gap' | 'fork' | 'broken_chain' | 'unreadable';
  readonly station?: string;
  readonly incarnation?: number;
  readonly lane?: number;
  readonly seq?: number;
  readonly expected?: number;
  readonly detail?: string;
}

export interface IngestReport {
  readonly accepted: number;
  readonly duplicates: number;
  /** Of the accepted, how many wait for something before they show. */
  readonly parked: number;
  /** Of the accepted, how many came from a clock more than 5 minutes ahead of ours. */
  readonly ahead: number;
  readonly refused: readonly Refusal[];
}

export interface FeedHead {
  readonly station: string;
  readonly incarnation: number;
  readonly lane: number;
  readonly seq: number;
  /** 64 hex digits */
  readonly head: string;
  /** Written by this store now or in an earlier incarnation. */
  readonly own: boolean;
}

export interface ClockAlarm {
  readonly id: string;
  /** The PC's clock after the jump, ms since 1970 UTC. */
  readonly at: number;
  /** Positive: leapt ahead; negative: fell back. */
  readonly jumpMs: number;
  readonly found: 'running' | 'on_open';
  readonly acknowledgedAt: number | null;
  readonly acknowledgedBy: string | null;
}

export interface CheckReport {
  readonly ok: boolean;
  /** Changes or pages looked at. */
  readonly checked: number;
  /** The first thing that is wrong, as a sentence for the IT person. */
  readonly detail?: string;
}

/** What only core, sync, tools and tests use; clinical areas see `Store`. */
export interface OpenStore extends Store {
  readonly path: string;
  readonly areas: readonly AreaModel[];
  /** 16 hex digits: this copy of the log, another after a restore or a new incarnation. */
  readonly logId: string;
  /** Like write, but for many authors, projected once at the end, without the disk flush: for generators only. */
  bulk<T>(work: (as: (author: Author) => Tx) => Result<T>): Result<T>;
  /** Takes in stored forms from other stations, each feed in order of its numbers. */
  ingest(batch: readonly Uint8Array[]): Result<IngestReport>;
  /**
   * As a session brings them, in one transaction. `via`: the station that brought them. `durable: false` only where
   * the caller flushes the WAL before it answers anybody. `also` runs in the same transaction, e.g. to keep a cursor.
   */
  take(
    runs: readonly Run[],
    options: {
      readonly via: string;
      readonly durable?: boolean;
      also?(sql: Database, taken: Taken): void;
    },
  ): Result<Taken>;
  /**
   * Another branch of this feed stays: sets ours aside from `fromSeq` on, carries each of its changes on in the own
   * feed, under a new incarnation when the feed is the one written now. See ForkStore.
   */
  displace(feed: FeedName, fromSeq: number): Result<{ readonly displaced: number; readonly lane: Lane }>;
  feeds(): FeedHead[];
  /** Stored forms of a feed behind `seq`, at most `limit`. */
  storedAfter(
    feed: Pick<FeedHead, 'station' | 'incarnation' | 'lane'>,
    seq: number,
    limit: number,
  ): Uint8Array[];
  /** Empties and refills every projected table, the parked list and the conflicts from the log. */
  rebuild(): Result<{ readonly changes: number }>;
  /** Walks every feed and recomputes every hash. */
  verifyLog(): CheckReport;
  /** SQLite's own check of pages, indexes and constraints. */
  integrityCheck(): CheckReport;
  parkedCounts(): readonly { readonly reason: string; readonly count: number }[];
  quarantined(): readonly (Pick<FeedHead, 'station' | 'incarnation' | 'lane' | 'seq'> & {
    readonly reason: 'fork' | 'broken_chain' | 'displaced';
    readonly hash: string;
    readonly keptHash: string;
    readonly at: number;
  })[];
  /** Latest stamp, for "how far is the record ahead of this PC's clock". */
  lastStamp(): string;
  /** Looks for a clock jump; call once a minute. */
  checkClock(): ClockAlarm | null;
  clockAlarms(): ClockAlarm[];
  /** `not_found` when there is no such alarm or it was acknowledged before. */
  acknowledgeClockAlarm(id: string, userId: string): Result<null>;
  /** A restored copy never continues its old feeds; answers the new incarnation, above `shown`. */
  newIncarnation(shown?: number): Result<number>;
  /** A verified copy of the whole store in `folder`, older ones thinned out; see backup.ts. */
  backup(folder: string): Promise<Result<BackupCopy>>;
  /**
   * Of the projected tables, kept up with every change; 32 hex digits each. Two stores with equal `fingerprint` and
   * the same changes have equal digests, or one of them shows what the log doesn't say.
   */
  stateDigest(): { readonly fingerprint: string; readonly digest: string };
  readonly state: StoreState;
  versions(): { readonly schema: string; readonly sqlite: string; readonly cipher: string };
  close(): void;
}
