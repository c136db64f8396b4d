// Reading a typed time of an event: `7:05`, `7h05`, `0705` (today), or the same followed by a date.
import { parseDate } from './parse-date.ts';

/** ms since 1970 UTC, in the PC's time zone; null when the text is no time. */
export function parseMoment(typed: string, now: number): number | null {
  const found = /^(\d{1,2})\s*[:hg.]\s*(\d{2})?(?:\s+(.+))?$|^(\d{2})(\d{2})(?:\s+(.+))?$/i.exec(
    typed.trim(),
  );
  if (!found) return null;
  const hours = Number(found[1] ?? found[4]);
  const minutes = Number(found[2] ?? found[5] ?? 0);
  if (hours > 23 || minutes > 59) return null;
  const dateText = found[3] ?? found[6];
  const at = new Date(now);
  if (dateText !== undefined) {
    const date = parseDate(withYear(dateText, now), {}, now);
    const [year, month, day] = date?.split('-').map(Number) ?? [];
    if (year === undefined || month === undefined || day === undefined) return null;
    at.setFullYear(year, month - 1, day);
  }
  return at.setHours(hours, minutes, 0, 0);
}

/** `21/11` means this year. */
const withYear = (date: string, now: number) =>
  /^\d{1,2}[/.-]\d{1,2}$/.test(date.trim()) ? `${date.trim()}/${new Date(now).getFullYear()}` : date;
