// Keeps for every projected table how many rows it has and what they sum to, in the transaction that changes it, so
// that two stores with the same changes can prove in 32 bytes that they show the same. Triggers see every row that
// is written, whoever writes it; how many of the collected hashes count lies in a table of its own, so that a
// rollback, of a savepoint too, takes them back with the rows.
import type { Database } from 'better-sqlite3';
import { sha256Hex } from './crypto.ts';
import { tablesOf } from './projections.ts';
import { fingerprints } from './rebuild.ts';
import {
  addWords,
  countedAnew,
  putHash,
  type Sum,
  type SummedTable,
  sumHex,
  summedTables,
  sumOf,
  type Tally,
} from './state-sums.ts';
import type { AreaModel, CheckReport } from './types.ts';

export interface StateDigest {
  readonly tables: readonly SummedTable[];
  /** 32 hex digits: what the rows depend on besides the changes. Only stores that agree in it can be compared. */
  readonly fingerprint: string;
  /** Writes down what the transaction changed; just before its commit. */
  flush(): void;
  /** Empties a table without looking at each row. */
  empty(table: string): void;
  /** Once the tables are filled: sums those anew that were never summed, or with other columns. Answers their names. */
  complete(): string[];
  /** Sums a table anew and writes that down; inside a transaction. */
  recount(table: string): void;
  tally(table: string): Tally;
  /** 32 hex digits: equal in two stores that show the same. */
  digest(): string;
}

/** What is compared besides the tables of the projections. */
const alsoSummed = ['conflict'];

export const summedNames = (areas: readonly AreaModel[]): string[] => [...tablesOf(areas), ...alsoSummed];

export function openStateDigest(sql: Database, areas: readonly AreaModel[]): StateDigest {
  const tables = summedTables(sql, summedNames(areas));
  const numberOf = new Map(tables.map((t, i) => [t.name, i]));
  const changes = collectedChanges(sql, tables);
  const read = sql.prepare<[string], KeptRow>(
    'select columns, rows, lower(hex(sum)) as sum from state_digest where name = ?',
  );
  const keep = sql.prepare(
    `insert into state_digest (name, columns, rows, sum) values (?, ?, ?, ?)
     on conflict (name) do update set columns = excluded.columns, rows = excluded.rows, sum = excluded.sum`,
  );
  const kept = (table: SummedTable): Tally | null => {
    const row = read.get(table.name);
    return row?.columns === columnsOf(table) ? row : null;
  };
  const note = (table: SummedTable, { rows, sum }: Tally): void => {
    keep.run(table.name, columnsOf(table), rows, Buffer.from(sum, 'hex'));
  };
  const tallyOf = (table: SummedTable): Tally => {
    const tally = kept(table);
    if (!tally) throw new Error(`the sum of ${table.name} is not known`);
    return tally;
  };
  const named = (name: string): SummedTable => {
    const table = tables.find((t) => t.name === name);
    if (!table) throw new Error(`${name} is not summed`);
    return table;
  };

  sql.pragma('recursive_triggers = ON'); // REPLACE shows the row it drives out to triggers only so
  for (const [i, table] of tables.entries()) sql.exec(triggersOf(table, i));

  return {
    tables,
    fingerprint: fingerprintOf(sql, areas, tables),
    flush() {
      for (const [number, change] of changes.take()) {
        const table = tables[number];
        const before = table && kept(table);
        // never summed yet: complete() will
        if (!before) continue;
        const sum = change.emptied ? change.sum : sumOf(before.sum);
        if (!change.emptied) addWords(sum, change.sum, 0, 1);
        note(table, { rows: (change.emptied ? 0 : before.rows) + change.rows, sum: sumHex(sum) });
      }
    },
    empty(name) {
      const number = numberOf.get(name);
      const table = number === undefined ? undefined : tables[number];
      if (number === undefined || !table) return void sql.exec(`delete from main."${name}"`);
      // with triggers SQLite would visit each row instead of giving back the pages
      for (const event of events) sql.exec(`drop trigger temp."${triggerName(event, table)}"`);
      sql.exec(`delete from main."${name}"`);
      sql.exec(triggersOf(table, number));
      changes.emptied(number);
    },
    complete() {
      const unknown = tables.filter((table) => !kept(table));
      const names = new Set(tables.map((t) => t.name));
      const gone = sql
        .prepare<[], string>('select name from state_digest')
        .pluck()
        .all()
        .filter((name) => !names.has(name));
      if (unknown.length === 0 && gone.length === 0) return [];
      sql
        .transaction(() => {
          for (const table of unknown) note(table, countedAnew(sql, table));
          for (const name of gone) sql.prepare('delete from state_digest where name = ?').run(name);
        })
        .immediate();
      return unknown.map((t) => t.name);
    },
    recount: (name) => note(named(name), countedAnew(sql, named(name))),
    tally: (name) => tallyOf(named(name)),
    digest: () =>
      sha256Hex(tables.map((t) => [t.name, tallyOf(t).rows, tallyOf(t).sum].join(' ')).join('\n')).slice(
        0,
        32,
      ),
  };
}

export interface StateReport extends CheckReport {
  /** Whose rows are not those that were written. */
  readonly tables: readonly string[];
}

