// A database without any set-up: PostgreSQL as WebAssembly in a data folder, for one process. It never syncs its
// files to the disk by itself, so every commit here is followed by an fsync of its write-ahead log.
import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite, types } from '@electric-sql/pglite';
import type { Database } from './types.ts';

export async function openPglite(folder: string): Promise<Database> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = lock(`${folder}.lock`);
  const db = await PGlite.create(folder, bytesByNode).catch((error: unknown) => {
    unlock();
    throw error;
  });
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
      unlock();
    },
  };
}

/** Its own way goes byte by byte through an array: a tenth of the time of taking in. */
const bytesByNode = {
  serializers: {
    [types.BYTEA](value: unknown): string {
      if (!(value instanceof Uint8Array)) throw new TypeError('bytes expected');
      return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`;
    },
  },
  parsers: { [types.BYTEA]: (text: string): Buffer => Buffer.from(text.slice(2), 'hex') },
};

export class DatabaseInUse extends Error {
  override readonly name = 'DatabaseInUse';
}

const held = new Set<string>();

/** Two processes on one folder would destroy it. A lock whose process is gone is taken over. */
function lock(file: string): () => void {
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
      held.add(file);
      return () => {
        held.delete(file);
        rmSync(file, { force: true });
      };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const holder = Number(readFileSync(file, 'utf8'));
      // after a power cut a process may get the number of the one that died; it knows what it holds itself
      const isStale = holder === process.pid ? !held.has(file) : !isAlive(holder);
      if (!isStale) throw new DatabaseInUse(`the database is in use by process ${holder}`);
      rmSync(file, { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
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
