// A hub makes the record a file for a new PC in its upkeep thread while people save; the new PC makes it its store
// in a thread too.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect } from '../../../electron/store/connection.ts';
import { randomKey } from '../../../electron/store/crypto.ts';
import { openStore } from '../../../electron/store/open.ts';
import { recordTables } from '../../../electron/store/snapshot-copy.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { adoptInThread, type Upkeep, upkeepInThread } from '../../../electron/store/upkeep.ts';
import { ok } from '../../../shared/api/contract.ts';
import { kindRegistry } from '../../../shared/model/registry.ts';
import { nobody, sampleArea, sampleMigrations, thingOpen, writeThing } from '../../unit/store/sample-area.ts';
import { give } from '../../unit/support/open-test-store.ts';

const key = Buffer.alloc(32, 5);
const workerFile = join(import.meta.dirname, '..', '..', '..', 'electron', 'store', 'upkeep-worker.ts');
const things = 6_000;
const areas = [sampleArea];

let folder: string;
let hub: OpenStore;
let upkeep: Upkeep;
let logged: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tram-hub-'));
  const path = join(folder, 'record.db');
  const opened = openStore({
    path,
    key,
    areas,
    migrations: sampleMigrations,
    create: true,
    writtenBackElsewhere: true,
  });
  if (!opened.ok) throw new Error(opened.error.code);
  hub = opened.value;
  const filled = hub.bulk((as) => {
    const tx = as(nobody);
    for (let i = 0; i < things; i++)
      tx.append(thingOpen, { id: crypto.randomUUID(), body: { name: `${i} `.repeat(300) } });
    return ok(null);
  });
  if (!filled.ok) throw new Error(filled.error.code);
  logged = [];
  const log = (_level: string, message: string) => logged.push(message);
  upkeep = upkeepInThread({ workerFile, store: hub, registry: kindRegistry(sampleArea.kinds), key, log });
});
afterEach(async () => {
  await upkeep.close();
  if (hub.sql.open) hub.close();
  rmSync(folder, { recursive: true, force: true });
});

it('lets people save while the snapshot is made, and the new PC catches up with what they saved', async () => {
  let made: Awaited<ReturnType<Upkeep['snapshot']>> | null = null;
  const making = upkeep.snapshot(join(folder, 'snapshots'), 1_000).then((result) => {
    made = result;
  });
  let saves = 0;
  let slowest = 0;
  while (made === null) {
    const started = performance.now();
    writeThing(hub, { name: `during ${saves}` });
    slowest = Math.max(slowest, performance.now() - started);
    saves += 1;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await making;
  const snapshot = await upkeep.snapshot(join(folder, 'snapshots'), 2_000);
  if (!snapshot.ok) throw new Error(snapshot.error.code);
  expect(saves).toBeGreaterThan(5);
  // the disk flush of a save is most of it; waiting for the snapshot would be seconds
  expect(slowest).toBeLessThan(1_000);
  writeThing(hub, { name: 'after the snapshot' });

  const storePath = join(folder, 'new', '..', 'new-record.db');
  const storeKey = randomKey();
  const adopt = {
    snapshot: snapshot.value,
    storePath,
    storeKey,
    station: '1'.repeat(32),
    tables: recordTables(areas),
  };
  const adopted = await adoptInThread(workerFile, adopt, (_level, message) => logged.push(message));
  expect(adopted).toMatchObject({
    ok: true,
    value: { station: hub.station.id, logId: hub.logId, end: things + saves },
  });
  const opened = openStore({ path: storePath, key: storeKey, areas, migrations: sampleMigrations });
  if (!opened.ok) throw new Error(opened.error.code);
  give(hub, opened.value);
  expect(opened.value.stateDigest()).toEqual(hub.stateDigest());
  expect(opened.value.verifyLog()).toMatchObject({ ok: true, checked: things + saves + 1 });
  opened.value.close();
  expect(logged).toEqual([]);
}, 120_000);

it('finds rows that were changed behind the program when it checks itself, heals them and says so', async () => {
  const before = hub.stateDigest();
  const behind = connect(hub.path, key, { mustExist: true });
  behind.exec("update sample_thing set name = 'forged' where id = (select min(id) from sample_thing)");
  behind.close();
  const checked = await upkeep.check();
  expect(checked).toMatchObject({ ok: true, value: { ok: false } });
  expect(hub.state.alarms()).toMatchObject([{ table: 'sample_thing', found: 'check', wasOurs: true }]);
  expect(hub.sql.prepare("select count(*) from sample_thing where name = 'forged'").pluck().get()).toBe(0);
  expect(hub.stateDigest()).toEqual(before);
  expect(await upkeep.check()).toMatchObject({ ok: true, value: { ok: true, checked: things } });
}, 120_000);
