// Allergies and who answered "none known"; filled only by the projections.
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const allergy = sqliteTable(
  'allergy',
  {
    id: text('id').primaryKey(),
    patientId: text('patient_id').notNull(),
    substance: text('substance').notNull(),
    classCode: text('class_code'),
    reaction: text('reaction').notNull(),
    severity: text('severity', { enum: ['mild', 'moderate', 'severe', 'unknown'] }).notNull(),
    certainty: text('certainty', { enum: ['confirmed', 'suspected'] }).notNull(),
    note: text('note'),
    recordedAt: integer('recorded_at').notNull(),
    recordedBy: text('recorded_by'),
    station: text('station').notNull(),
    /** Version of the first recording: order of the list. */
    version: text('version').notNull(),
    /** 1 = struck out. */
    refuted: integer('refuted').notNull(),
    refutedAt: integer('refuted_at'),
    refutedBy: text('refuted_by'),
    /** Null on a refuted one: taken back within seconds. */
    refutedReason: text('refuted_reason'),
    /** JSON: field → version */
    versions: text('versions').notNull(),
  },
  // allergies of patients: banner, board, chart, check before an order
  (t) => [index('allergy_patient').on(t.patientId, t.version)],
);

/** Somebody asked and heard "none known". */
export const allergyDeclaration = sqliteTable('allergy_declaration', {
  patientId: text('patient_id').primaryKey(),
  declaredAt: integer('declared_at').notNull(),
  declaredBy: text('declared_by'),
  version: text('version').notNull(),
});
