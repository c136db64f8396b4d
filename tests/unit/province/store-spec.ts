// What a center's log promises, on whichever database: run by the unit tests on PGlite and by the integration
// tests on PostgreSQL.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { feedKey, type Slice } from '../../../shared/sync/port.ts';
import { makeHlc } from '../../../shared/time/hlc.ts';
import { lots, openTestDatabase, station, type TestDatabase, t0, writer } from './support.ts';

export function storeSpec(name: string, open: () => Promise<TestDatabase>): void {
  describe(`a center's log on ${name}`, () => {
    let test: TestDatabase;
    beforeAll(async () => {
      test = await open();
    }, 60_000);
    afterAll(() => test.close());

    it('gives back the very bytes it took, in order, with what stood before', async () => {
      const { store, grown } = await test.center();
      const a = writer(station(1));
      expect(await store.take([a.write(5)], station(1))).toMatchObject({
        accepted: 5,
        duplicates: 0,
        refused: [],
        heads: [{ ...a.feed, seq: 5, hash: a.hash(5) }],
      });
      expect(grown).toEqual([5]);
      expect(await store.end()).toBe(5);
      expect(bytes(await store.since(2, 0, lots, null))).toEqual(a.stored.map((s) => [...s]));
      const rest = await store.since(2, 3, lots, null);
      expect(rest.runs).toMatchObject([{ feed: a.feed, firstSeq: 4 }]);
      expect([...rest.runs[0]!.before!]).toEqual([...a.stored[2]!]);
      expect(rest).toMatchObject({ cursor: 5, more: false });
      expect(await store.hashesAt(a.feed, [1, 5, 6])).toEqual([a.hash(1), a.hash(5), null]);
      expect([...(await store.stored(a.feed, 2))!]).toEqual([...a.stored[1]!]);
      expect(await store.stored(a.feed, 9)).toBeNull();
      expect(await store.heads()).toEqual([{ ...a.feed, seq: 5, hash: a.hash(5) }]);
    });

    it('keeps one center apart from the other', async () => {
      const [one, other] = [await test.center(), await test.center()];
      const a = writer(station(1));
      await one.store.take([a.write(3)], station(1));
      expect(await other.store.heads()).toEqual([]);
      expect(await other.store.end()).toBe(0);
      await other.store.take([a.run(1)], station(1));
      expect(bytes(await other.store.since(2, 0, lots, null))).toHaveLength(3);
      expect(await one.store.logId()).not.toBe(await other.store.logId());
    });

    it('takes a change once, however often and by whomever it is brought', async () => {
      const { store } = await test.center();
      const a = writer(station(1));
      const run = a.write(4);
      await store.take([run], station(1));
      expect(await store.take([run, a.run(2)], station(2))).toMatchObject({ accepted: 0, duplicates: 7 });
      a.write(2);
      expect(await store.take([a.run(1), a.run(3)], station(2))).toMatchObject({
        accepted: 2,
        duplicates: 8,
      });
      expect(await store.end()).toBe(6);
    });

    it('asks for what is missing before a run', async () => {
      const { store } = await test.center();
      const a = writer(station(1));
      a.write(5);
      await store.take([a.run(1, 2)], station(1));
      expect(await store.take([a.run(4)], station(1))).toMatchObject({
        accepted: 0,
        refused: [{ ...a.feed, seq: 4, reason: 'gap', expected: 3 }],
      });
      expect(await store.take([writer(station(9)).write(3), a.run(3)], station(1))).toMatchObject({
        accepted: 6,
        refused: [],
      });
    });

    it('keeps its own branch of a forked feed and sets the other one aside, whole and once', async () => {
      const { store, center } = await test.center();
      const a = writer(station(1));
      a.write(3);
      const copy = a.clone();
      a.write(2);
      copy.write(4, { wall: t0 });
      await store.take([a.run(1)], station(1));
      for (let i = 0; i < 2; i++)
        expect(await store.take([copy.run(1)], station(2))).toMatchObject({
          accepted: 0,
          duplicates: 3,
          refused: [{ ...a.feed, seq: 4, reason: 'fork', kept: a.hash(4) }],
          heads: [{ seq: 5, hash: a.hash(5) }],
        });
      const aside = await test.db.query(
        'select seq, reason, stored from quarantine where center = $1 order by seq',
        [center],
      );
      expect(aside.map((row) => [row.seq, row.reason])).toEqual([4, 5, 6, 7].map((seq) => [seq, 'fork']));
      expect([...(aside[3]!.stored as Uint8Array)]).toEqual([...copy.stored[6]!]);
    });

    it('sets aside what does not follow the head, and goes on with the other feeds of the frame', async () => {
      const { store } = await test.center();
      const a = writer(station(1));
      const other = writer(station(1));
      a.write(2);
      other.write(2, { wall: t0 + 9 });
      other.write(1);
      const b = writer(station(2), 1, 0);
      await store.take([a.run(1)], station(1));
      expect(await store.take([other.run(3), b.write(2, { lane: 0 })], station(1))).toMatchObject({
        accepted: 2,
        refused: [{ seq: 3, reason: 'broken_chain', kept: a.hash(2) }],
      });
    });

    it('refuses bytes that are no change of the feed they are sent under, and keeps them', async () => {
      const { store, center } = await test.center();
      const a = writer(station(1));
      const forged = { ...writer(station(2)).write(1), feed: a.feed };
      expect(await store.take([forged], station(1))).toMatchObject({
        accepted: 0,
        refused: [{ ...a.feed, seq: 1, reason: 'unreadable' }],
        heads: [],
      });
      const broken = { ...a.write(3), stored: [a.stored[0]!, a.stored[1]!.slice(0, -1), a.stored[2]!] };
      expect(await store.take([broken], station(1))).toMatchObject({
        accepted: 1,
        refused: [{ seq: 2, reason: 'unreadable' }],
      });
      const [count] = await test.db.query('select count(*)::int4 n from quarantine where center = $1', [
        center,
      ]);
      expect(count!.n).toBe(2);
    });

    it('keeps and passes on what it does not understand', async () => {
      const { store } = await test.center();
      const a = writer(station(1));
      a.write(1, { kind: 'robot.beep' });
      a.write(1, { body: { set: 7 } });
      a.write(1, { kind: 'robot\0beep' });
      a.write(1);
      expect(await store.take([a.run(1)], station(1))).toMatchObject({ accepted: 4, parked: 3, refused: [] });
      expect(bytes(await store.since(2, 0, lots, station(2)))).toHaveLength(4);
    });

    it('takes what a clock far ahead stamped, counts it, and is not dragged along', async () => {
      const { store, center } = await test.center();
      const a = writer(station(1));
      a.write(2);
      a.write(1, { hlc: makeHlc(test.clock + 3_600_000, 0) });
      expect(await store.take([a.run(1)], station(1))).toMatchObject({ accepted: 3, ahead: 1 });
      const [row] = await test.db.query('select clock_errors, last_hlc from center where number = $1', [
        center,
      ]);
      expect(row).toEqual({ clock_errors: 1, last_hlc: makeHlc(t0 + 2, 0) });
    });

    it('answers a lane from a cursor on, without what the asker wrote or brought', async () => {
      const { store } = await test.center();
      const [a, b, c] = [writer(station(1)), writer(station(2)), writer(station(2), 1, 1)];
      await store.take([a.write(2)], station(1));
      await store.take([b.write(2)], station(1));
      await store.take([c.write(1)], station(2));
      await store.take([b.write(2)], station(2));
      const forOne = await store.since(2, 0, lots, station(1));
      expect(forOne).toMatchObject({ cursor: 7, more: false, runs: [{ feed: b.feed, firstSeq: 3 }] });
      expect([...forOne.runs[0]!.before!]).toEqual([...b.stored[1]!]);
      expect(await store.since(1, 0, lots, station(2))).toMatchObject({ runs: [], cursor: 7, more: false });
      expect(bytes(await store.since(1, 4, lots, station(3)))).toHaveLength(1);
    });

    it('cuts answers at either limit, and always gives at least one change', async () => {
      const { store } = await test.center();
      const [a, b] = [writer(station(1)), writer(station(2))];
      for (let i = 0; i < 5; i++) await store.take([a.write(2), b.write(1)], station(3));
      const small = { changes: 4, bytes: 1 << 20 };
      const got: number[][] = [];
      for (let cursor = 0, more = true; more; ) {
        const slice = await store.since(2, cursor, small, null);
        expect(bytes(slice).length).toBeLessThanOrEqual(4);
        expect(slice.cursor).toBeGreaterThan(cursor);
        got.push(...bytes(slice));
        ({ cursor, more } = slice);
      }
      expect(got).toHaveLength(15);
      expect(new Set(got.map(String)).size).toBe(15);
      const length = a.stored[0]!.length;
      expect(bytes(await store.since(2, 0, { changes: 9, bytes: 1 }, null))).toHaveLength(1);
      expect(bytes(await store.since(2, 0, { changes: 9, bytes: length * 2 + 8 }, null))).toHaveLength(2);
      expect(await store.since(2, 0, { changes: 15, bytes: 1 << 20 }, null)).toMatchObject({ more: false });
    });

    it('answers what lies beyond given positions, all of it in as many steps as the limit asks', async () => {
      const { store } = await test.center();
      const feeds = [1, 2, 3].map((n) => writer(station(n)));
      for (let i = 0; i < 6; i++)
        await store.take([feeds[i % 3]!.write(3), feeds[(i + 1) % 3]!.write(2)], station(7));
      const positions = new Map([
        [feedKey(feeds[0]!.feed), 4],
        [feedKey(feeds[1]!.feed), feeds[1]!.stored.length],
        [feedKey(feeds[2]!.feed), 0],
        [feedKey(writer(station(8)).feed), 3],
      ]);
      const got: number[][] = [];
      for (let more = true; more; ) {
        const slice = await store.beyond(2, positions, { changes: 3, bytes: 1 << 20 });
        for (const run of slice.runs) {
          expect(run.firstSeq).toBe((positions.get(feedKey(run.feed)) ?? 0) + 1);
          positions.set(feedKey(run.feed), run.firstSeq + run.stored.length - 1);
        }
        got.push(...bytes(slice));
        more = slice.more;
        expect(slice.cursor).toBe(0);
      }
      const missing = [...feeds[0]!.stored.slice(4), ...feeds[2]!.stored].map((s) => [...s]);
      expect(got.map(String).sort()).toEqual(missing.map(String).sort());
      expect(await store.beyond(2, positions, lots)).toEqual({ runs: [], cursor: 0, more: false });
    });

    it('reads a log from its place on by index, for what is new as for what somebody lacks', async () => {
      const { store, center } = await test.center();
      const a = writer(station(1));
      await store.take([a.write(20)], station(2));
      const asked: [string, readonly unknown[]][] = [];
      const watched = test.storeOn(
        {
          ...test.db,
          query: (text, params = []) => {
            if (text.includes('picked')) asked.push([text, params]);
            return test.db.query(text, params);
          },
        },
        center,
      );
      await watched.since(2, 3, lots, station(3));
      await watched.beyond(2, new Map([[feedKey(a.feed), 5]]), lots);
      for (const [text, params] of asked) {
        const plan = await test.db.transaction(async (tx) => {
          // tables of a test are so small that reading all of them is the cheapest
          await tx.query('set local enable_seqscan = off');
          await tx.query('set local enable_bitmapscan = off');
          return await tx.query<{ 'QUERY PLAN': string }>(`explain ${text}`, params);
        });
        const lines = plan.map((row) => row['QUERY PLAN']).join('\n');
        expect(lines).toMatch(
          new RegExp(
            `Index Scan using change_log_${center}_pkey on change_log_${center} c[^\\n]*\\n\\s*Index Cond: .*log_no >`,
          ),
        );
        expect(lines).not.toMatch(/Seq Scan on (change_log|feed)/);
        // other centers' partitions are not even looked at
        expect(lines.match(/change_log_\d+/g)!.every((name) => name === `change_log_${center}`)).toBe(true);
      }
      expect(asked).toHaveLength(2);
    });
  });
}

const bytes = (slice: Slice): number[][] =>
  slice.runs.flatMap((run) => run.stored).map((stored) => [...stored]);

export { openTestDatabase };
