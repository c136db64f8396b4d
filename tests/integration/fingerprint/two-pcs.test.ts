// Fingers taken at one PC of a center and used at another: templates through the record, keys beside it, and both gone
// when consent is withdrawn. Two whole cores, real TLS, real matching.
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { expect, it } from 'vitest';
import { allModels } from '../../../electron/core.ts';
import { KEY_FILE_PURPOSE, openPersonKeys } from '../../../electron/fingerprint/keys.ts';
import { sealContext } from '../../../electron/fingerprint/matcher.ts';
import { hmacSha256, randomKey, unseal } from '../../../electron/store/crypto.ts';
import { unwrapByPassword } from '../../../electron/store/keyring.ts';
import { openStore } from '../../../electron/store/open.ts';
import { fingerCenter, openTestReader, withFingers } from '../../unit/fingerprint/support.ts';
import { openTestCore, registerPatient, staffPassword } from '../../unit/support/open-test-core.ts';
import { joined, realClock, until } from '../sync-desk/support.ts';

it('are known at both, and at neither once consent is withdrawn', async () => {
  const hub = await fingerCenter(realClock());
  const { code, addresses } = await hub.ok('admin', 'sync.invite', {});
  const address = `127.0.0.1:${addresses[0]?.split(':').at(-1)}`;
  const patientId = await registerPatient(hub, 'clerk', 'Giàng A Páo');
  const { personId } = await hub.ok('clerk', 'fingerprint.consent', {
    patientId,
    holder: { kind: 'patient' },
    purposes: ['recognise', 'find'],
    way: 'spoken',
  });
  const enrol = async (finger: 2 | 7, seed: number) => {
    const captures = [];
    for (let take = 0; take < 3; take++) captures.push(await hub.capture('clerk', seed));
    await hub.ok('clerk', 'fingerprint.enrol', { patientId, personId, finger, captures });
  };
  await enrol(2, 11);

  const reader = openTestReader();
  const fresh = await openTestCore({ ...realClock(), fingerReaders: () => [reader.family] });
  await fresh.ok('p', 'sync.join', { address, code, stationName: 'Khoa Nội' });
  expect(await joined(fresh)).toMatchObject({ state: 'ready' });
  await fresh.ok('clerk', 'access.login', { username: 'clerk', password: staffPassword });
  const ward = withFingers(fresh, reader);
  const usable = async () =>
    (await ward.ok('clerk', 'fingerprint.ofPatient', { patientId })).people[0]?.fingers.map((one) => [
      one.finger,
      one.usable,
    ]);
  // the copy of the record the ward got has the templates; the key comes when both have met
  await until('the key of the first finger', usable, (all) => JSON.stringify(all) === '[[2,true]]');
  await enrol(7, 12);
  await until('the second finger', usable, (all) => JSON.stringify(all) === '[[2,true],[7,true]]');
  const verify = async (seed: number) =>
    ward.ok('clerk', 'fingerprint.verify', {
      patientId,
      personId,
      captureId: await ward.capture('clerk', seed),
      occasion: 'procedure',
    });
  expect(await verify(12)).toEqual({ matched: true, finger: 7 });
  expect((await verify(13)).matched).toBe(false);

  // a copy somebody made while all was well
  const copy = join(fresh.dataDir, 'copy');
  const withKeys = join(fresh.dataDir, 'copy-with-keys');
  for (const file of ['record.db', 'record.db-wal', 'keyring.json'])
    if (existsSync(join(fresh.dataDir, file))) cpSync(join(fresh.dataDir, file), join(copy, file));
  cpSync(join(fresh.dataDir, 'fingerprint-keys.db'), join(withKeys, 'fingerprint-keys.db'));

  await hub.ok('clerk', 'fingerprint.withdraw', { patientId, personId, reason: 'Không muốn nữa' });
  const confirmed = await until(
    'both have dropped the key',
    async () =>
      (await hub.ok('clerk', 'fingerprint.ofPatient', { patientId })).people[0]?.erasure?.stations ?? [],
    (stations) => stations.length === 2 && stations.every(({ at }) => at !== null),
  );
  expect(confirmed.map(({ name }) => name).sort()).toEqual(['Khoa Nội', 'Máy tiếp đón']);
  const refused = await ward.refused('clerk', 'fingerprint.verify', {
    patientId,
    personId,
    captureId: await ward.capture('clerk', 12),
    occasion: 'procedure',
  });
  expect(refused.code).toBe('consent_withdrawn');

  const unlocked = await unwrapByPassword(join(copy, 'keyring.json'), 'clerk', staffPassword);
  if (!unlocked.ok) throw new Error(unlocked.error.code);
  const { key } = unlocked.value;
  const keysIn = (folder: string) => {
    const file = join(folder, 'fingerprint-keys.db');
    const opened = openPersonKeys(file, hmacSha256(key, KEY_FILE_PURPOSE), Date.now, () => {});
    if (!opened.ok) throw new Error(opened.error.code);
    return opened.value;
  };
  const before = keysIn(withKeys);
  const [id = ''] = [...before.held()].map((name) => name.split(' ')[1]);
  const personKey = before.of({ person: personId, id });
  before.close();
  if (!personKey) throw new Error('the key was never here');
  // the copied record opens with the ward's password; its templates open with the key that was, which is nowhere in it
  const opened = openStore({ path: join(copy, 'record.db'), key, areas: allModels });
  if (!opened.ok) throw new Error(opened.error.code);
  const { sql } = opened.value;
  const sealed = sql
    .prepare<[], { finger: number; sealed: string }>('SELECT finger, sealed FROM fingerprint')
    .all();
  expect(sealed.map(({ finger }) => finger).sort()).toEqual([2, 7]);
  for (const one of sealed)
    for (const text of JSON.parse(one.sealed) as string[]) {
      expect(opens(text, personKey, sealContext(personId, one.finger))).toBe(true);
      expect(opens(text, randomKey(), sealContext(personId, one.finger))).toBe(false);
    }
  expect(placesOf(sql, personKey)).toEqual([]);
  opened.value.close();
  for (const pc of [hub, fresh]) {
    const again = await pc.restart();
    await again.ok('clerk', 'access.login', { username: 'clerk', password: staffPassword });
    const { people } = await again.ok('clerk', 'fingerprint.ofPatient', { patientId });
    expect(people[0]).toMatchObject({ consent: 'withdrawn', fingers: [] });
    await again.core.close();
  }
  const after = keysIn(fresh.dataDir);
  expect([...after.held()]).toEqual([]);
  after.close();
});

function opens(text: string, key: Buffer, context: string): boolean {
  const bytes = Buffer.from(text, 'base64url');
  const sealed = { nonce: bytes.subarray(0, 12), tag: bytes.subarray(12, 28), text: bytes.subarray(28) };
  return unseal(key, sealed, context) !== null;
}

/** Tables in which these bytes stand, raw or written as text. */
function placesOf(sql: Database, bytes: Buffer): string[] {
  const spellings = [
    bytes,
    ...(['hex', 'base64', 'base64url'] as const).map((as) => Buffer.from(bytes.toString(as))),
  ];
  const tables = sql.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all();
  return tables.filter((table) =>
    sql
      .prepare<[], unknown[]>(`SELECT * FROM "${table}"`)
      .raw()
      .all()
      .flat()
      .some((cell) => {
        const held = Buffer.isBuffer(cell) ? cell : Buffer.from(String(cell));
        return spellings.some((spelling) => held.includes(spelling));
      }),
  );
}
