// A database without any set-up: PostgreSQL as WebAssembly in a data folder, for one process. It never syncs its
// files to the disk by itself, so every commit here is followed by an fsync of its write-ahead log.
import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { Database } from './types.ts';

export async function openPglite(folder: string): Promise<Database> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const db = await PGlite.create(folder);
  await db.exec(`set timezone = 'UTC'`);
  const wal = join(folder, 'pg_wal');
  let closed = false;

  return {
    kind: 'pglite',
    async query(text, params) {
      const { rows } = await db.query<never>(text, params ? [...params] : []);
      return rows;
    },
    async transaction(work) {
      const answer = await db.transaction((tx) =>
        work({
          query: async (text, params) => (await tx.query<never>(text, params ? [...params] : [])).rows,
        }),
      );
      syncWal(wal);
      return answer;
    },
    async script(text) {
      await db.exec(text);
    },
    async listen(channel, heard) {
      await db.listen(channel, heard);
    },
    async notify(channel, note) {
      await db.query('select pg_notify($1, $2)', [channel, note]);
    },
    async close() {
      if (closed) return;
      closed = true;
      await db.close();
    },
  };
}

/** A commit writes into the newest segments only; there are rarely more than three. */
function syncWal(folder: string): void {
  for (const name of readdirSync(folder).filter((file) => /^[0-9A-F]{24}$/.test(file))) {
    const file = openSync(join(folder, name), 'r+');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
}
