// A new PC gets the whole record from a hub as one file, and nothing that was the hub's alone.
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { allModels } from '../../../electron/core.ts';
import { fileHash } from '../../../electron/store/backup.ts';
import { blobsOf } from '../../../electron/store/blobs.ts';
import { connect } from '../../../electron/store/connection.ts';
import { randomKey } from '../../../electron/store/crypto.ts';
import { openStore } from '../../../electron/store/open.ts';
import { adoptSnapshot, makeSnapshot, type Snapshot } from '../../../electron/store/snapshot.ts';
import { recordTables } from '../../../electron/store/snapshot-copy.ts';
import { snapshotShelf } from '../../../electron/store/snapshot-shelf.ts';
import type { AreaModel, OpenStore } from '../../../electron/store/types.ts';
import { ok } from '../../../shared/api/contract.ts';
import { exchange, openTestStore, stationId, testKey, testNow } from '../support/open-test-store.ts';
import { nobody, sampleArea, sampleMigrations, thingOpen, writeThing } from './sample-area.ts';

/** What must never leave the hub, as bytes that are found wherever they lie. */
const SECRET_KEY = `-----BEGIN PRIVATE KEY-----${'k3yMaterial'.repeat(30)}`;
const SECRET_DRAFT = 'bản nháp chưa lưu của điều dưỡng '.repeat(20);

function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tram-snapshot-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const open = (options: Parameters<typeof openTestStore>[1] = {}): OpenStore =>
  openTestStore([sampleArea], { migrations: sampleMigrations, ...options });

/** A hub with a record, private rows, and private rows it had once. */
function hub(areas: readonly AreaModel[] = [sampleArea]): OpenStore {
  const store = openTestStore(areas, { migrations: sampleMigrations, station: 'h' });
  store.bulk((as) => {
    const tx = as(nobody);
    if (areas.includes(sampleArea))
      for (let i = 0; i < 500; i++)
        tx.append(thingOpen, { id: `thing-${i}`, body: { name: `thing ${i}`, place: `p${i}` } });
    return ok(null);
  });
  const draft = store.sql.prepare('insert into draft values (?, ?, null, null, ?, 1)');
  store.local(() => {
    for (let i = 0; i < 50; i++) draft.run('u', `old ${i}`, SECRET_DRAFT);
  });
  store.local((sql) => sql.exec("delete from draft where key <> 'old 7'"));
  store.local((sql) => {
    sql.prepare('insert into local_setting values (?, ?)').run('stationKey', JSON.stringify(SECRET_KEY));
    sql.exec("insert into user_preference values ('u', '{}')");
    sql.exec("insert into login_failure values ('u', 3, 1)");
    sql.exec("insert into clock_alarm (id, at, jump_ms, found) values ('c', 1, 1, 'running')");
    sql.exec("insert into state_alarm values ('s', 1, 'sample_thing', 1, 'check', null, 1)");
  });
  return store;
}

async function snapshotOf(store: OpenStore, folder = tempFolder(), areas = store.areas): Promise<Snapshot> {
  const made = await makeSnapshot({
    folder,
    store: { path: store.path, key: testKey },
    tables: recordTables(areas),
    origin: { station: store.station.id, logId: store.logId, at: testNow },
  });
  if (!made.ok) throw new Error(made.error.code);
  return made.value;
}

function adopt(snapshot: Snapshot, station = stationId('n'), areas: readonly AreaModel[] = [sampleArea]) {
  const storePath = join(tempFolder(), 'record.db');
  const storeKey = randomKey();
  const adopted = adoptSnapshot({ snapshot, storePath, storeKey, station, tables: recordTables(areas) });
  if (!adopted.ok) throw new Error(adopted.error.code);
  const opened = openStore({
    path: storePath,
    key: storeKey,
    areas,
    migrations: sampleMigrations,
    now: () => testNow + 1e6,
  });
  if (!opened.ok) throw new Error(opened.error.code);
  onTestFinished(() => opened.value.close());
  return { origin: adopted.value, store: opened.value };
}

/** Every page as SQLite sees it, with the encryption taken off. */
function decrypted({ path, key }: { path: string; key: Uint8Array }): Buffer {
  const plain = join(tempFolder(), 'plain.db');
  writeFileSync(plain, readFileSync(path));
  const sql = connect(plain, key, { mustExist: true });
  sql.pragma('journal_mode = DELETE');
  sql.pragma("rekey = ''");
  sql.close();
  const bytes = readFileSync(plain);
  expect(bytes.subarray(0, 15).toString()).toBe('SQLite format 3');
  return bytes;
}

