import { expect, it } from 'vitest';
import {
  dayOfStay,
  dayStart,
  formatDate,
  formatDateTime,
  formatDayTime,
  formatTime,
  instantOf,
  vietnamDate,
  vietnamYear,
} from '../../../shared/time/vietnam.ts';

const at = (text: string) => Date.parse(`${text}+07:00`);

it('begins the day at midnight in Vietnam, whatever the PC is set to', () => {
  expect(dayStart(at('2026-11-22T00:00'))).toBe(at('2026-11-22T00:00'));
  expect(dayStart(at('2026-11-22T23:59:59.999'))).toBe(at('2026-11-22T00:00'));
  expect(vietnamDate(at('2026-11-22T00:30'))).toBe('2026-11-22');
  expect(vietnamYear(at('2027-01-01T00:10'))).toBe(2027);
});

it('counts the day of admission as day 1 and goes on at midnight', () => {
  const admittedAt = at('2026-11-22T23:50');
  expect(dayOfStay(admittedAt, admittedAt)).toBe(1);
  expect(dayOfStay(admittedAt, at('2026-11-22T23:59'))).toBe(1);
  expect(dayOfStay(admittedAt, at('2026-11-23T00:00'))).toBe(2);
  expect(dayOfStay(admittedAt, at('2026-12-22T12:00'))).toBe(31);
});

it('never shows day 0 when the admission was typed a few minutes ahead of the clock', () => {
  expect(dayOfStay(at('2026-11-23T00:02'), at('2026-11-22T23:59'))).toBe(1);
});

it('works before 1970 too', () => {
  expect(vietnamDate(at('1955-03-02T01:00'))).toBe('1955-03-02');
  expect(dayStart(at('1955-03-02T01:00'))).toBe(at('1955-03-02T00:00'));
});

it('writes dates and times as on paper', () => {
  const when = at('2026-03-05T08:05');
  expect([formatDate(when), formatTime(when), formatDateTime(when), formatDayTime(when)]).toEqual([
    '05/03/2026',
    '08:05',
    '08:05 05/03/2026',
    '08:05 05/03',
  ]);
});

it('turns typed dates into instants and refuses days that do not exist', () => {
  expect(instantOf(2026, 11, 22, 8, 5)).toBe(at('2026-11-22T08:05'));
  expect(instantOf(2028, 2, 29)).toBe(at('2028-02-29T00:00'));
  for (const [y, m, d] of [
    [2026, 2, 29],
    [2026, 13, 1],
    [2026, 0, 1],
    [2026, 4, 31],
  ] as const)
    expect(instantOf(y, m, d)).toBeNull();
  expect(instantOf(2026, 1, 1, 24, 0)).toBeNull();
  expect(instantOf(2026, 1, 1, 8, 60)).toBeNull();
});
