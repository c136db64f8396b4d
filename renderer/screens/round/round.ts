// The round as data: typed rows by patient, their order, what goes to the core and what stays because of an error.
import type { Input, Output } from '../../../shared/api/index.ts';
import {
  emptySet,
  isBlank,
  readSet,
  type TypedSet,
  typedSetFromDraft,
  type VitalBox,
} from '../../parts/vital-set.ts';

export type RoundRow = Output<'observations.round'>[number];
export type RoundAnswer = Output<'observations.recordRound'>['rows'][number];
/** Admission → what is typed in its row; rows without typing are absent. */
export type Typed = Readonly<Record<string, TypedSet>>;

/** Boxes of a round in the order they are measured at the bed; the rest is written in the chart. */
export const roundBoxes = [
  'pulse',
  'temperature',
  'pressure',
  'respiration',
  'spo2',
  'oxygen',
  'consciousness',
] as const satisfies readonly VitalBox[];

export type Order = 'overdue' | 'bed';

const byBed = new Intl.Collator('vi', { numeric: true });

/** Overdue first (longest waiting on top), or the way a nurse walks: bed by bed, people without a bed last. */
export function inOrder(rows: readonly RoundRow[], order: Order): RoundRow[] {
  const bed = (a: RoundRow, b: RoundRow) =>
    a.bedLabel === null || b.bedLabel === null
      ? Number(a.bedLabel === null) - Number(b.bedLabel === null) || byBed.compare(a.fullName, b.fullName)
      : byBed.compare(a.bedLabel, b.bedLabel);
  if (order === 'bed') return rows.toSorted(bed);
  return rows.toSorted(
    (a, b) =>
      Number(b.overdue) - Number(a.overdue) ||
      (a.overdue && b.overdue ? (a.dueAt ?? 0) - (b.dueAt ?? 0) : 0) ||
      bed(a, b),
  );
}

export function typeInto(typed: Typed, admissionId: string, box: VitalBox, value: string): Typed {
  const row = { ...(typed[admissionId] ?? emptySet), [box]: value };
  const { [admissionId]: _gone, ...others } = typed;
  return isBlank(row) ? others : { ...others, [admissionId]: row };
}

export interface Sending {
  readonly rows: Input<'observations.recordRound'>['rows'];
  /** Rows that stay because a box can't be read or is impossible. */
  readonly blocked: readonly string[];
  /** Rows with unusual values nobody has confirmed yet. */
  readonly asking: readonly string[];
}

/** `confirmed` holds `<admission>:<fields>` of unusual values the person has said yes to. */
export function toSend(typed: Typed, confirmed: ReadonlySet<string>): Sending {
  const rows: Sending['rows'] = [];
  const blocked: string[] = [];
  const asking: string[] = [];
  for (const [admissionId, row] of Object.entries(typed)) {
    const read = readSet(row);
    if (Object.values(read.notes).some((note) => note.level === 'block')) blocked.push(admissionId);
    else if (read.unusual.length > 0 && !confirmed.has(confirmationOf(admissionId, row)))
      asking.push(admissionId);
    else rows.push({ admissionId, values: read.values, confirmed: [...read.unusual] });
  }
  return { rows, blocked, asking };
}

/** What exactly was confirmed: a value changed afterwards must be confirmed again. */
export function confirmationOf(admissionId: string, row: TypedSet): string {
  const { values, unusual } = readSet(row);
  return `${admissionId}:${unusual.map((field) => `${field}=${JSON.stringify(Reflect.get(values, field))}`).join()}`;
}

/** Rows the core took leave the grid; the others keep their typing. */
export function without(typed: Typed, answers: readonly RoundAnswer[]): Typed {
  const taken = new Set(answers.filter((a) => a.error === null).map((a): string => a.admissionId));
  return Object.fromEntries(Object.entries(typed).filter(([id]) => !taken.has(id)));
}

export function typedFromDraft(content: string): Typed {
  const draft: unknown = JSON.parse(content);
  if (typeof draft !== 'object' || draft === null) return {};
  return Object.fromEntries(
    Object.entries(draft)
      .filter(([, row]) => typeof row === 'object' && row !== null)
      .map(([id, row]) => [id, typedSetFromDraft(JSON.stringify(row))]),
  );
}
