// Reading a typed date: 8 digits, d/m/yyyy, d-m-yy, m/yyyy or a year alone, since many births are known only to the year.

export interface DateRules {
  /** Latest moment allowed, ms; later dates are refused. */
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
  const parts = split(typed.trim());
  if (!parts) return null;
  const [year, month, day] = [fullYear(parts.year, now), parts.month, parts.day];
  if (!partial && (month === undefined || day === undefined)) return null;
  if (year < 1900 || year > 2200) return null;
  if (month !== undefined && (month < 1 || month > 12)) return null;
  if (month !== undefined && day !== undefined && (day < 1 || day > new Date(year, month, 0).getDate()))
    return null;
  if (latest !== undefined && new Date(year, (month ?? 1) - 1, day ?? 1).getTime() > latest) return null;
  return [String(year), month, day]
    .filter((part) => part !== undefined)
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
}

interface Parts {
  readonly year: string;
  readonly month?: number;
  readonly day?: number;
}

function split(text: string): Parts | null {
  if (/^\d{8}$/.test(text))
    return { day: Number(text.slice(0, 2)), month: Number(text.slice(2, 4)), year: text.slice(4) };
  if (/^\d{6}$/.test(text)) {
    return { day: Number(text.slice(0, 2)), month: Number(text.slice(2, 4)), year: text.slice(4) };
  }
  if (/^\d{4}$/.test(text)) return { year: text };
  const full = /^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})$/.exec(text);
  if (full?.[3] !== undefined) return { day: Number(full[1]), month: Number(full[2]), year: full[3] };
  const month = /^(\d{1,2})[/.\- ](\d{4})$/.exec(text);
  if (month?.[2] !== undefined) return { month: Number(month[1]), year: month[2] };
  return null;
}

/** Two digits mean the latest such year that is not in the future: 85 → 1985, 26 → 2026 (in 2026). */
function fullYear(year: string, now: number): number {
  if (year.length === 4) return Number(year);
  const thisYear = new Date(now).getFullYear();
  const candidate = Math.floor(thisYear / 100) * 100 + Number(year);
  return candidate > thisYear ? candidate - 100 : candidate;
}
