// A small center on one or several PCs, for tests of beds, stays and their conflicts: real stores, real areas,
// the same handlers the core wires; only the people are a list of names.

import * as admissions from '../../../electron/clinic/admissions/index.ts';
import * as beds from '../../../electron/clinic/beds/index.ts';
import * as conflicts from '../../../electron/clinic/conflicts/index.ts';
import type { Caller, Context, HandlersOf } from '../../../electron/store/room.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import type { Result } from '../../../shared/api/contract.ts';
import type { Input, Output } from '../../../shared/api/index.ts';
import { contract } from '../../../shared/api/index.ts';
import { permissions } from '../../../shared/api/permissions.ts';
import { openTestStore, testNow } from './open-test-store.ts';

export const areas = [beds.model, admissions.model, conflicts.model];

export const minute = 60_000;
export const hour = 60 * minute;

type StayMethod = Extract<
  keyof typeof contract,
  `beds.${string}` | `admissions.${string}` | `conflicts.${string}`
>;

export interface Pc {
  readonly store: OpenStore;
  /** Turn the clock of this PC. */
  clock: { now: number };
  /** Through the contract's own parsing, as the router does. */
  call<M extends StayMethod>(method: M, input: Input<M>): Promise<Result<Output<M>>>;
  /** call, failing the test when it is refused. */
  must<M extends StayMethod>(method: M, input: Input<M>): Promise<Output<M>>;
  /** Error code, or 'ok'. */
  codeOf<M extends StayMethod>(method: M, input: Input<M>): Promise<string>;
  undo(token: string | undefined): Result<unknown>;
  /** A second person at the same PC. */
  as(caller: Partial<Caller>): Pc;
  stay(admissionId: string): admissions.Stay;
  /** `{ place, status, diagnosis }` as a screen that was just opened has them. */
  saw(admissionId: string): Record<string, string>;
  openConflicts(): Promise<Output<'conflicts.list'>>;
}

const doctor: Caller = {
  userId: 'u-doctor',
  sessionId: 's',
  fullName: 'BS Trần Văn Bình',
  roles: ['bac_si_dieu_tri'],
  permissions: new Set(permissions),
  wards: [],
};

export interface BoardFacts {
  names?: Record<string, { fullName: string; foldedName: string }>;
  news2?: (admissionId: string) => Output<'beds.board'>['withoutBed'][number]['clinical'];
}

export function openPc(station = 'a', facts: Partial<beds.BoardNeeds> = {}): Pc {
  const clock = { now: testNow };
  const store = openTestStore(areas, {
    station,
    now: () => {
      clock.now += 7;
      return clock.now;
    },
  });
  return pcOf(store, clock, facts);
}

export function pcOf(store: OpenStore, clock: { now: number }, facts: Partial<beds.BoardNeeds> = {}): Pc {
  const deps = {
    store,
    now: () => clock.now,
    people: {
      nameOf: (id: string | null) => id ?? 'máy',
      titleOf: () => null,
      stationName: (id: string) => Buffer.from(id, 'hex').toString().replaceAll('\0', ''),
    },
    numberPrefix: () => '01A',
    identitiesOf: (_sql: unknown, ids: readonly string[]) =>
      new Map(ids.flatMap((id) => (id.startsWith('00000000') ? [] : [[id, person(id)] as const]))),
    latestOf: () => new Map(),
    allergyStatusOf: () => new Map(),
    entriesSince: () => new Map(),
    overdueHours: () => 12,
    patientsInConflict: conflicts.patientsInConflict,
    paperOf: () => null,
    occupantsOf: admissions.occupantsOf,
    occupancyOfWards: admissions.occupancyOfWards,
    openStaysOfWard: admissions.openStaysOfWard,
    settlers: {
      ...Object.fromEntries(
        (['ward', 'room', 'bed'] as const).map((type) => [type, nameSettler(store, type)] as const),
      ),
      admission: (ctx: Context, row: conflicts.Conflict, choice: string, reason: string | null) =>
        admissions.settle(store, ctx, row, choice, reason),
    },
    ...facts,
  };
  const handlers: HandlersOf<StayMethod> = {
    ...beds.handlers(deps),
    ...admissions.handlers(deps),
    ...conflicts.handlers(deps),
  };
  return forCaller(store, clock, handlers, doctor);
}

