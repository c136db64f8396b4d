// Reading vital signs: sets of a stay, the latest of each patient of a ward, the round, the last weight.
import type { Database } from 'better-sqlite3';
import type { News2Result } from '../../../shared/api/beds.ts';
import { ok } from '../../../shared/api/contract.ts';
import { AdmissionId, BedId, type ObservationId, PatientId } from '../../../shared/api/ids.ts';
import type { VitalMethods, VitalValues } from '../../../shared/api/observations.ts';
import { type News2, nextSetDueAt, type Spo2Scale } from '../../../shared/codes/news2.ts';
import type { Deps, HandlersOf, Output } from '../../store/room.ts';
import { statement } from '../../store/statement.ts';
import type { FacilityNeeds, IdentityNeeds, StayNeeds, VoidedStayNeeds } from '../needs.ts';
import type { StoredVersion } from './projection.ts';

export type ObservationNeeds = StayNeeds & VoidedStayNeeds & IdentityNeeds & FacilityNeeds;

export function queries(
  deps: Deps & ObservationNeeds,
): HandlersOf<'observations.list' | 'observations.round' | 'observations.scale'> {
  const { store, people } = deps;
  return {
    'observations.list': (input) => {
      const from = input.from ?? Number.MIN_SAFE_INTEGER;
      const to = input.to ?? Number.MAX_SAFE_INTEGER;
      const rows = deps
        .withVoidedFor(store.sql, input.admissionId)
        .map((admission) => setsOfStay(store.sql).all({ admission, from, to }));
      return ok(
        rows
          .flat()
          .sort((a, b) => b.at - a.at || (a.version < b.version ? 1 : -1))
          .map((row) => shown(row, people.nameOf)),
      );
    },
    'observations.scale': (input) => {
      const row = scaleOf(store.sql).get(input.admissionId);
      if (!row) return ok({ scale: 1, decided: null });
      const decided = { at: row.written_at, by: people.nameOf(row.author), reason: row.reason };
      return ok({ scale: row.scale, decided });
    },
    'observations.round': (input) => ok(round(deps, input.wardId)),
  };
}

function round(deps: Deps & ObservationNeeds, wardId: string): Output<'observations.round'> {
  const { sql } = deps.store;
  const stays = deps.openStaysOfWard(sql, wardId);
  const identities = deps.identitiesOf(
    sql,
    stays.map((s) => s.patientId),
  );
  const latest = latestOf(
    sql,
    stays.map((s) => s.admissionId),
    { now: deps.now(), overdueHours: deps.overdueHours(), admittedAt: admissionTimes(stays) },
  );
  const rows = stays.map((stay) => {
    const identity = identities.get(stay.patientId);
    const state = latest.get(stay.admissionId);
    return {
      admissionId: AdmissionId.parse(stay.admissionId),
      patientId: PatientId.parse(stay.patientId),
      fullName: identity?.fullName ?? '',
      recordNumber: identity?.recordNumber ?? '',
      birthDate: identity?.birthDate ?? null,
      bedId: stay.bedId === null ? null : BedId.parse(stay.bedId),
      bedLabel: stay.bedLabel,
      last: state?.last ?? null,
      dueAt: state?.dueAt ?? null,
      overdue: state?.overdue ?? false,
    };
  });
  return rows.sort((a, b) => byBed(a.bedLabel, b.bedLabel));
}

/** Bed 2 before bed 10; people without a bed last. */
const byBed = (a: string | null, b: string | null): number =>
  a === null || b === null ? Number(a === null) - Number(b === null) : bedOrder.compare(a, b);
const bedOrder = new Intl.Collator('vi', { numeric: true });

export const admissionTimes = (
  stays: readonly { admissionId: string; admittedAt: number }[],
): Map<string, number> => new Map(stays.map((s) => [s.admissionId, s.admittedAt]));

export interface LatestVitals {
  /** The last set that a round counts; null when there is none yet. */
  readonly last: { readonly at: number; readonly values: VitalValues; readonly news2: News2Result } | null;
  readonly at: number | null;
  readonly values: VitalValues | null;
  readonly news2: News2Result | null;
  readonly dueAt: number | null;
  readonly overdue: boolean;
}

/** A newcomer's first set is due half an hour after admission (ours). */
export const firstSetWithinMs = 30 * 60_000;

/**
 * Where each stay stands: its latest set, when the next is due, whether that time has passed.
 * A stay without any set is due `firstSetWithinMs` after admission; without `admittedAt` for it, now.
 */
export function latestOf(
  sql: Database,
  admissionIds: readonly string[],
  at: { now: number; overdueHours: number; admittedAt?: ReadonlyMap<string, number> },
): Map<string, LatestVitals> {
  const rows = new Map<string, ObservationRow>(
    latestSets(sql)
      .all(JSON.stringify(admissionIds))
      .map((r) => [r.admission_id, r]),
  );
  return new Map(
    admissionIds.map((id) => {
      const row = rows.get(id);
      const last = row ? { at: row.at, values: valuesOf(row), news2: news2Of(row) } : null;
      const admittedAt = at.admittedAt?.get(id);
      const dueAt = last
        ? nextSetDueAt(last.at, last.news2, at.overdueHours)
        : admittedAt === undefined
          ? at.now
          : admittedAt + firstSetWithinMs;
      const { values, news2 } = last ?? { values: null, news2: null };
      return [id, { last, at: last?.at ?? null, values, news2, dueAt, overdue: at.now > dueAt }];
    }),
  );
}

export interface LastWeight {
  readonly kg: number;
  readonly at: number;
}

