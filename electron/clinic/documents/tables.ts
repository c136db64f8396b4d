// Papers, what waits for whom, their signatures and the files they name; filled only by the projection. The bytes
// themselves are in the log (containers) and among the files (frozen content, PDF).
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const document = sqliteTable(
  'document',
  {
    id: text('id').primaryKey(),
    patientId: text('patient_id').notNull(),
    admissionId: text('admission_id'),
    form: text('form').notNull(),
    formVersion: integer('form_version').notNull(),
    /** As frozen; null for a draft never frozen. */
    title: text('title'),
    state: text('state', { enum: ['draft', 'signing', 'signed', 'refused', 'void'] }).notNull(),
    /** Name of the version that stands, 64 hex digits. */
    content: text('content'),
    pdf: text('pdf'),
    pages: integer('pages'),
    signedPdf: integer('signed_pdf').notNull(),
    changedSince: integer('changed_since').notNull(),
    /** Writers' clocks, ms since 1970 UTC. */
    createdAt: integer('created_at').notNull(),
    changedAt: integer('changed_at').notNull(),
    createdBy: text('created_by'),
    /** JSON: field → value */
    fields: text('fields').notNull(),
    /** JSON: field → version, and `content` → version of the freeze that stands */
    versions: text('versions').notNull(),
    /** JSON: steps of the version that stands, with where each stands */
    steps: text('steps').notNull(),
    /** JSON: step → everything that would do it, for when some of it turns out to be false */
    attempts: text('attempts').notNull().default('[]'),
    /** JSON: frozen versions, newest first */
    frozen: text('frozen').notNull(),
    voidReason: text('void_reason'),
  },
  (t) => [
    // papers of a patient, newest first
    index('document_patient').on(t.patientId, t.createdAt),
    // papers of mine that wait for others or were refused
    index('document_author').on(t.createdBy, t.state, t.changedAt),
  ],
);

/** One row for each step that is open and each role or person that may do it. */
export const documentWaiting = sqliteTable(
  'document_waiting',
  {
    documentId: text('document_id').notNull(),
    step: text('step').notNull(),
    /** `role:<role>` · `user:<account>` of whom it waits for in person: the writer, or who was asked to */
    who: text('who').notNull(),
    content: text('content').notNull(),
    admissionId: text('admission_id'),
    /** Account that delegated it. */
    delegatedBy: text('delegated_by'),
    /** ms since 1970 UTC: frozen, or the step before was done. */
    since: integer('since').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.documentId, t.step, t.who] }),
    // what waits for me: my roles and what was delegated to me, oldest first
    index('document_waiting_who').on(t.who, t.since),
  ],
);

export const documentSignature = sqliteTable(
  'document_signature',
  {
    documentId: text('document_id').notNull(),
    /** From 0, in the order of the changes: each was made by somebody who could see those before. */
    n: integer('n').notNull(),
    /** Names everything a verdict on it rests on that the paper's changes say; see `signActs`. */
    act: text('act').notNull(),
    /** SHA-256 of the container as it was written, 64 hex digits. */
    container: text('container').notNull(),
    /** Of the container to look at: with its time-stamp, where one came. */
    judged: text('judged').notNull(),
    /** 1: one signature with this certificate over this digest. What is 0 never did a step. */
    addsUp: integer('adds_up').notNull(),
    /** 1: its author was asked to sign at this step. */
    asked: integer('asked').notNull(),
    content: text('content').notNull(),
    step: text('step').notNull(),
    over: text('over', { enum: ['content', 'evidence'] }).notNull(),
    digest: text('digest').notNull(),
    certificate: text('certificate').notNull(),
    signer: text('signer').notNull(),
    /** Account and the writing PC's clock. */
    author: text('author'),
    at: integer('at').notNull(),
    /** The PDF with this signature in it. */
    signedPdf: text('signed_pdf'),
    /** 1 once a time-stamp stands beside it. */
    stamped: integer('stamped').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.documentId, t.n] }),
    // signatures that wait for a time-stamp, oldest first
    index('document_signature_waiting').on(t.stamped, t.at),
  ],
);

/** Files a paper cannot be shown or proven without: every station and the province fetch them. */
export const documentFile = sqliteTable(
  'document_file',
  {
    documentId: text('document_id').notNull(),
    /** SHA-256, 64 hex digits. */
    hash: text('hash').notNull(),
    patientId: text('patient_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.documentId, t.hash] }),
    // files of the patients a commit touched
    index('document_file_patient').on(t.patientId),
    // whether a file made here is named
    index('document_file_hash').on(t.hash),
  ],
);
