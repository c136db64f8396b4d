// People as screens and other areas ask for them; lists in, maps out, one statement each.
import type { Database } from 'better-sqlite3';
import type * as z from 'zod';
import { IdentifierId, PatientId, RelativeId } from '../../../shared/api/ids.ts';
import { identifierTypes, type Patient, relations } from '../../../shared/api/patients.ts';
import type { People } from '../../store/room.ts';
import { statement } from '../../store/statement.ts';
import { readAddress } from './projection.ts';

export interface Identity {
  readonly patientId: string;
  readonly fullName: string;
  readonly foldedName: string;
  readonly sex: '1' | '2' | '3';
  /** Partial. */
  readonly birthDate: string | null;
  readonly pregnant: boolean;
  readonly recordNumber: string;
  readonly unidentified: boolean;
  /** The one in use; with several, the last added. */
  readonly cccd: string | null;
  readonly bhyt: string | null;
  readonly bloodGroup: 'A' | 'B' | 'AB' | 'O' | null;
  readonly rhesus: '+' | '-' | null;
  readonly deceasedAt: number | null;
  /** Field → version. */
  readonly mergedVersions: Readonly<Record<string, string>>;
}

/** Unknown ids are left out. */
export function identitiesOf(sql: Database, patientIds: readonly string[]): Map<string, Identity> {
  const ids = JSON.stringify(patientIds);
  const numbers = Map.groupBy(identifiersInUse(sql).all(ids), (n) => n.patientId);
  return new Map(
    patientsByIds(sql)
      .all(ids)
      .map((row) => [row.id, toIdentity(row, numbers.get(row.id) ?? [])]),
  );
}

function toIdentity(row: PatientRow, numbers: readonly NumberInUse[]): Identity {
  const last = (type: string): string | null => numbers.findLast((n) => n.type === type)?.value ?? null;
  return {
    patientId: row.id,
    fullName: row.full_name,
    foldedName: row.name_folded,
    sex: row.sex,
    birthDate: row.birth_date,
    pregnant: row.pregnant === 1,
    recordNumber: row.record_number,
    unidentified: row.unidentified === 1,
    cccd: last('cccd'),
    bhyt: last('bhyt'),
    bloodGroup: row.blood_group,
    rhesus: row.rhesus,
    deceasedAt: row.deceased_at,
    mergedVersions: JSON.parse(row.versions),
  };
}

/** The whole page of a person; null when there is none. */
export function patientOf(sql: Database, patientId: string, people: People): z.output<typeof Patient> | null {
  const row = patientById(sql).get(patientId);
  if (!row) return null;
  return {
    patientId: PatientId.parse(row.id),
    recordNumber: row.record_number,
    unidentified: row.unidentified === 1,
    unidentifiedNote: row.unidentified_note,
    demographics: demographicsOf(row),
    versions: JSON.parse(row.versions),
    identifiers: identifiersOfPatient(sql)
      .all(patientId)
      .map((n) => ({
        id: IdentifierId.parse(n.id),
        type: oneOf(identifierTypes, n.type),
        value: n.value,
        issuedOn: n.issued_on,
        validFrom: n.valid_from,
        validTo: n.valid_to,
        facilityCode: n.facility_code,
        endedAt: n.ended_at,
        endReason: n.end_reason,
        recordedAt: n.recorded_at,
        recordedBy: people.nameOf(n.recorded_by),
      })),
    relatives: relativesOfPatient(sql)
      .all(patientId)
      .map((r) => ({
        id: RelativeId.parse(r.id),
        fullName: r.full_name,
        relation: oneOf(relations, r.relation),
        phone: r.phone,
        cccd: r.cccd,
        address: r.address,
        isGuardian: r.is_guardian === 1,
        note: r.note,
        endedAt: r.ended_at,
        versions: JSON.parse(r.versions),
      })),
    registeredAt: row.registered_at,
    registeredBy: people.nameOf(row.registered_by),
    openConflicts: openConflictsOf(sql, patientId),
  };
}

