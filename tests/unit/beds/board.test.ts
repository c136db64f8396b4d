// The ward board with every area behind it, as the core wires them.

import Sqlite from 'better-sqlite3';
import { expect, it, vi } from 'vitest';
import { clinicHandlers, clinicModels } from '../../../electron/core/clinic.ts';
import { blobsOf } from '../../../electron/store/blobs.ts';
import type { Caller, Context } from '../../../electron/store/room.ts';
import type { Result } from '../../../shared/api/contract.ts';
import { contract, type Input, type Method, type Output } from '../../../shared/api/index.ts';
import type { Permission } from '../../../shared/api/permissions.ts';
import { permissions } from '../../../shared/api/permissions.ts';
import { openTestStore, testNow } from '../support/open-test-store.ts';

const hour = 3_600_000;

function openCenter() {
  const clock = { now: testNow };
  const store = openTestStore(clinicModels, { now: () => clock.now });
  const handlers = clinicHandlers({
    store,
    now: () => clock.now,
    people: { nameOf: (id) => id ?? '', titleOf: () => null, stationName: () => 'Máy 1' },
    numberPrefix: () => '01A',
    overdueHours: () => 12,
    dropDraft: () => {},
    blobs: () => blobsOf(store),
  });
  const may = async <M extends Method>(
    held: readonly Permission[],
    method: M,
    input: Input<M>,
  ): Promise<Output<M>> => {
    const caller: Caller = {
      userId: 'u',
      sessionId: 's',
      fullName: 'BS',
      roles: ['bac_si_dieu_tri'],
      permissions: new Set(held),
      wards: [],
    };
    const ctx: Context = { caller, now: () => clock.now, can: (p) => held.includes(p), undo: () => 'u' };
    const handler = handlers[method] as unknown as (i: unknown, c: Context) => Promise<Result<Output<M>>>;
    const answer = await handler(contract[method].input.parse(input), ctx);
    if (!answer.ok) throw new Error(`${method}: ${JSON.stringify(answer.error)}`);
    return contract[method].output.parse(answer.value) as Output<M>;
  };
  const run = <M extends Method>(method: M, input: Input<M>) => may(permissions, method, input);
  return { clock, store, run, may };
}

type Center = ReturnType<typeof openCenter>;

async function admit({ run, clock }: Center, wardId: string, bedId: string | null, fullName: string) {
  const { patientId } = await run('patients.register', {
    demographics: { fullName, sex: '1', birthDate: '1950', pregnant: false },
    identifiers: [],
  });
  const { admissionId } = await run('admissions.admit', {
    patientId,
    wardId,
    bedId,
    at: clock.now - hour,
    reason: 'Khó thở',
    diagnosis: 'Suy tim',
  });
  return { patientId, admissionId };
}

const ward = (center: Center, rooms: number, bedsEach: number) =>
  center.run('beds.addWard', {
    name: 'Khoa Nội',
    departmentCode: 'K03',
    rooms: Array.from({ length: rooms }, (_, r) => ({
      name: `Buồng ${r + 1}`,
      beds: Array.from({ length: bedsEach }, (_, b) => `G${r + 1}.${b + 1}`),
    })),
  });

const bedIds = async (center: Center, wardId: string) =>
  (await center.run('beds.free', { wardId })).map((b) => b.bedId);

