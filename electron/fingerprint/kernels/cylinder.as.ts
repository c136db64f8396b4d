// Minutia Cylinder-Code, bit form (Cappelli, Ferrara, Maltoni, IEEE TPAMI 32(12), 2010): what each minutia sees around
// itself, in its own frame, so that two fingers compare without being laid over each other first.
import { getF, getI, mark, release, setF, setI, take } from './memory.as';

/** Radius of the surroundings, px at 500 dpi, cells across it, and direction planes. */
const RADIUS: f32 = 70;
const ACROSS: i32 = 8;
const PLANES: i32 = 5;
const CELL_SIDE: f32 = 17.5;
/** Cells of the 8 × 8 grid whose centre lies inside the circle. */
export const CELLS: i32 = 52;
/** Deviations of a neighbour's weight over distance and direction. */
const SPREAD: f32 = 28.0 / 3.0;
const TURN_SPREAD: f32 = 0.6981317;
/** A bit is set from this much weight on. */
const LEAST_WEIGHT: f32 = 0.01;
/** A cell counts only where minutiae could have been seen: this near the hull of all of them, px. */
const HULL_MARGIN: f32 = 50;
/** Share of cells that must count, and neighbours that must be near, for a cylinder to be used. */
const LEAST_CELLS: f32 = 0.75;
const LEAST_NEIGHBOURS: i32 = 2;
const REACH: f32 = 28;

/** Bytes of a cylinder: its place (x, y, angle, certainty as floats), 384 bits of value, 384 bits that count. */
export const PLACE: i32 = 16;
export const CYLINDER: i32 = 112;
/** Bytes before the first cylinder of a prepared template: how many there are (u32), and padding. */
export const HEAD: i32 = 16;

/** Steps of a full turn in the table: those a template's bytes have, so that no difference falls between two. */
const TURNS: i32 = 1024;
let cellOf: usize = 0;
let centres: usize = 0;
let near: usize = 0;
let turned: usize = 0;

/** Makes the tables; once, before any mark. */
export function prepareCylinders(): void {
  cellOf = take((<usize>(ACROSS * ACROSS)) << 2);
  centres = take((<usize>(CELLS * 2)) << 2);
  near = take(800 << 2);
  turned = take((<usize>(TURNS * PLANES)) << 2);
  let cell = 0;
  for (let i = 0; i < ACROSS * ACROSS; i++) {
    const u = (<f32>(i % ACROSS) - 3.5) * CELL_SIDE;
    const v = (<f32>(i / ACROSS) - 3.5) * CELL_SIDE;
    const inside = u * u + v * v <= RADIUS * RADIUS;
    setI(cellOf, i, inside ? cell : -1);
    if (!inside) continue;
    setF(centres, 2 * cell, u);
    setF(centres, 2 * cell + 1, v);
    cell++;
  }
  for (let square = 0; square < 800; square++) {
    const bell = Math.exp(-(<f64>square) / (2 * <f64>SPREAD * <f64>SPREAD));
    setF(near, square, square <= 784 ? <f32>(bell / (<f64>SPREAD * Math.sqrt(2 * Math.PI))) : 0);
  }
  const step = (2 * Math.PI) / <f64>PLANES;
  for (let turn = 0; turn < TURNS; turn++) {
    for (let plane = 0; plane < PLANES; plane++) {
      const centre = -Math.PI + (<f64>plane + 0.5) * step;
      let away = (2 * Math.PI * <f64>turn) / <f64>TURNS - centre;
      away -= 2 * Math.PI * Math.round(away / (2 * Math.PI));
      setF(turned, turn * PLANES + plane, <f32>(below(away + step / 2) - below(away - step / 2)));
    }
  }
}

/** Share of a bell of deviation TURN_SPREAD that lies below `x` (Abramowitz and Stegun 7.1.26). */
function below(x: f64): f64 {
  const z = x / (<f64>TURN_SPREAD * Math.SQRT2);
  const t = 1 / (1 + 0.3275911 * Math.abs(z));
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp(-z * z);
  return 0.5 * (1 + (z < 0 ? -erf : erf));
}

/**
 * Cylinders of a template's minutiae: `from` holds x, y (down), angle, certainty as floats, `to` gets the prepared
 * template. Answers how many cylinders are usable.
 */
export function buildCylinders(from: usize, count: i32, to: usize): i32 {
  const before = mark();
  const hull = take((<usize>(count * 3 + 3)) << 2);
  const edges = hullOf(from, count, hull);
  const weight = take((<usize>(CELLS * PLANES)) << 2);
  let made = 0;
  for (let m = 0; m < count; m++) {
    const out = to + HEAD + <usize>(made * CYLINDER);
    if (build(from, count, m, hull, edges, weight, out)) made++;
  }
  store<i32>(to, made);
  release(before);
  return made;
}

