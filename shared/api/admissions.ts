// The stay: in, from ward to ward, out.
import * as z from 'zod';
import { command, query } from './contract.ts';
import { AdmissionId, BedId, Instant, PatientId, required, Seen, text, undoable, WardId } from './ids.ts';

/** Inpatient members of MA_LOAI_KCB (QD 824/2023, QD 1804/2026): 03 inpatient, 04 day treatment, 06 observation, 09 under 4 h. */
export const CareType = z.enum(['03', '04', '06', '09']);
/** MA_LOAI_RV (QD 130/QD-BYT). */
export const DischargeType = z.enum(['1', '2', '3', '4', '5']);
/** KET_QUA_DTRI (QD 130 and 4750). */
export const Outcome = z.enum(['1', '2', '3', '4', '5', '6', '7', '8']);

export const Move = z.object({
  id: z.string(),
  kind: z.enum(['admit', 'transfer', 'bed', 'swap', 'discharge', 'reopen']),
  at: Instant,
  writtenAt: Instant,
  by: z.string(),
  wardName: z.string().nullable(),
  bedName: z.string().nullable(),
  reason: z.string().nullable(),
  voided: z.boolean(),
});

export const Admission = z.object({
  admissionId: AdmissionId,
  patientId: PatientId,
  /** Số vào viện, minted per station, unique in the center. */
  admissionNumber: z.string(),
  status: z.enum(['admitted', 'discharged', 'voided']),
  careType: CareType,
  wardId: WardId,
  wardName: z.string(),
  bedId: BedId.nullable(),
  bedName: z.string().nullable(),
  admittedAt: Instant,
  reason: z.string(),
  diagnosis: z.string().nullable(),
  icdCode: z.string().nullable(),
  dischargedAt: Instant.nullable(),
  dischargeType: DischargeType.nullable(),
  outcome: Outcome.nullable(),
  dischargeDiagnosis: z.string().nullable(),
  dischargeIcd: z.string().nullable(),
  advice: z.string().nullable(),
  /** Where a referred patient was sent. */
  destination: z.string().nullable(),
  moves: z.array(Move),
  versions: z.record(z.string(), z.string()),
});

export const admissions = {
  'admissions.admit': command(
    'admission.admit',
    z.object({
      patientId: PatientId,
      wardId: WardId,
      bedId: BedId.nullable(),
      at: Instant,
      careType: CareType.default('03'),
      /** LY_DO_VNT: why inpatient care is needed; required by the insurance layout. */
      reason: required(500),
      diagnosis: text(500).nullable(),
      icdCode: text(8).nullable().optional(),
    }),
    undoable({ admissionId: AdmissionId, admissionNumber: z.string() }),
  ),
  /** To another ward and bed, or only another bed of the same ward. */
  'admissions.transfer': command(
    'admission.move',
    z.object({
      admissionId: AdmissionId,
      wardId: WardId,
      bedId: BedId.nullable(),
      at: Instant,
      reason: text(300),
      saw: Seen,
    }),
    undoable({}),
  ),
  'admissions.swapBeds': command(
    'admission.move',
    z.object({ a: AdmissionId, b: AdmissionId, at: Instant, reason: text(300), sawA: Seen, sawB: Seen }),
    undoable({}),
  ),
  'admissions.discharge': command(
    'admission.discharge',
    z.object({
      admissionId: AdmissionId,
      at: Instant,
      type: DischargeType,
      outcome: Outcome,
      diagnosis: required(500),
      icdCode: text(8).nullable().optional(),
      advice: text(2000).nullable(),
      destination: text(200).nullable().optional(),
      saw: Seen,
    }),
    undoable({}),
  ),
  /** Takes a discharge back with a reason when it was a mistake. */
  'admissions.reopen': command(
    'admission.discharge',
    z.object({ admissionId: AdmissionId, reason: required(300), bedId: BedId.nullable() }),
    undoable({}),
  ),
  'admissions.updateDiagnosis': command(
    'admission.discharge',
    z.object({
      admissionId: AdmissionId,
      diagnosis: required(500),
      icdCode: text(8).nullable().optional(),
      saw: Seen,
    }),
    undoable({}),
  ),
  'admissions.get': query('chart.read', z.object({ admissionId: AdmissionId }), Admission, {
    logsRead: true,
  }),
  'admissions.ofPatient': query(
    'patient.read',
    z.object({ patientId: PatientId }),
    z.array(
      Admission.pick({
        admissionId: true,
        admissionNumber: true,
        status: true,
        wardName: true,
        bedName: true,
        admittedAt: true,
        dischargedAt: true,
      }),
    ),
  ),
};
