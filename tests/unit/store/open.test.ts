// Every way a store can fail to open, made real.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyring } from '../../../electron/store/keyring.ts';
import { type OpenOptions, openStore } from '../../../electron/store/open.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { ok } from '../../../shared/api/contract.ts';
import { nobody, sampleArea, sampleMigrations, thingOpen, writeThing } from './sample-area.ts';

let folder: string;
let path: string;
let key: Buffer = Buffer.alloc(32, 9);
const open: OpenStore[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tram-open-'));
  path = join(folder, 'record.db');
  key = Buffer.alloc(32, 9);
});
afterEach(() => {
  for (const store of open.splice(0)) if (store.sql.open) store.close();
  rmSync(folder, { recursive: true, force: true });
});

const attempt = (more: Partial<OpenOptions> = {}) => {
  const r = openStore({ path, key, areas: [sampleArea], migrations: sampleMigrations, ...more });
  if (r.ok) open.push(r.value);
  return r;
};
const made = (more: Partial<OpenOptions> = {}): OpenStore => {
  const r = attempt({ create: true, ...more });
  if (!r.ok) throw new Error(r.error.code);
  return r.value;
};
const codeOf = (more: Partial<OpenOptions> = {}) => {
  const r = attempt(more);
  return r.ok ? 'opened' : r.error.code;
};
const flip = (at: number) => {
  const fd = openSync(path, 'r+');
  writeSync(fd, Buffer.from([(readFileSync(path)[at] ?? 0) ^ 0x40]), 0, 1, at);
  closeSync(fd);
};

