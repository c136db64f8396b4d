// Decides whether a logged change can be shown yet. What cannot is parked with its reason and looked at
// again when the thing it waits for arrives; it is never refused and never blocks what comes behind it.
import type { Database } from 'better-sqlite3';
import type { Change, ChangeKind, EntityRef, Subject } from '../../shared/model/change.ts';
import type { KindRegistry } from '../../shared/model/registry.ts';
import type { ChangeLog, Logged } from './log.ts';

export type ParkReason = 'unknown_kind' | 'unknown_version' | 'missing_ref' | 'rejected' | 'unshowable';

export interface Obstacle {
  readonly reason: ParkReason;
  readonly waitingFor?: string;
  readonly detail?: string;
}

export interface Parking {
  /**
   * Parks the change, or lets it in and with it everything that waited for it; answers all let in.
   * `upTo`: only changes that arrived until then count as being there (a rebuild walks the log again).
   * `isNew`: it has just arrived, so it cannot be parked.
   */
  admit(logged: Logged, how?: { readonly upTo?: number; readonly isNew?: boolean }): Change[];
  /** The change as it is to be shown, defaults of its kind filled in, or what keeps it from being shown. */
  look(change: Change, upTo?: number): Change | Obstacle;
  /** Goes on where `look` found no obstacle: lets in everything that waited for it; answers all let in. */
  letIn(change: Change): Change[];
  /**
   * Those of a subject's changes that its projection throws on, in place of those noted before: arrival → what was
   * thrown. They count as being there for whatever refers to the subject, so that nothing depends on when it was found.
   */
  unshowable(subject: Subject, found: ReadonlyMap<number, string>): void;
  /** Subjects that have such changes. */
  subjectsUnshowable(): Subject[];
  counts(): { reason: ParkReason; count: number }[];
  empty(): void;
  /** Forgets what was remembered as being there: a transaction was rolled back. */
  forget(): void;
}

/** References remembered as being there; more than a busy day touches, less than 10 MB. */
const REMEMBERED = 50_000;

const carriesNothing: Obstacle = { reason: 'rejected', detail: 'carries another change than it says' };

export function parkingOf(sql: Database, log: ChangeLog, registry: KindRegistry): Parking {
  const park = sql.prepare(
    `insert into parked (arrival, reason, waiting_for, detail) values (?, ?, ?, ?)
     on conflict (arrival) do update set reason = excluded.reason, waiting_for = excluded.waiting_for, detail = excluded.detail`,
  );
  const unpark = sql.prepare('delete from parked where arrival = ?');
  const waiting = sql
    .prepare<[string], number>('select arrival from parked where waiting_for = ? order by arrival')
    .pluck();
  const subjectsMarked = sql.prepare<[], { type: string; id: string }>(
    `select distinct l.subject_type as type, l.subject_id as id
     from parked p cross join change_log l on l.arrival = p.arrival where p.reason = 'unshowable'`,
  );
  const allAwaited = sql
    .prepare<[], string>('select distinct waiting_for from parked where waiting_for is not null')
    .pluck();
  const unmark = sql.prepare(
    `delete from parked where reason = 'unshowable'
       and arrival in (select arrival from change_log where subject_type = ? and subject_id = ?)`,
  );
  const counts = sql.prepare<[], { reason: ParkReason; count: number }>(
    'select reason, count(*) as count from parked group by reason order by reason',
  );

  // what is there once stays there: nothing leaves the log
  const there = new Set<string>();
  const remember = (ref: string): void => {
    if (there.size >= REMEMBERED) there.clear();
    there.add(ref);
  };
  const isThere = (ref: EntityRef, upTo?: number): boolean => {
    if (there.has(ref)) return true;
    const colon = ref.indexOf(':');
    const type = ref.slice(0, colon);
    // a type nothing known creates cannot be waited for; the change shows without it
    const found = !registry.isCreated(type) || log.exists(type, ref.slice(colon + 1), upTo);
    if (found) remember(ref);
    return found;
  };

  const look = (change: Change, upTo?: number): Change | Obstacle => {
    const kind = registry.find(change.kind, change.v);
    if (!kind) return { reason: registry.knows(change.kind) ? 'unknown_version' : 'unknown_kind' };
    if (kind.subject !== change.subject.type)
      return { reason: 'rejected', detail: 'subject of another type' };
    if (kind.lane !== change.lane) return { reason: 'rejected', detail: 'lane of another kind' };
    const body = parsed(kind, change);
    if (!body) return { reason: 'rejected', detail: 'its body cannot be checked' };
    if (!body.success)
      return {
        reason: 'rejected',
        // where, never what: the value may be about a patient
        detail: body.error.issues
          .map((i) => `${i.path.join('.')}: ${i.code}`)
          .join('; ')
          .slice(0, 400),
      };
    const subject: EntityRef = `${change.subject.type}:${change.subject.id}`;
    const needs = kind.creates ? change.refs : [subject, ...change.refs];
    const missing = needs.find((ref) => !isThere(ref, upTo));
    if (missing !== undefined) return { reason: 'missing_ref', waitingFor: missing };
    return { ...change, body: body.data };
  };

  const admit: Parking['admit'] = (logged, { upTo, isNew = false } = {}) => {
    const seen = logged.change ? look(logged.change, upTo) : carriesNothing;
    if ('reason' in seen) {
      park.run(logged.arrival, seen.reason, seen.waitingFor ?? null, seen.detail ?? null);
      if (seen.waitingFor !== undefined) awaitedSubjects().add(seen.waitingFor);
      return [];
    }
    if (!isNew) unpark.run(logged.arrival);
    return letIn(seen, upTo);
  };
  const letIn = (change: Change, upTo?: number): Change[] => {
    if (!registry.find(change.kind, change.v)?.creates) return [change];
    const subject: EntityRef = `${change.subject.type}:${change.subject.id}`;
    remember(subject);
    if (!awaitedSubjects().has(subject)) return [change];
    const waiters = waiting.all(subject).map((arrival) => log.atArrival(arrival));
    return [change, ...waiters.flatMap((waiter) => (waiter ? admit(waiter, { upTo }) : []))];
  };

  // few or none, while most changes bring something into being; one too many in it costs a look, no more
  let awaited: Set<string> | null = null;
  const awaitedSubjects = (): Set<string> => {
    awaited ??= new Set(allAwaited.all());
    return awaited;
  };
  // almost always none at all, and then a projection costs nothing more for it
  let marked: Set<string> | null = null;
  const markedSubjects = (): Set<string> => {
    marked ??= new Set(subjectsMarked.all().map(({ type, id }) => `${type}:${id}`));
    return marked;
  };

  return {
    look,
    admit,
    letIn,
    unshowable(subject, found) {
      const name = `${subject.type}:${subject.id}`;
      const all = markedSubjects();
      if (found.size === 0 && !all.has(name)) return;
      unmark.run(subject.type, subject.id);
      for (const [arrival, detail] of found) park.run(arrival, 'unshowable', null, detail);
      if (found.size > 0) all.add(name);
      else all.delete(name);
    },
    subjectsUnshowable: () => subjectsMarked.all(),
    counts: () => counts.all(),
    empty() {
      sql.exec('delete from parked');
      there.clear();
      marked = new Set();
      awaited = new Set();
    },
    forget() {
      there.clear();
      marked = null;
      awaited = null;
    },
  };
}

/** Null: the check itself threw, on something nobody thought of. */
function parsed(kind: ChangeKind, change: Change): ReturnType<ChangeKind['body']['safeParse']> | null {
  try {
    return kind.body.safeParse(change.body);
  } catch {
    return null;
  }
}
