// One picture through the kernel: from grey bytes to minutiae and the measures quality is made of.
// The order of the stages and every parameter that is not inside a kernel is here.

import { type RidgeKernel, ridgeKernel } from '../kernels/ridges.ts';
import type { FingerImage, Minutia } from '../types.ts';

/** Pixels of a block, over which direction and period are taken, and of a cell, which is filtered as one. */
const BLOCK = 12;
const CELL = 4;
const CELLS_PER_BLOCK = BLOCK / CELL;
const WAVES = 128;
const BLOCK_FIELDS = 6;
const CELL_FIELDS = 4;
const MINUTIA_FIELDS = 5;
const MOST_MINUTIAE = 1500;
/** Empty margin around the working picture: windows and filters never look outside. */
const PAD = 24;

/** Share a resolution may differ from 500 dpi without the picture being scaled: 512 and 508 dpi are common. */
const NEARLY = 0.06;

/** Rounds in which neighbouring blocks agree on direction and period. */
const ROUNDS = 4;
/** Share of a block's variance its ridges explain, below which it is background. Even noise reaches 0.04. */
const RIDGED = 0.05;
/** Contrast, as a share of the print's, below which ridges are what another finger left on the glass. */
const RESIDUE = 0.25;
/** Cells between a minutia and the nearest background: closer, a ridge may end because the print does. */
const CLEAR = 3;

/**
 * What a print is at least, measured over its blocks; in brackets the worst of 320 prints of four kinds of reader.
 * Noise, photographs and cloth miss one or more of them.
 */
interface Limits {
  /** Mean share of variance that the ridges explain (0.11). */
  readonly clarity: number;
  /** Mean agreement of what speaks for a direction (0.73). */
  readonly sureness: number;
  /** Not a weave: share explained at a right angle to the ridges, as a part of theirs, at most (0.25). */
  readonly crossing: number;
}

/** Beyond these it is no finger, whatever else is seen. */
const plain: Limits = { clarity: 0.075, sureness: 0.55, crossing: 0.36 };
/** Beyond these it is one only with minutiae enough to compare. */
const doubtful: Limits = { clarity: 0.1, sureness: 0.7, crossing: 0.27 };
const ENOUGH_MINUTIAE = 16;
/** Parallel lines alone are no finger. */
const LEAST_MINUTIAE = 4;
/** Square pixels: 0.25 cm² (42,000). */
const LEAST_AREA = 9700;

export interface Ridges {
  /** At 500 dpi. */
  readonly width: number;
  readonly height: number;
  readonly minutiae: readonly Minutia[];
  /** Square pixels that hold ridges. */
  readonly area: number;
  /** Middle of that area. */
  readonly middle: { readonly x: number; readonly y: number };
  /** Mean share of variance that the ridges explain there, 0…1. */
  readonly clarity: number;
  /** Standard deviation of grey where the print is, and the skew of the evened grey there. */
  readonly contrast: number;
  readonly skew: number;
}

/** `undefined` when the picture holds nothing that could be a finger. */
export function readRidges(image: FingerImage): Ridges | undefined {
  const kernel = ridgeKernel();
  const mark = kernel.mark();
  try {
    return read(kernel, image);
  } finally {
    kernel.release(mark);
  }
}

