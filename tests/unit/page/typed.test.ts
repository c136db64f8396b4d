// What people type into date, time and number fields, and what first run and the board make of it.
import { expect, it } from 'vitest';
import { parseDate } from '../../../renderer/parts/parse-date.ts';
import { parseMoment } from '../../../renderer/parts/parse-moment.ts';
import { parseNumber } from '../../../renderer/parts/parse-number.ts';
import { neighbour } from '../../../renderer/screens/board/roving.ts';
import { roomsOf } from '../../../renderer/screens/first-run/plan.ts';

const now = Date.UTC(2026, 10, 22, 2, 0);

it.each([
  ['02031985', '1985-03-02'],
  ['2/3/85', '1985-03-02'],
  ['2-3-1985', '1985-03-02'],
  ['22/11/26', '2026-11-22'],
  ['31/02/1985', null],
  ['13/13/1985', null],
  ['abc', null],
])('reads the date %s as %s', (typed, date) => expect(parseDate(typed, {}, now)).toBe(date));

it('takes a year or month alone only where births are partial', () => {
  expect(parseDate('1985', { partial: true }, now)).toBe('1985');
  expect(parseDate('3/1985', { partial: true }, now)).toBe('1985-03');
  expect(parseDate('1985', {}, now)).toBeNull();
});

it('refuses a birth in the future', () => expect(parseDate('01/12/2026', { latest: now }, now)).toBeNull());

it.each([
  ['7:05', Date.UTC(2026, 10, 22, 0, 5)],
  ['7h05', Date.UTC(2026, 10, 22, 0, 5)],
  ['0705', Date.UTC(2026, 10, 22, 0, 5)],
  ['7:05 21/11', Date.UTC(2026, 10, 21, 0, 5)],
  ['23:59 31/12/2025', Date.UTC(2025, 11, 31, 16, 59)],
  ['25:00', null],
])('reads the time %s', (typed, at) => expect(parseMoment(typed, now)).toBe(at));

it.each([
  ['37,5', 37.5],
  ['37.5', 37.5],
  [' 120 ', 120],
  ['37,56', 37.6],
  ['1.234,5', null],
  ['ba', null],
])('reads the number %s as %s', (typed, value) => expect(parseNumber(typed)).toBe(value));

it('makes rooms of four out of twelve beds, and a smaller last room of ten', () => {
  const ward = { key: 1, name: 'Nội', departmentCode: 'K03', beds: 12, bedsPerRoom: 4 };
  expect(roomsOf(ward, 0).map((room) => room.beds.length)).toEqual([4, 4, 4]);
  expect(roomsOf({ ...ward, beds: 10 }, 1)).toEqual([
    { name: '201', beds: ['1', '2', '3', '4'] },
    { name: '202', beds: ['5', '6', '7', '8'] },
    { name: '203', beds: ['9', '10'] },
  ]);
});

it('moves between beds by where they are on the screen', () => {
  const grid = [0, 1, 2, 3, 4].map((i) => ({ left: (i % 3) * 100, top: Math.floor(i / 3) * 80 }));
  expect(neighbour(grid, 0, 'ArrowDown')).toBe(3);
  expect(neighbour(grid, 2, 'ArrowDown')).toBe(4);
  expect(neighbour(grid, 4, 'ArrowUp')).toBe(1);
  expect(neighbour(grid, 2, 'ArrowRight')).toBe(3);
  expect(neighbour(grid, 0, 'ArrowLeft')).toBeNull();
});
