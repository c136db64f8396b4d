// Signatures of PCs under their own feeds, by real PCs over real lines: when they are written, where they come, and what
// they still prove afterwards.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readAuthorship } from '../../../electron/store/authorship.ts';
import { restoreBackup } from '../../../electron/store/restore.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { areas, openPair, openPc, type Pc, pause, until } from './pc.ts';

const vouches = (store: OpenStore, of: Pc): number =>
  store.sql
    .prepare<[string], number>(
      `SELECT count(*) FROM change_log l JOIN feed f ON f.id = l.feed WHERE l.kind = 'station.vouch' AND f.station = ?`,
    )
    .pluck()
    .get(of.store().station.id) ?? 0;

/** What the certificates in this store's own record say of everybody's feeds. */
const authors = (store: OpenStore) =>
  readAuthorship(
    store.sql,
    (id) =>
      store.sql
        .prepare<[string], string>('SELECT certificate FROM station_pc WHERE id = ?')
        .pluck()
        .get(id) ?? null,
  );
const allSigned = (store: OpenStore): boolean =>
  authors(store).every(({ seq, vouchedTo, contradicted }) => seq === vouchedTo && contradicted === null);

it('signs once when it has caught up, not again for nothing, and again for what was written meanwhile', async () => {
  const { hub, other } = await openPair({ vouchEveryMs: 0, port: await freePort() });
  await until(
    () => allSigned(hub.store()) && allSigned(other.store()),
    'both signed, and know it of each other',
  );
  await pause(300);
  const before = [hub, other].map((pc) => vouches(pc.store(), pc));
  await hub.sync.saveHub({ serving: false });
  await until(() => other.facts().peers.every((peer) => peer.state !== 'connected'), 'cut');
  await hub.sync.saveHub({ serving: true });
  await until(() => other.facts().peers.some((peer) => peer.state === 'connected' && peer.caughtUp), 'met');
  await pause(300);
  expect([hub, other].map((pc) => vouches(pc.store(), pc))).toEqual(before);
  other.write(30);
  await until(() => allSigned(hub.store()) && hub.notes() === 30, 'signed and passed on');
  await pause(300);
  expect(vouches(other.store(), other)).toBe(before[1]! + 1);
  expect(vouches(hub.store(), hub)).toBe(before[0]!);
});

it('signs when the program closes, and says nothing more when nothing more was written', async () => {
  const alone = await openPc({ name: 'Máy 1', founds: true });
  alone.write(3);
  expect(allSigned(alone.store())).toBe(false);
  await alone.sync.close();
  expect(allSigned(alone.store())).toBe(true);
  expect(vouches(alone.store(), alone)).toBe(1);
  alone.store().close();
  const again = await openPc({ name: 'Máy 1', dataDir: alone.dataDir });
  await again.sync.close();
  expect(vouches(again.store(), again)).toBe(1);
});

it('is proof anywhere the record goes: a later PC, a rebuilt store, one put back from a backup', async () => {
  const { hub, other } = await openPair({ vouchEveryMs: 0 });
  other.write(40);
  await until(() => hub.notes() === 40 && allSigned(hub.store()), 'signed and passed on');
  // by the whole record as a file, without ever having met who wrote it
  const code = await hub.invite();
  const later = await openPc({ name: 'Máy 3' });
  expect(await later.sync.join({ address: hub.address(), code, stationName: 'Máy 3' })).toMatchObject({
    ok: true,
  });
  await until(() => later.sync.joining().state === 'ready', 'joined');
  const ofOther = (store: OpenStore) =>
    authors(store).filter(({ station }) => station === other.store().station.id);
  expect(ofOther(later.store()).map(({ seq, vouchedTo }) => vouchedTo === seq)).toEqual([true, true]);
  expect(later.store().rebuild()).toMatchObject({ ok: true });
  expect(ofOther(later.store()).map(({ seq, vouchedTo }) => vouchedTo === seq)).toEqual([true, true]);
});

it('a PC put back from a backup has its own work again, though it had not signed the last of it', async () => {
  const { hub, other } = await openPair();
  other.write(5);
  await until(() => hub.notes() === 5, 'passed on');
  const folder = mkdtempSync(join(tmpdir(), 'tram-vouching-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const copy = await other.store().backup(folder);
  if (!copy.ok) throw new Error(copy.error.code);
  other.write(10);
  await until(() => hub.notes() === 15, 'passed on, not signed yet');
  expect(allSigned(hub.store())).toBe(false);
  // the signature at the end is lost with the disk
  await hub.sync.saveHub({ serving: false });
  await other.sync.close();
  other.store().close();
  const storePath = join(other.dataDir, 'record.db');
  const restored = await restoreBackup({
    backup: copy.value.path,
    storePath,
    key: Buffer.alloc(32, 9),
    areas,
  });
  expect(restored).toMatchObject({ ok: true });
  await hub.sync.saveHub({ serving: true });
  const back = await openPc({ name: 'Máy 2', dataDir: other.dataDir });
  await back.sync.saveHub({ addresses: [hub.address()] });
  await until(() => back.notes() === 15, 'its own work came back');
  await until(() => allButLeft(hub.store()), 'it signs what it writes now');
  const left = authors(hub.store()).filter(({ seq, vouchedTo }) => seq > vouchedTo);
  expect(left.map(({ isOver, contradicted, unvouched }) => [isOver, contradicted, unvouched.count])).toEqual([
    [true, null, 10],
  ]);
});

/** Everybody has signed everything, but for what stands behind a feed that its writer has left. */
const allButLeft = (store: OpenStore): boolean =>
  authors(store).every(
    ({ seq, vouchedTo, contradicted, isOver }) => contradicted === null && (isOver || seq === vouchedTo),
  );

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}