it('shows who lies where with NEWS2, overdue vitals, allergies, day of stay and today’s entry', async () => {
  const center = openCenter();
  const { wardId } = await ward(center, 1, 3);
  const [first] = await bedIds(center, wardId);
  const an = await admit(center, wardId, first!, 'Nguyễn Văn An');
  await admit(center, wardId, null, 'Nguyễn Văn Ân');
  await center.run('observations.record', {
    admissionId: an.admissionId,
    at: center.clock.now - hour / 2,
    values: {
      pulse: 118,
      temperature: 38.6,
      systolic: 98,
      diastolic: 60,
      respiration: 26,
      spo2: 91,
      oxygen: 0,
      consciousness: 'A',
    },
    confirmed: ['pulse', 'temperature', 'systolic', 'diastolic', 'respiration', 'spo2'],
  });
  await center.run('allergies.add', {
    patientId: an.patientId,
    allergy: {
      substance: 'Penicillin',
      classCode: null,
      reaction: 'Mày đay',
      severity: 'moderate',
      certainty: 'confirmed',
      note: null,
    },
  });
  center.clock.now += 17 * hour; // past midnight in Vietnam
  const board = await center.run('beds.board', { wardId });
  const [lying] = board.rooms[0]!.beds[0]!.patients;
  expect(lying).toMatchObject({
    fullName: 'Nguyễn Văn An',
    dayOfStay: 2,
    diagnosis: 'Suy tim',
    similarName: true,
    conflict: false,
    clinical: {
      news2: { state: 'complete', risk: 'high' },
      vitalsOverdue: true,
      allergyStatus: 'has',
      allergies: ['Penicillin'],
      entryToday: false,
    },
  });
  expect(board.withoutBed).toMatchObject([
    { fullName: 'Nguyễn Văn Ân', similarName: true, clinical: { news2: null, allergyStatus: 'not_asked' } },
  ]);
  expect(board.counts).toEqual({ beds: 3, free: 2, patients: 2, cleaning: 0, overdue: 2, urgent: 1 });
});

it('counts as urgent who reaches 5 points though a sign was left out', async () => {
  const center = openCenter();
  const { wardId } = await ward(center, 1, 1);
  const [bed] = await bedIds(center, wardId);
  const { admissionId } = await admit(center, wardId, bed!, 'Lê Thị Hoa');
  await center.run('observations.record', {
    admissionId,
    at: center.clock.now,
    values: { respiration: 26, spo2: 91 },
    confirmed: ['respiration', 'spo2'],
  });
  const board = await center.run('beds.board', { wardId });
  expect(board.rooms[0]!.beds[0]!.patients[0]!.clinical!.news2).toMatchObject({
    state: 'incomplete',
    atLeast: 6,
  });
  expect(board.counts).toMatchObject({ urgent: 1 });
});

it('keeps all clinical content from someone who may see beds but not charts', async () => {
  const center = openCenter();
  const { wardId } = await ward(center, 1, 1);
  const [bed] = await bedIds(center, wardId);
  await admit(center, wardId, bed!, 'Lê Thị Hoa');
  const board = await center.may(['board.read', 'patient.read'], 'beds.board', { wardId });
  expect(board.rooms[0]!.beds[0]!.patients[0]).toMatchObject({
    fullName: 'Lê Thị Hoa',
    clinical: null,
    diagnosis: null,
  });
  expect(board.counts).toMatchObject({ overdue: 0, urgent: 0 });
});

it('reads a full ward of 200 beds with as many statements as a ward of two, within 50 ms', async () => {
  const small = await statementsOfBoard(1, 2);
  const large = await statementsOfBoard(40, 5);
  expect(large.patients).toBe(200);
  expect(large.statements).toBe(small.statements);
  expect(large.ms).toBeLessThan(50);
}, 60_000);

/** Counts every statement SQLite is asked to run for one board, whoever asks. */
async function statementsOfBoard(rooms: number, bedsEach: number) {
  const prototype = Object.getPrototypeOf(new Sqlite(':memory:').prepare('SELECT 1'));
  const calls = (['all', 'get', 'run'] as const).map((method) => vi.spyOn(prototype, method));
  try {
    const center = openCenter();
    const { wardId } = await ward(center, rooms, bedsEach);
    for (const [i, bed] of (await bedIds(center, wardId)).entries())
      await admit(center, wardId, bed, `Người Bệnh ${String.fromCharCode(65 + (i % 26))}${i}`);
    await center.run('beds.board', { wardId });
    for (const call of calls) call.mockClear();
    const board = await center.run('beds.board', { wardId });
    const statements = calls.reduce((sum, call) => sum + call.mock.calls.length, 0);
    const times: number[] = [];
    for (let i = 0; i < 9; i++) {
      const start = performance.now();
      await center.run('beds.board', { wardId });
      times.push(performance.now() - start);
    }
    return { statements, patients: board.counts.patients, ms: Math.min(...times) };
  } finally {
    for (const call of calls) call.mockRestore();
  }
}
