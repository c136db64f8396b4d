// Whose certificate is whose and the rules of the house (projected), and what was found when signatures were looked at
// (marked "local": each PC looks for itself).
import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const signerCertificate = sqliteTable(
  'signer_certificate',
  {
    /** Account, or the center for the facility's own. */
    owner: text('owner').notNull(),
    /** SHA-256 of the DER, 64 hex digits. */
    certificate: text('certificate').notNull(),
    name: text('name').notNull(),
    personNumber: text('person_number'),
    /** Version of the claim: of two accounts that claim one certificate, the first is believed. */
    version: text('version').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.owner, t.certificate] }),
    // whose certificate a token holds; whose citizen number it names
    index('signer_certificate_certificate').on(t.certificate),
    index('signer_certificate_person').on(t.personNumber),
  ],
);

export const signingRules = sqliteTable('signing_rules', {
  id: text('id').primaryKey(),
  timeStampUrl: text('time_stamp_url'),
  idleMinutes: integer('idle_minutes').notNull(),
  /** JSON: field → version */
  versions: text('versions').notNull(),
});

/** Local: what was last found of a signature, in the place where it stands. */
export const signatureVerdict = sqliteTable(
  'signature_verdict',
  {
    /** Paper, step, bytes, certificate, author and container in one name: none of them can be another's. */
    act: text('act').primaryKey(),
    documentId: text('document_id').notNull(),
    state: text('state', { enum: ['valid', 'undetermined', 'invalid'] }).notNull(),
    /** JSON: SignatureVerdict */
    verdict: text('verdict').notNull(),
    /** This PC's clock, ms since 1970 UTC. */
    at: integer('at').notNull(),
  },
  (t) => [
    // what was found of a paper
    index('signature_verdict_document').on(t.documentId),
    // what of a paper is known to be false; papers of which something is
    index('signature_verdict_false').on(t.documentId, t.act).where(sql`state = 'invalid'`),
  ],
);
