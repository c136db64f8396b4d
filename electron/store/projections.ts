// Keeps the tables equal to what the log says: each subject's rows are rewritten from all its changes,
// then the rules between subjects are looked at again under every key the subject has or had.
import type { Database } from 'better-sqlite3';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { type Change, canonicalOrder, type Subject } from '../../shared/model/change.ts';
import { conflictsOf } from './conflicts.ts';
import type { ChangeLog } from './log.ts';
import type { Parking } from './parking.ts';
import { attemptsOn, nameOf, showAround } from './poison.ts';
import type { AreaModel, ConflictRow, Detector, Projection, StoreLog } from './types.ts';

export interface Projections {
  /** Rewrites the rows of the change's subject now, or at `flush` while deferred. `alone`: it has no other change. */
  touch(change: Change, alone?: boolean): void;
  /** The same when it is known only that the subject changed. */
  touchSubject(subject: Subject): void;
  /** Collects touched subjects until `flush`: for many changes at once. */
  defer(): void;
  /** `own`: what this program wrote itself a moment ago; when that cannot be shown it is a bug and thrown. */
  flush(how?: { readonly own?: boolean }): void;
  /** Forgets what was collected: the transaction was rolled back. */
  discard(): void;
  /** Empties and refills the tables of these subject types. */
  refill(types: ReadonlySet<string>): void;
  /** Empties all tables, conflicts and keys: the caller touches every subject again. */
  empty(): void;
}

export function projectionsOf(
  sql: Database,
  db: BetterSQLite3Database,
  log: ChangeLog,
  parking: Parking,
  areas: readonly AreaModel[],
  report: StoreLog,
  emptyTable: (table: string) => void = (table) => sql.exec(`delete from "${table}"`),
): Projections {
  const ctx = { sql, db };
  const attempt = attemptsOn(sql);
  const projections = bySubject(areas.flatMap((a) => a.projections));
  const detectors = byPrefix(areas.flatMap((a) => a.detectors ?? []));
  const conflicts = conflictsOf(sql);
  const keysOf = sql
    .prepare<[string, string], string>(
      'select key from subject_key where subject_type = ? and subject_id = ?',
    )
    .pluck();
  const addKey = sql.prepare('insert into subject_key (subject_type, subject_id, key) values (?, ?, ?)');
  const dropKey = sql.prepare(
    'delete from subject_key where subject_type = ? and subject_id = ? and key = ?',
  );
  const pending = new Map<string, Touched>();
  let deferred = false;

  /** Answers the keys to look at. */
  const projectSubject = ({ type, id, changes: touched, alone }: Touched, mayFail: boolean): Set<string> => {
    const handlers = projections.get(type);
    if (!handlers) return new Set();
    const areAll = alone || log.hasJust(type, id, touched.length);
    const changes = areAll ? touched.sort(canonicalOrder) : log.candidatesOf(type, id);
    // all of them came just now: nothing of the subject was ever written, so there is nothing to look for
    const isNew = areAll && touched.length > 0;
    const before = new Set(isNew ? [] : keysOf.all(type, id));
    let there = before;
    let mayHaveConflicts = !isNew;
    const write = (shown: readonly Change[]): Set<string> => {
      const found: ConflictRow[] = [];
      const keys = new Set<string>();
      for (const projection of handlers) {
        const projected = projection.project(ctx, id, shown);
        found.push(...(projected.conflicts ?? []));
        for (const key of projected.keys ?? []) keys.add(key);
      }
      if (mayHaveConflicts || found.length > 0) {
        conflicts.replace(`${type}:${id}`, found);
        mayHaveConflicts = true;
      }
      for (const key of keys) if (!there.has(key)) addKey.run(type, id, key);
      for (const key of there) if (!keys.has(key)) dropKey.run(type, id, key);
      there = keys;
      return keys;
    };
    const { value, spared } = showAround(attempt, changes, write);
    if (!mayFail) {
      const own = new Set(touched.map((c) => c.hash));
      for (const [change, error] of spared) if (own.has(change.hash)) throw error;
    }
    noteSpared({ type, id }, spared);
    return new Set([...(value ?? []), ...before]);
  };
  const noteSpared = (subject: Subject, spared: ReadonlyMap<Change, unknown>): void => {
    if (spared.size === 0) {
      parking.unshowable(subject, new Map());
      return;
    }
    const arrivals = log.arrivalsOf(subject.type, subject.id);
    const found = [...spared].flatMap(([{ hash }, error]) =>
      (arrivals.get(hash) ?? []).map((arrival): [number, string] => [arrival, nameOf(error)]),
    );
    parking.unshowable(subject, new Map(found));
  };
  const detect = (key: string): void => {
    const colon = key.indexOf(':');
    const tried = attempt(() => {
      const rows = (detectors.get(key.slice(0, colon)) ?? []).flatMap((d) =>
        d.detect(ctx, key.slice(colon + 1)),
      );
      conflicts.replace(`key:${key}`, rows);
    });
    if (tried.ok) return;
    conflicts.replace(`key:${key}`, []);
    report('error', 'a rule between subjects failed', {
      rule: key.slice(0, colon),
      error: nameOf(tried.error),
    });
  };

  const touch = ({ type, id }: Subject, changes: Change[], alone: boolean): void => {
    if (!deferred) {
      for (const key of projectSubject({ type, id, changes, alone }, false)) detect(key);
      return;
    }
    const before = pending.get(`${type}:${id}`);
    if (before) before.changes.push(...changes);
    else pending.set(`${type}:${id}`, { type, id, changes, alone });
  };
  const emptyTables = (types: Iterable<string>): void => {
    const tables = new Set([...types].flatMap((t) => projections.get(t) ?? []).flatMap((p) => p.tables));
    for (const table of tables) emptyTable(table);
  };

  return {
    touch(change, alone = false) {
      // under what name a carried one is shown depends on what else the subject has
      if (change.carried) touch(change.subject, [], false);
      else touch(change.subject, [change], alone);
    },
    touchSubject: (subject) => touch(subject, [], false),
    defer() {
      deferred = true;
    },
    flush({ own = false } = {}) {
      deferred = false;
      const keys = new Set<string>();
      for (const subject of pending.values()) for (const key of projectSubject(subject, !own)) keys.add(key);
      pending.clear();
      for (const key of keys) detect(key);
    },
    discard() {
      deferred = false;
      pending.clear();
    },
    refill(types) {
      const chosen = sharingTables(types, projections);
      emptyTables(chosen);
      const left = new Set<string>();
      for (const type of chosen)
        for (const id of subjectsOf(sql, type))
          for (const key of projectSubject({ type, id, changes: [], alone: false }, true)) left.add(key);
      for (const key of keysInUse(sql)) {
        left.delete(key);
        detect(key);
      }
      // a key no subject has any more still owns the conflicts that were found under it
      for (const key of left) conflicts.replace(`key:${key}`, []);
    },
    empty() {
      emptyTables(projections.keys());
      emptyTable('conflict');
      sql.exec('delete from subject_key');
    },
  };
}

