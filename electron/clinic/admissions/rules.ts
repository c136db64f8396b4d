// What a command on a stay checks before it writes. Codes, not sentences: the page words them.
import type { Database } from 'better-sqlite3';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import type { Caller } from '../../store/room.ts';
import { bedOf, type Ward, wardOf } from '../beds/index.ts';
import { movesOf, occupantsOf, type Stay, stayOf } from './queries.ts';
import { type Act, transitions } from './transitions.ts';

/** Clocks of ward PCs differ; work is never refused for less. */
export const FUTURE_TOLERANCE_MS = 5 * 60_000;

/** Roles that move patients only from or to the wards they work on; duty doctors and heads move anyone. Ours. */
const boundToTheirWards: ReadonlySet<string> = new Set(['dieu_duong', 'dd_truong', 'hoc_vien']);

export function stayThatMay(sql: Database, admissionId: string, act: Act): Result<Stay> {
  const stay = stayOf(sql, admissionId);
  if (!stay) return fail('not_found');
  return transitions[act].from === stay.status ? ok(stay) : fail(transitions[act].refusal);
}

export function openWard(sql: Database, wardId: string): Result<Ward> {
  const ward = wardOf(sql, wardId);
  return ward && !ward.retired ? ok(ward) : fail('not_found', { fields: { wardId: 'field.required' } });
}

/** One of the wards concerned must be the person's own, where their roles bind them to their wards. */
export function mayWorkOn(caller: Pick<Caller, 'roles' | 'wards'>, wardIds: readonly string[]): Result<null> {
  const bound = caller.wards.length > 0 && caller.roles.every((r) => boundToTheirWards.has(r));
  return !bound || wardIds.some((w) => caller.wards.includes(w)) ? ok(null) : fail('wrong_ward');
}

/** A bed of the ward, in use and ready, with nobody in it unless it is declared shared. Null: no bed yet. */
export function bedThatTakes(sql: Database, wardId: string, bedId: string | null): Result<null> {
  if (bedId === null) return ok(null);
  const bed = bedOf(sql, bedId);
  if (!bed || bed.retired) return fail('not_found', { fields: { bedId: 'field.required' } });
  if (bed.wardId !== wardId) return fail('bed_not_in_ward');
  if (!bed.shared && (occupantsOf(sql, [bedId]).get(bedId) ?? 0) > 0)
    return fail('bed_taken', { params: { bed: bed.name } });
  return bed.state === 'ready' ? ok(null) : fail('bed_not_ready', { params: { bed: bed.name } });
}

/** Screens give times to the minute; what was stamped by the clock has seconds. */
const toMinute = (at: number): number => Math.floor(at / 60_000);

/** `at` of a new act: not ahead of the clock, and not before what already happened in this stay. */
export function timeInOrder(sql: Database, now: number, at: number, stay: Stay | null): Result<null> {
  if (at > now + FUTURE_TOLERANCE_MS)
    return fail('time_in_future', { fields: { at: 'error.time_in_future' } });
  if (!stay) return ok(null);
  if (toMinute(at) < toMinute(stay.admittedAt))
    return fail('time_before_admission', { fields: { at: 'error.time_before_admission' } });
  const last = Math.max(...movesOf(sql, stay.admissionId).map((m) => (m.voided ? stay.admittedAt : m.at)));
  return toMinute(at) >= toMinute(last)
    ? ok(null)
    : fail('time_before_last_move', { fields: { at: 'error.time_before_last_move' } });
}

/**
 * The screen must have shown the bed and ward the patient is in now. A newer version of the same place is
 * not stale: what the person decided upon is still so.
 */
export function seesPlace(sql: Database, stay: Stay, saw: Readonly<Record<string, string>>): Result<null> {
  if (saw.place === stay.versions.place) return ok(null);
  const seen = movesOf(sql, stay.admissionId).find((m) => m.version === saw.place);
  return seen && seen.wardId === stay.wardId && seen.bedId === stay.bedId ? ok(null) : fail('stale');
}
