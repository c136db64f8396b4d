// The calendar of Vietnam: UTC+7 all year since 13 June 1975, so one fixed offset is exact for every stay.
// Days, numbers of the year and what screens print never depend on the PC's own time zone setting.

export const VIETNAM_OFFSET_MS = 7 * 3_600_000;
export const DAY_MS = 86_400_000;

/** Midnight in Vietnam at or before an instant, ms since 1970 UTC. */
export const dayStart = (at: number): number =>
  Math.floor((at + VIETNAM_OFFSET_MS) / DAY_MS) * DAY_MS - VIETNAM_OFFSET_MS;

/** 1 on the calendar day of admission, 2 from the next midnight on; never below 1. */
export const dayOfStay = (admittedAt: number, at: number): number =>
  Math.max(1, Math.round((dayStart(at) - dayStart(admittedAt)) / DAY_MS) + 1);

/** `2026-11-22` */
export const vietnamDate = (at: number): string =>
  new Date(at + VIETNAM_OFFSET_MS).toISOString().slice(0, 10);

export const vietnamYear = (at: number): number => new Date(at + VIETNAM_OFFSET_MS).getUTCFullYear();

/** `22/11/2026`, as on paper. */
export function formatDate(at: number): string {
  const [year, month, day] = vietnamDate(at).split('-');
  return `${day}/${month}/${year}`;
}

/** `08:05` */
export const formatTime = (at: number): string =>
  new Date(at + VIETNAM_OFFSET_MS).toISOString().slice(11, 16);

/** `08:05 22/11/2026`: hour first, as the forms of the Ministry of Health have it. */
export const formatDateTime = (at: number): string => `${formatTime(at)} ${formatDate(at)}`;

/** `08:05 22/11` for lists where the year is plain. */
export const formatDayTime = (at: number): string => `${formatTime(at)} ${formatDate(at).slice(0, 5)}`;

/** `07:05` today, `07:05 22/11` this year, else with the year: as short as it can be without being ambiguous. */
export function shortMoment(at: number, now: number): string {
  if (dayStart(at) === dayStart(now)) return formatTime(at);
  return vietnamYear(at) === vietnamYear(now) ? formatDayTime(at) : formatDateTime(at);
}

/** Instant of a wall-clock time in Vietnam; null when there is no such day or time. Month is 1–12. */
export function instantOf(year: number, month: number, day: number, hour = 0, minute = 0): number | null {
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return null;
  const at = Date.UTC(year, month - 1, day, hour, minute) - VIETNAM_OFFSET_MS;
  const expected = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  return Number.isFinite(at) && vietnamDate(at) === expected ? at : null;
}

const pad = (n: number, width: number) => String(n).padStart(width, '0');
