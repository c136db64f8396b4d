// How long a copy will still take, from how it went so far. Pure; wards plan their morning by it, so it is rounded up.

export interface Sample {
  /** ms since 1970 UTC */
  readonly at: number;
  readonly doneBytes: number;
}

/** Shorter observations of a line that comes and goes say nothing. */
const leastObservedMs = 4_000;

/** ms, or null while nothing can be said: too early, no total, or nothing came in. */
export function timeLeft(first: Sample, last: Sample, totalBytes: number | null): number | null {
  const tookMs = last.at - first.at;
  const came = last.doneBytes - first.doneBytes;
  if (totalBytes === null || tookMs < leastObservedMs || came <= 0) return null;
  return (Math.max(0, totalBytes - last.doneBytes) / came) * tookMs;
}

export type Left = { readonly unit: 'seconds' } | { readonly unit: 'minutes' | 'hours'; readonly n: number };

/** Half a minute, whole minutes up to an hour and a half, then whole hours. */
export function roughly(ms: number): Left {
  const minutes = Math.ceil(ms / 60_000);
  if (ms <= 30_000) return { unit: 'seconds' };
  return minutes <= 90 ? { unit: 'minutes', n: minutes } : { unit: 'hours', n: Math.ceil(minutes / 60) };
}
