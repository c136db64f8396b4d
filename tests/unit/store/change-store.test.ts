// The store as sync sees it: what it offers a peer, what it takes from one, and that it does neither for long.
import { describe, expect, it } from 'vitest';
import { changeStoreOf, StoreFailure } from '../../../electron/store/change-store.ts';
import { connect } from '../../../electron/store/connection.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { ok } from '../../../shared/api/contract.ts';
import type { Lane } from '../../../shared/model/change.ts';
import { type ChangeStore, feedKey, type Limit, type Run } from '../../../shared/sync/port.ts';
import { openTestStore, stationId, testKey } from '../support/open-test-store.ts';
import { nobody, sampleArea, sampleMigrations, thingNote, writeThing } from './sample-area.ts';

const store = (station: string): OpenStore =>
  openTestStore([sampleArea], { station, migrations: sampleMigrations });
const plenty: Limit = { changes: 10_000, bytes: 1e9 };
const names = (s: OpenStore) =>
  s.sql.prepare<[], string>('select name from sample_thing order by name').pluck().all();
const nothingHeld = new Map<string, number>();
const walPages = (s: OpenStore) =>
  (s.sql.pragma('wal_checkpoint(NOOP)') as { log: number }[])[0]?.log ?? Number.NaN;
const counted = (runs: readonly Run[]) => runs.reduce((n, r) => n + r.stored.length, 0);

async function pull(from: ChangeStore, to: ChangeStore, via: string): Promise<void> {
  for (const lane of [0, 1, 2] as const) {
    const held = new Map((await to.heads()).map((h) => [feedKey(h), h.seq]));
    const { runs } = await from.beyond(lane, held, plenty);
    await to.take(runs, via);
  }
}

function writeNote(s: OpenStore, text: string): void {
  const written = s.write(nobody, (tx) =>
    ok(tx.append(thingNote, { id: crypto.randomUUID(), body: { text } })),
  );
  if (!written.ok) throw new Error(written.error.code);
}

