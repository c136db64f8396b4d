import { describe, expect, it } from 'vitest';
import { ageForScale, ageRangeAt } from '../../../shared/time/age.ts';
import { shiftAt } from '../../../shared/time/shift.ts';
import { timeProblem } from '../../../shared/time/within-stay.ts';

/** An instant by the wall clock of Vietnam. */
const at = (text: string) => Date.parse(`${text}+07:00`);

describe('age at an instant', () => {
  it.each([
    ['1985-03-02', '2026-03-01T23:59:00', 40, 40],
    ['1985-03-02', '2026-03-02T00:00:00', 41, 41],
    ['1985-03', '2026-03-15T12:00:00', 40, 41],
    ['1985-03', '2026-04-01T00:00:00', 41, 41],
    ['1985', '2026-06-01T00:00:00', 40, 41],
    ['1985', '2026-12-31T10:00:00', 41, 41],
    ['2008-02-29', '2024-02-28T23:59:00', 15, 15],
    ['2008-02-29', '2025-02-28T12:00:00', 16, 16],
    ['2026-11-22', '2026-11-22T08:00:00', 0, 0],
    ['2027', '2026-11-22T08:00:00', 0, 0],
  ])('born %s, on %s: %d to %d', (birth, day, min, max) => {
    expect(ageRangeAt(birth, at(day))).toEqual({ min, max });
  });

  it('counts the day by the clock of Vietnam, not of the PC', () => {
    // 17:00 UTC is midnight in Vietnam
    expect(ageRangeAt('2010-11-23', Date.UTC(2026, 10, 22, 16, 59)).min).toBe(15);
    expect(ageRangeAt('2010-11-23', Date.UTC(2026, 10, 22, 17, 0)).min).toBe(16);
  });

  it('is unknown when a bare year leaves open whether 16 is reached', () => {
    expect(ageForScale('2010', at('2026-06-01T08:00:00'), 16)).toBeNull();
    expect(ageForScale('2010', at('2026-12-31T08:00:00'), 16)).toBe(16);
    expect(ageForScale('1950', at('2026-06-01T08:00:00'), 16)).toBe(75);
    expect(ageForScale('2012', at('2026-06-01T08:00:00'), 16)).toBe(13);
    expect(ageForScale(null, 0, 16)).toBeNull();
  });
});

describe('the shift of an instant', () => {
  it.each([
    ['2026-11-22T07:00:00', 'day', '2026-11-22T07:00:00', '2026-11-22T16:30:00'],
    ['2026-11-22T16:29:59', 'day', '2026-11-22T07:00:00', '2026-11-22T16:30:00'],
    ['2026-11-22T16:30:00', 'duty', '2026-11-22T16:30:00', '2026-11-23T07:00:00'],
    ['2026-11-22T23:59:00', 'duty', '2026-11-22T16:30:00', '2026-11-23T07:00:00'],
    ['2026-11-23T00:00:00', 'duty', '2026-11-22T16:30:00', '2026-11-23T07:00:00'],
    ['2026-11-23T06:59:59', 'duty', '2026-11-22T16:30:00', '2026-11-23T07:00:00'],
  ])('%s is %s', (instant, name, from, to) => {
    expect(shiftAt(at(instant))).toEqual({ name, from: at(from), to: at(to) });
  });
});

describe('a clinical time lies within the stay', () => {
  const stay = { admittedAt: at('2026-11-20T08:10:30'), dischargedAt: null };
  const now = at('2026-11-22T09:00:00');
  it.each([
    ['2026-11-20T08:10:00', null],
    ['2026-11-20T08:09:59', 'time_before_admission'],
    ['2026-11-22T09:01:00', null],
    ['2026-11-22T09:01:01', 'time_in_future'],
  ])('%s: %s', (instant, problem) => {
    expect(timeProblem(at(instant), stay, now)).toBe(problem);
  });

  it('ends with the minute of discharge', () => {
    const over = { ...stay, dischargedAt: at('2026-11-21T10:00:00') };
    expect(timeProblem(at('2026-11-21T10:01:00'), over, now)).toBeNull();
    expect(timeProblem(at('2026-11-21T10:01:01'), over, now)).toBe('time_after_discharge');
  });
});
