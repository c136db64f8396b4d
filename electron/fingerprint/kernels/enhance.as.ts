// Filtering along the ridges: each 4×4 cell of the picture is passed through the Gabor filter of its own direction and
// period, which closes small breaks, parts ridges pressed together, and drops what has neither.
import { getF, getI, mark, release, setF, setI, take } from './memory.as';

export const CELL: i32 = 4;
/** Floats of a cell: cos 2θ, sin 2θ of the ridges, period (px), share of variance explained. */
export const CELL_FIELDS: i32 = 4;

const DIRECTIONS: i32 = 32;
const PERIODS: i32 = 12;
/** Period of the first filter, px; each next one is one more. */
const FIRST_PERIOD: f32 = 4.5;
const REACH: i32 = 9;
/** A filter is even, so half of its disc is kept: offsets (dx, dy) and a weight each. */
const TAPS: i32 = 160;

let offsets: usize = 0;
let weights: usize = 0;
let counts: usize = 0;

/** Makes the filters, once; before any mark. `along`: deviation of the bell along the ridges, px. */
export function prepareFilters(along: f32): void {
  const filters = DIRECTIONS * PERIODS;
  offsets = take((<usize>TAPS) << 3);
  weights = take((<usize>(filters * TAPS)) << 2);
  counts = take(16);
  let taps = 0;
  for (let y = -REACH; y <= 0; y++) {
    for (let x = -REACH; x <= REACH; x++) {
      if (x * x + y * y > REACH * REACH + 1 || (y === 0 && x > 0)) continue;
      setI(offsets, 2 * taps, x);
      setI(offsets, 2 * taps + 1, y);
      taps++;
    }
  }
  setI(counts, 0, taps);
  for (let d = 0; d < DIRECTIONS; d++) {
    const turn = (<f32>Math.PI * <f32>d) / <f32>DIRECTIONS;
    for (let p = 0; p < PERIODS; p++) {
      filter(weights + ((<usize>((d * PERIODS + p) * TAPS)) << 2), turn, FIRST_PERIOD + <f32>p, along, taps);
    }
  }
}

/** One filter: no answer to an even grey, 1 to a plane wave of its own direction and period. */
function filter(to: usize, turn: f32, period: f32, along: f32, taps: i32): void {
  const cos = Mathf.cos(turn);
  const sin = Mathf.sin(turn);
  const across = max(<f32>2.6, min(<f32>4.2, period * 0.42));
  const k = <f32>(2 * Math.PI) / period;
  let bells: f32 = 0;
  let sum: f32 = 0;
  for (let i = 0; i < taps; i++) {
    const twice: f32 = i === taps - 1 ? 1 : 2;
    const bell = bellOf(i, cos, sin, along, across);
    bells += twice * bell;
    sum += twice * bell * Mathf.cos(k * acrossOf(i, cos, sin));
  }
  const even = sum / bells;
  let answer: f32 = 0;
  for (let i = 0; i < taps; i++) {
    const wave = Mathf.cos(k * acrossOf(i, cos, sin));
    const w = bellOf(i, cos, sin, along, across) * (wave - even);
    answer += (i === taps - 1 ? <f32>1 : <f32>2) * w * wave;
    setF(to, i, w);
  }
  for (let i = 0; i < taps; i++) setF(to, i, getF(to, i) / answer);
}

function acrossOf(tap: i32, cos: f32, sin: f32): f32 {
  return <f32>getI(offsets, 2 * tap + 1) * cos - <f32>getI(offsets, 2 * tap) * sin;
}

function bellOf(tap: i32, cos: f32, sin: f32, along: f32, across: f32): f32 {
  const u = acrossOf(tap, cos, sin) / across;
  const v = (<f32>getI(offsets, 2 * tap) * cos + <f32>getI(offsets, 2 * tap + 1) * sin) / along;
  return Mathf.exp(-0.5 * (u * u + v * v));
}

