// A session is cut at one byte after another, each time followed by an ordinary reconnect: whatever the byte, nothing
// is lost, nothing comes twice, and hardly more than the frame that was under way is sent again.
// Every byte: npm run torture -- sync-sweep
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeStationIdentity } from '../../electron/station/certificate.ts';
import { changeStoreOf } from '../../electron/store/change-store.ts';
import { openStore } from '../../electron/store/open.ts';
import type { OpenStore } from '../../electron/store/types.ts';
import { openBook } from '../../electron/sync/book.ts';
import { type Caller, keepCalling } from '../../electron/sync/caller.ts';
import { enrolAt } from '../../electron/sync/enrol.ts';
import { DEADLINES, type Keys, type Tickets } from '../../electron/sync/line.ts';
import { type Direction, type Line, openLine } from '../../electron/training/line.ts';
import { type Random, seededRandom } from '../../electron/training/random.ts';
import { type Province, startProvince } from '../../province/index.ts';
import { ok } from '../../shared/api/contract.ts';
import type { BlobStore } from '../../shared/sync/blobs.ts';
import { feedKey, type Run } from '../../shared/sync/port.ts';
import { vectorDigest } from '../../shared/sync/vector.ts';
import { unwrap } from '../integration/province/client.ts';
import {
  nobody,
  sampleArea,
  sampleMigrations,
  thingEdit,
  thingNote,
  thingOpen,
} from '../unit/store/sample-area.ts';
import { sha256 } from '../unit/sync/support/zstd.ts';

const seed = Number(process.env.TRAM_TORTURE_SEED ?? 1);
const everything = process.env.TRAM_TORTURE_ROUNDS !== undefined;
/** Bounded part: cut points of each direction on the plain line and behind TLS. */
const sample = { plain: 60, tls: 20 };
/** Both write so much before each session. */
const things = 5;
/** Bytes/s either end believes of the line: three frames each way rather than one. */
const rate = 600;

