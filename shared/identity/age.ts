// Age the way the ward says it: days in the first month of life, months below 72 months, then years
// (TT 26/2025 asks for months below 72 on prescriptions).

export type Age =
  | { readonly unit: 'days' | 'months'; readonly value: number }
  /** `about`: only the year (or month) of birth is known, so the number may be one too high. */
  | { readonly unit: 'years'; readonly value: number; readonly about: boolean };

/** `birth` partial, `on` a full day, both `YYYY-MM-DD`; null when born after that day. */
export function ageOn(birth: string, on: string): Age | null {
  const [year = 0, month, day] = birth.split('-').map(Number);
  const [y = 0, m = 0, d = 0] = on.split('-').map(Number);
  if (month === undefined) return y < year ? null : { unit: 'years', value: y - year, about: true };
  if (day === undefined) {
    const months = (y - year) * 12 + m - month;
    if (months < 0) return null;
    return months < 72
      ? { unit: 'months', value: months }
      : { unit: 'years', value: Math.floor(months / 12), about: true };
  }
  const days = Math.round((Date.parse(on) - Date.parse(birth)) / 86_400_000);
  if (days < 0) return null;
  const months = (y - year) * 12 + m - month - (d < day ? 1 : 0);
  if (months < 1) return { unit: 'days', value: days };
  if (months < 72) return { unit: 'months', value: months };
  return { unit: 'years', value: Math.floor(months / 12), about: false };
}
