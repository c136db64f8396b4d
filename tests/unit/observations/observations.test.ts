import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastWeightOf, latestOf, settleObservation } from '../../../electron/clinic/observations/index.ts';
import {
  lastWeights,
  latestSets,
  observationById,
  setsOfStay,
  timelineSets,
} from '../../../electron/clinic/observations/queries.ts';
import { ok } from '../../../shared/api/contract.ts';
import {
  asDoctor,
  asNurse,
  deliveredIn,
  eight,
  expectNoScan,
  hour,
  minute,
  nurse,
  otherWard,
  patientA,
  patientB,
  type Station,
  station,
  stayA,
  stayB,
  tablesOf,
  u,
  ward,
} from '../support/bedside.ts';
import { exchange } from '../support/open-test-store.ts';
import { propertyRuns } from '../support/property-runs.ts';

const well = {
  pulse: 70,
  temperature: 36.8,
  systolic: 120,
  diastolic: 80,
  respiration: 16,
  spo2: 98,
  oxygen: 0,
  consciousness: 'A',
} as const;
const record = (s: Station, values: object = well, more: object = {}) =>
  s.get('observations.record', { admissionId: stayA, at: s.clock, values, ...more }, asNurse);
const listed = (s: Station) => s.get('observations.list', { admissionId: stayA });

describe('recording a set', () => {
  it('shows it with its score, who wrote it, and when it was measured and written', async () => {
    const s = station();
    s.clock = eight + 5 * minute;
    const { observationId, news2 } = await record(s, well, { at: eight, note: 'sau truyền dịch' });
    expect(news2).toMatchObject({ state: 'complete', total: 0, risk: 'none', scale: 1 });
    expect(await listed(s)).toMatchObject([
      {
        observationId,
        patientId: patientA,
        at: eight,
        writtenAt: eight + 5 * minute,
        by: 'ĐD. Hoa',
        values: { ...well, weight: null, height: null, pain: null, urine: null },
        note: 'sau truyền dịch',
        voided: false,
        reason: null,
        history: [],
      },
    ]);
  });

  it('keeps the score it was shown with when the birth date is corrected later', async () => {
    const s = station();
    await record(s);
    s.people.set(patientA, { ...s.people.get(patientA)!, birthDate: '2020-01-01' });
    expect((await listed(s))[0]?.news2.state).toBe('complete');
    expect((await record(s)).news2).toMatchObject({ state: 'not_for', reason: 'under_16' });
  });

  it.each([
    [{ birthDate: '2015' }, 'under_16'],
    [{ birthDate: null }, 'age_unknown'],
    [{ birthDate: '2010' }, 'age_unknown'],
    [{ pregnant: true }, 'pregnant'],
  ])('gives no score to %j', async (who, reason) => {
    const s = station();
    s.people.set(patientA, { ...s.people.get(patientA)!, ...who });
    expect((await record(s)).news2).toMatchObject({ state: 'not_for', reason });
  });

  it.each([
    ['the future', { at: eight + 2 * minute }, 'time_in_future'],
    ['before the admission', { at: eight - hour - minute }, 'time_before_admission'],
    ['an unknown stay', { admissionId: u(99) }, 'not_found'],
    ['nothing measured', { values: {} }, 'nothing_recorded'],
    ['only empty boxes', { values: { pulse: null } }, 'nothing_recorded'],
    ['an impossible value', { values: { pulse: 900 } }, 'implausible_value'],
    ['a huge value', { values: { weight: 1e308 } }, 'implausible_value'],
    ['an unconfirmed unusual value', { values: { temperature: 41.2 } }, 'implausible_value'],
    ['pressures upside down', { values: { systolic: 80, diastolic: 120 } }, 'implausible_value'],
  ])('refuses %s and writes nothing', async (_what, input, code) => {
    const s = station();
    const answer = await s.ask('observations.record', {
      admissionId: stayA,
      at: eight,
      values: well,
      ...input,
    });
    expect(answer).toMatchObject({ ok: false, error: { code } });
    expect(s.store.sql.prepare('SELECT count(*) AS n FROM change_log').get()).toEqual({ n: 0 });
  });

  it('names every field at fault, and the limits of the gravest', async () => {
    const s = station();
    const answer = await s.ask('observations.record', {
      admissionId: stayA,
      at: eight,
      values: { temperature: 41.2, pulse: 900 },
    });
    expect(answer).toMatchObject({
      error: {
        messageKey: 'error.implausible_value',
        params: { field: 'pulse', min: 0, max: 320 },
        fields: { 'values.pulse': 'field.impossible_value', 'values.temperature': 'field.unusual_value' },
      },
    });
  });

  it('takes an unusual value once confirmed', async () => {
    const s = station();
    await record(s, { temperature: 41.2 }, { confirmed: ['temperature'] });
    expect((await listed(s))[0]?.values.temperature).toBe(41.2);
  });

  it('takes late sets of a discharged patient, but none measured after the discharge or of a voided stay', async () => {
    const s = station();
    const stay = s.stays.get(stayA)!;
    s.stays.set(stayA, { ...stay, status: 'discharged', dischargedAt: eight });
    s.clock = eight + hour;
    await record(s, well, { at: eight - minute });
    const late = await s.ask('observations.record', { admissionId: stayA, at: s.clock, values: well });
    expect(late).toMatchObject({ error: { code: 'time_after_discharge' } });
    s.stays.set(stayA, { ...stay, status: 'voided' });
    const voided = await s.ask('observations.record', { admissionId: stayA, at: eight, values: well });
    expect(voided).toMatchObject({ error: { code: 'not_admitted' } });
  });

  it('can be taken back, and still stands there struck out', async () => {
    const s = station();
    const { undo } = await record(s);
    expect(s.undo(undo)).toMatchObject({ ok: true });
    expect(await listed(s)).toMatchObject([{ voided: true, voidReason: null, values: well }]);
  });
});

