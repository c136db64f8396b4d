// PCs that find each other on a LAN, files that travel between them, snapshots over lines that break, cloned disks.
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { nobody } from '../../unit/store/sample-area.ts';
import { newLan, openPair, openPc, until } from './pc.ts';

it('finds the hub of its own center by itself, and shows a new PC which centers are there', async () => {
  const lan = newLan();
  const hub = await openPc({ name: 'Máy 1', founds: true, lan });
  const stranger = await openPc({ name: 'Máy lạ', founds: true, lan });
  await stranger.invite();
  const code = await hub.invite();
  const other = await openPc({ name: 'Máy 2', lan });
  await other.sync.found();
  await until(async () => (await other.sync.found()).length === 2, 'both centers heard');
  const found = (await other.sync.found()).find((one) => one.stationName === 'Máy 1');
  expect(found).toEqual({
    address: `127.0.0.1:${hub.port()}`,
    centerName: 'Trung tâm Y tế',
    stationName: 'Máy 1',
  });
  await other.sync.join({ address: found!.address, code, stationName: 'Máy 2' });
  await until(() => other.sync.joining().state === 'ready', 'joined');
  // the address it joined at is forgotten: only what is heard is left
  await other.sync.saveHub({ addresses: [] });
  other.sync.now();
  await until(
    () => other.facts().peers.some((peer) => peer.state === 'connected' && peer.kind === 'hub'),
    'called the hub it heard',
  );
  expect(other.facts().peers.map((peer) => peer.name)).toEqual(['Máy 1']);
  hub.write(2);
  await until(() => other.notes() === 2, 'and speaks with it');
  await hub.sync.saveHub({ serving: false });
  await until(() => other.facts().peers.every((peer) => peer.state !== 'connected'), 'gone');
});

it('fetches a file that is wanted from whoever has it', async () => {
  const { hub, other } = await openPair();
  const content = randomBytes(150_000);
  const kept = await hub.sync.blobs()!.put(content);
  if (!kept.ok) throw new Error(kept.error.code);
  await other.sync.blobs()!.want(kept.value);
  expect(other.facts().files.waiting).toBe(1);
  await until(() => other.sync.blobs()!.isComplete(kept.value), 'the file is here');
  expect((await other.sync.blobs()!.get(kept.value))?.equals(content)).toBe(true);
  expect(other.facts().files).toEqual({ waiting: 0, bytes: 0 });
});

it('goes on with a snapshot where the line broke', async () => {
  const hub = await openPc({ name: 'Máy 1', founds: true });
  hub.write(4000);
  const code = await hub.invite();
  let passed = 0;
  const line = await cutEvery(hub.port(), 200_000, (bytes) => {
    passed += bytes;
  });
  const other = await openPc({ name: 'Máy 2' });
  const joined = await other.sync.join({ address: line, code, stationName: 'Máy 2' });
  expect(joined).toMatchObject({ ok: true });
  await until(() => other.sync.joining().state === 'ready', 'ready', 30_000);
  expect(other.notes()).toBe(4000);
  const { doneBytes, totalBytes } = other.sync.joining();
  expect(doneBytes).toBe(totalBytes);
  expect(totalBytes).toBeGreaterThan(1_000_000);
  // every piece once, but for what was in the pipe when it broke
  expect(passed).toBeLessThan(totalBytes! * 1.5);
});

it('lets both go on when a disk was cloned into a second PC', async () => {
  const { hub, other } = await openPair();
  other.write(3);
  await until(() => hub.notes() === 3, 'sent');
  const { dataDir } = other;
  await other.close();
  const cloneDir = mkdtempSync(join(tmpdir(), 'tram-clone-'));
  onTestFinished(() => rmSync(cloneDir, { recursive: true, force: true }));
  cpSync(dataDir, cloneDir, { recursive: true });
  const original = await openPc({ name: 'Máy 2', dataDir });
  const clone = await openPc({ name: 'Máy 2', dataDir: cloneDir, sameAs: dataDir });
  original.write(4);
  clone.write(5);
  await until(() => hub.notes() === 12, 'the hub has what both wrote', 20_000);
  await until(() => original.notes() === 12 && clone.notes() === 12, 'and both have it', 40_000);
  expect(original.store().verifyLog().ok && clone.store().verifyLog().ok && hub.store().verifyLog().ok).toBe(
    true,
  );
});

it('stops talking while the store is closed, and goes on afterwards', async () => {
  const { hub, other } = await openPair();
  await other.sync.detach();
  expect(other.facts()).toMatchObject({ running: false, peers: [] });
  hub.write(3);
  await until(() => hub.facts().hub.connected === 0, 'gone');
  expect(other.notes()).toBe(0);
  expect(other.sync.revokeStation(nobody, hub.store().station.id, 'x')).toMatchObject({
    error: { code: 'store_closed' },
  });
  other.sync.attach(other.store());
  await until(() => other.notes() === 3, 'caught up');
});

/** A TCP line that breaks after so many bytes toward the near end, again and again. */
async function cutEvery(port: number, bytes: number, passed: (bytes: number) => void): Promise<string> {
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    let left = bytes;
    const both: Socket[] = [near, far];
    const drop = (): void => {
      far.destroy();
      near.end();
    };
    for (const socket of both) socket.on('error', drop).on('close', drop);
    near.pipe(far);
    far.on('data', (part: Buffer) => {
      if (left <= 0) return;
      left -= part.length;
      passed(part.length);
      // what was on its way arrives, then the line is gone
      if (left > 0) near.write(part);
      else near.end(part, () => far.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}
