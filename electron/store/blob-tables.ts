// Files beside the log (scans, photos, PDFs), addressed by the SHA-256 of their content and kept in chunks that
// arrive in any order from anybody.
import { sql } from 'drizzle-orm';
import { blob as bytes, index, integer, primaryKey, sqliteTable, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const blob = sqliteTable(
  'blob',
  {
    id: integer('id').primaryKey(),
    /** SHA-256 of the whole content; null while it is being written here and its end is not known. */
    hash: bytes('hash', { mode: 'buffer' }),
    /** Bytes; null while nobody has said. */
    size: integer('size'),
    /** SHA-256 of each chunk, one behind the other; null while nobody has said. */
    manifest: bytes('manifest', { mode: 'buffer' }),
    /** One bit per chunk, lowest first: held here and proven. */
    have: bytes('have', { mode: 'buffer' }),
    /** The content as a whole was proven to be what its name says. */
    complete: integer('complete', { mode: 'boolean' }).notNull(),
    /** SHA-256 of a manifest whose chunks did not make up the content; not believed again. */
    refused: bytes('refused', { mode: 'buffer' }),
    /** Fetched behind everything that somebody may be waiting to read. */
    later: integer('later', { mode: 'boolean' }).notNull().default(false),
  },
  (t) => [
    // a file by its name
    uniqueIndex('blob_hash').on(t.hash),
    // what is still to be fetched
    index('blob_open').on(t.later, t.id).where(sql`complete = 0`),
  ],
);

/** With rowids: SQLite keeps rows of 32 kB badly in an index tree. */
export const blobChunk = sqliteTable(
  'blob_chunk',
  {
    blob: integer('blob')
      .notNull()
      .references(() => blob.id),
    n: integer('n').notNull(),
    bytes: bytes('bytes', { mode: 'buffer' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.blob, t.n] })],
);
