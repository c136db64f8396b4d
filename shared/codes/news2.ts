// National Early Warning Score 2, for people of 16 and over who are not pregnant.
// A missing sign makes the score incomplete, never zero: a silent zero hides the sickest patient.
import type { News2Result } from '../api/beds.ts';
import type { VitalValues } from '../api/observations.ts';
import { roundTo } from './vitals.ts';

/** Must be shown wherever the score is printed; the scale itself carries no copyright restriction. */
export const news2Acknowledgement =
  'Royal College of Physicians. National Early Warning Score (NEWS) 2: Standardising the assessment of acute-illness severity in the NHS. London: RCP, 2017.';

/** Goes into the record with each set, so that a later table never re-scores an old one unseen. */
export const news2Table = 'RCP-2017';

/** 2 is for hypercapnic failure with a target of 88–92 %, and only on a doctor's decision. */
export type Spo2Scale = 1 | 2;

export interface News2Basis {
  readonly scale: Spo2Scale;
  /** Completed years; null when unknown or when a bare birth year leaves open whether 16 is reached. */
  readonly ageYears: number | null;
  readonly pregnant: boolean;
}

export type News2 = News2Result & {
  readonly scale: Spo2Scale;
  /** Sum of the signs that are there: the total can't be less. */
  readonly atLeast: number;
};

export const news2Signs = [
  'respiration',
  'spo2',
  'oxygen',
  'systolic',
  'pulse',
  'consciousness',
  'temperature',
] as const;
type Sign = (typeof news2Signs)[number];

export function scoreNews2(values: VitalValues, basis: News2Basis): News2 {
  const { scale } = basis;
  const reason = notFor(basis);
  if (reason !== null)
    return { state: 'not_for', total: null, risk: null, missing: [], scores: {}, reason, scale, atLeast: 0 };

  const scores: Partial<Record<Sign, number>> = {};
  for (const sign of news2Signs) {
    const score = scoreOf(sign, values, scale);
    if (score !== null) scores[sign] = score;
  }
  const missing = news2Signs.filter((sign) => scores[sign] === undefined);
  const points = Object.values(scores);
  const atLeast = points.reduce((sum, s) => sum + s, 0);
  if (missing.length > 0)
    return { state: 'incomplete', total: null, risk: null, missing, scores, scale, atLeast };
  return {
    state: 'complete',
    total: atLeast,
    risk: riskOf(atLeast, points),
    missing: [],
    scores,
    scale,
    atLeast,
  };
}

type Band = readonly [min: number, max: number, score: number];
const { POSITIVE_INFINITY: top, NEGATIVE_INFINITY: bottom } = Number;

/** Charts 1 of the report; both ends of a band belong to it. Whole numbers but the temperature (0.1 °C). */
const bands = {
  respiration: [
    [bottom, 8, 3],
    [9, 11, 1],
    [12, 20, 0],
    [21, 24, 2],
    [25, top, 3],
  ],
  spo2Scale1: [
    [bottom, 91, 3],
    [92, 93, 2],
    [94, 95, 1],
    [96, top, 0],
  ],
  spo2Scale2OnAir: [
    [bottom, 83, 3],
    [84, 85, 2],
    [86, 87, 1],
    [88, top, 0],
  ],
  spo2Scale2OnOxygen: [
    [bottom, 83, 3],
    [84, 85, 2],
    [86, 87, 1],
    [88, 92, 0],
    [93, 94, 1],
    [95, 96, 2],
    [97, top, 3],
  ],
  systolic: [
    [bottom, 90, 3],
    [91, 100, 2],
    [101, 110, 1],
    [111, 219, 0],
    [220, top, 3],
  ],
  pulse: [
    [bottom, 40, 3],
    [41, 50, 1],
    [51, 90, 0],
    [91, 110, 1],
    [111, 130, 2],
    [131, top, 3],
  ],
  temperature: [
    [bottom, 35.0, 3],
    [35.1, 36.0, 1],
    [36.1, 38.0, 0],
    [38.1, 39.0, 1],
    [39.1, top, 2],
  ],
} as const satisfies Record<string, readonly Band[]>;

const consciousnessScore = { A: 0, C: 3, V: 3, P: 3, U: 3 } as const;
const onOxygenScore = 2;

function scoreOf(sign: Sign, values: VitalValues, scale: Spo2Scale): number | null {
  switch (sign) {
    case 'consciousness':
      return values.consciousness === null ? null : consciousnessScore[values.consciousness];
    case 'oxygen':
      return values.oxygen === null ? null : values.oxygen > 0 ? onOxygenScore : 0;
    case 'spo2':
      return values.spo2 === null ? null : scoreSpo2(values.spo2, values.oxygen, scale);
    case 'temperature':
      return values.temperature === null ? null : inBand(bands.temperature, roundTo(values.temperature, 1));
    case 'respiration':
    case 'systolic':
    case 'pulse': {
      const value = values[sign];
      return value === null ? null : inBand(bands[sign], roundTo(value, 0));
    }
  }
}

/** On scale 2, 93 % and more means too much oxygen or healthy on air: without the oxygen noted it can't be told. */
function scoreSpo2(spo2: number, oxygen: number | null, scale: Spo2Scale): number | null {
  const percent = roundTo(spo2, 0);
  if (scale === 1) return inBand(bands.spo2Scale1, percent);
  if (oxygen === null && percent > 92) return null;
  return inBand(oxygen !== null && oxygen > 0 ? bands.spo2Scale2OnOxygen : bands.spo2Scale2OnAir, percent);
}

function inBand(of: readonly Band[], value: number): number {
  const band = of.find(([min, max]) => value >= min && value <= max);
  if (!band) throw new RangeError(`no NEWS2 band holds ${value}`);
  return band[2];
}

function notFor(basis: News2Basis): 'under_16' | 'pregnant' | 'age_unknown' | null {
  if (basis.ageYears === null) return 'age_unknown';
  if (basis.ageYears < 16) return 'under_16';
  return basis.pregnant ? 'pregnant' : null;
}

function riskOf(total: number, points: readonly number[]): NonNullable<News2Result['risk']> {
  if (total >= 7) return 'high';
  if (total >= 5) return 'medium';
  if (points.includes(3)) return 'low_medium';
  return total === 0 ? 'none' : 'low';
}

const hourMs = 3_600_000;

/**
 * How long until the next set. The report says 12 h, 4–6 h, 1 h, 1 h, continuous; of 4–6 h the shorter
 * is taken, and "continuous" is a set every 30 minutes (ours: a person at the bed is not a written set).
 */
export const news2IntervalMs: { readonly [R in NonNullable<News2Result['risk']>]: number } = {
  none: 12 * hourMs,
  low: 4 * hourMs,
  low_medium: hourMs,
  medium: hourMs,
  high: hourMs / 2,
};

/**
 * When the next set is due after this one. Patients the scale is not for follow the facility's own
 * hours; an incomplete set is followed up by what it shows at least, and never later than those hours.
 */
export function nextSetDueAt(at: number, news2: News2Result, facilityHours: number): number {
  const facilityMs = facilityHours * hourMs;
  if (news2.state === 'complete' && news2.risk !== null) return at + news2IntervalMs[news2.risk];
  if (news2.state === 'not_for') return at + facilityMs;
  const points = Object.values(news2.scores);
  const known = points.reduce((sum, s) => sum + s, 0);
  const followUpMs = known === 0 ? facilityMs : news2IntervalMs[riskOf(known, points)];
  return at + Math.min(facilityMs, followUpMs);
}
