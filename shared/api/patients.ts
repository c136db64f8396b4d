// Who the patient is: identity, numbers with history, address, relatives; finding them again.
import * as z from 'zod';
import { command, query } from './contract.ts';
import {
  AdmissionId,
  BedId,
  DateOnly,
  IdentifierId,
  Instant,
  PartialDate,
  PatientId,
  RelativeId,
  required,
  Seen,
  text,
  undoable,
  WardId,
} from './ids.ts';

/** MA_GIOI_TINH: 1 male, 2 female, 3 undetermined (QD 130/QD-BYT). */
export const Sex = z.enum(['1', '2', '3']);

/**
 * Code + list version + text as shown: commune codes were re-used on 2025-07-01 with other names,
 * so a code alone is never enough.
 */
export const Address = z.object({
  listVersion: z.string().max(20),
  provinceCode: z.string().max(4).nullable(),
  communeCode: z.string().max(8).nullable(),
  street: text(160),
  text: text(300),
});

export const identifierTypes = ['cccd', 'cmnd', 'passport', 'bhyt', 'birth_certificate', 'other'] as const;

export const Identifier = z.object({
  type: z.enum(identifierTypes),
  value: required(40),
  issuedOn: DateOnly.nullable().optional(),
  validFrom: DateOnly.nullable().optional(),
  validTo: DateOnly.nullable().optional(),
  /** Insurance: first-registration facility, `PPFFF`. */
  facilityCode: text(10).nullable().optional(),
});

/** Relation codes are ours; no legal list was found. */
export const relations = [
  'father',
  'mother',
  'spouse',
  'child',
  'sibling',
  'grandparent',
  'grandchild',
  'guardian',
  'caregiver',
  'other',
] as const;

export const Relative = z.object({
  fullName: required(80),
  relation: z.enum(relations),
  phone: text(20).nullable().optional(),
  cccd: text(20).nullable().optional(),
  address: text(300).nullable().optional(),
  isGuardian: z.boolean().default(false),
  note: text(200).nullable().optional(),
});

export const Demographics = z.object({
  fullName: required(80),
  sex: Sex,
  birthDate: PartialDate.nullable(),
  phone: text(20).nullable(),
  ethnicCode: z.string().max(2).nullable(),
  nationality: text(60).nullable(),
  occupationCode: z.string().max(5).nullable(),
  address: Address.nullable(),
  workplace: text(160).nullable(),
  bloodGroup: z.enum(['A', 'B', 'AB', 'O']).nullable(),
  rhesus: z.enum(['+', '-']).nullable(),
  /** Pregnancy switches NEWS2 off; a doctor or nurse sets it. */
  pregnant: z.boolean(),
  deceasedAt: Instant.nullable(),
});

export const RegisterPatient = z.object({
  /** True: name and birth unknown (Law 15/2023 Art. 72); a working name and code are given. */
  unidentified: z.boolean().default(false),
  unidentifiedNote: text(500).nullable().optional(),
  demographics: Demographics.partial().required({ sex: true }),
  identifiers: z.array(Identifier).max(8).default([]),
  relatives: z.array(Relative).max(8).default([]),
  /** Candidates the clerk saw and judged to be other people. */
  notDuplicates: z.array(PatientId).max(20).default([]),
});

export const PatientHit = z.object({
  patientId: PatientId,
  recordNumber: z.string(),
  fullName: z.string(),
  sex: Sex,
  birthDate: z.string().nullable(),
  phone: z.string().nullable(),
  addressText: z.string().nullable(),
  identifiers: z.array(z.object({ type: z.enum(identifierTypes), value: z.string() })),
  unidentified: z.boolean(),
  /** Which key matched, for the second line of the hit. */
  matched: z.enum(['name', 'birth', 'phone', 'cccd', 'bhyt', 'record', 'other']),
  admission: z
    .object({ admissionId: AdmissionId, wardName: z.string(), bedLabel: z.string().nullable() })
    .nullable(),
});

export const Patient = z.object({
  patientId: PatientId,
  recordNumber: z.string(),
  unidentified: z.boolean(),
  unidentifiedNote: z.string().nullable(),
  demographics: Demographics,
  /** Field → version, to be sent back as `saw`. */
  versions: z.record(z.string(), z.string()),
  identifiers: z.array(
    Identifier.extend({
      id: IdentifierId,
      endedAt: Instant.nullable(),
      endReason: z.string().nullable(),
      recordedAt: Instant,
      recordedBy: z.string(),
    }),
  ),
  relatives: z.array(
    Relative.extend({
      id: RelativeId,
      endedAt: Instant.nullable(),
      versions: z.record(z.string(), z.string()),
    }),
  ),
  registeredAt: Instant,
  registeredBy: z.string(),
  openConflicts: z.number(),
});

export const duplicateReasons = [
  'same_cccd',
  'same_bhyt',
  'same_cmnd',
  'same_phone',
  'same_name_birth',
  'similar_name_birth',
  'same_name_year',
  'same_name_address',
] as const;
export const Duplicate = PatientHit.extend({
  reasons: z.array(z.enum(duplicateReasons)),
  certainty: z.enum(['high', 'medium', 'low']),
});

