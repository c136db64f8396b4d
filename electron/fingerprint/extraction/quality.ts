// How good an impression is, 0…100, and what the person could do better. Made of what comparing leans on: how much of
// the print is there, how plainly its ridges stand out, and how many places can be compared.
import type { CaptureHint, Quality, Template } from '../types.ts';
import type { Ridges } from './read-ridges.ts';

/** Square pixels at 500 dpi that a good plain impression covers: 1.9 cm². */
const GOOD_AREA = 75_000;
/** Share of variance the ridges explain in a good impression. */
const GOOD_CLARITY = 0.45;
const GOOD_CYLINDERS = 35;

/** From this score on nothing needs to be done better. */
const GOOD_ENOUGH = 78;
/** Below this the print is only partly there. */
const SMALL_AREA = 38_000;
/** Grey levels of deviation below which the finger hardly touches. */
const FAINT = 18;
/** Skew of grey in the print: dots on light ground when the finger is dry, gaps in dark ground when it is wet. */
const DRY = 0.75;
const WET = -0.25;
/** Distance of the print's middle from the picture's, as a share of its sides. */
const OFF_CENTRE = 0.18;

export function judgeQuality(ridges: Ridges, template: Template, cylinders: number): Quality {
  const part = (value: number, good: number): number => Math.min(1, value / good);
  const score =
    part(ridges.area, GOOD_AREA) * 0.25 +
    part(ridges.clarity, GOOD_CLARITY) * 0.35 +
    part(cylinders, GOOD_CYLINDERS) * 0.4;
  return {
    score: Math.round(score * 100),
    hints: score * 100 < GOOD_ENOUGH ? hintsFor(ridges) : [],
    area: part(ridges.area, ridges.width * ridges.height),
    minutiae: template.minutiae.length,
    cylinders,
  };
}

/** The most useful first. */
function hintsFor({ area, contrast, skew, middle, width, height }: Ridges): CaptureHint[] {
  const hints: CaptureHint[] = [];
  const aside =
    Math.abs(middle.x / width - 0.5) > OFF_CENTRE || Math.abs(middle.y / height - 0.5) > OFF_CENTRE;
  if (area < SMALL_AREA) hints.push(aside ? 'centre_finger' : 'larger_area');
  if (skew > DRY) hints.push(contrast < FAINT ? 'press_harder' : 'moisten_finger');
  else if (skew < WET) hints.push('dry_finger', 'press_lighter');
  else if (contrast < FAINT) hints.push('press_harder');
  return hints;
}
