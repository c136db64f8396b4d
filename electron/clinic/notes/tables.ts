// Entries of the treatment sheet; filled only by the projection.
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const note = sqliteTable(
  'note',
  {
    id: text('id').primaryKey(),
    admissionId: text('admission_id').notNull(),
    patientId: text('patient_id'),
    /** When it happened, ms since 1970 UTC; written_at is the writer's clock for the present version. */
    eventAt: integer('event_at').notNull(),
    writtenAt: integer('written_at').notNull(),
    author: text('author'),
    authorTitle: text('author_title'),
    station: text('station').notNull(),
    /** Who finished it first: the one who may amend it. */
    owner: text('owner'),
    wardName: text('ward_name'),
    progress: text('progress').notNull(),
    orders: text('orders').notNull(),
    care: text('care').notNull(),
    careLevel: text('care_level', { enum: ['1', '2', '3'] }),
    diet: text('diet').notNull(),
    /** Why this version replaced the one before. */
    reason: text('reason'),
    /** JSON, newest first. */
    history: text('history').notNull(),
    withdrawn: integer('withdrawn').notNull(),
    withdrawnAt: integer('withdrawn_at'),
    withdrawnBy: text('withdrawn_by'),
    withdrawnReason: text('withdrawn_reason'),
    /** Of the first version; order of entries of the same minute. */
    version: text('version').notNull(),
    /** JSON: content, withdrawn → version */
    versions: text('versions').notNull(),
  },
  // entries of a stay by time: treatment sheet, timeline; entries since midnight: board, tasks
  (t) => [index('note_stay').on(t.admissionId, t.eventAt, t.version)],
);
