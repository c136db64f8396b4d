// Work of a revoked station that others carry. What they had met before stays in the record, and what is in one log of
// a center cannot be kept from the province's; but an administrator must see that somebody goes on under that name.
import { bytesOf, hexOf } from '../bytes.ts';
import type { Row, Sql } from '../database/types.ts';
import type { ReadChange } from './read.ts';

/** One entry a day and station: a backlog comes in hundreds of frames. */
const againAfterMs = 24 * 3_600_000;

/**
 * Inside the transaction that took the changes in. Written after the revocation is what says so itself: a thief who
 * sets the clock back is not found by this.
 */
export async function noteLateWork(
  tx: Sql,
  center: number,
  added: readonly ReadChange[],
  via: string,
  now: number,
): Promise<void> {
  const others = [...new Set(added.map(({ change }) => change.station))].filter((author) => author !== via);
  if (others.length === 0) return;
  const revoked = await tx.query<Row & { id: Uint8Array; revoked_at: number }>(
    `select id, revoked_at from station where center = $1 and id = any ($2::bytea[]) and revoked_at is not null`,
    [center, others.map(bytesOf)],
  );
  for (const { id, revoked_at } of revoked) {
    const author = hexOf(id);
    const late = added.filter(({ change }) => change.station === author && change.wall > revoked_at);
    if (late.length === 0) continue;
    await tx.query(
      `insert into audit (at, by, action, subject, detail) select $1, $2, 'station.works_on', $3, $4
       where not exists (select 1 from audit where action = 'station.works_on' and subject = $3 and at > $5)`,
      [now, via, author, `${late.length} written after the revocation`, now - againAfterMs],
    );
  }
}
