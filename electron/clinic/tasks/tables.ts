// Tasks people wrote for each other; filled only by the projection.
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const task = sqliteTable(
  'task',
  {
    id: text('id').primaryKey(),
    wardId: text('ward_id').notNull(),
    admissionId: text('admission_id'),
    patientId: text('patient_id'),
    text: text('text').notNull(),
    dueAt: integer('due_at'),
    createdAt: integer('created_at').notNull(),
    createdBy: text('created_by'),
    state: text('state', { enum: ['open', 'done', 'cancelled'] }).notNull(),
    /** When and by whom it got its state. */
    stateAt: integer('state_at').notNull(),
    stateBy: text('state_by'),
  },
  (t) => [
    // open and lately done tasks of a ward
    index('task_ward').on(t.wardId, t.state, t.stateAt),
    // tasks that follow a patient to another ward
    index('task_stay').on(t.admissionId, t.state, t.stateAt),
  ],
);
