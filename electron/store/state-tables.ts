// What the store knows of its own projected tables: the sums two stores compare, and the faults that were found.
import { blob, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Local: one row per projected table, kept in the transaction that changes the table; see state-digest.ts. */
export const stateDigest = sqliteTable('state_digest', {
  name: text('name').primaryKey(),
  /** Column names as they were summed; other ones mean summing anew. */
  columns: text('columns').notNull(),
  rows: integer('rows').notNull(),
  /** 16 bytes: sum of the row hashes modulo 2^128. */
  sum: blob('sum', { mode: 'buffer' }).notNull(),
});

/** Local: rows that were not what the log says. Never removed: each is a fault of a program or a disk. */
export const stateAlarm = sqliteTable(
  'state_alarm',
  {
    id: text('id').primaryKey(),
    /** This PC's clock, ms since 1970 UTC. */
    at: integer('at').notNull(),
    tableName: text('table_name').notNull(),
    /** Rows that differed; null when there were too many to name. */
    rows: integer('rows'),
    /** peer: another store with the same changes showed something else; check: they are not what was summed here. */
    found: text('found', { enum: ['peer', 'check'] }).notNull(),
    /** Station it was compared with. */
    peer: text('peer'),
    /** Whether it was this store's rows that changed when they were written anew from the log. */
    wasOurs: integer('was_ours', { mode: 'boolean' }).notNull(),
  },
  // the latest ones: health page
  (t) => [index('state_alarm_at').on(t.at)],
);