/**
 * Compares the sums with the rows themselves: finds what a failing disk or a hand changed behind the program. Sees
 * one moment of the store, through any connection. `detail` names table and counts.
 */
export function checkState(sql: Database, names: readonly string[]): StateReport {
  return sql.transaction(() => {
    let checked = 0;
    const wrong: { table: string; kept: number; found: number }[] = [];
    for (const table of summedTables(sql, names)) {
      const kept = sql
        .prepare<[string], KeptRow>(
          'select columns, rows, lower(hex(sum)) as sum from state_digest where name = ?',
        )
        .get(table.name);
      if (kept?.columns !== columnsOf(table)) continue;
      const found = countedAnew(sql, table);
      checked += found.rows;
      if (found.rows !== kept.rows || found.sum !== kept.sum)
        wrong.push({ table: table.name, kept: kept.rows, found: found.rows });
    }
    const [first] = wrong;
    return {
      ok: wrong.length === 0,
      checked,
      tables: wrong.map((w) => w.table),
      ...(first && {
        detail: `the rows of table ${first.table} are not those that were written (${first.found} found, ${first.kept} written)`,
      }),
    };
  })();
}

/** One report of both: of the log, and of the rows made from it. */
export const withState = (log: CheckReport, state: StateReport): StateReport => ({
  ...state,
  checked: log.checked,
});

interface KeptRow {
  columns: string;
  rows: number;
  sum: string;
}

const columnsOf = (table: SummedTable): string => JSON.stringify(table.columns);

function fingerprintOf(sql: Database, areas: readonly AreaModel[], tables: readonly SummedTable[]): string {
  const facts = [
    [...fingerprints(areas)],
    tables.map((t) => [t.name, t.columns]),
    areas
      .flatMap((a) => a.detectors ?? [])
      .map((d) => d.prefix)
      .sort(),
    // it writes the numbers that are hashed
    sql.prepare('select sqlite_version()').pluck().get(),
  ];
  return sha256Hex(JSON.stringify(facts)).slice(0, 32);
}

// --- what a transaction changed ---

const events = ['insert', 'update', 'delete'] as const;
const triggerName = (event: (typeof events)[number], table: SummedTable) => `state_${event}_${table.name}`;

/** TEMP: they belong to this connection, which alone has the function, and leave the file as it is. */
function triggersOf(table: SummedTable, number: number): string {
  const added = (n: string) => `state_row(${n}, ${number}, 1, ${table.rowJson('new.')})`;
  const removed = (n: string) => `state_row(${n}, ${number}, -1, ${table.rowJson('old.')})`;
  const counts = { insert: added('n'), update: added(removed('n')), delete: removed('n') };
  return events
    .map(
      (event) =>
        `create temp trigger "${triggerName(event, table)}" after ${event} on main."${table.name}"
         begin update state_mark set n = ${counts[event]}; end;`,
    )
    .join('\n');
}

interface TableChange {
  rows: number;
  readonly sum: Sum;
  emptied: boolean;
}

/** The hashes of the rows written and removed since the last `take`, in order. */
function collectedChanges(sql: Database, tables: readonly SummedTable[]) {
  let words = new Uint32Array(4 * 1024);
  let marks = new Int32Array(1024);
  sql.exec('create temp table state_mark (n integer not null)');
  sql.exec('insert into temp.state_mark values (0)');
  // `n` of those before count: what lies behind was rolled back and is written over
  sql.function('state_row', (n: number, number: number, sign: number, json: string) => {
    const table = tables[number];
    if (!table) throw new Error('a trigger of another program');
    if (n === marks.length) {
      words = grown(words);
      marks = grown(marks);
    }
    marks[n] = 4 * number + 1 + sign;
    if (sign !== 0) putHash(words, 4 * n, table.hashOf(json));
    return n + 1;
  });
  const count = sql.prepare<[], number>('select n from temp.state_mark').pluck();
  const clear = sql.prepare('update temp.state_mark set n = 0');
  const markEmptied = sql.prepare("update temp.state_mark set n = state_row(n, ?, 0, '')");

  return {
    emptied: (number: number) => markEmptied.run(number),
    /** Table number → what became of it. */
    take(): Map<number, TableChange> {
      const all = new Map<number, TableChange>();
      const n = count.get() ?? 0;
      if (n === 0) return all;
      for (let i = 0; i < n; i++) {
        const mark = marks[i] ?? 0;
        const number = mark >> 2;
        const sign = (mark & 3) - 1;
        const change = all.get(number) ?? { rows: 0, sum: new Uint32Array(4), emptied: false };
        all.set(number, change);
        if (sign === 0) {
          change.rows = 0;
          change.sum.fill(0);
          change.emptied = true;
        } else {
          change.rows += sign;
          addWords(change.sum, words, 4 * i, sign < 0 ? -1 : 1);
        }
      }
      clear.run();
      return all;
    },
  };
}

function grown<A extends Uint32Array | Int32Array>(array: A): A;
function grown(array: Uint32Array | Int32Array): Uint32Array | Int32Array {
  const larger =
    array instanceof Int32Array ? new Int32Array(2 * array.length) : new Uint32Array(2 * array.length);
  larger.set(array);
  return larger;
}
