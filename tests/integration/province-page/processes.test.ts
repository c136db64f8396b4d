// Two processes of one province, on a real PostgreSQL: each piece of a log is read by one of them, and pairs are
// found although the two sides are read at the same moment.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../province/database/open.ts';
import type { Database } from '../../../province/database/types.ts';
import { decide } from '../../../province/identity/decisions.ts';
import { readPiece } from '../../../province/identity/follow.ts';
import { ordered } from '../../../province/identity/rows.ts';
import { openTestDatabase, type TestDatabase, t0 } from '../../unit/province/support.ts';
import { newCccd, pcOf } from '../../unit/province-identity/support.ts';
import { hasPostgres, type Postgres, startPostgres } from '../province/postgres.ts';

describe.skipIf(!hasPostgres)('two processes', () => {
  let postgres: Postgres;
  let test: TestDatabase;
  let other: Database;
  beforeAll(async () => {
    postgres = await startPostgres();
    const databaseUrl = postgres.create('people');
    test = await openTestDatabase(databaseUrl);
    other = await openDatabase({ databaseUrl, folder: '/nowhere' }, () => {});
  });
  afterAll(async () => {
    await other?.close();
    await test?.close();
    postgres?.close();
  });

  /** Both at once until nothing is left. */
  async function readTogether(centers: readonly number[]): Promise<Record<string, number>> {
    const seen: Record<string, number> = {};
    const work = async (db: Database, order: readonly number[]): Promise<void> => {
      for (const center of order)
        for (let quiet = 0; quiet < 3; ) {
          const state = await readPiece(db, center, t0, 5);
          seen[state] = (seen[state] ?? 0) + 1;
          if (state === 'more') quiet = 0;
          else quiet++;
        }
    };
    await Promise.all([work(test.db, centers), work(other, centers.toReversed())]);
    return seen;
  }

  it('read one log together without reading anything twice or leaving anything out', async () => {
    const pc = await pcOf(test);
    const patients = Array.from({ length: 60 }, () => pc.register({ cccd: newCccd() }));
    await pc.send();
    await readTogether([pc.center]);
    const people = await test.db.query<{ patient: string }>('select patient from person where center = $1', [
      pc.center,
    ]);
    expect(people.map(({ patient }) => patient).sort()).toEqual([...patients].sort());
    expect(await test.db.query('select log_no from people_progress where center = $1', [pc.center])).toEqual([
      { log_no: 120 },
    ]);
  });

  it('find every pair although both sides are read at the same moment', async () => {
    const [one, two] = [await pcOf(test), await pcOf(test)];
    for (let i = 0; i < 40; i++) {
      const cccd = newCccd();
      one.register({ cccd });
      two.register({ cccd });
    }
    await Promise.all([one.send(), two.send()]);
    await readTogether([one.center, two.center]);
    const pairs = await test.db.query(
      'select 1 from person_pair where a_center = $1 and b_center = $2 and score >= 70',
      [one.center, two.center],
    );
    expect(pairs).toHaveLength(40);
  });

  it('let one of two people decide who decide at the same moment', async () => {
    const [one, two] = [await pcOf(test), await pcOf(test)];
    const a = { center: one.center, patient: one.register({}) };
    const b = { center: two.center, patient: two.register({}) };
    await Promise.all([one.send(), two.send()]);
    await readTogether([one.center, two.center]);
    const say = (db: Database, by: string, action: 'link' | 'refuse') =>
      decide(db, by, { ...ordered(a, b), action, reason: 'x', saw: null }, t0);
    const said = await Promise.all([say(test.db, 'an', 'link'), say(other, 'binh', 'refuse')]);
    expect(said.filter(({ ok }) => ok)).toHaveLength(1);
    expect(said.find(({ ok }) => !ok)).toMatchObject({ error: { code: 'stale' } });
  });

  it('take changes in while a log is being read, without waiting for it', async () => {
    const pc = await pcOf(test);
    for (let i = 0; i < 20; i++) pc.register({});
    await pc.send();
    await test.db.query('insert into people_progress (center, rules) values ($1, 1)', [pc.center]);
    await other.transaction(async (tx) => {
      await tx.query('select 1 from people_progress where center = $1 for update', [pc.center]);
      pc.register({});
      await pc.send();
      expect(await readPiece(test.db, pc.center, t0)).toBe('busy');
    });
    expect(await readPiece(test.db, pc.center, t0)).toBe('done');
  });
});
