import { describe, expect, it } from 'vitest';
import { taskById, tasksOfStays, tasksOfWard } from '../../../electron/clinic/tasks/queries.ts';
import {
  asDoctor,
  asNurse,
  eight,
  expectNoScan,
  hour,
  minute,
  otherWard,
  patientA,
  patientB,
  type Station,
  station,
  stayA,
  stayB,
  tablesOf,
  u,
  type Who,
  ward,
} from '../support/bedside.ts';
import { exchange } from '../support/open-test-store.ts';

const list = (s: Station, more: object = {}, who: Who = asNurse) =>
  s.get('tasks.list', { wardId: ward, ...more }, who);
const kinds = async (s: Station, who?: Who) =>
  (await list(s, {}, who)).map((t) => [t.kind, t.bedLabel, t.overdue, t.urgent]);
const add = (s: Station, text: string, more: object = {}) =>
  s.get('tasks.add', { wardId: ward, admissionId: null, text, dueAt: null, ...more }, asNurse);
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
const settled = async (s: Station, values: object = well) => {
  for (const [admissionId, patientId] of [
    [stayA, patientA],
    [stayB, patientB],
  ] as const) {
    await s.get('observations.record', { admissionId, at: s.clock, values });
    await s.get('allergies.declareNone', { patientId });
    await s.get(
      'notes.finish',
      { admissionId, eventAt: s.clock, content: { progress: 'ổn', orders: '' } },
      asDoctor,
    );
  }
};

describe('what the record itself says is to be done', () => {
  it('is nothing when vitals, allergies and the day’s entry are there', async () => {
    const s = station();
    await settled(s);
    s.clock = eight + 3 * hour;
    expect(await list(s)).toEqual([]);
  });

  it('names vitals never taken and allergies never asked, bed by bed', async () => {
    const s = station();
    expect(await kinds(s)).toEqual([
      ['vitals_due', 'G1', true, false],
      ['vitals_due', 'G2', true, false],
      ['ask_allergies', 'G1', false, false],
      ['ask_allergies', 'G2', false, false],
    ]);
  });

  it('announces vitals half an hour ahead, and calls them urgent once overdue in someone watched hourly', async () => {
    const s = station();
    await settled(s, { ...well, consciousness: 'C' });
    s.clock = eight + 29 * minute;
    expect(await list(s)).toEqual([]);
    s.clock = eight + 30 * minute;
    expect(await list(s)).toMatchObject([
      { kind: 'vitals_due', patientName: 'Trần Văn An', dueAt: eight + hour, overdue: false, urgent: false },
      { kind: 'vitals_due', patientName: 'Lê Thị Bình' },
    ]);
    s.clock = eight + hour + minute;
    expect((await kinds(s))[0]).toEqual(['vitals_due', 'G1', true, true]);
  });

  it('misses the day’s entry from ten o’clock on, and overdue when the day shift has gone', async () => {
    const s = station();
    await settled(s);
    const nextDay = eight + 24 * hour;
    const entry = async (at: number) => {
      s.clock = at;
      return (await list(s)).filter((t) => t.kind === 'no_entry_today').map((t) => t.overdue);
    };
    expect(await entry(nextDay + 2 * hour - minute)).toEqual([]);
    expect(await entry(nextDay + 2 * hour)).toEqual([false, false]);
    expect(await entry(nextDay + 9 * hour)).toEqual([true, true]);
  });

  it('does not expect an entry before somebody could have written one', async () => {
    const s = station();
    s.clock = eight + 9 * hour;
    s.stays.set(stayA, { ...s.stays.get(stayA)!, admittedAt: eight + 8 * hour });
    expect((await list(s)).filter((t) => t.kind === 'no_entry_today')).toMatchObject([{ bedLabel: 'G2' }]);
  });

  it('names patients without a bed and beds to clean', async () => {
    const s = station();
    await settled(s);
    s.stays.set(stayA, { ...s.stays.get(stayA)!, bedId: null, bedLabel: null });
    s.cleaning.push({ bedId: u(60), bedLabel: 'G7' });
    expect(await list(s)).toMatchObject([
      { id: `derived:no_bed:${stayA}`, kind: 'no_bed', patientName: 'Trần Văn An' },
      { id: `derived:clean_bed:${u(60)}`, kind: 'clean_bed', bedLabel: 'G7', patientId: null },
    ]);
  });

  it('tells someone who may not read charts about beds only', async () => {
    const s = station();
    await add(s, 'Hỏi lại tiền sử', { admissionId: stayA });
    s.cleaning.push({ bedId: u(60), bedLabel: 'G7' });
    expect(await kinds(s, { may: ['board.read'] })).toEqual([['clean_bed', 'G7', false, false]]);
  });
});

