// Vital signs as data: unit, decimals, and the limits the page and the core check alike.
// The limits are ours, to be approved by each center: no Vietnamese list of them is published.
// They find slips of the hand, not illness: "usual" is wide enough for newborns and septic adults.
import type { VitalValues } from '../api/observations.ts';

export type VitalKey = keyof VitalValues;
/** All but consciousness, which is a letter of the ACVPU scale. */
export type NumericVital = Exclude<VitalKey, 'consciousness'>;

export interface VitalSpec {
  /** i18n key of the unit as printed on the paper sheet. */
  readonly unitKey: string;
  /** Digits after the comma that the instrument gives; more are refused rather than rounded away. */
  readonly decimals: 0 | 1 | 2;
  /** Outside: the person must say that it is meant. Both ends belong to the range. */
  readonly usual: readonly [min: number, max: number];
  /** Outside: refused. Both ends belong to the range. */
  readonly possible: readonly [min: number, max: number];
  /** Step of the arrow keys. */
  readonly step: number;
}

export const vitalSpecs: { readonly [K in NumericVital]: VitalSpec } = {
  pulse: { unitKey: 'vitals.unit.perMin', decimals: 0, usual: [40, 160], possible: [0, 320], step: 1 },
  temperature: {
    unitKey: 'vitals.unit.celsius',
    decimals: 1,
    usual: [35, 40.5],
    possible: [20, 45],
    step: 0.1,
  },
  systolic: { unitKey: 'vitals.unit.mmHg', decimals: 0, usual: [60, 200], possible: [20, 320], step: 1 },
  diastolic: { unitKey: 'vitals.unit.mmHg', decimals: 0, usual: [30, 120], possible: [5, 220], step: 1 },
  respiration: { unitKey: 'vitals.unit.perMin', decimals: 0, usual: [8, 60], possible: [0, 150], step: 1 },
  spo2: { unitKey: 'vitals.unit.percent', decimals: 0, usual: [85, 100], possible: [20, 100], step: 1 },
  oxygen: { unitKey: 'vitals.unit.litresPerMin', decimals: 1, usual: [0, 15], possible: [0, 80], step: 0.5 },
  weight: { unitKey: 'vitals.unit.kg', decimals: 2, usual: [1.5, 120], possible: [0.3, 400], step: 0.1 },
  height: { unitKey: 'vitals.unit.cm', decimals: 1, usual: [40, 195], possible: [20, 260], step: 0.5 },
  pain: { unitKey: 'vitals.unit.painScale', decimals: 0, usual: [0, 10], possible: [0, 10], step: 1 },
  urine: { unitKey: 'vitals.unit.mL', decimals: 0, usual: [0, 3000], possible: [0, 20_000], step: 50 },
};

/** In the order of the paper sheet (mạch, nhiệt độ, huyết áp, nhịp thở, then the rest). */
export const vitalKeys = [
  'pulse',
  'temperature',
  'systolic',
  'diastolic',
  'respiration',
  'spo2',
  'oxygen',
  'consciousness',
  'weight',
  'height',
  'pain',
  'urine',
] as const satisfies readonly VitalKey[];

/** The signs of a vital round: any of them answers "were vitals taken?"; a weight alone does not. */
export const roundVitals = [
  'pulse',
  'temperature',
  'systolic',
  'respiration',
  'spo2',
  'consciousness',
] as const satisfies readonly VitalKey[];

export const noVitals: VitalValues = {
  pulse: null,
  temperature: null,
  systolic: null,
  diastolic: null,
  respiration: null,
  spo2: null,
  oxygen: null,
  consciousness: null,
  weight: null,
  height: null,
  pain: null,
  urine: null,
};

export interface VitalProblem {
  readonly field: VitalKey;
  /**
   * `impossible`, `too_precise`, `not_below_systolic`, `systolic_missing`: must be changed.
   * `unusual`: goes through once the person confirms it.
   */
  readonly why: 'impossible' | 'too_precise' | 'not_below_systolic' | 'systolic_missing' | 'unusual';
  readonly min?: number;
  readonly max?: number;
}

/** What is wrong with a set, in the order of the sheet; at most one problem per field. */
export function vitalProblems(values: VitalValues, confirmed: readonly string[] = []): VitalProblem[] {
  return vitalKeys.flatMap((field) => {
    const problem = problemOf(field, values);
    return problem === null || (problem.why === 'unusual' && confirmed.includes(field)) ? [] : [problem];
  });
}

export const hasAnyVital = (values: VitalValues): boolean => vitalKeys.some((k) => values[k] !== null);
export const hasRoundVital = (values: VitalValues): boolean => roundVitals.some((k) => values[k] !== null);

/** Minus zero is zero: it would print and hash differently. */
export const tidyVitals = (values: Partial<VitalValues>): Partial<VitalValues> =>
  Object.fromEntries(
    vitalKeys.flatMap((k) => {
      const value = values[k];
      return value === undefined ? [] : [[k, value === 0 ? 0 : value]];
    }),
  );

function problemOf(field: VitalKey, values: VitalValues): VitalProblem | null {
  if (field === 'consciousness') return null;
  const value = values[field];
  if (value === null) return null;
  const { decimals, possible, usual } = vitalSpecs[field];
  if (!within(value, possible)) return { field, why: 'impossible', min: possible[0], max: possible[1] };
  if (roundTo(value, decimals) !== value) return { field, why: 'too_precise' };
  if (field === 'diastolic') {
    if (values.systolic === null) return { field, why: 'systolic_missing' };
    if (value >= values.systolic) return { field, why: 'not_below_systolic' };
  }
  return within(value, usual) ? null : { field, why: 'unusual', min: usual[0], max: usual[1] };
}

/** NaN is within nothing. */
const within = (value: number, [min, max]: readonly [number, number]): boolean =>
  value >= min && value <= max;

export function roundTo(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}
