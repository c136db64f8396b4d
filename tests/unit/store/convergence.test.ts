// The promise of the whole design: the same set of changes gives the same tables, in whatever order and
// however often they came, live or rebuilt.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableDigest } from '../../../electron/store/digest.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { ok } from '../../../shared/api/contract.ts';
import { versionOf } from '../../../shared/model/change.ts';
import { exchange, openTestStore, testNow } from '../support/open-test-store.ts';
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

type Act =
  | { do: 'open'; at: number; thing: number; place: string | null }
  | {
      do: 'edit';
      at: number;
      thing: number;
      field: 'name' | 'colour' | 'weight' | 'place';
      value: string;
      sees: boolean;
    }
  | { do: 'note'; at: number; thing: number }
  | { do: 'meet'; at: number; with: number };

/** More in the long run: TRAM_PROPERTY_RUNS=500 npm run unit -- convergence */
const runs = propertyRuns(6);
const stations = 3;
const at = fc.nat(stations - 1);
const thing = fc.nat(3);
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ do: fc.constant('open' as const), at, thing, place: fc.constantFrom(null, 'p1', 'p2') }),
  fc.record({
    do: fc.constant('edit' as const),
    at,
    thing,
    field: fc.constantFrom('name' as const, 'colour' as const, 'weight' as const, 'place' as const),
    value: fc.constantFrom('p1', 'p2', 'đỏ', 'xanh'),
    sees: fc.boolean(),
  }),
  fc.record({ do: fc.constant('note' as const), at, thing }),
  fc.record({ do: fc.constant('meet' as const), at, with: at }),
);

/** Plays the acts on several stations whose clocks differ; impossible ones are skipped. */
function play(acts: readonly Act[], skewMs: readonly number[]): OpenStore[] {
  let tick = 0;
  const stores = skewMs.map((skew, i) =>
    openTestStore([sampleArea], {
      station: String(i),
      migrations: sampleMigrations,
      now: () => testNow + skew + tick++ * 10,
    }),
  );
  for (const a of acts) {
    const store = stores[a.at]!;
    if (a.do === 'meet') {
      if (a.at !== a.with) exchange(store, stores[a.with]!);
      continue;
    }
    const id = `thing-${a.thing}`;
    const there = store.changesOf('thing', id);
    const result = store.write(nobody, (tx) => {
      if (a.do === 'open') tx.append(thingOpen, { id, body: { name: `at ${a.at}`, place: a.place } });
      else if (there.some((c) => c.kind === 'thing.open')) {
        const value =
          a.do === 'edit' && a.field === 'weight' ? a.value.length : a.do === 'edit' ? a.value : '';
        const saw = a.do === 'edit' && a.sees ? { [a.field]: there.map(versionOf).join(',') } : {};
        if (a.do === 'edit') tx.append(thingEdit, { id, body: { set: { [a.field]: value }, saw } });
        else
          tx.append(thingNote, {
            id: `note-${a.at}-${tick}`,
            refs: [`thing:${id}`],
            body: { text: `${tick}` },
          });
      }
      return ok(null);
    });
    expect(result.ok).toBe(true);
  }
  return stores;
}

const digest = (s: OpenStore) => ({
  ...tableDigest(s.sql, projectedTables),
  parked: JSON.stringify(s.parkedCounts()),
});
const acts = fc.array(act, { minLength: 5, maxLength: 40 });
const skews = fc.tuple(
  fc.integer({ min: -600_000, max: 600_000 }),
  fc.constant(0),
  fc.integer({ min: -600_000, max: 600_000 }),
);