function read(kernel: RidgeKernel, image: FingerImage): Ridges | undefined {
  const scale = image.dpi / 500;
  const rescaled = Math.abs(scale - 1) > NEARLY;
  // a picture nearly at 500 dpi is read as it is, and what was found in it moved instead: scaling costs sharpness
  const rest = rescaled ? 1 : 1 / scale;
  const width = rescaled ? Math.round(image.width / scale) : image.width;
  const height = rescaled ? Math.round(image.height / scale) : image.height;
  const across = Math.ceil(width / BLOCK);
  const down = Math.ceil(height / BLOCK);
  const fullWidth = across * BLOCK;
  const fullHeight = down * BLOCK;
  const columns = across * CELLS_PER_BLOCK;
  const rows = down * CELLS_PER_BLOCK;
  const stride = fullWidth + 2 * PAD;
  const padded = stride * (fullHeight + 2 * PAD);

  const source = kernel.take(image.pixels.length);
  new Uint8Array(kernel.memory.buffer, source, image.pixels.length).set(image.pixels);
  const grey = kernel.take(width * height * 4);
  if (rescaled) kernel.scale(source, image.width, image.height, grey, width, height, scale);
  else kernel.widen(source, grey, width * height);

  const deviation = kernel.take(width * height * 4);
  const even = kernel.take(padded * 4);
  const contrast = usualContrast(image);
  kernel.normalise(grey, width, height, deviation, even, stride, PAD, Math.max(2, contrast * 0.2));

  const active = kernel.take(across * down);
  const half = kernel.take(padded);
  const spectra = kernel.take(across * down * WAVES * 4);
  const blocks = kernel.take(across * down * BLOCK_FIELDS * 4);
  kernel.halve(even, stride, fullHeight + 2 * PAD, half);
  const flat = Math.max(1.2, contrast * 0.1);
  const deviations = new Float32Array(kernel.memory.buffer, deviation, width * height);
  const actives = new Uint8Array(kernel.memory.buffer, active, across * down);
  for (let block = 0; block < across * down; block++) {
    const x = Math.min(width - 1, (block % across) * BLOCK + BLOCK / 2);
    const y = Math.min(height - 1, Math.floor(block / across) * BLOCK + BLOCK / 2);
    actives[block] = (deviations[y * width + x] ?? 0) > flat ? 1 : 0;
  }
  kernel.spectra(half, stride / 2, PAD / 2, across, down, active, spectra);
  kernel.settle(spectra, across, down, ROUNDS, blocks);
  dropResidue(kernel, blocks, across, down, deviation, width, height);

  const cells = kernel.take(columns * rows * CELL_FIELDS * 4);
  const sharp = kernel.take(columns * rows * 4);
  const mask = kernel.take(columns * rows);
  const edge = kernel.take(columns * rows);
  kernel.spread(blocks, BLOCK_FIELDS, across, down, cells);
  const ridged = maskOf(kernel, cells, mask, columns, rows);
  const seen = limitsOf(kernel, blocks, across * down);
  if (ridged * CELL * CELL < LEAST_AREA || beyond(seen, plain)) return undefined;
  edgeOf(kernel, mask, edge, columns, rows, Math.floor(width / CELL), Math.floor(height / CELL));

  const first = kernel.take(padded * 4);
  const second = kernel.take(padded * 4);
  kernel.enhance(even, first, stride, PAD, cells, mask, columns, rows);
  kernel.redirect(first, stride, PAD, cells, mask, columns, rows, 0.1, sharp);
  kernel.enhance(even, second, stride, PAD, cells, mask, columns, rows);
  kernel.redirect(second, stride, PAD, cells, mask, columns, rows, 0.1, sharp);

  const lines = kernel.take(fullWidth * fullHeight);
  kernel.binarise(second, stride, PAD, mask, fullWidth, fullHeight, lines);
  kernel.despeckle(lines, fullWidth, fullHeight, 1, 30);
  kernel.despeckle(lines, fullWidth, fullHeight, 0, 12);
  kernel.thin(lines, fullWidth, fullHeight);

  const list = kernel.take(MOST_MINUTIAE * MINUTIA_FIELDS * 4);
  const count = kernel.minutiae(lines, fullWidth, fullHeight, cells, sharp, edge, CLEAR, list);
  if (count < (beyond(seen, doubtful) ? ENOUGH_MINUTIAE : LEAST_MINUTIAE)) return undefined;
  const values = new Float32Array(kernel.memory.buffer, list, count * MINUTIA_FIELDS);
  const minutiae: Minutia[] = [];
  for (let i = 0; i < count; i++) {
    const o = i * MINUTIA_FIELDS;
    minutiae.push({
      x: Math.round((values[o] ?? 0) * rest),
      y: Math.round((values[o + 1] ?? 0) * rest),
      angle: values[o + 2] ?? 0,
      type: values[o + 3] === 1 ? 'ending' : 'bifurcation',
      quality: Math.max(1, Math.min(100, Math.round((values[o + 4] ?? 0) * 100))),
    });
  }
  const measures = measure(kernel, cells, mask, columns, rows, even, stride);
  return {
    width: Math.round(width * rest),
    height: Math.round(height * rest),
    minutiae,
    contrast,
    area: measures.area * rest * rest,
    middle: { x: measures.middle.x * rest, y: measures.middle.y * rest },
    clarity: measures.clarity,
    skew: measures.skew,
  };
}

