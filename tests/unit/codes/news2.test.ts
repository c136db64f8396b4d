import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VitalValues } from '../../../shared/api/observations.ts';
import { news2Signs, nextSetDueAt, scoreNews2 } from '../../../shared/codes/news2.ts';
import { noVitals } from '../../../shared/codes/vitals.ts';

const adult = { scale: 1, ageYears: 60, pregnant: false } as const;
/** Every sign in its zero band. */
const well: VitalValues = {
  ...noVitals,
  respiration: 16,
  spo2: 98,
  oxygen: 0,
  systolic: 120,
  pulse: 70,
  consciousness: 'A',
  temperature: 37,
};
const pointsFor = (values: Partial<VitalValues>, scale: 1 | 2 = 1) =>
  scoreNews2({ ...well, ...values }, { ...adult, scale });

describe('each sign scores by the chart of the report', () => {
  // both ends of every band, and the value on either side of each border
  const edges: { sign: keyof VitalValues; points: [value: number, points: number][] }[] = [
    {
      sign: 'respiration',
      points: [
        [0, 3],
        [8, 3],
        [9, 1],
        [11, 1],
        [12, 0],
        [20, 0],
        [21, 2],
        [24, 2],
        [25, 3],
        [60, 3],
      ],
    },
    {
      sign: 'spo2',
      points: [
        [50, 3],
        [91, 3],
        [92, 2],
        [93, 2],
        [94, 1],
        [95, 1],
        [96, 0],
        [100, 0],
      ],
    },
    {
      sign: 'systolic',
      points: [
        [40, 3],
        [90, 3],
        [91, 2],
        [100, 2],
        [101, 1],
        [110, 1],
        [111, 0],
        [219, 0],
        [220, 3],
        [300, 3],
      ],
    },
    {
      sign: 'pulse',
      points: [
        [0, 3],
        [40, 3],
        [41, 1],
        [50, 1],
        [51, 0],
        [90, 0],
        [91, 1],
        [110, 1],
        [111, 2],
        [130, 2],
        [131, 3],
        [250, 3],
      ],
    },
    {
      sign: 'temperature',
      points: [
        [30, 3],
        [35, 3],
        [35.1, 1],
        [36, 1],
        [36.1, 0],
        [38, 0],
        [38.1, 1],
        [39, 1],
        [39.1, 2],
        [42, 2],
        // thermometers that give two digits: rounded to 0.1 first
        [35.04, 3],
        [35.05, 1],
        [36.04, 1],
        [36.06, 0],
        [38.04, 0],
        [38.06, 1],
        [39.04, 1],
        [39.06, 2],
      ],
    },
  ];
  for (const { sign, points } of edges)
    for (const [value, expected] of points)
      it(`${sign} ${value} gives ${expected}`, () => {
        expect(pointsFor({ [sign]: value }).scores[sign]).toBe(expected);
      });

  it.each([
    [0, 0],
    [0.5, 2],
    [15, 2],
  ])('oxygen at %d L/min gives %d', (litres, expected) => {
    expect(pointsFor({ oxygen: litres }).scores.oxygen).toBe(expected);
  });

  it.each([
    ['A', 0],
    ['C', 3],
    ['V', 3],
    ['P', 3],
    ['U', 3],
  ] as const)('consciousness %s gives %d', (letter, expected) => {
    expect(pointsFor({ consciousness: letter }).scores.consciousness).toBe(expected);
  });

  it.each([
    // spo2, on air, on oxygen
    [83, 3, 3],
    [84, 2, 2],
    [85, 2, 2],
    [86, 1, 1],
    [87, 1, 1],
    [88, 0, 0],
    [92, 0, 0],
    [93, 0, 1],
    [94, 0, 1],
    [95, 0, 2],
    [96, 0, 2],
    [97, 0, 3],
    [100, 0, 3],
  ])('SpO2 %d on scale 2 gives %d on air and %d on oxygen', (spo2, onAir, onOxygen) => {
    expect(pointsFor({ spo2, oxygen: 0 }, 2).scores.spo2).toBe(onAir);
    expect(pointsFor({ spo2, oxygen: 2 }, 2).scores.spo2).toBe(onOxygen);
  });

  it('cannot tell 93 % and more on scale 2 without knowing about oxygen', () => {
    const score = pointsFor({ spo2: 95, oxygen: null }, 2);
    expect(score.state).toBe('incomplete');
    expect(score.missing).toEqual(['spo2', 'oxygen']);
    expect(pointsFor({ spo2: 92, oxygen: null }, 2).missing).toEqual(['oxygen']);
  });
});