describe('a round', () => {
  it('writes the good rows and says what is wrong with the others', async () => {
    const s = station();
    const { rows, undo } = await s.get('observations.recordRound', {
      wardId: ward,
      at: eight,
      rows: [
        { admissionId: stayA, values: well },
        { admissionId: stayB, values: { ...well, spo2: 5 } },
        { admissionId: u(99), values: well },
      ],
    });
    expect(rows).toMatchObject([
      { admissionId: stayA, news2: { total: 0 }, error: null },
      {
        admissionId: stayB,
        observationId: null,
        error: { code: 'implausible_value', params: { field: 'spo2' } },
      },
      { observationId: null, error: { code: 'not_found' } },
    ]);
    expect(await listed(s)).toHaveLength(1);
    s.undo(undo);
    expect((await listed(s))[0]?.voided).toBe(true);
  });

  it('refuses a row of another ward', async () => {
    const s = station();
    const { rows } = await s.get('observations.recordRound', {
      wardId: otherWard,
      at: eight,
      rows: [{ admissionId: stayA, values: well }],
    });
    expect(rows).toMatchObject([{ error: { code: 'wrong_ward' } }]);
  });

  it('lists the ward by bed with the last set and when the next is due', async () => {
    const s = station();
    s.stays.set(stayB, { ...s.stays.get(stayB)!, bedLabel: 'G10' });
    s.stays.set(stayA, { ...s.stays.get(stayA)!, bedLabel: 'G9' });
    await record(s, { ...well, consciousness: 'V' });
    const rows = await s.get('observations.round', { wardId: ward });
    expect(rows).toMatchObject([
      {
        bedLabel: 'G9',
        fullName: 'Trần Văn An',
        last: { at: eight, news2: { risk: 'low_medium' } },
        dueAt: eight + hour,
      },
      // admitted an hour ago and never measured
      { bedLabel: 'G10', last: null, dueAt: eight - hour / 2, overdue: true },
    ]);
  });
});

