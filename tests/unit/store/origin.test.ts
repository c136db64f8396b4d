// A store that was copied goes on under a new incarnation before it writes anything; one that was only opened again,
// cut off, restored, updated or kept in an odd place does not.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../../electron/store/open.ts';
import { machineId, openingFile } from '../../../electron/store/origin.ts';
import { restoreBackup } from '../../../electron/store/restore.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { testKey, testNow } from '../support/open-test-store.ts';
import { sampleArea, sampleMigrations, writeThing } from './sample-area.ts';

let folder: string;
let path: string;
let warnings: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tram-origin-'));
  path = join(folder, 'data', 'record.db');
  warnings = [];
  visit({ create: true });
  visit();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const [here, elsewhere] = ['1'.repeat(32), '2'.repeat(32)];

/** Opens, lets somebody work, closes; answers the incarnation it wrote under. */
function visit(
  options: { at?: string; machine?: string | null; create?: boolean; work?(store: OpenStore): void } = {},
): number {
  const opened = openStore({
    path: options.at ?? path,
    key: testKey,
    areas: [sampleArea],
    create: options.create ?? false,
    machineId: options.machine === undefined ? here : options.machine,
    migrations: sampleMigrations,
    now: () => testNow,
    uptimeMs: () => testNow,
    log: (level, message) => level !== 'info' && warnings.push(message),
  });
  if (!opened.ok) throw new Error(opened.error.code);
  const store = opened.value;
  options.work?.(store);
  writeThing(store, { name: 'work' });
  const { incarnation } = store.station;
  store.close();
  return incarnation;
}

describe('a store goes on as it was', () => {
  it('when it is opened again, and again', () => {
    expect([visit(), visit(), visit()]).toEqual([1, 1, 1]);
    expect(warnings).toEqual([]);
  });

  it('at its first opening after an update to a version that takes note of where it is', () => {
    visit({
      work: (store) =>
        store.sql.exec("delete from store_meta where name like 'opening%' or name in ('machine', 'log_id')"),
    });
    rmSync(openingFile(path));
    expect(visit({ machine: elsewhere })).toBe(1);
    expect(visit({ machine: elsewhere })).toBe(1);
  });

  it('when the power went between the store and the file beside it', () => {
    const before = readFileSync(openingFile(path));
    visit();
    // the store has taken note of this opening, the file of the last one is there still
    writeFileSync(openingFile(path), before);
    expect(visit()).toBe(1);
    expect(visit()).toBe(1);
  });

  it('when the machine has no name, or gets one', () => {
    expect([visit({ machine: null }), visit(), visit({ machine: null })]).toEqual([1, 1, 1]);
  });

  it.skipIf(process.platform === 'win32')('when nothing can be written beside it, however often', () => {
    rmSync(openingFile(path));
    mkdirSync(openingFile(path));
    const incarnation = visit();
    expect([visit(), visit(), visit()]).toEqual([incarnation, incarnation, incarnation]);
    expect(incarnation).toBe(2);
    expect(warnings.at(-1)).toBe('nothing can be written beside the store');
  });

  it('where the file beside it is gone at every start', () => {
    rmSync(openingFile(path));
    const incarnations = [1, 2, 3, 4].map(() => {
      const incarnation = visit();
      rmSync(openingFile(path));
      return incarnation;
    });
    expect(incarnations).toEqual([2, 2, 2, 2]);
  });

  it('where the machine is named anew at every start, after the third time', () => {
    const incarnations = ['3', '4', '5', '6', '7'].map((n) => visit({ machine: n.repeat(32) }));
    expect(incarnations).toEqual([2, 3, 4, 4, 4]);
    expect([visit({ machine: '7'.repeat(32) }), visit({ machine: elsewhere })]).toEqual([4, 5]);
  });

  it('after a restore, which has begun a new incarnation already', async () => {
    let copy = '';
    const copies = join(folder, 'copies');
    const opened = openStore({
      path,
      key: testKey,
      areas: [sampleArea],
      machineId: here,
      migrations: sampleMigrations,
    });
    if (!opened.ok) throw new Error(opened.error.code);
    const logId = opened.value.logId;
    const made = await opened.value.backup(copies);
    if (made.ok) copy = made.value.path;
    opened.value.close();
    visit();
    const restored = await restoreBackup({
      backup: copy,
      storePath: path,
      key: testKey,
      areas: [sampleArea],
    });
    expect(restored).toMatchObject({ ok: true, value: { incarnation: 2 } });
    let after = '';
    expect(
      visit({
        machine: elsewhere,
        work: (store) => {
          after = store.logId;
        },
      }),
    ).toBe(2);
    expect(after).not.toBe(logId);
    expect(visit({ machine: elsewhere })).toBe(2);
  });
});

describe('a store is a copy', () => {
  it('on another machine, and writes nothing there under its old name', () => {
    const copy = join(folder, 'copy');
    cpSync(join(folder, 'data'), copy, { recursive: true });
    let before = '';
    visit({
      work: (store) => {
        before = store.logId;
      },
    });
    visit({
      at: join(copy, 'record.db'),
      machine: elsewhere,
      work: (store) => {
        expect(store.station.incarnation).toBe(2);
        expect(store.feeds().map((f) => f.incarnation)).toEqual([1]);
        expect(store.logId).not.toBe(before);
      },
    });
    expect(warnings).toEqual(['this store goes on under a new incarnation', 'this store file is a copy']);
    expect(visit()).toBe(1);
    expect(visit({ at: join(copy, 'record.db'), machine: elsewhere })).toBe(2);
  });

  it('when its file was copied alone, or an older one was put in its place', () => {
    const old = join(folder, 'old.db');
    cpSync(path, old);
    mkdirSync(join(folder, 'alone'));
    cpSync(path, join(folder, 'alone', 'record.db'));
    expect(visit({ at: join(folder, 'alone', 'record.db') })).toBe(2);
    visit();
    visit();
    cpSync(old, path);
    expect(visit()).toBe(2);
    expect(visit()).toBe(2);
  });
});

it('names the machine without telling its name', () => {
  expect(machineId()).toSatisfy((name) => name === null || /^[0-9a-f]{32}$/.test(String(name)));
  expect(machineId()).toBe(machineId());
});
