import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { sha256 } from '../../../electron/store/crypto.ts';
import { tableDigest } from '../../../electron/store/digest.ts';
import type { AreaModel, OpenStore } from '../../../electron/store/types.ts';
import { ok } from '../../../shared/api/contract.ts';
import { defineKind } from '../../../shared/model/change.ts';
import { encodeChange } from '../../../shared/sync/codec.ts';
import { type Hlc, hlcMs } from '../../../shared/time/hlc.ts';
import { exchange, give, openTestStore, stationId, testNow } from '../support/open-test-store.ts';
import {
  nobody,
  projectedTables,
  sampleArea,
  sampleMigrations,
  thingEdit,
  thingNote,
  thingOpen,
  writeThing,
} from './sample-area.ts';

const store = (
  station: string,
  areas: readonly AreaModel[] = [sampleArea],
  now?: number | (() => number),
): OpenStore => openTestStore(areas, { station, now, migrations: sampleMigrations });
const all = (s: OpenStore) => s.feeds().flatMap((f) => s.storedAfter(f, 0, 1000));
const ingested = (s: OpenStore, batch: readonly Uint8Array[]) => {
  const r = s.ingest(batch);
  if (!r.ok) throw new Error(r.error.code);
  return r.value;
};
const names = (s: OpenStore) => s.sql.prepare('select name from sample_thing order by name').pluck().all();

describe('taking in changes of other stations', () => {
  it('refuses what lies behind a gap, names the number it needs, and takes it when the gap is filled', () => {
    const a = store('a');
    const b = store('b');
    for (const name of ['1', '2', '3']) writeThing(a, { name });
    const [one, two, three] = all(a);
    expect(ingested(b, [one!, three!])).toMatchObject({
      accepted: 1,
      refused: [{ reason: 'gap', expected: 2, seq: 3, station: stationId('a') }],
    });
    expect(ingested(b, [two!, three!])).toMatchObject({ accepted: 2, refused: [] });
    expect(names(b)).toEqual(['1', '2', '3']);
  });

  it('takes nothing twice', () => {
    const a = store('a');
    const b = store('b');
    writeThing(a, { name: '1' });
    exchange(a, b);
    expect(ingested(b, [...all(a), ...all(a)])).toEqual({
      accepted: 0,
      duplicates: 2,
      parked: 0,
      ahead: 0,
      refused: [],
    });
  });

  it('keeps both sides of a forked feed apart and reports the second once', () => {
    const a = store('a');
    const clone = store('a');
    const b = store('b');
    writeThing(a, { name: 'first' });
    writeThing(clone, { name: 'second' });
    writeThing(clone, { name: 'third' });
    give(a, b);
    const foreign = all(clone);
    expect(ingested(b, foreign).refused).toMatchObject([
      { reason: 'fork', seq: 1 },
      { reason: 'broken_chain', seq: 2 },
    ]);
    ingested(b, foreign);
    expect(b.quarantined()).toMatchObject([
      { reason: 'fork', seq: 1, keptHash: a.feeds()[0]?.head },
      { reason: 'broken_chain', seq: 2 },
    ]);
    expect(names(b)).toEqual(['first']);
    expect(b.verifyLog()).toEqual({ ok: true, checked: 1 });
  });

  it('refuses bytes that are no change, or not in canonical form, and takes the rest of the batch', () => {
    const a = store('a');
    const b = store('b');
    writeThing(a, { name: '1' });
    const [one] = all(a);
    const bent = Buffer.concat([one!, Buffer.from([0])]);
    expect(ingested(b, [Buffer.from('nonsense'), new Uint8Array(), bent, one!])).toMatchObject({
      accepted: 1,
      refused: [{ reason: 'unreadable' }, { reason: 'unreadable' }, { reason: 'unreadable' }],
    });
  });

  it('notices an altered byte, wherever it lies', () => {
    const a = store('a');
    writeThing(a, { name: 'one' });
    writeThing(a, { name: 'two' });
    const [one, two] = all(a);
    for (let i = 0; i < one!.length; i += 5) {
      const bent = Uint8Array.from(one!);
      bent[i] = (bent[i] ?? 0) ^ 1;
      const b = store('b');
      const report = ingested(b, [bent, two!]);
      // either unreadable at once, or another change that the next one does not follow
      expect({ i, caught: report.refused.length > 0 || report.accepted < 2 }).toEqual({ i, caught: true });
      b.close();
    }
  });

  it('starts a new incarnation when others hold more of its own feed than it does', () => {
    const a = store('a');
    const b = store('b');
    const c = store('a');
    writeThing(a, { name: '1' });
    exchange(a, b);
    give(b, c);
    expect(c.station.incarnation).toBe(2);
    writeThing(c, { name: '2' });
    writeThing(a, { name: '3' });
    exchange(a, b);
    exchange(b, c);
    expect(names(c)).toEqual(['1', '2', '3']);
    expect(names(b)).toEqual(['1', '2', '3']);
    expect(b.quarantined()).toEqual([]);
  });
});

