// Stays as other areas and the screens ask for them; lists in, maps out, one statement each.
import type { Database } from 'better-sqlite3';
import { statement } from '../../store/statement.ts';
import { type Bed, bedLabel, bedsById, wardsById } from '../beds/index.ts';
import type { Status } from './transitions.ts';

export interface Stay {
  readonly admissionId: string;
  readonly admissionNumber: string;
  readonly patientId: string;
  readonly status: Status;
  readonly careType: string;
  readonly wardId: string;
  readonly wardName: string;
  readonly roomName: string | null;
  readonly bedId: string | null;
  readonly bedName: string | null;
  readonly bedLabel: string | null;
  readonly admittedAt: number;
  readonly dischargedAt: number | null;
  readonly diagnosis: string | null;
  readonly icdCode: string | null;
  readonly reason: string;
  readonly dischargeType: string | null;
  readonly outcome: string | null;
  readonly dischargeDiagnosis: string | null;
  readonly dischargeIcd: string | null;
  readonly advice: string | null;
  readonly destination: string | null;
  readonly versions: { readonly status: string; readonly place: string; readonly diagnosis: string };
}

export interface StoredMove {
  readonly changeId: string;
  readonly kind: 'admit' | 'transfer' | 'bed' | 'swap' | 'discharge' | 'reopen';
  readonly at: number;
  readonly version: string;
  readonly wall: number;
  readonly author: string | null;
  readonly station: string;
  readonly wardId: string | null;
  readonly bedId: string | null;
  readonly reason: string | null;
  readonly voided: boolean;
}

export const stayOf = (sql: Database, admissionId: string): Stay | null =>
  toStays(sql, oneStay(sql).all(admissionId))[0] ?? null;

/** Newest first; voided ones too. */
export const staysOfPatient = (sql: Database, patientId: string): Stay[] =>
  toStays(sql, staysOfPatientQuery(sql).all(patientId));

/**
 * This stay and those that were voided in its favour when two open stays of the patient were settled: what was
 * measured and written there happened to the same person in the same bed days, so it is read with this stay.
 */
export const withVoidedFor = (sql: Database, admissionId: string): string[] => [
  admissionId,
  ...voidedForQuery(sql)
    .all(admissionId)
    .map((r) => r.admissionId)
    .filter((id) => id !== admissionId),
];

/** Who lies on a ward now. */
export const openStaysOfWard = (sql: Database, wardId: string): Stay[] =>
  toStays(sql, openStaysOfWardQuery(sql).all(wardId));

/** Patient → open stay; with two (a conflict until settled) the earlier one. */
export function openStaysOf(sql: Database, patientIds: readonly string[]): Map<string, Stay> {
  const stays = toStays(sql, openStaysOfQuery(sql).all(JSON.stringify(patientIds)));
  return new Map(stays.map((s) => [s.patientId, s]));
}

/** Bed → how many lie in it; beds with nobody are left out. */
export const occupantsOf = (sql: Database, bedIds: readonly string[]): Map<string, number> =>
  new Map(
    occupantsQuery(sql)
      .all(JSON.stringify(bedIds))
      .map((r) => [r.bedId, r.occupants]),
  );

/** Ward → patients on it and beds in use; for the list of wards. */
export const occupancyOfWards = (
  sql: Database,
): Map<string, { patients: number; beds: ReadonlySet<string> }> => {
  const wards = new Map<string, { patients: number; beds: Set<string> }>();
  for (const { wardId, bedId } of openPlacesQuery(sql).all()) {
    const of = wards.get(wardId) ?? { patients: 0, beds: new Set<string>() };
    of.patients++;
    if (bedId !== null) of.beds.add(bedId);
    wards.set(wardId, of);
  }
  return wards;
};

/** Everyone who lies in the center now: search among the admitted. */
export const openPatientIds = (sql: Database): string[] =>
  openPatientsQuery(sql)
    .all()
    .map((r) => r.patientId);

/** By their stamps: where a clock runs ahead, an act may stand before one its writer had seen. */
export const movesOf = (sql: Database, admissionId: string): StoredMove[] =>
  movesQuery(sql)
    .all(admissionId)
    .map((m) => ({ ...m, voided: m.voided === 1 }));

/** Highest admission number used with a prefix. */
export const lastNumber = (sql: Database, prefix: string): string | null =>
  lastNumberQuery(sql).get(prefix, `${prefix}~`)?.number ?? null;

/** Open conflicts over who lies in this bed. */
export const bedClashes = (sql: Database, bedId: string): number =>
  bedClashesQuery(sql).get(`bed:${bedId}`)?.open ?? 0;

