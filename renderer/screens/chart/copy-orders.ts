// Copying yesterday's orders without yesterday's mistakes: the lines are compared as they are changed, and lines that
// count days (antibiotics) are pointed out; the number itself is left to the person who answers for it.
import { dayStart } from '../../../shared/time/vietnam.ts';
import type { Entry } from './chart-types.ts';

/** The last orders before the day of `at`; where there are none, the last before `at`. */
export function lastOrders(entries: readonly Entry[], at: number): Entry | null {
  const midnight = dayStart(at);
  const earlier = entries
    .filter((e) => e.withdrawn === null && e.content.orders.trim() !== '' && e.eventAt < at)
    .sort((a, b) => b.eventAt - a.eventAt);
  return earlier.find((e) => e.eventAt < midnight) ?? earlier[0] ?? null;
}

export interface ComparedLine {
  readonly text: string;
  readonly state: 'same' | 'new' | 'gone';
  /** The line counts days of treatment and was copied unchanged. */
  readonly countsDays: boolean;
}

/** Lines of `now` against those of `before`, in reading order, gone ones where they stood. */
export function compareLines(before: string, now: string): ComparedLine[] {
  const old = linesOf(before);
  const fresh = linesOf(now);
  const lengths = commonLengths(old, fresh);
  const result: ComparedLine[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < fresh.length) {
    const gone = old[i];
    const added = fresh[j];
    if (gone !== undefined && gone === added) {
      result.push({ text: gone, state: 'same', countsDays: countsDays(gone) });
      i += 1;
      j += 1;
    } else if (
      added === undefined ||
      (gone !== undefined && at(lengths, i + 1, j) >= at(lengths, i, j + 1))
    ) {
      result.push({ text: gone ?? '', state: 'gone', countsDays: false });
      i += 1;
    } else {
      result.push({ text: added, state: 'new', countsDays: false });
      j += 1;
    }
  }
  return result;
}

/** `(ngày 3)`, `N3`, `ngày thứ 3`, `D3`: how wards number the days of an antibiotic. */
export const countsDays = (line: string): boolean =>
  /(?:ngày(?:\s+thứ)?\s*\d+)|(?:(?<![\p{L}\d])[ND]\s?\d{1,2}(?![\p{L}\d]))/iu.test(line.normalize('NFC'));

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Longest common subsequence from each pair of positions on; sheets have tens of lines, so the plain table will do. */
function commonLengths(a: readonly string[], b: readonly string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = table[i];
      if (row)
        row[j] =
          a[i] === b[j] ? at(table, i + 1, j + 1) + 1 : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}

const at = (table: readonly (readonly number[])[], i: number, j: number): number => table[i]?.[j] ?? 0;
