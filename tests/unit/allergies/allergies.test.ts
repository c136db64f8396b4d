import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allergyStatusOf, settleAllergy } from '../../../electron/clinic/allergies/index.ts';
import {
  allergiesOfPatient,
  allergyById,
  declarationOf,
  declarationsOf,
  standingAllergies,
} from '../../../electron/clinic/allergies/queries.ts';
import type { AllergyInput } from '../../../shared/api/allergies.ts';
import { ok } from '../../../shared/api/contract.ts';
import { allergyClassByCode, allergyClasses } from '../../../shared/codes/allergy-classes.ts';
import {
  asNurse,
  deliveredIn,
  expectNoScan,
  minute,
  nurse,
  patientA,
  patientB,
  type Station,
  station,
  tablesOf,
  u,
} from '../support/bedside.ts';
import { exchange } from '../support/open-test-store.ts';
import { propertyRuns } from '../support/property-runs.ts';

const penicillin: AllergyInput = {
  substance: 'Penicilin',
  classCode: 'penicillin',
  reaction: 'nổi mề đay',
  severity: 'moderate',
  certainty: 'confirmed',
  note: null,
};
const add = (s: Station, allergy: Partial<AllergyInput> = {}) =>
  s.get('allergies.add', { patientId: patientA, allergy: { ...penicillin, ...allergy } }, asNurse);
const get = (s: Station) => s.get('allergies.get', { patientId: patientA });
const conflicts = (s: Station) =>
  s.store.sql
    .prepare<[], { key: string; subject_key: string; sides: string; settled: string | null }>(
      'SELECT key, subject_key, sides, settled FROM conflict',
    )
    .all();

describe('the allergy question', () => {
  it('starts as not asked', async () => {
    expect(await get(station())).toEqual({ status: 'not_asked', askedAt: null, askedBy: null, items: [] });
  });

  it('has "none known" as an answer somebody got', async () => {
    const s = station();
    await s.get('allergies.declareNone', { patientId: patientA }, asNurse);
    expect(await get(s)).toMatchObject({ status: 'none_known', askedAt: s.clock, askedBy: 'ĐD. Hoa' });
  });

  it('is "has" as soon as one allergy stands, whatever was answered before', async () => {
    const s = station();
    await s.get('allergies.declareNone', { patientId: patientA });
    s.clock += minute;
    await add(s);
    expect(await get(s)).toMatchObject({ status: 'has', askedAt: s.clock, items: [penicillin] });
  });

  it('refuses "none known" while an allergy stands', async () => {
    const s = station();
    await add(s);
    const answer = await s.ask('allergies.declareNone', { patientId: patientA });
    expect(answer).toMatchObject({
      error: { code: 'illegal_transition', messageKey: 'error.has_allergies' },
    });
  });

  it('is asked again when all allergies were struck out and nobody said "none known"', async () => {
    const s = station();
    const { id } = await add(s);
    await s.get('allergies.refute', { patientId: patientA, id, reason: 'test da âm tính' });
    expect(await get(s)).toMatchObject({
      status: 'not_asked',
      items: [{ refuted: { reason: 'test da âm tính', by: 'BS. Minh' } }],
    });
    await s.get('allergies.declareNone', { patientId: patientA });
    expect((await get(s)).status).toBe('none_known');
  });

  it('takes "none known" back to what stood before', async () => {
    const s = station();
    const first = await s.get('allergies.declareNone', { patientId: patientA });
    const second = await s.get('allergies.declareNone', { patientId: patientA });
    s.undo(second.undo);
    expect((await get(s)).status).toBe('none_known');
    s.undo(first.undo);
    expect((await get(s)).status).toBe('not_asked');
  });

  it('knows nobody it was not told about', async () => {
    const s = station();
    expect(await s.ask('allergies.declareNone', { patientId: u(99) })).toMatchObject({
      error: { code: 'not_found' },
    });
    expect(await s.ask('allergies.add', { patientId: u(99), allergy: penicillin })).toMatchObject({
      error: { code: 'not_found' },
    });
  });

  it('answers for every patient of a ward at once', async () => {
    const s = station();
    await add(s);
    await add(s, { substance: 'Tôm', severity: 'mild' });
    expect(allergyStatusOf(s.store.sql, [patientA, patientB])).toEqual(
      new Map([
        [
          patientA,
          {
            status: 'has',
            items: [
              { substance: 'Penicilin', severity: 'moderate' },
              { substance: 'Tôm', severity: 'mild' },
            ],
          },
        ],
        [patientB, { status: 'not_asked', items: [] }],
      ]),
    );
  });
});

