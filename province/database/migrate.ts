// Brings the database to the program's schema: every migration not yet applied, all or none, under a lock, because
// two processes may start at the same moment. Applied migrations are never edited; their hashes are compared.
import { migrations as ours } from '../../drizzle/province.gen.ts';
import type { Database, Sql } from './types.ts';

export interface Migration {
  readonly tag: string;
  readonly sha256: string;
  readonly sql: string;
}

export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

/** Any number, the same for every process. */
const lockNumber = 7_214_953;

/** Answers the tags applied. Throws SchemaError on a database of a newer program or of another one. */
export async function migrate(db: Database, migrations: readonly Migration[] = ours): Promise<string[]> {
  return await db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [lockNumber]);
    await tx.query(
      'create table if not exists migration (tag text primary key, sha256 text not null, at timestamptz not null default now())',
    );
    const applied = await tx.query<{ tag: string; sha256: string }>(
      'select tag, sha256 from migration order by tag',
    );
    refuseForeign(applied, migrations);
    const waiting = migrations.filter((m) => !applied.some((a) => a.tag === m.tag));
    for (const migration of waiting) await apply(tx, migration);
    return waiting.map((m) => m.tag);
  });
}

/** Whether the database has exactly this program's schema; another process may have brought it further. */
export async function isCurrent(sql: Sql, migrations: readonly Migration[] = ours): Promise<boolean> {
  const applied = await sql.query<{ tag: string; sha256: string }>(
    'select tag, sha256 from migration order by tag',
  );
  return (
    applied.length === migrations.length &&
    migrations.every(({ tag, sha256 }, i) => applied[i]?.tag === tag && applied[i]?.sha256 === sha256)
  );
}

function refuseForeign(
  applied: readonly { tag: string; sha256: string }[],
  migrations: readonly Migration[],
): void {
  for (const [i, { tag, sha256 }] of applied.entries()) {
    const mine = migrations[i];
    if (!mine) throw new SchemaError(`the database is newer than this program: it has ${tag}`);
    if (mine.tag !== tag || mine.sha256 !== sha256)
      throw new SchemaError(`the database was made by another program: ${tag} reads otherwise there`);
  }
}

/** One statement at a time, because a statement with parameters and a script do not mix on either database. */
async function apply(tx: Sql, { tag, sha256, sql }: Migration): Promise<void> {
  for (const statement of statementsOf(sql)) await tx.query(statement);
  await tx.query('insert into migration (tag, sha256) values ($1, $2)', [tag, sha256]);
}

/** Our migrations hold no functions, so a semicolon at the end of a line ends a statement. */
function statementsOf(sql: string): string[] {
  return sql
    .replaceAll(/^\s*--.*$/gm, '')
    .split(/;\s*$/m)
    .map((s) => s.trim())
    .filter((s) => s !== '');
}
