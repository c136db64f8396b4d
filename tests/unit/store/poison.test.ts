// Changes a projection throws on: they are kept, named and left out, and nothing else suffers from them – in any
// order of arrival, after a rebuild, and until a program comes that can show them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { tableDigest } from '../../../electron/store/digest.ts';
import { openStore } from '../../../electron/store/open.ts';
import { showAround } from '../../../electron/store/poison.ts';
import type { AreaModel, OpenStore } from '../../../electron/store/types.ts';
import { ok } from '../../../shared/api/contract.ts';
import { defineKind } from '../../../shared/model/change.ts';
import { give, openTestStore, testKey, testNow } from '../support/open-test-store.ts';
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

/** What a program with a gap in its checks lets through. */
const looseOpen = defineKind('thing.open', {
  lane: 0,
  subject: 'thing',
  creates: true,
  body: z.object({ name: z.unknown(), place: z.unknown() }),
});
const looseEdit = defineKind('thing.edit', {
  lane: 0,
  subject: 'thing',
  body: z.object({ set: z.unknown(), saw: z.unknown() }),
});

const [things, notes] = sampleArea.projections;
/** Throws in its own words, through the database's rules, and by what JavaScript cannot do. */
const touchy: AreaModel = {
  kinds: [looseOpen, looseEdit, thingNote],
  detectors: [
    ...(sampleArea.detectors ?? []),
    {
      prefix: 'place',
      detect(_ctx, place) {
        if (place === 'a place no rule understands') throw new Error('what is this place');
        return [];
      },
    },
  ],
  projections: [
    {
      ...things!,
      project(ctx, id, changes) {
        const projected = things!.project(ctx, id, changes);
        for (const { body } of changes) {
          const set = (body.set ?? body) as Record<string, unknown>;
          if (set.name === 'throws') throw new Error('secret of a patient');
          if (set.name === 'null')
            ctx.sql.prepare('update sample_thing set writes = null where id = ?').run(id);
          if (set.name === 'text')
            ctx.sql.prepare("update sample_thing set weight = 'heavy' where id = ?").run(id);
          if (set.name === 'unbindable') ctx.sql.prepare('select ?').get(set.extra);
          if (set.name === 'stranger') throw 'not even an error';
          if (set.name === 'twice')
            ctx.sql.prepare('insert into sample_thing select * from sample_thing').run();
        }
        return projected;
      },
    },
    notes!,
  ],
};
const good: AreaModel = {
  ...sampleArea,
  kinds: [looseOpen, looseEdit, thingNote],
  projections: [silent(), notes!],
};
/** Writes whatever it is given, so that the poison comes from a store that does not mind it. */
function silent(): AreaModel['projections'][number] {
  return { subject: 'thing', tables: ['sample_thing'], project: () => ({}) };
}

const open = (area: AreaModel, station: string, now?: () => number): OpenStore =>
  openTestStore([area], { station, migrations: sampleMigrations, ...(now && { now }) });
const unshowable = (s: OpenStore) =>
  s.sql
    .prepare<[], { hash: string; detail: string }>(
      `select lower(hex(l.hash)) as hash, p.detail from parked p join change_log l on l.arrival = p.arrival
       where p.reason = 'unshowable' order by l.hash`,
    )
    .all();
const write = (s: OpenStore, kind: typeof looseOpen | typeof looseEdit, id: string, body: object): void => {
  const written = s.write(nobody, (tx) =>
    ok(tx.append(kind as typeof looseOpen, { id, body: body as never })),
  );
  if (!written.ok) throw new Error(written.error.code);
};
const rows = (s: OpenStore) => s.sql.prepare('select id, name, writes from sample_thing order by id').all();

