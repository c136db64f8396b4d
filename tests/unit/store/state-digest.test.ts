// Two stores with the same changes prove that they show the same, and a row that is wrong is found, healed and kept
// in mind.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connect } from '../../../electron/store/connection.ts';
import { checkState, summedNames } from '../../../electron/store/state-digest.ts';
import {
  addWords,
  countedAnew,
  noSum,
  sumHex,
  summedTables,
  sumOf,
} from '../../../electron/store/state-sums.ts';
import type { OpenStore, Projection } from '../../../electron/store/types.ts';
import { fail, ok } from '../../../shared/api/contract.ts';
import { versionOf } from '../../../shared/model/change.ts';
import { findDifferences, StateAnswer, StateQuestion } from '../../../shared/sync/state-walk.ts';
import { exchange, openTestStore, testKey, testNow } from '../support/open-test-store.ts';
import { propertyRuns } from '../support/property-runs.ts';
import {
  nobody,
  sampleArea,
  sampleMigrations,
  thingEdit,
  thingNote,
  thingOpen,
  writeThing,
} from './sample-area.ts';

const open = (options: Parameters<typeof openTestStore>[1] = {}): OpenStore =>
  openTestStore([sampleArea], { migrations: sampleMigrations, ...options });
const names = summedNames([sampleArea]);

/** What the tables hold, summed without any memory of how it came about. */
const fromScratch = (store: OpenStore) =>
  Object.fromEntries(summedTables(store.sql, names).map((t) => [t.name, countedAnew(store.sql, t)]));
const kept = (store: OpenStore) =>
  Object.fromEntries(
    store.sql
      .prepare<[], { name: string; rows: number; sum: string }>(
        'select name, rows, lower(hex(sum)) as sum from state_digest',
      )
      .all()
      .map(({ name, ...tally }) => [name, tally]),
  );

describe('sums of rows', () => {
  it('add and take away modulo 2^128', () => {
    const word = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n });
    const hex = (n: bigint) => n.toString(16).padStart(32, '0');
    fc.assert(
      fc.property(word, word, (a, b) => {
        const sum = noSum();
        addWords(sum, sumOf(hex(a)), 0, 1);
        addWords(sum, sumOf(hex(b)), 0, 1);
        expect(sumHex(sum)).toBe(hex((a + b) % 2n ** 128n));
        addWords(sum, sumOf(hex(a)), 0, -1);
        expect(sumHex(sum)).toBe(hex(b));
        addWords(sum, sumOf(hex(a)), 0, -1);
        expect(sumHex(sum)).toBe(hex((b - a + 2n ** 128n) % 2n ** 128n));
      }),
    );
  });

  it('tell a null from a nought, an empty text and no bytes', () => {
    const { sql } = open();
    sql.exec('create table kinds (id text primary key, a text, b blob, c integer) strict');
    const [table] = summedTables(sql, ['kinds']);
    const sums = [
      'null, null, null',
      "'', null, null",
      "null, x'', null",
      'null, null, 0',
      "'null', null, null",
    ].map((row) => {
      sql.exec(`delete from kinds; insert into kinds values ('1', ${row})`);
      return countedAnew(sql, table!).sum;
    });
    expect(new Set(sums).size).toBe(5);
  });

  it('do not depend on the order in which columns were added', () => {
    const at = open();
    const later = open();
    at.sql.exec('create table t (id text primary key, a text, b integer) strict');
    later.sql.exec('create table t (b integer, id text primary key) strict; alter table t add column a text');
    for (const { sql } of [at, later]) sql.exec("insert into t (id, a, b) values ('1', 'x', 2)");
    const [one, other] = [at, later].map(({ sql }) => countedAnew(sql, summedTables(sql, ['t'])[0]!));
    expect(other).toEqual(one);
  });
});

type Act =
  | { do: 'open' | 'edit' | 'note'; thing: number; value: string }
  | { do: 'fail' | 'throw' | 'savepoint' | 'rebuild' | 'bulk'; thing: number; value: string };
const act: fc.Arbitrary<Act> = fc.record({
  do: fc.constantFrom(
    'open',
    'open',
    'edit',
    'edit',
    'note',
    'fail',
    'throw',
    'savepoint',
    'rebuild',
    'bulk',
  ),
  thing: fc.nat(3),
  value: fc.constantFrom('p1', 'p2', 'đỏ', 'xanh'),
});

