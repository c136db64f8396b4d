// Wards, rooms and beds of one PC.
import { expect, it } from 'vitest';
import { bedOf, bedsOfWard, bedsToClean } from '../../../electron/clinic/beds/index.ts';
import { exchange } from '../support/open-test-store.ts';
import { admitted, discharging, dump, layOut, openPc, someone } from '../support/stay-center.ts';

it('lays out a ward with rooms and beds in the order given', async () => {
  const pc = openPc();
  const { noi, n } = await layOut(pc);
  const beds = bedsOfWard(pc.store.sql, noi);
  expect(beds.map((b) => `${b.roomName} ${b.name} ${b.state}`)).toEqual([
    'Buồng 1 G01 ready',
    'Buồng 1 G02 ready',
    'Buồng 2 G03 ready',
    'Buồng 2 G04 ready',
  ]);
  const { roomId } = await pc.must('beds.addRoom', { wardId: noi, name: 'Buồng 3', beds: ['G05'] });
  const { bedId } = await pc.must('beds.addBed', { roomId, name: 'G06', code: 'T001' });
  expect(bedOf(pc.store.sql, bedId)).toMatchObject({
    roomName: 'Buồng 3',
    name: 'G06',
    code: 'T001',
    wardId: noi,
  });
  expect(bedsOfWard(pc.store.sql, noi)).toHaveLength(n.length + 2);
});

it('lists wards with their beds, free beds and patients', async () => {
  const pc = openPc();
  const { noi, n } = await layOut(pc);
  await admitted(pc, noi, n[0]!);
  await admitted(pc, noi, null);
  await pc.must('beds.setState', { bedId: n[1]!, state: 'closed', reason: 'Hỏng' });
  expect(await pc.must('beds.wards', {})).toMatchObject([
    { name: 'Khoa Nội', departmentCode: 'K03', beds: 4, free: 2, patients: 2, closed: false },
    { name: 'Khoa Ngoại', departmentCode: 'K19', beds: 4, free: 4, patients: 0, closed: false },
  ]);
});

it('offers beds that are ready and empty, and shared ones with how many lie in them', async () => {
  const pc = openPc();
  const { noi, n } = await layOut(pc);
  await pc.must('beds.setShared', { bedId: n[0]!, shared: true, reason: 'Quá tải' });
  await admitted(pc, noi, n[0]!);
  await admitted(pc, noi, n[1]!);
  await pc.must('beds.setState', { bedId: n[2]!, state: 'cleaning', reason: null });
  expect((await pc.must('beds.free', { wardId: noi })).map((b) => [b.name, b.occupants])).toEqual([
    ['G01', 1],
    ['G04', 0],
  ]);
});

it('closes a bed only with a reason and only when nobody lies in it', async () => {
  const pc = openPc();
  const { noi, n } = await layOut(pc);
  expect(await pc.codeOf('beds.setState', { bedId: n[0]!, state: 'closed', reason: '  ' })).toBe(
    'reason_required',
  );
  await admitted(pc, noi, n[0]!);
  expect(await pc.codeOf('beds.setState', { bedId: n[0]!, state: 'closed', reason: 'Hỏng' })).toBe(
    'bed_occupied',
  );
  expect(await pc.codeOf('beds.setState', { bedId: someone(), state: 'ready', reason: null })).toBe(
    'not_found',
  );
});

it('takes a state back to what it was before', async () => {
  const pc = openPc();
  const { n } = await layOut(pc);
  await pc.must('beds.setState', { bedId: n[0]!, state: 'closed', reason: 'Hỏng' });
  const { undo } = await pc.must('beds.setState', { bedId: n[0]!, state: 'ready', reason: null });
  expect(pc.undo(undo).ok).toBe(true);
  expect(bedOf(pc.store.sql, n[0]!)).toMatchObject({ state: 'closed', stateReason: 'Hỏng' });
});

it('does not take a state back over what somebody set since', async () => {
  const pc = openPc();
  const { n } = await layOut(pc);
  const { undo } = await pc.must('beds.setState', { bedId: n[0]!, state: 'cleaning', reason: null });
  await pc.must('beds.setState', { bedId: n[0]!, state: 'closed', reason: 'Hỏng' });
  pc.undo(undo);
  expect(bedOf(pc.store.sql, n[0]!)?.state).toBe('closed');
});