/** The banner and the head of every chart screen: two identifiers, allergies, weight, bed, day. */
export const ChartHead = z.object({
  patientId: PatientId,
  recordNumber: z.string(),
  fullName: z.string(),
  sex: Sex,
  birthDate: z.string().nullable(),
  unidentified: z.boolean(),
  cccd: z.string().nullable(),
  bhyt: z.string().nullable(),
  bloodGroup: z.string().nullable(),
  pregnant: z.boolean(),
  deceasedAt: Instant.nullable(),
  allergyStatus: z.enum(['not_asked', 'none_known', 'has']),
  allergies: z.array(
    z.object({ substance: z.string(), severity: z.enum(['mild', 'moderate', 'severe', 'unknown']) }),
  ),
  weightKg: z.number().nullable(),
  weightAt: Instant.nullable(),
  /** About the person, the stay and the bed they lie in. */
  openConflicts: z.number(),
  /** The stay the chart shows: the open one, else the last. */
  admission: z
    .object({
      admissionId: AdmissionId,
      admissionNumber: z.string(),
      status: z.enum(['admitted', 'discharged']),
      wardId: WardId,
      wardName: z.string(),
      roomName: z.string().nullable(),
      bedId: BedId.nullable(),
      bedName: z.string().nullable(),
      admittedAt: Instant,
      dischargedAt: Instant.nullable(),
      /** 1 on the day of admission. */
      dayOfStay: z.number(),
      diagnosis: z.string().nullable(),
      versions: z.record(z.string(), z.string()),
    })
    .nullable(),
  stays: z.array(
    z.object({
      admissionId: AdmissionId,
      admittedAt: Instant,
      dischargedAt: Instant.nullable(),
      wardName: z.string(),
    }),
  ),
  access: z.enum(['role', 'break_glass']),
});

export const TimelineItem = z.object({
  id: z.string(),
  at: Instant,
  writtenAt: Instant,
  kind: z.enum([
    'admitted',
    'transferred',
    'bed_changed',
    'discharged',
    'vitals',
    'entry',
    'allergy',
    'identity',
    'voided',
  ]),
  /** i18n key and its blanks; free text from the record comes as `text`. */
  summaryKey: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  text: z.string().nullable(),
  by: z.string(),
  station: z.string(),
});

export const patients = {
  /** Typo-tolerant in one word; by name, birth year, phone, CCCD, insurance number, record number. Sorted by given name within equal rank. */
  'patients.search': query(
    'patient.read',
    z.object({
      text: z.string().max(120),
      limit: z.number().int().min(1).max(100).default(20),
      admittedOnly: z.boolean().default(false),
    }),
    z.array(PatientHit),
  ),
  'patients.duplicates': query(
    'patient.read',
    RegisterPatient.pick({ demographics: true, identifiers: true }),
    z.array(Duplicate),
  ),
  'patients.register': command(
    'patient.write',
    RegisterPatient,
    z.object({ patientId: PatientId, recordNumber: z.string() }),
  ),
  'patients.get': query('patient.read', z.object({ patientId: PatientId }), Patient, { logsRead: true }),
  /** `saw`: versions of the fields in `set` as the screen had them. `identified: true` ends the unidentified state. */
  'patients.update': command(
    'patient.write',
    z.object({
      patientId: PatientId,
      set: Demographics.partial(),
      saw: Seen,
      reason: text(300).optional(),
      identified: z.boolean().optional(),
    }),
    undoable({}),
  ),
  /**
   * A new photo, or none any more, which wants a reason. `jpeg`: base64, drawn anew by the page, so that nothing of the
   * camera's or the phone's is in it; bad_input says in `fields.jpeg` what is wrong with it.
   */
  'patients.setPhoto': command(
    'patient.write',
    z.object({
      patientId: PatientId,
      jpeg: z.base64().min(1).max(700_000).nullable(),
      reason: text(300).optional(),
    }),
    undoable({}),
  ),
  /** The photo that stands. */
  'patients.photo': query(
    'patient.read',
    z.object({ patientId: PatientId }),
    z.object({
      /** Base64; null when there is none, or not here. */
      jpeg: z.string().nullable(),
      /** Another PC has it, and it is on its way. */
      waiting: z.boolean(),
    }),
    { logsRead: true },
  ),
  'patients.addIdentifier': command(
    'patient.write',
    z.object({ patientId: PatientId, identifier: Identifier }),
    z.object({ id: IdentifierId }),
  ),
  'patients.endIdentifier': command(
    'patient.write',
    z.object({ patientId: PatientId, id: IdentifierId, reason: required(200) }),
    undoable({}),
  ),
  'patients.addRelative': command(
    'patient.write',
    z.object({ patientId: PatientId, relative: Relative }),
    z.object({ id: RelativeId }),
  ),
  'patients.updateRelative': command(
    'patient.write',
    z.object({ patientId: PatientId, id: RelativeId, set: Relative.partial(), saw: Seen }),
    undoable({}),
  ),
  'patients.endRelative': command(
    'patient.write',
    z.object({ patientId: PatientId, id: RelativeId, reason: text(200).optional() }),
    undoable({}),
  ),
  'patients.chartHead': query(
    'chart.read',
    z.object({ patientId: PatientId, admissionId: AdmissionId.optional() }),
    ChartHead,
    { logsRead: true },
  ),
  'patients.timeline': query(
    'chart.read',
    z.object({
      patientId: PatientId,
      admissionId: AdmissionId.optional(),
      limit: z.number().int().min(1).max(500).default(200),
    }),
    z.array(TimelineItem),
    { logsRead: true },
  ),
};
