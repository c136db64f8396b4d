// Accounts and the trail of logins and reads (projected), and what belongs to this PC only (marked "local").
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const userAccount = sqliteTable(
  'user_account',
  {
    id: text('id').primaryKey(),
    username: text('username').notNull(),
    fullName: text('full_name').notNull(),
    title: text('title'),
    /** JSON list of role ids */
    roles: text('roles').notNull(),
    /** JSON list of ward ids; empty = all */
    wards: text('wards').notNull(),
    active: integer('active', { mode: 'boolean' }).notNull(),
    mustChange: integer('must_change', { mode: 'boolean' }).notNull(),
    /** Argon2id PHC string */
    verifier: text('verifier').notNull(),
    pinVerifier: text('pin_verifier'),
    /** Version of the change that made the account: of two with one name, made on two PCs, the older is it. */
    created: text('created').notNull(),
    /** JSON: field → version */
    versions: text('versions').notNull(),
  },
  // login by name
  (t) => [index('user_account_username').on(t.username, t.created)],
);

export const auditEvent = sqliteTable(
  'audit_event',
  {
    id: text('id').primaryKey(),
    action: text('action', { enum: ['login', 'lockout', 'read', 'break_glass'] }).notNull(),
    hlc: text('hlc').notNull(),
    /** The writing PC's clock, ms since 1970 UTC. */
    at: integer('at').notNull(),
    author: text('author'),
    patient: text('patient'),
    /** Method read, way of logging in, or the name somebody tried. */
    what: text('what').notNull(),
    reason: text('reason'),
    /** End of a break-glass or lockout, ms since 1970 UTC. */
    until: integer('until'),
  },
  (t) => [
    // last login of each person; the open break-glass of a person and patient
    index('audit_event_author').on(t.author, t.action, t.at),
  ],
);

/** Local: unfinished typing, one row per person and thing. */
export const draft = sqliteTable(
  'draft',
  {
    userId: text('user_id').notNull(),
    key: text('key').notNull(),
    admissionId: text('admission_id'),
    patientId: text('patient_id'),
    content: text('content').notNull(),
    savedAt: integer('saved_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.key] })],
);

/** Local: text size, language and home ward, which depend on the PC as much as on the person. */
export const userPreference = sqliteTable('user_preference', {
  userId: text('user_id').primaryKey(),
  /** JSON */
  preferences: text('preferences').notNull(),
});

/** Local: failed logins, doubled in a file beside the keyring; the worse of the two counts. */
export const loginFailure = sqliteTable('login_failure', {
  username: text('username').primaryKey(),
  failures: integer('failures').notNull(),
  lastAt: integer('last_at').notNull(),
});
