// One fingerprint per table, equal exactly when the rows are: to prove that two stores, or a store before
// and after a rebuild, show the same.
import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';

/** Order of rows does not matter. Column names go in, so a changed table never looks the same. */
export function tableDigest(sql: Database, tables: readonly string[]): Record<string, string> {
  return Object.fromEntries(tables.map((table) => [table, digestOf(sql, table)]));
}

function digestOf(sql: Database, table: string): string {
  const rows: string[] = [];
  for (const row of sql.prepare<[], Record<string, unknown>>(`select * from "${table}"`).iterate())
    rows.push(
      JSON.stringify(row, (_name, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
      ),
    );
  const hash = createHash('sha256');
  for (const row of rows.sort()) hash.update(row).update('\n');
  return hash.digest('hex');
}
