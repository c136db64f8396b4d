// From the filtered picture to lines one pixel wide: ridges are what is above zero; specks go, pores are filled,
// then Zhang and Suen's thinning (1984) and a last pass that leaves no corner that is not needed for connection.

import { CELL } from './enhance.as';
import { getB, getF, getI, mark, release, setB, setI, take } from './memory.as';

/** Ridge pixels of the cells in `mask`; the outermost pixels stay 0. `to`: one byte a pixel. */
export function binarise(
  from: usize,
  stride: i32,
  pad: i32,
  mask: usize,
  width: i32,
  height: i32,
  to: usize,
): void {
  const columns = width / CELL;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      if (getB(mask, (y / CELL) * columns + x / CELL) === 0) continue;
      if (getF(from, (pad + y) * stride + pad + x) > 0) setB(to, y * width + x, 1);
    }
  }
}

/** Flips connected areas of `value` smaller than `least` pixels: specks (1) and pores (0). Areas touch by their sides. */
export function despeckle(at: usize, width: i32, height: i32, value: i32, least: i32): void {
  const before = mark();
  const seen = take(<usize>(width * height));
  const stack = take((<usize>(least + 4)) << 2);
  const last = width * height - width - 1;
  for (let start = width + 1; start < last; start++) {
    if (getB(at, start) !== value || getB(seen, start)) continue;
    let size = 0;
    let next = 0;
    setI(stack, size++, start);
    setB(seen, start, 1);
    let big = false;
    while (next < size && !big) {
      const i = getI(stack, next++);
      for (let k = 0; k < 4; k++) {
        const j = i + (k === 0 ? 1 : k === 1 ? -1 : k === 2 ? width : -width);
        if (j < 0 || j >= width * height || getB(at, j) !== value) continue;
        if (getB(seen, j) === 2) {
          big = true;
          break;
        }
        if (getB(seen, j)) continue;
        if (size >= least) {
          big = true;
          break;
        }
        setB(seen, j, 1);
        setI(stack, size++, j);
      }
    }
    // what touches a big area is part of it: remembered, so that it is not walked again
    for (let k = 0; k < size; k++) {
      const i = getI(stack, k);
      if (big) setB(seen, i, 2);
      else setB(at, i, 1 - value);
    }
  }
  release(before);
}

/** Thins in place. The outermost pixels must be 0. */
export function thin(at: usize, width: i32, height: i32): void {
  const before = mark();
  let count = 0;
  for (let i = 0; i < width * height; i++) count += getB(at, i);
  const live = take((<usize>(count + 1)) << 2);
  const doomed = take((<usize>(count + 1)) << 2);
  count = 0;
  for (let i = 0; i < width * height; i++) if (getB(at, i)) setI(live, count++, i);
  let changed = true;
  while (changed) {
    changed = false;
    for (let half = 0; half < 2; half++) {
      let gone = 0;
      for (let k = 0; k < count; k++) {
        const i = getI(live, k);
        const n = getB(at, i - width);
        const e = getB(at, i + 1);
        const s = getB(at, i + width);
        const w = getB(at, i - 1);
        if (half === 0 ? (n & e & s) | (e & s & w) : (n & e & w) | (n & s & w)) continue;
        const around = ring(at, i, width);
        const ridges = popcnt(around);
        if (ridges < 2 || ridges > 6 || starts(around) !== 1) continue;
        setI(doomed, gone++, i);
      }
      for (let k = 0; k < gone; k++) setB(at, getI(doomed, k), 0);
      if (gone === 0) continue;
      changed = true;
      let kept = 0;
      for (let k = 0; k < count; k++) {
        const i = getI(live, k);
        if (getB(at, i)) setI(live, kept++, i);
      }
      count = kept;
    }
  }
  for (let k = 0; k < count; k++) {
    const i = getI(live, k);
    const around = ring(at, i, width);
    if (popcnt(around) >= 2 && simple(around)) setB(at, i, 0);
  }
  release(before);
}

/** The eight neighbours as bits, from the north, clockwise. */
export function ring(at: usize, i: i32, width: i32): i32 {
  return (
    getB(at, i - width) |
    (getB(at, i - width + 1) << 1) |
    (getB(at, i + 1) << 2) |
    (getB(at, i + width + 1) << 3) |
    (getB(at, i + width) << 4) |
    (getB(at, i + width - 1) << 5) |
    (getB(at, i - 1) << 6) |
    (getB(at, i - width - 1) << 7)
  );
}

/** How many separate runs of ridge pixels the ring has: 1 at an ending, 2 along a ridge, 3 at a bifurcation. */
export function starts(around: i32): i32 {
  const turned = ((around << 1) | (around >> 7)) & 0xff;
  return popcnt(around & ~turned);
}

/** Whether the pixel can go without parting what it connects (Hilditch's connectivity number is 1). */
function simple(around: i32): bool {
  let number = 0;
  for (let k = 0; k < 8; k += 2) {
    const here = (around >> k) & 1;
    const next = (around >> ((k + 1) & 7)) & 1;
    const after = (around >> ((k + 2) & 7)) & 1;
    if (!here && (next || after)) number++;
  }
  return number === 1;
}
