// Tables of the store itself. The log and feeds are the record; everything else can be derived from
// them again, except the rows marked "local", which belong to this PC only.
import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export * from './blob-tables.ts';
export * from './state-tables.ts';

/** One row per feed (station, incarnation, lane) this store has ever held a change of. */
export const feed = sqliteTable(
  'feed',
  {
    id: integer('id').primaryKey(),
    station: text('station').notNull(),
    incarnation: integer('incarnation').notNull(),
    lane: integer('lane').notNull(),
    /** Last sequence number held; the feed is gapless up to it. */
    seq: integer('seq').notNull(),
    /** Hash of that change, 32 bytes. */
    head: blob('head', { mode: 'buffer' }).notNull(),
  },
  // find a feed by name on every append and ingest
  (t) => [uniqueIndex('feed_name').on(t.station, t.incarnation, t.lane)],
);

/** Every change, its bytes as they were hashed and sent; the other columns are copies for finding it. */
export const changeLog = sqliteTable(
  'change_log',
  {
    /** Order in which this store got them; says nothing about when they happened. */
    arrival: integer('arrival').primaryKey({ autoIncrement: true }),
    feed: integer('feed')
      .notNull()
      .references(() => feed.id),
    seq: integer('seq').notNull(),
    hash: blob('hash', { mode: 'buffer' }).notNull(),
    hlc: text('hlc').notNull(),
    kind: text('kind').notNull(),
    v: integer('v').notNull(),
    subjectType: text('subject_type').notNull(),
    subjectId: text('subject_id').notNull(),
    patient: text('patient'),
    author: text('author'),
    /** The writing PC's own clock, ms since 1970 UTC. */
    wall: integer('wall').notNull(),
    /** How far ahead of this PC's clock its stamp was on arrival, when more than 5 minutes; else null. */
    aheadMs: integer('ahead_ms'),
    stored: blob('stored', { mode: 'buffer' }).notNull(),
    /** Station that brought it here, 32 hex digits: it is never sent back there. Null for what this store wrote. */
    via: text('via'),
  },
  (t) => [
    // walk a feed (verify, send), find a change by its name, refuse the same number twice
    uniqueIndex('change_log_feed_seq').on(t.feed, t.seq),
    // all changes of one subject: every projection
    index('change_log_subject').on(t.subjectType, t.subjectId),
    // who wrote into this chart, newest first: audit of a patient
    index('change_log_patient').on(t.patient, t.hlc),
    // what did this person do, newest first: audit of a user
    index('change_log_author').on(t.author, t.hlc),
    // what was done in the center, newest first, whatever order it arrived in: general audit
    index('change_log_hlc').on(t.hlc),
  ],
);

/** Changes kept but not projected, and why. */
export const parked = sqliteTable(
  'parked',
  {
    arrival: integer('arrival')
      .primaryKey()
      .references(() => changeLog.arrival),
    reason: text('reason', {
      enum: ['unknown_kind', 'unknown_version', 'missing_ref', 'rejected', 'unshowable'],
    }).notNull(),
    /** `<type>:<id>` that must come first, for `missing_ref`. */
    waitingFor: text('waiting_for'),
    detail: text('detail'),
  },
  // which changes were waiting for the subject that just came into being
  (t) => [index('parked_waiting_for').on(t.waitingFor)],
);

/**
 * Changes of a branch that is not followed: a second one under a number already taken, or what stood there before
 * the store yielded to another branch. Proof that a store was copied or tampered with; kept for ever.
 */
export const quarantine = sqliteTable(
  'quarantine',
  {
    id: integer('id').primaryKey(),
    feed: integer('feed')
      .notNull()
      .references(() => feed.id),
    seq: integer('seq').notNull(),
    hash: blob('hash', { mode: 'buffer' }).notNull(),
    /** Hash of the change we hold under this number, or of our head when the chain does not join; of the last common change when displaced. */
    keptHash: blob('kept_hash', { mode: 'buffer' }).notNull(),
    reason: text('reason', { enum: ['fork', 'broken_chain', 'displaced'] }).notNull(),
    /** This PC's clock, ms since 1970 UTC. */
    at: integer('at').notNull(),
    stored: blob('stored', { mode: 'buffer' }).notNull(),
  },
  // the same fork delivered again is reported once
  (t) => [uniqueIndex('quarantine_change').on(t.feed, t.seq, t.hash)],
);

/** What two people wrote without seeing each other; see Projection and Detector in types.ts. */
export const conflict = sqliteTable(
  'conflict',
  {
    /** 32 hex digits derived from owner, kind and key, so every store names it alike. */
    id: text('id').primaryKey(),
    /** `<type>:<id>` of the subject, or `key:<key>` of the detector key, that found it. */
    owner: text('owner').notNull(),
    kind: text('kind').notNull(),
    key: text('key').notNull(),
    patient: text('patient'),
    /** i18n key of what is in conflict. */
    subjectKey: text('subject_key').notNull(),
    /** Wall time of the write that made it a conflict, ms since 1970 UTC. */
    since: integer('since').notNull(),
    /** JSON of ConflictRow.sides */
    sides: text('sides').notNull(),
    /** JSON of ConflictRow.settled, null while open. */
    settled: text('settled'),
  },
  (t) => [
    // replace what one owner found
    index('conflict_owner').on(t.owner),
    // open conflicts of one patient: banner, chart head, board
    index('conflict_patient').on(t.patient),
    // what waits to be settled: inbox and board, however many were settled over the years
    index('conflict_open').on(t.since).where(sql`settled IS NULL`),
  ],
);

/** Keys under which a subject was last looked at by detectors, so that leaving a key is noticed too. */
export const subjectKey = sqliteTable(
  'subject_key',
  {
    subjectType: text('subject_type').notNull(),
    subjectId: text('subject_id').notNull(),
    key: text('key').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.subjectType, t.subjectId, t.key] }),
    // every key in use, once each: rebuild
    index('subject_key_key').on(t.key),
  ],
);

/** Local: identity and clock of this store, fingerprints of the projections its tables were filled by. */
export const storeMeta = sqliteTable('store_meta', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
});

/** Local: settings of this PC, one JSON value per name. */
export const localSetting = sqliteTable('local_setting', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
});

/** Local: jumps of this PC's clock of more than 5 minutes. */
export const clockAlarm = sqliteTable('clock_alarm', {
  id: text('id').primaryKey(),
  /** The PC's clock after the jump, ms since 1970 UTC. */
  at: integer('at').notNull(),
  /** Positive: the clock leapt ahead; negative: it fell back. */
  jumpMs: integer('jump_ms').notNull(),
  found: text('found', { enum: ['running', 'on_open'] }).notNull(),
  acknowledgedAt: integer('acknowledged_at'),
  acknowledgedBy: text('acknowledged_by'),
});
