// Birth dates as people know and type them: a day, a month, or only a year. Day before month, always.

/**
 * Reads `02031985`, `2/3/1985`, `2.3.85`, `3/1985`, `031985`, `1985`, `1985-03-02` into `1985-03-02`, `1985-03`
 * or `1985`; null when it is no date of the calendar. A two-digit year is the latest one not after `todayYear`.
 */
export function parsePartialDate(typed: string, todayYear: number): string | null {
  const text = typed.trim();
  const iso = /^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$/.exec(text);
  if (iso) return build(iso[1], iso[2], iso[3]);
  const digits = /^\d+$/.test(text) ? text : null;
  if (digits?.length === 8) return build(digits.slice(4), digits.slice(2, 4), digits.slice(0, 2));
  if (digits?.length === 6) return build(digits.slice(2), digits.slice(0, 2));
  if (digits?.length === 4) return build(digits);
  if (digits) return null;
  const parts = text.split(/[\s/.-]+/).filter(Boolean);
  if (parts.some((p) => !/^\d{1,4}$/.test(p))) return null;
  const [a, b, c] = parts;
  if (parts.length === 3) return build(century(c, todayYear), b, a);
  if (parts.length === 2 && b?.length === 4) return build(b, a);
  return null;
}

/** `02/03/1985`, `03/1985`, `1985`. */
export const formatPartialDate = (date: string): string => date.split('-').reverse().join('/');

/** True for a date of the calendar, known to whatever part. */
export function isRealDate(date: string): boolean {
  const [year, month, day] = date.split('-');
  return build(year, month, day) === date;
}

function build(year: string | undefined, month?: string, day?: string): string | null {
  if (year === undefined || !/^\d{4}$/.test(year) || Number(year) < 1) return null;
  if (month === undefined) return year;
  const m = Number(month);
  if (!(m >= 1 && m <= 12)) return null;
  const yearMonth = `${year}-${String(m).padStart(2, '0')}`;
  if (day === undefined) return yearMonth;
  const d = Number(day);
  // day 0 of the next month is the last of this one; setUTCFullYear takes years below 100 as they are
  const end = new Date(0);
  end.setUTCFullYear(Number(year), m, 0);
  return d >= 1 && d <= end.getUTCDate() ? `${yearMonth}-${String(d).padStart(2, '0')}` : null;
}

function century(year: string | undefined, todayYear: number): string | undefined {
  if (year?.length !== 2) return year;
  const base = Math.floor(todayYear / 100) * 100;
  const guess = base + Number(year);
  return String(guess > todayYear ? guess - 100 : guess).padStart(4, '0');
}
