// Shifts of a ward. Day 07:00–16:30 and duty until next morning are what centers usually print on the
// duty list; no circular fixes them, so they are data.
import { dayStart } from './vietnam.ts';

export interface Shift {
  readonly name: 'day' | 'duty';
  readonly from: number;
  /** Not part of the shift. */
  readonly to: number;
}

const dayStartMinute = 7 * 60;
const dayEndMinute = 16 * 60 + 30;
const minuteMs = 60_000;

/** The shift an instant falls in. */
export function shiftAt(atMs: number): Shift {
  const midnight = dayStart(atMs);
  const from = midnight + dayStartMinute * minuteMs;
  const to = midnight + dayEndMinute * minuteMs;
  if (atMs >= from && atMs < to) return { name: 'day', from, to };
  if (atMs >= to) return { name: 'duty', from: to, to: from + 24 * 60 * minuteMs };
  return { name: 'duty', from: to - 24 * 60 * minuteMs, to: from };
}
