import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { OpenStore } from '../../../electron/store/types.ts';
import { fail, ok } from '../../../shared/api/contract.ts';
import { defineKind } from '../../../shared/model/change.ts';
import { openTestStore, stationId, testNow } from '../support/open-test-store.ts';
import {
  nobody,
  sampleArea,
  sampleMigrations,
  thingEdit,
  thingNote,
  thingOpen,
  writeThing,
} from './sample-area.ts';

const open = (): OpenStore => openTestStore([sampleArea], { migrations: sampleMigrations, now: testNow });
const hoa = { userId: 'hoa', sessionId: 'session-1' };
const names = (s: OpenStore) => s.sql.prepare('select name from sample_thing order by name').pluck().all();

describe('writing', () => {
  it('shows in the same transaction what was appended', () => {
    const store = open();
    const id = crypto.randomUUID();
    const seen = store.write(hoa, (tx) => {
      tx.append(thingOpen, { id, body: { name: 'Đặng' } });
      const before = tx.sql.prepare('select name from sample_thing').pluck().all();
      tx.append(thingEdit, { id, body: { set: { name: 'Đặng Hoa' } } });
      return ok([before, tx.sql.prepare('select name from sample_thing').pluck().all()]);
    });
    expect(seen).toEqual({ ok: true, value: [['Đặng'], ['Đặng Hoa']] });
  });

  it('signs every change with who, where, when and its place in the chain', () => {
    const store = open();
    const id = crypto.randomUUID();
    store.write(hoa, (tx) => {
      tx.append(thingOpen, { id, patient: 'p', body: { name: '1' } });
      tx.append(thingNote, { id: 'n', patient: 'p', refs: [`thing:${id}`], body: { text: 'lane 1' } });
      tx.append(thingEdit, { id, patient: 'p', body: { set: {} } });
      return ok(null);
    });
    const [first, second] = store.changesOf('thing', id);
    expect(first).toMatchObject({
      station: stationId('a'),
      incarnation: 1,
      lane: 0,
      seq: 1,
      prev: '0'.repeat(64),
      wall: testNow,
    });
    expect(first).toMatchObject({
      author: 'hoa',
      session: 'session-1',
      app: 'test',
      patient: 'p',
      kind: 'thing.open',
      v: 1,
    });
    expect(second).toMatchObject({ seq: 2, prev: first?.hash });
    expect(store.feeds().map((f) => [f.lane, f.seq, f.own])).toEqual([
      [0, 2, true],
      [1, 1, true],
    ]);
  });

  it.each([
    ['a failed Result', () => fail('bed_taken')],
    [
      'a throw',
      () => {
        throw new Error('bug');
      },
    ],
  ])('takes everything back after %s', (_, end) => {
    const store = open();
    const heard: unknown[] = [];
    store.onCommit((t) => heard.push(t));
    const stamp = store.lastStamp();
    const attempt = () =>
      store.write(nobody, (tx) => {
        tx.append(thingOpen, { id: crypto.randomUUID(), body: { name: 'gone' } });
        return end();
      });
    try {
      expect(attempt()).toMatchObject({ ok: false, error: { code: 'bed_taken' } });
    } catch (error) {
      expect(error).toMatchObject({ message: 'bug' });
    }
    expect([names(store), store.feeds(), store.lastStamp(), heard]).toEqual([[], [], stamp, []]);
    writeThing(store, { name: 'next' });
    expect(store.feeds()).toMatchObject([{ seq: 1 }]);
  });

  it('tells listeners after the commit what changed, and is not harmed by a broken one', () => {
    const store = open();
    const heard: string[][] = [];
    store.onCommit(() => {
      throw new Error('broken listener');
    });
    const stop = store.onCommit(({ types, patients }) =>
      heard.push([...types, ...patients, String(store.sql.inTransaction)]),
    );
    expect(
      store.write(nobody, (tx) =>
        ok(tx.append(thingOpen, { id: '1', patient: 'p1', body: { name: 'x' } }).seq),
      ),
    ).toEqual({ ok: true, value: 1 });
    stop();
    writeThing(store, { name: 'y' });
    expect(heard).toEqual([['thing', 'p1', 'false']]);
  });

  it('refuses as bugs a write inside a write, a kind of no area, and a body that does not fit', () => {
    const store = open();
    const stranger = defineKind('stranger.come', {
      lane: 0,
      subject: 'stranger',
      creates: true,
      body: z.object({}),
    });
    expect(() => store.write(nobody, () => store.write(nobody, () => ok(1)))).toThrow(
      'a write inside a write',
    );
    expect(() => store.write(nobody, (tx) => ok(tx.append(stranger, { id: '1', body: {} })))).toThrow(
      'not part of this store',
    );
    const wrong = { name: 5 } as unknown as { name: string };
    expect(() => store.write(nobody, (tx) => ok(tx.append(thingOpen, { id: '1', body: wrong })))).toThrow(
      z.ZodError,
    );
    expect(store.feeds()).toEqual([]);
  });

  it('keeps what is local out of the log', () => {
    const store = open();
    store.local((sql) => sql.prepare('insert into local_setting values (?, ?)').run('scanner', '"COM3"'));
    expect(() =>
      store.local((sql) => {
        sql.prepare('delete from local_setting').run();
        throw new Error('taken back');
      }),
    ).toThrow('taken back');
    expect(store.sql.prepare('select value from local_setting').pluck().all()).toEqual(['"COM3"']);
    expect(store.feeds()).toEqual([]);
  });
});
