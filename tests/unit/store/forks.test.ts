// Two copies of one store went on writing under the same numbers. Whatever meets whom first: every saved action is
// there once on every store, what the copies wrote unseen of each other is a conflict, and no chain is broken.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { changeStoreOf } from '../../../electron/store/change-store.ts';
import { tableDigest } from '../../../electron/store/digest.ts';
import { ok } from '../../../shared/api/contract.ts';
import { type Lane, versionOf } from '../../../shared/model/change.ts';
import { meet, type Place } from '../support/meet.ts';
import { openTestStore, stationId, testNow } from '../support/open-test-store.ts';
import { propertyRuns } from '../support/property-runs.ts';
import {
  nobody,
  projectedTables,
  sampleArea,
  sampleMigrations,
  thingEdit,
  thingNote,
  thingOpen,
} from './sample-area.ts';

let tick = testNow;
const place = (station: string, options: { path?: string; create?: boolean } = {}): Place => {
  const store = openTestStore([sampleArea], {
    station,
    migrations: sampleMigrations,
    now: () => (tick += 13),
    ...options,
  });
  return { store, log: changeStoreOf(store), isProvince: station === 'province' };
};

/** A store and a copy of its folder, both open. */
function cloned(prepare: (original: Place) => void): [Place, Place] {
  const folder = mkdtempSync(join(tmpdir(), 'tram-clone-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'one', 'record.db');
  const before = place('a', { path });
  prepare(before);
  before.store.close();
  cpSync(join(folder, 'one'), join(folder, 'two'), { recursive: true });
  return [
    place('a', { path, create: false }),
    place('a', { path: join(folder, 'two', 'record.db'), create: false }),
  ];
}

// ── what people do ──────────────────────────────────────────────────────────

function open(at: Place, name: string): string {
  const id = crypto.randomUUID();
  done(at.store.write(nobody, (tx) => ok(tx.append(thingOpen, { id, body: { name } }))));
  return id;
}

/** As a screen does it: names the version it showed. */
function paint(at: Place, id: string, colour: string): void {
  const shown = at.store.changesOf('thing', id).filter((c) => (c.body.set as { colour?: string })?.colour);
  const saw: Record<string, string> = shown.length > 0 ? { colour: versionOf(shown.at(-1)!) } : {};
  done(at.store.write(nobody, (tx) => ok(tx.append(thingEdit, { id, body: { set: { colour }, saw } }))));
}

function note(at: Place, thing: string, text: string): void {
  done(
    at.store.write(nobody, (tx) =>
      ok(tx.append(thingNote, { id: crypto.randomUUID(), refs: [`thing:${thing}`], body: { text } })),
    ),
  );
}

function done(result: { ok: boolean }): void {
  if (!result.ok) throw new Error('not saved');
}

// ── what everybody sees ─────────────────────────────────────────────────────

const things = (p: Place) =>
  p.store.sql.prepare<[], string>('select name from sample_thing order by name').pluck().all();
const notes = (p: Place) =>
  p.store.sql.prepare<[], string>('select text from sample_note order by text').pluck().all();
const conflicts = (p: Place) =>
  p.store.sql
    .prepare<[], { key: string; sides: string }>('select key, sides from conflict order by owner')
    .all()
    .map(
      ({ key, sides }) => `${key}: ${(JSON.parse(sides) as { value: string }[]).map((s) => s.value).sort()}`,
    );
const shown = (p: Place) => ({ ...tableDigest(p.store.sql, projectedTables), state: p.store.stateDigest() });

function allAgree(places: readonly Place[]): void {
  const [first, ...others] = places;
  for (const other of others) {
    expect(other.store.feeds().map(({ own: _, ...f }) => f)).toEqual(
      first!.store.feeds().map(({ own: _, ...f }) => f),
    );
    expect(shown(other)).toEqual(shown(first!));
  }
  for (const { store } of places) {
    expect(store.verifyLog().ok).toBe(true);
    expect(store.parkedCounts()).toEqual([]);
    const live = tableDigest(store.sql, projectedTables);
    expect(store.rebuild().ok).toBe(true);
    expect(tableDigest(store.sql, projectedTables)).toEqual(live);
  }
}

describe('two copies of one store that both went on writing', () => {
  it.each([
    ['the first', [0, 1]],
    ['the second', [1, 0]],
  ])('lose nothing when %s meets the province first', async (_who, order) => {
    const province = place('province');
    let shared = '';
    const copies = cloned((p) => {
      shared = open(p, 'before');
      paint(p, shared, 'white');
    });
    for (const [i, copy] of copies.entries()) {
      const own = open(copy, `by copy ${i}`);
      note(copy, own, `note of copy ${i}`);
      paint(copy, own, `first ${i}`);
      paint(copy, own, `second ${i}`);
      paint(copy, shared, `shared ${i}`);
      paint(copy, shared, `shared again ${i}`);
    }
    const [first, second] = order.map((i) => copies[i]!);
    await meet(first!, province);
    await meet(second!, province);
    await meet(first!, province);
    const all = [province, ...copies];
    allAgree(all);
    for (const p of all) {
      expect(things(p)).toEqual(['before', 'by copy 0', 'by copy 1']);
      expect(notes(p)).toEqual(['note of copy 0', 'note of copy 1']);
      // what one of them wrote twice knowing of the first is no conflict; what both wrote unseen is exactly one
      expect(conflicts(p)).toEqual(['colour: shared again 0,shared again 1']);
    }
    expect(second!.store.quarantined().map((q) => q.reason)).toContain('displaced');
    expect(province.store.quarantined().every((q) => q.reason !== 'displaced')).toBe(true);
    expect(new Set(copies.map((c) => c.store.station.incarnation)).size).toBe(2);
    open(second!, 'and it goes on');
    await meet(second!, province);
    expect(things(province)).toContain('and it goes on');
    expect(province.store.quarantined().filter((q) => q.reason === 'fork').length).toBeLessThanOrEqual(12);
  });

  it('lose nothing of what others wrote on top of the branch that gives way', async () => {
    const [province, c] = [place('province'), place('c')];
    let shared = '';
    const [a, b] = cloned((p) => {
      shared = open(p, 'before');
      paint(p, shared, 'white');
    });
    const ofA = open(a, 'patient of a');
    paint(a, shared, 'red');
    await meet(c, a);
    // c works on what only this branch knows, and settles its colour knowing of it
    note(c, ofA, 'seen by c');
    paint(c, ofA, 'green');
    paint(c, shared, 'dark red');
    open(b, 'patient of b');
    await meet(b, province);
    await meet(c, province);
    // a is gone for good: its work is there all the same, and c's is no conflict with what c had seen
    allAgree([province, c]);
    expect(things(c)).toEqual(['before', 'patient of a', 'patient of b']);
    expect(notes(province)).toEqual(['seen by c']);
    expect(conflicts(c)).toEqual([]);
    await meet(a, province);
    await meet(c, province);
    await meet(b, province);
    allAgree([province, a, b, c]);
    expect(conflicts(c)).toEqual([]);
  });

  it('take the branch back that was set aside when it is the one that stays, and count it once', async () => {
    const [province, c] = [place('province'), place('c')];
    const [a, b] = cloned((p) => void open(p, 'before'));
    const mine = open(a, 'by a');
    paint(a, mine, 'red');
    await meet(c, a);
    await c.log.displace({ station: stationId('a'), incarnation: 1, lane: 0 as Lane }, 2);
    expect(things(c)).toEqual(['before', 'by a']);
    paint(c, mine, 'blue');
    open(b, 'by b');
    await meet(a, province);
    await meet(c, province);
    await meet(b, province);
    await meet(c, province);
    await meet(a, province);
    allAgree([province, a, b, c]);
    expect(things(province)).toEqual(['before', 'by a', 'by b']);
    expect(conflicts(province)).toEqual([]);
    expect(c.store.quarantined()).toEqual([]);
  });

  it('keep what was set aside for ever, and say so once', async () => {
    const a = place('a');
    open(a, '1');
    open(a, '2');
    const feed = { station: stationId('a'), incarnation: 1, lane: 0 as Lane };
    const heads = a.store.storedAfter(feed, 0, 10);
    expect(await a.log.displace(feed, 2)).toEqual({ displaced: 1, lane: 0 });
    expect(await a.log.displace(feed, 2)).toEqual({ displaced: 0, lane: 0 });
    expect(await a.log.displace({ ...feed, lane: 1 }, 1)).toEqual({ displaced: 0, lane: 1 });
    expect(a.store.station.incarnation).toBe(2);
    expect(things(a)).toEqual(['1', '2']);
    expect(a.store.sql.prepare('select seq, reason, stored from quarantine').all()).toEqual([
      { seq: 2, reason: 'displaced', stored: heads[1] },
    ]);
    expect(await a.log.end()).toBe(3);
    // set aside again, with what it carries: never a carrier in a carrier
    expect(await a.log.displace({ ...feed, incarnation: 2 }, 1)).toEqual({ displaced: 1, lane: 0 });
    expect(things(a)).toEqual(['1', '2']);
    const [carrier] = a.store.storedAfter({ ...feed, incarnation: 3 }, 0, 10);
    expect(carrier!.length).toBeLessThan(heads[1]!.length * 2);
    allAgree([a]);
  });
});

describe('any history of copies, relays and a province', () => {
  const act = fc.record({
    who: fc.nat(3),
    what: fc.constantFrom('open', 'paint', 'note', 'meet', 'meet', 'paint'),
    x: fc.nat(100),
  });

  it('ends with the same record everywhere and every saved action in it once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 10, maxLength: 40 }), async (acts) => {
        const province = place('province');
        const shared: string[] = [];
        const [a, b] = cloned((p) => {
          shared.push(open(p, 'before 0'), open(p, 'before 1'));
        });
        const places = [a, b, place('c'), place('d')];
        const saved = { things: ['before 0', 'before 1'], notes: [] as string[] };
        for (const [i, { who, what, x }] of acts.entries()) {
          const at = places[who]!;
          const known = at.store.sql
            .prepare<[], string>('select id from sample_thing order by id')
            .pluck()
            .all();
          const one = known[x % Math.max(1, known.length)];
          if (what === 'open') {
            open(at, `thing ${i}`);
            saved.things.push(`thing ${i}`);
          } else if (what === 'note' && one) {
            note(at, one, `note ${i}`);
            saved.notes.push(`note ${i}`);
          } else if (what === 'paint' && one) paint(at, one, `colour ${i}`);
          else if (what === 'meet') await meet(at, [province, ...places].filter((p) => p !== at)[x % 4]!);
        }
        for (let round = 0; round < 3; round++) for (const p of places) await meet(p, province);
        const all = [province, ...places];
        allAgree(all);
        expect(things(province)).toEqual([...saved.things].sort());
        expect(notes(province)).toEqual([...saved.notes].sort());
        for (const { store } of all) store.close();
      }),
      { numRuns: propertyRuns(10), endOnFailure: process.env.TRAM_SHRINK === undefined },
    );
  }, 600_000);
});
