// Answers the questions of a state walk about this store's projected tables, in slices, so that a save waits for
// none of them. What it learned of one table is kept until that table changes.
import { setImmediate as turn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import {
  LEAF_DIGITS,
  type StateAnswer,
  type StatePlace,
  type StateQuestion,
} from '../../shared/sync/state-walk.ts';
import type { StateDigest } from './state-digest.ts';
import { addWords, putHash, type Sum, type SummedTable, sumHex } from './state-sums.ts';

/** Some 3 ms. */
const SLICE_ROWS = 500;
const LEAVES = 16 ** LEAF_DIGITS;
/** Of one answer; a leaf has some 200. */
const MOST_ROWS = 65_536;

export function stateAnswers(sql: Database, state: StateDigest): StatePlace {
  let last: Promise<unknown> = Promise.resolve();
  let index: LeafIndex | null = null;

  const indexOf = async (table: SummedTable): Promise<LeafIndex> => {
    const { sum } = state.tally(table.name);
    if (index?.table === table.name && index.at === sum) return index;
    const fresh: LeafIndex = {
      table: table.name,
      at: sum,
      rows: new Uint32Array(LEAVES),
      sums: new Uint32Array(4 * LEAVES),
    };
    const words = new Uint32Array(4);
    for await (const { key, row } of rowsInSlices(sql, table)) {
      const leaf = Number.parseInt(table.keyHashOf(key).slice(0, LEAF_DIGITS), 16);
      putHash(words, 0, table.hashOf(row));
      addWords(fresh.sums.subarray(4 * leaf, 4 * leaf + 4), words, 0, 1);
      fresh.rows[leaf] = (fresh.rows[leaf] ?? 0) + 1;
    }
    index = fresh;
    return fresh;
  };

  const answer = async (question: StateQuestion): Promise<StateAnswer> => {
    if (question.ask === 'tables')
      return {
        is: 'tables',
        fingerprint: state.fingerprint,
        tables: state.tables.map((t) => ({ table: t.name, ...pick(state.tally(t.name)) })),
      };
    // healing writes, and is not this file's business
    if (question.ask === 'heal') return { is: 'moved' };
    const table = state.tables.find((t) => t.name === question.table);
    const hasMoved = () => !table || state.tally(table.name).sum !== question.sum;
    if (!table || hasMoved()) return { is: 'moved' };
    if (question.ask === 'buckets') {
      const leaves = await indexOf(table);
      return hasMoved()
        ? { is: 'moved' }
        : { is: 'buckets', buckets: question.below.flatMap((p) => childrenOf(leaves, p)) };
    }
    const wanted = new Set(question.in);
    const rows: { key: string; hash: string }[] = [];
    for await (const { key, row } of rowsInSlices(sql, table)) {
      const keyHash = table.keyHashOf(key);
      if (wanted.has(keyHash.slice(0, LEAF_DIGITS))) rows.push({ key: keyHash, hash: table.hashOf(row) });
      if (rows.length > MOST_ROWS) return { is: 'moved' };
    }
    return hasMoved() ? { is: 'moved' } : { is: 'rows', rows };
  };

  // one at a time: two of them would build the same index twice
  return (question) => {
    const mine = last.then(() => answer(question));
    last = mine.catch(() => null);
    return mine;
  };
}

interface LeafIndex {
  readonly table: string;
  /** Sum of the table when it was built. */
  readonly at: string;
  readonly rows: Uint32Array;
  /** Four words each. */
  readonly sums: Uint32Array;
}

/** The up to 16 buckets one digit below a prefix. */
function childrenOf(index: LeafIndex, prefix: string): { prefix: string; rows: number; sum: string }[] {
  if (prefix.length >= LEAF_DIGITS) return [];
  const width = 16 ** (LEAF_DIGITS - prefix.length - 1);
  const start = Number.parseInt(prefix || '0', 16) * width * 16;
  return [...'0123456789abcdef'].flatMap((digit, i) => {
    const sum: Sum = new Uint32Array(4);
    let rows = 0;
    for (let leaf = start + i * width; leaf < start + (i + 1) * width; leaf++) {
      rows += index.rows[leaf] ?? 0;
      addWords(sum, index.sums, 4 * leaf, 1);
    }
    return rows === 0 ? [] : { prefix: prefix + digit, rows, sum: sumHex(sum) };
  });
}

/** Key and values of every row, as JSON; other work comes in between the slices. */
export async function* rowsInSlices(
  sql: Database,
  table: SummedTable,
): AsyncGenerator<{ readonly key: string; readonly row: string }> {
  const slice = sql.prepare<[number], { at: number; key: string; row: string }>(
    `select rowid as at, ${table.keyJson} as key, ${table.rowJson('')} as "row" from main."${table.name}"
     where rowid > ? order by rowid limit ${SLICE_ROWS}`,
  );
  for (
    let rows = slice.all(Number.MIN_SAFE_INTEGER);
    rows.length > 0;
    rows = slice.all(rows.at(-1)?.at ?? 0)
  ) {
    yield* rows;
    await turn();
  }
}

const pick = ({ rows, sum }: { rows: number; sum: string }) => ({ rows, sum });