type StayRow = Omit<Stay, 'wardName' | 'roomName' | 'bedName' | 'bedLabel' | 'versions'> & {
  readonly versions: string;
};

function toStays(sql: Database, rows: readonly StayRow[]): Stay[] {
  if (rows.length === 0) return [];
  const wards = wardsById(sql);
  const bedIds = rows.flatMap((r) => r.bedId ?? []);
  const beds = bedIds.length === 0 ? new Map<string, Bed>() : bedsById(sql, bedIds);
  return rows.map((row) => {
    const bed = row.bedId === null ? undefined : beds.get(row.bedId);
    return {
      ...row,
      versions: JSON.parse(row.versions),
      wardName: wards.get(row.wardId)?.name ?? '',
      roomName: bed?.roomName ?? null,
      bedName: bed?.name ?? null,
      bedLabel: bed ? bedLabel(bed) : null,
    };
  });
}

const stayColumns = `
  a.id AS admissionId, a.number AS admissionNumber, a.patient_id AS patientId, a.status, a.care_type AS careType,
  a.ward_id AS wardId, a.bed_id AS bedId, a.admitted_at AS admittedAt, a.discharged_at AS dischargedAt, a.diagnosis,
  a.icd_code AS icdCode, a.reason, a.discharge_type AS dischargeType, a.outcome,
  a.discharge_diagnosis AS dischargeDiagnosis, a.discharge_icd AS dischargeIcd, a.advice, a.destination, a.versions`;

export const oneStay = statement<[string], StayRow>(`SELECT ${stayColumns} FROM admission a WHERE a.id = ?`);
export const staysOfPatientQuery = statement<[string], StayRow>(
  `SELECT ${stayColumns} FROM admission a WHERE a.patient_id = ? ORDER BY a.admitted_at DESC, a.number DESC`,
);
/** A voided stay may itself have been the one kept before; UNION ends the walk where two decisions point at each other. */
export const voidedForQuery = statement<[string], { admissionId: string }>(`
  WITH RECURSIVE kept(id, patient_id, admit_change) AS (
    SELECT id, patient_id, admit_change FROM admission WHERE id = ? AND status <> 'voided'
    UNION
    SELECT lost.id, lost.patient_id, lost.admit_change
    FROM kept
    CROSS JOIN admission_settlement s
      ON s.about = 'patient:' || kept.patient_id AND s.kind = 'two_stays' AND s.choice = kept.admit_change
    CROSS JOIN admission lost ON lost.id = s.admission_id AND lost.status = 'voided'
  )
  SELECT id AS admissionId FROM kept`);
export const openStaysOfWardQuery = statement<[string], StayRow>(
  `SELECT ${stayColumns} FROM admission a WHERE a.ward_id = ? AND a.status = 'admitted' ORDER BY a.admitted_at, a.id`,
);
export const openStaysOfQuery = statement<[string], StayRow>(`
  SELECT ${stayColumns} FROM json_each(?) list CROSS JOIN admission a
  WHERE a.patient_id = list.value AND a.status = 'admitted' ORDER BY a.admitted_at DESC, a.id DESC`);
export const occupantsQuery = statement<[string], { bedId: string; occupants: number }>(`
  SELECT a.bed_id AS bedId, count(*) AS occupants FROM json_each(?) list CROSS JOIN admission a
  WHERE a.bed_id = list.value AND a.status = 'admitted' GROUP BY a.bed_id`);
export const openPlacesQuery = statement<[], { wardId: string; bedId: string | null }>(`
  SELECT a.ward_id AS wardId, a.bed_id AS bedId FROM ward w CROSS JOIN admission a
  WHERE a.ward_id = w.id AND a.status = 'admitted'`);
export const openPatientsQuery = statement<[], { patientId: string }>(`
  SELECT DISTINCT a.patient_id AS patientId FROM ward w CROSS JOIN admission a
  WHERE a.ward_id = w.id AND a.status = 'admitted'`);
/** By the index of owners. */
const bedClashesQuery = statement<[string], { open: number }>(
  'SELECT count(*) AS open FROM conflict WHERE owner = ? AND settled IS NULL',
);
export const movesQuery = statement<[string], Omit<StoredMove, 'voided'> & { readonly voided: number }>(`
  SELECT change_id AS changeId, kind, at, version, wall, author, station, ward_id AS wardId, bed_id AS bedId, reason,
    voided
  FROM admission_move WHERE admission_id = ? ORDER BY version`);
export const lastNumberQuery = statement<[string, string], { number: string }>(
  'SELECT number FROM admission WHERE number >= ? AND number < ? ORDER BY number DESC LIMIT 1',
);
