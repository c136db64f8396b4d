// The banner of every chart screen: who this is by two identifiers, allergies, weight, where they lie, since when.
import type { Database } from 'better-sqlite3';
import { AdmissionId, BedId, PatientId, WardId } from '../../../shared/api/ids.ts';
import type { Output } from '../../../shared/api/index.ts';
import { dayOfStay } from '../../../shared/time/vietnam.ts';
import { bedClashes, type Stay, staysOfPatient } from '../admissions/index.ts';
import { allergyStatusOf } from '../allergies/index.ts';
import { lastWeightOf } from '../observations/index.ts';
import { identitiesOf, openConflictsOf } from '../patients/index.ts';

export type ChartHead = Output<'patients.chartHead'>;

/** Null when there is no such patient, or the stay asked for is not theirs. */
export function chartHead(
  sql: Database,
  asked: { readonly patientId: string; readonly admissionId?: string },
  access: ChartHead['access'],
  nowMs: number,
): ChartHead | null {
  const { patientId } = asked;
  const who = identitiesOf(sql, [patientId]).get(patientId);
  const stays = standingStays(sql, patientId);
  const stay = chosenStay(stays, asked.admissionId);
  if (!who || stay === undefined) return null;
  const allergies = allergyStatusOf(sql, [patientId]).get(patientId);
  const weight = lastWeightOf(sql, [patientId]).get(patientId);
  return {
    patientId: PatientId.parse(patientId),
    recordNumber: who.recordNumber,
    fullName: who.fullName,
    sex: who.sex,
    birthDate: who.birthDate,
    unidentified: who.unidentified,
    cccd: who.cccd,
    bhyt: who.bhyt,
    bloodGroup: who.bloodGroup && `${who.bloodGroup}${who.rhesus ?? ''}`,
    pregnant: who.pregnant,
    deceasedAt: who.deceasedAt,
    allergyStatus: allergies?.status ?? 'not_asked',
    allergies: (allergies?.items ?? []).map(({ substance, severity }) => ({ substance, severity })),
    weightKg: weight?.kg ?? null,
    weightAt: weight?.at ?? null,
    openConflicts: openConflictsOf(sql, patientId) + (stay?.bedId ? bedClashes(sql, stay.bedId) : 0),
    admission: stay && shownStay(stay, nowMs),
    stays: stays.map(({ admissionId, admittedAt, dischargedAt, wardName }) => ({
      admissionId: AdmissionId.parse(admissionId),
      admittedAt,
      dischargedAt,
      wardName,
    })),
    access,
  };
}

/** Newest first; those entered by mistake are left out. */
export const standingStays = (sql: Database, patientId: string): Stay[] =>
  staysOfPatient(sql, patientId).filter((s) => s.status !== 'voided');

/** The one asked for, else the open one, else the last; null when never admitted, undefined when it is not theirs. */
function chosenStay(stays: readonly Stay[], admissionId: string | undefined): Stay | null | undefined {
  if (admissionId !== undefined) return stays.find((s) => s.admissionId === admissionId);
  return stays.find((s) => s.status === 'admitted') ?? stays[0] ?? null;
}

function shownStay(stay: Stay, nowMs: number): NonNullable<ChartHead['admission']> {
  return {
    admissionId: AdmissionId.parse(stay.admissionId),
    admissionNumber: stay.admissionNumber,
    status: stay.status === 'discharged' ? 'discharged' : 'admitted',
    wardId: WardId.parse(stay.wardId),
    wardName: stay.wardName,
    roomName: stay.roomName,
    bedId: stay.bedId === null ? null : BedId.parse(stay.bedId),
    bedName: stay.bedName,
    admittedAt: stay.admittedAt,
    dischargedAt: stay.dischargedAt,
    dayOfStay: dayOfStay(stay.admittedAt, stay.dischargedAt ?? nowMs),
    diagnosis: stay.dischargeDiagnosis ?? stay.diagnosis,
    versions: { ...stay.versions },
  };
}
