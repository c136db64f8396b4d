// The list of a ward: what the record says is due and what people wrote, the most urgent first.
import { ok } from '../../../shared/api/contract.ts';
import { AdmissionId, PatientId, type TaskId, type WardId } from '../../../shared/api/ids.ts';
import { shiftAt } from '../../../shared/time/shift.ts';
import { dayStart } from '../../../shared/time/vietnam.ts';
import type { Context, Deps, HandlersOf, Output } from '../../store/room.ts';
import { statement } from '../../store/statement.ts';
import { allergyStatusOf } from '../allergies/index.ts';
import type { BedNeeds, FacilityNeeds, IdentityNeeds, StayFacts, StayNeeds, WardNeeds } from '../needs.ts';
import { entriesSince } from '../notes/index.ts';
import { admissionTimes, latestOf } from '../observations/index.ts';
import { type DerivedTask, derivedTasks } from './derived.ts';

export type TaskNeeds = StayNeeds & IdentityNeeds & FacilityNeeds & BedNeeds & WardNeeds;
type Task = Output<'tasks.list'>[number];

export const queries = (deps: Deps & TaskNeeds): HandlersOf<'tasks.list'> => ({
  'tasks.list': ({ wardId, includeDone }, ctx) => {
    const { sql } = deps.store;
    const stays = deps.openStaysOfWard(sql, wardId);
    const derived = derive(deps, stays, wardId, ctx);
    const written = ctx.can('chart.read') ? writtenTasks(deps, stays, wardId, includeDone) : [];
    const patients = [
      ...derived.flatMap((t) => t.stay?.patientId ?? []),
      ...written.flatMap((t) => t.patient_id ?? []),
    ];
    const identities = deps.identitiesOf(sql, [...new Set(patients)]);
    const name = (id: string | null) => (id === null ? null : (identities.get(id)?.fullName ?? null));
    const bedOf = new Map(stays.map((s) => [s.admissionId, s.bedLabel]));
    return ok(
      [
        ...derived.map((t) => shownDerived(t, wardId, name)),
        ...written.map((t) => shownWritten(t, wardId, name, bedOf, deps)),
      ].sort(byUrgency),
    );
  },
});

function derive(
  deps: Deps & TaskNeeds,
  stays: readonly StayFacts[],
  wardId: string,
  ctx: Context,
): DerivedTask[] {
  const { sql } = deps.store;
  const now = deps.now();
  const admissions = stays.map((s) => s.admissionId);
  const answers = allergyStatusOf(
    sql,
    stays.map((s) => s.patientId),
  );
  return derivedTasks(
    {
      stays,
      vitals: latestOf(sql, admissions, {
        now,
        overdueHours: deps.overdueHours(),
        admittedAt: admissionTimes(stays),
      }),
      allergies: new Map([...answers].map(([id, a]) => [id, a.status])),
      entries: entriesSince(sql, admissions, dayStart(now)),
      bedsToClean: deps.bedsToClean(sql, wardId),
      clinical: ctx.can('chart.read'),
    },
    now,
  );
}

/** Tasks about a patient follow the patient: to be done where they lie now, not where it was written. */
function writtenTasks(
  deps: Deps & TaskNeeds,
  stays: readonly StayFacts[],
  wardId: string,
  includeDone: boolean,
): TaskRow[] {
  const { sql } = deps.store;
  const here = new Set(stays.map((s) => s.admissionId));
  const doneSince = includeDone ? shiftAt(deps.now()).from : Number.MAX_SAFE_INTEGER;
  const rows = [
    ...tasksOfWard(sql).all({ ward: wardId, doneSince }),
    ...tasksOfStays(sql).all({ stays: JSON.stringify([...here]), doneSince }),
  ];
  const isElsewhere = (row: TaskRow): boolean => {
    if (row.admission_id === null || here.has(row.admission_id)) return false;
    const stay = deps.stayOf(sql, row.admission_id);
    return stay?.status === 'admitted' && stay.wardId !== wardId;
  };
  return [...new Map(rows.map((r) => [r.id, r])).values()].filter((row) => !isElsewhere(row));
}

/** Open before done, urgent, overdue, then by time; what has no time comes last. */
function byUrgency(a: Task, b: Task): number {
  return (
    Number(a.done !== null) - Number(b.done !== null) ||
    Number(b.urgent) - Number(a.urgent) ||
    Number(b.overdue) - Number(a.overdue) ||
    (a.dueAt ?? Number.MAX_SAFE_INTEGER) - (b.dueAt ?? Number.MAX_SAFE_INTEGER) ||
    bedOrder.compare(a.bedLabel ?? '\uffff', b.bedLabel ?? '\uffff') ||
    (a.id < b.id ? -1 : 1)
  );
}
const bedOrder = new Intl.Collator('vi', { numeric: true });

type NameOf = (patientId: string | null) => string | null;

const shownDerived = (t: DerivedTask, wardId: WardId, name: NameOf): Task => ({
  id: `derived:${t.kind}:${t.stay?.admissionId ?? t.bed?.bedId ?? ''}`,
  kind: t.kind,
  wardId,
  patientId: t.stay ? PatientId.parse(t.stay.patientId) : null,
  admissionId: t.stay ? AdmissionId.parse(t.stay.admissionId) : null,
  patientName: name(t.stay?.patientId ?? null),
  bedLabel: t.stay?.bedLabel ?? t.bed?.bedLabel ?? null,
  text: null,
  dueAt: t.dueAt,
  overdue: t.overdue,
  urgent: t.urgent,
  createdBy: null,
  done: null,
});

const shownWritten = (
  row: TaskRow,
  wardId: WardId,
  name: NameOf,
  bedOf: ReadonlyMap<string, string | null>,
  { people, now }: Deps,
): Task => ({
  id: row.id,
  kind: 'written',
  wardId,
  patientId: row.patient_id,
  admissionId: row.admission_id,
  patientName: name(row.patient_id),
  bedLabel: row.admission_id === null ? null : (bedOf.get(row.admission_id) ?? null),
  text: row.text,
  dueAt: row.due_at,
  overdue: row.state === 'open' && row.due_at !== null && row.due_at < now(),
  urgent: false,
  createdBy: people.nameOf(row.created_by),
  done: row.state === 'done' ? { at: row.state_at, by: people.nameOf(row.state_by) } : null,
});

export interface TaskRow {
  readonly id: TaskId;
  readonly ward_id: WardId;
  readonly admission_id: AdmissionId | null;
  readonly patient_id: PatientId | null;
  readonly text: string;
  readonly due_at: number | null;
  readonly created_at: number;
  readonly created_by: string | null;
  readonly state: 'open' | 'done' | 'cancelled';
  readonly state_at: number;
  readonly state_by: string | null;
}

export const taskById = statement<[string], TaskRow>('SELECT * FROM task WHERE id = ?');

export const tasksOfWard = statement<[{ ward: string; doneSince: number }], TaskRow>(`
  SELECT * FROM task WHERE ward_id = @ward AND state = 'open'
  UNION ALL
  SELECT * FROM task WHERE ward_id = @ward AND state = 'done' AND state_at >= @doneSince`);

export const tasksOfStays = statement<[{ stays: string; doneSince: number }], TaskRow>(`
  SELECT t.* FROM json_each(@stays) stay
  JOIN task t ON t.admission_id = stay.value AND t.state = 'open'
  UNION ALL
  SELECT t.* FROM json_each(@stays) stay
  JOIN task t ON t.admission_id = stay.value AND t.state = 'done' AND t.state_at >= @doneSince`);
