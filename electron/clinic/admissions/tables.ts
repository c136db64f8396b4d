// Stays, their moves and how their conflicts were settled; filled only by the projection.
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const admission = sqliteTable(
  'admission',
  {
    id: text('id').primaryKey(),
    number: text('number').notNull(),
    patientId: text('patient_id').notNull(),
    status: text('status', { enum: ['admitted', 'discharged', 'voided'] }).notNull(),
    careType: text('care_type').notNull(),
    wardId: text('ward_id').notNull(),
    /** The last bed, also after discharge. */
    bedId: text('bed_id'),
    admittedAt: integer('admitted_at').notNull(),
    reason: text('reason').notNull(),
    diagnosis: text('diagnosis'),
    icdCode: text('icd_code'),
    dischargedAt: integer('discharged_at'),
    dischargeType: text('discharge_type'),
    outcome: text('outcome'),
    dischargeDiagnosis: text('discharge_diagnosis'),
    dischargeIcd: text('discharge_icd'),
    advice: text('advice'),
    destination: text('destination'),
    /** Change that opened the stay: a side of "two open stays". */
    admitChange: text('admit_change').notNull(),
    /** Change that put the patient where they are: a side of "two in one bed". */
    placeChange: text('place_change').notNull(),
    /** JSON: status, place, diagnosis → version */
    versions: text('versions').notNull(),
  },
  (t) => [
    // stays of a patient, the open one first: chart, one-stay rule
    index('admission_patient').on(t.patientId, t.status),
    // who lies on a ward: board, round, tasks
    index('admission_ward').on(t.wardId, t.status),
    // who lies in a bed: free beds, double beds
    index('admission_bed').on(t.bedId, t.status),
    // highest number used with a prefix
    index('admission_number').on(t.number),
  ],
);

export const admissionMove = sqliteTable(
  'admission_move',
  {
    changeId: text('change_id').primaryKey(),
    admissionId: text('admission_id').notNull(),
    kind: text('kind', { enum: ['admit', 'transfer', 'bed', 'swap', 'discharge', 'reopen'] }).notNull(),
    at: integer('at').notNull(),
    version: text('version').notNull(),
    hlc: text('hlc').notNull(),
    wall: integer('wall').notNull(),
    author: text('author'),
    station: text('station').notNull(),
    wardId: text('ward_id'),
    bedId: text('bed_id'),
    reason: text('reason'),
    voided: integer('voided', { mode: 'boolean' }).notNull(),
  },
  // the moves of one stay in order: chart, timeline, undo
  (t) => [index('admission_move_stay').on(t.admissionId, t.version)],
);

/** Settled conflicts between stays, so that the inbox still shows what was decided and by whom. */
export const admissionSettlement = sqliteTable(
  'admission_settlement',
  {
    admissionId: text('admission_id').notNull(),
    /** Sorted change ids that collided, comma-joined. */
    sidesKey: text('sides_key').notNull(),
    kind: text('kind').notNull(),
    about: text('about').notNull(),
    choice: text('choice').notNull(),
    decision: text('decision').notNull(),
    hlc: text('hlc').notNull(),
    wall: integer('wall').notNull(),
    author: text('author'),
    reason: text('reason'),
  },
  (t) => [
    primaryKey({ columns: [t.admissionId, t.sidesKey] }),
    // what was settled about this bed or patient
    index('admission_settlement_about').on(t.about),
  ],
);
