// Questions that must stay quick with a hundred thousand patients go by an index, also in a database without statistics.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../province/database/types.ts';
import { groupsOf } from '../../../province/identity/decisions.ts';
import { changesOf, peopleOf } from '../../../province/identity/rows.ts';
import { suggestions } from '../../../province/identity/suggestions.ts';
import { openTestDatabase, type TestDatabase } from '../province/support.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
  await test.db.query(
    `insert into person (center, patient, full_name, folded, birth_date, record_number, unidentified, written_at)
     select 900000 + i % 50, 'plan' || i, 'X', 'x ' || i, '1985-03-02', '1', false, 0 from generate_series(1, 20000) i`,
  );
  await test.db.query(
    `insert into person_number (center, patient, type, number, shown, ended)
     select 900000 + i % 50, 'plan' || i, 'cccd', 'plan' || i, 'x', false from generate_series(1, 20000) i`,
  );
}, 60_000);
afterAll(async () => {
  await test.db.query('delete from person where center >= 900000');
  await test.db.query('delete from person_number where center >= 900000');
  await test.close();
});

/** Explains every question that is asked. */
async function plansOf(ask: (db: Database) => Promise<unknown>): Promise<string> {
  const plans: string[] = [];
  await ask({
    ...test.db,
    query: async (text, params) => {
      const rows = await test.db.query<{ 'QUERY PLAN': string }>(`explain ${text}`, params);
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
      return await test.db.query(text, params);
    },
  });
  return plans.join('\n');
}

const large = /Seq Scan on (person|person_number|people_change|change_log\w*|person_standing)\b/;

it('reads people, their changes and their groups by their keys', async () => {
  const keys = [{ center: 900_001, patient: 'plan1' }];
  expect(await plansOf((db) => peopleOf(db, keys))).not.toMatch(large);
  expect(await plansOf((db) => changesOf(db, 1, ['a', 'b'], 'all'))).not.toMatch(/Seq Scan on people_change/);
  expect(await plansOf((db) => groupsOf(db, keys))).not.toMatch(/Seq Scan on person\b/);
});

it('finds by number, and by name and birth date', async () => {
  const byNumber = await plansOf((db) =>
    db.query(
      `select n.center, n.patient from unnest($1::text[], $2::text[]) k (type, number)
       join person_number n on n.number = k.number and n.type = k.type limit 50`,
      [['cccd'], ['plan77']],
    ),
  );
  expect(byNumber).toContain('person_number_number');
  const byName = await plansOf((db) =>
    db.query(
      `select center, patient from person
       where folded = $1 and not unidentified and (birth_date = any ($2::text[]) or birth_date like $3) limit 50`,
      ['x 77', ['1985'], '1985-%'],
    ),
  );
  expect(byName).toContain('person_name');
});

it('shows the best suggestions without sorting all of them', async () => {
  expect(await plansOf((db) => suggestions(db, 'open', 10))).toContain('person_pair_score');
});
