// Comparing two fingers: templates are prepared once (cylinders), then any two prepared ones are compared.

import { type CylinderKernel, cylinderKernel } from '../kernels/cylinders.ts';
import { LEAST_CYLINDERS, MOST_MINUTIAE } from '../template.ts';
import type { Template } from '../types.ts';

/** Bytes before the first cylinder, and of each (kernels/cylinder.as.ts). */
export const HEAD = 16;
export const CYLINDER = 112;

/** A template made ready for comparing. Wiped with `bytes.fill(0)` when done. */
export interface Prepared {
  readonly cylinders: number;
  readonly bytes: Uint8Array;
}

export interface Comparer {
  prepare(template: Template): Prepared;
  /** 0 … about 1; see thresholds.ts for what a score means. 0 when either has too few cylinders to say anything. */
  score(a: Prepared, b: Prepared): number;
}

export function createComparer(): Comparer {
  const kernel = cylinderKernel();
  const minutiae = kernel.take(MOST_MINUTIAE * 16);
  const left = kernel.take(HEAD + MOST_MINUTIAE * CYLINDER);
  const right = kernel.take(HEAD + MOST_MINUTIAE * CYLINDER);
  let inLeft: Prepared | undefined;
  const put = (prepared: Prepared, at: number): void => {
    new Uint8Array(kernel.memory.buffer, at, prepared.bytes.length).set(prepared.bytes);
  };
  return {
    prepare(template) {
      const count = writeMinutiae(kernel, minutiae, template);
      inLeft = undefined;
      const cylinders = kernel.buildCylinders(minutiae, count, left);
      const bytes = new Uint8Array(kernel.memory.buffer, left, HEAD + cylinders * CYLINDER).slice();
      return { cylinders, bytes };
    },
    score(a, b) {
      if (Math.min(a.cylinders, b.cylinders) < LEAST_CYLINDERS) return 0;
      if (inLeft !== a) put(a, left);
      inLeft = a;
      put(b, right);
      return kernel.compare(left, right);
    },
  };
}

let counter: Comparer | undefined;

/** How many places of a template a comparison can lean on. */
export function usableCylinders(template: Template): number {
  counter ??= createComparer();
  const prepared = counter.prepare(template);
  prepared.bytes.fill(0);
  return prepared.cylinders;
}

/** Puts a template's minutiae where the kernel reads them; answers how many. */
export function writeMinutiae(kernel: CylinderKernel, at: number, { minutiae }: Template): number {
  const count = Math.min(MOST_MINUTIAE, minutiae.length);
  const values = new Float32Array(kernel.memory.buffer, at, count * 4);
  minutiae.slice(0, count).forEach(({ x, y, angle, quality }, i) => {
    values.set([x, y, angle, quality], i * 4);
  });
  return count;
}