describe('a change its projection throws on', () => {
  it.each([
    ['throws', 'Error'],
    ['null', 'SqliteError SQLITE_CONSTRAINT_NOTNULL'],
    ['text', 'SqliteError SQLITE_CONSTRAINT_DATATYPE'],
    ['unbindable', 'RangeError'],
    ['stranger', 'something that is no error'],
    ['twice', 'SqliteError SQLITE_CONSTRAINT_PRIMARYKEY'],
  ])('is kept and left out (%s), named without what it says, and its batch goes through', (name, detail) => {
    const from = open(good, 'a');
    const id = crypto.randomUUID();
    write(from, looseOpen, id, { name: 'sound', place: null });
    write(from, looseEdit, id, { set: { name, extra: [] }, saw: {} });
    write(from, looseEdit, id, { set: { colour: 'red' }, saw: {} });
    write(from, looseOpen, crypto.randomUUID(), { name: 'another', place: null });
    const to = open(touchy, 'b');
    give(from, to);
    expect(unshowable(to).map((u) => u.detail)).toEqual([detail]);
    expect(rows(to)).toHaveLength(2);
    expect(to.sql.prepare('select name, colour, writes from sample_thing where id = ?').get(id)).toEqual({
      name: 'sound',
      colour: 'red',
      writes: 2,
    });
    expect(to.changesOf('thing', id)).toHaveLength(2);
    expect(to.verifyLog().ok).toBe(true);
  });

  it('leaves its subject there for what refers to it, also when it was its first', () => {
    const from = open(good, 'a');
    const id = crypto.randomUUID();
    write(from, looseOpen, id, { name: 'throws', place: null });
    from.write(nobody, (tx) =>
      ok(tx.append(thingNote, { id: crypto.randomUUID(), refs: [`thing:${id}`], body: { text: 'kept' } })),
    );
    const to = open(touchy, 'b');
    give(from, to);
    expect(to.parkedCounts()).toEqual([{ reason: 'unshowable', count: 1 }]);
    expect(to.sql.prepare('select text from sample_note').pluck().all()).toEqual(['kept']);
    expect(rows(to)).toEqual([]);
  });

  it('does not keep people here from working on the same subject', () => {
    const from = open(good, 'a');
    const id = crypto.randomUUID();
    write(from, looseOpen, id, { name: 'sound', place: null });
    write(from, looseEdit, id, { set: { name: 'throws' }, saw: {} });
    const to = open(touchy, 'b');
    give(from, to);
    write(to, looseEdit, id, { set: { name: 'renamed here' }, saw: {} });
    expect(rows(to)).toMatchObject([{ name: 'renamed here', writes: 2 }]);
    expect(unshowable(to)).toHaveLength(1);
  });

  it('is thrown, and nothing saved, when a command of this program writes it itself', () => {
    const here = open(touchy, 'a');
    const id = crypto.randomUUID();
    write(here, looseOpen, id, { name: 'sound', place: null });
    expect(() => write(here, looseEdit, id, { set: { name: 'throws' }, saw: {} })).toThrow('secret');
    const all = () =>
      here.bulk((as) => ok(as(nobody).append(looseEdit, { id, body: { set: { name: 'throws' }, saw: {} } })));
    expect(all).toThrow('secret');
    expect(here.changesOf('thing', id)).toHaveLength(1);
    expect(here.parkedCounts()).toEqual([]);
    write(here, looseEdit, id, { set: { name: 'sound again' }, saw: {} });
    expect(rows(here)).toMatchObject([{ name: 'sound again', writes: 2 }]);
  });

  it('does no harm in a rule between subjects either', () => {
    const from = open(good, 'a');
    for (const name of ['1', '2'])
      write(from, looseOpen, crypto.randomUUID(), { name, place: 'a place no rule understands' });
    write(from, looseOpen, crypto.randomUUID(), { name: '3', place: 'p1' });
    write(from, looseOpen, crypto.randomUUID(), { name: '4', place: 'p1' });
    const to = open(touchy, 'b');
    give(from, to);
    expect(rows(to)).toHaveLength(4);
    expect(to.parkedCounts()).toEqual([]);
    expect(to.sql.prepare('select key from conflict').pluck().all()).toEqual(['p1']);
  });

  it('is shown when a program comes that can show it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tram-poison-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'record.db');
    const from = open(sampleArea, 'a');
    const id = crypto.randomUUID();
    from.write(nobody, (tx) => ok(tx.append(thingOpen, { id, body: { name: 'throws' } })));
    from.write(nobody, (tx) => ok(tx.append(thingEdit, { id, body: { set: { colour: 'red' } } })));
    const version = (appVersion: string, areas: readonly AreaModel[], create = false) => {
      const opened = openStore({
        path,
        key: testKey,
        areas,
        create,
        appVersion,
        migrations: sampleMigrations,
        now: () => testNow,
        uptimeMs: () => testNow,
      });
      if (!opened.ok) throw new Error(opened.error.code);
      return opened.value;
    };
    let to = version('1', [{ ...touchy, kinds: sampleArea.kinds }], true);
    give(from, to);
    expect(unshowable(to)).toHaveLength(1);
    expect(rows(to)).toEqual([]);
    to.close();
    // the same program again changes nothing; one of another version that fixed it shows it all
    for (const [app, areas, left] of [
      ['1', [{ ...touchy, kinds: sampleArea.kinds }], 1],
      ['2', [{ ...touchy, kinds: sampleArea.kinds }], 1],
      ['3', [sampleArea], 0],
    ] as const) {
      to = version(app, areas);
      expect({ app, left: unshowable(to).length }).toEqual({ app, left });
      if (left > 0) to.close();
    }
    expect(tableDigest(to.sql, projectedTables)).toEqual(tableDigest(from.sql, projectedTables));
    to.close();
  });
});