export const lastWeightOf = (sql: Database, patientIds: readonly string[]): Map<string, LastWeight> =>
  new Map(
    lastWeights(sql)
      .all(JSON.stringify(patientIds))
      .map((r) => [r.patient_id, { kg: r.weight, at: r.at }]),
  );

/** Sets of these stays for a timeline, newest first. */
export function setsForTimeline(sql: Database, admissionIds: readonly string[], limit: number) {
  return timelineSets(sql)
    .all(JSON.stringify(admissionIds), limit)
    .map((row) => ({
      id: row.id,
      admissionId: row.admission_id,
      at: row.at,
      writtenAt: row.written_at,
      author: row.author,
      station: row.station,
      values: valuesOf(row),
      news2: news2Of(row),
      note: row.note,
      voided: row.voided === 1,
      voidReason: row.void_reason,
    }));
}

export interface ObservationRow extends VitalValues {
  readonly id: ObservationId;
  readonly admission_id: AdmissionId;
  readonly patient_id: PatientId;
  readonly at: number;
  readonly written_at: number;
  readonly author: string | null;
  readonly station: string;
  readonly version: string;
  readonly temperature_site: VitalMethods['temperatureSite'];
  readonly pressure_site: VitalMethods['pressureSite'];
  readonly posture: VitalMethods['posture'];
  readonly note: string | null;
  readonly news2: string;
  readonly voided: 0 | 1;
  readonly void_reason: string | null;
  readonly reason: string | null;
  readonly history: string;
  readonly versions: string;
}

function shown(
  row: ObservationRow,
  nameOf: (userId: string | null) => string,
): Output<'observations.list'>[number] {
  return {
    observationId: row.id,
    admissionId: row.admission_id,
    patientId: row.patient_id,
    at: row.at,
    writtenAt: row.written_at,
    by: nameOf(row.author),
    values: valuesOf(row),
    methods: methodsOf(row),
    note: row.note,
    news2: news2Of(row),
    voided: row.voided === 1,
    voidReason: row.void_reason,
    reason: row.reason,
    versions: versionsOf(row),
    history: historyOf(row).map(({ author, ...version }) => ({ ...version, by: nameOf(author) })),
  };
}

export const valuesOf = (row: VitalValues): VitalValues => ({
  pulse: row.pulse,
  temperature: row.temperature,
  systolic: row.systolic,
  diastolic: row.diastolic,
  respiration: row.respiration,
  spo2: row.spo2,
  oxygen: row.oxygen,
  consciousness: row.consciousness,
  weight: row.weight,
  height: row.height,
  pain: row.pain,
  urine: row.urine,
});

export const methodsOf = (row: ObservationRow): VitalMethods => ({
  temperatureSite: row.temperature_site,
  pressureSite: row.pressure_site,
  posture: row.posture,
});

export function news2Of(row: Pick<ObservationRow, 'news2'>): News2 {
  const news2: News2 = JSON.parse(row.news2);
  return news2;
}

function historyOf(row: ObservationRow): StoredVersion[] {
  const history: StoredVersion[] = JSON.parse(row.history);
  return history;
}

const mergedFields = [
  'pulse',
  'temperature',
  'pressure',
  'respiration',
  'spo2',
  'oxygen',
  'consciousness',
  'weight',
  'height',
  'pain',
  'urine',
  'temperatureSite',
  'pressureSite',
  'posture',
  'note',
  'at',
  'basis',
  'voided',
] as const;
export type MergedField = (typeof mergedFields)[number];

/** Most fields still have the version of the recording, so only the others are stored. */
export function versionsOf(row: Pick<ObservationRow, 'version' | 'versions'>): Record<MergedField, string> {
  const later: Record<string, string> = JSON.parse(row.versions);
  const all = mergedFields.map((f): [MergedField, string] => [f, later[f] ?? row.version]);
  return Object.fromEntries(all) as Record<MergedField, string>;
}

export const observationById = statement<[string], ObservationRow>('SELECT * FROM observation WHERE id = ?');

export const setsOfStay = statement<[{ admission: string; from: number; to: number }], ObservationRow>(`
  SELECT * FROM observation
  WHERE admission_id = @admission AND at BETWEEN @from AND @to
  ORDER BY at DESC, version DESC`);

export const latestSets = statement<[admissionIds: string], ObservationRow>(`
  SELECT o.* FROM json_each(?) stay
  JOIN observation o ON o.id = (
    SELECT id FROM observation
    WHERE admission_id = stay.value AND voided = 0 AND is_round = 1
    ORDER BY at DESC, version DESC LIMIT 1)`);

export const lastWeights = statement<
  [patientIds: string],
  { patient_id: string; weight: number; at: number }
>(`
  SELECT o.patient_id, o.weight, o.at FROM json_each(?) patient
  JOIN observation o ON o.id = (
    SELECT id FROM observation
    WHERE patient_id = patient.value AND weight IS NOT NULL AND voided = 0
    ORDER BY at DESC, version DESC LIMIT 1)`);

export const timelineSets = statement<[admissionIds: string, limit: number], ObservationRow>(`
  SELECT * FROM observation
  WHERE admission_id IN (SELECT value FROM json_each(?))
  ORDER BY at DESC, version DESC LIMIT ?`);

export const scaleOf = statement<
  [admissionId: string],
  { scale: Spo2Scale; written_at: number; author: string | null; reason: string | null; version: string }
>('SELECT scale, written_at, author, reason, version FROM news2_scale WHERE admission_id = ?');
