// One person admitted on two PCs that did not know of each other: whichever stay is kept, nothing measured or
// written at the bedside goes out of sight.

import { expect, it } from 'vitest';
import { clinicHandlers, clinicModels } from '../../../electron/core/clinic.ts';
import { blobsOf } from '../../../electron/store/blobs.ts';
import type { Context } from '../../../electron/store/room.ts';
import type { Result } from '../../../shared/api/contract.ts';
import { contract, type Input, type Method, type Output } from '../../../shared/api/index.ts';
import { permissions } from '../../../shared/api/permissions.ts';
import { exchange, openTestStore, testNow } from '../support/open-test-store.ts';

const minute = 60_000;

function openPc(station: string) {
  const clock = { now: testNow };
  const store = openTestStore(clinicModels, { station, now: () => clock.now++ });
  const people = { nameOf: (id: string | null) => id ?? '', titleOf: () => null, stationName: String };
  const handlers = clinicHandlers({
    store,
    now: () => clock.now,
    people,
    numberPrefix: () => `${station}A`,
    overdueHours: () => 8,
    dropDraft: () => {},
    blobs: () => blobsOf(store),
  });
  const ctx: Context = {
    caller: {
      userId: `doctor-${station}`,
      sessionId: 's',
      fullName: 'BS Vàng A Chứ',
      roles: ['bac_si_dieu_tri'],
      permissions: new Set(permissions),
      wards: [],
    },
    now: () => clock.now,
    can: () => true,
    undo: () => 'undo',
  };
  return {
    store,
    clock,
    async must<M extends Method>(method: M, input: Input<M>): Promise<Output<M>> {
      const handler = handlers[method] as (input: unknown, ctx: Context) => Promise<Result<Output<M>>>;
      const result = await handler(contract[method].input.parse(input), ctx);
      if (!result.ok) throw new Error(`${method} refused: ${JSON.stringify(result.error)}`);
      expect(contract[method].output.safeParse(result.value).error).toBeUndefined();
      return result.value;
    },
  };
}

type Pc = ReturnType<typeof openPc>;

async function twoStaysOfOne() {
  const [a, b, c] = [openPc('01'), openPc('02'), openPc('03')];
  const { wardId } = await a.must('beds.addWard', {
    name: 'Khoa Nội',
    departmentCode: 'K03',
    rooms: [{ name: '101', beds: ['1', '2'] }],
  });
  const { patientId } = await a.must('patients.register', {
    demographics: { fullName: 'Lò Văn Ún', sex: '1', birthDate: '1970' },
  });
  exchange(a.store, b.store);
  exchange(a.store, c.store);
  const stayOn = async (pc: Pc, progress: string, pulse: number) => {
    pc.clock.now += minute;
    const at = pc.clock.now;
    const { admissionId } = await pc.must('admissions.admit', {
      patientId,
      wardId,
      bedId: null,
      at,
      reason: 'Sốt',
      diagnosis: 'Viêm phổi',
    });
    await pc.must('observations.record', { admissionId, at, values: { pulse } });
    await pc.must('notes.finish', { admissionId, eventAt: at, content: { progress, orders: '' } });
    return admissionId;
  };
  const first = await stayOn(a, 'ghi trên máy một', 81);
  b.clock.now += 10 * minute;
  const second = await stayOn(b, 'ghi trên máy hai', 92);
  exchange(a.store, b.store);
  return { a, b, c, patientId, first, second, stayOn };
}

const admitChangeOf = async (pc: Pc, admissionId: string): Promise<string> =>
  (await pc.must('admissions.get', { admissionId })).moves[0]!.id;

async function keep(pc: Pc, kept: string): Promise<void> {
  const conflict = (await pc.must('conflicts.list', {})).find((c) => c.kind === 'two_stays');
  const choice = await admitChangeOf(pc, kept);
  await pc.must('conflicts.settle', { id: conflict!.id, choice, reason: 'nhập hai lần' });
}

const seen = async (pc: Pc, admissionId: string) => ({
  pulses: (await pc.must('observations.list', { admissionId })).map((o) => [o.values.pulse, o.admissionId]),
  texts: (await pc.must('notes.list', { admissionId })).map((e) => [e.content.progress, e.admissionId]),
});

it('shows vitals and entries of the voided stay with the kept one, on both PCs, each naming its own stay', async () => {
  const { a, b, patientId, first, second } = await twoStaysOfOne();
  expect((await seen(a, second)).pulses).toEqual([[92, second]]);
  await keep(a, second);
  exchange(a.store, b.store);
  for (const pc of [a, b]) {
    expect((await pc.must('patients.chartHead', { patientId })).admission?.admissionId).toBe(second);
    expect(await seen(pc, second)).toEqual({
      pulses: [
        [92, second],
        [81, first],
      ],
      texts: [
        ['ghi trên máy hai', second],
        ['ghi trên máy một', first],
      ],
    });
    const told = await pc.must('patients.timeline', { patientId, admissionId: second });
    expect(told.filter((i) => i.kind === 'entry').map((i) => i.text)).toEqual([
      'ghi trên máy hai',
      'ghi trên máy một',
    ]);
  }
});

it('turns round with a later decision for the other stay', async () => {
  const { a, b, first, second } = await twoStaysOfOne();
  await keep(a, second);
  b.clock.now = a.clock.now + minute;
  await keep(b, first);
  exchange(a.store, b.store);
  for (const pc of [a, b]) {
    expect((await seen(pc, first)).pulses).toEqual([
      [92, second],
      [81, first],
    ]);
    expect((await seen(pc, second)).pulses).toEqual([[92, second]]);
  }
});

it('keeps all of three stays in sight when the kept one loses against a third', async () => {
  const { a, b, c, first, second, stayOn } = await twoStaysOfOne();
  const third = await stayOn(c, 'ghi trên máy ba', 77);
  await keep(a, second);
  exchange(a.store, c.store);
  exchange(a.store, b.store);
  b.clock.now = a.clock.now + minute;
  await keep(b, third);
  exchange(a.store, b.store);
  exchange(b.store, c.store);
  for (const pc of [a, b, c])
    expect((await seen(pc, third)).pulses.toSorted()).toEqual([
      [77, third],
      [81, first],
      [92, second],
    ]);
});
