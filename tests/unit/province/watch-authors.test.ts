// Looking at who has signed what: the center that somebody looks at as it stands, lists of all as they stood a moment ago.
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { makeStationIdentity } from '../../../electron/station/certificate.ts';
import { adminOf } from '../../../province/admin.ts';
import type { Database } from '../../../province/database/types.ts';
import { openIdentity } from '../../../province/trust/identity.ts';
import { watchAuthors } from '../../../province/trust/watch-authors.ts';
import { stationEnrol } from '../../../shared/model/station.ts';
import { openTestDatabase, station, type TestDatabase, writer } from './support.ts';

let test: TestDatabase;
let pem = '';
beforeAll(async () => {
  const made = await makeStationIdentity({ id: station(122), name: 'Khoa Nội', centerName: '', now: 0 });
  pem = made.certificatePem;
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

it('tells nothing more of what an administrator has looked into, until something is added', async () => {
  const { store, center } = await test.center();
  const [hub, id] = [writer(station(121)), station(122)];
  const pc = writer(id, 1, 0);
  await store.take([hub.write(1, enrolment(id), stationEnrol), pc.write(2)], hub.feed.station);
  const identity = await openIdentity(test.db, 'Tỉnh', test.clock);
  const told: string[] = [];
  const inAWeek = () => Date.now() + 9 * 86_400_000;
  const authors = watchAuthors({
    db: test.db,
    self: identity,
    log: (_level, what) => told.push(what),
    now: inAWeek,
    onGrew: () => () => {},
  });
  const admin = adminOf({
    db: test.db,
    provinceId: identity.id,
    key: identity.key,
    authors,
    app: '0.2.0',
    training: false,
    now: inAWeek,
    grew: () => {},
    trustChanged: () => {},
  });
  const line = async () => (await admin.stations(center)).find((one) => one.station === id);
  const counted = async () => (await admin.centers()).find((one) => one.center === center)?.unsigned;
  const before = await line();
  expect(before).toMatchObject({ concern: 'late', unsigned: 2, seen: null });
  const others = (await counted()) ?? 0;

  await store.take([pc.write(1)], id);
  // more came while the administrator read
  expect(await admin.sawAuthor('quản trị', id, before?.mark ?? '')).toMatchObject({
    error: { code: 'stale' },
  });
  expect(await admin.sawAuthor('quản trị', id, (await line())?.mark ?? '')).toMatchObject({ ok: true });
  expect(await line()).toMatchObject({ concern: 'late', unsigned: 3, seen: { by: 'quản trị' } });
  expect(await counted()).toBe(others - 1);
  const [act] = await admin.audit(1);
  expect(act).toMatchObject({ action: 'station.seen', by: 'quản trị', subject: id });

  await store.take([pc.write(1)], id);
  expect(await line()).toMatchObject({ concern: 'late', unsigned: 1, seen: null });
  expect(await counted()).toBe(others);
  expect(await admin.sawAuthor('quản trị', station(123), '')).toMatchObject({ error: { code: 'not_found' } });
  expect(told).toEqual(expect.arrayContaining(['author_late']));
  await authors.close();
});

const enrolment = (id: string) => ({
  subject: { type: 'station', id },
  body: { name: 'Khoa Nội', code: '07', certificate: pem },
});