function measure(
  kernel: RidgeKernel,
  cells: number,
  mask: number,
  columns: number,
  rows: number,
  even: number,
  stride: number,
): Pick<Ridges, 'area' | 'middle' | 'clarity' | 'skew'> {
  const { buffer } = kernel.memory;
  const marks = new Uint8Array(buffer, mask, columns * rows);
  const fields = new Float32Array(buffer, cells, columns * rows * CELL_FIELDS);
  const levels = new Float32Array(buffer, even, stride * (rows * CELL + 2 * PAD));
  const sums = { count: 0, x: 0, y: 0, share: 0, one: 0, two: 0, three: 0 };
  marks.forEach((inside, cell) => {
    if (!inside) return;
    const x = (cell % columns) * CELL + 1;
    const y = Math.floor(cell / columns) * CELL + 1;
    // one pixel of each cell is a sample large enough
    const level = levels[(PAD + y) * stride + PAD + x] ?? 0;
    sums.count++;
    sums.x += x;
    sums.y += y;
    sums.share += fields[cell * CELL_FIELDS + 3] ?? 0;
    sums.one += level;
    sums.two += level ** 2;
    sums.three += level ** 3;
  });
  const { count } = sums;
  const mean = sums.one / count;
  const variance = Math.max(1e-6, sums.two / count - mean ** 2);
  const third = sums.three / count - 3 * mean * variance - mean ** 3;
  return {
    area: count * CELL * CELL,
    middle: { x: sums.x / count, y: sums.y / count },
    clarity: sums.share / count,
    skew: third / variance ** 1.5,
  };
}

/**
 * What the finger before left on the glass has ridges too, but only a fraction of the contrast: its blocks are taken
 * for background.
 */
function dropResidue(
  kernel: RidgeKernel,
  blocks: number,
  across: number,
  down: number,
  deviation: number,
  width: number,
  height: number,
): void {
  const fields = new Float32Array(kernel.memory.buffer, blocks, across * down * BLOCK_FIELDS);
  const deviations = new Float32Array(kernel.memory.buffer, deviation, width * height);
  const contrastOf = (block: number): number => {
    const x = Math.min(width - 1, (block % across) * BLOCK + BLOCK / 2);
    const y = Math.min(height - 1, Math.floor(block / across) * BLOCK + BLOCK / 2);
    return deviations[y * width + x] ?? 0;
  };
  const ridged: number[] = [];
  for (let block = 0; block < across * down; block++) {
    if ((fields[block * BLOCK_FIELDS + 4] ?? 0) > RIDGED) ridged.push(block);
  }
  const sorted = ridged.map(contrastOf).sort((a, b) => a - b);
  const usual = sorted[Math.floor(sorted.length * 0.7)] ?? 0;
  for (const block of ridged) {
    if (contrastOf(block) < usual * RESIDUE) fields[block * BLOCK_FIELDS + 4] = 0;
  }
}

/** What the limits are compared with, over all blocks with ridges. */
function limitsOf(kernel: RidgeKernel, blocks: number, count: number): Limits {
  const fields = new Float32Array(kernel.memory.buffer, blocks, count * BLOCK_FIELDS);
  let ridged = 0;
  let share = 0;
  let sure = 0;
  let crossing = 0;
  for (let at = 0; at < fields.length; at += BLOCK_FIELDS) {
    const explained = fields[at + 4] ?? 0;
    if (explained < RIDGED) continue;
    ridged++;
    share += explained;
    sure += explained * (fields[at + 2] ?? 0);
    crossing += fields[at + 5] ?? 0;
  }
  return { clarity: share / ridged, sureness: sure / share, crossing: crossing / share };
}

