// What the store offers the rooms above it, and what a room gives the store: its kinds and projections.
import type { Database } from 'better-sqlite3';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type * as z from 'zod';
import type { Result } from '../../shared/api/contract.ts';
import type { Change, ChangeKind, EntityRef } from '../../shared/model/change.ts';

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
}
