// Two PCs with the same changes find the rows in which they differ over a line that carries 64 kB at a time.
import { expect, it } from 'vitest';
import type { OpenStore } from '../../../electron/store/types.ts';
import { answerOfState, healTogether } from '../../../electron/sync/state-compare.ts';
import { ok } from '../../../shared/api/contract.ts';
import { MAX_LOOKUP_BYTES } from '../../../shared/sync/wire.ts';
import { nobody, sampleArea, sampleMigrations, thingOpen } from '../store/sample-area.ts';
import { give, openTestStore } from '../support/open-test-store.ts';

const rows = 6_000;
const quiet = () => {};

function twins(): [OpenStore, OpenStore] {
  const open = (station: string) => openTestStore([sampleArea], { migrations: sampleMigrations, station });
  const [a, b] = [open('a'), open('b')];
  a.bulk((as) => {
    const tx = as(nobody);
    for (let i = 0; i < rows; i++) tx.append(thingOpen, { id: `thing-${i}`, body: { name: `${i}` } });
    return ok(null);
  });
  give(a, b);
  expect(b.stateDigest()).toEqual(a.stateDigest());
  return [a, b];
}
/** What a session carries, and how much of it. */
function lineTo(store: OpenStore) {
  const carried = { trips: 0, longest: 0 };
  const ask = async (question: Uint8Array) => {
    const answer = (await answerOfState(store, question, 'a'.repeat(32))) ?? new Uint8Array();
    carried.trips += 1;
    carried.longest = Math.max(carried.longest, question.length, answer.length);
    return answer.length > 0 ? answer : null;
  };
  return { carried, ask };
}

it('heals both, wherever the fault is, and tells both', async () => {
  const [a, b] = twins();
  const right = a.stateDigest();
  a.sql.exec("update sample_thing set name = 'wrong at a' where id = 'thing-77'");
  b.sql.exec("delete from sample_thing where id in ('thing-1', 'thing-5000')");
  for (const store of [a, b]) store.write(nobody, () => ok(null));
  const { ask, carried } = lineTo(b);
  expect(await healTogether(a, ask, 'b'.repeat(32), quiet)).toBe(true);
  expect(a.stateDigest()).toEqual(right);
  expect(b.stateDigest()).toEqual(right);
  expect(a.state.alarms()).toMatchObject([
    { table: 'sample_thing', rows: 3, peer: 'b'.repeat(32), wasOurs: true },
  ]);
  expect(b.state.alarms()).toMatchObject([
    { table: 'sample_thing', rows: 3, peer: 'a'.repeat(32), wasOurs: true },
  ]);
  expect(carried.trips).toBeLessThanOrEqual(6);
  expect(carried.longest).toBeLessThan(MAX_LOOKUP_BYTES);
});

it('stays within a frame when scattered rows differ', async () => {
  const [a, b] = twins();
  b.sql.exec("update sample_thing set name = 'wrong' where rowid % 120 = 0");
  b.write(nobody, () => ok(null));
  const { ask, carried } = lineTo(b);
  expect(await healTogether(a, ask, 'b'.repeat(32), quiet)).toBe(true);
  expect(b.stateDigest()).toEqual(a.stateDigest());
  expect(carried.longest).toBeLessThan(MAX_LOOKUP_BYTES);
  expect(b.state.alarms()).toMatchObject([{ rows: 50 }]);
});

it('gives up and heals nothing when the line goes away or answers rubbish', async () => {
  const [a, b] = twins();
  b.sql.exec("update sample_thing set name = 'wrong' where id = 'thing-1'");
  b.write(nobody, () => ok(null));
  expect(await healTogether(a, async () => null, 'b', quiet)).toBe(false);
  expect(await healTogether(a, async () => Buffer.from('{"is":"buckets","buckets":[{}]}'), 'b', quiet)).toBe(
    false,
  );
  expect(a.state.alarms()).toEqual([]);
});

it('leaves lookups of people to those who answer them, and rubbish unanswered', async () => {
  const [a] = twins();
  expect(answerOfState(a, Buffer.from('{"name":"Nguyễn"}'), 'b')).toBeNull();
  for (const rubbish of [
    'state ',
    'state {',
    'state {"ask":"rows","table":"local_setting","sum":"x","in":[]}',
  ])
    expect(await answerOfState(a, Buffer.from(rubbish), 'b')).toEqual(new Uint8Array());
  const asked = `state ${JSON.stringify({ ask: 'buckets', table: 'local_setting', sum: '0'.repeat(32), below: [''] })}`;
  expect(Buffer.from((await answerOfState(a, Buffer.from(asked), 'b'))!).toString()).toBe('{"is":"moved"}');
});
