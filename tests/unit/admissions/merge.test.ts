// Two PCs that could not see each other: what both boards show afterwards, and what waits to be settled.
import { expect, it } from 'vitest';
import { movesOf } from '../../../electron/clinic/admissions/index.ts';
import { bedOf } from '../../../electron/clinic/beds/index.ts';
import { exchange } from '../support/open-test-store.ts';
import {
  admitted,
  discharging,
  dump,
  hour,
  layOut,
  minute,
  moving,
  openPc,
  type Pc,
  someone,
} from '../support/stay-center.ts';

/** Two PCs that have just met: the same wards, the same stays. */
async function twoPcs() {
  const a = openPc('a');
  const b = openPc('b');
  const layout = await layOut(a);
  const meet = () => exchange(a.store, b.store);
  return { a, b, ...layout, meet };
}

/** Both PCs show the same, and this is the open inbox. */
async function inboxOf(a: Pc, b: Pc) {
  expect(dump(b.store)).toEqual(dump(a.store));
  return a.openConflicts();
}

it('shows a double bed on both PCs when two people were put into it unseen, and both stay on the board', async () => {
  const { a, b, noi, n, meet } = await twoPcs();
  meet();
  const first = await admitted(a, noi, n[0]!);
  const second = await admitted(b, noi, n[0]!);
  meet();
  const [conflict, ...more] = await inboxOf(a, b);
  expect(more).toEqual([]);
  expect(conflict).toMatchObject({ kind: 'double_bed', patientId: null, subjectKey: 'conflict.double_bed' });
  expect(new Set(conflict!.sides.map((s) => s.value!.split(' · ')[0]))).toEqual(
    new Set([first, second].map((stay) => `Người ${a.stay(stay).patientId.slice(0, 4)}`)),
  );
  expect(new Set(conflict!.people)).toEqual(
    new Set([first, second].map((stay) => `Người ${a.stay(stay).patientId.slice(0, 4)}`)),
  );
  expect(conflict!.sides[0]!.value).toContain('Khoa Nội · Buồng 1 · G01');
  const board = await b.must('beds.board', { wardId: noi });
  expect(board.rooms[0]!.beds[0]!.patients.map((p) => [p.admissionId, p.conflict]).sort()).toEqual(
    [
      [first, true],
      [second, true],
    ].sort(),
  );
});

it('settles a double bed: the chosen one keeps it, the other stays on the ward without a bed', async () => {
  const { a, b, noi, n, meet } = await twoPcs();
  meet();
  const first = await admitted(a, noi, n[0]!);
  const second = await admitted(b, noi, n[0]!);
  meet();
  const [conflict] = await a.openConflicts();
  const choice = conflict!.sides.find((s) => s.choice === movesOf(a.store.sql, second)[0]!.changeId)!.choice;
  await a.must('conflicts.settle', { id: conflict!.id, choice, reason: 'Đã xem tại giường' });
  meet();
  expect(await inboxOf(a, b)).toEqual([]);
  expect([b.stay(first).bedId, b.stay(second).bedId]).toEqual([null, n[0]]);
  expect(await b.must('conflicts.list', { settled: true })).toMatchObject([
    { id: conflict!.id, settled: { by: 'u-doctor', choice, reason: 'Đã xem tại giường' } },
  ]);
  expect(await b.codeOf('conflicts.settle', { id: conflict!.id, choice, reason: null })).toBe(
    'already_settled',
  );
});

it('is no conflict to lie two in a bed that was declared shared, wherever and whenever it was declared', async () => {
  const { a, b, noi, n, meet } = await twoPcs();
  meet();
  await admitted(a, noi, n[0]!);
  await admitted(b, noi, n[0]!);
  meet();
  expect(await a.openConflicts()).toHaveLength(1);
  await a.must('beds.setShared', { bedId: n[0]!, shared: true, reason: 'Quá tải' });
  meet();
  expect(await inboxOf(a, b)).toEqual([]);
});

