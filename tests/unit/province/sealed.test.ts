// A revoked station's delivery and the center's log may grow side by side: others still carry what it wrote before.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { release, sealedStoreOf } from '../../../province/log/sealed.ts';
import type { ChangeStore } from '../../../shared/sync/port.ts';
import { openTestDatabase, station, type TestCenter, type TestDatabase, t0, writer } from './support.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
}, 60_000);
afterAll(() => test.close());

const revoked = station(1);
const sealedOf = async ({ center, store }: TestCenter): Promise<ChangeStore> => {
  await test.db.query(
    `insert into station (id, center, name, code, certificate, fingerprint, status, source, enrolled_at, revoked_at)
     values ($1, $2, '', '', '', $3, 'revoked', 'code', 0, $4)
     on conflict (id) do update set center = excluded.center`,
    [Buffer.from(revoked, 'hex'), center, Buffer.alloc(32, 1), t0 + 1_000],
  );
  return sealedStoreOf(test.db, center, store, () => test.clock, revoked);
};
const letGo = ({ center }: TestCenter) =>
  test.db.transaction(async (tx) => (await release(tx, center, revoked, test.clock)).appended);

it('puts a revoked PC’s work into the record also when others brought a part of it meanwhile', async () => {
  const place = await test.center();
  const sealed = await sealedOf(place);
  const pc = writer(revoked);
  pc.write(4);
  await place.store.take([pc.run(1)], revoked);
  pc.write(3);
  await sealed.take([pc.run(5)], revoked);
  pc.write(2);
  // a PC that had met it before it was revoked
  await place.store.take([pc.run(5, 9)], station(2));
  pc.write(1);
  expect(await sealed.take([pc.run(10)], revoked)).toMatchObject({ accepted: 1, refused: [] });
  expect(await letGo(place)).toMatchObject({ accepted: 1, duplicates: 3, refused: [] });
  expect(await place.store.heads()).toEqual([{ ...pc.feed, seq: 10, hash: pc.hash(10) }]);
});

it('tells a revoked PC of all that is held of its work, wherever it lies', async () => {
  const place = await test.center();
  const sealed = await sealedOf(place);
  const pc = writer(revoked, 2);
  pc.write(2);
  await sealed.take([pc.run(1)], revoked);
  pc.write(3);
  await place.store.take([pc.run(1)], station(2));
  expect(await sealed.heads()).toEqual([{ ...pc.feed, seq: 5, hash: pc.hash(5) }]);
});

it('tells administrators that others bring what a revoked PC wrote afterwards, once a day', async () => {
  const place = await test.center();
  await sealedOf(place);
  const told = () =>
    test.db.query('select by, detail from audit where action = $1 and subject = $2', [
      'station.works_on',
      revoked,
    ]);
  const pc = writer(revoked, 3);
  pc.write(2);
  await place.store.take([pc.run(1)], station(2));
  expect(await told()).toEqual([]);
  pc.write(2, { wall: t0 + 2_000 });
  await place.store.take([pc.run(3)], station(2));
  pc.write(1, { wall: t0 + 3_000 });
  await place.store.take([pc.run(5)], station(2));
  expect(await told()).toEqual([{ by: station(2), detail: '2 written after the revocation' }]);
});