const beyond = (seen: Limits, limits: Limits): boolean =>
  seen.clarity < limits.clarity || seen.sureness < limits.sureness || seen.crossing > limits.crossing;

/** Standard deviation of grey inside 16 × 16 tiles, at the 80th percentile: the contrast of the print, if there is one. */
function usualContrast({ pixels, width, height }: FingerImage): number {
  const tiles: number[] = [];
  for (let top = 0; top + 16 <= height; top += 16) {
    for (let left = 0; left + 16 <= width; left += 16) {
      let sum = 0;
      let squares = 0;
      for (let y = top; y < top + 16; y++) {
        for (let x = left; x < left + 16; x++) {
          const value = pixels[y * width + x] ?? 0;
          sum += value;
          squares += value * value;
        }
      }
      tiles.push(Math.sqrt(Math.max(0, squares / 256 - (sum / 256) ** 2)));
    }
  }
  tiles.sort((a, b) => a - b);
  return tiles[Math.floor(tiles.length * 0.8)] ?? 0;
}

/** Cells with ridges, without islands and holes; answers how many. */
function maskOf(kernel: RidgeKernel, cells: number, mask: number, columns: number, rows: number): number {
  const share = new Float32Array(kernel.memory.buffer, cells, columns * rows * CELL_FIELDS);
  const marks = new Uint8Array(kernel.memory.buffer, mask, columns * rows);
  for (let cell = 0; cell < marks.length; cell++) {
    marks[cell] = (share[cell * CELL_FIELDS + 3] ?? 0) > RIDGED ? 1 : 0;
  }
  dropAreas(marks, columns, rows, 1, 90);
  dropAreas(marks, columns, rows, 0, 90);
  let count = 0;
  for (const mark of marks) count += mark;
  return count;
}

/** Turns connected areas of `value` with fewer cells than `least` into the other value. */
function dropAreas(marks: Uint8Array, columns: number, rows: number, value: number, least: number): void {
  const seen = new Uint8Array(marks.length);
  for (let start = 0; start < marks.length; start++) {
    if (marks[start] !== value || seen[start]) continue;
    const area = [start];
    seen[start] = 1;
    for (const cell of area) {
      const x = cell % columns;
      const y = Math.floor(cell / columns);
      for (const [dx, dy] of sides) {
        const nx = x + dx;
        const ny = y + dy;
        const next = ny * columns + nx;
        if (nx < 0 || ny < 0 || nx >= columns || ny >= rows || marks[next] !== value || seen[next]) continue;
        seen[next] = 1;
        area.push(next);
      }
    }
    if (area.length < least) for (const cell of area) marks[cell] = 1 - value;
  }
}

const sides = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;

/** How many cells each cell is away from the background or the picture's rim (0…255), in king's moves. */
function edgeOf(
  kernel: RidgeKernel,
  mask: number,
  edge: number,
  columns: number,
  rows: number,
  right: number,
  bottom: number,
): void {
  const marks = new Uint8Array(kernel.memory.buffer, mask, columns * rows);
  const away = new Uint8Array(kernel.memory.buffer, edge, columns * rows);
  const at = (x: number, y: number) =>
    x < 0 || y < 0 || x >= right || y >= bottom ? 0 : (away[y * columns + x] ?? 0);
  for (let i = 0; i < marks.length; i++) {
    const x = i % columns;
    const y = Math.floor(i / columns);
    if (!marks[i] || x >= right || y >= bottom) continue;
    away[i] = Math.min(255, 1 + Math.min(at(x - 1, y), at(x - 1, y - 1), at(x, y - 1), at(x + 1, y - 1)));
  }
  for (let i = marks.length - 1; i >= 0; i--) {
    if (!away[i]) continue;
    const x = i % columns;
    const y = Math.floor(i / columns);
    const near = Math.min(at(x + 1, y), at(x + 1, y + 1), at(x, y + 1), at(x - 1, y + 1));
    away[i] = Math.min(away[i] ?? 0, 1 + near);
  }
}