it('finds two open stays of one patient, and voids the one not chosen', async () => {
  const { a, b, noi, ngoai, n, g, meet } = await twoPcs();
  meet();
  const patient = someone();
  const first = await admitted(a, noi, n[0]!, patient);
  const second = await admitted(b, ngoai, g[0]!, patient);
  meet();
  const [conflict] = await inboxOf(a, b);
  expect(conflict).toMatchObject({ kind: 'two_stays', patientId: patient });
  const choice = movesOf(b.store.sql, second)[0]!.changeId;
  await b.must('conflicts.settle', { id: conflict!.id, choice, reason: null });
  meet();
  expect(await inboxOf(a, b)).toEqual([]);
  expect([a.stay(first).status, a.stay(second).status]).toEqual(['voided', 'admitted']);
});

it('keeps exactly one stay, the later choice, when two people settle two open stays without seeing each other', async () => {
  const { a, b, noi, ngoai, meet } = await twoPcs();
  meet();
  const patient = someone();
  const first = await admitted(a, noi, null, patient);
  const second = await admitted(b, ngoai, null, patient);
  meet();
  const [conflict] = await a.openConflicts();
  const choiceOf = (stay: string) => movesOf(a.store.sql, stay)[0]!.changeId;
  await a.must('conflicts.settle', { id: conflict!.id, choice: choiceOf(first), reason: null });
  b.clock.now = a.clock.now + minute;
  await b.must('conflicts.settle', { id: conflict!.id, choice: choiceOf(second), reason: null });
  meet();
  expect(await inboxOf(a, b)).toEqual([]);
  expect([a.stay(first).status, a.stay(second).status]).toEqual(['voided', 'admitted']);
});

it('shows two different moves as a conflict over the place; the later one holds until settled', async () => {
  const { a, b, noi, n, meet } = await twoPcs();
  const stay = await admitted(a, noi, n[0]!);
  meet();
  await a.must('admissions.transfer', moving(a, stay, noi, n[1]!));
  b.clock.now = a.clock.now + minute;
  await b.must('admissions.transfer', moving(b, stay, noi, n[2]!));
  meet();
  const [conflict, ...more] = await inboxOf(a, b);
  expect(more).toEqual([]);
  expect(conflict).toMatchObject({ kind: 'field', subjectKey: 'field.admission.place' });
  expect(conflict!.sides.map((s) => [s.act, s.current])).toEqual([
    ['transfer', false],
    ['transfer', true],
  ]);
  expect(a.stay(stay).bedId).toBe(n[2]);
  await a.must('conflicts.settle', { id: conflict!.id, choice: conflict!.sides[0]!.choice, reason: null });
  meet();
  expect(await inboxOf(a, b)).toEqual([]);
  expect(b.stay(stay).bedId).toBe(n[1]);
});

it('is no conflict when both moved the patient to the same bed', async () => {
  const { a, b, noi, n, meet } = await twoPcs();
  const stay = await admitted(a, noi, n[0]!);
  meet();
  await a.must('admissions.transfer', moving(a, stay, noi, n[1]!));
  await b.must('admissions.transfer', moving(b, stay, noi, n[1]!));
  meet();
  expect(await inboxOf(a, b)).toEqual([]);
});

for (const earlier of ['move', 'discharge'] as const) {
  it(`never loses a move made while another PC discharged, the ${earlier} being the earlier`, async () => {
    const { a, b, noi, ngoai, n, meet } = await twoPcs();
    const stay = await admitted(a, noi, n[0]!);
    meet();
    const [early, late] = earlier === 'move' ? [a, b] : [b, a];
    late.clock.now = early.clock.now + 10 * minute;
    await a.must('admissions.transfer', moving(a, stay, ngoai, null));
    await b.must('admissions.discharge', discharging(b, stay));
    meet();
    const [conflict, ...more] = await inboxOf(a, b);
    expect(more).toEqual([]);
    expect(conflict).toMatchObject({ kind: 'illegal_transition' });
    expect(conflict!.sides.map((s) => s.act).sort()).toEqual(['discharge', 'transfer']);
    // whoever wrote later saw the patient later
    expect(a.stay(stay).status).toBe(earlier === 'move' ? 'discharged' : 'admitted');
    const discharge = conflict!.sides.find((s) => s.act === 'discharge')!;
    await b.must('conflicts.settle', { id: conflict!.id, choice: discharge.choice, reason: null });
    meet();
    expect(await inboxOf(a, b)).toEqual([]);
    expect(a.stay(stay)).toMatchObject({ status: 'discharged', wardId: noi, bedId: n[0] });
  });
}