/** Spreads what blocks of 12 px know over cells of 4 px, between block centres in proportion. */
export function spread(blocks: usize, fields: i32, across: i32, down: i32, cells: usize): void {
  const columns = across * 3;
  for (let cy = 0; cy < down * 3; cy++) {
    const by = max(<f32>0, min(<f32>(down - 1), (<f32>cy - 1) / 3));
    const y0 = min(down - 1, i32(by));
    const y1 = min(down - 1, y0 + 1);
    const ty = by - <f32>y0;
    for (let cx = 0; cx < columns; cx++) {
      const bx = max(<f32>0, min(<f32>(across - 1), (<f32>cx - 1) / 3));
      const x0 = min(across - 1, i32(bx));
      const x1 = min(across - 1, x0 + 1);
      const tx = bx - <f32>x0;
      let cos: f32 = 0;
      let sin: f32 = 0;
      let period: f32 = 0;
      let share: f32 = 0;
      let sure: f32 = 0;
      for (let corner = 0; corner < 4; corner++) {
        const w = (corner & 1 ? tx : 1 - tx) * (corner & 2 ? ty : 1 - ty);
        const b = ((corner & 2 ? y1 : y0) * across + (corner & 1 ? x1 : x0)) * fields;
        const s = w * getF(blocks, b + 4);
        cos += s * getF(blocks, b);
        sin += s * getF(blocks, b + 1);
        period += s * getF(blocks, b + 3);
        sure += s;
        share += w * getF(blocks, b + 4);
      }
      const o = (cy * columns + cx) * CELL_FIELDS;
      const length = Mathf.sqrt(cos * cos + sin * sin);
      setF(cells, o, length > 0 ? cos / length : 1);
      setF(cells, o + 1, length > 0 ? sin / length : 0);
      setF(cells, o + 2, sure > 0 ? period / sure : 9);
      setF(cells, o + 3, share);
    }
  }
}

/** Filters the cells whose `mask` byte is set; the rest of `to` is left alone (0). Both pictures are padded alike. */
export function enhance(
  from: usize,
  to: usize,
  stride: i32,
  pad: i32,
  cells: usize,
  mask: usize,
  columns: i32,
  rows: i32,
): void {
  const before = mark();
  const taps = getI(counts, 0);
  const steps = take((<usize>TAPS) << 2);
  for (let i = 0; i < taps; i++) {
    setI(steps, i, (getI(offsets, 2 * i + 1) * stride + getI(offsets, 2 * i)) << 2);
  }
  const line = (<usize>stride) << 2;
  for (let cy = 0; cy < rows; cy++) {
    for (let cx = 0; cx < columns; cx++) {
      const cell = cy * columns + cx;
      if (load<u8>(mask + <usize>cell) === 0) continue;
      const w = weights + ((<usize>(filterOf(cells, cell) * TAPS)) << 2);
      const at = (<usize>((pad + cy * CELL) * stride + pad + cx * CELL)) << 2;
      const p = from + at;
      let r0 = f32x4.splat(0);
      let r1 = f32x4.splat(0);
      let r2 = f32x4.splat(0);
      let r3 = f32x4.splat(0);
      for (let i = 0; i < taps - 1; i++) {
        const step = <usize>getI(steps, i);
        const weight = v128.load32_splat(w + ((<usize>i) << 2));
        const a = p + step;
        const b = p - step;
        r0 = f32x4.add(r0, f32x4.mul(weight, f32x4.add(v128.load(a), v128.load(b))));
        r1 = f32x4.add(r1, f32x4.mul(weight, f32x4.add(v128.load(a + line), v128.load(b + line))));
        r2 = f32x4.add(r2, f32x4.mul(weight, f32x4.add(v128.load(a + 2 * line), v128.load(b + 2 * line))));
        r3 = f32x4.add(r3, f32x4.mul(weight, f32x4.add(v128.load(a + 3 * line), v128.load(b + 3 * line))));
      }
      const middle = v128.load32_splat(w + ((<usize>(taps - 1)) << 2));
      v128.store(to + at, f32x4.add(r0, f32x4.mul(middle, v128.load(p))));
      v128.store(to + at + line, f32x4.add(r1, f32x4.mul(middle, v128.load(p + line))));
      v128.store(to + at + 2 * line, f32x4.add(r2, f32x4.mul(middle, v128.load(p + 2 * line))));
      v128.store(to + at + 3 * line, f32x4.add(r3, f32x4.mul(middle, v128.load(p + 3 * line))));
    }
  }
  release(before);
}

