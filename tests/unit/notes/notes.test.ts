import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entriesSince, settleNote } from '../../../electron/clinic/notes/index.ts';
import {
  entriesOfStay,
  entryCounts,
  noteById,
  timelineEntries,
} from '../../../electron/clinic/notes/queries.ts';
import { ok } from '../../../shared/api/contract.ts';
import {
  asDoctor,
  asHead,
  asNurse,
  deliveredIn,
  doctor,
  eight,
  expectNoScan,
  hour,
  minute,
  patientA,
  type Station,
  station,
  stayA,
  stayB,
  tablesOf,
  u,
  type Who,
} from '../support/bedside.ts';
import { exchange } from '../support/open-test-store.ts';
import { propertyRuns } from '../support/property-runs.ts';

const text = (progress: string, orders = '') => ({ progress, orders });
const finish = (
  s: Station,
  content: { progress: string; orders: string },
  who: Who = asDoctor,
  more: object = {},
) => s.get('notes.finish', { admissionId: stayA, eventAt: s.clock, content, ...more }, who);
const listed = (s: Station, who: Who = asDoctor) => s.get('notes.list', { admissionId: stayA }, who);
const askedAllergies = (s: Station) => s.get('allergies.declareNone', { patientId: patientA });

describe('finishing an entry', () => {
  it('shows who wrote it with title, ward, and both times', async () => {
    const s = station();
    s.clock = eight + 20 * minute;
    const { entryId } = await finish(s, text('Tỉnh, hết sốt.'), asDoctor, { eventAt: eight });
    expect(await listed(s)).toMatchObject([
      {
        entryId,
        eventAt: eight,
        writtenAt: eight + 20 * minute,
        author: 'BS. Minh',
        authorTitle: 'Bác sĩ',
        wardName: 'Nội tổng hợp',
        content: { progress: 'Tỉnh, hết sốt.', orders: '', care: '', careLevel: null, diet: '' },
        amended: false,
        history: [],
        withdrawn: null,
        mayAmend: true,
      },
    ]);
  });

  it('lists the newest event first', async () => {
    const s = station();
    await finish(s, text('chiều'), asDoctor, { eventAt: eight });
    await finish(s, text('sáng'), asDoctor, { eventAt: eight - 30 * minute });
    expect((await listed(s)).map((e) => e.content.progress)).toEqual(['chiều', 'sáng']);
  });

  it('drops the draft it was typed in, of this person only', async () => {
    const s = station();
    await finish(s, text('x'), asDoctor, { draftKey: 'sheet:1' });
    expect(s.dropped).toEqual([`${doctor}/sheet:1`]);
    await s.ask('notes.finish', {
      admissionId: stayA,
      eventAt: s.clock,
      content: text(''),
      draftKey: 'sheet:2',
    });
    expect(s.dropped).toHaveLength(1);
  });

  it.each([
    ['an empty text', { content: text('  ') }, 'nothing_recorded'],
    ['the future', { eventAt: eight + hour }, 'time_in_future'],
    ['a time before the admission', { eventAt: eight - 2 * hour }, 'time_before_admission'],
    ['an unknown stay', { admissionId: u(99) }, 'not_found'],
  ])('refuses %s and writes nothing', async (_what, input, code) => {
    const s = station();
    const answer = await s.ask('notes.finish', {
      admissionId: stayA,
      eventAt: eight,
      content: text('x'),
      ...input,
    });
    expect(answer).toMatchObject({ ok: false, error: { code } });
    expect(s.store.sql.prepare('SELECT count(*) AS n FROM change_log').get()).toEqual({ n: 0 });
  });

  it('refuses an event after the discharge, but takes a late word about one before it', async () => {
    const s = station();
    s.stays.set(stayA, { ...s.stays.get(stayA)!, status: 'discharged', dischargedAt: eight });
    s.clock = eight + hour;
    const after = await s.ask('notes.finish', { admissionId: stayA, eventAt: s.clock, content: text('x') });
    expect(after).toMatchObject({ error: { code: 'time_after_discharge' } });
    await finish(s, text('ghi bổ sung'), asDoctor, { eventAt: eight - minute });
    expect(await listed(s)).toHaveLength(1);
  });

  it('keeps a text of the full length, with Vietnamese, quotes and markup, to the letter', async () => {
    const s = station();
    const long = `<b>"Nguyễn" & 'Trần'</b>; DROP TABLE note; -- ${'ộ'.repeat(7900)}`;
    await finish(s, text(long));
    expect((await listed(s))[0]?.content.progress).toBe(long);
  });
});

