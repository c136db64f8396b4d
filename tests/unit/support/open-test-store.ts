// A real encrypted store in a folder of its own, and the copying of changes between two of them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Migration } from '../../../electron/store/migrate.ts';
import { openStore } from '../../../electron/store/open.ts';
import type { AreaModel, OpenStore } from '../../../electron/store/types.ts';

export const testKey = Buffer.alloc(32, 7);

/** ms since 1970 UTC: 2026-11-02 08:00 in Vietnam. */
export const testNow = Date.UTC(2026, 10, 2, 1, 0, 0);

/**
 * `now`: a fixed instant or a clock of your own; default testNow, one second later at each look.
 * `station`: one digit or letter is enough. Closed and removed when the test ends, inside a test.
 */
export function openTestStore(
  areas: readonly AreaModel[],
  options: {
    now?: number | (() => number);
    station?: string;
    path?: string;
    create?: boolean;
    migrations?: readonly Migration[];
  } = {},
): OpenStore {
  const folder = mkdtempSync(join(tmpdir(), 'tram-test-'));
  const opened = openStore({
    path: options.path ?? join(folder, 'record.db'),
    key: testKey,
    areas,
    create: options.create ?? true,
    migrations: options.migrations,
    station: { id: stationId(options.station ?? 'a') },
    appVersion: 'test',
    ...clocksOf(options.now),
  });
  if (!opened.ok) throw new Error(`test store did not open: ${opened.error.code}`);
  const store = opened.value;
  // saves nobody relies on: tests of durability open their stores themselves
  store.sql.pragma('synchronous = OFF');
  try {
    onTestFinished(() => {
      if (store.sql.open) store.close();
      rmSync(folder, { recursive: true, force: true });
    });
  } catch {
    // opened in beforeAll: the file is small and the system empties its temp folder
  }
  return store;
}

/** 32 hex digits from a short name. */
export const stationId = (name: string): string =>
  Buffer.from(name).toString('hex').padStart(32, '0').slice(-32);

/** Copies what either lacks, both ways, as sync will: afterwards both hold the same feeds. */
export function exchange(a: OpenStore, b: OpenStore): void {
  give(a, b);
  give(b, a);
}

export function give(from: OpenStore, to: OpenStore): void {
  const held = new Map(to.feeds().map((f) => [`${f.station}.${f.incarnation}.${f.lane}`, f.seq]));
  for (const feed of from.feeds()) {
    const after = held.get(`${feed.station}.${feed.incarnation}.${feed.lane}`) ?? 0;
    const missing = from.storedAfter(feed, after, 1_000_000);
    if (missing.length === 0) continue;
    const report = to.ingest(missing);
    if (!report.ok) throw new Error(`ingest failed: ${report.error.code}`);
    if (report.value.refused.length > 0)
      throw new Error(`ingest refused: ${JSON.stringify(report.value.refused[0])}`);
  }
}

/** The PC's clock and its time since boot go together, so no test meets a clock alarm by chance. */
function clocksOf(given: number | (() => number) | undefined): { now(): number; uptimeMs(): number } {
  let last = testNow;
  const next = typeof given === 'function' ? given : given !== undefined ? () => given : () => last + 1000;
  return {
    now() {
      last = next();
      return last;
    },
    uptimeMs: () => last,
  };
}
