import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNumber, readPressure, readVital, vitalText } from '../../../shared/codes/vital-typing.ts';
import {
  type NumericVital,
  noVitals,
  tidyVitals,
  vitalKeys,
  vitalProblems,
  vitalSpecs,
} from '../../../shared/codes/vitals.ts';

const numeric = vitalKeys.filter((k): k is NumericVital => k !== 'consciousness');
const one = (field: NumericVital, value: number) =>
  vitalProblems({ ...noVitals, ...(field === 'diastolic' && { systolic: 320 }), [field]: value }, [
    'systolic',
  ]).filter((p) => p.field === field);

describe('limits of each vital', () => {
  it.each(numeric)('%s: the usual range lies within the possible one and both ends belong', (field) => {
    const { usual, possible } = vitalSpecs[field];
    expect(usual[0]).toBeGreaterThanOrEqual(possible[0]);
    expect(usual[1]).toBeLessThanOrEqual(possible[1]);
    for (const value of usual) expect(one(field, value)).toEqual([]);
    for (const value of possible) expect(one(field, value).map((p) => p.why)).not.toContain('impossible');
  });

  it.each(numeric)('%s: one step beyond the possible is refused with the limits', (field) => {
    const { possible, decimals } = vitalSpecs[field];
    const step = 10 ** -decimals;
    for (const value of [possible[0] - step, possible[1] + step])
      expect(one(field, value)).toEqual([{ field, why: 'impossible', min: possible[0], max: possible[1] }]);
  });

  it('lets an unusual value through once confirmed, an impossible one never', () => {
    const fever = { ...noVitals, temperature: 41.5 };
    expect(vitalProblems(fever)).toMatchObject([{ field: 'temperature', why: 'unusual' }]);
    expect(vitalProblems(fever, ['temperature'])).toEqual([]);
    expect(vitalProblems({ ...noVitals, temperature: 368 }, ['temperature'])).toMatchObject([
      { why: 'impossible' },
    ]);
  });

  it('refuses more digits than the instrument gives instead of rounding them away', () => {
    expect(one('pulse', 80.5)).toEqual([{ field: 'pulse', why: 'too_precise' }]);
    expect(one('temperature', 36.85)).toEqual([{ field: 'temperature', why: 'too_precise' }]);
    expect(one('weight', 3.25)).toEqual([]);
  });

  it('wants the upper pressure above the lower, and the lower never alone', () => {
    expect(vitalProblems({ ...noVitals, systolic: 80, diastolic: 120 })).toMatchObject([
      { field: 'diastolic', why: 'not_below_systolic' },
    ]);
    expect(vitalProblems({ ...noVitals, systolic: 80, diastolic: 80 })).toMatchObject([
      { why: 'not_below_systolic' },
    ]);
    expect(vitalProblems({ ...noVitals, diastolic: 80 })).toMatchObject([{ why: 'systolic_missing' }]);
    expect(vitalProblems({ ...noVitals, systolic: 80 })).toEqual([]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e308, -1e308])(
    '%d is impossible for every vital',
    (value) => {
      for (const field of numeric) expect(one(field, value)).toMatchObject([{ why: 'impossible' }]);
    },
  );

  it('knows no minus zero', () => {
    expect(Object.is(tidyVitals({ pain: -0 }).pain, 0)).toBe(true);
  });
});

describe('reading what was typed', () => {
  it.each([
    ['36,8', 36.8],
    ['36.8', 36.8],
    [' 37 ', 37],
    ['1.234', 1234],
    ['1.234,5', 1234.5],
    ['12.345.678', 12_345_678],
    ['1 500', 1500],
    ['0,5', 0.5],
    [',5', 0.5],
    ['36,', 36],
    ['0.500', 0.5],
    ['-1', -1],
  ])('%s is %d', (typed, value) => {
    expect(readNumber(typed)).toBe(value);
  });

  it.each([
    '',
    'abc',
    '1,2,3',
    '1.23.4',
    '1e5',
    'NaN',
    'Infinity',
    '٣٧',
    '--1',
    '.',
    ',',
    '1.2345.678',
    '9'.repeat(400),
  ])('%j is no number', (typed) => {
    expect(readNumber(typed)).toBeNull();
  });

  it.each([
    ['temperature', '368', 36.8],
    ['temperature', '3680', 36.8],
    ['temperature', '36 8', 36.8],
    ['weight', '1.250', 1.25],
  ] as const)('%s %s: suggests %d', (vital, typed, value) => {
    expect(readVital(typed, vital)).toEqual({ kind: 'suggestion', value });
  });

  it('keeps a readable but impossible number, so that the box can say the limits', () => {
    expect(readVital('2500', 'height')).toEqual({ kind: 'suggestion', value: 250 });
    expect(readVital('-5', 'pulse')).toEqual({ kind: 'value', value: -5 });
  });

  it.each([
    ['urine', '1.200', 1200],
    ['pulse', '88', 88],
    ['weight', '52,5', 52.5],
  ] as const)('%s %s is %d as it stands', (vital, typed, value) => {
    expect(readVital(typed, vital)).toEqual({ kind: 'value', value });
  });

  it('says empty and unreadable apart', () => {
    expect(readVital('  ', 'pulse')).toEqual({ kind: 'empty' });
    expect(readVital('tám mươi', 'pulse')).toEqual({ kind: 'unreadable' });
  });

  it.each([
    ['120/80', 120, 80],
    ['120 / 80', 120, 80],
    ['120-80', 120, 80],
    ['120 80', 120, 80],
    ['120.80', 120, 80],
    ['80/120', 80, 120],
  ])('pressure %s', (typed, systolic, diastolic) => {
    expect(readPressure(typed)).toEqual({ kind: 'value', value: { systolic, diastolic } });
  });

  it('takes one number as the upper pressure alone', () => {
    expect(readPressure('90')).toEqual({ kind: 'value', value: { systolic: 90, diastolic: null } });
  });

  it.each([
    ['12/8', 120, 80],
    ['20/12', 200, 120],
    ['12080', 120, 80],
    ['9060', 90, 60],
    ['120110', 120, 110],
  ])('pressure %s: suggests %d/%d', (typed, systolic, diastolic) => {
    expect(readPressure(typed)).toEqual({ kind: 'suggestion', value: { systolic, diastolic } });
  });

  it.each(['120/', '/80', '120/80/60', '1208', 'abc', '1'.repeat(300)])(
    'pressure %j is unreadable',
    (typed) => {
      expect(readPressure(typed)).toEqual({ kind: 'unreadable' });
    },
  );

  it('reads back what the sheet prints, for every vital', () => {
    fc.assert(
      fc.property(fc.constantFrom(...numeric), fc.double({ min: 0, max: 1, noNaN: true }), (vital, share) => {
        const { possible, decimals } = vitalSpecs[vital];
        const scale = 10 ** decimals;
        const value = Math.round((possible[0] + share * (possible[1] - possible[0])) * scale) / scale;
        if (value < possible[0] || value > possible[1]) return;
        expect(readVital(vitalText(value, vital), vital)).toEqual({ kind: 'value', value });
      }),
    );
  });

  it('never throws and never calls something impossible a suggestion, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...numeric), (typed, vital) => {
        const read = readVital(typed, vital);
        if (read.kind === 'suggestion') {
          expect(read.value).toBeGreaterThanOrEqual(vitalSpecs[vital].possible[0]);
          expect(read.value).toBeLessThanOrEqual(vitalSpecs[vital].possible[1]);
        }
        readPressure(typed);
      }),
    );
  });
});