describe('correcting a set', () => {
  it('keeps the earlier versions with their times, authors and reasons', async () => {
    const s = station();
    const { observationId } = await record(s, { ...well, pulse: 170 }, { confirmed: ['pulse'] });
    s.clock += minute;
    const { news2 } = await s.get(
      'observations.correct',
      { observationId, at: eight, values: { pulse: 70 }, reason: 'gõ nhầm' },
      asDoctor,
    );
    expect(news2.total).toBe(0);
    s.clock += minute;
    await s.get('observations.correct', {
      observationId,
      at: eight,
      values: { pulse: 72, spo2: null },
      reason: 'đếm lại',
    });
    expect(await listed(s)).toMatchObject([
      {
        values: { ...well, pulse: 72, spo2: null },
        reason: 'đếm lại',
        news2: { state: 'incomplete', missing: ['spo2'] },
        history: [
          { values: { pulse: 70, spo2: 98 }, reason: 'gõ nhầm', by: 'BS. Minh', writtenAt: eight + minute },
          { values: { pulse: 170 }, reason: null, by: 'ĐD. Hoa', writtenAt: eight },
        ],
      },
    ]);
  });

  it('checks the whole set again, and does not ask twice about what was already confirmed', async () => {
    const s = station();
    const { observationId } = await record(s, { ...well, temperature: 41.2 }, { confirmed: ['temperature'] });
    const ask = (values: object) =>
      s.ask('observations.correct', { observationId, at: eight, values, reason: 'sửa' });
    expect(await ask({ systolic: 70 })).toMatchObject({
      error: { fields: { 'values.diastolic': 'field.not_below_systolic' } },
    });
    expect(await ask({ pulse: 80 })).toMatchObject({ ok: true });
    expect(await ask({ pulse: 80 })).toMatchObject({ error: { code: 'nothing_recorded' } });
    expect(await ask({ pulse: 999 })).toMatchObject({ error: { code: 'implausible_value' } });
  });

  it('cannot empty a set, nor touch one that was struck out', async () => {
    const s = station();
    const { observationId } = await record(s, { pulse: 70 });
    const correct = { observationId, at: eight, values: { pulse: null }, reason: 'sửa' };
    expect(await s.ask('observations.correct', correct)).toMatchObject({
      error: { code: 'nothing_recorded' },
    });
    await s.get('observations.void', { observationId, reason: 'nhầm người' });
    expect(await s.ask('observations.correct', correct)).toMatchObject({ error: { code: 'already_voided' } });
    expect(await s.ask('observations.void', { observationId, reason: 'x' })).toMatchObject({
      error: { code: 'already_voided' },
    });
  });

  it('strikes out with a reason, and takes that back', async () => {
    const s = station();
    const { observationId } = await record(s);
    const { undo } = await s.get('observations.void', { observationId, reason: 'nhầm người' });
    expect(await listed(s)).toMatchObject([{ voided: true, voidReason: 'nhầm người' }]);
    s.undo(undo);
    expect(await listed(s)).toMatchObject([{ voided: false, voidReason: null }]);
  });
});

