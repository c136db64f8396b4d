// A province comes back after an outage and every station of its centers calls at once: each must get through, the
// province must not grow without bound, and whoever runs it must still be able to look at it meanwhile.
// More stations: npm run torture -- sync-storm
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WAITS } from '../../electron/sync/caller.ts';
import { seededRandom } from '../../electron/training/random.ts';
import { vectorDigest } from '../../shared/sync/vector.ts';
import {
  type At,
  enrolStation,
  newStation,
  type Station,
  talk,
  unwrap,
} from '../integration/province/client.ts';
import { hasPostgres, startPostgres } from '../integration/province/postgres.ts';
import { headsOf, write } from '../unit/sync/support/places.ts';
import { sha256 } from '../unit/sync/support/zstd.ts';
import { openProvince, type ProvinceProcess } from './sync/province.ts';

const seed = Number(process.env.TRAM_TORTURE_SEED ?? 1);
/** Stations of the long run: a province of 30 centers. */
const count = process.env.TRAM_TORTURE_ROUNDS === undefined ? 40 : 300;
const perCenter = 10;
const newChanges = 20;
/** The bounded part tries what a real province runs on, where it is installed. */
const databases =
  process.env.TRAM_TORTURE_ROUNDS === undefined
    ? [hasPostgres ? 'PostgreSQL' : 'a database of its own']
    : ['a database of its own', ...(hasPostgres ? ['PostgreSQL'] : [])];

interface Center {
  readonly number: number;
  readonly stations: readonly Station[];
}

describe(`${count} stations that call at once after an outage (seed ${seed})`, () => {
  let folder: string;
  const closing: (() => Promise<void> | void)[] = [];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tram-storm-'));
    return () => rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  it.each(databases)('all get through to a province on %s, whose page stays alive', async (on) => {
    const postgres = on === 'PostgreSQL' ? await startPostgres() : null;
    if (postgres) closing.push(() => postgres.close());
    const province = await openProvince(
      join(folder, on),
      postgres ? { databaseUrl: postgres.create('tram') } : {},
    );
    closing.push(() => province.close());
    await storm(province, on);
  });

  async function storm(province: ProvinceProcess, on: string): Promise<void> {
    const centers = await enrolAll(province);
    const all = centers.flatMap((center) => center.stations);
    await province.kill();
    for (const { place } of all)
      for (let n = 0; n < newChanges; n++)
        write(place, n % 5 === 0 ? 0 : 1, { text: `${place.station} ${n}`, n });
    await province.start();
    const at: At = { port: province.port, fingerprint: province.fingerprint };
    const watch = watchHealth(province.pagePort);
    const began = performance.now();
    const over = new AbortController();
    const random = seededRandom(seed);
    const calling = all.map((station, i) =>
      keepCalling(station, at, random.fork(`station ${i}`), over.signal),
    );
    try {
      await expect
        .poll(() => all.filter((station) => !hasAll(station)).length, { timeout: 600_000, interval: 50 })
        .toBe(0);
    } finally {
      over.abort();
    }
    const seconds = (performance.now() - began) / 1000;
    const calls = (await Promise.all(calling)).reduce((n, one) => n + one, 0);
    const { answers, failures, latest } = await watch.saw();
    const { maxRss } = await province.memory();
    answers.sort((a, b) => a - b);
    const slowest = answers.at(-1) ?? Number.NaN;
    const median = answers[Math.floor(answers.length / 2)] ?? Number.NaN;
    console.log(
      `storm on ${on}: ${all.length} stations, ${all.length * newChanges} changes, converged in ${seconds.toFixed(1)} s, ` +
        `${calls} calls, province ${(maxRss / 1e6).toFixed(0)} MB at most, /health ${answers.length} times: ` +
        `median ${median.toFixed(0)} ms, slowest ${slowest.toFixed(0)} ms, ${failures} failed; the watcher itself was up to ${latest.toFixed(0)} ms late`,
    );
    for (const { number, stations } of centers) {
      const vector = vectorDigest(await province.heads(number), sha256);
      expect(stations.map(({ place }) => vectorDigest(headsOf(place), sha256))).toEqual(
        stations.map(() => vector),
      );
      // each change went into each place once
      expect(stations.map(({ place }) => place.accepted)).toEqual(
        stations.map(() => newChanges * (stations.length - 1)),
      );
      expect(await province.quarantined(number)).toBe(0);
    }
    expect(failures).toBe(0);
    expect(answers.length).toBeGreaterThan(2);
    // a second, and what this PC itself was late: province, database, stations and other work share its cores
    if (on === 'PostgreSQL') expect(slowest).toBeLessThan(1_000 + 10 * latest);
    expect(maxRss).toBeLessThan(1_200e6);
  }

  async function enrolAll(province: ProvinceProcess): Promise<Center[]> {
    const centers: Center[] = [];
    const names = new Set<string>();
    const at: At = { port: province.port, fingerprint: province.fingerprint };
    for (let from = 0; from < count; from += perCenter) {
      const number = await province.center();
      const id = randomUUID();
      const stations: Station[] = [];
      for (let n = from; n < Math.min(count, from + perCenter); n++) {
        let station = await newStation();
        // names of places in memory repeat once in a while
        while (names.has(station.place.station)) station = await newStation();
        names.add(station.place.station);
        unwrap(await enrolStation(station, at, await province.code(number), id));
        stations.push(station);
      }
      centers.push({ number, stations });
    }
    return centers;
  }

  const hasAll = ({ place }: Station): boolean => place.accepted >= newChanges * (perCenter - 1);
});

/** As a station does: calls, waits as the program waits when it is turned away or cut; answers how often it called. */
async function keepCalling(
  station: Station,
  at: At,
  random: ReturnType<typeof seededRandom>,
  over: AbortSignal,
): Promise<number> {
  let calls = 0;
  for (let attempt = 0; !over.aborted; attempt++) {
    calls += 1;
    const session = await talk(station, at);
    if ('drive' in session) {
      const stop = (): void => session.drive.close('closed');
      over.addEventListener('abort', stop);
      if (over.aborted) stop();
      await session.drive.ended;
      over.removeEventListener('abort', stop);
      attempt = 0;
    }
    if (over.aborted) break;
    const most = Math.min(WAITS.mostMs, WAITS.firstMs * 2 ** attempt);
    const asked = 'drive' in session ? 0 : (session.retryAfterMs ?? 0) * (1 + random.next() / 2);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, Math.max(WAITS.firstMs, random.next() * most, asked));
      over.addEventListener('abort', done);
      function done(): void {
        clearTimeout(timer);
        over.removeEventListener('abort', done);
        resolve();
      }
    });
  }
  return calls;
}

interface Health {
  /** ms */
  readonly answers: number[];
  readonly failures: number;
  /** How late its own timers were at most, ms. */
  readonly latest: number;
}

function watchHealth(port: number): { saw(): Promise<Health> } {
  const child: ChildProcess = fork(join(import.meta.dirname, 'sync', 'health-watch.ts'), [String(port)], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return {
    saw: () =>
      new Promise((resolve, reject) => {
        child.once('message', (message) => resolve(message as Health));
        child.once('error', reject);
        child.send('enough');
      }),
  };
}
