// What a score and a number of strangers come to: how rarely a wrong finger scores so high, and how often one of many does.
import { falseMatchRate } from './matching/thresholds.ts';

/** Of how many wrong fingers one scores this or more. */
export const oneInAt = (score: number): number => Math.round(1 / falseMatchRate(score));

/** 1 − (1 − 1/oneIn)^size: the chance that at least one of `size` strangers passes, 0…1. */
export const falseAlarm = (oneIn: number, size: number): number =>
  oneIn <= 1 ? (size > 0 ? 1 : 0) : -Math.expm1(size * Math.log1p(-1 / oneIn));
