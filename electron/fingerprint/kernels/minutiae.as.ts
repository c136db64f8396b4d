// Endings and bifurcations of the thinned ridges, without those that a break, a bridge, a spur or the edge made.
import { CELL, CELL_FIELDS } from './enhance.as';
import { getB, getF, getI, mark, release, setF, setI, take } from './memory.as';
import { ring, starts } from './thin.as';

/** More than this and the picture is not a finger. */
const MOST: i32 = 1500;
/** Steps a ridge is followed from its minutia: about one and a half ridge distances. */
const FOLLOW: i32 = 14;
/** Floats a minutia: x, y, angle (radians, counter-clockwise, y upwards), kind (1 ending, 2 bifurcation), certainty 0…1. */
export const MINUTIA_FIELDS: i32 = 5;

// One record a candidate, in 4-byte words.
const X: i32 = 0;
const Y: i32 = 1;
const KIND: i32 = 2;
const DEAD: i32 = 3;
/** Three branches: where it got to (x, y), how many steps, and which candidate it met (index + 1). */
const BRANCH: i32 = 4;
const WORDS: i32 = 16;

/** Finds the minutiae; answers how many were written to `to`, or -1 when there are absurdly many. */
export function minutiae(
  lines: usize,
  width: i32,
  height: i32,
  cells: usize,
  sharp: usize,
  edge: usize,
  clear: i32,
  to: usize,
): i32 {
  const before = mark();
  const list = take((<usize>(MOST * WORDS)) << 2);
  const ids = take((<usize>(width * height)) << 2);
  const columns = width / CELL;
  let count = 0;
  for (let y = 2; y < height - 2; y++) {
    for (let x = 2; x < width - 2; x++) {
      const i = y * width + x;
      if (!getB(lines, i)) continue;
      const runs = starts(ring(lines, i, width));
      if (runs !== 1 && runs < 3) continue;
      if (count === MOST) {
        release(before);
        return -1;
      }
      const twin = runs >= 3 ? bifurcationBeside(list, ids, i, width) : 0;
      if (twin > 0) {
        setI(ids, i, twin);
        continue;
      }
      const o = count * WORDS;
      setI(list, o + X, x);
      setI(list, o + Y, y);
      setI(list, o + KIND, runs === 1 ? 1 : 2);
      setI(ids, i, ++count);
    }
  }
  for (let m = 0; m < count; m++) followAll(list, m, lines, ids, width);
  for (let m = 0; m < count; m++) judgeShape(list, m);
  judgeBreaks(list, count);
  let kept = 0;
  for (let m = 0; m < count; m++) {
    const o = m * WORDS;
    const cell = (getI(list, o + Y) / CELL) * columns + getI(list, o + X) / CELL;
    if (getI(list, o + DEAD) || getB(edge, cell) < clear) continue;
    write(list, o, cells, sharp, edge, cell, to + ((<usize>(kept * MINUTIA_FIELDS)) << 2));
    kept++;
  }
  release(before);
  return kept;
}

function bifurcationBeside(list: usize, ids: usize, i: i32, width: i32): i32 {
  for (let k = 0; k < 4; k++) {
    const id = getI(ids, i + (k === 0 ? -1 : k === 1 ? -width - 1 : k === 2 ? -width : -width + 1));
    if (id > 0 && getI(list, (id - 1) * WORDS + KIND) === 2) return id;
  }
  return 0;
}

function followAll(list: usize, m: i32, lines: usize, ids: usize, width: i32): void {
  const o = m * WORDS;
  const at = getI(list, o + Y) * width + getI(list, o + X);
  const around = ring(lines, at, width);
  let branch = 0;
  for (let k = 0; k < 8 && branch < 3; k++) {
    // the first pixel of each run, or its side neighbour when it has one: that is the way on
    if (!((around >> k) & 1) || (around >> ((k + 7) & 7)) & 1) continue;
    const side = k & 1 && (around >> ((k + 1) & 7)) & 1 ? (k + 1) & 7 : k;
    follow(list, o + BRANCH + branch * 4, lines, ids, width, at, side, m + 1);
    branch++;
  }
}

function stepOf(direction: i32, width: i32): i32 {
  const y = direction === 7 || direction < 2 ? -1 : direction === 2 || direction === 6 ? 0 : 1;
  const x = direction >= 1 && direction <= 3 ? 1 : direction >= 5 ? -1 : 0;
  return y * width + x;
}

function follow(
  list: usize,
  o: i32,
  lines: usize,
  ids: usize,
  width: i32,
  from: i32,
  first: i32,
  self: i32,
): void {
  let before = from;
  let here = from + stepOf(first, width);
  let direction = first;
  let steps = 1;
  let met = getI(ids, here);
  while (steps < FOLLOW && (met === 0 || met === self)) {
    // straight on first, then ever sharper turns; never back
    let next = -1;
    for (let k = 0; k < 7; k++) {
      const turn = k & 1 ? (k + 1) >> 1 : -(k >> 1);
      const d = (direction + turn + 8) & 7;
      const j = here + stepOf(d, width);
      if (j === before || j === from || !getB(lines, j)) continue;
      // a side step taken diagonally later would double back along the same ridge
      if (nextTo(before, j, width) && turn !== 0) continue;
      next = d;
      break;
    }
    if (next < 0) break;
    before = here;
    here += stepOf(next, width);
    direction = next;
    steps++;
    met = getI(ids, here);
  }
  setI(list, o, here % width);
  setI(list, o + 1, here / width);
  setI(list, o + 2, steps);
  setI(list, o + 3, met === self ? 0 : met);
}

