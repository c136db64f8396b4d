// A center's place in the database: its row, and a partition of its own in the two large tables.
import { randomBytes } from 'node:crypto';
import type { Sql } from '../database/types.ts';
import type { NewCenter } from '../types.ts';

/** Inside a transaction; answers its number. */
export async function makeCenter(tx: Sql, center: NewCenter, now: number): Promise<number> {
  const [row] = await tx.query<{ number: number }>(
    `insert into center (name, facility_code, province_code, log_id, made_at) values ($1, $2, $3, $4, $5)
     returning number`,
    [center.name, center.facilityCode, center.provinceCode, randomBytes(8), now],
  );
  if (!row) throw new Error('a center was not made');
  await partition(tx, 'feed', row.number);
  await partition(tx, 'change_log', row.number);
  return row.number;
}

/**
 * Made apart and then attached: `create table … partition of` would lock the whole table, and with it every center,
 * until every reader is done.
 */
async function partition(tx: Sql, table: 'feed' | 'change_log', center: number): Promise<void> {
  if (!Number.isSafeInteger(center)) throw new TypeError('center number');
  const name = `${table}_${center}`;
  await tx.query(
    `create table ${name} (like ${table} including defaults including constraints including indexes)`,
  );
  await tx.query(`alter table ${table} attach partition ${name} for values in (${center})`);
}