describe('parking', () => {
  const future = defineKind('thing.paint', {
    lane: 0,
    subject: 'thing',
    body: z.object({ colour: z.string() }),
  });
  const newer: AreaModel = { ...sampleArea, kinds: [...sampleArea.kinds, future] };

  it('keeps and relays a kind it does not know, and shows it after an update of the program', () => {
    const a = store('a', [newer]);
    const b = store('b');
    const c = store('c', [newer]);
    const id = writeThing(a, { name: '1' });
    a.write(nobody, (tx) => ok(tx.append(future, { id, body: { colour: 'red' } })));
    const later = writeThing(a, { name: 'behind it' });
    exchange(a, b);
    expect(b.parkedCounts()).toEqual([{ reason: 'unknown_kind', count: 1 }]);
    expect(names(b)).toEqual(['1', 'behind it']);
    exchange(b, c);
    expect(c.changesOf('thing', id)).toEqual(a.changesOf('thing', id));
    b.close();
    const updated = openTestStore([newer], { path: b.path, create: false, migrations: sampleMigrations });
    expect(updated.parkedCounts()).toEqual([]);
    expect(updated.changesOf('thing', id)).toEqual(a.changesOf('thing', id));
    expect(tableDigest(updated.sql, projectedTables)).toEqual(tableDigest(a.sql, projectedTables));
    expect(updated.changesOf('thing', later)).toHaveLength(1);
  });

  it('tells a newer version of a known kind from an unknown kind', () => {
    const v2 = defineKind('thing.note', {
      v: 2,
      lane: 1,
      subject: 'note',
      creates: true,
      body: z.object({ text: z.string() }),
    });
    const a = store('a', [{ ...sampleArea, kinds: [...sampleArea.kinds, v2] }]);
    const b = store('b');
    a.write(nobody, (tx) => ok(tx.append(v2, { id: crypto.randomUUID(), body: { text: 'x' } })));
    exchange(a, b);
    expect(b.parkedCounts()).toEqual([{ reason: 'unknown_version', count: 1 }]);
  });

  it('holds a change until what it refers to arrives, over several steps', () => {
    const a = store('a');
    const b = store('b');
    const thing = writeThing(a, { name: '1' });
    const first = crypto.randomUUID();
    const second = crypto.randomUUID();
    a.write(nobody, (tx) => {
      tx.append(thingNote, { id: first, refs: [`thing:${thing}`], body: { text: 'first' } });
      tx.append(thingNote, { id: second, refs: [`note:${first}`], body: { text: 'second' } });
      return ok(null);
    });
    const lane1 = a.feeds().find((f) => f.lane === 1);
    const lane0 = a.feeds().find((f) => f.lane === 0);
    expect(ingested(b, a.storedAfter(lane1!, 0, 9))).toMatchObject({ accepted: 2, parked: 2 });
    expect(b.parkedCounts()).toEqual([{ reason: 'missing_ref', count: 2 }]);
    expect(b.sql.prepare('select count(*) from sample_note').pluck().get()).toBe(0);
    expect(ingested(b, a.storedAfter(lane0!, 0, 9))).toMatchObject({ accepted: 1, parked: 0 });
    expect(b.parkedCounts()).toEqual([]);
    expect(b.sql.prepare('select text from sample_note order by text').pluck().all()).toEqual([
      'first',
      'second',
    ]);
  });

  it('stores a body that does not fit its kind, parks it as rejected without repeating it, and goes on', () => {
    const loose = defineKind('thing.open', {
      lane: 0,
      subject: 'thing',
      creates: true,
      body: z.object({ name: z.unknown(), place: z.unknown() }),
    });
    const a = store('a', [{ ...sampleArea, kinds: [loose, thingEdit, thingNote] }]);
    const b = store('b');
    a.write(nobody, (tx) =>
      ok(tx.append(loose, { id: crypto.randomUUID(), body: { name: 4711, place: null } })),
    );
    a.write(nobody, (tx) =>
      ok(tx.append(loose, { id: crypto.randomUUID(), body: { name: 'fits', place: null } })),
    );
    give(a, b);
    expect(names(b)).toEqual(['fits']);
    expect(b.sql.prepare('select reason, detail from parked').all()).toEqual([
      { reason: 'rejected', detail: 'name: invalid_type' },
    ]);
    expect(b.feeds()[0]?.head).toBe(a.feeds()[0]?.head);
  });

  it('refuses as a bug what a command of this program writes without its subject', () => {
    const a = store('a');
    expect(() =>
      a.write(nobody, (tx) => ok(tx.append(thingEdit, { id: crypto.randomUUID(), body: { set: {} } }))),
    ).toThrow(/missing_ref/);
    expect(a.feeds()).toEqual([]);
  });
});

