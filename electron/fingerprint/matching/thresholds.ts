// What a score means: how often two different fingers reach it (false match rate), and the thresholds other code asks by
// name. Measured, not chosen: docs/fingerprint.md says how. Change the algorithm and both must be measured again.

/**
 * Lowest score of each rate, from often to rare. Down to 0.0001 the worst of five kinds of pictures, 49,000 pairs of
 * different fingers each; the last two are the same line drawn on, more than so many pairs can show.
 */
export const falseMatchTable: readonly (readonly [score: number, rate: number])[] = [
  [0.0181, 1e-2],
  [0.0203, 3e-3],
  [0.0225, 1e-3],
  [0.0245, 3e-4],
  [0.0274, 1e-4],
  [0.034, 1e-5],
  [0.041, 1e-6],
];

export const thresholds = {
  /** 1:1, "this is the same person": one stranger in 10,000 would pass. */
  verify: 0.0274,
  /** Two impressions of one enrolment, taken one after the other: one in 1,000. */
  sameEnrolment: 0.0225,
} as const;

/** The rate of the table's nearest lower score; 1 below the table. "1:10,000" is 0.0001. */
export function falseMatchRate(score: number): number {
  return falseMatchTable.findLast(([at]) => score >= at)?.[1] ?? 1;
}