const folder = mkdtempSync(join(tmpdir(), 'tram-sweep-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Carried {
  readonly up: number;
  readonly down: number;
}

describe.each([
  { kind: 'plain', step: 1, tls: false },
  { kind: 'TLS', step: 16, tls: true },
])(`a session over $kind (seed ${seed})`, ({ kind, step, tls }) => {
  let pair: Pair;
  let clean: Carried;
  let shortest: Carried;
  let hello: Carried;
  let frame: Carried;
  beforeAll(async () => {
    pair = await openPair(join(folder, kind), tls);
    return () => pair.close();
  });

  it('carries some kB each way in several frames', async () => {
    // the first sessions learn what the next ones know already
    for (let n = 0; n < 3; n++) await pair.session();
    hello = await pair.session({ silent: true });
    const whole = [await pair.session(), await pair.session(), await pair.session()];
    clean = { up: Math.max(...whole.map((w) => w.up)), down: Math.max(...whole.map((w) => w.down)) };
    shortest = { up: Math.min(...whole.map((w) => w.up)), down: Math.min(...whole.map((w) => w.down)) };
    frame = { up: clean.up - hello.up, down: clean.down - hello.down };
    console.log(
      `${kind}: ${clean.up} B up, ${clean.down} B down, of that first words ${hello.up} and ${hello.down}`,
    );
    expect(clean.up).toBeGreaterThan(1_000);
    expect(clean.down).toBeGreaterThan(1_000);
  });

  it('may be cut anywhere', async () => {
    const random = seededRandom(seed).fork(kind);
    const points = cutPoints(shortest, step, tls ? sample.tls : sample.plain, random);
    let cuts = 0;
    let most = { up: 0, down: 0 };
    const began = performance.now();
    for (const [i, { way, at }] of points.entries()) {
      const { up, down, cut } = await pair.session({ way, at });
      if (cut) cuts += 1;
      most = { up: Math.max(most.up, up - clean.up), down: Math.max(most.down, down - clean.down) };
      const where = `seed ${seed}, ${kind}, cut ${way} at byte ${at}`;
      expect(up, where).toBeLessThanOrEqual(clean.up + hello.up + frame.up + slackBytes);
      expect(down, where).toBeLessThanOrEqual(clean.down + hello.down + frame.down + slackBytes);
      if (i % 50 === 0 || i === points.length - 1) await pair.check(where);
      if (i % 1_000 === 999) {
        await pair.close();
        pair = await openPair(join(folder, `${kind} ${i}`), tls);
        for (let n = 0; n < 3; n++) await pair.session();
      }
    }
    const seconds = (performance.now() - began) / 1000;
    console.log(
      `${kind}: ${cuts} sessions cut of ${points.length} in ${seconds.toFixed(0)} s; at most ${most.up} B up and ${most.down} B down more than without a cut`,
    );
    expect(cuts).toBeGreaterThan(points.length * 0.6);
  });
});

/** Acknowledgements and pings that come in other pieces than without a cut. */
const slackBytes = 200;

function cutPoints(length: Carried, step: number, count: number, random: Random) {
  const ways: readonly Direction[] = ['up', 'down'];
  if (!everything)
    return ways.flatMap((way) =>
      Array.from({ length: count }, () => ({ way, at: random.int(0, length[way] - 1) })),
    );
  return ways.flatMap((way) =>
    Array.from({ length: Math.ceil(length[way] / step) }, (_, i) => ({ way, at: i * step })),
  );
}

interface Pair {
  /**
   * Both ends write (not when `silent`), then the station connects until all is everywhere; the first connection is
   * cut at this byte of it. Answers bytes of all connections.
   */
  session(how?: { way?: Direction; at?: number; silent?: boolean }): Promise<Carried & { cut: boolean }>;
  /** Equal changes, equal tables, every effect once, sound files. */
  check(where: string): Promise<void>;
  close(): Promise<void>;
}

async function openPair(at: string, tls: boolean): Promise<Pair> {
  const province: Province = await startProvince({
    folder: join(at, 'province'),
    listen: tls ? { host: '127.0.0.1', port: 0 } : null,
    ...(!tls && { plain: { port: 0 } }),
  });
  const { center } = unwrap(
    await province.admin.createCenter('sweep', { name: 'Trung tâm', facilityCode: null, provinceCode: '01' }),
  );
  const held = province.storeOf(center);
  const line: Line = await openLine(
    { port: (tls ? province.port : province.plainPort) ?? 0 },
    { kbps: 0, roundTripMs: 0, cut: false },
  );
  const [station, other] = [openAt(join(at, 'a.db'), 1), openAt(join(at, 'b.db'), 2)];
  const changes = changeStoreOf(station);
  const others = changeStoreOf(other);
  const book = openBook(station);
  const keys: Keys = tls ? await identityOf(station) : { keyPem: '', certificatePem: '' };
  const tickets: Tickets = new Map();
  if (tls) {
    const code = unwrap(await province.admin.createCode('sweep', center)).code;
    unwrap(
      await enrolAt({
        address: `127.0.0.1:${province.port}`,
        code,
        keys,
        station: { id: station.station.id, name: 'Máy 1' },
        center: { id: crypto.randomUUID(), name: 'Trung tâm', facilityCode: null, provinceCode: '01' },
        training: false,
        deadlines: DEADLINES,
        signal: AbortSignal.timeout(20_000),
      }),
    );
  }
  const fingerprint = tls ? province.fingerprint : null;
  let written = 0;

  return {
    async session({ way, at: byte, silent } = {}) {
      if (!silent) {
        writeSome(station, written);
        writeSome(other, written);
        written += things;
        const there = new Map((await held.heads()).map((head) => [feedKey(head), head.seq]));
        const runs: Run[] = [];
        for (const lane of [0, 1, 2] as const)
          runs.push(...(await others.beyond(lane, there, { changes: 1_000, bytes: 1_000_000 })).runs);
        await held.take(
          runs.filter((run) => run.feed.station === other.station.id),
          other.station.id,
        );
      }
      // measured lines are believed slow, so that a session takes several frames
      book.note('province', { rate });
      const before = line.carried();
      let cut = false;
      line.tamper((piece, { connection, direction, offset }) => {
        if (connection !== before.connections + 1 || direction !== way || byte === undefined) return piece;
        if (offset + piece.length <= byte) return piece;
        if (cut || byte <= offset) {
          cut = true;
          return 'cut';
        }
        cut = true;
        setImmediate(() => line.reset());
        return piece.subarray(0, byte - offset);
      });
      const caller = call();
      const stop = station.onCommit(() => caller.grew());
      const end = performance.now() + 60_000;
      // over is what both ends have proven to each other in a session that was not cut
      while (
        !(caller.facts().meeting?.facts().caughtUp && provenHeld() && station.feeds().length >= known())
      ) {
        if (performance.now() > end)
          throw new Error(`not over: seed ${seed}, ${way} ${byte}, ${JSON.stringify(caller.facts().end)}`);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      stop();
      await caller.close();
      line.tamper(null);
      const after = line.carried();
      const vectors = [await held.heads(), await changes.heads()].map((heads) => vectorDigest(heads, sha256));
      expect(vectors[1], `seed ${seed}, ${way} ${byte}`).toBe(vectors[0]);
      return { up: after.up - before.up, down: after.down - before.down, cut };
    },
    async check(where) {
      for (const lane of [0, 1, 2] as const) {
        const mine = new Map((await others.heads()).map((head) => [feedKey(head), head.seq]));
        const { runs } = await held.beyond(lane, mine, { changes: 100_000, bytes: 100_000_000 });
        await others.take(runs, station.station.id);
      }
      expect(station.stateDigest(), where).toEqual(other.stateDigest());
      expect(effectsIn(station), where).toEqual({
        things: 2 * written,
        notes: 2 * written,
        least: 3,
        most: 3,
      });
      expect(station.quarantined(), where).toEqual([]);
      expect(station.verifyLog(), where).toMatchObject({ ok: true });
      expect(station.integrityCheck(), where).toMatchObject({ ok: true });
    },
    async close() {
      await line.close();
      await province.close();
      station.close();
      other.close();
    },
  };

  function call(): Caller {
    return keepCalling({
      ground: {
        store: station,
        changes,
        forks: changes,
        book,
        blobs: noFiles,
        blobsGrew() {},
        branchMoved() {},
        linesOf: () => 0,
        dictionaries: [],
        appVersion: '0.1.0',
        now: Date.now,
        log: (level, message, detail) => {
          if (level === 'error') console.error(message, detail);
        },
      },
      keys,
      tickets,
      deadlines: DEADLINES,
      waits: { firstMs: 1, mostMs: 5, goodMs: 5_000, pollMs: 50 },
      random: Math.random,
      addresses: () => [{ host: '127.0.0.1', port: line.port, plain: !tls }],
      expected: () => fingerprint,
      mode: () => 'both',
      who: (shown) => (shown === fingerprint ? { peer: 'province', station: null } : null),
      already: () => false,
      began() {},
      changed() {},
      provinceHolds() {},
      asked: async () => new Uint8Array(),
    });
  }

  function provenHeld(): boolean {
    const proven = new Map(book.held('province').map((head) => [feedKey(head), head.seq]));
    return station
      .feeds()
      .every(
        (feed) =>
          !feed.own || (proven.get(`${feed.station}.${feed.incarnation}.${feed.lane}`) ?? 0) >= feed.seq,
      );
  }

  /** Feeds there are: two lanes of each station. */
  function known(): number {
    return written === 0 ? 0 : 4;
  }
}

/** No file travels in these sessions. */
const noFiles: BlobStore = {
  isComplete: async () => false,
  want: async () => {},
  wanted: async () => [],
  manifest: async () => null,
  have: async () => new Uint8Array(),
  chunk: async () => null,
  learn: async () => 'unwanted',
  takeChunk: async () => 'unwanted',
};

function openAt(path: string, number: number): OpenStore {
  const store = unwrap(
    openStore({
      path,
      key: Buffer.alloc(32, 4),
      areas: [sampleArea],
      migrations: sampleMigrations,
      create: true,
      station: { id: number.toString(16).padStart(32, 'c') },
      appVersion: 'test',
    }),
  );
  // what the disk survives is tried elsewhere; here many thousand sessions are
  store.sql.pragma('synchronous = OFF');
  return store;
}

function writeSome(store: OpenStore, from: number): void {
  for (let n = from; n < from + things; n++) {
    const id = crypto.randomUUID();
    store.write(nobody, (tx) => {
      tx.append(thingOpen, { id, body: { name: `Vật ${n} ${id}` } });
      return ok(null);
    });
    store.write(nobody, (tx) => {
      tx.append(thingEdit, { id, body: { set: { weight: n, name: `Vật số ${n} của ${id}` } } });
      tx.append(thingEdit, { id, body: { set: { place: `chỗ ${id}` } } });
      tx.append(thingNote, {
        id: crypto.randomUUID(),
        refs: [`thing:${id}`],
        body: { text: `Ghi chú ${n}: ${crypto.randomUUID()} ${crypto.randomUUID()}` },
      });
      return ok(null);
    });
  }
}

function effectsIn(store: OpenStore) {
  return store.sql
    .prepare(
      `select count(*) as things, (select count(*) from sample_note) as notes, min(writes) as least,
         max(writes) as most from sample_thing`,
    )
    .get();
}

const identityOf = (store: OpenStore): Promise<Keys> =>
  makeStationIdentity({ id: store.station.id, name: 'Máy 1', centerName: 'Trung tâm', now: Date.now() });