describe('a log read by a peer', () => {
  it('names its feeds, hashes and changes, and says nothing of what it does not hold', async () => {
    const a = store('a');
    for (const name of ['1', '2', '3']) writeThing(a, { name });
    const log = changeStoreOf(a);
    const feed = { station: stationId('a'), incarnation: 1, lane: 0 as Lane };
    const [head] = await log.heads();
    expect(head).toEqual({ ...feed, seq: 3, hash: a.feeds()[0]?.head });
    const hashes = await log.hashesAt(feed, [3, 1, 4, 0]);
    expect(hashes).toEqual([head?.hash, expect.stringMatching(/^[0-9a-f]{64}$/), null, null]);
    expect(await log.hashesAt({ ...feed, incarnation: 9 }, [1])).toEqual([null]);
    expect(await log.stored(feed, 2)).toEqual(a.storedAfter(feed, 1, 1)[0]);
    expect(await log.stored({ ...feed, lane: 2 }, 1)).toBeNull();
    expect(await log.end()).toBe(3);
    expect(await log.logId()).toMatch(/^[0-9a-f]{16}$/);
  });

  it('gives a lane in the order of arrival, in as many pieces as the limit asks, each behind the last', async () => {
    const a = store('a');
    const b = store('b');
    writeThing(a, { name: 'a1' });
    await pull(changeStoreOf(a), changeStoreOf(b), stationId('a'));
    writeThing(b, { name: 'b1' });
    writeNote(b, 'in another lane');
    writeThing(a, { name: 'a2' });
    await pull(changeStoreOf(a), changeStoreOf(b), stationId('a'));
    const log = changeStoreOf(b);
    const seen: string[] = [];
    let cursor = 0;
    for (let more = true; more; ) {
      const slice = await log.since(0, cursor, { changes: 1, bytes: 1e9 }, null);
      expect(counted(slice.runs)).toBeLessThanOrEqual(1);
      for (const run of slice.runs) seen.push(`${run.feed.station.slice(-2)}:${run.firstSeq}`);
      ({ cursor, more } = slice);
    }
    expect(seen).toEqual(['61:1', '62:1', '61:2']);
    expect(cursor).toBe(await log.end());
    expect(await log.since(0, cursor, plenty, null)).toEqual({ runs: [], cursor, more: false });
  });

  it('answers at least one change however long it is, and no more than the bytes allow', async () => {
    const a = store('a');
    for (const name of ['x'.repeat(500), 'y'.repeat(500), 'z']) writeThing(a, { name });
    const log = changeStoreOf(a);
    const one = await log.since(0, 0, { changes: 100, bytes: 10 }, null);
    expect(counted(one.runs)).toBe(1);
    expect(one).toMatchObject({ cursor: 1, more: true });
    const rest = await log.beyond(0, new Map([[`${stationId('a')}.1.0`, 1]]), { changes: 100, bytes: 900 });
    expect(rest).toMatchObject({ cursor: 0, more: false });
    expect(rest.runs).toMatchObject([{ firstSeq: 2, before: one.runs[0]?.stored[0] }]);
    expect(counted(rest.runs)).toBe(2);
  });

  it('leaves out what the asker wrote or brought, and goes past it', async () => {
    const [a, b, c] = [store('a'), store('b'), store('c')];
    writeThing(a, { name: 'a1' });
    await pull(changeStoreOf(a), changeStoreOf(b), stationId('a'));
    // b brings its own and a's to c
    writeThing(b, { name: 'b1' });
    await pull(changeStoreOf(b), changeStoreOf(c), stationId('b'));
    writeThing(c, { name: 'c1' });
    const log = changeStoreOf(c);
    const feeds = async (notFor: string | null) =>
      (await log.since(0, 0, plenty, notFor)).runs.map((r) => r.feed.station);
    expect(await feeds(null)).toEqual([stationId('a'), stationId('b'), stationId('c')]);
    expect(await feeds(stationId('b'))).toEqual([stationId('c')]);
    expect(await feeds(stationId('a'))).toEqual([stationId('b'), stationId('c')]);
    expect(await log.since(1, 0, plenty, stationId('b'))).toEqual({ runs: [], cursor: 3, more: false });
  });

  it('gives beyond a vector in the order of arrival across feeds, one run per stretch of a feed', async () => {
    const a = store('a');
    const b = store('b');
    for (const round of [1, 2, 3]) {
      writeThing(a, { name: `a${round}` });
      await pull(changeStoreOf(a), changeStoreOf(b), stationId('a'));
      writeThing(b, { name: `b${round}` });
    }
    const log = changeStoreOf(b);
    const order: string[] = [];
    const positions = new Map<string, number>();
    for (let more = true; more; ) {
      const slice = await log.beyond(0, positions, { changes: 1, bytes: 1e9 });
      for (const { feed, firstSeq, stored } of slice.runs) {
        order.push(`${feed.station.slice(-1)}${firstSeq}`);
        positions.set(feedKey(feed), firstSeq + stored.length - 1);
      }
      more = slice.more;
    }
    expect(order).toEqual(['1', '1', '2', '2', '3', '3'].map((n, i) => `${i % 2 === 0 ? 1 : 2}${n}`));
    const atOnce = await log.beyond(0, nothingHeld, plenty);
    expect(atOnce.runs.map((r) => [r.firstSeq, r.stored.length, r.before])).toEqual([
      [1, 3, null],
      [1, 3, null],
    ]);
  });
});