describe('a snapshot', () => {
  it('holds neither the private key of the hub nor its drafts, deleted ones neither, in any page', async () => {
    const store = hub();
    // the proof sees them where they are
    const own = decrypted({ path: await backedUp(store), key: testKey });
    expect(own.includes(SECRET_KEY)).toBe(true);
    expect(own.includes(SECRET_DRAFT)).toBe(true);
    const bytes = decrypted(await snapshotOf(store));
    expect(bytes.includes('thing 499')).toBe(true);
    for (const secret of [SECRET_KEY, SECRET_DRAFT]) {
      expect(bytes.includes(secret)).toBe(false);
      expect(bytes.includes(secret.slice(0, 40))).toBe(false);
    }
  });

  it('leaves every table empty that is not known to be part of the record', async () => {
    const store = hub(allModels);
    store.sql.exec("create table made_tomorrow (secret text) strict; insert into made_tomorrow values ('x')");
    const snapshot = await snapshotOf(store);
    const sql = connect(snapshot.path, snapshot.key, { readonly: true });
    const tables = sql
      .prepare<[], string>("select name from pragma_table_list where schema = 'main' and type = 'table'")
      .pluck()
      .all()
      .filter((name) => !name.startsWith('sqlite_'));
    const filled = tables.filter((name) => sql.prepare(`select 1 from "${name}" limit 1`).get());
    const local = tables.filter((name) => !recordTables(store.areas).includes(name)).sort();
    expect(filled.filter((name) => local.includes(name))).toEqual(['store_meta']);
    expect(
      sql
        .prepare('select name from store_meta')
        .pluck()
        .all()
        .filter((n) => !String(n).startsWith('projection:') && n !== 'clock'),
    ).toEqual(['snapshot']);
    sql.close();
    // a table that comes new must be put into one list or the other by a person
    expect(local).toEqual([
      'clock_alarm',
      'draft',
      'local_setting',
      'login_failure',
      'made_tomorrow',
      'print_job',
      'quarantine',
      'sample_note',
      'sample_thing',
      'signature_verdict',
      'state_alarm',
      'store_meta',
      'sync_held',
      'sync_invite',
      'sync_peer',
      'sync_refused',
      'user_preference',
    ]);
  });

  it('is one moment of the store, whatever is written while it is made, and says where it ends', async () => {
    const store = hub();
    const before = store.stateDigest();
    const end = store.sql.prepare('select max(arrival) from change_log').pluck().get();
    const snapshot = await snapshotOf(store);
    writeThing(store, { name: 'later' });
    expect(snapshot).toMatchObject({ end, station: store.station.id, logId: store.logId, at: testNow });
    expect(snapshot.sizeBytes).toBe(statSync(snapshot.path).size);
    expect(snapshot.sha256).toBe(await fileHash(snapshot.path));
    expect(adopt(snapshot).store.stateDigest()).toEqual(before);
  });

  it('has a key of its own and is no store to whoever has the key of the hub', async () => {
    const store = hub();
    const snapshot = await snapshotOf(store);
    expect(Buffer.from(snapshot.key).equals(testKey)).toBe(false);
    expect(() => connect(snapshot.path, testKey, { mustExist: true })).toThrow();
    expect(() => new Database(snapshot.path).prepare('select 1 from change_log').get()).toThrow();
  });

  it('is not begun when it would not leave the PC room to work', async () => {
    const store = hub();
    const folder = tempFolder();
    const huge = join(tempFolder(), 'huge.db');
    writeFileSync(huge, '');
    // takes no room itself
    truncateSync(huge, 15e12);
    const made = await makeSnapshot({
      folder,
      store: { path: huge, key: testKey },
      tables: [],
      origin: { station: store.station.id, logId: store.logId, at: 1 },
    });
    expect(made).toMatchObject({ ok: false, error: { code: 'disk_full' } });
    expect(readdirSync(folder)).toEqual([]);
  });
});

async function backedUp(store: OpenStore): Promise<string> {
  const made = await store.backup(tempFolder());
  if (!made.ok) throw new Error(made.error.code);
  return made.value.path;
}