describe('one allergy', () => {
  it('is edited field by field, and that can be taken back', async () => {
    const s = station();
    const { id } = await add(s);
    const { versions } = (await get(s)).items[0]!;
    s.clock += minute;
    const edit = { patientId: patientA, id, set: { severity: 'severe' as const }, saw: versions };
    const { undo } = await s.get('allergies.update', edit);
    expect((await get(s)).items[0]).toMatchObject({
      ...penicillin,
      severity: 'severe',
      recordedBy: 'ĐD. Hoa',
    });
    expect(await s.ask('allergies.update', edit)).toMatchObject({ error: { code: 'nothing_recorded' } });
    s.undo(undo);
    expect((await get(s)).items[0]?.severity).toBe('moderate');
    expect(conflicts(s)).toEqual([]);
  });

  it('is struck out but shown, takes no edits then, and comes back by undo', async () => {
    const s = station();
    const { id } = await add(s);
    const { undo } = await s.get(
      'allergies.refute',
      { patientId: patientA, id, reason: 'nhầm người' },
      asNurse,
    );
    expect((await get(s)).items).toMatchObject([{ refuted: { by: 'ĐD. Hoa', reason: 'nhầm người' } }]);
    const edit = { patientId: patientA, id, set: { reaction: 'ngứa' }, saw: {} };
    expect(await s.ask('allergies.update', edit)).toMatchObject({ error: { code: 'already_voided' } });
    s.undo(undo);
    expect(await get(s)).toMatchObject({ status: 'has', items: [{ refuted: null }] });
  });

  it('taken back within seconds stays in the list, struck out', async () => {
    const s = station();
    const { undo } = await add(s);
    s.undo(undo);
    expect(await get(s)).toMatchObject({ status: 'not_asked', items: [{ refuted: { reason: '' } }] });
  });

  it('is not found under another patient', async () => {
    const s = station();
    const { id } = await add(s);
    const answer = await s.ask('allergies.refute', { patientId: patientB, id, reason: 'x' });
    expect(answer).toMatchObject({ error: { code: 'not_found' } });
  });
});

