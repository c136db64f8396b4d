import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptCopies, listBackups } from '../../../electron/store/backup.ts';
import { createKeyring, unwrapByRecovery } from '../../../electron/store/keyring.ts';
import { openStore } from '../../../electron/store/open.ts';
import { restoreBackup } from '../../../electron/store/restore.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { stationId } from '../support/open-test-store.ts';
import { sampleArea, sampleMigrations, writeThing } from './sample-area.ts';

let folder: string;
let path: string;
let copies: string;
let key: Buffer;
let recoveryKey: string;
let now = Date.UTC(2026, 10, 2, 1);
const open: OpenStore[] = [];

const start = (create: boolean): OpenStore => {
  const r = openStore({
    path,
    key,
    areas: [sampleArea],
    migrations: sampleMigrations,
    create,
    station: { id: stationId('a') },
    now: () => now,
    uptimeMs: () => now,
  });
  if (!r.ok) throw new Error(r.error.code);
  open.push(r.value);
  return r.value;
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tram-backup-'));
  path = join(folder, 'record.db');
  copies = join(folder, 'usb', 'backups');
  now = Date.UTC(2026, 10, 2, 1);
  const ring = createKeyring(join(folder, 'keyring.json'));
  if (!ring.ok) throw new Error(ring.error.code);
  ({ key, recoveryKey } = ring.value);
});
afterEach(() => {
  for (const store of open.splice(0)) if (store.sql.open) store.close();
  rmSync(folder, { recursive: true });
});
const made = async (store: OpenStore) => {
  const copy = await store.backup(copies);
  if (!copy.ok) throw new Error(copy.error.code);
  return copy.value;
};

describe('backup', () => {
  it('makes a copy that is encrypted, checked, described, and has the keyring beside it', async () => {
    const store = start(true);
    writeThing(store, { name: 'NGUYEN-CANARY-VAN' });
    const copy = await made(store);
    expect(copy).toMatchObject({ changes: 1, verified: true, at: now, station: stationId('a') });
    expect(readFileSync(copy.path).includes('CANARY')).toBe(false);
    expect(unwrapByRecovery(`${copy.path}.keyring.json`, recoveryKey)).toEqual({ ok: true, value: { key } });
    expect(listBackups(copies)).toEqual([copy]);
    expect(readdirSync(copies).filter((f) => f.includes('.part'))).toEqual([]);
  });

  it('says that it failed when the folder cannot be used, and leaves the store working', async () => {
    const store = start(true);
    const r = await store.backup(join(path, 'not-a-folder'));
    expect(r).toMatchObject({ ok: false, error: { code: 'backup_failed' } });
    writeThing(store, { name: 'still here' });
    expect(store.verifyLog()).toEqual({ ok: true, checked: 1 });
  });

  it('keeps the newest of 7 days, 4 weeks and 12 months', () => {
    const day = 86_400_000;
    const daily = Array.from({ length: 800 }, (_, i) => ({ at: Date.UTC(2026, 10, 22, 5) - i * day }));
    const kept = [...keptCopies(daily)]
      .map((c) => new Date(c.at).toISOString().slice(0, 10))
      .sort()
      .reverse();
    // 2026-11-22 is a Sunday: its week is that of the 16th, the weeks before end on Sundays
    expect(kept).toEqual([
      ...['2026-11-22', '2026-11-21', '2026-11-20', '2026-11-19', '2026-11-18', '2026-11-17', '2026-11-16'],
      ...['2026-11-15', '2026-11-08', '2026-11-01', '2026-10-31', '2026-09-30', '2026-08-31', '2026-07-31'],
      ...['2026-06-30', '2026-05-31', '2026-04-30', '2026-03-31', '2026-02-28', '2026-01-31', '2025-12-31'],
    ]);
    expect(keptCopies(daily.slice(0, 3)).size).toBe(3);
  });

  it('removes what the rotation does not keep, and nothing of another station', async () => {
    const store = start(true);
    writeThing(store, { name: 'x' });
    const first = await made(store);
    const foreign = join(copies, 'tram-ffffffff-20200101-000000.db');
    for (const end of ['', '.json']) copyFileSync(first.path + end, foreign + end);
    const text = readFileSync(`${foreign}.json`, 'utf8').replace(stationId('a'), stationId('f'));
    writeFileSync(`${foreign}.json`, text);
    now += 3_600_000;
    const second = await made(store);
    expect(
      listBackups(copies)
        .map((c) => c.path)
        .sort(),
    ).toEqual([second.path, foreign].sort());
  });
});

describe('a folder that several PCs back up into', () => {
  it('keeps the half-written copy of another PC', async () => {
    const store = start(true);
    writeThing(store, { name: 'x' });
    mkdirSync(copies, { recursive: true });
    const theirs = join(copies, 'tram-ffffffff-20261102-010000.db.part');
    const oursLeft = join(copies, `tram-${stationId('a').slice(-8)}-20261101-010000.db.part`);
    for (const part of [theirs, oursLeft]) writeFileSync(part, 'half');
    await made(store);
    expect([existsSync(theirs), existsSync(oursLeft)]).toEqual([true, false]);
  });

  it('neither counts a copy that was cut short nor clears it away unseen', async () => {
    const store = start(true);
    writeThing(store, { name: 'x' });
    const first = await made(store);
    now += 3_600_000;
    const second = await made(store);
    // thinned to the second; it is cut short, and the next one is made on another day
    writeFileSync(second.path, 'short');
    now += 86_400_000;
    const third = await made(store);
    expect(existsSync(first.path)).toBe(false);
    expect(listBackups(copies).map((c) => [c.path, c.verified])).toEqual([
      [third.path, true],
      [second.path, false],
    ]);
  });
});

