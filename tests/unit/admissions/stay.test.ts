// One PC: in, from bed to bed, out, back in.
import { expect, it } from 'vitest';
import { movesOf, staysOfPatient } from '../../../electron/clinic/admissions/index.ts';
import { bedsOfWard } from '../../../electron/clinic/beds/index.ts';
import {
  admitted,
  discharging,
  hour,
  layOut,
  minute,
  moving,
  openPc,
  someone,
} from '../support/stay-center.ts';

const stateOf = (pc: ReturnType<typeof openPc>, wardId: string, bedId: string) =>
  bedsOfWard(pc.store.sql, wardId).find((b) => b.bedId === bedId)?.state;

it('admits into a ready bed and mints the number of this PC', async () => {
  const pc = openPc();
  const { noi, n } = await layOut(pc);
  const first = await admitted(pc, noi, n[0]!);
  const second = await admitted(pc, noi, null);
  expect(pc.stay(first)).toMatchObject({
    status: 'admitted',
    admissionNumber: '2601A00001',
    wardName: 'Khoa Nội',
    bedLabel: 'Buồng 1 · G01',
    careType: '03',
    diagnosis: 'Viêm phổi',
  });
  expect(pc.stay(second)).toMatchObject({ admissionNumber: '2601A00002', bedId: null, bedLabel: null });
});

it('never uses the number of a stay again, not even of one taken back', async () => {
  const pc = openPc();
  const { noi } = await layOut(pc);
  const input = {
    patientId: someone(),
    wardId: noi,
    bedId: null,
    at: pc.clock.now,
    reason: 'Sốt',
    diagnosis: null,
  };
  const { undo, admissionNumber } = await pc.must('admissions.admit', input);
  expect(pc.undo(undo).ok).toBe(true);
  const again = await pc.must('admissions.admit', input);
  expect([admissionNumber, again.admissionNumber]).toEqual(['2601A00001', '2601A00002']);
});

it('begins the numbers anew with the Vietnamese year, not the UTC one', async () => {
  const pc = openPc();
  const { noi } = await layOut(pc);
  pc.clock.now = Date.UTC(2026, 11, 31, 17, 30); // 00:30 on 1 January in Vietnam
  expect(pc.stay(await admitted(pc, noi, null)).admissionNumber).toBe('2701A00001');
});

it('refuses a second stay of a patient, an unknown patient, and an unknown ward', async () => {
  const pc = openPc();
  const { noi } = await layOut(pc);
  const patientId = someone();
  await admitted(pc, noi, null, patientId);
  const input = { patientId, wardId: noi, bedId: null, at: pc.clock.now, reason: 'Sốt', diagnosis: null };
  expect(await pc.codeOf('admissions.admit', input)).toBe('already_admitted');
  expect(
    await pc.codeOf('admissions.admit', { ...input, patientId: '00000000-0000-4000-8000-000000000000' }),
  ).toBe('not_found');
  expect(await pc.codeOf('admissions.admit', { ...input, patientId: someone(), wardId: someone() })).toBe(
    'not_found',
  );
});

it('puts two people in one bed only where it was declared shared', async () => {
  const pc = openPc();
  const { noi, n } = await layOut(pc);
  await admitted(pc, noi, n[0]!);
  const input = {
    patientId: someone(),
    wardId: noi,
    bedId: n[0]!,
    at: pc.clock.now,
    reason: 'Sốt',
    diagnosis: null,
  };
  expect(await pc.codeOf('admissions.admit', input)).toBe('bed_taken');
  await pc.must('beds.setShared', { bedId: n[0]!, shared: true, reason: 'Quá tải' });
  expect(await pc.codeOf('admissions.admit', input)).toBe('ok');
  expect(await pc.openConflicts()).toEqual([]);
});

it('takes only a ready bed of the chosen ward', async () => {
  const pc = openPc();
  const { noi, n, g } = await layOut(pc);
  await pc.must('beds.setState', { bedId: n[0]!, state: 'cleaning', reason: null });
  await pc.must('beds.setState', { bedId: n[1]!, state: 'closed', reason: 'Hỏng tay quay' });
  const input = { patientId: someone(), wardId: noi, at: pc.clock.now, reason: 'Sốt', diagnosis: null };
  expect(await pc.codeOf('admissions.admit', { ...input, bedId: n[0]! })).toBe('bed_not_ready');
  expect(await pc.codeOf('admissions.admit', { ...input, bedId: n[1]! })).toBe('bed_not_ready');
  expect(await pc.codeOf('admissions.admit', { ...input, bedId: g[0]! })).toBe('bed_not_in_ward');
});

