// A disk that gives an older page in the place of a newer one. Each page is encrypted and signed by itself, so the old one
// is as good as the new to whoever looks at it alone: only what the pages say together tells.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../../electron/store/open.ts';
import { upkeepHere } from '../../../electron/store/upkeep.ts';
import { ok } from '../../../shared/api/contract.ts';
import { openTestStore, testKey } from '../support/open-test-store.ts';
import { nobody, sampleArea, sampleMigrations, thingEdit, writeThing } from './sample-area.ts';

const PAGE = 4096;
/** Counters that are also read from the log itself, and the moments of upkeep: nothing of the record. */
const withoutRecord = ['sqlite_sequence', 'store_meta'];

it('is found out by the check of the store, whichever page of the record it is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tram-page-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'record.db');
  const open = (create: boolean) =>
    openTestStore([sampleArea], { path, create, migrations: sampleMigrations });
  const long = 'x'.repeat(200);
  const first = open(true);
  const ids = Array.from({ length: 30 }, (_, i) => writeThing(first, { name: `before ${i} ${long}` }));
  first.close();
  const before = readFileSync(path);
  const second = open(false);
  for (const id of ids.slice(0, 10))
    second.write(nobody, (tx) => ok(tx.append(thingEdit, { id, body: { set: { weight: 5 }, saw: {} } })));
  for (let i = 0; i < 10; i++) writeThing(second, { name: `after ${i} ${long}` });
  const owners = new Map(
    second.sql
      .prepare<[], { name: string; pageno: number }>('select name, pageno from dbstat')
      .all()
      .map(({ name, pageno }) => [pageno, name]),
  );
  second.close();
  const after = readFileSync(path);

  const found: Record<string, string> = {};
  for (let n = 0; n < before.length / PAGE; n++) {
    const old = before.subarray(n * PAGE, (n + 1) * PAGE);
    const owner = owners.get(n + 1) ?? 'nothing';
    if (old.equals(after.subarray(n * PAGE, (n + 1) * PAGE)) || withoutRecord.includes(owner)) continue;
    const mixed = Buffer.from(after);
    old.copy(mixed, n * PAGE);
    writeFileSync(path, mixed);
    found[`${owner}, page ${n + 1}`] = await looked(path);
    for (const beside of ['-wal', '-shm']) rmSync(path + beside, { force: true });
  }
  const unseen = Object.entries(found).filter(([, said]) => said === 'sound');
  expect(unseen).toEqual([]);
  for (const name of ['change_log,', 'feed,', 'sample_thing,', 'state_digest,'])
    expect(Object.keys(found).some((page) => page.startsWith(name))).toBe(true);
});

/** What opening says, or the check that the program makes of itself. */
async function looked(path: string): Promise<string> {
  const opened = openStore({
    path,
    key: testKey,
    areas: [sampleArea],
    migrations: sampleMigrations,
    appVersion: 'test',
  });
  if (!opened.ok) return opened.error.code;
  try {
    const checked = await upkeepHere(opened.value, testKey).check();
    if (!checked.ok) return checked.error.code;
    return checked.value.ok ? 'sound' : (checked.value.detail ?? 'damaged');
  } finally {
    opened.value.close();
  }
}
