// People, their numbers and relatives, and the index they are found by; filled only by the projections.
import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const patient = sqliteTable(
  'patient',
  {
    id: text('id').primaryKey(),
    recordNumber: text('record_number').notNull(),
    fullName: text('full_name').notNull(),
    /** fold(fullName) */
    nameFolded: text('name_folded').notNull(),
    sex: text('sex', { enum: ['1', '2', '3'] }).notNull(),
    /** `1985-03-02`, `1985-03` or `1985` */
    birthDate: text('birth_date'),
    phone: text('phone'),
    /** Digits of the phone backwards, so that its last digits are a prefix. */
    phoneTail: text('phone_tail'),
    recordTail: text('record_tail').notNull(),
    ethnicCode: text('ethnic_code'),
    nationality: text('nationality'),
    occupationCode: text('occupation_code'),
    /** JSON of Address */
    address: text('address'),
    workplace: text('workplace'),
    bloodGroup: text('blood_group', { enum: ['A', 'B', 'AB', 'O'] }),
    rhesus: text('rhesus', { enum: ['+', '-'] }),
    pregnant: integer('pregnant', { mode: 'boolean' }).notNull(),
    deceasedAt: integer('deceased_at'),
    unidentified: integer('unidentified', { mode: 'boolean' }).notNull(),
    unidentifiedNote: text('unidentified_note'),
    /** SHA-256 of a file beside the log, 64 hex digits. */
    photo: text('photo'),
    /** ms since 1970 UTC */
    registeredAt: integer('registered_at').notNull(),
    registeredBy: text('registered_by'),
    /** JSON: field → version */
    versions: text('versions').notNull(),
  },
  (t) => [
    // same name, and of those the ones born in a year (search, duplicates)
    index('patient_name').on(t.nameFolded, t.birthDate),
    // born that day, month or year (search by date, duplicates)
    index('patient_birth').on(t.birthDate),
    // phone by its beginning or whole (search, duplicates)
    index('patient_phone').on(t.phone),
    // phone by its last digits
    index('patient_phone_tail').on(t.phoneTail),
    // record number whole; highest used with a prefix, longest first
    index('patient_record').on(sql`length(${t.recordNumber})`, t.recordNumber),
    // record number by its last digits
    index('patient_record_tail').on(t.recordTail),
    // photos to be fetched, when the store is opened
    index('patient_photo').on(t.photo).where(sql`photo IS NOT NULL`),
  ],
);

export const patientIdentifier = sqliteTable(
  'patient_identifier',
  {
    id: text('id').primaryKey(),
    patientId: text('patient_id').notNull(),
    type: text('type').notNull(),
    /** As typed or scanned. */
    value: text('value').notNull(),
    /** Letters and digits only, upper case. */
    number: text('number').notNull(),
    numberTail: text('number_tail').notNull(),
    issuedOn: text('issued_on'),
    validFrom: text('valid_from'),
    validTo: text('valid_to'),
    facilityCode: text('facility_code'),
    /** ms since 1970 UTC */
    recordedAt: integer('recorded_at').notNull(),
    recordedBy: text('recorded_by'),
    endedAt: integer('ended_at'),
    endReason: text('end_reason'),
  },
  (t) => [
    // numbers of a patient: hits, patient page, chart head
    index('patient_identifier_patient').on(t.patientId),
    // who has this number; its beginning
    index('patient_identifier_number').on(t.number),
    // last digits of a number, or the ten insurance digits of a fifteen-character card
    index('patient_identifier_tail').on(t.numberTail),
  ],
);

export const patientRelative = sqliteTable(
  'patient_relative',
  {
    id: text('id').primaryKey(),
    patientId: text('patient_id').notNull(),
    fullName: text('full_name').notNull(),
    relation: text('relation').notNull(),
    phone: text('phone'),
    cccd: text('cccd'),
    address: text('address'),
    isGuardian: integer('is_guardian', { mode: 'boolean' }).notNull(),
    note: text('note'),
    endedAt: integer('ended_at'),
    /** JSON: field → version */
    versions: text('versions').notNull(),
  },
  // relatives of a patient: patient page
  (t) => [index('patient_relative_patient').on(t.patientId)],
);

/**
 * Words a patient is found by; what the full-text table `patient_fts` (drizzle/virtual.sql) reads and is keyed by.
 * Local: keys are handed out in order of arrival and never given up, so this table and patient_fts are not
 * emptied by a rebuild but brought up to date by it.
 */
export const patientSearch = sqliteTable(
  'patient_search',
  {
    key: integer('key').primaryKey(),
    patientId: text('patient_id').notNull(),
    words: text('words').notNull(),
    /** For sorting hundreds of hits without reading their patients, who lie all over the file. */
    fullName: text('full_name').notNull(),
  },
  // the key of a patient whose name changed; filter admitted patients by their words
  (t) => [uniqueIndex('patient_search_patient').on(t.patientId)],
);

/** Local: every folded word ever seen in a name, for guessing what a mistyped one meant. Grows by a few thousand. */
export const nameWord = sqliteTable(
  'name_word',
  { id: integer('id').primaryKey(), word: text('word').notNull() },
  // is it a word of a name
  (t) => [uniqueIndex('name_word_word').on(t.word)],
);