describe('restore', () => {
  it('brings back what the copy had, keeps the replaced store aside and starts a new incarnation', async () => {
    const store = start(true);
    writeThing(store, { name: 'before' });
    const copy = await made(store);
    const after = writeThing(store, { name: 'after' });
    store.close();
    const r = await restoreBackup({ backup: copy.path, storePath: path, key, areas: [sampleArea] });
    expect(r).toMatchObject({ ok: true, value: { incarnation: 2, changes: 1 } });
    const back = start(false);
    expect(back.station).toEqual({ id: stationId('a'), incarnation: 2 });
    expect(back.sql.prepare('select name from sample_thing').pluck().all()).toEqual(['before']);
    expect(back.changesOf('thing', after)).toEqual([]);
    const again = writeThing(back, { name: 'again' });
    expect(back.changesOf('thing', again)[0]).toMatchObject({ incarnation: 2, seq: 1 });
    expect(back.verifyLog()).toEqual({ ok: true, checked: 2 });
    const aside = r.ok ? r.value.replaced : null;
    expect(aside && existsSync(aside)).toBe(true);
    path = aside ?? '';
    const old = start(false);
    expect(old.changesOf('thing', after)).toHaveLength(1);
  });

  it('never repeats an incarnation when the same copy is restored twice', async () => {
    const store = start(true);
    writeThing(store, { name: 'x' });
    const copy = await made(store);
    store.close();
    const incarnations = [];
    for (let i = 0; i < 2; i++) {
      const r = await restoreBackup({
        backup: copy.path,
        storePath: path,
        key,
        areas: [sampleArea],
        now: () => now + i,
      });
      incarnations.push(r.ok && r.value.incarnation);
    }
    expect(incarnations).toEqual([2, 3]);
  });

  it('goes above incarnations that only a later copy or a store put aside tells of', async () => {
    const store = start(true);
    writeThing(store, { name: 'x' });
    const copy = await made(store);
    store.close();
    const restoredAs = async () => {
      now += 60_000;
      const options = { backup: copy.path, storePath: path, key, areas: [sampleArea], now: () => now };
      const r = await restoreBackup(options);
      return r.ok ? r.value.incarnation : r.error.code;
    };
    expect(await restoredAs()).toBe(2);
    now += 86_400_000;
    const second = start(false);
    await made(second);
    second.close();
    writeFileSync(path, 'damaged beyond reading');
    expect(await restoredAs()).toBe(3);
    expect(await restoredAs()).toBe(4);
    // without the later copy the stores put aside still tell of the third
    for (const { path: other } of listBackups(copies)) if (other !== copy.path) rmSync(other);
    writeFileSync(path, 'damaged beyond reading');
    expect(await restoredAs()).toBe(4);
  });

  it('refuses a copy with one flipped byte and leaves the store as it was', async () => {
    const store = start(true);
    writeThing(store, { name: 'x' });
    const copy = await made(store);
    store.close();
    const before = readFileSync(path);
    flip(copy.path, 5000);
    const r = await restoreBackup({ backup: copy.path, storePath: path, key, areas: [sampleArea] });
    expect(r).toMatchObject({ ok: false, error: { code: 'backup_damaged' } });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('refuses a wrong key and a store that is open', async () => {
    const store = start(true);
    const copy = await made(store);
    const of = (k: Buffer) =>
      restoreBackup({ backup: copy.path, storePath: path, key: k, areas: [sampleArea] });
    expect(await of(key)).toMatchObject({ ok: false, error: { code: 'store_in_use' } });
    store.close();
    expect(await of(Buffer.alloc(32, 1))).toMatchObject({ ok: false, error: { code: 'wrong_key' } });
  });

  it('works on a new PC with nothing but the copy and the printed recovery key', async () => {
    const store = start(true);
    writeThing(store, { name: 'moved' });
    const copy = await made(store);
    store.close();
    const fresh = join(folder, 'new-pc');
    mkdirSync(fresh);
    const ring = unwrapByRecovery(`${copy.path}.keyring.json`, recoveryKey);
    if (!ring.ok) throw new Error(ring.error.code);
    path = join(fresh, 'record.db');
    const r = await restoreBackup({
      backup: copy.path,
      storePath: path,
      key: ring.value.key,
      areas: [sampleArea],
    });
    expect(r).toMatchObject({ ok: true, value: { replaced: null } });
    expect(start(false).sql.prepare('select name from sample_thing').pluck().all()).toEqual(['moved']);
    expect(unwrapByRecovery(join(fresh, 'keyring.json'), recoveryKey).ok).toBe(true);
  });
});

function flip(file: string, at: number): void {
  const fd = openSync(file, 'r+');
  writeSync(fd, Buffer.from([(readFileSync(file)[at] ?? 0) ^ 1]), 0, 1, at);
  closeSync(fd);
}
