// Changes of a person's identity. Numbers of identity are subjects of their own with a history, never keys:
// they are re-issued, mistyped and shared by mistake, and two stations may register one person twice.
import * as z from 'zod';
import { Instant, PartialDate, Seen } from '../api/ids.ts';
import { Address, identifierTypes, relations, Sex } from '../api/patients.ts';
import type { MergeClass } from '../sync/merge.ts';
import { defineKind } from './change.ts';

/** Absent = not said, null = said to be empty. */
const demographics = {
  fullName: z.string().min(1).max(80).optional(),
  sex: Sex.optional(),
  birthDate: PartialDate.nullable().optional(),
  phone: z.string().max(20).nullable().optional(),
  ethnicCode: z.string().max(2).nullable().optional(),
  nationality: z.string().max(60).nullable().optional(),
  occupationCode: z.string().max(5).nullable().optional(),
  address: Address.nullable().optional(),
  workplace: z.string().max(160).nullable().optional(),
  bloodGroup: z.enum(['A', 'B', 'AB', 'O']).nullable().optional(),
  rhesus: z.enum(['+', '-']).nullable().optional(),
  pregnant: z.boolean().optional(),
  deceasedAt: Instant.nullable().optional(),
};

export const demographicFields = [
  'fullName',
  'sex',
  'birthDate',
  'phone',
  'ethnicCode',
  'nationality',
  'occupationCode',
  'address',
  'workplace',
  'bloodGroup',
  'rhesus',
  'pregnant',
  'deceasedAt',
] as const satisfies readonly (keyof typeof demographics)[];
export type DemographicField = (typeof demographicFields)[number];

/** A wrong guess here harms someone, so two values written unseen of each other are kept for a person to settle. */
const guarded: ReadonlySet<string> = new Set<DemographicField>([
  'fullName',
  'sex',
  'birthDate',
  'bloodGroup',
  'rhesus',
  'deceasedAt',
]);
export const demographicClass = (field: string): MergeClass => (guarded.has(field) ? 'guarded' : 'plain');

export const patientRegister = defineKind('patient.register', {
  lane: 0,
  subject: 'patient',
  creates: true,
  body: z.object({
    recordNumber: z.string().min(1).max(20),
    unidentified: z.boolean(),
    /** Belongings, where found, who brought them (Law 15/2023 Art. 72). */
    unidentifiedNote: z.string().max(500).nullable(),
    /** Patients the clerk was shown as possible duplicates and judged to be other people. */
    notDuplicates: z.array(z.guid()).max(20),
    ...demographics,
    fullName: z.string().min(1).max(80),
    sex: Sex,
  }),
});

export const patientUpdate = defineKind('patient.update', {
  lane: 0,
  subject: 'patient',
  body: z.object({ ...demographics, reason: z.string().max(300).nullable(), saw: Seen }),
});

/** Ends the unidentified state, or takes that back. The working name stays in the history. */
export const patientIdentify = defineKind('patient.identify', {
  lane: 0,
  subject: 'patient',
  body: z.object({ unidentified: z.boolean(), reason: z.string().max(300).nullable() }),
});

/**
 * What the person looks like: the name of a file kept beside the log. Null: taken away again. The newest write stands;
 * photos are large and hurt nobody by being late, so they come behind what is clinical.
 */
export const patientPhoto = defineKind('patient.photo', {
  lane: 2,
  subject: 'patient',
  body: z.object({
    /** SHA-256 of the JPEG, 64 hex digits. */
    photo: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .nullable(),
    reason: z.string().max(300).nullable(),
  }),
});

export const identifierAdd = defineKind('identifier.add', {
  lane: 0,
  subject: 'identifier',
  creates: true,
  body: z.object({
    type: z.enum(identifierTypes),
    value: z.string().min(1).max(40),
    issuedOn: z.iso.date().nullable(),
    validFrom: z.iso.date().nullable(),
    validTo: z.iso.date().nullable(),
    facilityCode: z.string().max(10).nullable(),
  }),
});

/** The number stays findable and in the history. */
export const identifierEnd = defineKind('identifier.end', {
  lane: 0,
  subject: 'identifier',
  body: z.object({ reason: z.string().min(1).max(200) }),
});

/** Takes an end back. */
export const identifierResume = defineKind('identifier.resume', {
  lane: 0,
  subject: 'identifier',
  body: z.object({ reason: z.string().max(200).nullable() }),
});

const relative = {
  fullName: z.string().min(1).max(80).optional(),
  relation: z.enum(relations).optional(),
  phone: z.string().max(20).nullable().optional(),
  cccd: z.string().max(20).nullable().optional(),
  address: z.string().max(300).nullable().optional(),
  isGuardian: z.boolean().optional(),
  note: z.string().max(200).nullable().optional(),
};

export const relativeFields = [
  'fullName',
  'relation',
  'phone',
  'cccd',
  'address',
  'isGuardian',
  'note',
] as const satisfies readonly (keyof typeof relative)[];
export type RelativeField = (typeof relativeFields)[number];

export const relativeAdd = defineKind('relative.add', {
  lane: 0,
  subject: 'relative',
  creates: true,
  body: z.object({
    ...relative,
    fullName: z.string().min(1).max(80),
    relation: z.enum(relations),
    isGuardian: z.boolean(),
  }),
});

export const relativeUpdate = defineKind('relative.update', {
  lane: 0,
  subject: 'relative',
  body: z.object({ ...relative, saw: Seen }),
});

export const relativeEnd = defineKind('relative.end', {
  lane: 0,
  subject: 'relative',
  body: z.object({ reason: z.string().max(200).nullable() }),
});

export const relativeResume = defineKind('relative.resume', {
  lane: 0,
  subject: 'relative',
  body: z.object({ reason: z.string().max(200).nullable() }),
});

export const patientKinds = [
  patientRegister,
  patientUpdate,
  patientIdentify,
  patientPhoto,
  identifierAdd,
  identifierEnd,
  identifierResume,
  relativeAdd,
  relativeUpdate,
  relativeEnd,
  relativeResume,
] as const;
