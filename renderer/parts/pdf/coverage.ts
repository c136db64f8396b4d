// Which part of a page has been on the screen. A page is read when all of it was, not when its number came by: jumping to
// the end shows the end only.

/** From and to, as shares of the page's height, 0…1; sorted, apart from each other. */
export type Coverage = readonly (readonly [number, number])[];

/** Half a line of small print, so that rounding to pixels never leaves a gap. */
const gap = 0.01;

export function cover(before: Coverage, from: number, to: number): Coverage {
  if (to <= from) return before;
  let [low, high] = [Math.max(0, from), Math.min(1, to)];
  const apart: (readonly [number, number])[] = [];
  for (const part of before) {
    if (part[1] < low - gap || part[0] > high + gap) apart.push(part);
    else {
      low = Math.min(low, part[0]);
      high = Math.max(high, part[1]);
    }
  }
  return [...apart, [low, high] as const].sort((a, b) => a[0] - b[0]);
}

/** All of it, but for the margins of the paper. */
export function coversAll(coverage: Coverage): boolean {
  const [first, ...more] = coverage;
  return first !== undefined && more.length === 0 && first[0] <= margin && first[1] >= 1 - margin;
}
/** Blank at the top and bottom of every form. */
const margin = 0.02;