describe('two stations that do not see each other', () => {
  const apart = async () => {
    const [a, b] = [station('a'), station('b')];
    b.clock += 10;
    const { observationId } = await record(a);
    exchange(a.store, b.store);
    return { a, b, observationId };
  };
  const correct = (s: Station, observationId: string, values: object) => {
    s.clock += minute;
    return s.get('observations.correct', { observationId, at: eight, values, reason: 'sửa' });
  };
  const conflicts = (s: Station) =>
    s.store.sql
      .prepare<
        [],
        { owner: string; key: string; subject_key: string; sides: string; settled: string | null }
      >('SELECT * FROM conflict')
      .all();

  it('keep both corrections of different vitals', async () => {
    const { a, b, observationId } = await apart();
    await correct(a, observationId, { pulse: 88 });
    await correct(b, observationId, { temperature: 38.5 });
    exchange(a.store, b.store);
    expect((await listed(a))[0]).toMatchObject({
      values: { pulse: 88, temperature: 38.5 },
      news2: { total: 1 },
    });
    expect(tablesOf(a.store)).toEqual(tablesOf(b.store));
    expect(conflicts(a)).toEqual([]);
  });

  it('show two corrections of one vital as a conflict until a person settles it', async () => {
    const { a, b, observationId } = await apart();
    await correct(a, observationId, { systolic: 130, diastolic: 90 });
    await correct(b, observationId, { systolic: 100 });
    exchange(a.store, b.store);
    expect(tablesOf(a.store)).toEqual(tablesOf(b.store));
    expect((await listed(a))[0]).toMatchObject({ values: { systolic: 100, diastolic: 80 } });
    expect((await listed(a))[0]?.history.map((h) => h.values.systolic)).toEqual([130, 120]);
    const [open] = conflicts(a);
    expect(open).toMatchObject({ subject_key: 'field.observation.pressure', settled: null });
    const sides: { choice: string; value: string; current: boolean }[] = JSON.parse(open!.sides);
    expect(sides.map((x) => [x.value, x.current])).toEqual([
      ['100/80', true],
      ['130/90', false],
    ]);

    a.clock += minute;
    const decision = { id: observationId, key: open!.key, choice: sides[1]!.choice, reason: 'đo lại' };
    const changes = a.store.changesOf('observation', observationId);
    const settled = a.store.write({ userId: nurse, sessionId: null }, (tx) =>
      settleObservation(tx, decision, changes),
    );
    expect(settled).toEqual(ok({}));
    exchange(a.store, b.store);
    expect((await listed(b))[0]).toMatchObject({ values: { systolic: 130, diastolic: 90 }, voided: false });
    expect(conflicts(b)).toHaveLength(1);
    expect(JSON.parse(conflicts(b)[0]!.settled!)).toMatchObject({
      choice: sides[1]!.choice,
      reason: 'đo lại',
    });
    expect(tablesOf(a.store)).toEqual(tablesOf(b.store));
  });

  it('settle a value without bringing a set back that was struck out meanwhile', async () => {
    const { a, b, observationId } = await apart();
    await correct(a, observationId, { pulse: 88 });
    await correct(b, observationId, { pulse: 90 });
    exchange(a.store, b.store);
    a.clock += minute;
    await a.get('observations.void', { observationId, reason: 'nhầm người' });
    const [open] = conflicts(a);
    const [side]: { choice: string }[] = JSON.parse(open!.sides);
    a.store.write({ userId: nurse, sessionId: null }, (tx) =>
      settleObservation(
        tx,
        { id: observationId, key: open!.key, choice: side!.choice, reason: null },
        a.store.changesOf('observation', observationId),
      ),
    );
    expect(await listed(a)).toMatchObject([{ voided: true, voidReason: 'nhầm người' }]);
    expect(conflicts(a).filter((c) => c.settled === null)).toEqual([]);
  });

  it('never lose a correction to a strike-out: the set stays and the conflict is shown', async () => {
    const { a, b, observationId } = await apart();
    await correct(a, observationId, { pulse: 88 });
    b.clock += 2 * minute;
    await b.get('observations.void', { observationId, reason: 'nhầm người' });
    exchange(a.store, b.store);
    expect(await listed(a)).toMatchObject([{ voided: false, values: { pulse: 88 } }]);
    expect(conflicts(a)).toMatchObject([{ subject_key: 'field.observation.voided' }]);
    expect(tablesOf(a.store)).toEqual(tablesOf(b.store));
  });

  it('agree when both corrected to the same value', async () => {
    const { a, b, observationId } = await apart();
    await correct(a, observationId, { pulse: 88 });
    await correct(b, observationId, { pulse: 88 });
    exchange(a.store, b.store);
    expect(conflicts(a)).toEqual([]);
  });

  it('count what the page had on screen as seen, not what arrived meanwhile', async () => {
    const { a, b, observationId } = await apart();
    const onScreen = (await listed(b))[0]!.versions;
    await correct(a, observationId, { pulse: 88 });
    exchange(a.store, b.store);
    b.clock += 2 * minute;
    await b.get('observations.correct', {
      observationId,
      at: eight,
      values: { pulse: 90 },
      reason: 'sửa',
      saw: { pulse: onScreen.pulse! },
    });
    expect(conflicts(b)).toMatchObject([{ subject_key: 'field.observation.pulse' }]);
  });

  it('end with the same tables whatever they did and in whatever order it arrives', async () => {
    const act = fc.record({
      on: fc.constantFrom(0, 1, 2),
      what: fc.constantFrom('record', 'correct', 'void', 'exchange'),
      pulse: fc.integer({ min: 60, max: 64 }),
      which: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { minLength: 3, maxLength: 14 }),
        fc.array(fc.nat(7)),
        async (acts, order) => {
          const all = [station('a'), station('b'), station('c')];
          const ids: string[] = [];
          for (const [i, { on, what, pulse, which }] of acts.entries()) {
            const s = all[on]!;
            s.clock += (i + 1) * 1000;
            const id = ids[which % Math.max(1, ids.length)];
            if (what === 'record') ids.push((await record(s, { pulse })).observationId);
            else if (what === 'exchange') exchange(s.store, all[(on + 1) % 3]!.store);
            else if (id && what === 'correct')
              await s.ask('observations.correct', {
                observationId: id,
                at: eight,
                values: { pulse },
                reason: 'sửa',
              });
            else if (id) await s.ask('observations.void', { observationId: id, reason: 'bỏ' });
          }
          for (let i = 0; i < 2; i++)
            for (const s of all) for (const t of all) if (s !== t) exchange(s.store, t.store);
          const [first, second, third] = all.map((s) => tablesOf(s.store));
          expect(second).toEqual(first);
          expect(third).toEqual(first);
          const shuffled = deliveredIn(order, all[0]!.store);
          expect(tablesOf(shuffled)).toEqual(first);
          // nothing is lost: every set ever recorded is there
          for (const id of ids) expect(observationById(shuffled.sql).get(id)).toBeDefined();
          for (const s of [...all.map((x) => x.store), shuffled]) s.close();
        },
      ),
      { numRuns: propertyRuns(5) },
    );
  }, 60_000);
});