describe('the whole score', () => {
  it.each(news2Signs)('is incomplete without %s, and has no total', (sign) => {
    const score = pointsFor({ [sign]: null });
    expect(score).toMatchObject({ state: 'incomplete', total: null, risk: null, missing: [sign] });
  });

  it('still says what an incomplete set shows at least', () => {
    expect(pointsFor({ consciousness: null, pulse: 140, systolic: 85 })).toMatchObject({
      state: 'incomplete',
      total: null,
      atLeast: 6,
    });
  });

  it.each([
    [{}, 0, 'none'],
    [{ pulse: 91 }, 1, 'low'],
    [{ pulse: 111, respiration: 21 }, 4, 'low'],
    [{ consciousness: 'C' }, 3, 'low_medium'],
    [{ consciousness: 'C', pulse: 91 }, 4, 'low_medium'],
    [{ pulse: 111, respiration: 21, temperature: 38.1 }, 5, 'medium'],
    [{ consciousness: 'C', pulse: 111 }, 5, 'medium'],
    [{ consciousness: 'C', pulse: 131 }, 6, 'medium'],
    [{ consciousness: 'C', pulse: 131, temperature: 36 }, 7, 'high'],
    [
      {
        consciousness: 'U',
        pulse: 131,
        respiration: 30,
        spo2: 80,
        oxygen: 10,
        systolic: 60,
        temperature: 34,
      },
      20,
      'high',
    ],
  ] as const)('%j totals %d, risk %s', (values, total, risk) => {
    expect(pointsFor(values)).toMatchObject({ state: 'complete', total, risk });
  });

  it.each([
    [{ ageYears: 15, pregnant: false }, 'under_16'],
    [{ ageYears: 0, pregnant: false }, 'under_16'],
    [{ ageYears: null, pregnant: false }, 'age_unknown'],
    [{ ageYears: 30, pregnant: true }, 'pregnant'],
  ] as const)('is not for %j: %s', (who, reason) => {
    expect(scoreNews2(well, { scale: 1, ...who })).toMatchObject({
      state: 'not_for',
      reason,
      total: null,
      risk: null,
      scores: {},
    });
  });

  it('is for a person of exactly 16', () => {
    expect(scoreNews2(well, { scale: 1, ageYears: 16, pregnant: false }).state).toBe('complete');
  });

  it('never gives a total unless all seven signs are there, and never one outside 0–20', () => {
    const maybe = (min: number, max: number) => fc.option(fc.integer({ min, max }), { nil: null });
    fc.assert(
      fc.property(
        fc.record({
          respiration: maybe(0, 150),
          spo2: maybe(20, 100),
          oxygen: maybe(0, 80),
          systolic: maybe(20, 320),
          pulse: maybe(0, 320),
          temperature: fc.option(fc.double({ min: 20, max: 45, noNaN: true }), { nil: null }),
          consciousness: fc.constantFrom(
            null,
            'A' as const,
            'C' as const,
            'V' as const,
            'P' as const,
            'U' as const,
          ),
        }),
        fc.constantFrom(1 as const, 2 as const),
        (values, scale) => {
          const score = scoreNews2({ ...noVitals, ...values }, { ...adult, scale });
          const absent = news2Signs.some((s) => values[s] === null);
          expect(score.total === null).toBe(absent);
          if (score.total !== null) {
            expect(score.total).toBeGreaterThanOrEqual(0);
            expect(score.total).toBeLessThanOrEqual(20);
            expect(score.total).toBe(score.atLeast);
          }
        },
      ),
    );
  });
});

describe('the next set is due', () => {
  const hours = (values: Partial<VitalValues>) => nextSetDueAt(0, pointsFor(values), 8) / 3_600_000;
  it.each([
    ['after 12 h at total 0', {}, 12],
    ['after 4 h at 1–4', { pulse: 91 }, 4],
    ['after 1 h with a single 3', { consciousness: 'C' }, 1],
    ['after 1 h at 5–6', { pulse: 111, respiration: 21, temperature: 38.1 }, 1],
    ['after 30 min at 7 and more', { consciousness: 'C', pulse: 131, temperature: 36 }, 0.5],
    ['after the facility hours when incomplete and nothing is off', { spo2: null }, 8],
    [
      'sooner when an incomplete set already shows danger',
      { spo2: null, consciousness: 'U', pulse: 140, systolic: 80 },
      0.5,
    ],
  ] as const)('%s', (_name, values, expected) => {
    expect(hours(values)).toBe(expected);
  });

  it('after the facility hours for those the scale is not for', () => {
    const child = scoreNews2(well, { scale: 1, ageYears: 4, pregnant: false });
    expect(nextSetDueAt(1000, child, 6)).toBe(1000 + 6 * 3_600_000);
  });
});