it('refuses times ahead of the clock by more than five minutes, before admission, or before the last move', async () => {
  const pc = openPc();
  const { noi, ngoai, n } = await layOut(pc);
  const input = { patientId: someone(), wardId: noi, bedId: null, reason: 'Sốt', diagnosis: null };
  expect(await pc.codeOf('admissions.admit', { ...input, at: pc.clock.now + 6 * minute })).toBe(
    'time_in_future',
  );
  expect(await pc.codeOf('admissions.admit', { ...input, at: pc.clock.now + 4 * minute })).toBe('ok');
  const stay = await admitted(pc, noi, n[0]!);
  const to = moving(pc, stay, ngoai, null);
  expect(await pc.codeOf('admissions.transfer', { ...to, at: pc.clock.now - 2 * hour })).toBe(
    'time_before_admission',
  );
  await pc.must('admissions.transfer', to);
  expect(
    await pc.codeOf('admissions.discharge', { ...discharging(pc, stay), at: pc.clock.now - 10 * minute }),
  ).toBe('time_before_last_move');
});

it('counts the minute of admission as part of the stay, because screens give times to the minute', async () => {
  const pc = openPc();
  const { noi, n } = await layOut(pc);
  pc.clock.now += 40_000;
  const { admissionId } = await pc.must('admissions.admit', {
    patientId: someone(),
    wardId: noi,
    bedId: null,
    at: pc.clock.now,
    reason: 'Sốt',
    diagnosis: null,
  });
  const typed = Math.floor(pc.clock.now / minute) * minute;
  expect(await pc.codeOf('admissions.transfer', { ...moving(pc, admissionId, noi, n[0]!), at: typed })).toBe(
    'ok',
  );
});

it('moves to another ward and sends the bed that was left to cleaning', async () => {
  const pc = openPc();
  const { noi, ngoai, n, g } = await layOut(pc);
  const stay = await admitted(pc, noi, n[0]!);
  await pc.must('admissions.transfer', moving(pc, stay, ngoai, g[2]!));
  expect(pc.stay(stay)).toMatchObject({ wardName: 'Khoa Ngoại', bedLabel: 'Buồng 2 · G03' });
  expect(stateOf(pc, noi, n[0]!)).toBe('cleaning');
  expect(movesOf(pc.store.sql, stay).map((m) => m.kind)).toEqual(['admit', 'transfer']);
});

it('calls a move within the ward a change of bed, and leaves a bed alone while another still lies in it', async () => {
  const pc = openPc();
  const { noi, n } = await layOut(pc);
  await pc.must('beds.setShared', { bedId: n[0]!, shared: true, reason: null });
  const stay = await admitted(pc, noi, n[0]!);
  await admitted(pc, noi, n[0]!);
  await pc.must('admissions.transfer', moving(pc, stay, noi, n[1]!));
  expect(movesOf(pc.store.sql, stay).map((m) => m.kind)).toEqual(['admit', 'bed']);
  expect(stateOf(pc, noi, n[0]!)).toBe('ready');
});

it('refuses to move someone to where they already are', async () => {
  const pc = openPc();
  const { noi, n } = await layOut(pc);
  const stay = await admitted(pc, noi, n[0]!);
  expect(await pc.codeOf('admissions.transfer', moving(pc, stay, noi, n[0]!))).toBe('illegal_transition');
});

it('says stale when the screen showed another bed, and goes on when only the diagnosis changed meanwhile', async () => {
  const pc = openPc();
  const { noi, ngoai, n } = await layOut(pc);
  const stay = await admitted(pc, noi, n[0]!);
  const old = pc.saw(stay);
  await pc.must('admissions.updateDiagnosis', {
    admissionId: stay,
    diagnosis: 'Viêm phổi thùy',
    icdCode: 'J18.1',
    saw: old,
  });
  await pc.must('admissions.transfer', { ...moving(pc, stay, noi, n[1]!), saw: old });
  expect(await pc.codeOf('admissions.transfer', { ...moving(pc, stay, ngoai, null), saw: old })).toBe(
    'stale',
  );
  expect(await pc.codeOf('admissions.discharge', { ...discharging(pc, stay), saw: old })).toBe('stale');
  expect(await pc.codeOf('admissions.discharge', { ...discharging(pc, stay), saw: {} })).toBe('stale');
  expect(
    await pc.codeOf('admissions.updateDiagnosis', { admissionId: stay, diagnosis: 'Khác', saw: old }),
  ).toBe('stale');
});

