// The key that TLS session tickets are sealed with, one for all processes, so that a station may come back to any of
// them with a short handshake. A new one each day; a ticket under the old one costs a full handshake, nothing else.
import { randomBytes } from 'node:crypto';
import type { Database } from '../database/types.ts';

const lifeMs = 24 * 3_600_000;

export async function ticketKey(db: Database, now: number): Promise<Buffer> {
  return await db.transaction(async (tx) => {
    // one process at a time makes a new one
    await tx.query('select only_row from province for update');
    const [newest] = await tx.query<{ key: Uint8Array }>(
      'select key from ticket_key where made_at > $1 order by id desc limit 1',
      [now - lifeMs],
    );
    if (newest) return Buffer.from(newest.key);
    const key = randomBytes(48);
    await tx.query('delete from ticket_key');
    await tx.query('insert into ticket_key (key, made_at) values ($1, $2)', [key, now]);
    return key;
  });
}
