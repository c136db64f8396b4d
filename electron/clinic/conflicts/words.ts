// A side of a conflict as text a person can compare: places by name, times as on paper, the rest as written.
// What was done ("chuyển", "ra viện") is worded by the page from the side's `act`.
import * as z from 'zod';
import { formatDayTime } from '../../../shared/time/vietnam.ts';

const StaySide = z.object({
  act: z.enum(['admit', 'transfer', 'bed', 'swap', 'discharge', 'reopen', 'void', 'diagnose']),
  at: z.number().nullable(),
  ward: z.string().nullish(),
  bed: z.string().nullish(),
  text: z.string().nullish(),
  patient: z.string().nullish(),
  number: z.string().nullish(),
});

export interface Places {
  ward(id: string): string | null;
  bed(id: string): string | null;
  /** Null where the conflict names its patient anyway. */
  person(id: string): string | null;
}

/** Null when the side is the value of a field and not an act of a stay. */
export const readSide = (value: unknown): z.output<typeof StaySide> | null =>
  StaySide.safeParse(value).data ?? null;

/** Null: the side emptied the field. */
export function wordsOf(value: unknown, places: Places): string | null {
  const side = readSide(value);
  if (!side) return plainWords(value);
  const parts = [
    side.patient && places.person(side.patient),
    side.number,
    side.ward && places.ward(side.ward),
    side.bed && places.bed(side.bed),
    side.at === null ? null : formatDayTime(side.at),
    side.text,
  ].filter((part) => typeof part === 'string' && part !== '');
  return parts.length === 0 ? null : parts.join(' · ');
}

function plainWords(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return join(value);
  if (typeof value === 'object') return join(Object.values(value));
  return JSON.stringify(value);
}

const join = (values: readonly unknown[]): string | null => {
  const words = values.flatMap((v) => plainWords(v) ?? []);
  return words.length === 0 ? null : words.join(' · ');
};
