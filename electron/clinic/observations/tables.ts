// Vital signs as the screens read them; filled only by the projection.
import { sql } from 'drizzle-orm';
import { index, integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const observation = sqliteTable(
  'observation',
  {
    id: text('id').primaryKey(),
    admissionId: text('admission_id').notNull(),
    patientId: text('patient_id'),
    /** When it was measured, ms since 1970 UTC. */
    at: integer('at').notNull(),
    /** The writer's clock, and who wrote where, of the present version. */
    writtenAt: integer('written_at').notNull(),
    author: text('author'),
    station: text('station').notNull(),
    /** Of the first recording; breaks ties between sets of the same minute. */
    version: text('version').notNull(),
    /** Units: shared/codes/vitals.ts. Null = not measured. */
    pulse: real('pulse'),
    temperature: real('temperature'),
    systolic: real('systolic'),
    diastolic: real('diastolic'),
    respiration: real('respiration'),
    spo2: real('spo2'),
    oxygen: real('oxygen'),
    consciousness: text('consciousness', { enum: ['A', 'C', 'V', 'P', 'U'] }),
    weight: real('weight'),
    height: real('height'),
    pain: real('pain'),
    urine: real('urine'),
    temperatureSite: text('temperature_site'),
    pressureSite: text('pressure_site'),
    posture: text('posture'),
    note: text('note'),
    /** 1 when it answers "were vitals taken?"; a weight alone does not. */
    isRound: integer('is_round').notNull(),
    /** JSON of the score and of what it was scored with. */
    news2: text('news2').notNull(),
    voided: integer('voided').notNull(),
    voidReason: text('void_reason'),
    /** Why this version replaced the one before. */
    reason: text('reason'),
    /** JSON, newest first. */
    history: text('history').notNull(),
    /** JSON: field → version, only where it is not `version`. */
    versions: text('versions').notNull(),
  },
  (t) => [
    // sets of a stay by time: grid, chart, the latest of each stay on the board
    index('observation_stay').on(t.admissionId, t.at, t.version),
    // last weight of a patient: banner
    index('observation_weight').on(t.patientId, t.at).where(sql`weight IS NOT NULL AND voided = 0`),
  ],
);

/** SpO2 scale of NEWS2 that a doctor decided for a stay; no row = scale 1. */
export const news2Scale = sqliteTable('news2_scale', {
  admissionId: text('admission_id').primaryKey(),
  scale: integer('scale').notNull(),
  writtenAt: integer('written_at').notNull(),
  author: text('author'),
  reason: text('reason'),
  version: text('version').notNull(),
});