describe('orders', () => {
  it('wait until somebody asked about allergies; progress does not', async () => {
    const s = station();
    const order = { admissionId: stayA, eventAt: eight, content: text('sốt', 'Paracetamol 500 mg x 2') };
    expect(await s.ask('notes.finish', order, asDoctor)).toMatchObject({
      error: { code: 'allergy_not_asked', fields: { 'content.orders': 'error.allergy_not_asked' } },
    });
    await finish(s, text('sốt'));
    await askedAllergies(s);
    expect(await s.ask('notes.finish', order, asDoctor)).toMatchObject({ ok: true });
  });

  it('are not for nurses, who write progress and care', async () => {
    const s = station();
    await askedAllergies(s);
    const order = { admissionId: stayA, eventAt: eight, content: text('sốt', 'Paracetamol') };
    expect(await s.ask('notes.finish', order, asNurse)).toMatchObject({ error: { code: 'not_allowed' } });
    await finish(s, text('nghỉ ngơi'), asNurse);
    expect((await listed(s))[0]?.author).toBe('ĐD. Hoa');
  });

  it('cannot be slipped in by amending', async () => {
    const s = station();
    const { entryId } = await finish(s, text('nghỉ'), asNurse);
    const amend = { entryId, eventAt: eight, content: text('nghỉ', 'Morphin'), reason: 'thêm' };
    expect(await s.ask('notes.amend', amend, asNurse)).toMatchObject({ error: { code: 'not_allowed' } });
    expect(await s.ask('notes.amend', amend, asHead)).toMatchObject({ error: { code: 'allergy_not_asked' } });
  });

  it('of an entry stay amendable in its other words by someone who may not order', async () => {
    const s = station();
    await askedAllergies(s);
    const { entryId } = await finish(s, text('a', 'Paracetamol'), { ...asDoctor, userId: u(30) });
    const amend = { entryId, eventAt: eight, content: text('b', 'Paracetamol'), reason: 'chính tả' };
    expect(await s.ask('notes.amend', amend, asNurse)).toMatchObject({ ok: true });
  });
});

describe('amending', () => {
  it('keeps every version with author, times and reason', async () => {
    const s = station();
    const { entryId } = await finish(s, text('sốt 38'));
    s.clock += minute;
    await s.get(
      'notes.amend',
      { entryId, eventAt: eight - minute, content: text('sốt 39'), reason: 'ghi nhầm', draftKey: 'd' },
      asHead,
    );
    expect(await listed(s)).toMatchObject([
      {
        content: { progress: 'sốt 39' },
        eventAt: eight - minute,
        writtenAt: eight + minute,
        author: u(32),
        reason: 'ghi nhầm',
        amended: true,
        history: [{ content: { progress: 'sốt 38' }, author: 'BS. Minh', writtenAt: eight, reason: null }],
      },
    ]);
    expect(s.dropped).toEqual([`${u(32)}/d`]);
  });

  it('is for the author and the head of department', async () => {
    const s = station();
    const { entryId } = await finish(s, text('sốt'));
    const other: Who = { ...asDoctor, userId: u(33) };
    const amend = { entryId, eventAt: eight, content: text('không sốt'), reason: 'sửa' };
    expect(await s.ask('notes.amend', amend, other)).toMatchObject({ error: { code: 'not_allowed' } });
    expect(await s.ask('notes.withdraw', { entryId, reason: 'x' }, other)).toMatchObject({
      error: { code: 'not_allowed' },
    });
    expect((await listed(s, other))[0]?.mayAmend).toBe(false);
    expect((await listed(s, asHead))[0]?.mayAmend).toBe(true);
  });

  it('changes something or is refused', async () => {
    const s = station();
    const { entryId } = await finish(s, text('sốt'));
    const amend = (content: object) =>
      s.ask(
        'notes.amend',
        { entryId, eventAt: eight, content: { ...text('sốt'), ...content }, reason: 'sửa' },
        asDoctor,
      );
    expect(await amend({})).toMatchObject({ error: { code: 'nothing_recorded' } });
    expect(await amend({ progress: '' })).toMatchObject({ error: { code: 'nothing_recorded' } });
    expect(await amend({ careLevel: '1' })).toMatchObject({ ok: true });
  });

  it('may speak of an event after the discharge', async () => {
    const s = station();
    const { entryId } = await finish(s, text('ra viện'));
    s.stays.set(stayA, { ...s.stays.get(stayA)!, status: 'discharged', dischargedAt: eight });
    s.clock = eight + hour;
    const amend = { entryId, eventAt: eight + hour, content: text('dặn thêm'), reason: 'gọi điện' };
    expect(await s.ask('notes.amend', amend, asDoctor)).toMatchObject({ ok: true });
  });

  it('ends with a withdrawal, which is shown with its reason', async () => {
    const s = station();
    const { entryId } = await finish(s, text('nhầm người bệnh'));
    await s.get('notes.withdraw', { entryId, reason: 'nhầm hồ sơ' }, asDoctor);
    expect(await listed(s)).toMatchObject([
      { content: { progress: 'nhầm người bệnh' }, withdrawn: { by: 'BS. Minh', reason: 'nhầm hồ sơ' } },
    ]);
    const amend = { entryId, eventAt: eight, content: text('x'), reason: 'sửa' };
    expect(await s.ask('notes.amend', amend, asDoctor)).toMatchObject({ error: { code: 'already_voided' } });
    expect(await s.ask('notes.withdraw', { entryId, reason: 'x' }, asDoctor)).toMatchObject({
      error: { code: 'already_voided' },
    });
    expect(entriesSince(s.store.sql, [stayA, stayB], 0)).toEqual(
      new Map([
        [stayA, 0],
        [stayB, 0],
      ]),
    );
  });
});