export type DemographicValues = z.output<typeof Patient>['demographics'];

export const demographicsOf = (row: PatientRow): DemographicValues => ({
  fullName: row.full_name,
  sex: row.sex,
  birthDate: row.birth_date,
  phone: row.phone,
  ethnicCode: row.ethnic_code,
  nationality: row.nationality,
  occupationCode: row.occupation_code,
  address: readAddress(row.address),
  workplace: row.workplace,
  bloodGroup: row.blood_group,
  rhesus: row.rhesus,
  pregnant: row.pregnant === 1,
  deceasedAt: row.deceased_at,
});

/** Of the person, their stays and all that is written about them. */
export const openConflictsOf = (sql: Database, patientId: string): number =>
  countConflicts(sql).get(patientId)?.open ?? 0;

export interface NumberInUse {
  readonly patientId: string;
  readonly type: (typeof identifierTypes)[number];
  readonly value: string;
}

/** Written by us in a checked column; throws when the file holds anything else. */
export function oneOf<T extends string>(list: readonly T[], value: string): T {
  const found = list.find((item) => item === value);
  if (found === undefined) throw new Error(`unexpected code in the store: ${value}`);
  return found;
}

export interface PatientRow {
  readonly id: string;
  readonly record_number: string;
  readonly full_name: string;
  readonly name_folded: string;
  readonly sex: '1' | '2' | '3';
  readonly birth_date: string | null;
  readonly phone: string | null;
  readonly ethnic_code: string | null;
  readonly nationality: string | null;
  readonly occupation_code: string | null;
  readonly address: string | null;
  readonly workplace: string | null;
  readonly blood_group: 'A' | 'B' | 'AB' | 'O' | null;
  readonly rhesus: '+' | '-' | null;
  readonly pregnant: number;
  readonly deceased_at: number | null;
  readonly unidentified: number;
  readonly unidentified_note: string | null;
  readonly photo: string | null;
  readonly registered_at: number;
  readonly registered_by: string | null;
  readonly versions: string;
}

export interface IdentifierRow {
  readonly id: string;
  readonly patient_id: string;
  readonly type: string;
  readonly value: string;
  readonly number: string;
  readonly issued_on: string | null;
  readonly valid_from: string | null;
  readonly valid_to: string | null;
  readonly facility_code: string | null;
  readonly recorded_at: number;
  readonly recorded_by: string | null;
  readonly ended_at: number | null;
  readonly end_reason: string | null;
}

export interface RelativeRow {
  readonly id: string;
  readonly patient_id: string;
  readonly full_name: string;
  readonly relation: string;
  readonly phone: string | null;
  readonly cccd: string | null;
  readonly address: string | null;
  readonly is_guardian: number;
  readonly note: string | null;
  readonly ended_at: number | null;
  readonly versions: string;
}

export const patientById = statement<[string], PatientRow>('select * from patient where id = ?');
export const patientsByIds = statement<[string], PatientRow>(
  'select p.* from json_each(?) j join patient p on p.id = j.value',
);
export const identifiersInUse = statement<[string], NumberInUse>(`
  select n.patient_id as patientId, n.type, n.value from json_each(?) j
  join patient_identifier n on n.patient_id = j.value where n.ended_at is null
  order by n.recorded_at, n.id`);
export const identifiersOfPatient = statement<[string], IdentifierRow>(
  'select * from patient_identifier where patient_id = ? order by ended_at is not null, recorded_at, id',
);
export const identifierById = statement<[string], IdentifierRow>(
  'select * from patient_identifier where id = ?',
);
export const relativesOfPatient = statement<[string], RelativeRow>(
  'select * from patient_relative where patient_id = ? order by ended_at is not null, is_guardian desc, full_name, id',
);
export const relativeById = statement<[string], RelativeRow>('select * from patient_relative where id = ?');
const countConflicts = statement<[string], { open: number }>(
  'select count(*) as open from conflict where patient = ? and settled is null',
);