/** Plays one act; what cannot be is skipped. */
function perform(store: OpenStore, { do: what, thing, value }: Act, n: number): void {
  const id = `thing-${thing}`;
  const isThere = store.changesOf('thing', id).length > 0;
  const write = (tx: Parameters<Parameters<OpenStore['write']>[1]>[0]) => {
    if (!isThere || what === 'open') tx.append(thingOpen, { id, body: { name: `n${n}`, place: value } });
    else tx.append(thingEdit, { id, body: { set: { place: value, colour: value } } });
  };
  if (what === 'rebuild') store.rebuild();
  else if (what === 'fail')
    store.write(nobody, (tx) => {
      write(tx);
      return fail('not_found');
    });
  else if (what === 'throw')
    expect(() =>
      store.write(nobody, (tx) => {
        write(tx);
        throw new Error('a bug');
      }),
    ).toThrow('a bug');
  else if (what === 'savepoint')
    store.write(nobody, (tx) => {
      write(tx);
      tx.sql.exec('savepoint s');
      tx.sql.exec(
        `update sample_thing set name = 'lost'; delete from sample_note; insert into sample_note values ('x${n}', 'lost')`,
      );
      tx.sql.exec('rollback to s; release s');
      tx.append(thingNote, { id: `note-${n}`, body: { text: value } });
      tx.sql.exec('savepoint kept; release kept');
      return ok(null);
    });
  else if (what === 'bulk')
    store.bulk((as) => {
      write(as(nobody));
      return ok(null);
    });
  else
    store.write(nobody, (tx) => {
      if (what === 'note' && isThere)
        tx.append(thingNote, { id: `note-${n}`, refs: [`thing:${id}`], body: { text: value } });
      else write(tx);
      return ok(null);
    });
}

describe('the state digest', () => {
  it('kept with every change is the one counted from scratch, after any history, rollback, savepoint and rebuild', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 3, maxLength: 25 }), (acts) => {
        const store = open();
        acts.forEach((a, n) => {
          perform(store, a, n);
          expect(kept(store)).toEqual(fromScratch(store));
        });
        expect(store.state.check()).toMatchObject({ ok: true });
        store.close();
      }),
      { numRuns: propertyRuns(15) },
    );
  }, 60_000);

  it('is equal in two stores with the same changes, whatever came first, and only then', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 4, maxLength: 20 }), fc.array(fc.boolean()), (acts, sides) => {
        const [a, b] = [open({ station: 'a', now: testNow }), open({ station: 'b', now: testNow + 500 })];
        acts.forEach((played, n) => {
          perform(sides[n] ? a : b, played, n);
        });
        exchange(a, b);
        expect(b.stateDigest()).toEqual(a.stateDigest());
        writeThing(a, { name: 'one more' });
        expect(b.stateDigest().digest).not.toBe(a.stateDigest().digest);
        expect(b.stateDigest().fingerprint).toBe(a.stateDigest().fingerprint);
        a.close();
        b.close();
      }),
      { numRuns: propertyRuns(10) },
    );
  }, 60_000);

  it('survives closing, and a store that never had one is summed when it is opened', () => {
    const store = open();
    writeThing(store, { name: 'x', place: 'p' });
    writeThing(store, { name: 'y', place: 'p' });
    const before = store.stateDigest();
    const again = (): OpenStore => open({ path: store.path, create: false });
    store.close();
    const reopened = again();
    expect(reopened.stateDigest()).toEqual(before);
    reopened.sql.exec('delete from state_digest');
    reopened.close();
    const summed = again();
    expect(summed.stateDigest()).toEqual(before);
    summed.close();
  });

  it('goes along when a new program version fills tables differently, and says that the two cannot be compared', () => {
    const store = open();
    writeThing(store, { name: 'x' });
    const before = store.stateDigest();
    store.close();
    const [thing, ...others] = sampleArea.projections;
    const shouting = {
      ...thing!,
      version: 2,
      project: (...args: Parameters<Projection['project']>) => {
        const projected = thing!.project(...args);
        args[0].sql.prepare('update sample_thing set name = upper(name) where id = ?').run(args[1]);
        return projected;
      },
    };
    const newer = openTestStore([{ ...sampleArea, projections: [shouting, ...others] }], {
      path: store.path,
      create: false,
      migrations: sampleMigrations,
    });
    expect(kept(newer)).toEqual(fromScratch(newer));
    expect(newer.stateDigest().digest).not.toBe(before.digest);
    expect(newer.stateDigest().fingerprint).not.toBe(before.fingerprint);
    newer.close();
  });
});