it('does not call a screen stale when the patient is back in the bed it showed', async () => {
  const pc = openPc();
  const { noi, ngoai, n } = await layOut(pc);
  const stay = await admitted(pc, noi, n[0]!);
  const old = pc.saw(stay);
  await pc.must('admissions.transfer', moving(pc, stay, noi, n[1]!));
  await pc.must('beds.setState', { bedId: n[0]!, state: 'ready', reason: null });
  await pc.must('admissions.transfer', moving(pc, stay, noi, n[0]!));
  expect(await pc.codeOf('admissions.transfer', { ...moving(pc, stay, ngoai, null), saw: old })).toBe('ok');
});

it('swaps two beds at once, in the same or different wards, without sending them to cleaning', async () => {
  const pc = openPc();
  const { noi, ngoai, n, g } = await layOut(pc);
  const a = await admitted(pc, noi, n[0]!);
  const b = await admitted(pc, ngoai, g[1]!);
  const { undo } = await pc.must('admissions.swapBeds', {
    a,
    b,
    at: pc.clock.now,
    reason: 'Cách ly',
    sawA: pc.saw(a),
    sawB: pc.saw(b),
  });
  expect([pc.stay(a).bedId, pc.stay(b).bedId]).toEqual([g[1], n[0]]);
  expect([stateOf(pc, noi, n[0]!), stateOf(pc, ngoai, g[1]!)]).toEqual(['ready', 'ready']);
  expect(await pc.openConflicts()).toEqual([]);
  expect(pc.undo(undo).ok).toBe(true);
  expect([pc.stay(a).bedId, pc.stay(b).bedId]).toEqual([n[0], g[1]]);
});

it('swaps nothing when one of the two screens was stale', async () => {
  const pc = openPc();
  const { noi, n } = await layOut(pc);
  const a = await admitted(pc, noi, n[0]!);
  const b = await admitted(pc, noi, n[1]!);
  const sawB = pc.saw(b);
  await pc.must('admissions.transfer', moving(pc, b, noi, n[2]!));
  const input = { a, b, at: pc.clock.now, reason: '', sawA: pc.saw(a), sawB };
  expect(await pc.codeOf('admissions.swapBeds', input)).toBe('stale');
  expect([pc.stay(a).bedId, pc.stay(b).bedId]).toEqual([n[0], n[2]]);
});

it('discharges with type and outcome, frees the bed for cleaning, and refuses a second time', async () => {
  const pc = openPc();
  const { noi, n } = await layOut(pc);
  const stay = await admitted(pc, noi, n[0]!);
  const input = {
    ...discharging(pc, stay),
    type: '2' as const,
    outcome: '4' as const,
    destination: 'BV tỉnh',
  };
  await pc.must('admissions.discharge', input);
  expect(pc.stay(stay)).toMatchObject({
    status: 'discharged',
    dischargedAt: input.at,
    dischargeType: '2',
    outcome: '4',
  });
  expect(stateOf(pc, noi, n[0]!)).toBe('cleaning');
  expect(await pc.codeOf('admissions.discharge', input)).toBe('not_admitted');
  expect(await pc.codeOf('admissions.transfer', moving(pc, stay, noi, n[1]!))).toBe('not_admitted');
  expect(
    await pc.codeOf('admissions.updateDiagnosis', { admissionId: stay, diagnosis: 'X', saw: pc.saw(stay) }),
  ).toBe('not_admitted');
});

it('reopens a stay with a reason, into a bed of its ward, unless the patient has another open stay', async () => {
  const pc = openPc();
  const { noi, n, g } = await layOut(pc);
  const patient = someone();
  const stay = await admitted(pc, noi, n[0]!, patient);
  expect(await pc.codeOf('admissions.reopen', { admissionId: stay, reason: 'Nhầm', bedId: null })).toBe(
    'illegal_transition',
  );
  await pc.must('admissions.discharge', discharging(pc, stay));
  expect(await pc.codeOf('admissions.reopen', { admissionId: stay, reason: 'Nhầm', bedId: g[0]! })).toBe(
    'bed_not_in_ward',
  );
  expect(await pc.codeOf('admissions.reopen', { admissionId: stay, reason: 'Nhầm', bedId: n[0]! })).toBe(
    'bed_not_ready',
  );
  await pc.must('admissions.reopen', { admissionId: stay, reason: 'Ra viện nhầm người', bedId: n[1]! });
  expect(pc.stay(stay)).toMatchObject({
    status: 'admitted',
    bedId: n[1],
    dischargedAt: null,
    dischargeType: null,
  });
  await pc.must('admissions.discharge', discharging(pc, stay));
  await admitted(pc, noi, null, patient);
  expect(await pc.codeOf('admissions.reopen', { admissionId: stay, reason: 'Nhầm', bedId: null })).toBe(
    'already_admitted',
  );
});

