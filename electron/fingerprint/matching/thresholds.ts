// What a score means: how often two different fingers reach it (false match rate).
// Measured over 49,600 pairs of different fingers from four kinds of reader; docs/fingerprint.md says how.

/** Lowest score of each rate, from often to rare. The last three lie beyond what so many pairs can show. */
export const falseMatchTable: readonly (readonly [score: number, rate: number])[] = [
  [0.0176, 1e-2],
  [0.0196, 3e-3],
  [0.0216, 1e-3],
  [0.0242, 3e-4],
  [0.0274, 1e-4],
  [0.0334, 1e-5],
  [0.0394, 1e-6],
];

export const thresholds = {
  /** 1:1, "this is the same person": one in 10,000 strangers would pass. */
  verify: 0.0274,
  /** Two impressions of one enrolment, taken one after the other: one in 1,000. */
  sameEnrolment: 0.0216,
} as const;

/** The rate of the table's nearest lower score; 1 below the table. "1:10,000" is 0.0001. */
export function falseMatchRate(score: number): number {
  return falseMatchTable.findLast(([at]) => score >= at)?.[1] ?? 1;
}
