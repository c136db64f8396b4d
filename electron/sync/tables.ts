// What this PC remembers of other places. All local: never synced, emptied when a snapshot becomes a new PC's store.
import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** A place this PC has talked to as the one who connects. */
export const syncPeer = sqliteTable('sync_peer', {
  /** `province`, or the station's id. */
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** `host:port` where it last answered, or was enrolled at. */
  address: text('address'),
  /** Province only: its pinned certificate, PEM. Stations' certificates are in the record. */
  certificate: text('certificate'),
  /** Province only: its station id, 32 hex digits. */
  station: text('station'),
  enrolledAt: integer('enrolled_at'),
  /** The copy of its log the cursors are for, 16 hex digits. */
  logId: text('log_id'),
  /** Numbers of its commits up to which each lane was taken in here. */
  cursor0: integer('cursor0').notNull(),
  cursor1: integer('cursor1').notNull(),
  cursor2: integer('cursor2').notNull(),
  /** Bytes/s of the last session. */
  rate: integer('rate'),
  lastContactAt: integer('last_contact_at'),
  lastVerifiedAt: integer('last_verified_at'),
  /** Its clock minus ours, ms. */
  offsetMs: integer('offset_ms'),
  version: text('version'),
  /** When its tables last differed from ours though the changes were equal. */
  statesDifferAt: integer('states_differ_at'),
});

/** Proven: the peer durably holds this feed up to here, and its hash equals ours. */
export const syncHeld = sqliteTable(
  'sync_held',
  {
    /** As in sync_peer; `province` also when a hub passed its word on. */
    peer: text('peer').notNull(),
    station: text('station').notNull(),
    incarnation: integer('incarnation').notNull(),
    lane: integer('lane').notNull(),
    seq: integer('seq').notNull(),
    /** 64 hex digits */
    hash: text('hash').notNull(),
  },
  (t) => [primaryKey({ columns: [t.peer, t.station, t.incarnation, t.lane] })],
);

/** Changes of ours or passed on by us that a peer set aside. */
export const syncRefused = sqliteTable(
  'sync_refused',
  {
    peer: text('peer').notNull(),
    station: text('station').notNull(),
    incarnation: integer('incarnation').notNull(),
    lane: integer('lane').notNull(),
    seq: integer('seq').notNull(),
    reason: text('reason').notNull(),
    /** ms since 1970 UTC */
    at: integer('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.peer, t.station, t.incarnation, t.lane, t.seq] })],
);

/** One-time codes with which further PCs join through this one. */
export const syncInvite = sqliteTable(
  'sync_invite',
  {
    /** Its public four characters. */
    id: text('id').primaryKey(),
    /** Key of the proofs, 64 hex digits; the code itself is not kept. */
    key: text('key').notNull(),
    expiresAt: integer('expires_at').notNull(),
    wrongTries: integer('wrong_tries').notNull(),
    usedAt: integer('used_at'),
    /** Station that used it: the same one may ask again when the answer was lost. */
    usedBy: text('used_by'),
  },
  // codes that may still be used: asked on every try
  (t) => [index('sync_invite_open').on(t.expiresAt).where(sql`used_at IS NULL`)],
);
