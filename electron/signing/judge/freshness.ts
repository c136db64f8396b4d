// Whether evidence of revocation says something about an instant: evidence from after it is best, evidence that was in
// force at it will do, anything else is old.

/** The limits, all ours but the answers' own `nextUpdate`. ms. */
export const limits = {
  /** Clocks of this PC and of the CA may differ by that much. */
  skew: 5 * 60_000,
  /** An OCSP answer without `nextUpdate` (RFC 6960: newer information is always there). */
  ocspLife: 24 * 3_600_000,
  /** However late their `nextUpdate`: people's certificates, and CAs', whose lists come out once a year. */
  mostForPeople: 31 * 86_400_000,
  mostForAuthorities: 400 * 86_400_000,
  /** Cached evidence this young is not asked for again. */
  askAgainAfter: 3_600_000,
  /** A service that did not answer is left alone for that long, so that fifty papers don't wait fifty times. */
  leaveAlone: 60_000,
} as const;

export interface Period {
  readonly thisUpdate: number;
  /** Null: it gives no end. */
  readonly nextUpdate: number | null;
}

export type Coverage = 'after' | 'during' | 'old';

/**
 * `most`: how long such evidence is believed at most. Null: it comes from the future, which no evidence does.
 */
export function coverageOf(period: Period, at: number, now: number, most: number): Coverage | null {
  if (period.thisUpdate > now + limits.skew) return null;
  if (period.thisUpdate >= at) return 'after';
  const end = Math.min(period.nextUpdate ?? period.thisUpdate + limits.ocspLife, period.thisUpdate + most);
  return at <= end ? 'during' : 'old';
}
