// Dates, ages and numbers as they are written on Vietnamese papers: 24-hour clock, dd/MM/yyyy, decimal comma.
// Instants are ms since 1970 UTC and are shown in Vietnam's time, whatever zone the PC is set to.
import { ageOn } from '../../shared/identity/age.ts';
import { formatPartialDate } from '../../shared/identity/partial-date.ts';
import { formatDate, formatDateTime, formatTime, vietnamDate } from '../../shared/time/vietnam.ts';
import type { Text } from './index.ts';

/** `07:05` */
export const clock = formatTime;

/** `22/11/2026` */
export const day = formatDate;

/** `07:05 22/11/2026`, time first as hospitals write it */
export const moment = formatDateTime;

/** `07:05` today, `07:05 22/11` this year, else with the year: as short as it can be without being ambiguous. */
export { shortMoment } from '../../shared/time/vietnam.ts';

/** A birth known to the day, month or year: `02/03/1985`, `03/1985`, `1985`; `null` stays `null`. */
export function birth(date: string | null): string | null {
  return date === null ? null : formatPartialDate(date);
}

/**
 * Age as wards say it: days under a month, months under six years (72 months, the limit of children's doses), else years.
 * A birth known only to the year gives the difference of years.
 */
export function age(t: Text, date: string | null, now: number): string {
  const found = date === null ? null : ageOn(date, vietnamDate(now));
  if (!found) return t('common.ageUnknown');
  const words = { days: 'common.ageDays', months: 'common.ageMonths', years: 'common.ageYears' } as const;
  return t(words[found.unit], { n: found.value });
}

/** `3 phút trước`; whole minutes, hours or days. */
export function ago(t: Text, at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return t('common.justNow');
  if (minutes < 60) return t('common.minutesAgo', { n: minutes });
  if (minutes < 48 * 60) return t('common.hoursAgo', { n: Math.floor(minutes / 60) });
  return t('common.daysAgo', { n: Math.floor(minutes / 1440) });
}

/** `1.234,5` in Vietnamese, `1,234.5` in English. */
export function number(t: Text, value: number, decimals?: number): string {
  return value.toLocaleString(t.language === 'en' ? 'en-GB' : 'vi-VN', {
    ...(decimals === undefined ? {} : { minimumFractionDigits: decimals }),
    maximumFractionDigits: decimals ?? 3,
  });
}

/** `412 MB` */
export function bytes(t: Text, size: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = size;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${number(t, value < 10 && unit > 0 ? Math.round(value * 10) / 10 : Math.round(value))} ${units[unit]}`;
}