describe('a new program version', () => {
  it('forgets conflicts under keys its tables no longer have, and keeps what is local', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tram-upgrade-'));
    const path = join(folder, 'record.db');
    const before = openTestStore([sampleArea], { path, migrations: sampleMigrations });
    writeThing(before, { name: 'a', place: 'p1' });
    writeThing(before, { name: 'b', place: 'p1' });
    const conflicts = (store: OpenStore) => store.sql.prepare('select count(*) from conflict').pluck().get();
    expect(conflicts(before)).toBe(1);
    before.local((sql) => sql.exec("insert into local_setting (name, value) values ('kept', '1')"));
    before.close();
    const [things, ...others] = sampleArea.projections;
    const next: AreaModel = {
      ...sampleArea,
      projections: [
        { ...things!, version: 2, project: (...args) => ({ ...things!.project(...args), keys: [] }) },
        ...others,
      ],
    };
    const after = openTestStore([next], { path, create: false, migrations: sampleMigrations });
    expect(after.sql.prepare('select count(*) from sample_thing').pluck().get()).toBe(2);
    expect(conflicts(after)).toBe(0);
    expect(after.sql.prepare('select name from local_setting').pluck().all()).toEqual(['kept']);
    after.close();
    rmSync(folder, { recursive: true });
  });
});

describe('clocks of others', () => {
  it('follows a clock up to 5 minutes ahead, and takes in, flags and does not follow one beyond', () => {
    const a = store('a', [sampleArea], testNow + 4 * 60_000);
    const wild = store('c', [sampleArea], testNow + 3_600_000);
    const b = store('b', [sampleArea], testNow);
    writeThing(a, { name: 'a little ahead' });
    writeThing(wild, { name: 'an hour ahead' });
    give(a, b);
    expect(hlcMs(b.lastStamp() as Hlc)).toBe(testNow + 4 * 60_000);
    expect(ingested(b, all(wild))).toMatchObject({ accepted: 1, ahead: 1 });
    expect(b.sql.prepare('select ahead_ms from change_log where ahead_ms is not null').pluck().all()).toEqual(
      [3_600_000],
    );
    expect(hlcMs(b.lastStamp() as Hlc)).toBe(testNow + 4 * 60_000);
    expect(names(b)).toHaveLength(2);
    const mine = writeThing(b, { name: 'mine' });
    expect(hlcMs(b.changesOf('thing', mine)[0]!.hlc)).toBe(testNow + 4 * 60_000);
  });

  it('lets a correction win over the far-ahead write it saw', () => {
    const wild = store('c', [sampleArea], testNow + 86_400_000);
    const b = store('b', [sampleArea], testNow);
    const id = writeThing(wild, { name: 'typed on the wrong day' });
    give(wild, b);
    const version = `${b.changesOf('thing', id)[0]!.hlc}-${stationId('c')}.1`;
    b.write(nobody, (tx) =>
      ok(tx.append(thingEdit, { id, body: { set: { name: 'put right' }, saw: { name: version } } })),
    );
    expect(names(b)).toEqual(['put right']);
    exchange(b, wild);
    expect(names(wild)).toEqual(['put right']);
  });
});

describe('the chain check', () => {
  const broken = (damage: (s: OpenStore) => void): string | undefined => {
    const s = store('a');
    for (const name of ['1', '2', '3']) writeThing(s, { name });
    expect(s.verifyLog()).toEqual({ ok: true, checked: 3 });
    s.sql.pragma('foreign_keys = OFF');
    damage(s);
    const report = s.verifyLog();
    expect(report.ok).toBe(false);
    return report.detail;
  };
  const feed = `feed ${stationId('a')}.1.0`;

  it('names the first broken link and what differs', () => {
    expect(
      broken((s) =>
        s.sql.exec("update change_log set stored = cast(replace(stored, '2', '9') as blob) where seq = 2"),
      ),
    ).toBe(`${feed}, change 2: its bytes were altered: the hash differs`);
    expect(broken((s) => s.sql.exec('delete from change_log where seq = 2'))).toBe(
      `${feed}: change 2 is missing`,
    );
    expect(broken((s) => s.sql.exec('delete from change_log where seq = 3'))).toBe(
      `${feed}: change 3 is missing`,
    );
    expect(broken((s) => s.sql.exec("update change_log set author = 'someone' where seq = 3"))).toBe(
      `${feed}, change 3: the column author was altered`,
    );
    expect(broken((s) => s.sql.exec('update feed set head = zeroblob(32)'))).toBe(
      `${feed}: its head is not the hash of change 3`,
    );
  });

  it('notices a link rewritten together with its hash', () => {
    expect(
      broken((s) => {
        const second = String(s.sql.prepare('select subject_id from change_log where seq = 2').pluck().get());
        const { hash: _, ...change } = s.changesOf('thing', second)[0]!;
        const forged = encodeChange({ ...change, body: { name: 'forged', place: null } }, thingOpen);
        s.sql.prepare('update change_log set stored = ?, hash = ? where seq = 2').run(forged, sha256(forged));
      }),
    ).toBe(`${feed}, change 3: it does not follow the change before it: prev differs`);
  });
});