it('takes a discharge back: the patient lies in the bed again and the bed needs no cleaning', async () => {
  const pc = openPc();
  const { noi, n } = await layOut(pc);
  const stay = await admitted(pc, noi, n[0]!);
  const { undo } = await pc.must('admissions.discharge', discharging(pc, stay));
  expect(pc.undo(undo)).toMatchObject({ ok: true });
  expect(pc.stay(stay)).toMatchObject({ status: 'admitted', bedId: n[0], dischargedAt: null });
  expect(stateOf(pc, noi, n[0]!)).toBe('ready');
  expect(movesOf(pc.store.sql, stay).map((m) => [m.kind, m.voided])).toEqual([
    ['admit', false],
    ['discharge', true],
  ]);
  expect(pc.undo(undo)).toMatchObject({ error: { code: 'already_voided' } });
});

it('takes nothing back once somebody acted on it or lies in the old bed', async () => {
  const pc = openPc();
  const { noi, n } = await layOut(pc);
  const stay = await admitted(pc, noi, n[0]!);
  const first = await pc.must('admissions.transfer', moving(pc, stay, noi, n[1]!));
  const second = await pc.must('admissions.transfer', moving(pc, stay, noi, n[2]!));
  expect(pc.undo(first.undo)).toMatchObject({ error: { code: 'stale' } });
  await pc.must('beds.setState', { bedId: n[1]!, state: 'ready', reason: null });
  await admitted(pc, noi, n[1]!);
  expect(pc.undo(second.undo)).toMatchObject({ error: { code: 'bed_taken' } });
  expect(pc.stay(stay).bedId).toBe(n[2]);
});

it('leaves a bed closed that somebody closed while the undo was still offered', async () => {
  const pc = openPc();
  const { noi, n } = await layOut(pc);
  const stay = await admitted(pc, noi, n[0]!);
  const { undo } = await pc.must('admissions.transfer', moving(pc, stay, noi, null));
  await pc.must('beds.setState', { bedId: n[0]!, state: 'closed', reason: 'Hỏng' });
  expect(pc.undo(undo).ok).toBe(true);
  expect(stateOf(pc, noi, n[0]!)).toBe('closed');
});

it('takes an admission back: the stay is void, still shown among the stays, and the patient can be admitted', async () => {
  const pc = openPc();
  const { noi, n } = await layOut(pc);
  const patientId = someone();
  const input = { patientId, wardId: noi, bedId: n[0]!, at: pc.clock.now, reason: 'Sốt', diagnosis: null };
  const { undo, admissionId } = await pc.must('admissions.admit', input);
  expect(pc.undo(undo).ok).toBe(true);
  expect(pc.stay(admissionId).status).toBe('voided');
  expect(await pc.codeOf('admissions.admit', input)).toBe('ok');
  expect(
    staysOfPatient(pc.store.sql, patientId)
      .map((s) => s.status)
      .sort(),
  ).toEqual(['admitted', 'voided']);
  expect(await pc.must('admissions.ofPatient', { patientId })).toHaveLength(2);
});

it('lets a nurse bound to a ward move patients only from or to it', async () => {
  const pc = openPc();
  const { noi, ngoai, n, g } = await layOut(pc);
  const stay = await admitted(pc, noi, n[0]!);
  const nurse = (wards: string[]) => pc.as({ roles: ['dieu_duong'], wards: wards as never });
  expect(await nurse([someone()]).codeOf('admissions.transfer', moving(pc, stay, ngoai, g[0]!))).toBe(
    'wrong_ward',
  );
  expect(await nurse([ngoai]).codeOf('admissions.transfer', moving(pc, stay, ngoai, g[0]!))).toBe('ok');
  expect(await nurse([]).codeOf('admissions.transfer', moving(pc, stay, noi, n[1]!))).toBe('ok');
  const duty = pc.as({ roles: ['bac_si_truc'], wards: [ngoai] as never });
  expect(await duty.codeOf('admissions.transfer', moving(pc, stay, noi, n[2]!))).toBe('ok');
});

it('shows the whole stay with its moves, who made them and why', async () => {
  const pc = openPc();
  const { noi, ngoai, n } = await layOut(pc);
  const stay = await admitted(pc, noi, n[0]!);
  await pc.must('admissions.transfer', moving(pc, stay, ngoai, null));
  const shown = await pc.must('admissions.get', { admissionId: stay });
  expect(shown.moves).toMatchObject([
    { kind: 'admit', wardName: 'Khoa Nội', bedName: 'G01', by: 'u-doctor', reason: 'Sốt cao 3 ngày' },
    { kind: 'transfer', wardName: 'Khoa Ngoại', bedName: null, reason: 'Theo yêu cầu điều trị' },
  ]);
  expect(await pc.codeOf('admissions.get', { admissionId: someone() })).toBe('not_found');
});
