// How alike two prepared templates are: pairs of cylinders that look alike, then relaxation: a pair keeps its
// likeness only as far as the other pairs lie, relative to it, the same way in both fingers.
import { CYLINDER, HEAD } from './cylinder.as';
import { getF, getI, setF, setI, take } from './memory.as';

const MOST: i32 = 100;
/** Bits that must count in both cylinders of a pair: 0.6 of 260. */
const LEAST_COMMON: i32 = 156;
const LEVELS: i32 = 1024;
const ROUNDS: i32 = 5;
/** How much a pair listens to the others in each round. */
const LISTEN: f32 = 0.5;
/** Pairs the score is the mean of: from 7 for small templates to 12. */
const FEWEST: f32 = 7;
const MOST_PAIRS: f32 = 12;

let roots: usize = 0;
let likeness: usize = 0;
let buckets: usize = 0;
let order: usize = 0;
let pairs: usize = 0;
let support: usize = 0;
let strength: usize = 0;
let next: usize = 0;
let taken: usize = 0;

/** Makes tables and working memory; once, before any mark. */
export function prepareComparison(): void {
  roots = take(400 << 2);
  for (let i = 0; i < 400; i++) setF(roots, i, Mathf.sqrt(<f32>i));
  likeness = take((<usize>(MOST * MOST)) << 2);
  order = take((<usize>(MOST * MOST)) << 2);
  buckets = take((<usize>(LEVELS + 1)) << 2);
  pairs = take((<usize>(MOST * 2)) << 2);
  support = take((<usize>(MOST * MOST)) << 2);
  strength = take((<usize>(MOST * 2)) << 2);
  next = take((<usize>MOST) << 2);
  taken = take(<usize>(MOST * 2));
}

/** 0 (nothing alike) … about 1. */
export function compare(a: usize, b: usize): f32 {
  const na = getI(a, 0);
  const nb = getI(b, 0);
  if (na === 0 || nb === 0) return 0;
  measure(a, na, b, nb);
  const few = min(na, nb);
  const count = pick(na, nb, few);
  if (count < 4) return 0;
  relate(a, b, count);
  relax(count);
  const z: f32 = <f32>1 / (<f32>1 + Mathf.exp(<f32>-0.4 * (<f32>few - 20)));
  const wanted = i32(FEWEST + Mathf.round(z * (MOST_PAIRS - FEWEST)));
  return best(count, wanted);
}

/** Likeness of every pair of cylinders, and how many have each of LEVELS likenesses. */
function measure(a: usize, na: i32, b: usize, nb: i32): void {
  memory.fill(buckets, 0, (<usize>(LEVELS + 1)) << 2);
  for (let i = 0; i < na; i++) {
    const p = a + HEAD + <usize>(i * CYLINDER);
    const angle = getF(p, 2);
    const a0 = v128.load(p, 16);
    const a1 = v128.load(p, 32);
    const a2 = v128.load(p, 48);
    const va0 = v128.load(p, 64);
    const va1 = v128.load(p, 80);
    const va2 = v128.load(p, 96);
    for (let j = 0; j < nb; j++) {
      const q = b + HEAD + <usize>(j * CYLINDER);
      const o = i * nb + j;
      setF(likeness, o, 0);
      let turn = Mathf.abs(angle - getF(q, 2));
      if (turn > <f32>Math.PI) turn = <f32>(2 * Math.PI) - turn;
      // nobody turns a finger further than a right angle
      if (turn > <f32>(Math.PI / 2)) continue;
      const m0 = v128.and(va0, v128.load(q, 64));
      const m1 = v128.and(va1, v128.load(q, 80));
      const m2 = v128.and(va2, v128.load(q, 96));
      if (ones(m0, m1, m2) < LEAST_COMMON) continue;
      const b0 = v128.load(q, 16);
      const b1 = v128.load(q, 32);
      const b2 = v128.load(q, 48);
      const size =
        getF(roots, ones(v128.and(a0, m0), v128.and(a1, m1), v128.and(a2, m2))) +
        getF(roots, ones(v128.and(b0, m0), v128.and(b1, m1), v128.and(b2, m2)));
      if (size === 0) continue;
      const apart = ones(
        v128.and(v128.xor(a0, b0), m0),
        v128.and(v128.xor(a1, b1), m1),
        v128.and(v128.xor(a2, b2), m2),
      );
      const alike: f32 = <f32>1 - getF(roots, apart) / size;
      setF(likeness, o, alike);
      if (alike > 0) {
        const level = i32(alike * <f32>(LEVELS - 1));
        setI(buckets, level, getI(buckets, level) + 1);
      }
    }
  }
}

function ones(a: v128, b: v128, c: v128): i32 {
  const bytes = i8x16.add(i8x16.add(i8x16.popcnt(a), i8x16.popcnt(b)), i8x16.popcnt(c));
  const sums = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes));
  return (
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3)
  );
}