describe('opening a store', () => {
  it('shows again what was saved', () => {
    const store = made();
    const id = writeThing(store, { name: 'Đặng Thị Hoa' });
    store.close();
    const r = attempt();
    expect(r.ok && r.value.sql.prepare('select name from sample_thing where id = ?').pluck().get(id)).toBe(
      'Đặng Thị Hoa',
    );
    expect(r.ok && r.value.station).toEqual(store.station);
  });

  it('says store_missing and makes no file when there is none', () => {
    expect(codeOf()).toBe('store_missing');
    expect(existsSync(path)).toBe(false);
  });

  it('never creates over a file, whatever it holds', () => {
    writeFileSync(path, 'anything');
    expect(codeOf({ create: true })).toBe('already_set_up');
    expect(readFileSync(path, 'utf8')).toBe('anything');
  });

  it('leaves no half-made file behind when creating fails', () => {
    const broken = { tag: '9999_broken', sha256: 'x', statements: ['no sql at all'] };
    expect(() => made({ migrations: [...sampleMigrations, broken] })).toThrow(/syntax/);
    expect(readdirSync(folder)).toEqual(['record.db.lock']);
    expect(codeOf({ create: true })).toBe('opened');
  });

  it('tells a wrong key from a damaged head by the keyring beside it', () => {
    const ring = createKeyring(join(folder, 'keyring.json'));
    if (!ring.ok) throw new Error(ring.error.code);
    key = ring.value.key;
    made().close();
    const before = readFileSync(path);
    expect(codeOf({ key: Buffer.alloc(32, 1) })).toBe('wrong_key');
    flip(200);
    expect(codeOf()).toBe('store_damaged');
    flip(200);
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(codeOf()).toBe('opened');
  });

  it('says store_damaged for an emptied and for a cut-off file', () => {
    const ring = createKeyring(join(folder, 'keyring.json'));
    if (ring.ok) key = ring.value.key;
    made().close();
    truncateSync(path, 1000);
    expect(codeOf()).toBe('store_damaged');
    truncateSync(path, 0);
    expect(codeOf()).toBe('store_damaged');
    expect(statSync(path).size).toBe(0);
  });

  it('finds one flipped byte in a later page, as a value', () => {
    const store = made();
    for (let i = 0; i < 30; i++) writeThing(store, { name: 'x'.repeat(2000) });
    store.close();
    flip(statSync(path).size - 4096 * 4 - 100);
    const r = attempt();
    const found = r.ok ? [r.value.integrityCheck(), r.value.verifyLog()] : [];
    expect(r.ok ? found.some((c) => !c.ok) : r.error.code === 'store_damaged').toBe(true);
  });

  it('answers a write that meets a damaged page with store_damaged', () => {
    const store = made();
    const ids = Array.from({ length: 40 }, () => writeThing(store, { name: 'y'.repeat(2000) }));
    store.close();
    for (let page = 40; page < statSync(path).size / 4096; page++) flip(page * 4096 + 50);
    const r = attempt();
    if (!r.ok) return expect(r.error.code).toBe('store_damaged');
    const results = ids.map((id) =>
      r.value.write(nobody, (tx) => {
        tx.sql.prepare('select * from change_log where subject_id = ?').all(id);
        return ok(null);
      }),
    );
    expect(results.some((w) => !w.ok && w.error.code === 'store_damaged')).toBe(true);
  });

  it('refuses a store of a newer program and leaves it untouched', () => {
    made({ migrations: [...sampleMigrations, { tag: '9999_future', sha256: 'f', statements: [] }] }).close();
    const before = readFileSync(path);
    expect(codeOf()).toBe('store_newer');
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('refuses a store of another edition and leaves it untouched', () => {
    made({ migrations: sampleMigrations.map((m) => ({ ...m, sha256: 'another' })) }).close();
    const before = readFileSync(path);
    expect(codeOf()).toBe('store_mismatch');
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('is held by one program at a time, and let go when that program is killed', async () => {
    const store = made();
    expect(codeOf()).toBe('store_in_use');
    store.close();
    const script = `
      import { lockStore } from ${JSON.stringify(join(import.meta.dirname, '../../../electron/store/lock.ts'))};
      if (lockStore(process.argv[1])) console.log('held');
      setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', script, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await once(other.stdout, 'data');
    expect(String(said).trim()).toBe('held');
    expect(codeOf()).toBe('store_in_use');
    other.kill('SIGKILL');
    await once(other, 'close');
    expect(codeOf()).toBe('opened');
  });

  // needs the right to mount, which the test machines have (root in a container or VM); elsewhere chmod does
  it('says store_read_only on a read-only disk', () => {
    made().close();
    const undo = makeReadOnly(folder);
    try {
      expect(codeOf()).toBe('store_read_only');
    } finally {
      undo();
    }
    expect(codeOf()).toBe('opened');
  });

  it('answers disk_full to a write that does not fit, keeps what was there, and goes on when there is room', () => {
    const store = made();
    writeThing(store, { name: 'kept' });
    store.sql.pragma('wal_checkpoint(TRUNCATE)');
    store.sql.pragma(`max_page_count = ${store.sql.pragma('page_count', { simple: true })}`);
    const big = () =>
      store.write(nobody, (tx) => {
        for (let i = 0; i < 50; i++)
          tx.append(thingOpen, { id: crypto.randomUUID(), body: { name: 'z'.repeat(2000) } });
        return ok(null);
      });
    expect(big()).toMatchObject({ ok: false, error: { code: 'disk_full', messageKey: 'error.disk_full' } });
    expect(store.sql.prepare('select name from sample_thing').pluck().all()).toEqual(['kept']);
    store.sql.pragma('max_page_count = 1000000');
    expect(big().ok).toBe(true);
    expect(store.verifyLog()).toEqual({ ok: true, checked: 51 });
  });
});

describe('a store on disk', () => {
  it('has no word of the record in the clear, in no file, also while it is open', () => {
    const store = made();
    const canary = 'HOTENBENHNHANBIMAT';
    for (let i = 0; i < 50; i++) writeThing(store, { name: `${canary} ${i}` });
    store.sql.prepare('create temp table t as select * from sample_thing').run();
    store.sql.prepare('select * from sample_thing order by name desc').all();
    for (const file of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, file));
      expect({ file, found: bytes.includes(canary) || bytes.includes('sample_thing') }).toEqual({
        file,
        found: false,
      });
    }
    expect(readdirSync(folder)).toContain('record.db-wal');
  });

  it('runs with the settings that durability and secrecy need', () => {
    const { sql } = made();
    const of = (name: string) => sql.pragma(name, { simple: true });
    expect({
      journal: of('journal_mode'),
      sync: of('synchronous'),
      temp: of('temp_store'),
      fk: of('foreign_keys'),
      schema: of('trusted_schema'),
      cells: of('cell_size_check'),
      cipher: of('cipher'),
    }).toEqual({ journal: 'wal', sync: 2, temp: 2, fk: 1, schema: 0, cells: 1, cipher: 'sqlcipher' });
    const loose = sql
      .prepare("select name from pragma_table_list where schema = 'main' and type = 'table' and strict = 0")
      .pluck()
      .all()
      .filter((name) => !String(name).startsWith('sqlite_'));
    expect(loose).toEqual([]);
  });

  it('tells the log about slow queries without their values', () => {
    const lines: string[] = [];
    const store = made({
      log: (level, message, facts) => lines.push(JSON.stringify([level, message, facts])),
    });
    const slow =
      'with recursive n(i) as (select 1 union all select i + 1 from n where i < ?) select count(*) from n';
    store.sql.prepare(slow).get(2_000_000);
    const found = lines.find((l) => l.includes('slow query'));
    expect(found).toContain('where i < ?');
    expect(found).not.toContain('2000000');
  });
});

function makeReadOnly(dir: string): () => void {
  if (process.getuid?.() !== 0) {
    execFileSync('chmod', ['-R', 'a-w', dir]);
    return () => execFileSync('chmod', ['-R', 'u+w', dir]);
  }
  execFileSync('mount', ['--bind', dir, dir]);
  execFileSync('mount', ['-o', 'remount,bind,ro', dir]);
  return () => execFileSync('umount', [dir]);
}