describe('two stations that do not see each other', () => {
  const conflicts = (s: Station) =>
    s.store.sql
      .prepare<[], { key: string; subject_key: string; sides: string; settled: string | null }>(
        'SELECT * FROM conflict',
      )
      .all();
  const apart = async () => {
    const [a, b] = [station('a'), station('b')];
    const { entryId } = await finish(a, text('bản đầu'));
    exchange(a.store, b.store);
    const amend = (s: Station, progress: string) => {
      s.clock += s === a ? minute : 2 * minute;
      return s.get(
        'notes.amend',
        { entryId, eventAt: eight, content: text(progress), reason: 'sửa' },
        asDoctor,
      );
    };
    return { a, b, entryId, amend };
  };

  it('keep both amendments whole, show the later, and let a person choose', async () => {
    const { a, b, entryId, amend } = await apart();
    await amend(a, 'bản của A');
    await amend(b, 'bản của B');
    exchange(a.store, b.store);
    expect(tablesOf(a.store)).toEqual(tablesOf(b.store));
    expect(await listed(a)).toMatchObject([
      {
        content: { progress: 'bản của B' },
        history: [{ content: { progress: 'bản của A' } }, { content: { progress: 'bản đầu' } }],
      },
    ]);
    const [open] = conflicts(a);
    const sides: { choice: string; value: string; current: boolean }[] = JSON.parse(open!.sides);
    expect(sides.map((x) => [x.value, x.current])).toEqual([
      ['bản của B', true],
      ['bản của A', false],
    ]);
    a.clock += 3 * minute;
    const decision = { id: entryId, key: open!.key, choice: sides[1]!.choice, reason: null };
    const written = a.store.write({ userId: doctor, sessionId: null }, (tx) =>
      settleNote(tx, decision, a.store.changesOf('note', entryId)),
    );
    expect(written).toEqual(ok({}));
    exchange(a.store, b.store);
    expect(await listed(b)).toMatchObject([{ content: { progress: 'bản của A' }, withdrawn: null }]);
    expect(conflicts(b).map((c) => c.settled === null)).toEqual([false]);
    expect(tablesOf(a.store)).toEqual(tablesOf(b.store));
  });

  it('never lose an amendment to a withdrawal', async () => {
    const { a, b, entryId, amend } = await apart();
    await amend(a, 'bổ sung quan trọng');
    b.clock += 5 * minute;
    await b.get('notes.withdraw', { entryId, reason: 'nhầm' }, asDoctor);
    exchange(a.store, b.store);
    expect(await listed(b)).toMatchObject([{ withdrawn: null, content: { progress: 'bổ sung quan trọng' } }]);
    expect(conflicts(b)).toMatchObject([{ subject_key: 'field.note.withdrawn', settled: null }]);
  });

  it('end alike whatever they did and in whatever order it arrives; every text ever finished is there', async () => {
    const act = fc.record({
      on: fc.constantFrom(0, 1),
      what: fc.constantFrom('finish', 'amend', 'amend', 'withdraw', 'exchange'),
      which: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { minLength: 3, maxLength: 12 }),
        fc.array(fc.nat(7)),
        async (acts, order) => {
          const both = [station('a'), station('b')];
          const ids: string[] = [];
          const texts: string[] = [];
          for (const [i, { on, what, which }] of acts.entries()) {
            const s = both[on]!;
            s.clock += (i + 1) * 1000;
            const entryId = ids[which % Math.max(1, ids.length)];
            const words = `lần ${i}`;
            if (what === 'finish') {
              ids.push((await finish(s, text(words))).entryId);
              texts.push(words);
            } else if (what === 'exchange') exchange(both[0]!.store, both[1]!.store);
            else if (entryId && what === 'amend') {
              const amend = { entryId, eventAt: eight, content: text(words), reason: 'sửa' };
              if ((await s.ask('notes.amend', amend, asDoctor)).ok) texts.push(words);
            } else if (entryId) await s.ask('notes.withdraw', { entryId, reason: 'bỏ' }, asDoctor);
          }
          exchange(both[0]!.store, both[1]!.store);
          const here = tablesOf(both[0]!.store);
          expect(tablesOf(both[1]!.store)).toEqual(here);
          const shuffled = deliveredIn(order, both[0]!.store);
          expect(tablesOf(shuffled)).toEqual(here);
          const shown = (await listed(both[1]!)).flatMap((e) => [
            e.content,
            ...e.history.map((h) => h.content),
          ]);
          expect(shown.map((c) => c.progress).sort()).toEqual([...texts].sort());
          for (const store of [both[0]!.store, both[1]!.store, shuffled]) store.close();
        },
      ),
      { numRuns: propertyRuns(5) },
    );
  }, 60_000);
});

it('answers every hot query from an index', () => {
  const s = station();
  expectNoScan(s.store, entriesOfStay.text, stayA);
  expectNoScan(s.store, entryCounts.text, '[]', 0);
  expectNoScan(s.store, timelineEntries.text, '[]', 10);
  expectNoScan(s.store, noteById.text, '');
});
