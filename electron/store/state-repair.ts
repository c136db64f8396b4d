// Writes rows that are not what the log says anew from the log, and keeps an alarm about it: such a row is a fault
// of a program or of a disk, and a fault that heals unseen comes again.
import { setImmediate as turn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { ok, type Result } from '../../shared/api/contract.ts';
import type { Subject } from '../../shared/model/change.ts';
import type { StateAnswer, StateDifference, StateQuestion } from '../../shared/sync/state-walk.ts';
import type { Projections } from './projections.ts';
import { rowsInSlices, stateAnswers } from './state-answers.ts';
import { checkState, type StateDigest, summedNames } from './state-digest.ts';
import type { SummedTable, Tally } from './state-sums.ts';
import type { AreaModel, CheckReport, StoreLog } from './types.ts';

export interface StateAlarm {
  readonly id: string;
  /** This PC's clock, ms since 1970 UTC. */
  readonly at: number;
  readonly table: string;
  /** Rows that differed; null: too many to name. */
  readonly rows: number | null;
  readonly found: 'peer' | 'check';
  /** Station it was compared with. */
  readonly peer: string | null;
  /** Whether the rows of this store changed when they were written anew. */
  readonly wasOurs: boolean;
}

export interface StoreState {
  /** For a walk between two stores with the same changes; see shared/sync/state-walk.ts. */
  answer(question: StateQuestion): Promise<StateAnswer>;
  /**
   * Writes what differs anew from the log, and an alarm for each table. Looks for the rows in slices and rewrites
   * them in one transaction: moments for rows that were named, minutes for a whole table of years.
   */
  repair(
    found: readonly StateDifference[],
    by: { readonly found: 'peer' | 'check'; readonly peer: string | null },
  ): Promise<Result<readonly StateAlarm[]>>;
  /** Whether the rows are those that were written. Reads all of them in one go; the upkeep thread does the same. */
  check(): CheckReport & { readonly tables: readonly string[] };
  /** Latest first. */
  alarms(): StateAlarm[];
}

export interface StateParts {
  readonly sql: Database;
  readonly areas: readonly AreaModel[];
  readonly state: StateDigest;
  readonly projections: Projections;
  now(): number;
  transaction<T>(work: () => Result<T>): Result<T>;
  /** Pages show this type of subject anew. */
  touched(type: string): void;
  readonly log: StoreLog;
}

export function storeState(parts: StateParts): StoreState {
  const { sql, areas, state, projections } = parts;
  const note = sql.prepare(
    'insert into state_alarm (id, at, table_name, rows, found, peer, was_ours) values (?, ?, ?, ?, ?, ?, ?)',
  );
  const all = sql.prepare<[], AlarmRow>(
    `select id, at, table_name as "table", rows, found, peer, was_ours as wasOurs from state_alarm
     order by at desc, id`,
  );
  const existsInLog = sql.prepare(
    'select 1 from change_log where subject_type = ? and subject_id = ? limit 1',
  );
  const subjectIds = sql
    .prepare<[string, string], string>(
      `select distinct subject_id from change_log where subject_type = ? and subject_id > ?
       order by subject_id limit 1000`,
    )
    .pluck();
  const ownerOf = sql.prepare<[string], string>('select owner from conflict where id = ?').pluck();
  const withKey = sql.prepare<[string], Subject>(
    'select subject_type as type, subject_id as id from subject_key where key = ?',
  );
  const typesOf = (table: string): string[] => {
    const filling = areas.flatMap((a) => a.projections).filter((p) => p.tables.includes(table));
    // conflicts may be found by any of them
    return [
      ...new Set((filling.length > 0 ? filling : areas.flatMap((a) => a.projections)).map((p) => p.subject)),
    ];
  };

  /** The subjects whose rows these are; null when that cannot be said of each. */
  const subjectsOf = async (table: SummedTable, keys: readonly string[]): Promise<Subject[] | null> => {
    const missing = new Set(keys);
    const subjects: Subject[] = [];
    const types = typesOf(table.name);
    for await (const { key } of rowsInSlices(sql, table)) {
      const hash = table.keyHashOf(key);
      if (!missing.has(hash)) continue;
      const id = onlyText(key);
      const owners = id === null ? [] : table.name === 'conflict' ? ownersOf(id) : inLog(types, id);
      if (owners.length === 0) return null;
      subjects.push(...owners);
      missing.delete(hash);
    }
    if (missing.size > 0 && table.name === 'conflict') return null;
    for (const type of missing.size > 0 ? types : [])
      for (let ids = subjectIds.all(type, ''); ids.length > 0; ids = subjectIds.all(type, ids.at(-1) ?? '')) {
        for (const id of ids)
          if (missing.delete(table.keyHashOf(JSON.stringify([id])))) subjects.push({ type, id });
        await turn();
      }
    return missing.size > 0 ? null : subjects;
  };
  const inLog = (types: readonly string[], id: string): Subject[] =>
    types.filter((type) => existsInLog.get(type, id)).map((type) => ({ type, id }));
  const ownersOf = (conflictId: string): Subject[] => {
    const owner = ownerOf.get(conflictId) ?? '';
    const colon = owner.indexOf(':');
    const [type, id] = [owner.slice(0, colon), owner.slice(colon + 1)];
    return type === 'key' ? withKey.all(id) : inLog([type], id);
  };

  return {
    answer: stateAnswers(sql, state),
    async repair(found, by) {
      const alarms: StateAlarm[] = [];
      for (const difference of found) {
        const table = state.tables.find((t) => t.name === difference.table);
        if (!table) continue;
        const subjects = difference.keys && (await subjectsOf(table, difference.keys));
        const written = parts.transaction((): Result<StateAlarm> => {
          const before = state.tally(table.name);
          rewrite(table, subjects);
          state.flush();
          // sums that no longer say what the rows are cannot be trusted to follow them
          if (by.found === 'check' || difference.keys?.length === 0) state.recount(table.name);
          const alarm: StateAlarm = {
            id: crypto.randomUUID(),
            at: Math.floor(parts.now()),
            table: table.name,
            rows: difference.keys && difference.keys.length > 0 ? difference.keys.length : null,
            found: by.found,
            peer: by.peer,
            wasOurs: by.found === 'check' || !same(before, state.tally(table.name)),
          };
          note.run(
            alarm.id,
            alarm.at,
            alarm.table,
            alarm.rows,
            alarm.found,
            alarm.peer,
            Number(alarm.wasOurs),
          );
          return ok(alarm);
        });
        if (!written.ok) return written;
        const { rows, wasOurs } = written.value;
        parts.log('error', 'rows were not what the log says and were written anew', {
          table: table.name,
          rows: rows ?? 'unknown',
          wasOurs: String(wasOurs),
        });
        alarms.push(written.value);
      }
      return ok(alarms);
    },
    check: () => checkState(sql, summedNames(areas)),
    alarms: () => all.all().map((row) => ({ ...row, wasOurs: row.wasOurs === 1 })),
  };

  function rewrite(table: SummedTable, subjects: readonly Subject[] | null): void {
    const types = new Set(subjects ? subjects.map((s) => s.type) : typesOf(table.name));
    for (const type of types) parts.touched(type);
    if (!subjects) {
      projections.refill(types);
      return;
    }
    projections.defer();
    for (const subject of subjects) projections.touchSubject(subject);
    projections.flush();
  }
}

interface AlarmRow extends Omit<StateAlarm, 'wasOurs'> {
  readonly wasOurs: number;
}

const same = (a: Tally, b: Tally): boolean => a.rows === b.rows && a.sum === b.sum;

/** The value of a key of one text column. */
function onlyText(keyJson: string): string | null {
  const values: unknown = JSON.parse(keyJson);
  const only: unknown = Array.isArray(values) && values.length === 1 ? values[0] : null;
  return typeof only === 'string' ? only : null;
}
