// A made-up finger: a direction for the ridges at every point (loops, whorls, arches, by the cores and deltas of
// Sherlock and Monro's model, 1993), and ridges grown into it by filtering noise along those directions again and
// again, as SFinGe does (Cappelli 2004). Where the growing waves meet out of step, minutiae appear by themselves.
import { ridgeKernel } from '../kernels/ridges.ts';
import { createField, createRandom, type Random } from './random.ts';

export interface SyntheticFinger {
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  /** −1 (valley) … 1 (ridge), 500 dpi, row by row. */
  readonly ridges: Float32Array;
}

export const FINGER_WIDTH = 420;
export const FINGER_HEIGHT = 540;
const CELL = 4;
const PAD = 24;
const CELL_FIELDS = 4;
/** Rounds of filtering until the ridges have closed. */
const ROUNDS = 14;

interface Point {
  readonly x: number;
  readonly y: number;
}

type Direction = (x: number, y: number) => number;

/** About 0.3 s of work. */
export function growFinger(seed: number): SyntheticFinger {
  const random = createRandom(seed);
  const direction = directionOf(random);
  const middle = random.between(8.2, 10.2);
  const wander = createField(seed ^ 0x51ed270b, 150);
  const kernel = ridgeKernel();
  const mark = kernel.mark();
  try {
    const width = FINGER_WIDTH;
    const height = FINGER_HEIGHT;
    const columns = width / CELL;
    const rows = height / CELL;
    const stride = width + 2 * PAD;
    const size = stride * (height + 2 * PAD);
    const cells = kernel.take(columns * rows * CELL_FIELDS * 4);
    const mask = kernel.take(columns * rows);
    const one = kernel.take(size * 4);
    const other = kernel.take(size * 4);
    const { buffer } = kernel.memory;
    const fields = new Float32Array(buffer, cells, columns * rows * CELL_FIELDS);
    new Uint8Array(buffer, mask, columns * rows).fill(1);
    for (let cell = 0; cell < columns * rows; cell++) {
      const x = (cell % columns) * CELL + CELL / 2;
      const y = Math.floor(cell / columns) * CELL + CELL / 2;
      const turn = direction(x, y);
      fields[cell * CELL_FIELDS] = Math.cos(2 * turn);
      fields[cell * CELL_FIELDS + 1] = Math.sin(2 * turn);
      fields[cell * CELL_FIELDS + 2] = middle + wander(x, y) * 0.9;
    }
    const grey = new Float32Array(buffer, one, size);
    const grown = new Float32Array(buffer, other, size);
    for (let i = 0; i < size; i++) grey[i] = random.next() < 0.05 ? random.normal(2) : 0;
    for (let round = 0; round < ROUNDS; round++) {
      kernel.enhance(one, other, stride, PAD, cells, mask, columns, rows);
      // pressing the heights together is what makes weak places grow
      for (let i = 0; i < size; i++) grey[i] = Math.max(-1, Math.min(1, (grown[i] ?? 0) * 6));
    }
    const ridges = new Float32Array(width * height);
    for (let y = 0; y < height; y++) {
      const row = (PAD + y) * stride + PAD;
      ridges.set(grown.subarray(row, row + width), y * width);
    }
    let most = 0;
    for (const value of ridges) most = Math.max(most, Math.abs(value));
    for (let i = 0; i < ridges.length; i++) {
      ridges[i] = Math.max(-1, Math.min(1, (2 * (ridges[i] ?? 0)) / most));
    }
    return { seed, width, height, ridges };
  } finally {
    kernel.release(mark);
  }
}

/** Of the ridges at a point, radians, x to the right and y down. */
function directionOf(random: Random): Direction {
  const middle = { x: FINGER_WIDTH / 2, y: FINGER_HEIGHT * 0.45 };
  const jitter = (at: number, by: number): number => at + random.between(-by, by);
  const kind = random.next();
  if (kind < 0.06) {
    const rise = random.between(0.6, 1.1);
    const peak = jitter(middle.y + 40, 30);
    return (x, y) => {
      const part = Math.exp(-(((y - peak) / 150) ** 2)) * rise;
      return -Math.atan(part * Math.sin(((x - middle.x) / FINGER_WIDTH) * -2 * Math.PI));
    };
  }
  const side = random.next() < 0.5 ? -1 : 1;
  const far = (from: number): number => jitter(from, 25);
  if (kind < 0.66) {
    const core = { x: jitter(middle.x, 20), y: jitter(middle.y, 25) };
    const delta = { x: core.x + side * far(95), y: core.y + far(135) };
    return singular([core], [delta]);
  }
  const gap = random.between(12, 45);
  const tilt = random.between(-0.6, 0.6);
  const centre = { x: jitter(middle.x, 20), y: jitter(middle.y, 25) };
  const cores = [-1, 1].map((end) => ({
    x: centre.x + end * Math.sin(tilt) * gap,
    y: centre.y + end * Math.cos(tilt) * gap,
  }));
  const deltas = [
    { x: centre.x - far(120), y: centre.y + far(140) },
    { x: centre.x + far(120), y: centre.y + far(140) },
  ];
  return singular(cores, deltas);
}

/** Half a turn around each core, half a turn back around each delta; level far away. */
function singular(cores: readonly Point[], deltas: readonly Point[]): Direction {
  const turn = (points: readonly Point[], x: number, y: number): number =>
    points.reduce((sum, point) => sum + Math.atan2(point.y - y, x - point.x), 0);
  return (x, y) => -(turn(cores, x, y) - turn(deltas, x, y)) / 2;
}
