// Enrolment: three impressions of one finger, accepted when at least two say it is the same finger. What disagrees with
// both others (a slipped finger, the wrong one) is not kept.
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { Comparer, Prepared } from './matching/comparer.ts';
import { thresholds } from './matching/thresholds.ts';
import { LEAST_CYLINDERS } from './template.ts';
import type { Template } from './types.ts';

/** Impressions taken for one enrolment. */
export const IMPRESSIONS = 3;

export interface Enrolment {
  /** The impressions to keep, two or more, the one most like the others first. */
  readonly templates: readonly Template[];
  /** Which of the impressions given they are. */
  readonly kept: readonly number[];
}

/** Errors: `template_too_weak` (fewer than two can be compared at all), `impressions_differ` (no two agree). */
export function enrol(impressions: readonly Template[], comparer: Comparer): Result<Enrolment> {
  const prepared = impressions.map((template) => comparer.prepare(template));
  try {
    return choose(impressions, prepared, comparer);
  } finally {
    for (const { bytes } of prepared) bytes.fill(0);
  }
}

function choose(
  impressions: readonly Template[],
  prepared: readonly Prepared[],
  comparer: Comparer,
): Result<Enrolment> {
  const usable = prepared.flatMap((one, index) =>
    one.cylinders >= LEAST_CYLINDERS ? [{ index, one, alike: 0 }] : [],
  );
  if (usable.length < 2) return fail('template_too_weak');
  for (const a of usable) {
    for (const b of usable) {
      if (a.index >= b.index) continue;
      const score = comparer.score(a.one, b.one);
      if (score < thresholds.sameEnrolment) continue;
      a.alike += score;
      b.alike += score;
    }
  }
  const kept = usable
    .filter(({ alike }) => alike > 0)
    .sort((a, b) => b.alike - a.alike || a.index - b.index)
    .map(({ index }) => index);
  if (kept.length < 2) return fail('impressions_differ');
  return ok({ kept, templates: kept.flatMap((index) => impressions[index] ?? []) });
}
