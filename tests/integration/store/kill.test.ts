// The plug pulled in the middle of saving, many times: what was confirmed is there, whole.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tableDigest } from '../../../electron/store/digest.ts';
import { openStore } from '../../../electron/store/open.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { projectedTables, sampleArea, sampleMigrations } from '../../unit/store/sample-area.ts';

const rounds = 20;
let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tram-kill-'));
  path = join(folder, 'record.db');
});
afterAll(() => rmSync(folder, { recursive: true }));

const reopened = (create = false): OpenStore => {
  const r = openStore({
    path,
    key: Buffer.alloc(32, 3),
    areas: [sampleArea],
    migrations: sampleMigrations,
    create,
  });
  if (!r.ok) throw new Error(r.error.code);
  return r.value;
};

it(`keeps every confirmed save and no half one when it is killed ${rounds} times while saving`, async () => {
  reopened(true).close();
  const confirmed: string[] = [];
  for (let round = 0; round < rounds; round++) {
    confirmed.push(...(await writeUntilKilled(Math.random() * 150)));
    const store = reopened();
    const things = new Set(store.sql.prepare('select id from sample_thing').pluck().all());
    const notes = store.sql.prepare<[], number>('select count(*) from sample_note').pluck().get();
    expect(confirmed.filter((id) => !things.has(id))).toEqual([]);
    expect(notes).toBe(things.size * 5);
    expect(store.integrityCheck()).toMatchObject({ ok: true });
    expect(store.verifyLog()).toEqual({ ok: true, checked: things.size * 6 });
    store.close();
  }
  expect(confirmed.length).toBeGreaterThan(rounds);
  const store = reopened();
  const live = tableDigest(store.sql, projectedTables);
  store.rebuild();
  expect(tableDigest(store.sql, projectedTables)).toEqual(live);
  store.close();
});

/** Answers the ids whose saving was confirmed before the kill. */
function writeUntilKilled(afterMs: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'writer.ts'), path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (bytes: Buffer) => {
      if (said === '') setTimeout(() => child.kill('SIGKILL'), afterMs);
      said += bytes.toString();
    });
    child.on('error', reject);
    child.on('close', (_code, signal) => {
      // the last line may be cut; an id is 36 characters
      const lines = said.split('\n').filter((line) => line.length === 36);
      if (signal === 'SIGKILL') resolve(lines);
      else reject(new Error('the writer stopped by itself'));
    });
  });
}
