// A station with the bedside areas on a real store. Stays, people and wards are facts the test sets,
// as core would hand them over from the areas that own them.
import { expect } from 'vitest';
import { handlers as allergies, model as allergyModel } from '../../../electron/clinic/allergies/index.ts';
import type { IdentityFacts, StayFacts } from '../../../electron/clinic/needs.ts';
import { model as noteModel, handlers as notes } from '../../../electron/clinic/notes/index.ts';
import {
  model as observationModel,
  handlers as observations,
} from '../../../electron/clinic/observations/index.ts';
import { model as taskModel, handlers as tasks } from '../../../electron/clinic/tasks/index.ts';
import type { Context } from '../../../electron/store/room.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import type { Result } from '../../../shared/api/contract.ts';
import { contract, type Input, type Method, type Output } from '../../../shared/api/index.ts';
import { type Permission, permissions } from '../../../shared/api/permissions.ts';
import { openTestStore } from './open-test-store.ts';

export const bedsideModels = [observationModel, allergyModel, noteModel, taskModel];

export const hour = 3_600_000;
export const minute = 60_000;
/** 2026-11-02 08:00 in Vietnam. */
export const eight = Date.UTC(2026, 10, 2, 1);

/** `u(1)` … stable ids. */
export const u = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const ward = u(1);
export const otherWard = u(2);
export const stayA = u(10);
export const stayB = u(11);
export const patientA = u(20);
export const patientB = u(21);
export const nurse = u(30);
export const doctor = u(31);

type Bedside = ReturnType<typeof handlersOf>;
type BedsideMethod = keyof Bedside & Method;

export interface Station {
  readonly store: OpenStore;
  readonly stays: Map<string, StayFacts>;
  readonly people: Map<string, IdentityFacts>;
  readonly cleaning: { bedId: string; bedLabel: string }[];
  readonly dropped: string[];
  clock: number;
  /** Checks the input as the router would, then asks the area. */
  ask<M extends BedsideMethod>(method: M, input: Input<M>, who?: Who): Promise<Result<Output<M>>>;
  /** The same, expected to succeed; the answer is checked against the contract. */
  get<M extends BedsideMethod>(method: M, input: Input<M>, who?: Who): Promise<Output<M>>;
  undo(token: string | undefined): Result<unknown>;
}

export interface Who {
  readonly userId?: string;
  readonly roles?: readonly string[];
  readonly may?: readonly Permission[];
}

const nurseMay: Permission[] = [
  'board.read',
  'chart.read',
  'vitals.write',
  'allergy.write',
  'notes.write',
  'task.write',
];
export const asNurse: Who = { userId: nurse, roles: ['dieu_duong'], may: nurseMay };
export const asDoctor: Who = { userId: doctor, roles: ['bac_si_dieu_tri'], may: [...permissions] };
export const asHead: Who = { userId: u(32), roles: ['truong_khoa'], may: [...permissions] };

/** Two adults on one ward since one hour, at 08:00; the clock stands still until it is moved. */
export function station(name = 'a', models = bedsideModels): Station {
  const box = { clock: eight };
  const store = openTestStore(models, { station: name, now: () => box.clock });
  const stays = new Map(
    [stayFacts(stayA, patientA, 'G1'), stayFacts(stayB, patientB, 'G2')].map((s) => [s.admissionId, s]),
  );
  const people = new Map<string, IdentityFacts>([
    [patientA, { fullName: 'Trần Văn An', recordNumber: '26A1', birthDate: '1960', pregnant: false }],
    [patientB, { fullName: 'Lê Thị Bình', recordNumber: '26A2', birthDate: '1990-05-01', pregnant: false }],
  ]);
  const cleaning: { bedId: string; bedLabel: string }[] = [];
  const dropped: string[] = [];
  const undos = new Map<string, (ctx: Context) => Result<unknown>>();
  const contextOf = ({ userId = doctor, roles = [], may = permissions }: Who): Context => ({
    caller: {
      userId,
      sessionId: u(40),
      fullName: userId,
      roles,
      permissions: new Set(may),
      wards: [],
    },
    now: () => box.clock,
    can: (permission) => may.includes(permission),
    undo: (action) => {
      const token = `undo${undos.size}`;
      undos.set(token, action);
      return token;
    },
  });
  const handlers = handlersOf({ store, stays, people, cleaning, dropped, now: () => box.clock });
  const ask: Station['ask'] = async (method, input, who = {}) => {
    const parsed = contract[method].input.parse(input);
    const handler = handlers[method] as (
      input: unknown,
      ctx: Context,
    ) => Result<never> | Promise<Result<never>>;
    return await handler(parsed, contextOf(who));
  };
  return {
    store,
    stays,
    people,
    cleaning,
    dropped,
    get clock() {
      return box.clock;
    },
    set clock(now: number) {
      box.clock = now;
    },
    ask,
    get: async (method, input, who) => {
      const answer = await ask(method, input, who);
      if (!answer.ok) throw new Error(`${method}: ${JSON.stringify(answer.error)}`);
      expect(contract[method].output.safeParse(answer.value).error).toBeUndefined();
      return answer.value;
    },
    undo: (token) => {
      const action = undos.get(token ?? '');
      if (!action) throw new Error('nothing to undo');
      return action(contextOf({}));
    },
  };
}