/** Two stores that hold the same changes and show the same, with enough rows to walk through. */
function twins(rows = 300): [OpenStore, OpenStore, string[]] {
  const a = open({ station: 'a' });
  const b = open({ station: 'b' });
  const ids = Array.from({ length: rows }, (_, i) => `thing-${i}`);
  a.bulk((as) => {
    const tx = as(nobody);
    for (const id of ids) tx.append(thingOpen, { id, body: { name: id, place: `p${id}` } });
    return ok(null);
  });
  exchange(a, b);
  expect(b.stateDigest()).toEqual(a.stateDigest());
  return [a, b, ids];
}

/** As if over a line: only what both schemas let through. */
const overLine = (store: OpenStore) => async (question: unknown) =>
  StateAnswer.parse(
    JSON.parse(
      JSON.stringify(await store.state.answer(StateQuestion.parse(JSON.parse(JSON.stringify(question))))),
    ),
  );
const differences = (a: OpenStore, b: OpenStore) => findDifferences(a.state.answer, overLine(b));
const keyHash = (store: OpenStore, table: string, id: string) =>
  summedTables(store.sql, [table])[0]!.keyHashOf(JSON.stringify([id]));

describe('a row that is not what the log says', () => {
  const byPeer = { found: 'peer', peer: 'f'.repeat(32) } as const;

  it('is named by a walk between two stores, healed from the log, and kept as an alarm', async () => {
    const [a, b] = twins();
    b.sql.exec("update sample_thing set name = 'forged' where id = 'thing-17'");
    b.write(nobody, () => ok(null));
    expect(b.stateDigest().digest).not.toBe(a.stateDigest().digest);
    const found = await differences(a, b);
    expect(found).toEqual([{ table: 'sample_thing', keys: [keyHash(a, 'sample_thing', 'thing-17')] }]);

    const right = a.stateDigest();
    const atA = await a.state.repair(found!, byPeer);
    const atB = await b.state.repair(found!, byPeer);
    expect(atA.ok && atA.value).toMatchObject([{ table: 'sample_thing', rows: 1, wasOurs: false }]);
    expect(atB.ok && atB.value).toMatchObject([{ table: 'sample_thing', rows: 1, wasOurs: true }]);
    expect(a.stateDigest()).toEqual(right);
    expect(b.stateDigest()).toEqual(right);
    expect(b.sql.prepare("select name from sample_thing where id = 'thing-17'").pluck().get()).toBe(
      'thing-17',
    );
    expect(await differences(a, b)).toEqual([]);
    expect(b.state.alarms()).toMatchObject([
      { table: 'sample_thing', rows: 1, found: 'peer', peer: byPeer.peer },
    ]);
    b.close();
    const reopened = open({ path: b.path, create: false });
    expect(reopened.state.alarms()).toHaveLength(1);
    reopened.close();
  });

  it('is found when one store lacks it or has one too many', async () => {
    const [a, b] = twins();
    b.sql.exec("delete from sample_thing where id = 'thing-3'");
    b.sql.exec("insert into sample_note values ('never written', 'x')");
    b.write(nobody, () => ok(null));
    const found = await differences(a, b);
    expect(found).toEqual([
      { table: 'sample_note', keys: [keyHash(a, 'sample_note', 'never written')] },
      { table: 'sample_thing', keys: [keyHash(a, 'sample_thing', 'thing-3')] },
    ]);
    await b.state.repair(found!, byPeer);
    expect(b.stateDigest()).toEqual(a.stateDigest());
    expect(kept(b)).toEqual(fromScratch(b));
  });

  it('is healed with its whole table when too many differ to be named', async () => {
    const [a, b] = twins();
    b.sql.exec("update sample_thing set name = name || '!'");
    b.write(nobody, () => ok(null));
    const found = await differences(a, b);
    expect(found).toEqual([{ table: 'sample_thing', keys: null }]);
    await b.state.repair(found!, byPeer);
    expect(b.stateDigest()).toEqual(a.stateDigest());
    expect(b.state.alarms()).toMatchObject([{ rows: null, wasOurs: true }]);
  });

  it('is healed when it is a conflict that was lost or altered', async () => {
    const [a, b] = twins(5);
    for (const id of ['x', 'y']) writeThing(a, { name: id, place: 'one bed' });
    exchange(a, b);
    b.sql.exec("update conflict set settled = '{}'");
    b.write(nobody, () => ok(null));
    await b.state.repair((await differences(a, b))!, byPeer);
    expect(b.stateDigest()).toEqual(a.stateDigest());
    b.sql.exec('delete from conflict');
    b.write(nobody, () => ok(null));
    await b.state.repair((await differences(a, b))!, byPeer);
    expect(b.stateDigest()).toEqual(a.stateDigest());
    expect(b.sql.prepare('select count(*) from conflict').pluck().get()).toBe(1);
  });

  it('is found by the check when it was changed behind the program, and healed', async () => {
    const [a, b] = twins();
    const behind = connect(b.path, testKey, { mustExist: true });
    behind.exec("update sample_thing set name = 'forged' where id = 'thing-9'");
    expect(b.stateDigest()).toEqual(a.stateDigest());
    const checked = checkState(behind, names);
    behind.close();
    expect(checked).toMatchObject({ ok: false, tables: ['sample_thing'] });
    expect(checked.detail).toContain('sample_thing');
    expect(checked.detail).not.toContain('forged');
    await b.state.repair([{ table: 'sample_thing', keys: null }], { found: 'check', peer: null });
    expect(b.state.check()).toMatchObject({ ok: true });
    expect(b.stateDigest()).toEqual(a.stateDigest());
    expect(b.state.alarms()).toMatchObject([{ found: 'check', peer: null, wasOurs: true }]);
  });

  it('is no reason to alarm while a table is being written or the programs differ', async () => {
    const [a, b] = twins();
    b.sql.exec("update sample_thing set name = 'forged' where id = 'thing-9'");
    b.write(nobody, () => ok(null));
    const moving: typeof b.state.answer = async (question) => {
      if (question.ask === 'rows') writeThing(b, { name: 'typed meanwhile' });
      return b.state.answer(question);
    };
    expect(await findDifferences(a.state.answer, moving)).toBeNull();
    const other: typeof b.state.answer = async (question) => {
      const answer = await b.state.answer(question);
      return answer.is === 'tables' ? { ...answer, fingerprint: '0'.repeat(32) } : answer;
    };
    expect(await findDifferences(a.state.answer, other)).toBeNull();
  });

  it('is looked for in slices, with room for saves in between', async () => {
    const [a] = twins(1_500);
    const { sum } = a.sql
      .prepare<[], { sum: string }>(
        "select lower(hex(sum)) as sum from state_digest where name = 'sample_thing'",
      )
      .get()!;
    let turns = 0;
    let walking = true;
    const others = (async () => {
      while (walking) {
        await new Promise((resolve) => setImmediate(resolve));
        turns += 1;
      }
    })();
    const answer = await a.state.answer({ ask: 'buckets', table: 'sample_thing', sum, below: [''] });
    walking = false;
    await others;
    expect(answer).toMatchObject({ is: 'buckets' });
    expect(turns).toBeGreaterThanOrEqual(3);
  });
});

it('covers what two people wrote without seeing each other, and how it was settled', () => {
  const a = open({ station: 'a' });
  const b = open({ station: 'b' });
  const id = writeThing(a, { name: 'x' });
  exchange(a, b);
  for (const [store, colour] of [
    [a, 'đỏ'],
    [b, 'xanh'],
  ] as const)
    store.write(nobody, (tx) => ok(tx.append(thingEdit, { id, body: { set: { colour } } })));
  exchange(a, b);
  expect(a.sql.prepare('select count(*) from conflict').pluck().get()).toBe(1);
  expect(b.stateDigest()).toEqual(a.stateDigest());
  const saw = { colour: a.changesOf('thing', id).map(versionOf).join(',') };
  a.write(nobody, (tx) => ok(tx.append(thingEdit, { id, body: { set: { colour: 'đỏ' }, saw } })));
  exchange(a, b);
  expect(b.stateDigest()).toEqual(a.stateDigest());
});
