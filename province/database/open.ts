// Which database: PostgreSQL by its address, else one of our own in a folder; brought to our schema either way.
import { join } from 'node:path';
import { migrate } from './migrate.ts';
import { openPglite } from './pglite.ts';
import { openPostgres } from './postgres.ts';
import type { Database } from './types.ts';

/** Throws what the database says when it cannot be reached, SchemaError when it is not ours. */
export async function openDatabase(
  from: { readonly databaseUrl?: string; readonly folder: string },
  onTrouble: (event: string, error: Error) => void,
): Promise<Database> {
  const db = from.databaseUrl
    ? await openPostgres(from.databaseUrl, onTrouble)
    : await openPglite(join(from.folder, 'database'));
  try {
    await migrate(db);
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}
