// Dates, ages and numbers as they are written on Vietnamese papers: 24-hour clock, dd/MM/yyyy, decimal comma.
// Instants are ms since 1970 UTC and are shown in the PC's own time zone.
import type { Text } from './index.ts';

const two = (n: number) => String(n).padStart(2, '0');

/** `07:05` */
export function clock(at: number): string {
  const d = new Date(at);
  return `${two(d.getHours())}:${two(d.getMinutes())}`;
}

/** `22/11/2026` */
export function day(at: number): string {
  const d = new Date(at);
  return `${two(d.getDate())}/${two(d.getMonth() + 1)}/${d.getFullYear()}`;
}

/** `07:05 22/11/2026`, time first as hospitals write it */
export const moment = (at: number): string => `${clock(at)} ${day(at)}`;

/** `07:05` today, `07:05 22/11` this year, else with the year: as short as it can be without being ambiguous. */
export function shortMoment(at: number, now: number): string {
  const [a, b] = [new Date(at), new Date(now)];
  if (a.toDateString() === b.toDateString()) return clock(at);
  if (a.getFullYear() === b.getFullYear()) return `${clock(at)} ${two(a.getDate())}/${two(a.getMonth() + 1)}`;
  return moment(at);
}

/** A birth known to the day, month or year: `02/03/1985`, `03/1985`, `1985`; `null` stays `null`. */
export function birth(date: string | null): string | null {
  return date === null ? null : date.split('-').reverse().join('/');
}

/**
 * Age as wards say it: days under a month, months under six years (72 months, the limit of children's doses), else years.
 * A birth known only to the year gives the difference of years.
 */
export function age(t: Text, date: string | null, now: number): string {
  const born = date?.split('-').map(Number);
  const [year, month, dayOfMonth] = born ?? [];
  if (year === undefined) return t('common.ageUnknown');
  const today = new Date(now);
  if (month === undefined) return t('common.ageYears', { n: today.getFullYear() - year });
  let months = (today.getFullYear() - year) * 12 + today.getMonth() + 1 - month;
  if (dayOfMonth !== undefined && today.getDate() < dayOfMonth) months -= 1;
  if (months >= 72) return t('common.ageYears', { n: Math.floor(months / 12) });
  if (months >= 1 || dayOfMonth === undefined) return t('common.ageMonths', { n: Math.max(0, months) });
  const days = Math.floor((now - new Date(year, month - 1, dayOfMonth).getTime()) / 86_400_000);
  return t('common.ageDays', { n: Math.max(0, days) });
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