it('shows two discharges that say different things, and none when they say the same', async () => {
  const { a, b, noi, meet } = await twoPcs();
  const different = await admitted(a, noi, null);
  const same = await admitted(a, noi, null);
  meet();
  const at = a.clock.now - minute;
  await a.must('admissions.discharge', { ...discharging(a, different), at, outcome: '1' });
  await b.must('admissions.discharge', { ...discharging(b, different), at, outcome: '4' });
  await a.must('admissions.discharge', { ...discharging(a, same), at });
  await b.must('admissions.discharge', { ...discharging(b, same), at });
  meet();
  const inbox = await inboxOf(a, b);
  expect(inbox).toHaveLength(1);
  expect(inbox[0]).toMatchObject({ kind: 'two_discharges', patientId: a.stay(different).patientId });
  const other = inbox[0]!.sides.find((s) => !s.current)!;
  await a.must('conflicts.settle', { id: inbox[0]!.id, choice: other.choice, reason: 'Bác sĩ xác nhận' });
  meet();
  expect(await inboxOf(a, b)).toEqual([]);
  expect(a.stay(different).status).toBe('discharged');
});

it('does not let an undo swallow what somebody did on top of it: the stay goes on, flagged', async () => {
  const { a, b, noi, ngoai, n, meet } = await twoPcs();
  const { admissionId, undo } = await a.must('admissions.admit', {
    patientId: someone(),
    wardId: noi,
    bedId: n[0]!,
    at: a.clock.now,
    reason: 'Sốt',
    diagnosis: null,
  });
  meet();
  await b.must('admissions.transfer', moving(b, admissionId, ngoai, null));
  expect(a.undo(undo).ok).toBe(true);
  meet();
  const [conflict, ...more] = await inboxOf(a, b);
  expect(more).toEqual([]);
  expect(conflict).toMatchObject({
    kind: 'illegal_transition',
    sides: [{ act: 'void' }, { act: 'transfer' }],
  });
  expect(a.stay(admissionId)).toMatchObject({ status: 'admitted', wardId: ngoai });
  await a.must('conflicts.settle', { id: conflict!.id, choice: conflict!.sides[0]!.choice, reason: null });
  meet();
  expect(await inboxOf(a, b)).toEqual([]);
  expect(b.stay(admissionId).status).toBe('voided');
});

it('keeps both diagnoses written unseen until one is chosen', async () => {
  const { a, b, noi, meet } = await twoPcs();
  const stay = await admitted(a, noi, null);
  meet();
  await a.must('admissions.updateDiagnosis', {
    admissionId: stay,
    diagnosis: 'Lao phổi',
    icdCode: 'A15',
    saw: a.saw(stay),
  });
  await b.must('admissions.updateDiagnosis', { admissionId: stay, diagnosis: 'U phổi', saw: b.saw(stay) });
  meet();
  const [conflict] = await inboxOf(a, b);
  expect(conflict).toMatchObject({ kind: 'field', subjectKey: 'field.admission.diagnosis' });
  const lao = conflict!.sides.find((s) => s.value === 'A15 Lao phổi')!;
  await b.must('conflicts.settle', { id: conflict!.id, choice: lao.choice, reason: 'Có AFB' });
  meet();
  expect(await inboxOf(a, b)).toEqual([]);
  expect(a.stay(stay)).toMatchObject({ diagnosis: 'Lao phổi', icdCode: 'A15' });
  expect(await a.must('conflicts.list', { settled: true })).toMatchObject([
    { settled: { choice: lao.choice, reason: 'Có AFB' } },
  ]);
});

it('counts a move made with both branches on screen as the decision, and keeps it among the settled', async () => {
  const { a, b, noi, n, meet } = await twoPcs();
  const stay = await admitted(a, noi, n[0]!);
  meet();
  await a.must('admissions.transfer', moving(a, stay, noi, n[1]!));
  await b.must('admissions.transfer', moving(b, stay, noi, n[2]!));
  meet();
  a.clock.now = Math.max(a.clock.now, b.clock.now) + hour;
  await a.must('admissions.transfer', moving(a, stay, noi, n[3]!));
  meet();
  expect(await inboxOf(a, b)).toEqual([]);
  expect(await b.must('conflicts.list', { settled: true })).toMatchObject([{ kind: 'field' }]);
});