describe('where each stay stands', () => {
  const latest = (s: Station, now = s.clock) =>
    latestOf(s.store.sql, [stayA, stayB], { now, overdueHours: 8 });

  it('is the last set that a round counts: a weight alone does not put vitals off', async () => {
    const s = station();
    await record(s, well, { at: eight - 10 * minute });
    await record(s, { weight: 52.5 });
    expect(latest(s).get(stayA)).toMatchObject({ at: eight - 10 * minute, overdue: false });
    expect(lastWeightOf(s.store.sql, [patientA, patientB])).toEqual(
      new Map([[patientA, { kg: 52.5, at: eight }]]),
    );
  });

  it('forgets sets that were struck out', async () => {
    const s = station();
    await record(s, { ...well, weight: 50 }, { at: eight - minute });
    const { undo } = await record(s, { ...well, pulse: 130, weight: 60 });
    expect(latest(s).get(stayA)?.values?.pulse).toBe(130);
    s.undo(undo);
    expect(latest(s).get(stayA)?.values?.pulse).toBe(70);
    expect(lastWeightOf(s.store.sql, [patientA]).get(patientA)?.kg).toBe(50);
  });

  it('is overdue from the minute the score asks for another set', async () => {
    const s = station();
    await record(s, { ...well, consciousness: 'C' });
    expect(latest(s, eight + hour).get(stayA)).toMatchObject({ dueAt: eight + hour, overdue: false });
    expect(latest(s, eight + hour + 1).get(stayA)?.overdue).toBe(true);
  });

  it('follows the hours of the facility where the scale does not apply', async () => {
    const s = station();
    s.people.set(patientA, { ...s.people.get(patientA)!, pregnant: true });
    await record(s, { ...well, pulse: 150 });
    expect(latest(s).get(stayA)?.dueAt).toBe(eight + 8 * hour);
  });
});

describe('the SpO2 scale of a stay', () => {
  it('is 1 until a doctor decides for 2 with a reason, and old scores keep theirs', async () => {
    const s = station();
    const low = { ...well, spo2: 90 };
    expect((await record(s, low)).news2).toMatchObject({ scale: 1, scores: { spo2: 3 } });
    const set = (reason: string | null) =>
      s.ask('observations.setScale', { admissionId: stayA, scale: 2, reason }, asDoctor);
    expect(await set(null)).toMatchObject({ error: { code: 'reason_required' } });
    expect(await set('COPD, đích SpO2 88–92 %')).toMatchObject({ ok: true });
    expect(await s.get('observations.scale', { admissionId: stayA })).toMatchObject({
      scale: 2,
      decided: { by: 'BS. Minh', reason: 'COPD, đích SpO2 88–92 %' },
    });
    s.clock += minute;
    expect((await record(s, low)).news2).toMatchObject({ scale: 2, scores: { spo2: 0 } });
    expect((await listed(s)).map((o) => o.news2.scores.spo2)).toEqual([0, 3]);
  });

  it('goes back when the decision is taken back', async () => {
    const s = station();
    const { undo } = await s.get('observations.setScale', { admissionId: stayA, scale: 2, reason: 'COPD' });
    s.undo(undo);
    expect(await s.get('observations.scale', { admissionId: stayA })).toMatchObject({ scale: 1 });
  });
});

it('answers every hot query from an index', async () => {
  const s = station();
  await record(s);
  expectNoScan(s.store, setsOfStay.text, { admission: stayA, from: 0, to: 1 });
  expectNoScan(s.store, latestSets.text, '[]');
  expectNoScan(s.store, lastWeights.text, '[]');
  expectNoScan(s.store, timelineSets.text, '[]', 10);
  expectNoScan(s.store, observationById.text, '');
});
