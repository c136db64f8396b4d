// What a score and a number of strangers come to: how rarely a wrong finger scores so high, and how often one of many does.
import { falseMatchTable } from './matching/thresholds.ts';

/**
 * Of how many wrong fingers one scores this or more; between the measured rates along the logarithm. Nothing rarer
 * than the rarest that was measured is claimed.
 */
export function oneInAt(score: number): number {
  const above = falseMatchTable.findIndex(([least]) => score < least);
  const [upper, lower] = [falseMatchTable[above], falseMatchTable[above - 1] ?? nothing];
  const [, rarest] = falseMatchTable.at(-1) ?? nothing;
  if (!upper) return Math.round(1 / rarest);
  const part = Math.max(0, (score - lower[0]) / (upper[0] - lower[0]));
  return Math.round(1 / (lower[1] * (upper[1] / lower[1]) ** part));
}

/** Every finger scores nothing at least. */
const nothing = [0, 1] as const;

/** 1 − (1 − 1/oneIn)^size: the chance that at least one of `size` strangers passes, 0…1. */
export const falseAlarm = (oneIn: number, size: number): number =>
  oneIn <= 1 ? (size > 0 ? 1 : 0) : -Math.expm1(size * Math.log1p(-1 / oneIn));
