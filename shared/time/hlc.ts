// Hybrid logical clock: 48 bits of milliseconds and a 16-bit counter, written as 16 hex digits so that
// text order is time order (Kulkarni et al., "Logical Physical Clocks", 2014).
// It never goes behind anything it has seen, even when the PC's clock does.

/** 16 lower-case hex digits: 12 of milliseconds since 1970 UTC, 4 of counter. */
export type Hlc = string & { readonly __hlc: true };

export const HLC_ZERO = '0000000000000000' as Hlc;
const MAX_COUNTER = 0xffff;
const MAX_MS = 2 ** 48 - 1;

export function makeHlc(ms: number, counter: number): Hlc {
  if (!Number.isInteger(ms) || ms < 0 || ms > MAX_MS)
    throw new RangeError(`hlc milliseconds out of range: ${ms}`);
  if (!Number.isInteger(counter) || counter < 0 || counter > MAX_COUNTER)
    throw new RangeError(`hlc counter out of range: ${counter}`);
  return (ms.toString(16).padStart(12, '0') + counter.toString(16).padStart(4, '0')) as Hlc;
}

/** Throws RangeError on anything that is not 16 hex digits. */
export function parseHlc(text: string): Hlc {
  if (!/^[0-9a-f]{16}$/.test(text)) throw new RangeError('not a hybrid clock stamp');
  return text as Hlc;
}

export const hlcMs = (hlc: Hlc): number => Number.parseInt(hlc.slice(0, 12), 16);
export const hlcCounter = (hlc: Hlc): number => Number.parseInt(hlc.slice(12), 16);

/**
 * The next stamp: the PC's clock when it is ahead of all seen, else one more than the last seen.
 * A full counter borrows a millisecond from the future rather than repeat or fail.
 */
export function nextHlc(lastSeen: Hlc, wallMs: number): Hlc {
  const seenMs = hlcMs(lastSeen);
  const now = Math.max(0, Math.min(Math.floor(wallMs), MAX_MS));
  if (now > seenMs) return makeHlc(now, 0);
  const counter = hlcCounter(lastSeen) + 1;
  return counter > MAX_COUNTER ? makeHlc(seenMs + 1, 0) : makeHlc(seenMs, counter);
}

export const laterHlc = (a: Hlc, b: Hlc): Hlc => (a >= b ? a : b);
