// Brings a store to the program's schema. drizzle's own runner is not used: inside its transaction
// `PRAGMA foreign_keys=OFF` does nothing, so a table rebuild can delete child rows, and it silently skips
// a migration dated before the newest applied one.
import type { Database } from 'better-sqlite3';
import { fail, ok, type Result } from '../../shared/api/contract.ts';

export interface Migration {
  readonly tag: string;
  readonly sha256: string;
  readonly statements: readonly string[];
}

/**
 * Applies every migration not yet applied, all or none. `beforeChange` runs first when there is something
 * to do on a store that has data (to put a copy aside).
 * Answers the tags applied. Refuses, before anything is touched, a store whose history is not a beginning of ours:
 * `store_newer` when it has all of ours and more, `store_mismatch` when one of ours reads otherwise there or its
 * extra ones stand in place of ours (a trial version, a program of another line).
 */
export function migrate(
  sql: Database,
  migrations: readonly Migration[],
  beforeChange: (applied: number) => void = () => {},
): Result<readonly string[]> {
  const applied = appliedMigrations(sql);
  const known = new Map(migrations.map((m) => [m.tag, m]));
  const done = new Set(applied.map((a) => a.tag));
  const waiting = migrations.filter((m) => !done.has(m.tag));
  const edited = applied.some((a) => known.has(a.tag) && known.get(a.tag)?.sha256 !== a.sha256);
  const foreign = applied.some((a) => !known.has(a.tag));
  if (edited || (foreign && waiting.length > 0)) return fail('store_mismatch');
  if (foreign) return fail('store_newer');
  if (waiting.length === 0) return ok([]);
  if (applied.length > 0) beforeChange(applied.length);
  applyAll(sql, waiting);
  return ok(waiting.map((m) => m.tag));
}

export function appliedMigrations(sql: Database): { tag: string; sha256: string }[] {
  const there = sql.prepare("select 1 from sqlite_master where type = 'table' and name = 'migration'").get();
  if (!there) return [];
  return sql
    .prepare<[], { tag: string; sha256: string }>('select tag, sha256 from migration order by rowid')
    .all();
}

function applyAll(sql: Database, waiting: readonly Migration[]): void {
  // outside the transaction, where it still has an effect
  sql.pragma('foreign_keys = OFF');
  try {
    sql.exec('begin exclusive');
    try {
      sql.exec('create table if not exists migration (tag text primary key, sha256 text not null) strict');
      const note = sql.prepare('insert into migration (tag, sha256) values (?, ?)');
      for (const m of waiting) {
        for (const statement of m.statements) sql.exec(statement);
        note.run(m.tag, m.sha256);
      }
      const orphans = sql.pragma('foreign_key_check');
      if (Array.isArray(orphans) && orphans.length > 0)
        throw new Error(`migration leaves ${orphans.length} rows without the row they refer to`);
      sql.exec('commit');
    } catch (error) {
      if (sql.inTransaction) sql.exec('rollback');
      throw error;
    }
  } finally {
    sql.pragma('foreign_keys = ON');
  }
}
