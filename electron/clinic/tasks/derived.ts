// What the record itself says is to be done on a ward now. Computed at each look, never stored, so that
// nobody has to tick off what the record already shows as done. The times are ours.
import { shiftAt } from '../../../shared/time/shift.ts';
import { dayStart } from '../../../shared/time/vietnam.ts';
import type { AllergyAnswer } from '../allergies/index.ts';
import type { StayFacts } from '../needs.ts';
import type { LatestVitals } from '../observations/index.ts';

export type DerivedKind = 'vitals_due' | 'ask_allergies' | 'no_entry_today' | 'no_bed' | 'clean_bed';

export interface DerivedTask {
  readonly kind: DerivedKind;
  readonly stay: StayFacts | null;
  readonly bed: { readonly bedId: string; readonly bedLabel: string } | null;
  readonly dueAt: number | null;
  readonly overdue: boolean;
  readonly urgent: boolean;
}

export interface WardPicture {
  readonly stays: readonly StayFacts[];
  readonly vitals: ReadonlyMap<string, LatestVitals>;
  readonly allergies: ReadonlyMap<string, AllergyAnswer>;
  /** Entries since midnight. */
  readonly entries: ReadonlyMap<string, number>;
  readonly bedsToClean: readonly { readonly bedId: string; readonly bedLabel: string }[];
  /** Someone who may not read charts is told about beds only. */
  readonly clinical: boolean;
}

/** A set of vitals shows up this long before it is due. */
const announceMs = 30 * 60_000;
const hourMs = 3_600_000;
/** The round is over by then on most wards; an entry still missing is worth a reminder. */
const entryExpectedAtHour = 10;

export function derivedTasks(ward: WardPicture, now: number): DerivedTask[] {
  const ofStays = ward.stays.flatMap((stay) => [
    ...(ward.clinical ? clinicalTasks(stay, ward, now) : []),
    ...(stay.bedId === null ? [task('no_bed', stay, { dueAt: stay.admittedAt })] : []),
  ]);
  const ofBeds = ward.bedsToClean.map((bed) => ({ ...task('clean_bed', null, {}), bed }));
  return [...ofStays, ...ofBeds];
}

function clinicalTasks(stay: StayFacts, ward: WardPicture, now: number): DerivedTask[] {
  const tasks: DerivedTask[] = [];
  const vitals = ward.vitals.get(stay.admissionId);
  if (vitals && vitals.dueAt !== null && vitals.dueAt - announceMs <= now) {
    const { dueAt, overdue } = vitals;
    tasks.push(task('vitals_due', stay, { dueAt, overdue, urgent: overdue && isWatched(vitals) }));
  }
  if (ward.allergies.get(stay.patientId) === 'not_asked') tasks.push(task('ask_allergies', stay, {}));
  const expectedAt = dayStart(now) + entryExpectedAtHour * hourMs;
  const wrote = (ward.entries.get(stay.admissionId) ?? 0) > 0;
  if (!wrote && now >= expectedAt && stay.admittedAt < expectedAt)
    tasks.push(task('no_entry_today', stay, { dueAt: expectedAt, overdue: shiftAt(now).name === 'duty' }));
  return tasks;
}

/** Hourly or closer by NEWS2, or an incomplete set that already shows as much. */
const isWatched = ({ news2 }: LatestVitals): boolean =>
  news2 !== null && ((news2.atLeast ?? 0) >= 5 || Object.values(news2.scores).includes(3));

const task = (
  kind: DerivedKind,
  stay: StayFacts | null,
  at: { dueAt?: number | null; overdue?: boolean; urgent?: boolean },
): DerivedTask => ({
  kind,
  stay,
  bed: null,
  dueAt: at.dueAt ?? null,
  overdue: at.overdue ?? false,
  urgent: at.urgent ?? false,
});
