// A real upkeep thread beside a store of some size: saves go on, copies are sound, and what can go wrong with
// the disk of a copy is said in a sentence about that disk.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkCopy, listBackups } from '../../../electron/store/backup.ts';
import { connect } from '../../../electron/store/connection.ts';
import { openStore } from '../../../electron/store/open.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { type Upkeep, upkeepInThread } from '../../../electron/store/upkeep.ts';
import { ok } from '../../../shared/api/contract.ts';
import { kindRegistry } from '../../../shared/model/registry.ts';
import { nobody, sampleArea, sampleMigrations, thingOpen, writeThing } from '../../unit/store/sample-area.ts';

const key = Buffer.alloc(32, 5);
const registry = kindRegistry(sampleArea.kinds);
const workerFile = join(import.meta.dirname, '..', '..', '..', 'electron', 'store', 'upkeep-worker.ts');
const things = 12_000;
const at = Date.UTC(2026, 10, 2, 1);

let folder: string;
let copies: string;
let store: OpenStore;
let upkeep: Upkeep;
let logged: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tram-upkeep-'));
  copies = join(folder, 'usb');
  mkdirSync(copies);
  const path = join(folder, 'record.db');
  const opened = openStore({
    ...{ path, key, areas: [sampleArea], migrations: sampleMigrations, create: true },
    writtenBackElsewhere: true,
  });
  if (!opened.ok) throw new Error(opened.error.code);
  store = opened.value;
  const filled = store.bulk((as) => {
    const tx = as(nobody);
    for (let i = 0; i < things; i++)
      tx.append(thingOpen, { id: crypto.randomUUID(), body: { name: `${i} `.repeat(300) } });
    return ok(null);
  });
  if (!filled.ok) throw new Error(filled.error.code);
  logged = [];
  upkeep = upkeepInThread({
    workerFile,
    store,
    registry,
    key,
    log: (_level, message) => logged.push(message),
  });
});
afterEach(async () => {
  await upkeep.close();
  if (store.sql.open) store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Saves one thing after the other until the work is done; answers how many. */
async function saveWhile(work: Promise<unknown>): Promise<number> {
  let done = false;
  void work.finally(() => {
    done = true;
  });
  let saves = 0;
  while (!done) {
    writeThing(store, { name: `during ${saves}` });
    saves += 1;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return saves;
}
const until = async (seen: () => boolean) => {
  while (!seen()) await new Promise((resolve) => setTimeout(resolve, 1));
};
const partThere = () => existsSync(copies) && readdirSync(copies).some((name) => name.endsWith('.part'));

describe('a WAL that much was written into', () => {
  const wal = () => (store.sql.pragma('wal_checkpoint(NOOP)') as { log: number; checkpointed: number }[])[0];

  it('is written back without waiting for the next round, and begins anew', { timeout: 15_000 }, async () => {
    const long = wal();
    expect(long?.log).toBeGreaterThan(2_000);
    expect(long?.checkpointed).toBe(0);
    await upkeep.check();
    await until(() => wal()?.checkpointed === long?.log);
    writeThing(store, { name: 'the first of a new one' });
    expect(wal()?.log).toBeLessThan(100);
    expect(store.verifyLog()).toMatchObject({ ok: true });
  });
});

describe('a backup in the upkeep thread', () => {
  it('lets saves go on while it is made, and is a sound copy of one moment', async () => {
    const running = upkeep.backup(copies, at);
    const saves = await saveWhile(running);
    expect(saves).toBeGreaterThan(50);
    const made = await running;
    if (!made.ok) throw new Error(made.error.code);
    const { path, changes, verified } = made.value;
    expect(verified).toBe(true);
    expect(changes).toBeGreaterThanOrEqual(things);
    expect(changes).toBeLessThan(things + saves);
    expect(listBackups(copies)).toEqual([made.value]);
    expect(checkCopy(path, key, registry.find)).toEqual({ ok: true, checked: changes });
    const copy = connect(path, key, { readonly: true, mustExist: true });
    // the projected rows are of the same moment as the log
    expect(copy.prepare('select count(*) from sample_thing').pluck().get()).toBe(changes);
    copy.close();
    expect(store.verifyLog()).toEqual({ ok: true, checked: things + saves });
  });

  it('says that it failed when the USB disk is pulled out half way, and the next one works', async () => {
    const running = upkeep.backup(copies, at);
    await until(partThere);
    rmSync(copies, { recursive: true });
    expect(await running).toMatchObject({
      ok: false,
      error: { code: 'backup_failed', messageKey: 'error.backup_failed' },
    });
    mkdirSync(copies, { recursive: true });
    expect(await upkeep.backup(copies, at + 1000)).toMatchObject({ ok: true, value: { verified: true } });
  });

  // only root can make a disk that is too small
  it.skipIf(process.getuid?.() !== 0)(
    'names a full disk as the reason, and leaves nothing half there',
    async () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', copies]);
      try {
        expect(await upkeep.backup(copies, at)).toMatchObject({
          ok: false,
          error: { code: 'backup_failed', messageKey: 'error.backup_no_room' },
        });
        expect(readdirSync(copies)).toEqual([]);
      } finally {
        execFileSync('umount', [copies]);
      }
      writeThing(store, { name: 'the record itself has room' });
    },
  );

  it('is given up when the program closes, without keeping it waiting', async () => {
    const running = upkeep.backup(copies, at);
    await until(partThere);
    await upkeep.close();
    store.close();
    expect(await running).toMatchObject({ ok: false, error: { code: 'store_closed' } });
  });
});

describe('a check in the upkeep thread', () => {
  it('lets saves go on, and answers for a moment of the store', async () => {
    const running = upkeep.check();
    const saves = await saveWhile(running);
    expect(saves).toBeGreaterThan(50);
    expect(await running).toMatchObject({ ok: true, value: { ok: true } });
  });

  it('finds an altered change', async () => {
    store.sql.exec('update change_log set wall = wall + 1 where seq = 7');
    expect(await upkeep.check()).toMatchObject({
      ok: true,
      value: { ok: false, detail: expect.stringContaining('change 7: the column wall was altered') },
    });
  });

  it('is done one after the other with a backup asked for at the same time', async () => {
    const [copy, check] = await Promise.all([upkeep.backup(copies, at), upkeep.check()]);
    expect(copy.ok && check.ok && check.value.checked === copy.value.changes).toBe(true);
  });
});

it('answers instead of hanging when its thread cannot start', async () => {
  const log = (_level: string, message: string) => void logged.push(message);
  const broken = upkeepInThread({ workerFile: join(folder, 'none.cjs'), store, registry, key, log });
  expect(await broken.backup(copies, at)).toMatchObject({ ok: false, error: { code: 'backup_failed' } });
  expect(await broken.check()).toMatchObject({ ok: false, error: { code: 'core_stopped' } });
  expect(logged).toContain('the upkeep thread threw');
  await broken.close();
});
