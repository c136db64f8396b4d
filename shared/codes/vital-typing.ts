// Reads what a nurse types into a vitals box: comma or dot as decimal, dot or space as thousand, "120/80" in one box.
// A slip is never silently repaired: the reading comes back as a suggestion for the person to accept.
import { type NumericVital, roundTo, vitalSpecs } from './vitals.ts';

export type Typed<T> =
  | { readonly kind: 'empty' }
  | { readonly kind: 'value'; readonly value: T }
  /** Not what stands there, but probably what was meant. */
  | { readonly kind: 'suggestion'; readonly value: T }
  | { readonly kind: 'unreadable' };

export function readVital(typed: string, vital: NumericVital): Typed<number> {
  const text = typed.trim();
  if (text === '') return { kind: 'empty' };
  const value = readNumber(text);
  if (value !== null && possible(value, vital)) return { kind: 'value', value };
  const meant = slips(text, value).find((v) => possible(v, vital));
  if (meant !== undefined) return { kind: 'suggestion', value: meant };
  // Readable but impossible: the box keeps it and says the limits.
  return value === null ? { kind: 'unreadable' } : { kind: 'value', value };
}

/**
 * A number as typed in Vietnam: `36,8`, `36.8`, `1.234`, `1.234,5`, `1 234`. Null when it is not one.
 * A single dot before exactly three digits is a thousand (`1.200` mL); a vital with decimals
 * for which that is impossible gets the other reading as a suggestion.
 */
export function readNumber(typed: string): number | null {
  const text = typed.trim().replace(/(\d)[\u00a0\u202f ](?=\d{3}(\D|$))/g, '$1');
  if (/^-?\d{1,9}$/.test(text)) return Number(text);
  if (/^-?[1-9]\d{0,2}(\.\d{3})+(,\d{1,6})?$/.test(text))
    return Number(text.replaceAll('.', '').replace(',', '.'));
  if (/^-?\d{0,9}[.,]\d{0,6}$/.test(text) && /\d/.test(text)) return Number(text.replace(',', '.'));
  return null;
}

export interface Pressure {
  readonly systolic: number;
  /** Null when only the upper value could be felt. */
  readonly diastolic: number | null;
}

/**
 * Blood pressure in one box: `120/80`, `120-80`, `120 80`, `120`; `12/8` (cmHg, an old habit) and
 * `12080` come back as suggestions.
 */
export function readPressure(typed: string): Typed<Pressure> {
  const text = typed.trim();
  if (text === '') return { kind: 'empty' };
  const pair = /^(\d{1,3})\s*[/\-\s.,]\s*(\d{1,3})$/.exec(text);
  if (pair) return readPair(Number(pair[1]), Number(pair[2]));
  if (/^\d{1,3}$/.test(text)) return { kind: 'value', value: { systolic: Number(text), diastolic: null } };
  const joined = /^(\d{3})(\d{2,3})$/.exec(text) ?? /^(\d{2})(\d{2})$/.exec(text);
  const meant = joined && { systolic: Number(joined[1]), diastolic: Number(joined[2]) };
  return meant && plausible(meant) ? { kind: 'suggestion', value: meant } : { kind: 'unreadable' };
}

function readPair(systolic: number, diastolic: number): Typed<Pressure> {
  const cmHg = { systolic: systolic * 10, diastolic: diastolic * 10 };
  if (systolic < 30 && plausible(cmHg)) return { kind: 'suggestion', value: cmHg };
  return { kind: 'value', value: { systolic, diastolic } };
}

/** As the sheet prints it: comma as decimal, no thousands. */
export const vitalText = (value: number, vital: NumericVital): string =>
  String(roundTo(value, vitalSpecs[vital].decimals)).replace('.', ',');

/** Other readings of the same keystrokes, likeliest first: forgotten comma, blank for comma, dot meant as decimal. */
function slips(text: string, value: number | null): number[] {
  const blankForComma = /^(\d{1,3})\s+(\d{1,2})$/.exec(text);
  const dotAsDecimal = /^(\d{1,3})\.(\d{3})$/.exec(text);
  return [
    ...(blankForComma ? [Number(`${blankForComma[1]}.${blankForComma[2]}`)] : []),
    ...(dotAsDecimal ? [Number(text)] : []),
    ...(value !== null && /^\d+$/.test(text) ? [value / 10, value / 100] : []),
  ];
}

function possible(value: number, vital: NumericVital): boolean {
  const { possible: limits, decimals } = vitalSpecs[vital];
  return value >= limits[0] && value <= limits[1] && roundTo(value, decimals) === value;
}

const plausible = (p: { systolic: number; diastolic: number }): boolean =>
  possible(p.systolic, 'systolic') && possible(p.diastolic, 'diastolic') && p.diastolic < p.systolic;