describe('a store made of a snapshot', () => {
  it('shows what the hub shows, under its own name, and goes on with the hub from where it ends', async () => {
    const h = hub();
    const blob = await blobsOf(h).put(Buffer.from('a scan'));
    const { origin, store } = adopt(await snapshotOf(h));
    expect(origin).toEqual({ station: h.station.id, logId: h.logId, end: 500, at: testNow });
    expect(store.station).toEqual({ id: stationId('n'), incarnation: 1 });
    expect(store.logId).not.toBe(h.logId);
    expect(store.feeds().map((f) => [f.station, f.seq, f.head, f.own])).toEqual(
      h.feeds().map((f) => [f.station, f.seq, f.head, false]),
    );
    expect(store.stateDigest()).toEqual(h.stateDigest());
    expect(store.state.check()).toMatchObject({ ok: true });
    expect(store.verifyLog()).toMatchObject({ ok: true, checked: 500 });
    expect(store.integrityCheck()).toMatchObject({ ok: true });
    expect((await blobsOf(store).get(blob.ok ? blob.value : ''))?.toString()).toBe('a scan');

    writeThing(store, { name: 'written at the new PC' });
    writeThing(h, { name: 'written at the hub' });
    exchange(h, store);
    expect(store.stateDigest()).toEqual(h.stateDigest());
    expect(store.sql.prepare('select max(arrival) from change_log').pluck().get()).toBe(502);
    store.rebuild();
    expect(store.stateDigest()).toEqual(h.stateDigest());
  });

  it('finds people by name without building the index anew', async () => {
    const center = hub(allModels);
    center.sql.exec(
      "insert into patient_search values (1, 'p1', 'nguyen van an', 'Nguyễn Văn An'); insert into patient_fts (rowid, words) values (1, 'nguyen van an')",
    );
    const { store } = adopt(await snapshotOf(center), stationId('n'), allModels);
    expect(
      store.sql.prepare("select rowid from patient_fts where patient_fts match 'nguyen'").pluck().all(),
    ).toEqual([1]);
  });

  it('goes on above what this PC wrote before, when it is one that comes back', async () => {
    const h = hub();
    const lost = open({ station: 'n' });
    writeThing(lost, { name: 'before the disk died' });
    exchange(lost, h);
    const { store } = adopt(await snapshotOf(h));
    expect(store.station).toEqual({ id: stationId('n'), incarnation: 2 });
    writeThing(store, { name: 'after' });
    exchange(store, h);
    expect(h.quarantined()).toEqual([]);
  });

  it('is not made of a damaged file or with another key, and leaves nothing behind', async () => {
    const h = hub();
    const snapshot = await snapshotOf(h);
    const bytes = readFileSync(snapshot.path);
    const attempt = (key: Uint8Array, at: number | null): string => {
      const folder = tempFolder();
      const path = join(folder, 'downloaded.db');
      const bent = Buffer.from(bytes);
      if (at !== null) bent[at] = (bent[at] ?? 0) ^ 1;
      writeFileSync(path, bent);
      const storePath = join(folder, 'record.db');
      const storeKey = randomKey();
      const tables = recordTables([sampleArea]);
      const station = stationId('n');
      const result = adoptSnapshot({ snapshot: { path, key }, storePath, storeKey, station, tables });
      if (!result.ok) {
        expect(readdirSync(folder)).toEqual(['downloaded.db']);
        return result.error.code;
      }
      // it lay in a page of a table that does not travel: nothing that was taken is less than whole
      const opened = openStore({
        path: storePath,
        key: storeKey,
        areas: [sampleArea],
        migrations: sampleMigrations,
      });
      if (!opened.ok) throw new Error(opened.error.code);
      expect(opened.value.verifyLog()).toMatchObject({ ok: true, checked: 500 });
      expect(opened.value.state.check()).toMatchObject({ ok: true });
      expect(opened.value.stateDigest()).toEqual(h.stateDigest());
      opened.value.close();
      return 'nothing was lost';
    };
    expect(attempt(randomKey(), null)).toBe('file_damaged');
    expect(attempt(snapshot.key, 100)).toBe('file_damaged');
    const pages = bytes.length / 4096;
    const outcomes = Array.from({ length: 8 }, (_, i) =>
      attempt(snapshot.key, Math.floor((i * pages) / 8) * 4096 + 2000),
    );
    expect(outcomes.filter((o) => o === 'file_damaged').length).toBeGreaterThan(2);
    expect(outcomes.every((o) => ['file_damaged', 'nothing was lost'].includes(o))).toBe(true);
  });
});

describe('the shelf of a hub', () => {
  const day = 86_400_000;
  function shelf() {
    const folder = tempFolder();
    const facts = { now: 5 * day, end: 100, made: 0 };
    const own = {
      folder,
      end: () => facts.end,
      now: () => facts.now,
      async make() {
        facts.made += 1;
        const path = join(folder, `snapshot-${facts.made}.db`);
        writeFileSync(path, 'x');
        const { now: at, end } = facts;
        return ok({ path, at, end, key: randomKey(), station: '', logId: '', sizeBytes: 1, sha256: '' });
      },
    };
    return { facts, folder, parts: own };
  }

  it('hands out one snapshot for a day while little was added, and never more than it and the one before', async () => {
    const { facts, folder, parts } = shelf();
    writeFileSync(join(folder, 'snapshot-earlier.db'), 'of a program that was closed');
    writeFileSync(join(folder, 'snapshot-half.db.part'), 'cut short');
    writeFileSync(join(folder, 'other.txt'), 'not ours');
    const kept = snapshotShelf(parts);
    expect(readdirSync(folder)).toEqual(['other.txt']);
    const [a, b] = await Promise.all([kept.current(), kept.current()]);
    expect(facts.made).toBe(1);
    expect(a).toEqual(b);
    facts.now += day - 1;
    facts.end += 20_000;
    await kept.current();
    expect(facts.made).toBe(1);
    facts.end += 1;
    await kept.current();
    expect(facts.made).toBe(2);
    facts.now += day;
    await kept.current();
    expect(facts.made).toBe(3);
    expect(readdirSync(folder).sort()).toEqual(['other.txt', 'snapshot-2.db', 'snapshot-3.db']);
    rmSync(join(folder, 'snapshot-3.db'));
    await kept.current();
    expect(facts.made).toBe(4);
    kept.close();
    expect(readdirSync(folder)).toEqual(['other.txt']);
    expect(existsSync(folder)).toBe(true);
  });
});