describe('what people write for each other', () => {
  it('is listed with who wrote it, the earliest due first, what has no time last', async () => {
    const s = station();
    await settled(s);
    await add(s, 'Khi rảnh');
    await add(s, 'Chiều', { dueAt: eight + 6 * hour });
    await add(s, 'Lấy máu', { admissionId: stayA, dueAt: eight + hour });
    expect(await list(s)).toMatchObject([
      {
        kind: 'written',
        text: 'Lấy máu',
        patientName: 'Trần Văn An',
        bedLabel: 'G1',
        createdBy: 'ĐD. Hoa',
        overdue: false,
      },
      { text: 'Chiều' },
      { text: 'Khi rảnh', patientName: null },
    ]);
    s.clock = eight + hour + minute;
    expect((await list(s))[0]).toMatchObject({ text: 'Lấy máu', overdue: true });
  });

  it('leaves the list when done, shows among the done ones of this shift, and comes back by undo', async () => {
    const s = station();
    await settled(s);
    const { taskId } = await add(s, 'Thay băng');
    const { undo } = await s.get('tasks.done', { taskId }, asNurse);
    expect(await list(s)).toEqual([]);
    expect(await list(s, { includeDone: true })).toMatchObject([{ done: { at: eight, by: 'ĐD. Hoa' } }]);
    expect(await s.ask('tasks.done', { taskId })).toMatchObject({ error: { code: 'illegal_transition' } });
    s.undo(undo);
    expect(await list(s)).toMatchObject([{ text: 'Thay băng', done: null }]);
    await s.get('tasks.done', { taskId });
    s.clock = eight + 9 * hour;
    expect((await list(s, { includeDone: true })).filter((t) => t.kind === 'written')).toEqual([]);
  });

  it('can be cancelled with a reason, and adding can be taken back', async () => {
    const s = station();
    await settled(s);
    const first = await add(s, 'Hẹn siêu âm');
    const { undo } = await s.get('tasks.cancel', { taskId: first.taskId, reason: 'đã làm ở tuyến dưới' });
    expect(await list(s)).toEqual([]);
    s.undo(undo);
    expect(await list(s)).toHaveLength(1);
    const second = await add(s, 'Gõ nhầm');
    s.undo(second.undo);
    expect((await list(s)).map((t) => t.text)).toEqual(['Hẹn siêu âm']);
  });

  it('follows the patient to another ward, and is not left behind', async () => {
    const s = station();
    await settled(s);
    await add(s, 'Theo dõi SpO2', { admissionId: stayA });
    s.stays.set(stayA, { ...s.stays.get(stayA)!, wardId: otherWard, bedLabel: 'N3' });
    expect(await list(s)).toEqual([]);
    expect(await list(s, { wardId: otherWard })).toMatchObject([
      { text: 'Theo dõi SpO2', wardId: otherWard, bedLabel: 'N3' },
    ]);
  });

  it.each([
    ['an unknown ward', { wardId: u(99) }, 'not_found'],
    ['an unknown stay', { admissionId: u(99) }, 'not_found'],
    ['a patient of another ward', { wardId: otherWard, admissionId: stayA }, 'wrong_ward'],
  ])('is refused for %s', async (_what, input, code) => {
    const s = station();
    const answer = await s.ask('tasks.add', {
      wardId: ward,
      admissionId: null,
      text: 'x',
      dueAt: null,
      ...input,
    });
    expect(answer).toMatchObject({ error: { code } });
  });

  it('is refused for someone who has gone home', async () => {
    const s = station();
    s.stays.set(stayA, { ...s.stays.get(stayA)!, status: 'discharged', dischargedAt: eight });
    const answer = await s.ask('tasks.add', { wardId: ward, admissionId: stayA, text: 'x', dueAt: null });
    expect(answer).toMatchObject({ error: { code: 'not_admitted' } });
  });

  it('is ticked on two stations at once without harm', async () => {
    const [a, b] = [station('a'), station('b')];
    const { taskId } = await add(a, 'Thay băng');
    exchange(a.store, b.store);
    a.clock += minute;
    b.clock += 2 * minute;
    await a.get('tasks.done', { taskId });
    await b.get('tasks.cancel', { taskId, reason: 'không cần' });
    exchange(a.store, b.store);
    expect(tablesOf(a.store)).toEqual(tablesOf(b.store));
    expect(taskById(a.store.sql).get(taskId)?.state).toBe('cancelled');
  });
});

it('answers every hot query from an index', () => {
  const s = station();
  expectNoScan(s.store, tasksOfWard.text, { ward, doneSince: 0 });
  expectNoScan(s.store, tasksOfStays.text, { stays: '[]', doneSince: 0 });
  expectNoScan(s.store, taskById.text, '');
});
