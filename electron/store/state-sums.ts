// Sums of row hashes: how a table's rows become one number that does not depend on their order. Found faults, not
// forgers: whoever can write into a store can write what it sums to.
import type { Database } from 'better-sqlite3';
import { sha256Hex } from './crypto.ts';

export interface SummedTable {
  readonly name: string;
  /** In order of name: a column added later lies elsewhere in a table that was made at once. */
  readonly columns: readonly string[];
  /** JSON text of a row's values or of its key; `row` is what stands before a column name, e.g. `new.`. */
  rowJson(row: string): string;
  readonly keyJson: string;
  /** First 32 hex digits of SHA-256. */
  hashOf(rowJson: string): string;
  /** First 16 hex digits. */
  keyHashOf(keyJson: string): string;
}

/** Those of the named tables that are ordinary ones, in order of name. */
export function summedTables(sql: Database, names: readonly string[]): SummedTable[] {
  const isOrdinary = sql.prepare(
    "select 1 from pragma_table_list where schema = 'main' and type = 'table' and name = ?",
  );
  return [...new Set(names)]
    .filter((name) => isOrdinary.get(name))
    .sort()
    .map((name) => summedTable(sql, name));
}

function summedTable(sql: Database, name: string): SummedTable {
  const columns = sql
    .prepare<[string], Column>('select name, type, pk from pragma_table_info(?) order by name')
    .all(name);
  const ownKey = columns.filter((c) => c.pk > 0);
  const key = ownKey.length > 0 ? ownKey : columns;
  // what a value belongs to goes into the hash, so that rows of two tables never make up for each other
  const prefix = sha256Hex(JSON.stringify([name, columns.map((c) => c.name)])).slice(0, 16);
  return {
    name,
    columns: columns.map((c) => c.name),
    rowJson: (row) => jsonOf(columns, row),
    keyJson: jsonOf(key, ''),
    hashOf: (json) => sha256Hex(prefix + json).slice(0, 32),
    keyHashOf: (json) => sha256Hex(prefix + json).slice(0, 16),
  };
}

interface Column {
  name: string;
  type: string;
  pk: number;
}

/** SQLite writes it: one text comes over to JavaScript where many values would cost a call each. */
function jsonOf(columns: readonly Column[], row: string): string {
  const values = columns.map(({ name, type }) => {
    const value = `${row}"${name}"`;
    // JSON has no bytes; all tables are STRICT, so a column's type is its values' type
    return type.toUpperCase() === 'BLOB' ? `iif(${value} is null, null, hex(${value}))` : value;
  });
  return `json_array(${values.join(', ')})`;
}

/** A sum modulo 2^128 in four words, highest first. */
export type Sum = Uint32Array;

export const noSum = (): Sum => new Uint32Array(4);

/** The four words of a hash of 32 hex digits, put into `to` from `at` on. */
export function putHash(to: Uint32Array, at: number, hash: string): void {
  for (let i = 0; i < 4; i++) to[at + i] = Number.parseInt(hash.slice(8 * i, 8 * i + 8), 16);
}

/** Adds or takes away the four words that lie in `words` from `at` on. */
export function addWords(sum: Sum, words: Uint32Array, at: number, sign: 1 | -1): void {
  let carry = 0;
  for (let i = 3; i >= 0; i--) {
    const total = (sum[i] ?? 0) + sign * (words[at + i] ?? 0) + carry;
    // a typed array keeps the lowest 32 bits, of negative numbers too
    sum[i] = total;
    carry = Math.floor(total / 2 ** 32);
  }
}

export const sumHex = (sum: Sum): string => [...sum].map((w) => w.toString(16).padStart(8, '0')).join('');

export function sumOf(hex: string): Sum {
  const sum = noSum();
  putHash(sum, 0, hex);
  return sum;
}

export interface Tally {
  readonly rows: number;
  /** 32 hex digits */
  readonly sum: string;
}

/** Reads the whole table: 5 µs per row on a PC of 2020, and what decrypting its pages takes. */
export function countedAnew(sql: Database, table: SummedTable): Tally {
  const words = new Uint32Array(4);
  const sum = noSum();
  let rows = 0;
  const all = sql.prepare<[], string>(`select ${table.rowJson('')} from main."${table.name}"`).pluck();
  for (const json of all.iterate()) {
    putHash(words, 0, table.hashOf(json));
    addWords(sum, words, 0, 1);
    rows += 1;
  }
  return { rows, sum: sumHex(sum) };
}