/** The most alike pairs, each cylinder in one of them at most; answers how many. */
function pick(na: i32, nb: i32, wanted: i32): i32 {
  let above = 0;
  for (let level = LEVELS - 1; level >= 0; level--) {
    const n = getI(buckets, level);
    setI(buckets, level, above);
    above += n;
  }
  const total = above;
  for (let o = 0; o < na * nb; o++) {
    const alike = getF(likeness, o);
    if (alike <= 0) continue;
    const level = i32(alike * <f32>(LEVELS - 1));
    const at = getI(buckets, level);
    setI(order, at, o);
    setI(buckets, level, at + 1);
  }
  memory.fill(taken, 0, <usize>(MOST * 2));
  let count = 0;
  for (let k = 0; k < total && count < wanted; k++) {
    const o = getI(order, k);
    const i = o / nb;
    const j = o % nb;
    if (load<u8>(taken + <usize>i) || load<u8>(taken + <usize>(MOST + j))) continue;
    store<u8>(taken + <usize>i, 1);
    store<u8>(taken + <usize>(MOST + j), 1);
    setI(pairs, 2 * count, i);
    setI(pairs, 2 * count + 1, j);
    setF(strength, count, getF(likeness, o));
    setF(strength, MOST + count, getF(likeness, o));
    count++;
  }
  return count;
}

/** How well each two pairs agree: the same distance, the same turn between directions, the same bearing. */
function relate(a: usize, b: usize, count: i32): void {
  memory.fill(support, 0, (<usize>(count * count)) << 2);
  for (let i = 0; i < count; i++) {
    const pa = a + HEAD + <usize>(getI(pairs, 2 * i) * CYLINDER);
    const pb = b + HEAD + <usize>(getI(pairs, 2 * i + 1) * CYLINDER);
    for (let k = i + 1; k < count; k++) {
      const qa = a + HEAD + <usize>(getI(pairs, 2 * k) * CYLINDER);
      const qb = b + HEAD + <usize>(getI(pairs, 2 * k + 1) * CYLINDER);
      const ax = getF(qa, 0) - getF(pa, 0);
      const ay = getF(pa, 1) - getF(qa, 1);
      const bx = getF(qb, 0) - getF(pb, 0);
      const by = getF(pb, 1) - getF(qb, 1);
      const apart = Mathf.abs(Mathf.sqrt(ax * ax + ay * ay) - Mathf.sqrt(bx * bx + by * by));
      if (apart > 10) continue;
      const turnA = getF(pa, 2) - getF(qa, 2);
      const turnB = getF(pb, 2) - getF(qb, 2);
      const turn = away(turnA - turnB);
      if (turn > 0.6) continue;
      const bearing = Mathf.atan2(ay, ax) - Mathf.atan2(by, bx);
      const both = sigmoid(apart, 5, -1.6) * sigmoid(turn, 0.2617994, -30);
      const first = away(getF(pa, 2) - getF(pb, 2) - bearing);
      const second = away(getF(qa, 2) - getF(qb, 2) - bearing);
      setF(support, i * count + k, both * sigmoid(first, 0.2617994, -30));
      setF(support, k * count + i, both * sigmoid(second, 0.2617994, -30));
    }
  }
}

function away(angle: f32): f32 {
  return Mathf.abs(angle - <f32>(2 * Math.PI) * Mathf.round(angle / <f32>(2 * Math.PI)));
}

function sigmoid(value: f32, middle: f32, slope: f32): f32 {
  const x = slope * (value - middle);
  return x < -9 ? <f32>0 : <f32>1 / (<f32>1 + Mathf.exp(-x));
}

function relax(count: i32): void {
  const others = <f32>(count - 1);
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < count; i++) {
      let sum: f32 = 0;
      for (let k = 0; k < count; k++) sum += getF(support, i * count + k) * getF(strength, k);
      setF(next, i, LISTEN * getF(strength, i) + ((1 - LISTEN) * sum) / others);
    }
    memory.copy(strength, next, (<usize>count) << 2);
  }
}

/** Mean strength of the pairs that kept most of theirs. */
function best(count: i32, wanted: i32): f32 {
  const n = min(count, wanted);
  let sum: f32 = 0;
  for (let k = 0; k < n; k++) {
    let top = -1;
    let most: f32 = -1;
    for (let i = 0; i < count; i++) {
      const first = getF(strength, MOST + i);
      if (first < 0) continue;
      const kept = getF(strength, i) / first;
      if (kept > most) {
        most = kept;
        top = i;
      }
    }
    sum += getF(strength, top);
    setF(strength, MOST + top, -1);
  }
  return sum / <f32>wanted;
}
