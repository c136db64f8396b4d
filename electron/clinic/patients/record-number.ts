// Record numbers are minted without asking anyone: year, station prefix, running number. The prefix belongs to
// one incarnation of one station, so two PCs, or a PC and its restored copy, never give out the same one.
import type { Database } from 'better-sqlite3';
import { vietnamDate } from '../../../shared/time/vietnam.ts';
import { statement } from '../../store/statement.ts';

const digits = 5;
const mostDigits = 7;

/** `26` + `01A` + `00123`. Call inside the transaction that uses it. */
export function nextRecordNumber(sql: Database, stationPrefix: string, nowMs: number): string {
  const prefix = vietnamDate(nowMs).slice(2, 4) + stationPrefix;
  // beyond 99,999 in a year numbers grow a digit, and the longest are the highest
  for (let length = mostDigits; length >= digits; length--) {
    const last = highest(sql).get(prefix.length + length, `${prefix}0`, `${prefix}:`)?.recordNumber;
    if (last !== undefined)
      return prefix + String(Number(last.slice(prefix.length)) + 1).padStart(digits, '0');
  }
  return prefix + '1'.padStart(digits, '0');
}

/** `:` follows `9` in the order of characters. */
const highest = statement<[number, string, string], { recordNumber: string }>(`
  select record_number as recordNumber from patient
  where length(record_number) = ? and record_number >= ? and record_number < ?
  order by record_number desc limit 1`);

/** For the query-plan test. */
export const recordNumberStatements = { highest };
