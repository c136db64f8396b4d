// Reading a typed time of an event: `7:05`, `7h05`, `0705` (today), or the same followed by a date.
import { instantOf, vietnamDate, vietnamYear } from '../../shared/time/vietnam.ts';
import { parseDate } from './parse-date.ts';

/** ms since 1970 UTC of a time in Vietnam; null when the text is no time. */
export function parseMoment(typed: string, now: number): number | null {
  const found = /^(\d{1,2})\s*[:hg.]\s*(\d{2})?(?:\s+(.+))?$|^(\d{2})(\d{2})(?:\s+(.+))?$/i.exec(
    typed.trim(),
  );
  if (!found) return null;
  const hours = Number(found[1] ?? found[4]);
  const minutes = Number(found[2] ?? found[5] ?? 0);
  const dateText = found[3] ?? found[6];
  const date = dateText === undefined ? vietnamDate(now) : parseDate(withYear(dateText, now), {}, now);
  const [year, month, day] = date?.split('-').map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return null;
  return instantOf(year, month, day, hours, minutes);
}

/** `21/11` means this year. */
const withYear = (date: string, now: number) =>
  /^\d{1,2}[/.-]\d{1,2}$/.test(date.trim()) ? `${date.trim()}/${vietnamYear(now)}` : date;
