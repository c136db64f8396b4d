// The twelve-digit personal number (TT 59/2021/TT-BCA). It has no check digit and is re-issued when sex or
// birth were registered wrongly, so a mismatch is a question to the clerk, never a refusal.
import { idProvince } from '../codes/id-provinces.ts';

export interface CccdParts {
  /** Where the birth was registered: a province of before 2025-07-01, or a country. */
  readonly provinceCode: string;
  readonly provinceName: string | null;
  readonly sex: '1' | '2';
  readonly birthYear: number;
}

/** Null unless twelve digits. */
export function readCccd(number: string): CccdParts | null {
  if (!/^\d{12}$/.test(number)) return null;
  const provinceCode = number.slice(0, 3);
  // 0/1 born in the 1900s, 2/3 in the 2000s, … 8/9 in the 2300s; even male, odd female
  const centurySex = Number(number.charAt(3));
  return {
    provinceCode,
    provinceName: idProvince(provinceCode),
    sex: centurySex % 2 === 0 ? '1' : '2',
    birthYear: 1900 + Math.floor(centurySex / 2) * 100 + Number(number.slice(4, 6)),
  };
}

export const cccdWarnings = [
  'sex_differs',
  'birth_year_differs',
  'unknown_province',
  'born_in_future',
] as const;
export type CccdWarning = (typeof cccdWarnings)[number];

/** What does not fit between the number and what the person says; i18n key `cccd.<warning>`. Empty on a malformed number. */
export function checkCccd(
  number: string,
  known: { sex?: string | null; birthDate?: string | null },
  todayYear: number,
): CccdWarning[] {
  const parts = readCccd(number);
  if (!parts) return [];
  const warnings: CccdWarning[] = [];
  // 3 is "undetermined"; the number can't say that
  if ((known.sex === '1' || known.sex === '2') && known.sex !== parts.sex) warnings.push('sex_differs');
  if (known.birthDate && Number(known.birthDate.slice(0, 4)) !== parts.birthYear)
    warnings.push('birth_year_differs');
  // codes after the merger of 2025 are not published; 001–096 and three-digit country codes are accepted
  if (parts.provinceName === null && Number(parts.provinceCode) < 97) warnings.push('unknown_province');
  if (parts.birthYear > todayYear) warnings.push('born_in_future');
  return warnings;
}
