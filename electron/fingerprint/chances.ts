// How often a comparison that lets one wrong finger in so many through errs when there are many to compare with.

/** 1 − (1 − 1/oneIn)^size: the chance that at least one of `size` strangers passes, 0…1. */
export const falseAlarm = (oneIn: number, size: number): number =>
  oneIn <= 1 ? (size > 0 ? 1 : 0) : -Math.expm1(size * Math.log1p(-1 / oneIn));
