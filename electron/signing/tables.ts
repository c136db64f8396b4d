// Whose certificate is whose and the rules of the house (projected), and what was found when signatures were looked at
// (marked "local": each PC looks for itself).
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

/** Local: what the judge last said of a container. */
export const signatureVerdict = sqliteTable('signature_verdict', {
  /** SHA-256 of the container, 64 hex digits. */
  container: text('container').primaryKey(),
  /** JSON: SignatureVerdict */
  verdict: text('verdict').notNull(),
  /** This PC's clock, ms since 1970 UTC. */
  at: integer('at').notNull(),
});
