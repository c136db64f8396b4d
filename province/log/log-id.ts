// Notices that the database was put back to an earlier state. Stations hold cursors into a log; after a restore the
// same numbers mean other changes, so every log gets a new id and stations compare from the beginning what is held.
import { randomBytes } from 'node:crypto';
import type { Database, Sql } from '../database/types.ts';

export interface History {
  /** Given by initdb; a dump restored elsewhere has another one. */
  readonly systemIdentifier: string;
  /** Grows with every recovery that ends in a new history: point-in-time recovery, a replica that takes over. */
  readonly timeline: number;
}

/** Null where the database does not let us look. */
export async function historyOf(sql: Sql): Promise<History | null> {
  try {
    const [row] = await sql.query<{ system: string; timeline: number }>(
      `select (pg_control_system()).system_identifier::text as system,
         case when pg_is_in_recovery() then 0
           else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int8 end as timeline`,
    );
    return row ? { systemIdentifier: row.system, timeline: row.timeline } : null;
  } catch {
    return null;
  }
}

/**
 * Gives every log a new id when the database's history is not the one it was last seen with. Answers how many logs;
 * null when this cannot be told here, then only `province new-log` and the stations' own cursors do it.
 */
export async function checkHistory(db: Database): Promise<{ renewed: number } | null> {
  const history = await historyOf(db);
  if (!history) return null;
  return await db.transaction(async (tx) => {
    const [kept] = await tx.query<{ system_identifier: string; timeline: number }>(
      'select system_identifier, timeline from province for update',
    );
    if (!kept) throw new Error('there is no province yet');
    if (kept.system_identifier === history.systemIdentifier && kept.timeline === history.timeline)
      return { renewed: 0 };
    const isNew = kept.system_identifier === '';
    await tx.query('update province set system_identifier = $1, timeline = $2', [
      history.systemIdentifier,
      history.timeline,
    ]);
    return { renewed: isNew ? 0 : await newLogs(tx) };
  });
}

/** Also a new incarnation for what the province writes itself: stations may hold numbers it has lost. */
export async function newLogs(tx: Sql, only?: number): Promise<number> {
  const centers = await tx.query<{ number: number }>(
    'select number from center where $1::int4 is null or number = $1 order by number for update',
    [only ?? null],
  );
  for (const { number } of centers)
    await tx.query('update center set log_id = $2, own_incarnation = own_incarnation + 1 where number = $1', [
      number,
      randomBytes(8),
    ]);
  return centers.length;
}