it('sets only the last act of each branch against the other', async () => {
  const { a, b, noi, n, meet } = await twoPcs();
  const stay = await admitted(a, noi, null);
  meet();
  for (const bed of [n[0]!, n[1]!, n[2]!]) await a.must('admissions.transfer', moving(a, stay, noi, bed));
  await b.must('admissions.transfer', moving(b, stay, noi, n[3]!));
  meet();
  expect(await inboxOf(a, b)).toHaveLength(1);
});

it('settling for one branch takes back the whole other branch', async () => {
  const { a, b, noi, ngoai, n, meet } = await twoPcs();
  const stay = await admitted(a, noi, null);
  meet();
  await a.must('admissions.transfer', moving(a, stay, ngoai, null));
  await a.must('admissions.discharge', discharging(a, stay));
  await b.must('admissions.transfer', moving(b, stay, noi, n[3]!));
  meet();
  const [conflict] = await a.openConflicts();
  const mine = conflict!.sides.find((s) => s.act === 'transfer')!;
  await b.must('conflicts.settle', { id: conflict!.id, choice: mine.choice, reason: null });
  meet();
  expect(await inboxOf(a, b)).toEqual([]);
  expect(a.stay(stay)).toMatchObject({ status: 'admitted', wardId: noi, bedId: n[3] });
});

it('closes a bed on one PC though another PC sent it to cleaning later', async () => {
  const { a, b, noi, n, meet } = await twoPcs();
  meet();
  const lying = await admitted(b, noi, n[0]!);
  await a.must('beds.setState', { bedId: n[0]!, state: 'closed', reason: 'Gãy thanh chắn' });
  b.clock.now = a.clock.now + minute;
  await b.must('admissions.discharge', discharging(b, lying));
  meet();
  expect(bedOf(a.store.sql, n[0]!)).toMatchObject({ state: 'closed', stateReason: 'Gãy thanh chắn' });
});

it('refuses to settle with a choice that is not one of the sides, or a conflict that is not there', async () => {
  const { a, b, noi, n, meet } = await twoPcs();
  meet();
  await admitted(a, noi, n[0]!);
  await admitted(b, noi, n[0]!);
  meet();
  const [conflict] = await a.openConflicts();
  expect(await a.codeOf('conflicts.settle', { id: conflict!.id, choice: 'x', reason: null })).toBe(
    'bad_input',
  );
  expect(await a.codeOf('conflicts.settle', { id: 'f'.repeat(32), choice: 'x', reason: null })).toBe(
    'not_found',
  );
});

it('lets an answer stand to somebody whose clock runs ahead: a stay taken back in, a diagnosis corrected', async () => {
  const { a, b, noi, n, meet } = await twoPcs();
  const stay = await admitted(a, noi, n[0]!);
  meet();
  // further than a clock may run ahead and still move those of others
  b.clock.now += 20 * minute;
  await b.must('admissions.updateDiagnosis', { admissionId: stay, diagnosis: 'U phổi', saw: b.saw(stay) });
  await b.must('admissions.discharge', discharging(b, stay));
  meet();
  const reopened = await a.must('admissions.reopen', { admissionId: stay, reason: 'Bấm nhầm', bedId: null });
  const corrected = await a.must('admissions.updateDiagnosis', {
    admissionId: stay,
    diagnosis: 'Lao phổi',
    saw: a.saw(stay),
  });
  meet();
  expect(await inboxOf(a, b)).toEqual([]);
  for (const pc of [a, b]) expect(pc.stay(stay)).toMatchObject({ status: 'admitted', diagnosis: 'Lao phổi' });
  // and both answers can be taken back, the last first
  expect(a.undo(corrected.undo)).toMatchObject({ ok: true });
  expect(a.undo(reopened.undo)).toMatchObject({ ok: true });
  meet();
  for (const pc of [a, b]) expect(pc.stay(stay)).toMatchObject({ status: 'discharged', diagnosis: 'U phổi' });
});