it('names the beds of a ward that wait to be cleaned', async () => {
  const pc = openPc();
  const { noi, n } = await layOut(pc);
  const stay = await admitted(pc, noi, n[2]!);
  await pc.must('admissions.discharge', discharging(pc, stay));
  expect(bedsToClean(pc.store.sql, noi)).toEqual([{ bedId: n[2], bedLabel: 'Buồng 2 · G03' }]);
});

it('ends the sharing of a bed only when at most one lies in it', async () => {
  const pc = openPc();
  const { noi, n } = await layOut(pc);
  const { undo } = await pc.must('beds.setShared', { bedId: n[0]!, shared: true, reason: 'Quá tải' });
  await admitted(pc, noi, n[0]!);
  await admitted(pc, noi, n[0]!);
  expect(await pc.codeOf('beds.setShared', { bedId: n[0]!, shared: false, reason: null })).toBe(
    'bed_occupied',
  );
  expect(pc.undo(undo)).toMatchObject({ error: { code: 'bed_occupied' } });
});

it('renames wards, rooms and beds, and takes the name back', async () => {
  const pc = openPc();
  const { noi, n } = await layOut(pc);
  const { undo } = await pc.must('beds.rename', { kind: 'bed', id: n[0]!, name: 'G1A' });
  await pc.must('beds.rename', { kind: 'ward', id: noi, name: 'Nội tổng hợp' });
  expect(bedOf(pc.store.sql, n[0]!)?.name).toBe('G1A');
  expect((await pc.must('beds.wards', {}))[0]?.name).toBe('Nội tổng hợp');
  pc.undo(undo);
  expect(bedOf(pc.store.sql, n[0]!)?.name).toBe('G01');
});

it('retires a ward, room or bed only when nobody lies there, and brings it back', async () => {
  const pc = openPc();
  const { noi, n } = await layOut(pc);
  const room = bedOf(pc.store.sql, n[0]!)!.roomId;
  const stay = await admitted(pc, noi, n[0]!);
  for (const [kind, id] of [
    ['ward', noi],
    ['room', room],
    ['bed', n[0]!],
  ] as const)
    expect(await pc.codeOf('beds.retire', { kind, id, reason: 'Sắp xếp lại' })).toBe('bed_occupied');
  await pc.must('admissions.discharge', discharging(pc, stay));
  const { undo } = await pc.must('beds.retire', { kind: 'bed', id: n[0]!, reason: 'Thanh lý' });
  expect((await pc.must('beds.board', { wardId: noi })).counts.beds).toBe(3);
  expect(await pc.codeOf('beds.setState', { bedId: n[0]!, state: 'ready', reason: null })).toBe('not_found');
  pc.undo(undo);
  expect((await pc.must('beds.board', { wardId: noi })).counts.beds).toBe(4);
});

it('still shows a retired bed while somebody lies in it, put there by a PC that had not heard', async () => {
  const a = openPc('a');
  const b = openPc('b');
  const { noi, n } = await layOut(a);
  exchange(a.store, b.store);
  await a.must('beds.retire', { kind: 'bed', id: n[0]!, reason: 'Thanh lý' });
  const stay = await admitted(b, noi, n[0]!);
  exchange(a.store, b.store);
  expect(dump(a.store)).toEqual(dump(b.store));
  const board = await a.must('beds.board', { wardId: noi });
  expect(board.rooms[0]!.beds[0]!.patients[0]!.admissionId).toBe(stay);
});

it('keeps both the new name and the retirement when two PCs wrote them unseen', async () => {
  const a = openPc('a');
  const b = openPc('b');
  const { n } = await layOut(a);
  exchange(a.store, b.store);
  await a.must('beds.rename', { kind: 'bed', id: n[0]!, name: 'G99' });
  await b.must('beds.retire', { kind: 'bed', id: n[0]!, reason: 'Hỏng' });
  exchange(a.store, b.store);
  for (const pc of [a, b]) expect(bedOf(pc.store.sql, n[0]!)).toMatchObject({ name: 'G99', retired: true });
});
