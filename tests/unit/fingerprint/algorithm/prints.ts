// Made-up prints the tests of this folder share; grown once a run.
import { extract } from '../../../../electron/fingerprint/extraction/index.ts';
import {
  growFinger,
  type SyntheticFinger,
  type Touch,
  touch,
} from '../../../../electron/fingerprint/synthetic/index.ts';
import type { FingerImage, Template } from '../../../../electron/fingerprint/types.ts';

const grown = new Map<number, SyntheticFinger>();

export function finger(seed: number): SyntheticFinger {
  const known = grown.get(seed) ?? growFinger(seed);
  grown.set(seed, known);
  return known;
}

export function templateOf(image: FingerImage): Template {
  const extraction = extract(image);
  if (!extraction.ok) throw new Error(extraction.error.code);
  return extraction.value.template;
}

export const impression = (seed: number, options: Touch): Template =>
  templateOf(touch(finger(seed), options));

/** A picture drawn by a rule. */
export function picture(grey: (x: number, y: number) => number, width = 300, height = 400): FingerImage {
  const pixels = Uint8Array.from({ length: width * height }, (_, i) =>
    Math.max(0, Math.min(255, Math.round(grey(i % width, Math.floor(i / width))))),
  );
  return { width, height, dpi: 500, pixels };
}
