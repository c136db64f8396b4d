// One set of vital signs as typed boxes: how boxes become values and what is said about each box.
// The readings and limits are shared with the core; nothing here ever changes what stands in a box.
import type { VitalValues } from '../../shared/api/observations.ts';
import { readPressure, readVital, type Typed, vitalText } from '../../shared/codes/vital-typing.ts';
import { type NumericVital, noVitals, vitalProblems, vitalSpecs } from '../../shared/codes/vitals.ts';

/** Boxes of the set in the paper sheet's order; blood pressure is one box. */
export const vitalBoxes = [
  'pulse',
  'temperature',
  'pressure',
  'respiration',
  'spo2',
  'oxygen',
  'consciousness',
  'weight',
  'height',
  'pain',
  'urine',
] as const;
export type VitalBox = (typeof vitalBoxes)[number];
export type TypedSet = { readonly [B in VitalBox]: string };

export const emptySet: TypedSet = {
  pulse: '',
  temperature: '',
  pressure: '',
  respiration: '',
  spo2: '',
  oxygen: '',
  consciousness: '',
  weight: '',
  height: '',
  pain: '',
  urine: '',
};

/** `block` stops saving, `ask` wants a confirmation. The key and blanks make the sentence under the box. */
export interface BoxNote {
  readonly level: 'block' | 'ask';
  readonly key: string;
  readonly blanks: Readonly<Record<string, string>>;
}

export interface ReadSet {
  readonly values: Partial<VitalValues>;
  readonly notes: Partial<Record<VitalBox, BoxNote>>;
  /** Contract fields whose unusual value must be confirmed. */
  readonly unusual: readonly string[];
}

export function readSet(typed: TypedSet): ReadSet {
  const values: Partial<VitalValues> = {};
  const notes: Partial<Record<VitalBox, BoxNote>> = {};
  for (const box of vitalBoxes) {
    if (box === 'consciousness') {
      const letter = levelOf(typed.consciousness);
      if (letter) values.consciousness = letter;
      else if (typed.consciousness.trim() !== '') notes.consciousness = block('vitals.unreadable');
      continue;
    }
    if (box === 'pressure') {
      const pressure = readPressure(typed.pressure);
      if (pressure.kind === 'value') {
        values.systolic = pressure.value.systolic;
        if (pressure.value.diastolic !== null) values.diastolic = pressure.value.diastolic;
      } else {
        const note = noteOf(pressure, (p) => `${p.systolic}/${p.diastolic ?? ''}`);
        if (note) notes.pressure = note;
      }
      continue;
    }
    const reading = readVital(typed[box], box);
    if (reading.kind === 'value') values[box] = reading.value;
    const note = noteOf(reading, (v) => vitalText(v, box));
    if (note) notes[box] = note;
  }
  const unusual: string[] = [];
  for (const problem of vitalProblems({ ...noVitals, ...values })) {
    const box = boxOf(problem.field);
    if (notes[box]) continue;
    if (problem.why === 'unusual') unusual.push(problem.field);
    notes[box] = {
      level: problem.why === 'unusual' ? 'ask' : 'block',
      key: `vitals.${problem.why}`,
      blanks: {
        min: String(problem.min ?? '').replace('.', ','),
        max: String(problem.max ?? '').replace('.', ','),
      },
    };
  }
  return { values, notes, unusual };
}

/**
 * What may be said while the box is still being typed in: only what more typing can't mend,
 * so that nobody is scolded for having typed the first digit.
 */
export function noteWhileTyping(
  box: VitalBox,
  typed: string,
  note: BoxNote | undefined,
): BoxNote | undefined {
  if (!note || box === 'consciousness' || box === 'pressure') return undefined;
  const reading = readVital(typed, box);
  return reading.kind === 'value' && reading.value > vitalSpecs[box].usual[1] ? note : undefined;
}

export function typedSetOf(values: VitalValues): TypedSet {
  const number = (box: NumericVital) => (values[box] === null ? '' : vitalText(values[box], box));
  return {
    pulse: number('pulse'),
    temperature: number('temperature'),
    pressure: pressureText(values),
    respiration: number('respiration'),
    spo2: number('spo2'),
    oxygen: number('oxygen'),
    consciousness: values.consciousness ?? '',
    weight: number('weight'),
    height: number('height'),
    pain: number('pain'),
    urine: number('urine'),
  };
}

/** `120/80`; only the upper value when the lower was not felt. */
export function pressureText({ systolic, diastolic }: Pick<VitalValues, 'systolic' | 'diastolic'>): string {
  if (systolic === null) return '';
  return diastolic === null ? String(systolic) : `${systolic}/${diastolic}`;
}

export const isBlank = (typed: TypedSet): boolean => vitalBoxes.every((box) => typed[box].trim() === '');

/** A single letter of the scale; an input method may have put a mark on it (Á, Ú). */
function levelOf(typed: string): VitalValues['consciousness'] {
  const letter = typed.trim().normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
  return levels.find((level) => level === letter) ?? null;
}
export const levels = ['A', 'C', 'V', 'P', 'U'] as const;

const boxOf = (field: string): VitalBox =>
  field === 'systolic' || field === 'diastolic'
    ? 'pressure'
    : (vitalBoxes.find((box) => box === field) ?? 'pulse');

const block = (key: string, blanks: BoxNote['blanks'] = {}): BoxNote => ({ level: 'block', key, blanks });

function noteOf<T>(reading: Typed<T>, print: (value: T) => string): BoxNote | null {
  if (reading.kind === 'unreadable') return block('vitals.unreadable');
  if (reading.kind === 'suggestion') return block('vitals.suggestion', { value: print(reading.value) });
  return null;
}

/** A stored draft; boxes it does not know stay empty. */
export function typedSetFromDraft(content: string): TypedSet {
  const draft: unknown = JSON.parse(content);
  if (typeof draft !== 'object' || draft === null) return emptySet;
  const kept = Object.entries(draft).filter(([box, value]) => box in emptySet && typeof value === 'string');
  return { ...emptySet, ...Object.fromEntries(kept) };
}
