import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { holdsAll, openPair, openPc, until } from './pc.ts';

it('lets a new PC join by a code, gives it the record, and from then on both hold the same', async () => {
  const hub = await openPc({ name: 'Máy 1', founds: true });
  hub.write(300);
  const thing = hub.writeThing('xe đẩy');
  const code = await hub.invite();
  const other = await openPc({ name: 'Máy 2' });
  const joined = await other.sync.join({ address: hub.address(), code, stationName: 'Máy 2' });
  expect(joined).toMatchObject({ ok: true });
  await until(() => other.sync.joining().state === 'ready', 'ready');
  expect(other.notes()).toBe(300);
  expect(other.store().sql.prepare('select name from sample_thing where id = ?').pluck().get(thing)).toBe(
    'xe đẩy',
  );

  other.write(3);
  await until(() => hub.notes() === 303, 'the hub has what the new PC wrote');
  hub.write(2);
  await until(() => other.notes() === 305, 'the new PC has what the hub wrote');
  await until(async () => (await hub.vector()) === (await other.vector()), 'equal');
  await until(() => holdsAll(other, 'hub'), 'proven');
  expect(other.facts().waiting.map((lane) => lane.count)).toEqual([0, 0, 0]);
  expect(other.facts().peers).toMatchObject([
    { kind: 'hub', name: 'Máy 1', state: 'connected', version: '1.0.0-test' },
  ]);
  expect(hub.facts().peers).toMatchObject([{ kind: 'station', name: 'Máy 2', state: 'connected' }]);
  await until(() => other.facts().peers[0]?.lastVerifiedAt !== null, 'verified');
  expect(other.facts().statesDiffer).toBeNull();
});

it('says what waits and since when while the hub is away, and sends it by itself when it is back', async () => {
  // only the first PC serves, so both may be told the same port
  const { hub, other } = await openPair({ port: await freePort() });
  await hub.sync.saveHub({ serving: false });
  await until(() => other.facts().peers.every((peer) => peer.state !== 'connected'), 'away');
  const began = Date.now();
  other.write(5);
  expect(other.facts().waiting.map((lane) => lane.count)).toEqual([0, 5, 0]);
  expect(other.facts().waiting[1]?.since).toBeGreaterThanOrEqual(began);
  await hub.sync.saveHub({ serving: true });
  await until(() => hub.notes() === 5, 'sent');
  await until(() => other.facts().waiting.every((lane) => lane.count === 0), 'proven');
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}