function build(from: usize, count: i32, m: i32, hull: usize, edges: i32, weight: usize, out: usize): bool {
  const x = getF(from, 4 * m);
  const y = getF(from, 4 * m + 1);
  const angle = getF(from, 4 * m + 2);
  const cos = Mathf.cos(angle);
  const sin = Mathf.sin(angle);
  memory.fill(weight, 0, (<usize>(CELLS * PLANES)) << 2);
  let neighbours = 0;
  for (let n = 0; n < count; n++) {
    if (n === m) continue;
    const dx = getF(from, 4 * n) - x;
    const dy = y - getF(from, 4 * n + 1);
    const square = dx * dx + dy * dy;
    if (square > (RADIUS + REACH) * (RADIUS + REACH)) continue;
    neighbours++;
    const u = dx * cos + dy * sin;
    const v = dy * cos - dx * sin;
    const turn =
      i32(Mathf.round(((angle - getF(from, 4 * n + 2)) * <f32>TURNS) / <f32>(2 * Math.PI))) & (TURNS - 1);
    add(weight, u, v, turned + ((<usize>(turn * PLANES)) << 2));
  }
  if (neighbours < LEAST_NEIGHBOURS) return false;
  memory.fill(out, 0, CYLINDER);
  let counted = 0;
  for (let cell = 0; cell < CELLS; cell++) {
    const u = getF(centres, 2 * cell);
    const v = getF(centres, 2 * cell + 1);
    if (!inside(hull, edges, x + u * cos - v * sin, y - (u * sin + v * cos))) continue;
    counted++;
    for (let plane = 0; plane < PLANES; plane++) {
      const bit = cell * PLANES + plane;
      setBit(out + PLACE + 48, bit);
      if (getF(weight, bit) >= LEAST_WEIGHT) setBit(out + PLACE, bit);
    }
  }
  setF(out, 0, x);
  setF(out, 1, y);
  setF(out, 2, angle);
  setF(out, 3, getF(from, 4 * m + 3));
  return <f32>counted >= LEAST_CELLS * <f32>CELLS;
}

function setBit(at: usize, bit: i32): void {
  const byte = at + <usize>(bit >> 3);
  store<u8>(byte, load<u8>(byte) | ((<u8>1) << (<u8>(bit & 7))));
}

function add(weight: usize, u: f32, v: f32, turns: usize): void {
  const middle: f32 = 3.5 * CELL_SIDE;
  const i0 = max(0, i32(Mathf.ceil((u - REACH + middle) / CELL_SIDE)));
  const i1 = min(ACROSS - 1, i32(Mathf.floor((u + REACH + middle) / CELL_SIDE)));
  const j0 = max(0, i32(Mathf.ceil((v - REACH + middle) / CELL_SIDE)));
  const j1 = min(ACROSS - 1, i32(Mathf.floor((v + REACH + middle) / CELL_SIDE)));
  for (let j = j0; j <= j1; j++) {
    const dv = v - (<f32>j - 3.5) * CELL_SIDE;
    for (let i = i0; i <= i1; i++) {
      const cell = getI(cellOf, j * ACROSS + i);
      if (cell < 0) continue;
      const du = u - (<f32>i - 3.5) * CELL_SIDE;
      const square = du * du + dv * dv;
      if (square > 784) continue;
      const g = getF(near, i32(square));
      const o = cell * PLANES;
      for (let plane = 0; plane < PLANES; plane++) {
        setF(weight, o + plane, getF(weight, o + plane) + g * getF(turns, plane));
      }
    }
  }
}

/** The convex hull (Andrew's monotone chain) as lines a·x + b·y ≤ c, moved out by the margin; answers how many. */
function hullOf(from: usize, count: i32, to: usize): i32 {
  const before = mark();
  const order = take((<usize>count) << 2);
  const chain = take((<usize>(2 * count + 2)) << 2);
  for (let i = 0; i < count; i++) {
    let j = i;
    while (j > 0 && after(from, getI(order, j - 1), i)) {
      setI(order, j, getI(order, j - 1));
      j--;
    }
    setI(order, j, i);
  }
  let size = 0;
  for (let i = 0; i < count; i++) size = extend(from, chain, size, 0, getI(order, i));
  const lower = size;
  for (let i = count - 2; i >= 0; i--) size = extend(from, chain, size, lower - 1, getI(order, i));
  let edges = 0;
  for (let i = 0; i + 1 < size; i++) {
    const p = getI(chain, i);
    const q = getI(chain, i + 1);
    const dx = getF(from, 4 * q) - getF(from, 4 * p);
    const dy = getF(from, 4 * q + 1) - getF(from, 4 * p + 1);
    const length = Mathf.sqrt(dx * dx + dy * dy);
    if (length === 0) continue;
    setF(to, 3 * edges, dy / length);
    setF(to, 3 * edges + 1, -dx / length);
    setF(to, 3 * edges + 2, (dy * getF(from, 4 * p) - dx * getF(from, 4 * p + 1)) / length + HULL_MARGIN);
    edges++;
  }
  release(before);
  return edges;
}

function after(from: usize, a: i32, b: i32): bool {
  const ax = getF(from, 4 * a);
  const bx = getF(from, 4 * b);
  return ax > bx || (ax === bx && getF(from, 4 * a + 1) > getF(from, 4 * b + 1));
}

function extend(from: usize, chain: usize, size: i32, least: i32, point: i32): i32 {
  let n = size;
  while (n - least >= 2) {
    const p = getI(chain, n - 2);
    const q = getI(chain, n - 1);
    const ux = getF(from, 4 * q) - getF(from, 4 * p);
    const uy = getF(from, 4 * q + 1) - getF(from, 4 * p + 1);
    const vx = getF(from, 4 * point) - getF(from, 4 * p);
    const vy = getF(from, 4 * point + 1) - getF(from, 4 * p + 1);
    if (ux * vy - uy * vx > 0) break;
    n--;
  }
  setI(chain, n, point);
  return n + 1;
}

function inside(hull: usize, edges: i32, x: f32, y: f32): bool {
  for (let e = 0; e < edges; e++) {
    if (getF(hull, 3 * e) * x + getF(hull, 3 * e + 1) * y > getF(hull, 3 * e + 2)) return false;
  }
  return true;
}