function forCaller(
  store: OpenStore,
  clock: { now: number },
  handlers: HandlersOf<StayMethod>,
  caller: Caller,
): Pc {
  const undos = new Map<string, (ctx: Context) => Result<unknown>>();
  const ctx: Context = {
    caller,
    now: () => clock.now,
    can: (permission) => caller.permissions.has(permission),
    undo(action) {
      const token = `undo-${undos.size}`;
      undos.set(token, action);
      return token;
    },
  };
  const call = async <M extends StayMethod>(method: M, input: Input<M>): Promise<Result<Output<M>>> => {
    const parsed = contract[method].input.parse(input);
    const answer = await (handlers[method] as (i: unknown, c: Context) => unknown)(parsed, ctx);
    const result = answer as Result<Output<M>>;
    if (result.ok) contract[method].output.parse(result.value);
    return result;
  };
  const pc: Pc = {
    store,
    clock,
    call,
    async must(method, input) {
      const result = await call(method, input);
      if (!result.ok) throw new Error(`${method} refused: ${JSON.stringify(result.error)}`);
      return result.value;
    },
    async codeOf(method, input) {
      const result = await call(method, input);
      return result.ok ? 'ok' : result.error.code;
    },
    undo: (token) => undos.get(token ?? '')!(ctx),
    as: (other) => forCaller(store, clock, handlers, { ...caller, ...other }),
    stay: (admissionId) => admissions.stayOf(store.sql, admissionId)!,
    saw: (admissionId) => ({ ...admissions.stayOf(store.sql, admissionId)!.versions }),
    openConflicts: () => pc.must('conflicts.list', {}),
  };
  return pc;
}

/** As core wires it. */
const nameSettler =
  (store: OpenStore, type: 'ward' | 'room' | 'bed'): conflicts.Settler =>
  (ctx, { owner, key }, choice, reason) => {
    const id = owner.slice(type.length + 1);
    const changes = store.changesOf(type, id);
    return store.write(ctx.caller, (tx) => beds.settleName(type)(tx, { id, key, choice, reason }, changes));
  };

const person = (id: string) => ({
  fullName: `Người ${id.slice(0, 4)}`,
  foldedName: `nguoi ${id.slice(0, 4)} ${id}`,
  sex: '2' as const,
  birthDate: '1980',
  recordNumber: id.slice(0, 8),
  unidentified: false,
});

export interface Layout {
  readonly noi: string;
  readonly ngoai: string;
  /** Internal medicine: rooms of two beds. */
  readonly n: readonly string[];
  /** Surgery */
  readonly g: readonly string[];
}

/** Two wards of two rooms of two beds. */
export async function layOut(pc: Pc): Promise<Layout> {
  const rooms = [
    { name: 'Buồng 1', beds: ['G01', 'G02'] },
    { name: 'Buồng 2', beds: ['G03', 'G04'] },
  ];
  const noi = await pc.must('beds.addWard', { name: 'Khoa Nội', departmentCode: 'K03', rooms });
  const ngoai = await pc.must('beds.addWard', { name: 'Khoa Ngoại', departmentCode: 'K19', rooms });
  const bedIds = (wardId: string) => beds.bedsOfWard(pc.store.sql, wardId).map((b) => b.bedId);
  return { noi: noi.wardId, ngoai: ngoai.wardId, n: bedIds(noi.wardId), g: bedIds(ngoai.wardId) };
}

export const someone = (): string => crypto.randomUUID().replace(/^0/, '1');

/** Admits somebody an hour ago. */
export async function admitted(
  pc: Pc,
  wardId: string,
  bedId: string | null,
  patientId = someone(),
): Promise<string> {
  const { admissionId } = await pc.must('admissions.admit', {
    patientId,
    wardId,
    bedId,
    at: pc.clock.now - hour,
    reason: 'Sốt cao 3 ngày',
    diagnosis: 'Viêm phổi',
  });
  return admissionId;
}

export const discharging = (pc: Pc, admissionId: string, diagnosis = 'Viêm phổi, ổn') => ({
  admissionId,
  at: pc.clock.now,
  type: '1' as const,
  outcome: '1' as const,
  diagnosis,
  advice: null,
  saw: pc.saw(admissionId),
});

export const moving = (pc: Pc, admissionId: string, wardId: string, bedId: string | null) => ({
  admissionId,
  wardId,
  bedId,
  at: pc.clock.now,
  reason: 'Theo yêu cầu điều trị',
  saw: pc.saw(admissionId),
});

const tables = [
  'ward',
  'room',
  'bed',
  'admission',
  'admission_move',
  'admission_settlement',
  'conflict',
  'subject_key',
];

/** Everything these areas show, as one text per table: equal texts, equal stores. */
export const dump = (store: OpenStore): Record<string, string[]> =>
  Object.fromEntries(
    tables.map((table) => [
      table,
      store.sql
        .prepare(`SELECT * FROM ${table}`)
        .all()
        .map((row) => JSON.stringify(row))
        .sort(),
    ]),
  );
