// Nobody but the person running the program can read what it writes, whatever the umask of the PC.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLog } from '../../../electron/shells/log.ts';
import { createKeyring, markKeyringInUse } from '../../../electron/store/keyring.ts';
import { openStore } from '../../../electron/store/open.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { sampleArea, sampleMigrations, writeThing } from './sample-area.ts';

let folder: string;
let umask: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tram-private-'));
  umask = process.umask(0o000);
});
afterEach(() => {
  process.umask(umask);
  rmSync(folder, { recursive: true });
});

const open = (key: Uint8Array, create: boolean): OpenStore => {
  const path = join(folder, 'record.db');
  const opened = openStore({ path, key, areas: [sampleArea], migrations: sampleMigrations, create });
  if (!opened.ok) throw new Error(opened.error.code);
  return opened.value;
};
const readableByOthers = (): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const file = statSync(join(folder, name));
    return file.isFile() && (file.mode & 0o077) !== 0;
  });

// Windows has no such rights; there the data folder lies in the person's own profile
it.skipIf(process.platform === 'win32')(
  'keeps store, WAL, lock, keyring, backups and log to one person',
  async () => {
    const ring = createKeyring(join(folder, 'keyring.json'));
    if (!ring.ok) throw new Error(ring.error.code);
    markKeyringInUse(join(folder, 'keyring.json'));
    const store = open(ring.value.key, true);
    writeThing(store, { name: 'x' });
    mkdirSync(join(folder, 'backups'));
    expect((await store.backup(join(folder, 'backups'))).ok).toBe(true);
    openLog(folder)('info', 'a line');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    for (const name of [
      'record.db',
      'record.db-wal',
      'record.db-shm',
      'record.db.lock',
      'keyring.json.previous',
    ])
      expect(files).toContain(name);
    expect(files.filter((name) => /backups\/tram-.*\.db(\.json|\.keyring\.json)?$/.test(name))).toHaveLength(
      3,
    );
    expect(readableByOthers()).toEqual([]);
    store.close();
  },
);

it.skipIf(process.platform === 'win32')('takes the rights of others away from a store made before', () => {
  const key = Buffer.alloc(32, 1);
  open(key, true).close();
  chmodSync(join(folder, 'record.db'), 0o644);
  const store = open(key, false);
  expect(readableByOthers()).toEqual([]);
  store.close();
});
