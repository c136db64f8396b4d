// A picture of a finger in, what is kept of it out. Runs on the thread that calls it: 15 to 40 ms, so call it in a worker.
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { usableCylinders } from '../matching/comparer.ts';
import { ALGORITHM, LONGEST_SIDE, MOST_MINUTIAE, roundAngle } from '../template.ts';
import type { FingerImage, Quality, Template } from '../types.ts';
import { judgeQuality } from './quality.ts';
import { readRidges } from './read-ridges.ts';

export interface Extraction {
  readonly template: Template;
  readonly quality: Quality;
}

/** Pixels a side at 500 dpi below which no finger can be told from another: 5 mm. */
const SHORTEST_SIDE = 100;
/** What readers and files may claim. */
const LEAST_DPI = 250;
const MOST_DPI = 1300;

/** Errors: `image_unreadable`, `image_too_small`, `image_too_large`, `image_no_finger`. The picture is left as it is. */
export function extract(image: FingerImage): Result<Extraction> {
  const { width, height, dpi, pixels } = image;
  if (pixels.length !== width * height || !(dpi >= LEAST_DPI && dpi <= MOST_DPI)) {
    return fail('image_unreadable');
  }
  const scale = 500 / dpi;
  if (Math.min(width, height) * scale < SHORTEST_SIDE) return fail('image_too_small');
  if (Math.max(width, height) * scale > LONGEST_SIDE) return fail('image_too_large');
  const ridges = readRidges(image);
  if (ridges === undefined) return fail('image_no_finger');
  const template: Template = {
    algorithm: ALGORITHM,
    width: ridges.width,
    height: ridges.height,
    minutiae: ridges.minutiae
      .map((minutia) => ({ ...minutia, angle: roundAngle(minutia.angle) }))
      .sort((a, b) => b.quality - a.quality || a.y - b.y || a.x - b.x)
      .slice(0, MOST_MINUTIAE),
  };
  return ok({ template, quality: judgeQuality(ridges, template, usableCylinders(template)) });
}
