// The bed map and the people who arrange it.
import { describe, expect, it } from 'vitest';
import { bedOf, bedsOfWard, wardOf } from '../../../electron/clinic/beds/index.ts';
import { exchange } from '../support/open-test-store.ts';
import { admitted, dump, layOut, openPc, type Pc } from '../support/stay-center.ts';

const wardNamed = async (pc: Pc, name: string) =>
  (await pc.must('beds.layout', {})).find((ward) => ward.name === name);

describe('the bed map', () => {
  it('shows wards, rooms and beds with who lies where, and what was retired with its reason', async () => {
    const pc = openPc();
    const { noi, n } = await layOut(pc);
    await admitted(pc, noi, n[0]!);
    await admitted(pc, noi, null);
    await pc.must('beds.retire', { kind: 'bed', id: n[3]!, reason: 'Thanh lý' });
    const ward = await wardNamed(pc, 'Khoa Nội');
    expect([ward?.patients, ward?.rooms.map((r) => r.patients)]).toEqual([2, [1, 0]]);
    expect(ward?.rooms.flatMap((r) => r.beds).map((b) => [b.name, b.patients, b.retiredReason])).toEqual([
      ['G01', 1, null],
      ['G02', 0, null],
      ['G03', 0, null],
      ['G04', 0, 'Thanh lý'],
    ]);
  });

  it('takes several new beds into a room at once, and takes them back while nobody lies there', async () => {
    const pc = openPc();
    const { noi } = await layOut(pc);
    const roomId = (await wardNamed(pc, 'Khoa Nội'))!.rooms[1]!.roomId;
    const { bedIds, undo } = await pc.must('beds.addBeds', { roomId, names: ['G05', 'G06'] });
    expect(bedsOfWard(pc.store.sql, noi).map((b) => b.name)).toEqual(
      expect.arrayContaining(['G04', 'G05', 'G06']),
    );
    await admitted(pc, noi, bedIds[0]!);
    expect(pc.undo(undo)).toMatchObject({ ok: false, error: { code: 'bed_occupied' } });
    expect(bedOf(pc.store.sql, bedIds[1]!)?.retired).toBe(false);
  });

  it('takes a ward that was added by mistake back', async () => {
    const pc = openPc();
    const rooms = [{ name: '101', beds: ['1'] }];
    const { wardId, undo } = await pc.must('beds.addWard', {
      name: 'Khoa Nhi',
      departmentCode: 'K18',
      rooms,
    });
    expect(pc.undo(undo).ok).toBe(true);
    expect(wardOf(pc.store.sql, wardId)?.retired).toBe(true);
    expect(await pc.must('beds.wards', {})).toEqual([]);
  });

  it('brings back what was retired, unless its name has been given to another', async () => {
    const pc = openPc();
    const { n } = await layOut(pc);
    const bed = { kind: 'bed', id: n[0]! } as const;
    await pc.must('beds.retire', { ...bed, reason: 'Hỏng' });
    const { undo } = await pc.must('beds.bringBack', bed);
    expect(bedOf(pc.store.sql, n[0]!)?.retired).toBe(false);
    pc.undo(undo);
    await pc.must('beds.rename', { kind: 'bed', id: n[1]!, name: 'G01' });
    expect(await pc.codeOf('beds.bringBack', bed)).toBe('bad_input');
  });
});

describe('names', () => {
  it('are given once among wards, among rooms of a ward and among beds of a room', async () => {
    const pc = openPc();
    const { noi, ngoai, n } = await layOut(pc);
    const taken = { fields: { name: 'field.name_taken' } };
    const refused = async (method: 'beds.rename' | 'beds.addBeds' | 'beds.addRoom', input: never) =>
      expect(await pc.call(method, input)).toMatchObject({ ok: false, error: taken });
    const roomId = bedOf(pc.store.sql, n[0]!)!.roomId;
    await refused('beds.rename', { kind: 'ward', id: ngoai, name: 'KHOA NỘI' } as never);
    await refused('beds.rename', { kind: 'bed', id: n[1]!, name: 'g01' } as never);
    await refused('beds.addBeds', { roomId, names: ['G02'] } as never);
    await refused('beds.addBeds', { roomId, names: ['G09', 'G09'] } as never);
    await refused('beds.addRoom', { wardId: noi, name: 'Buồng 1', beds: ['G07'] } as never);
    await pc.must('beds.rename', { kind: 'bed', id: n[2]!, name: 'G01' });
  });

  it('are not changed by a screen that shows an older one', async () => {
    const pc = openPc();
    const { noi } = await layOut(pc);
    const saw = (await wardNamed(pc, 'Khoa Nội'))!.versions;
    await pc.must('beds.rename', { kind: 'ward', id: noi, name: 'Nội tổng hợp', saw });
    expect(await pc.codeOf('beds.rename', { kind: 'ward', id: noi, name: 'Nội A', saw })).toBe('stale');
  });

  it('are not taken back over a name somebody gave since', async () => {
    const pc = openPc();
    const { noi } = await layOut(pc);
    const { undo } = await pc.must('beds.rename', { kind: 'ward', id: noi, name: 'Nội A' });
    await pc.must('beds.rename', { kind: 'ward', id: noi, name: 'Nội B' });
    expect(pc.undo(undo)).toMatchObject({ ok: false, error: { code: 'stale' } });
  });

  it.each(['ward', 'room', 'bed'] as const)(
    'of a %s given on two PCs unseen wait in the inbox, and the one chosen holds on both',
    async (kind) => {
      const [a, b] = [openPc('a'), openPc('b')];
      const { noi, n } = await layOut(a);
      exchange(a.store, b.store);
      const id = { ward: noi, room: bedOf(a.store.sql, n[0]!)!.roomId, bed: n[0]! }[kind];
      await a.must('beds.rename', { kind, id, name: 'Tên một' });
      b.clock.now = a.clock.now + 60_000;
      await b.must('beds.rename', { kind, id, name: 'Tên hai' });
      exchange(a.store, b.store);
      const [conflict, ...more] = await a.openConflicts();
      expect(more).toEqual([]);
      expect([conflict?.subjectKey, conflict?.sides.map((s) => [s.value, s.current])]).toEqual([
        `field.${kind}.name`,
        [
          ['Tên hai', true],
          ['Tên một', false],
        ],
      ]);
      const choice = conflict!.sides.find((s) => s.value === 'Tên một')!.choice;
      await a.must('conflicts.settle', { id: conflict!.id, choice, reason: 'theo biển cửa' });
      exchange(a.store, b.store);
      expect(dump(a.store)).toEqual(dump(b.store));
      expect(await b.openConflicts()).toEqual([]);
      expect(JSON.stringify(await b.must('beds.layout', {}))).toContain('Tên một');
      expect((await b.must('conflicts.list', { settled: true }))[0]?.settled?.reason).toBe('theo biển cửa');
    },
  );
});
