// Whose fingerprints there are, under a random id of their own; filled only by the projections. Templates stay sealed
// here: the keys lie in a file of their own (keys.ts).
import { index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const biometricPerson = sqliteTable(
  'biometric_person',
  {
    id: text('id').primaryKey(),
    patientId: text('patient_id').notNull(),
    kind: text('kind', { enum: ['patient', 'relative'] }).notNull(),
    relativeId: text('relative_id'),
    /** The stay a relative signs in. */
    admissionId: text('admission_id'),
    /** JSON: list of purposes consented to. */
    purposes: text('purposes').notNull(),
    way: text('way').notNull(),
    /** JSON: who consented in the person's place; null when the person did. */
    givenBy: text('given_by'),
    witness: text('witness'),
    consentAt: integer('consent_at').notNull(),
    consentBy: text('consent_by'),
    withdrawnAt: integer('withdrawn_at'),
    withdrawnBy: text('withdrawn_by'),
    withdrawnReason: text('withdrawn_reason'),
  },
  (t) => [
    // the people of a patient's page
    index('biometric_person_patient').on(t.patientId),
  ],
);

export const fingerprint = sqliteTable(
  'fingerprint',
  {
    personId: text('person_id').notNull(),
    finger: integer('finger').notNull(),
    /** JSON: sealed templates, best first. */
    sealed: text('sealed').notNull(),
    algorithm: integer('algorithm').notNull(),
    quality: integer('quality').notNull(),
    reader: text('reader').notNull(),
    at: integer('at').notNull(),
    by: text('by'),
    station: text('station').notNull(),
    /** Of the change: what the gallery holds of this finger is this or something older. */
    version: text('version').notNull(),
    /** Id of the key that opens it (keys.ts). */
    key: text('key').notNull().default(''),
  },
  (t) => [
    primaryKey({ columns: [t.personId, t.finger] }),
    // which keys are missing, what the gallery lacks, the numbers of it: everybody's fingers without their templates
    index('fingerprint_outline').on(t.personId, t.finger, t.version, t.key, t.algorithm),
  ],
);

/** Which stations have dropped the key of somebody who withdrew consent. */
export const biometricErasure = sqliteTable(
  'biometric_erasure',
  {
    personId: text('person_id').notNull(),
    station: text('station').notNull(),
    at: integer('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.personId, t.station] })],
);

export const fingerprintUnable = sqliteTable(
  'fingerprint_unable',
  {
    id: text('id').primaryKey(),
    patientId: text('patient_id').notNull(),
    kind: text('kind', { enum: ['patient', 'relative'] }).notNull(),
    relativeId: text('relative_id'),
    finger: integer('finger'),
    reason: text('reason').notNull(),
    note: text('note'),
    fallback: text('fallback').notNull(),
    witness: text('witness'),
    at: integer('at').notNull(),
    by: text('by'),
  },
  (t) => [
    // what could not be taken, on the patient's page
    index('fingerprint_unable_patient').on(t.patientId),
  ],
);

export const fingerprintCheck = sqliteTable(
  'fingerprint_check',
  {
    id: text('id').primaryKey(),
    patientId: text('patient_id').notNull(),
    personId: text('person_id').notNull(),
    admissionId: text('admission_id'),
    occasion: text('occasion').notNull(),
    finger: integer('finger').notNull(),
    matched: integer('matched').notNull(),
    score: real('score').notNull(),
    oneIn: integer('one_in').notNull(),
    algorithm: integer('algorithm').notNull(),
    at: integer('at').notNull(),
    by: text('by'),
  },
  (t) => [
    // the last check of a person
    index('fingerprint_check_person').on(t.personId, t.at),
  ],
);

export const fingerprintSearch = sqliteTable('fingerprint_search', {
  id: text('id').primaryKey(),
  reason: text('reason').notNull(),
  /** JSON: persons shown with their scores. */
  shown: text('shown').notNull(),
  searched: integer('searched').notNull(),
  at: integer('at').notNull(),
  by: text('by'),
  foundPerson: text('found_person'),
  foundAt: integer('found_at'),
});

export const fingerprintEvidence = sqliteTable(
  'fingerprint_evidence',
  {
    id: text('id').primaryKey(),
    patientId: text('patient_id').notNull(),
    personId: text('person_id').notNull(),
    admissionId: text('admission_id'),
    /** SHA-256 of the paper's bytes, hex. */
    document: text('document').notNull(),
    evidence: text('evidence').notNull(),
    at: integer('at').notNull(),
    by: text('by'),
  },
  (t) => [
    // what was confirmed on this paper
    index('fingerprint_evidence_document').on(t.document),
  ],
);
