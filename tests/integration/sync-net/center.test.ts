// A center of several PCs, with and without its province: hubs that come and go, word of what the province holds,
// and copies of stores.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeStationIdentity } from '../../../electron/station/certificate.ts';
import { type Province, startProvince } from '../../../province/index.ts';
import { ok } from '../../../shared/api/contract.ts';
import { centerProvince } from '../../../shared/model/station.ts';
import { nobody } from '../../unit/store/sample-area.ts';
import { holdsAll, openPair, openPc, type Pc, until } from './pc.ts';

const folder = mkdtempSync(join(tmpdir(), 'tram-center-province-'));
let province: Province;
beforeAll(async () => {
  province = await startProvince({
    folder,
    name: 'Sở Y tế thử',
    listen: { host: '127.0.0.1', port: 0 },
  });
});
afterAll(async () => {
  await province.close();
  rmSync(folder, { recursive: true, force: true });
});

async function code(): Promise<{ code: string; center: number }> {
  const made = await province.admin.createCenter('it', {
    name: 'Trung tâm Y tế',
    provinceCode: '66',
  } as never);
  if (!made.ok) throw new Error(made.error.code);
  const invited = await province.admin.createCode('it', made.value.center);
  if (!invited.ok) throw new Error(invited.error.code);
  return { code: invited.value.code, center: made.value.center };
}

const equal = async (...pcs: Pc[]): Promise<boolean> =>
  new Set(await Promise.all(pcs.map((pc) => pc.vector()))).size === 1;

async function joinTo(hub: Pc, name: string): Promise<Pc> {
  const invited = await hub.invite();
  const pc = await openPc({ name });
  const joined = await pc.sync.join({ address: hub.address(), code: invited, stationName: name });
  if (!joined.ok) throw new Error(joined.error.code);
  await until(() => pc.sync.joining().state === 'ready', `${name} has joined`);
  return pc;
}

it('goes on through another hub when the first one is gone, and takes the first one in again', async () => {
  const first = await openPc({ name: 'Máy 1', founds: true });
  const [second, third] = [await joinTo(first, 'Máy 2'), await joinTo(first, 'Máy 3')];
  expect(second.store().sql.prepare('select code from station_pc order by code').pluck().all()).toEqual(
    await until3(second),
  );
  await first.close();
  second.write(5);
  third.write(7);
  await second.sync.saveHub({ serving: true });
  await third.sync.saveHub({ addresses: [second.address()] });
  await until(() => second.notes() === 12 && third.notes() === 12, 'both have both');

  const again = await openPc({ name: 'Máy 1', dataDir: first.dataDir });
  again.write(1);
  await again.sync.saveHub({ serving: false, addresses: [second.address()] });
  await until(() => again.notes() === 13 && third.notes() === 13, 'all have all');
  await until(() => equal(again, second, third), 'equal');
});

it('keeps to the province it was enrolled at, whatever a PC of the center says later', async () => {
  const { hub, other } = await openPair();
  const invited = await code();
  await hub.sync.enrol(nobody, `127.0.0.1:${province.port}`, invited.code);
  const pinned = hub.sync.provinceCertificate();
  await until(() => other.sync.provinceCertificate() === pinned, 'the other knows the province');
  const { certificatePem: certificate } = await makeStationIdentity({
    id: 'e'.repeat(32),
    name: 'Tỉnh giả',
    centerName: '',
    now: Date.now(),
  });
  const id = hub.store().sql.prepare<[], string>('select id from center').pluck().get() ?? '';
  other.store().write(nobody, (tx) => {
    const body = { station: 'e'.repeat(32), name: 'Tỉnh giả', address: '127.0.0.1:9', certificate };
    tx.append(centerProvince, { id, body });
    return ok(null);
  });
  await until(() => equal(hub, other), 'the hub has heard of it');
  expect(hub.sync.provinceCertificate()).toBe(pinned);
  expect(other.sync.provinceCertificate()).toBe(pinned);
  expect(hub.logged.map((line) => line.message)).toContain('a PC of the center names another province');

  const third = await joinTo(hub, 'Máy 3');
  expect(third.sync.provinceCertificate()).toBe(pinned);
});

it('reaches the province from one PC, and from the others without any code', async () => {
  const { hub, other } = await openPair();
  const invited = await code();
  hub.write(20);
  other.write(10);
  await until(() => hub.notes() === 30, 'the hub has all');
  const enrolled = await hub.sync.enrol(nobody, `127.0.0.1:${province.port}`, invited.code);
  expect(enrolled).toEqual({ ok: true, value: { provinceName: 'Sở Y tế thử' } });
  expect(await hub.sync.enrol(nobody, `127.0.0.1:${province.port}`, invited.code)).toMatchObject({
    ok: false,
    error: { code: 'already_enrolled' },
  });
  await until(() => holdsAll(hub, 'province'), 'the province holds all the hub has');
  const toProvince = (pc: Pc) => pc.facts().peers.find((peer) => peer.id === 'province');
  await until(() => toProvince(hub)?.lastVerifiedAt !== null, 'proven equal');
  await until(() => toProvince(other)?.state === 'connected', 'the other PC found the province by itself');
  await until(() => holdsAll(other, 'province'), 'and knows that it holds everything');
  expect(other.facts()).toMatchObject({ target: 'province', province: { name: 'Sở Y tế thử' } });
  expect(other.facts().waiting.map((lane) => lane.count)).toEqual([0, 0, 0]);
  // what a PC signs when it has told everything follows a moment later
  const sameHeads = async (): Promise<boolean> => {
    const heads = await province.storeOf(invited.center).heads();
    return other
      .store()
      .feeds()
      .every((feed) =>
        heads.some(
          (h) =>
            h.station === feed.station && h.lane === feed.lane && h.seq === feed.seq && h.hash === feed.head,
        ),
      );
  };
  await until(sameHeads, 'the province holds the same heads');
});