function filterOf(cells: usize, cell: i32): i32 {
  const o = cell * CELL_FIELDS;
  const turn = Mathf.atan2(getF(cells, o + 1), getF(cells, o)) * 0.5;
  const d = i32(Mathf.round((turn * <f32>DIRECTIONS) / <f32>Math.PI)) & (DIRECTIONS - 1);
  const p = i32(Mathf.round(getF(cells, o + 2) - FIRST_PERIOD));
  return d * PERIODS + max(0, min(PERIODS - 1, p));
}

/**
 * Reads the ridges' direction again off the filtered picture, where it is much clearer, and writes it into the cells.
 * Gradients, doubled angles, smoothed over cells; `trust` is the weight of the direction known before.
 * The sharpness of the new direction (0…1) goes to `sharp`, one float a cell.
 */
export function redirect(
  from: usize,
  stride: i32,
  pad: i32,
  cells: usize,
  mask: usize,
  columns: i32,
  rows: i32,
  trust: f32,
  sharp: usize,
): void {
  const before = mark();
  const count = columns * rows;
  const bytes = (<usize>count) << 2;
  const cos = take(bytes);
  const sin = take(bytes);
  const all = take(bytes);
  const spare = take(bytes);
  for (let cy = 0; cy < rows; cy++) {
    for (let cx = 0; cx < columns; cx++) {
      const cell = cy * columns + cx;
      if (load<u8>(mask + <usize>cell) === 0) continue;
      let xx: f32 = 0;
      let yy: f32 = 0;
      let xy: f32 = 0;
      for (let k = 0; k < CELL * CELL; k++) {
        const i = (pad + cy * CELL + k / CELL) * stride + pad + cx * CELL + (k % CELL);
        const gx = getF(from, i + 1) - getF(from, i - 1);
        const gy = getF(from, i + stride) - getF(from, i - stride);
        xx += gx * gx;
        yy += gy * gy;
        xy += gx * gy;
      }
      // the gradient stands across the ridges: the doubled angle turned by half a circle
      setF(cos, cell, yy - xx);
      setF(sin, cell, -2 * xy);
      setF(all, cell, xx + yy);
    }
  }
  for (let round = 0; round < 2; round++) {
    soften(cos, spare, columns, rows);
    soften(sin, spare, columns, rows);
    soften(all, spare, columns, rows);
  }
  for (let cell = 0; cell < count; cell++) {
    const total = getF(all, cell);
    if (load<u8>(mask + <usize>cell) === 0 || total <= 0) continue;
    const o = cell * CELL_FIELDS;
    const c = getF(cos, cell) / total;
    const s = getF(sin, cell) / total;
    setF(sharp, cell, Mathf.sqrt(c * c + s * s));
    const nc = c + trust * getF(cells, o);
    const ns = s + trust * getF(cells, o + 1);
    const length = Mathf.sqrt(nc * nc + ns * ns);
    if (length <= 0) continue;
    setF(cells, o, nc / length);
    setF(cells, o + 1, ns / length);
  }
  release(before);
}

/** 1 4 6 4 1 over columns, then rows, in place: a bell of one cell. */
function soften(at: usize, spare: usize, columns: i32, rows: i32): void {
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) soft(at, spare, y * columns, 1, x, columns);
  for (let x = 0; x < columns; x++) for (let y = 0; y < rows; y++) soft(spare, at, x, columns, y, rows);
}

function soft(from: usize, to: usize, start: i32, step: i32, at: i32, count: i32): void {
  let sum: f32 = <f32>0.375 * getF(from, start + at * step);
  if (at > 0) sum += <f32>0.25 * getF(from, start + (at - 1) * step);
  if (at > 1) sum += <f32>0.0625 * getF(from, start + (at - 2) * step);
  if (at < count - 1) sum += <f32>0.25 * getF(from, start + (at + 1) * step);
  if (at < count - 2) sum += <f32>0.0625 * getF(from, start + (at + 2) * step);
  setF(to, start + at * step, sum);
}
