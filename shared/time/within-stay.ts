// The times a clinical fact may have: not in the future, not before the stay, not after it.
import type { ErrorCode } from '../api/errors.ts';

/** Screens give times to the minute, so the minute of admission and of discharge belong to the stay. */
const minuteMs = 60_000;
/** Clocks of two PCs of one ward differ by seconds; a time typed ahead by more than this is a slip. */
const aheadMs = minuteMs;

export function timeProblem(
  at: number,
  stay: { readonly admittedAt: number; readonly dischargedAt: number | null },
  now: number,
): Extract<ErrorCode, 'time_in_future' | 'time_before_admission' | 'time_after_discharge'> | null {
  if (at > now + aheadMs) return 'time_in_future';
  if (at < stay.admittedAt - (stay.admittedAt % minuteMs)) return 'time_before_admission';
  if (stay.dischargedAt !== null && at > stay.dischargedAt + minuteMs) return 'time_after_discharge';
  return null;
}