it('hears through the hub what the province holds when it cannot reach the province itself', async () => {
  const { hub, other } = await openPair();
  const invited = await code();
  await hub.sync.enrol(nobody, `127.0.0.1:${province.port}`, invited.code);
  await until(() => other.facts().province !== null, 'the other PC knows the province');
  // from here on only the hub has a line out
  const cut = other.store().sql.prepare("update sync_peer set address = '127.0.0.1:1' where id = 'province'");
  await other.sync.detach();
  cut.run();
  other.sync.attach(other.store());
  other.write(9);
  await until(() => hub.notes() === 9, 'the hub has it');
  await until(() => holdsAll(other, 'province'), 'the province has it, says the hub');
  expect(other.facts().peers.find((peer) => peer.id === 'province')?.state).not.toBe('connected');
});

it('starts a new incarnation when it is a copy put back, and gets its own later work again', async () => {
  const { hub, other } = await openPair();
  other.write(3);
  await until(() => hub.notes() === 3, 'sent');
  const { dataDir } = other;
  const before = other.store().station.incarnation;
  await other.close();
  const backup = mkdtempSync(join(tmpdir(), 'tram-backup-'));
  cpSync(dataDir, backup, { recursive: true });
  const later = await openPc({ name: 'Máy 2', dataDir });
  later.write(4);
  await until(() => hub.notes() === 7, 'sent too');
  await later.close();
  cpSync(backup, dataDir, { recursive: true });

  const restored = await openPc({ name: 'Máy 2', dataDir });
  expect(restored.notes()).toBe(3);
  restored.write(2);
  await until(() => restored.notes() === 9 && hub.notes() === 9, 'everything is everywhere', 20_000);
  expect(restored.store().station.incarnation).toBeGreaterThan(before);
  await until(() => equal(hub, restored), 'equal');
  expect(restored.store().verifyLog().ok).toBe(true);
  rmSync(backup, { recursive: true, force: true });
});

it('lets a new PC join from the province, without any hub', async () => {
  const hub = await openPc({ name: 'Máy 1', founds: true });
  hub.write(40);
  const first = await code();
  await hub.sync.enrol(nobody, `127.0.0.1:${province.port}`, first.code);
  await until(() => holdsAll(hub, 'province'), 'sent');
  const second = await province.admin.createCode('it', first.center);
  if (!second.ok) throw new Error(second.error.code);
  const other = await openPc({ name: 'Máy 2' });
  const joined = await other.sync.join({
    address: `127.0.0.1:${province.port}`,
    code: second.value.code,
    stationName: 'Máy 2',
  });
  expect(joined).toMatchObject({ ok: true });
  await until(() => other.sync.joining().state === 'ready', 'ready');
  expect(other.notes()).toBe(40);
  other.write(2);
  await until(() => hub.notes() === 42, 'the first PC has it');
  await until(
    () => hub.store().sql.prepare('select count(*) from station_pc').pluck().get() === 2,
    'the record names the new PC',
  );
});

it('still takes what a revoked PC has, sealed, and shows it nothing', async () => {
  const { hub, other } = await openPair();
  const { center, ...invited } = await code();
  await hub.sync.enrol(nobody, `127.0.0.1:${province.port}`, invited.code);
  const atProvince = (pc: Pc) => pc.facts().peers.find((peer) => peer.id === 'province');
  await until(
    () => atProvince(other)?.state === 'connected' && holdsAll(other, 'province'),
    'both are there',
  );
  hub.sync.revokeStation(nobody, other.store().station.id, 'mất máy');
  await until(() => holdsAll(hub, 'province'), 'the province knows');
  await until(() => other.facts().revoked, 'the PC notices');
  other.write(3);
  hub.write(2);
  await until(async () => {
    const sealed = await province.admin.sealed(center);
    return sealed.some((one) => one.station === other.store().station.id && one.changes >= 3);
  }, 'sealed at the province');
  expect(other.notes()).toBe(3);
  expect(hub.notes()).toBe(2);
  const released = await province.admin.releaseSealed('it', other.store().station.id);
  expect(released).toMatchObject({ ok: true });
  await until(() => hub.notes() === 5, 'released by a person, it is passed on');
  expect(other.notes()).toBe(3);
});

it('does not look for other centers’ patients when there is no province, and asks it once there is', async () => {
  const pc = await openPc({ name: 'Máy 1', founds: true });
  expect(await pc.sync.lookup({ cccd: '066123456789' })).toEqual({
    state: 'not_enrolled',
    people: [],
    at: null,
  });
  const invited = await code();
  await pc.sync.enrol(nobody, `127.0.0.1:${province.port}`, invited.code);
  await until(() => pc.facts().peers.some((peer) => peer.state === 'connected'), 'connected');
  const began = Date.now();
  const answer = await pc.sync.lookup({ cccd: '066123456789' });
  expect(answer).toMatchObject({ state: 'answered', people: [] });
  expect(Date.now() - began).toBeLessThan(4_500);
});

/** The codes of three PCs, once all are known. */
async function until3(pc: Pc): Promise<string[]> {
  await until(
    () => pc.store().sql.prepare('select count(*) from station_pc').pluck().get() === 3,
    'three PCs',
  );
  return ['01', '02', '03'];
}
