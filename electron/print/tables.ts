// What this PC was asked to print, of the encrypted file but not of the record: ids only, the pages come from the frozen
// PDF each time. So a job survives a restart, and no readable page of a patient is ever left on the disk by us.
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Local to this PC. */
export const printJob = sqliteTable(
  'print_job',
  {
    id: text('id').primaryKey(),
    documentId: text('document_id').notNull(),
    /** Hash of the frozen version's content. */
    content: text('content').notNull(),
    copies: integer('copies').notNull(),
    /** Null: the system's default printer at the moment of printing. */
    printer: text('printer'),
    /** waiting · printing: given to the system · printed · failed */
    state: text('state').notNull(),
    /** The system's own name of the job while it is `printing`. */
    systemJob: text('system_job'),
    /** Why it failed: an error code. */
    code: text('code'),
    askedBy: text('asked_by').notNull(),
    /** ms since 1970 UTC. */
    at: integer('at').notNull(),
  },
  // the queue: what is still to be done, oldest first; what is done, newest first
  (t) => [index('print_job_state').on(t.state, t.at)],
);