describe('taking in what a peer brings', () => {
  it('takes runs in slices, tells the heads, and keeps what is asked in the transaction of the last one', async () => {
    const a = store('a');
    const b = store('b');
    for (let i = 0; i < 300; i++) writeThing(a, { name: `thing ${i}` });
    const { runs } = await changeStoreOf(a).beyond(0, nothingHeld, plenty);
    const log = changeStoreOf(b);
    let commits = 0;
    b.onCommit(() => {
      commits += 1;
    });
    const kept: number[] = [];
    const taken = await log.take(runs, stationId('a'), (sql, all) => {
      kept.push(all.accepted);
      sql.prepare("insert into local_setting (name, value) values ('cursor', '7')").run();
    });
    expect(taken).toMatchObject({ accepted: 300, duplicates: 0, parked: 0, refused: [] });
    expect(taken.heads).toEqual(await changeStoreOf(a).heads());
    expect(kept).toEqual([300]);
    expect(commits).toBeGreaterThan(1);
    expect(b.sql.prepare("select value from local_setting where name = 'cursor'").pluck().get()).toBe('7');
    expect(b.sql.prepare('select distinct via from change_log').pluck().all()).toEqual([stationId('a')]);
    expect(a.sql.prepare('select distinct via from change_log').pluck().all()).toEqual([null]);
    expect(b.verifyLog()).toEqual({ ok: true, checked: 300 });
    expect(await log.take(runs, stationId('a'))).toMatchObject({ accepted: 0, duplicates: 300 });
  });

  it('does not answer for what a power cut could still take back', async () => {
    const a = store('a');
    const b = store('b');
    for (let i = 0; i < 100; i++) writeThing(a, { name: `thing ${i}` });
    const { runs } = await changeStoreOf(a).beyond(0, nothingHeld, plenty);
    const [run] = runs;
    if (!run) throw new Error('a run');
    const disk = Promise.withResolvers<void>();
    let flushes = 0;
    const log = changeStoreOf(
      b,
      () => false,
      () => {
        flushes += 1;
        return disk.promise;
      },
    );
    const answered: string[] = [];
    const first = log.take(runs, stationId('a')).then(() => answered.push('first'));
    while (flushes === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(b.feeds()[0]?.seq).toBe(100);
    // the same from another line: nothing of it is new, and still it has to reach the disk first
    const again = { ...run, stored: run.stored.slice(0, 10) };
    const second = log.take([again], stationId('a')).then(() => answered.push('second'));
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toEqual([]);
    disk.resolve();
    await Promise.all([first, second]);
    expect(answered).toEqual(['first', 'second']);
  });

  it('rejects with the code of the failure when the disk does not take what was committed', async () => {
    const a = store('a');
    const b = store('b');
    writeThing(a, { name: 'thing' });
    const { runs } = await changeStoreOf(a).beyond(0, nothingHeld, plenty);
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    const log = changeStoreOf(
      b,
      () => false,
      () => Promise.reject(full),
    );
    await expect(log.take(runs, stationId('a'))).rejects.toMatchObject({ code: 'disk_full' });
  });

  it('answers for nothing when the disk failed in the middle, also if it takes the end', async () => {
    const a = store('a');
    const b = store('b');
    for (let i = 0; i < 20; i++) writeThing(a, { name: `thing ${i}` });
    const { runs } = await changeStoreOf(a).beyond(0, nothingHeld, plenty);
    // so long a WAL is flushed behind the first slice of 15; the second one is the last
    while (walPages(b) <= 500) writeThing(b, { name: 'x'.repeat(1_900) });
    let flushes = 0;
    const log = changeStoreOf(
      b,
      () => false,
      () => (++flushes === 1 ? Promise.reject(new Error('the disk went away')) : Promise.resolve()),
    );
    await expect(log.take(runs, stationId('a'))).rejects.toThrow('the disk went away');
    expect(b.feeds().find((feed) => feed.station === stationId('a'))?.seq).toBe(20);
  });

  it('names a head to a peer only when what it stands for is on the disk', async () => {
    const a = store('a');
    const b = store('b');
    writeThing(a, { name: 'thing' });
    const { runs } = await changeStoreOf(a).beyond(0, nothingHeld, plenty);
    let works = false;
    const log = changeStoreOf(
      b,
      () => false,
      () => (works ? Promise.resolve() : Promise.reject(new Error('the disk went away'))),
    );
    // the line is cut over it and the peer greets anew
    await expect(log.take(runs, stationId('a'))).rejects.toThrow('the disk went away');
    await expect(log.heads()).rejects.toThrow('the disk went away');
    works = true;
    expect(await log.heads()).toEqual(await changeStoreOf(a).heads());
  });

  it('lets a save in between two slices', async () => {
    const a = store('a');
    const b = store('b');
    for (let i = 0; i < 400; i++) writeThing(a, { name: `thing ${i}` });
    const { runs } = await changeStoreOf(a).beyond(0, nothingHeld, plenty);
    let done = false;
    const taking = changeStoreOf(b)
      .take(runs, stationId('a'))
      .then((taken) => {
        done = true;
        return taken;
      });
    await new Promise((resolve) => setImmediate(resolve));
    writeThing(b, { name: 'a nurse saves' });
    expect(done).toBe(false);
    expect(await taking).toMatchObject({ accepted: 400 });
    expect(names(b)).toHaveLength(401);
  });

  it('does not wait at every slice for a WAL that a long read keeps from being written back', async () => {
    const [a, b] = [store('a'), store('b')];
    for (let i = 0; i < 250; i++) writeThing(a, { name: `${i} ${'x'.repeat(300)}` });
    const { runs } = await changeStoreOf(a).beyond(0, nothingHeld, plenty);
    const backup = connect(b.path, testKey);
    backup.exec('begin');
    backup.prepare('select count(*) from change_log').get();
    // 56 MB that stay in the WAL
    b.sql.exec('create table filler (bytes blob) strict');
    b.sql.exec('insert into filler values (zeroblob(56000000))');
    expect(walPages(b)).toBeGreaterThan(12_000);
    let slices = 0;
    const stop = b.onCommit(() => {
      slices += 1;
    });
    const began = performance.now();
    await changeStoreOf(b).take(runs, stationId('a'));
    const took = performance.now() - began;
    stop();
    backup.close();
    expect(slices).toBeGreaterThan(5);
    expect(took).toBeLessThan((slices * 1_000) / 2);
  }, 30_000);

  it('says once where a gap is, and takes what else the batch holds', async () => {
    const [a, b, c] = [store('a'), store('b'), store('c')];
    for (let i = 0; i < 200; i++) writeThing(a, { name: `thing ${i}` });
    writeThing(c, { name: 'from c' });
    const [run] = (await changeStoreOf(a).beyond(0, nothingHeld, plenty)).runs;
    const [fromC] = (await changeStoreOf(c).beyond(0, nothingHeld, plenty)).runs;
    const late: Run = { feed: run!.feed, firstSeq: 3, stored: run!.stored.slice(2), before: run!.stored[1]! };
    const taken = await changeStoreOf(b).take([late, fromC!], stationId('a'));
    expect(taken.refused).toEqual([{ ...run!.feed, seq: 3, reason: 'gap', expected: 1 }]);
    expect(taken.accepted).toBe(1);
    expect(taken.heads.map((h) => h.seq).sort()).toEqual([0, 1]);
    expect(names(b)).toEqual(['from c']);
  });

  it('takes nothing under a name it does not bear', async () => {
    const a = store('a');
    const b = store('b');
    writeThing(a, { name: '1' });
    const [run] = (await changeStoreOf(a).beyond(0, nothingHeld, plenty)).runs;
    for (const wrong of [
      { ...run!, feed: { ...run!.feed, station: stationId('z') } },
      { ...run!, feed: { ...run!.feed, lane: 1 as Lane } },
      { ...run!, firstSeq: 0 },
      { ...run!, stored: [Buffer.from('no change')] },
    ]) {
      const taken = await changeStoreOf(b).take([wrong], stationId('a'));
      expect(taken).toMatchObject({ accepted: 0, refused: [{ reason: 'unreadable', seq: wrong.firstSeq }] });
    }
    expect(b.feeds()).toEqual([]);
    expect(b.quarantined()).toEqual([]);
  });

  it('rejects with the code of the failure when the store is closed between two slices', async () => {
    const a = store('a');
    const b = store('b');
    for (let i = 0; i < 300; i++) writeThing(a, { name: `thing ${i}` });
    const { runs } = await changeStoreOf(a).beyond(0, nothingHeld, plenty);
    const log = changeStoreOf(b);
    const taking = log.take(runs, stationId('a'));
    const outcome = taking.catch((error: unknown) => error);
    await new Promise((resolve) => setImmediate(resolve));
    b.close();
    expect(await outcome).toEqual(new StoreFailure({ code: 'store_closed' }));
    await expect(log.heads()).rejects.toMatchObject({ code: 'store_closed' });
  });

  it('is another copy of the log after a new incarnation, so that numbers of its commits are not taken for the old', async () => {
    const a = store('a');
    const before = await changeStoreOf(a).logId();
    expect(await changeStoreOf(a).logId()).toBe(before);
    a.newIncarnation();
    expect(await changeStoreOf(a).logId()).not.toBe(before);
  });
});