interface Facts {
  readonly store: OpenStore;
  readonly stays: ReadonlyMap<string, StayFacts>;
  readonly people: ReadonlyMap<string, IdentityFacts>;
  readonly cleaning: readonly { bedId: string; bedLabel: string }[];
  readonly dropped: string[];
  now(): number;
}

function handlersOf({ store, stays, people, cleaning, dropped, now }: Facts) {
  const deps = {
    store,
    now,
    people: {
      nameOf: (id: string | null) => (id === nurse ? 'ĐD. Hoa' : id === doctor ? 'BS. Minh' : (id ?? '')),
      titleOf: (id: string | null) => (id === doctor ? 'Bác sĩ' : null),
      stationName: (id: string) => id,
    },
    stayOf: (_sql: unknown, id: string) => stays.get(id) ?? null,
    withVoidedFor: (_sql: unknown, id: string) => [id],
    openStaysOfWard: (_sql: unknown, id: string) =>
      [...stays.values()].filter((s) => s.wardId === id && s.status === 'admitted'),
    identitiesOf: () => people,
    overdueHours: () => 8,
    bedsToClean: (_sql: unknown, id: string) => (id === ward ? cleaning : []),
    wardsById: () => new Set([ward, otherWard]),
    dropDraft: (_sql: unknown, userId: string, key: string) => void dropped.push(`${userId}/${key}`),
  };
  return { ...observations(deps), ...allergies(deps), ...notes(deps), ...tasks(deps) };
}

function stayFacts(admissionId: string, patientId: string, bedLabel: string): StayFacts {
  return {
    admissionId,
    patientId,
    status: 'admitted',
    wardId: ward,
    wardName: 'Nội tổng hợp',
    bedId: u(50 + Number(bedLabel.slice(1))),
    bedLabel,
    admittedAt: eight - hour,
    dischargedAt: null,
  };
}

/** Every row of every table of these areas and of the conflicts, in a stable order. */
export function tablesOf(store: OpenStore): unknown {
  const tables = ['observation', 'news2_scale', 'allergy', 'allergy_declaration', 'note', 'task', 'conflict'];
  return Object.fromEntries(tables.map((t) => [t, store.sql.prepare(`SELECT * FROM ${t} ORDER BY 1`).all()]));
}

/** A query that walks a whole table to answer is a query that slows down as the center works. */
export function expectNoScan(store: OpenStore, sql: string, ...params: unknown[]): void {
  const plan = store.sql.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...params);
  const scans = plan.filter(
    (p) => /^SCAN (?!\w+ VIRTUAL TABLE)/.test(p.detail) && !/CONSTANT ROW/.test(p.detail),
  );
  expect(scans.map((s) => s.detail)).toEqual([]);
}

/**
 * A store that got the same feeds change by change, the next one from the feed each number of `order` picks:
 * any order in which several peers could deliver.
 */
export function deliveredIn(order: readonly number[], from: OpenStore): OpenStore {
  const queues = from.feeds().map((feed) => from.storedAfter(feed, 0, 1_000_000));
  const to = openTestStore(bedsideModels, { station: 'z', now: eight });
  for (let i = 0; queues.some((q) => q.length > 0); i++) {
    const waiting = queues.filter((q) => q.length > 0);
    const next = waiting[(order[i] ?? 0) % waiting.length]?.shift();
    if (!next) break;
    const report = to.ingest([next]);
    if (!report.ok || report.value.refused.length > 0) throw new Error('a change was refused');
  }
  return to;
}
