// Age from a birth date that may be known to the year only, on the calendar of Vietnam.
import { vietnamDate } from './vietnam.ts';

/** Fewest and most completed years a partial birth date (`1985-03-02`, `1985-03`, `1985`) allows at an instant. */
export function ageRangeAt(birthDate: string, atMs: number): { min: number; max: number } {
  const [year = '', month, day] = birthDate.split('-');
  const earliest = `${year}-${month ?? '01'}-${day ?? '01'}`;
  const latest = `${year}-${month ?? '12'}-${day ?? '31'}`;
  const today = vietnamDate(atMs);
  return { min: Math.max(0, yearsBetween(latest, today)), max: Math.max(0, yearsBetween(earliest, today)) };
}

/** Completed years; null when unknown, or when the birth date leaves open on which side of `edge` the person is. */
export function ageForScale(birthDate: string | null, atMs: number, edge: number): number | null {
  if (birthDate === null) return null;
  const { min, max } = ageRangeAt(birthDate, atMs);
  return min < edge && max >= edge ? null : min;
}

/** Someone born on 29 February completes a year on 1 March of common years. */
const yearsBetween = (birth: string, today: string): number =>
  Number(today.slice(0, 4)) - Number(birth.slice(0, 4)) - (today.slice(5) < birth.slice(5) ? 1 : 0);