describe('two stations that do not see each other', () => {
  it('never let a "none known" hide an allergy, whichever came last', async () => {
    for (const later of ['declare', 'add']) {
      const [a, b] = [station('a'), station('b')];
      if (later === 'declare') a.clock += minute;
      else b.clock += minute;
      await a.get('allergies.declareNone', { patientId: patientA });
      await add(b);
      exchange(a.store, b.store);
      expect(await get(a)).toMatchObject({ status: 'has', items: [penicillin] });
      expect(tablesOf(a.store)).toEqual(tablesOf(b.store));
    }
  });

  it('keep both allergies they added', async () => {
    const [a, b] = [station('a'), station('b')];
    await add(a);
    await add(b, { substance: 'Aspirin' });
    exchange(a.store, b.store);
    expect((await get(a)).items.map((i) => i.substance).sort()).toEqual(['Aspirin', 'Penicilin']);
  });

  it('show two severities as a conflict until a person settles it; the wording of a reaction just follows the last', async () => {
    const [a, b] = [station('a'), station('b')];
    const { id } = await add(a);
    exchange(a.store, b.store);
    const edit = (s: Station, set: Partial<AllergyInput>) => {
      s.clock += s === a ? minute : 2 * minute;
      return s.get('allergies.update', { patientId: patientA, id, set, saw: {} });
    };
    await edit(a, { severity: 'severe', reaction: 'sốc' });
    await edit(b, { severity: 'mild', reaction: 'ngứa' });
    exchange(a.store, b.store);
    expect((await get(a)).items).toMatchObject([{ severity: 'mild', reaction: 'ngứa' }]);
    const [open, ...others] = conflicts(a);
    expect(others).toEqual([]);
    expect(open).toMatchObject({ subject_key: 'field.allergy.severity', settled: null });
    const sides: { choice: string; value: string }[] = JSON.parse(open!.sides);
    const severe = sides.find((x) => x.value === 'allergies.severity.severe')!;

    a.clock += 3 * minute;
    const decision = { id, key: open!.key, choice: severe.choice, reason: 'hỏi lại người nhà' };
    const written = a.store.write({ userId: nurse, sessionId: null }, (tx) =>
      settleAllergy(tx, decision, a.store.changesOf('allergy', id)),
    );
    expect(written).toEqual(ok({}));
    exchange(a.store, b.store);
    expect((await get(b)).items).toMatchObject([{ severity: 'severe', refuted: null }]);
    expect(conflicts(b)).toHaveLength(1);
    expect(conflicts(b)[0]?.settled).toContain('hỏi lại người nhà');
    expect(tablesOf(a.store)).toEqual(tablesOf(b.store));
  });

  it('keep an allergy standing that one struck out while the other worked on it', async () => {
    const [a, b] = [station('a'), station('b')];
    const { id } = await add(a);
    exchange(a.store, b.store);
    a.clock += minute;
    await a.get('allergies.update', { patientId: patientA, id, set: { severity: 'severe' }, saw: {} });
    b.clock += 2 * minute;
    await b.get('allergies.refute', { patientId: patientA, id, reason: 'âm tính' });
    exchange(a.store, b.store);
    expect(await get(b)).toMatchObject({ status: 'has', items: [{ severity: 'severe', refuted: null }] });
    const [open] = conflicts(b);
    expect(open?.subject_key).toBe('field.allergy.refuted');

    const sides: { choice: string; value: string }[] = JSON.parse(open!.sides);
    b.clock += minute;
    const decision = {
      id,
      key: open!.key,
      choice: sides.find((x) => x.value === 'conflicts.struckOut')!.choice,
      reason: 'test lại âm tính',
    };
    b.store.write({ userId: nurse, sessionId: null }, (tx) =>
      settleAllergy(tx, decision, b.store.changesOf('allergy', id)),
    );
    expect(await get(b)).toMatchObject({ items: [{ refuted: { reason: 'test lại âm tính' } }] });
    expect(conflicts(b)[0]?.settled).not.toBeNull();
  });

  it('end alike whatever they did and in whatever order it arrives, and no allergy is ever lost', async () => {
    const act = fc.record({
      on: fc.constantFrom(0, 1),
      what: fc.constantFrom('add', 'none', 'edit', 'refute', 'exchange'),
      severity: fc.constantFrom('mild' as const, 'severe' as const),
      which: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { minLength: 3, maxLength: 12 }),
        fc.array(fc.nat(7)),
        async (acts, order) => {
          const both = [station('a'), station('b')];
          const ids: string[] = [];
          for (const [i, { on, what, severity, which }] of acts.entries()) {
            const s = both[on]!;
            s.clock += (i + 1) * 1000;
            const id = ids[which % Math.max(1, ids.length)];
            if (what === 'add') ids.push((await add(s, { severity })).id);
            else if (what === 'none') await s.ask('allergies.declareNone', { patientId: patientA });
            else if (what === 'exchange') exchange(both[0]!.store, both[1]!.store);
            else if (id && what === 'edit')
              await s.ask('allergies.update', { patientId: patientA, id, set: { severity }, saw: {} });
            else if (id) await s.ask('allergies.refute', { patientId: patientA, id, reason: 'bỏ' });
          }
          exchange(both[0]!.store, both[1]!.store);
          const here = tablesOf(both[0]!.store);
          expect(tablesOf(both[1]!.store)).toEqual(here);
          const shuffled = deliveredIn(order, both[0]!.store);
          expect(tablesOf(shuffled)).toEqual(here);
          const { items, status } = await get(both[1]!);
          expect(items.map((x) => x.id).sort()).toEqual([...ids].sort());
          expect(status === 'has').toBe(items.some((x) => x.refuted === null));
          expect(shuffled.rebuild()).toMatchObject({ ok: true });
          expect(tablesOf(shuffled)).toEqual(here);
          for (const store of [both[0]!.store, both[1]!.store, shuffled]) store.close();
        },
      ),
      { numRuns: propertyRuns(5) },
    );
  }, 60_000);
});

describe('classes of substances', () => {
  it('point only at classes that exist, under codes of their own', () => {
    expect(new Set(allergyClasses.map((c) => c.code)).size).toBe(allergyClasses.length);
    for (const { cross } of allergyClasses)
      for (const { code } of cross) expect(allergyClassByCode.has(code)).toBe(true);
  });

  it('spell members as keys: lower case, no diacritics', () => {
    for (const { members } of allergyClasses) for (const m of members) expect(m).toMatch(/^[a-z]+$/);
  });
});

it('answers every hot query from an index', () => {
  const s = station();
  for (const query of [allergiesOfPatient, standingAllergies, declarationOf, declarationsOf, allergyById])
    expectNoScan(s.store, query.text, '[]');
});
