// The province's log on a real PostgreSQL, written by several processes at once.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { feedKey } from '../../../shared/sync/port.ts';
import { storeSpec } from '../../unit/province/store-spec.ts';
import { openTestDatabase, station, writer } from '../../unit/province/support.ts';
import { hasPostgres, type Postgres, startPostgres } from './postgres.ts';

describe.skipIf(!hasPostgres)('on PostgreSQL', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres?.close());

  storeSpec('PostgreSQL', () => openTestDatabase(postgres.create('spec')));

  it('numbers in the order of commits: a reader by cursor misses nothing that three processes write', async () => {
    const url = postgres.create('writers');
    const test = await openTestDatabase(url);
    const { center, store } = await test.center();
    const each = 150;
    const writers = [1, 2, 3].map((n) => startWriter(url, center, n, each));
    const all = Promise.all(writers);
    let done = false;
    void all.then(() => {
      done = true;
    });

    const seen = new Map<string, number>();
    const numbers: number[] = [];
    let cursor = 0;
    while (!done || cursor < (await store.end())) {
      const slice = await store.since(2, cursor, { changes: 10, bytes: 1 << 20 }, null);
      for (const run of slice.runs) {
        expect(run.firstSeq, 'nothing passed over').toBe((seen.get(feedKey(run.feed)) ?? 0) + 1);
        seen.set(feedKey(run.feed), run.firstSeq + run.stored.length - 1);
      }
      expect(slice.cursor).toBeGreaterThanOrEqual(cursor);
      cursor = slice.cursor;
      numbers.push(cursor);
    }
    expect(await all).toEqual([0, 0, 0]);
    expect([...seen.values()].every((seq) => seq >= each)).toBe(true);
    expect([...seen.keys()].sort()).toEqual([1, 2, 3].map((n) => feedKey(writer(station(n)).feed)));
    const [row] = await test.db.query('select count(*)::int4 n, max(log_no)::int4 last from change_log');
    expect(row!.n).toBe(row!.last);
    expect(row!.last).toBe(await store.end());
    await test.close();
  });
});

function startWriter(url: string, center: number, n: number, count: number): Promise<number | null> {
  const script = join(import.meta.dirname, 'appending-writer.ts');
  const child = spawn(process.execPath, [script, url, String(center), String(n), String(count)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve) => child.on('exit', resolve));
}
