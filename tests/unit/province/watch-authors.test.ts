// Looking at who has signed what: the center that somebody looks at as it stands, lists of all as they stood a moment ago.
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Database } from '../../../province/database/types.ts';
import { openIdentity } from '../../../province/trust/identity.ts';
import { watchAuthors } from '../../../province/trust/watch-authors.ts';
import { openTestDatabase, station, type TestDatabase, writer } from './support.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
}, 60_000);
afterAll(() => test.close());

it('reads a center’s log anew for who looks at it, not for every list of all centers, and catches up behind that', async () => {
  const { store, center } = await test.center();
  const pc = writer(station(120));
  const take = () => store.take([pc.write(1)], pc.feed.station);
  const asked: string[] = [];
  const db: Database = {
    ...test.db,
    query(text, values) {
      asked.push(text);
      return test.db.query(text, values);
    },
  };
  const authors = watchAuthors({
    db,
    self: await openIdentity(test.db, 'Tỉnh', test.clock),
    log: () => {},
    afterMs: 100,
    now: () => test.clock,
    onGrew: () => () => {},
  });
  const changes = async (of: 'of' | 'latest') => (await authors[of](center)).map((one) => one.changes);
  await take();
  // nobody has looked yet
  expect(await changes('latest')).toEqual([1]);
  await take();
  asked.length = 0;
  expect(await changes('latest')).toEqual([1]);
  expect(asked).toHaveLength(1);
  await vi.waitFor(async () => expect(await changes('latest')).toEqual([2]), { timeout: 5_000 });
  await take();
  expect(await changes('of')).toEqual([3]);
  expect(await changes('latest')).toEqual([3]);
  await authors.close();
});
