// Two stores hold the same changes and yet show something else: which rows? A 16-ary walk over sums of row hashes
// names them in five round trips, however many rows there are. Only table names, counts and hashes travel.
import * as z from 'zod';

/** Hex digits of a row's key hash that buckets go down to: 4,096 leaves, some 200 rows each in a table of 850,000. */
export const LEAF_DIGITS = 3;
/** More differing leaves than this are no single fault: the whole table is taken as differing. */
export const MOST_LEAVES = 64;
/** Rows named one by one. */
const MOST_KEYS = 1_000;
/** Leaves whose rows are asked for at once, and prefixes whose buckets are: an answer stays under 64 kB. */
const LEAVES_AT_ONCE = 3;
const PREFIXES_AT_ONCE = 32;

const Sum = z.string().regex(/^[0-9a-f]{32}$/);
const Prefix = z.string().regex(/^[0-9a-f]{0,3}$/);
const Table = z.string().max(64);
const Key = z.string().regex(/^[0-9a-f]{16}$/);

const Difference = z.object({
  table: Table,
  /**
   * First 16 hex digits of the key hashes of the rows that differ or that one of the two lacks. Empty: the rows are
   * alike and only the sums kept of them differ. Null: too many to name.
   */
  keys: z.array(Key).max(MOST_KEYS).readonly().nullable(),
});
export type StateDifference = Readonly<z.output<typeof Difference>>;

/**
 * `sum`: what the other said the table's sum is; when it is not any more, the table has changed since and the
 * answer is `moved`.
 */
export const StateQuestion = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('tables') }),
  z.object({
    ask: z.literal('buckets'),
    table: Table,
    sum: Sum,
    below: z.array(Prefix).max(PREFIXES_AT_ONCE),
  }),
  z.object({ ask: z.literal('rows'), table: Table, sum: Sum, in: z.array(Prefix).max(LEAVES_AT_ONCE) }),
  /** The end of a walk: write these anew from the log. */
  z.object({ ask: z.literal('heal'), found: z.array(Difference).max(256) }),
]);
export type StateQuestion = z.output<typeof StateQuestion>;

const Tally = z.object({ rows: z.number().int().nonnegative(), sum: Sum });

export const StateAnswer = z.discriminatedUnion('is', [
  z.object({
    is: z.literal('tables'),
    /** What the rows depend on besides the changes: programs that differ in it cannot be compared. */
    fingerprint: z.string().regex(/^[0-9a-f]{32}$/),
    tables: z.array(Tally.extend({ table: Table })).max(256),
  }),
  /** Buckets without rows are left out. */
  z.object({
    is: z.literal('buckets'),
    buckets: z.array(Tally.extend({ prefix: Prefix })).max(16 ** LEAF_DIGITS),
  }),
  z.object({
    is: z.literal('rows'),
    rows: z.array(z.object({ key: Key, hash: Sum })).max(65_536),
  }),
  z.object({ is: z.literal('moved') }),
  z.object({ is: z.literal('healed') }),
]);
export type StateAnswer = z.output<typeof StateAnswer>;

/** A store that answers, here or at the other end of a line. */
export type StatePlace = (question: StateQuestion) => Promise<StateAnswer>;

/**
 * Null when it cannot be said now: a table changed during the walk, or the programs cannot be compared. Ask again
 * when both hold the same changes again.
 */
export async function findDifferences(
  here: StatePlace,
  there: StatePlace,
): Promise<readonly StateDifference[] | null> {
  const [own, other] = await both(here, there, { ask: 'tables' });
  if (own.is !== 'tables' || other.is !== 'tables' || own.fingerprint !== other.fingerprint) return null;
  const found: StateDifference[] = [];
  for (const mine of own.tables) {
    const theirs = other.tables.find((t) => t.table === mine.table);
    if (!theirs) return null;
    if (mine.rows === theirs.rows && mine.sum === theirs.sum) continue;
    const difference = await walkTable(mine.table, [here, mine.sum], [there, theirs.sum]);
    if (!difference) return null;
    found.push(difference);
  }
  return found;
}

type Side = readonly [place: StatePlace, sum: string];

async function walkTable(table: string, here: Side, there: Side): Promise<StateDifference | null> {
  let prefixes: string[] = [''];
  for (let digits = 0; digits < LEAF_DIGITS; digits++) {
    const next: string[] = [];
    for (let at = 0; at < prefixes.length; at += PREFIXES_AT_ONCE) {
      const below = prefixes.slice(at, at + PREFIXES_AT_ONCE);
      const ask = ([place, sum]: Side) => place({ ask: 'buckets', table, sum, below });
      const [own, other] = await Promise.all([ask(here), ask(there)]);
      if (own.is !== 'buckets' || other.is !== 'buckets') return null;
      next.push(
        ...differing(
          new Map(own.buckets.map((b) => [b.prefix, `${b.rows} ${b.sum}`])),
          new Map(other.buckets.map((b) => [b.prefix, `${b.rows} ${b.sum}`])),
        ),
      );
    }
    prefixes = next;
    if (prefixes.length > MOST_LEAVES) return { table, keys: null };
  }
  const keys: string[] = [];
  for (let at = 0; at < prefixes.length; at += LEAVES_AT_ONCE) {
    const leaves = prefixes.slice(at, at + LEAVES_AT_ONCE);
    const ask = ([place, sum]: Side) => place({ ask: 'rows', table, sum, in: leaves });
    const [own, other] = await Promise.all([ask(here), ask(there)]);
    if (own.is !== 'rows' || other.is !== 'rows') return null;
    keys.push(
      ...differing(
        new Map(own.rows.map((r) => [r.key, r.hash])),
        new Map(other.rows.map((r) => [r.key, r.hash])),
      ),
    );
  }
  return { table, keys: keys.length > MOST_KEYS ? null : keys };
}

/** Names under which the two have something else, or only one has something. */
function differing(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name)).sort();
}

const both = (a: StatePlace, b: StatePlace, question: StateQuestion) =>
  Promise.all([a(question), b(question)]);