describe('stores that hold the same changes', () => {
  it('show the same after any delivery: mixed, repeated, in any order of feeds', () => {
    fc.assert(
      fc.property(
        acts,
        skews,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (played, skew, dice) => {
          const stores = play(played, skew);
          for (const a of stores) for (const b of stores) if (a !== b) exchange(a, b);
          const [first, ...others] = stores.map(digest);
          for (const other of others) expect(other).toEqual(first);

          const late = openTestStore([sampleArea], {
            station: 'late',
            migrations: sampleMigrations,
            now: testNow + 9e6,
          });
          const queues = stores[0]!
            .feeds()
            .map((f) => stores[0]!.storedAfter(f, 0, 10_000).map((bytes) => bytes));
          while (queues.some((q) => q.length > 0)) {
            const open = queues.filter((q) => q.length > 0);
            const queue = open[Math.floor(dice.next().value! * open.length) % open.length]!;
            const slice = queue.slice(0, 1 + Math.floor(dice.next().value! * 3));
            late.ingest(slice);
            // sometimes it comes again
            if (dice.next().value! > 0.3) queue.splice(0, slice.length);
          }
          expect(digest(late)).toEqual(first);
          expect(late.verifyLog().ok).toBe(true);

          late.rebuild();
          expect(digest(late)).toEqual(first);
          stores[0]!.rebuild();
          expect(digest(stores[0]!)).toEqual(first);
          for (const s of [...stores, late]) s.close();
        },
      ),
      { numRuns: runs },
    );
  }, 120_000);

  it('show while things are missing what a rebuild would show', () => {
    fc.assert(
      fc.property(acts, fc.array(fc.nat(8), { maxLength: 12 }), (played, cut) => {
        const stores = play(played, [0, 0, 0]);
        for (const a of stores) for (const b of stores) if (a !== b) exchange(a, b);
        const part = openTestStore([sampleArea], {
          station: 'part',
          migrations: sampleMigrations,
          now: testNow + 9e6,
        });
        // lane 1 first, so that notes come before what they refer to
        stores[0]!
          .feeds()
          .sort((a, b) => b.lane - a.lane)
          .forEach((f, i) => {
            part.ingest(stores[0]!.storedAfter(f, 0, cut[i] ?? 100));
          });
        const live = digest(part);
        part.rebuild();
        expect(digest(part)).toEqual(live);
        for (const s of [...stores, part]) s.close();
      }),
      { numRuns: runs },
    );
  }, 120_000);

  it('are found to have two things in one place, and no more once one has left it', () => {
    const stores = play(
      [
        { do: 'open', at: 0, thing: 0, place: 'p1' },
        { do: 'open', at: 1, thing: 1, place: 'p1' },
        { do: 'meet', at: 0, with: 1 },
      ],
      [0, 0, 0],
    );
    const conflicts = (s: OpenStore) => s.sql.prepare('select kind, owner, settled from conflict').all();
    expect(conflicts(stores[0]!)).toEqual([{ kind: 'double_bed', owner: 'key:place:p1', settled: null }]);
    const id = (s: OpenStore) => s.sql.prepare('select id from conflict').pluck().get();
    expect(id(stores[0]!)).toMatch(/^[0-9a-f]{32}$/);
    expect(id(stores[1]!)).toBe(id(stores[0]!));
    stores[1]!.write(nobody, (tx) =>
      ok(tx.append(thingEdit, { id: 'thing-1', body: { set: { place: 'p2' } } })),
    );
    exchange(stores[0]!, stores[1]!);
    for (const s of stores.slice(0, 2)) expect(conflicts(s)).toEqual([]);
  });

  it('are filled in bulk as they are one by one', () => {
    const one = openTestStore([sampleArea], { migrations: sampleMigrations, now: testNow });
    const bulk = openTestStore([sampleArea], { migrations: sampleMigrations, now: testNow });
    const ids = Array.from({ length: 20 }, (_, i) => `thing-${i}`);
    for (const id of ids)
      one.write(nobody, (tx) => ok(tx.append(thingOpen, { id, body: { name: id, place: 'p' } })));
    bulk.bulk((as) => {
      const tx = as(nobody);
      for (const id of ids) tx.append(thingOpen, { id, body: { name: id, place: 'p' } });
      return ok(null);
    });
    expect(digest(bulk)).toEqual(digest(one));
    expect(bulk.sql.pragma('synchronous', { simple: true })).toBe(2);
  });
});