describe('poison among good changes', () => {
  const names = ['sound', 'fine', 'throws', 'null', 'text', 'unbindable', 'stranger'];
  const act = fc.record({
    thing: fc.nat(3),
    pc: fc.nat(1),
    name: fc.constantFrom(...names),
    place: fc.constantFrom('p1', 'p2', null),
    meet: fc.boolean(),
  });

  it('leaves the same out and shows the same, whatever order it comes in, after a rebuild too', () => {
    fc.assert(
      fc.property(
        fc.array(act, { minLength: 5, maxLength: 30 }),
        fc.array(fc.nat(997), { minLength: 40, maxLength: 40 }),
        (acts, dice) => {
          let tick = testNow;
          const pcs = ['a', 'b'].map((station) => open(good, station, () => (tick += 7)));
          const ids = [0, 1, 2, 3].map(() => crypto.randomUUID());
          for (const id of ids) write(pcs[0]!, looseOpen, id, { name: 'sound', place: null });
          give(pcs[0]!, pcs[1]!);
          for (const { thing, pc, name, place, meet } of acts) {
            write(pcs[pc]!, looseEdit, ids[thing]!, {
              set: { name, place, colour: `${name}${place}` },
              saw: {},
            });
            if (meet) give(pcs[pc]!, pcs[1 - pc]!);
          }
          give(pcs[0]!, pcs[1]!);
          give(pcs[1]!, pcs[0]!);
          const feeds = pcs[0]!.feeds().map((f) => pcs[0]!.storedAfter(f, 0, 1000));
          const shown = [inOrder, oneByOne, shuffled(dice)].map((deliver) => {
            const to = open(touchy, 'z');
            deliver(feeds, to);
            const state = () => ({
              tables: tableDigest(to.sql, projectedTables),
              left: unshowable(to),
              digest: to.stateDigest(),
            });
            const live = state();
            expect(to.rebuild().ok).toBe(true);
            expect(state()).toEqual(live);
            expect(to.verifyLog().ok).toBe(true);
            expect(rows(to)).toHaveLength(4);
            to.close();
            return live;
          });
          expect(shown[1]).toEqual(shown[0]);
          expect(shown[2]).toEqual(shown[0]);
          for (const pc of pcs) pc.close();
        },
      ),
      { numRuns: propertyRuns(12), endOnFailure: process.env.TRAM_SHRINK === undefined },
    );
  }, 600_000);

  type Feeds = readonly (readonly Uint8Array[])[];
  const take = (to: OpenStore, batch: readonly Uint8Array[]): void => {
    const report = to.ingest(batch);
    if (!report.ok) throw new Error(report.error.code);
    expect(report.value.refused).toEqual([]);
  };
  function inOrder(feeds: Feeds, to: OpenStore): void {
    take(to, feeds.flat());
  }
  function oneByOne(feeds: Feeds, to: OpenStore): void {
    for (const feed of [...feeds].reverse()) for (const one of feed) take(to, [one]);
  }
  function shuffled(dice: readonly number[]): (feeds: Feeds, to: OpenStore) => void {
    return (feeds, to) => {
      const left = feeds.map((f) => [...f]);
      for (let i = 0; left.some((f) => f.length > 0); i++) {
        const open = left.filter((f) => f.length > 0);
        const feed = open[dice[i % dice.length]! % open.length]!;
        take(to, feed.splice(0, 1 + (dice[(i + 1) % dice.length]! % 5)));
      }
    };
  }
});

describe('leaving out', () => {
  const attempt = <T>(work: () => T) => {
    try {
      return { ok: true, value: work() } as const;
    } catch (error) {
      return { ok: false, error } as const;
    }
  };

  it('spares only what cannot follow what came before it, and looks at few combinations', () => {
    const all = Array.from({ length: 256 }, (_, i) => i);
    let looks = 0;
    const { value, spared } = showAround(attempt, all, (shown) => {
      looks += 1;
      if (shown.some((n) => n === 17 || n === 200)) throw new Error('no');
      return shown.length;
    });
    expect([...spared.keys()]).toEqual([17, 200]);
    expect(value).toBe(254);
    expect(looks).toBeLessThan(40);
  });

  it('ends when nothing at all can be shown', () => {
    const never = () => {
      throw new Error('no');
    };
    expect(showAround(attempt, [], never)).toEqual({ value: null, spared: new Map() });
    expect([...showAround(attempt, [1, 2, 3], never).spared.keys()]).toEqual([1, 2, 3]);
  });
});
