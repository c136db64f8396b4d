// Reading a typed date: everything shared/identity reads, and six digits as day, month and year, the way they are
// typed in a hurry. Births may be known only to the month or year.
import { parsePartialDate } from '../../shared/identity/partial-date.ts';
import { vietnamDate, vietnamYear } from '../../shared/time/vietnam.ts';

export interface DateRules {
  /** Latest moment allowed, ms since 1970 UTC; later dates are refused. */
  readonly latest?: number;
  /** Accept month or year alone. */
  readonly partial?: boolean;
}

/** `1985-03-02`, `1985-03` or `1985`; null when the text is no date within the rules. */
export function parseDate(
  typed: string,
  { latest, partial = false }: DateRules = {},
  now = Date.now(),
): string | null {
  const date = readDate(typed.trim(), vietnamYear(now));
  if (date === null) return null;
  if (!partial && date.length < 10) return null;
  const year = Number(date.slice(0, 4));
  if (year < 1900 || year > 2200) return null;
  // text order is date order, and `1985` comes before `1985-03`
  return latest !== undefined && date > vietnamDate(latest) ? null : date;
}

function readDate(text: string, thisYear: number): string | null {
  const hurried = /^(\d{2})(\d{2})(\d{2})$/.exec(text);
  const asDay = hurried && parsePartialDate(`${hurried[1]}/${hurried[2]}/${hurried[3]}`, thisYear);
  return asDay || parsePartialDate(text, thisYear);
}
