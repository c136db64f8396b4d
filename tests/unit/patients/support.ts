// Patients' handlers over a real store, called the way the router calls them: input parsed, output checked.

import type { StayFacts } from '../../../electron/clinic/needs.ts';
import { handlers, model } from '../../../electron/clinic/patients/index.ts';
import { type Blobs, blobsOf } from '../../../electron/store/blobs.ts';
import type { Caller, Context } from '../../../electron/store/room.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import type { Failure, Result } from '../../../shared/api/contract.ts';
import { contract, type Input, type Output } from '../../../shared/api/index.ts';
import { openTestStore, testNow } from '../support/open-test-store.ts';

export type Method = keyof ReturnType<typeof handlers>;

export interface Desk {
  readonly store: OpenStore;
  /** Photos, beside the log. */
  readonly blobs: Blobs;
  /** Patients in a bed; tests put ids in. */
  readonly admitted: Set<string>;
  ask<M extends Method>(method: M, input: Input<M>): Output<M>;
  refused<M extends Method>(method: M, input: Input<M>): Failure;
  /** For what takes a moment. */
  answer<M extends Method>(method: M, input: Input<M>): Promise<Result<Output<M>>>;
  undo(token: string | undefined): Result<unknown>;
}

export function openDesk(
  options: { station?: string; prefix?: string; now?: number | (() => number); store?: OpenStore } = {},
): Desk {
  const store = options.store ?? openTestStore([model], options);
  const blobs = blobsOf(store);
  const admitted = new Set<string>();
  const undos = new Map<string, (ctx: Context) => Result<unknown>>();
  const clock = (): number => (typeof options.now === 'number' ? options.now : testNow);
  const h = handlers({
    store,
    blobs: () => blobs,
    people: {
      nameOf: (id) => (id === null ? '' : 'Lê Thị Sáu'),
      titleOf: () => null,
      stationName: () => 'Quầy 1',
    },
    now: clock,
    numberPrefix: () => options.prefix ?? '01A',
    openPatientIds: () => [...admitted],
    openStaysOf: (_sql, ids) => new Map(ids.filter((id) => admitted.has(id)).map((id) => [id, stay(id)])),
  });
  const ctx: Context = {
    caller,
    now: clock,
    can: () => true,
    undo(action) {
      const token = `undo-${undos.size}`;
      undos.set(token, action);
      return token;
    },
  };
  const run = <M extends Method>(method: M, input: Input<M>): Result<Output<M>> => {
    const handler = h[method] as (i: unknown, c: Context) => Result<Output<M>>;
    return handler(contract[method].input.parse(input), ctx);
  };
  return {
    store,
    blobs,
    admitted,
    answer: (method, input) => Promise.resolve(run(method, input)),
    ask(method, input) {
      const result = run(method, input);
      if (!result.ok) throw new Error(`${method} refused: ${JSON.stringify(result.error)}`);
      return contract[method].output.parse(result.value) as Output<typeof method>;
    },
    refused(method, input) {
      const result = run(method, input);
      if (result.ok) throw new Error(`${method} was not refused`);
      return result.error;
    },
    undo: (token) =>
      undos.get(token ?? '')?.(ctx) ?? { ok: false, error: { code: 'undo_expired', messageKey: '' } },
  };
}

export const caller: Caller = {
  userId: '00000000-0000-4000-8000-000000000001',
  sessionId: '00000000-0000-4000-8000-000000000002',
  fullName: 'Lê Thị Sáu',
  roles: ['reception'],
  permissions: new Set(['patient.read', 'patient.write']),
  wards: [],
};

const stay = (patientId: string): StayFacts => ({
  admissionId: patientId,
  patientId,
  status: 'admitted',
  wardId: patientId,
  wardName: 'Khoa Nội',
  bedId: null,
  bedLabel: 'P1-2',
  admittedAt: testNow,
  dischargedAt: null,
});

export type NewPatient = Input<'patients.register'>;

export const person = (
  fullName: string,
  more: Partial<NewPatient['demographics']> = {},
  rest: Partial<NewPatient> = {},
): NewPatient => ({
  demographics: { fullName, sex: '1', ...more },
  ...rest,
});
