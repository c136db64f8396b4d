// Admission numbers are minted without asking anyone: year, this PC's own prefix, and a counter that goes on
// from the highest number in the record, inside the transaction that uses it.
import type { Database } from 'better-sqlite3';
import { vietnamYear } from '../../../shared/time/vietnam.ts';
import { lastNumber } from './queries.ts';

const DIGITS = 5;
const LAST = 10 ** DIGITS - 1;

/** `2601A00123`. Throws after 99,999 admissions of one PC in a year, eight times the largest center's. */
export function nextAdmissionNumber(sql: Database, now: number, prefix: string): string {
  const stem = String(vietnamYear(now) % 100).padStart(2, '0') + prefix;
  const used = lastNumber(sql, stem);
  const next = used === null ? 1 : Number(used.slice(stem.length)) + 1;
  if (next > LAST) throw new RangeError(`no admission numbers left for ${stem}`);
  return stem + String(next).padStart(DIGITS, '0');
}
