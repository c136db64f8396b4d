// What a PC remembers of how far others have got with its log.
import { expect, it } from 'vitest';
import { changeStoreOf } from '../../../electron/store/change-store.ts';
import { openBook } from '../../../electron/sync/book.ts';
import { sampleArea, sampleMigrations, writeThing } from '../store/sample-area.ts';
import { openTestStore, stationId } from '../support/open-test-store.ts';

it('does not say “at the province” of work whose number the province has given to another branch', async () => {
  const store = openTestStore([sampleArea], { station: 'a', migrations: sampleMigrations });
  const book = openBook(store);
  writeThing(store, { name: 'one' });
  writeThing(store, { name: 'two' });
  const [head] = await changeStoreOf(store).heads();
  if (!head) throw new Error('a head');
  expect(head.station).toBe(stationId('a'));
  // the answer to a frame that was under way while the branch was set aside
  book.addHeld('province', [{ ...head, hash: 'f'.repeat(64) }]);
  expect(book.held('province')).toEqual([]);
  book.addHeld('province', [{ ...head, seq: 9 }]);
  expect(book.held('province')).toEqual([]);
  book.addHeld('province', [head]);
  expect(book.held('province')).toEqual([head]);
});

it('does not go on saying “refused” of what the peer has taken in since', async () => {
  const store = openTestStore([sampleArea], { station: 'a', migrations: sampleMigrations });
  const book = openBook(store);
  writeThing(store, { name: 'one' });
  const [head] = await changeStoreOf(store).heads();
  if (!head) throw new Error('a head');
  const { hash: _, ...place } = head;
  book.refuse({ ...place, where: 'province', reason: 'unreadable', at: 7 });
  book.refuse({ ...place, where: stationId('b'), reason: 'unreadable', at: 7 });
  expect(book.refused()).toHaveLength(2);
  // the province has been updated
  book.addHeld('province', [head]);
  expect(book.refused()).toMatchObject([{ where: stationId('b') }]);
});