interface Touched extends Subject {
  /** What is at hand of its changes. When it is all of them, they need not be read back: true of most subjects. */
  readonly changes: Change[];
  readonly alone: boolean;
}

/** The types given and those whose rows lie in the same tables: they are emptied together. */
function sharingTables(
  types: ReadonlySet<string>,
  projections: ReadonlyMap<string, readonly Projection[]>,
): string[] {
  const tables = new Set([...types].flatMap((t) => projections.get(t) ?? []).flatMap((p) => p.tables));
  return [...projections]
    .filter(([type, all]) => types.has(type) || all.some((p) => p.tables.some((t) => tables.has(t))))
    .map(([type]) => type);
}

/** In slices: a store of years has millions of subjects. */
function* subjectsOf(sql: Database, type: string): Generator<string> {
  const slice = sql
    .prepare<[string, string], string>(
      `select distinct subject_id from change_log where subject_type = ? and subject_id > ?
       order by subject_id limit 1000`,
    )
    .pluck();
  for (let ids = slice.all(type, ''); ids.length > 0; ids = slice.all(type, ids.at(-1) ?? '')) yield* ids;
}

function* keysInUse(sql: Database): Generator<string> {
  const slice = sql
    .prepare<[string], string>('select distinct key from subject_key where key > ? order by key limit 1000')
    .pluck();
  for (let keys = slice.all(''); keys.length > 0; keys = slice.all(keys.at(-1) ?? '')) yield* keys;
}

/** Every table a projection fills, each once. */
export const tablesOf = (areas: readonly AreaModel[]): string[] => [
  ...new Set(areas.flatMap((a) => a.projections).flatMap((p) => p.tables)),
];

function bySubject(all: readonly Projection[]): Map<string, Projection[]> {
  return Map.groupBy(all, (p) => p.subject);
}
function byPrefix(all: readonly Detector[]): Map<string, Detector[]> {
  return Map.groupBy(all, (d) => d.prefix);
}
