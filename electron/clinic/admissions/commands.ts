// In, from bed to bed, out, back in. Each command checks, appends and tells how to take itself back.
import { randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import type { ParsedInput } from '../../../shared/api/index.ts';
import {
  admissionAdmit,
  admissionDiagnose,
  admissionDischarge,
  admissionReopen,
  admissionSwap,
  admissionTransfer,
  admissionVoid,
} from '../../../shared/model/admissions.ts';
import { type Change, changeId, type EntityRef, versionOf } from '../../../shared/model/change.ts';
import { seenOf } from '../../../shared/sync/causality.ts';
import type { Context } from '../../store/room.ts';
import type { Store, Tx } from '../../store/types.ts';
import { type Bed, bedOf, restoreState, sendToCleaning, stateVersion } from '../beds/index.ts';
import { lastWritten, readStay } from './acts.ts';
import { nextAdmissionNumber } from './numbers.ts';
import { movesOf, occupantsOf, openStaysOf, type Stay, stayOf, staysOfPatient } from './queries.ts';
import { bedThatTakes, mayWorkOn, openWard, seesPlace, stayThatMay, timeInOrder } from './rules.ts';

export interface CommandNeeds {
  readonly store: Store;
  /** Station code and incarnation letter, `01A`. */
  numberPrefix(): string;
  /** Only whether the person is known. */
  identitiesOf(sql: Tx['sql'], patientIds: readonly string[]): ReadonlyMap<string, unknown>;
}

/** What a command wrote, so that it can be taken back: its changes, and how the beds that were left looked before. */
export interface Done {
  readonly written: readonly { readonly admissionId: string; readonly change: string }[];
  readonly leftBeds: readonly { readonly before: Bed; readonly version: string }[];
}

export function admit(
  tx: Tx,
  input: ParsedInput<'admissions.admit'>,
  ctx: Context,
  needs: CommandNeeds,
): Result<Done & { admissionId: string; admissionNumber: string }> {
  if (!needs.identitiesOf(tx.sql, [input.patientId]).has(input.patientId)) return fail('not_found');
  if (openStaysOf(tx.sql, [input.patientId]).size > 0) return fail('already_admitted');
  const refused = firstFailure(
    openWard(tx.sql, input.wardId),
    mayWorkOn(ctx.caller, [input.wardId]),
    bedThatTakes(tx.sql, input.wardId, input.bedId),
    timeInOrder(tx.sql, ctx.now(), input.at, null),
  );
  if (refused) return refused;
  const admissionId = randomUUID();
  const admissionNumber = nextAdmissionNumber(tx.sql, ctx.now(), needs.numberPrefix());
  const change = tx.append(admissionAdmit, {
    id: admissionId,
    patient: input.patientId,
    refs: [`patient:${input.patientId}`, ...placeRefs(input.wardId, input.bedId)],
    body: {
      number: admissionNumber,
      patient: input.patientId,
      ward: input.wardId,
      bed: input.bedId,
      at: input.at,
      careType: input.careType,
      reason: input.reason,
      diagnosis: input.diagnosis || null,
      icd: input.icdCode || null,
    },
  });
  return ok({ ...done(admissionId, change), admissionId, admissionNumber });
}

export function transfer(
  tx: Tx,
  input: ParsedInput<'admissions.transfer'>,
  ctx: Context,
  { store }: CommandNeeds,
): Result<Done> {
  const found = stayThatMay(tx.sql, input.admissionId, 'move');
  if (!found.ok) return found;
  const stay = found.value;
  const sameBed = input.wardId === stay.wardId && input.bedId === stay.bedId;
  const refused = firstFailure(
    seesPlace(tx.sql, stay, input.saw),
    sameBed ? fail('illegal_transition') : ok(null),
    openWard(tx.sql, input.wardId),
    mayWorkOn(ctx.caller, [stay.wardId, input.wardId]),
    bedThatTakes(tx.sql, input.wardId, input.bedId),
    timeInOrder(tx.sql, ctx.now(), input.at, stay),
  );
  if (refused) return refused;
  const change = tx.append(admissionTransfer, {
    id: stay.admissionId,
    patient: stay.patientId,
    refs: placeRefs(input.wardId, input.bedId),
    body: {
      ward: input.wardId,
      bed: input.bedId,
      at: input.at,
      reason: input.reason || null,
      saw: seenNow(store, stay.admissionId),
    },
  });
  return ok(leaving(tx, stay.bedId, done(stay.admissionId, change)));
}

/** Both or neither. The beds stay in use, so neither goes to cleaning. */
export function swapBeds(
  tx: Tx,
  input: ParsedInput<'admissions.swapBeds'>,
  ctx: Context,
  { store }: CommandNeeds,
): Result<Done> {
  const foundA = stayThatMay(tx.sql, input.a, 'move');
  if (!foundA.ok) return foundA;
  const foundB = stayThatMay(tx.sql, input.b, 'move');
  if (!foundB.ok) return foundB;
  const [a, b] = [foundA.value, foundB.value];
  const refused = firstFailure(
    seesPlace(tx.sql, a, input.sawA),
    seesPlace(tx.sql, b, input.sawB),
    a.bedId === null || b.bedId === null || a.bedId === b.bedId ? fail('illegal_transition') : ok(null),
    mayWorkOn(ctx.caller, [a.wardId, b.wardId]),
    timeInOrder(tx.sql, ctx.now(), input.at, a),
    timeInOrder(tx.sql, ctx.now(), input.at, b),
  );
  if (refused) return refused;
  const half = (stay: Stay, other: Stay): Change =>
    tx.append(admissionSwap, {
      id: stay.admissionId,
      patient: stay.patientId,
      refs: [`admission:${other.admissionId}`, ...placeRefs(other.wardId, other.bedId)],
      body: {
        ward: other.wardId,
        bed: other.bedId,
        at: input.at,
        with: other.admissionId,
        reason: input.reason || null,
        saw: seenNow(store, stay.admissionId),
      },
    });
  const written = [
    { admissionId: a.admissionId, change: changeId(half(a, b)) },
    { admissionId: b.admissionId, change: changeId(half(b, a)) },
  ];
  return ok({ written, leftBeds: [] });
}

export function discharge(
  tx: Tx,
  input: ParsedInput<'admissions.discharge'>,
  ctx: Context,
  { store }: CommandNeeds,
): Result<Done> {
  const found = stayThatMay(tx.sql, input.admissionId, 'discharge');
  if (!found.ok) return found;
  const stay = found.value;
  const refused = firstFailure(
    seesPlace(tx.sql, stay, input.saw),
    mayWorkOn(ctx.caller, [stay.wardId]),
    timeInOrder(tx.sql, ctx.now(), input.at, stay),
  );
  if (refused) return refused;
  const change = tx.append(admissionDischarge, {
    id: stay.admissionId,
    patient: stay.patientId,
    body: {
      at: input.at,
      type: input.type,
      outcome: input.outcome,
      diagnosis: input.diagnosis,
      icd: input.icdCode || null,
      advice: input.advice || null,
      destination: input.destination || null,
      saw: seenNow(store, stay.admissionId),
    },
  });
  return ok(leaving(tx, stay.bedId, done(stay.admissionId, change)));
}

/** Back to the ward the patient left; a bed of it, or none yet. */
export function reopen(
  tx: Tx,
  input: ParsedInput<'admissions.reopen'>,
  ctx: Context,
  { store }: CommandNeeds,
): Result<Done> {
  const found = stayThatMay(tx.sql, input.admissionId, 'reopen');
  if (!found.ok) return found;
  const stay = found.value;
  if (openStaysOf(tx.sql, [stay.patientId]).size > 0) return fail('already_admitted');
  const refused = firstFailure(
    openWard(tx.sql, stay.wardId),
    mayWorkOn(ctx.caller, [stay.wardId]),
    bedThatTakes(tx.sql, stay.wardId, input.bedId),
  );
  if (refused) return refused;
  const change = tx.append(admissionReopen, {
    id: stay.admissionId,
    patient: stay.patientId,
    refs: placeRefs(stay.wardId, input.bedId),
    body: {
      ward: stay.wardId,
      bed: input.bedId,
      at: ctx.now(),
      reason: input.reason,
      saw: seenNow(store, stay.admissionId),
    },
  });
  return ok(done(stay.admissionId, change));
}

export function updateDiagnosis(
  tx: Tx,
  input: ParsedInput<'admissions.updateDiagnosis'>,
  ctx: Context,
  { store }: CommandNeeds,
): Result<Done> {
  const stay = stayOf(tx.sql, input.admissionId);
  if (!stay) return fail('not_found');
  if (stay.status !== 'admitted') return fail('not_admitted');
  const allowed = mayWorkOn(ctx.caller, [stay.wardId]);
  if (!allowed.ok) return allowed;
  if (input.saw.diagnosis !== stay.versions.diagnosis) return fail('stale');
  const change = tx.append(admissionDiagnose, {
    id: stay.admissionId,
    patient: stay.patientId,
    body: {
      diagnosis: input.diagnosis,
      icd: input.icdCode || null,
      reason: null,
      saw: seenNow(store, stay.admissionId),
    },
  });
  return ok(done(stay.admissionId, change));
}

/**
 * Writes that the given changes no longer count and puts left beds back as they were.
 * `stale` when somebody has acted on the stay since; `bed_taken` when somebody lies in the old bed by now.
 */
export function takeBack(tx: Tx, { written, leftBeds }: Done, { store }: CommandNeeds): Result<null> {
  for (const { admissionId, change } of written) {
    const stay = stayOf(tx.sql, admissionId);
    if (!stay) return fail('not_found');
    const read = readStay(store.changesOf('admission', admissionId));
    const isLastAct = read.acts.at(-1)?.id === change;
    if (isLastAct && movesOf(tx.sql, admissionId).find((m) => m.changeId === change)?.voided)
      return fail('already_voided');
    // a corrected diagnosis can be taken back only while nothing at all was written after it
    if (!isLastAct && lastWritten(read)?.id !== change) return fail('stale');
    const { patientId } = stay;
    tx.append(admissionVoid, {
      id: admissionId,
      patient: patientId,
      body: { change, reason: null, saw: seenNow(store, admissionId) },
    });
  }
  for (const { admissionId } of written) {
    const stay = stayOf(tx.sql, admissionId);
    if (stay?.status !== 'admitted') continue;
    if (staysOfPatient(tx.sql, stay.patientId).filter((s) => s.status === 'admitted').length > 1)
      return fail('already_admitted');
    if (stay.bedId !== null && isOverfull(tx, stay.bedId)) return fail('bed_taken');
  }
  for (const { before, version } of leftBeds) restoreState(tx, before, version);
  return ok(null);
}

function isOverfull(tx: Tx, bedId: string): boolean {
  return !bedOf(tx.sql, bedId)?.shared && (occupantsOf(tx.sql, [bedId]).get(bedId) ?? 0) > 1;
}

/** Every version of this stay this store holds: what the writer could have known. */
export const seenNow = (store: Store, admissionId: string): string[] =>
  seenOf(store.changesOf('admission', admissionId).map(versionOf));

/** The bed is cleaned before the next patient; not while another still lies in it. */
function leaving(tx: Tx, bedId: string | null, so: Done): Done {
  const before = bedId === null ? null : bedOf(tx.sql, bedId);
  if (!before || (occupantsOf(tx.sql, [before.bedId]).get(before.bedId) ?? 0) > 0) return so;
  sendToCleaning(tx, before.bedId);
  return { ...so, leftBeds: [{ before, version: stateVersion(tx, before.bedId) }] };
}

const done = (admissionId: string, change: Change): Done => ({
  written: [{ admissionId, change: changeId(change) }],
  leftBeds: [],
});

const placeRefs = (wardId: string, bedId: string | null): EntityRef[] => [
  `ward:${wardId}`,
  ...(bedId === null ? [] : [`bed:${bedId}` as const]),
];

function firstFailure(...checks: readonly Result<unknown>[]): Extract<Result<never>, { ok: false }> | null {
  for (const check of checks) if (!check.ok) return check;
  return null;
}