function nextTo(a: i32, b: i32, width: i32): bool {
  const dx = abs((a % width) - (b % width));
  const dy = abs(a / width - b / width);
  return dx <= 1 && dy <= 1;
}

/** Spurs and fragments (an ending that soon meets another minutia), bridges and lakes (bifurcations close by on a ridge). */
function judgeShape(list: usize, m: i32): void {
  const o = m * WORDS;
  for (let branch = 0; branch < 3; branch++) {
    const b = o + BRANCH + branch * 4;
    const met = getI(list, b + 3);
    if (met === 0) {
      // a ridge with an end on both sides within a few pixels, or a lone dot
      if (getI(list, o + KIND) === 1 && branch === 0 && getI(list, b + 2) < 6) setI(list, o + DEAD, 1);
      continue;
    }
    const other = (met - 1) * WORDS;
    const ending = getI(list, o + KIND) === 1;
    const otherEnding = getI(list, other + KIND) === 1;
    const limit = ending && otherEnding ? 12 : ending || otherEnding ? 9 : 7;
    if (getI(list, b + 2) > limit) continue;
    setI(list, o + DEAD, 1);
    setI(list, other + DEAD, 1);
  }
}

/** Two endings that face each other across a gap are one broken ridge; any two minutiae almost on one spot are noise. */
function judgeBreaks(list: usize, count: i32): void {
  for (let a = 0; a < count; a++) {
    const oa = a * WORDS;
    if (getI(list, oa + DEAD) === 1) continue;
    for (let b = a + 1; b < count; b++) {
      const ob = b * WORDS;
      const dy = getI(list, ob + Y) - getI(list, oa + Y);
      // the list runs from the top down
      if (dy > 16) break;
      if (getI(list, ob + DEAD) === 1) continue;
      const dx = getI(list, ob + X) - getI(list, oa + X);
      const square = dx * dx + dy * dy;
      if (square > 16 * 16) continue;
      if (square <= 25) {
        setI(list, oa + DEAD, 2);
        setI(list, ob + DEAD, 2);
        continue;
      }
      if (getI(list, oa + KIND) !== 1 || getI(list, ob + KIND) !== 1) continue;
      const ax = <f32>(getI(list, oa + BRANCH) - getI(list, oa + X));
      const ay = <f32>(getI(list, oa + BRANCH + 1) - getI(list, oa + Y));
      const bx = <f32>(getI(list, ob + BRANCH) - getI(list, ob + X));
      const by = <f32>(getI(list, ob + BRANCH + 1) - getI(list, ob + Y));
      const la = Mathf.sqrt(ax * ax + ay * ay);
      const lb = Mathf.sqrt(bx * bx + by * by);
      const d = Mathf.sqrt(<f32>square);
      if (la === 0 || lb === 0) continue;
      const opposed = (ax * bx + ay * by) / (la * lb);
      const away = -(ax * <f32>dx + ay * <f32>dy) / (la * d);
      const awayToo = (bx * <f32>dx + by * <f32>dy) / (lb * d);
      if (opposed < -0.75 && away > 0.75 && awayToo > 0.75) {
        setI(list, oa + DEAD, 2);
        setI(list, ob + DEAD, 2);
      }
    }
  }
}

function write(list: usize, o: i32, cells: usize, sharp: usize, edge: usize, cell: i32, to: usize): void {
  const x = getI(list, o + X);
  const y = getI(list, o + Y);
  const c = cell * CELL_FIELDS;
  const traced = getI(list, o + KIND) === 1 ? branchAngle(list, o, 0) : forkAngle(list, o);
  // the field is steadier than fourteen pixels of one line; the line says which of its two ways
  let angle = -Mathf.atan2(getF(cells, c + 1), getF(cells, c)) * 0.5;
  if (Mathf.cos(angle - traced) < 0) angle += <f32>Math.PI;
  if (Mathf.cos(angle - traced) < 2) angle = traced;
  if (angle < 0) angle += <f32>(2 * Math.PI);
  if (angle >= <f32>(2 * Math.PI)) angle -= <f32>(2 * Math.PI);
  setF(to, 0, <f32>x);
  setF(to, 1, <f32>y);
  setF(to, 2, angle);
  setF(to, 3, <f32>getI(list, o + KIND));
  const share = min(<f32>1, getF(cells, c + 3) * 1.5);
  const border = min(<f32>1, <f32>getB(edge, cell) / 8);
  setF(to, 4, share * getF(sharp, cell) * (0.6 + 0.4 * border));
}

function branchAngle(list: usize, o: i32, branch: i32): f32 {
  const dx = getI(list, o + BRANCH + branch * 4) - getI(list, o + X);
  const dy = getI(list, o + BRANCH + branch * 4 + 1) - getI(list, o + Y);
  return Mathf.atan2(<f32>-dy, <f32>dx);
}

/** Into the valley between the two branches that lie closest: where the ridge would go if one branch came off. */
function forkAngle(list: usize, o: i32): f32 {
  const a = branchAngle(list, o, 0);
  const b = branchAngle(list, o, 1);
  const c = branchAngle(list, o, 2);
  const ab = Mathf.cos(a - b);
  const bc = Mathf.cos(b - c);
  const ca = Mathf.cos(c - a);
  if (ab >= bc && ab >= ca) return between(a, b);
  return bc >= ca ? between(b, c) : between(c, a);
}

function between(a: f32, b: f32): f32 {
  return Mathf.atan2(Mathf.sin(a) + Mathf.sin(b), Mathf.cos(a) + Mathf.cos(b));
}
