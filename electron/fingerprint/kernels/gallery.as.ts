// Many fingers side by side in memory, and the quick look at all of them that says which are worth comparing in full.
// A record is what a finger needs for both: up to 48 cylinders of 256 bits in order of direction, and its minutiae.
import { buildCylinders, CYLINDER, HEAD } from './cylinder.as';
import { getB, getF, getI, mark, release, setB, setF, setI, take } from './memory.as';

const MOST: i32 = 48;
const SECTORS: i32 = 16;
const BITS: i32 = 32;
/** Directions a probe's cylinder is compared with: its own sector and two on either side, 45° at least. */
const REACH: i32 = 2;
/** The quick likeness is the mean of so many of the probe's best cylinders. */
const BEST: i32 = 12;
const LEVELS: i32 = 128;

// Of a record: bytes u32, slot u32, cylinders u8, minutiae u8; from 16 where each sector ends, from 32 the bits.
const SLOT: usize = 4;
const CYLINDERS: usize = 8;
const MINUTIAE: usize = 9;
const ENDS: usize = 16;
const BODY: usize = 32;
/** A record whose finger was taken out. */
const NOBODY: i32 = -1;

let roots: usize = 0;
let levels: usize = 0;

export function prepareGallery(): void {
  roots = take(512 << 2);
  for (let i = 0; i < 512; i++) setF(roots, i, Mathf.sqrt(<f32>i));
  levels = take((<usize>LEVELS) << 2);
}

/** Bytes of a record at the most. */
export function longestRecord(minutiae: i32): i32 {
  return i32((BODY + MOST * (BITS + 1) + minutiae * 6 + 15) & ~15);
}

/**
 * Writes a record to `to`; `from` holds x, y, angle, certainty of `count` minutiae as floats (x, y whole numbers).
 * Answers how many cylinders are usable, of which the surest 48 are in the record.
 */
export function writeRecord(from: usize, count: i32, slot: i32, to: usize): i32 {
  const before = mark();
  const prepared = take(<usize>(HEAD + count * CYLINDER));
  const usable = buildCylinders(from, count, prepared);
  const kept = min(usable, MOST);
  const sector = take(<usize>(usable + 1));
  dropWeakest(prepared, usable, kept, sector);
  const body = to + BODY;
  let at = 0;
  for (let s = 0; s < SECTORS; s++) {
    for (let i = 0; i < usable; i++) {
      if (getB(sector, i) !== s) continue;
      const bits = prepared + HEAD + <usize>(i * CYLINDER) + 16;
      v128.store(body + <usize>(at * BITS), v128.load(bits));
      v128.store(body + <usize>(at * BITS), v128.load(bits, 16), 16);
      setB(body + <usize>(kept * BITS), at, min(255, ones(v128.load(bits), v128.load(bits, 16))));
      at++;
    }
    setB(to + ENDS, s, at);
  }
  const places = body + <usize>(kept * (BITS + 1));
  for (let i = 0; i < count; i++) {
    const turn = i32(Mathf.round((getF(from, 4 * i + 2) * 65536) / <f32>(2 * Math.PI)));
    store<u16>(places + <usize>(6 * i), <u16>getF(from, 4 * i));
    store<u16>(places + <usize>(6 * i), <u16>getF(from, 4 * i + 1), 2);
    store<u16>(places + <usize>(6 * i), <u16>turn, 4);
  }
  setI(to, 0, (i32(BODY) + kept * (BITS + 1) + count * 6 + 15) & ~15);
  store<i32>(to, slot, SLOT);
  store<u8>(to, <u8>kept, CYLINDERS);
  store<u8>(to, <u8>count, MINUTIAE);
  release(before);
  return usable;
}

/** The sector each cylinder's direction falls in; 255 for those left out because others are surer. */
function dropWeakest(prepared: usize, usable: i32, kept: i32, sector: usize): void {
  for (let i = 0; i < usable; i++) {
    const cylinder = prepared + HEAD + <usize>(i * CYLINDER);
    const s = i32(Mathf.floor((getF(cylinder, 2) * <f32>SECTORS) / <f32>(2 * Math.PI))) & (SECTORS - 1);
    // minutiae come best first, so the cylinders do
    setB(sector, i, i < kept ? s : 255);
  }
}

function ones(a: v128, b: v128): i32 {
  const bytes = i8x16.add(i8x16.popcnt(a), i8x16.popcnt(b));
  const sums = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes));
  return (
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3)
  );
}

/** Looks at every record from `start` to `end` and writes how alike each is to the probe's into `scores` by slot. */
export function scan(probe: usize, start: usize, end: usize, scores: usize): void {
  let record = start;
  while (record < end) {
    const slot = load<i32>(record, SLOT);
    if (slot !== NOBODY) setF(scores, slot, glance(probe, record));
    record += <usize>getI(record, 0);
  }
}

function glance(a: usize, b: usize): f32 {
  const na = <i32>load<u8>(a, CYLINDERS);
  const nb = <i32>load<u8>(b, CYLINDERS);
  memory.fill(levels, 0, (<usize>LEVELS) << 2);
  const sizesA = a + BODY + <usize>(na * BITS);
  const sizesB = b + BODY + <usize>(nb * BITS);
  let i = 0;
  for (let s = 0; s < SECTORS; s++) {
    const end = getB(a + ENDS, s);
    const low = s - REACH;
    const high = s + REACH;
    for (; i < end; i++) {
      const p = v128.load(a + BODY + <usize>(i * BITS));
      const q = v128.load(a + BODY + <usize>(i * BITS), 16);
      const root = getF(roots, getB(sizesA, i));
      let most: f32 = 0;
      // a window over the ends of the turn is two runs
      if (low < 0) most = look(p, q, root, b, sizesB, endOf(b, low + SECTORS - 1), nb, most);
      most = look(
        p,
        q,
        root,
        b,
        sizesB,
        low <= 0 ? 0 : endOf(b, low - 1),
        endOf(b, min(SECTORS - 1, high)),
        most,
      );
      if (high >= SECTORS) most = look(p, q, root, b, sizesB, 0, endOf(b, high - SECTORS), most);
      const level = i32(most * <f32>LEVELS);
      setI(levels, level, getI(levels, level) + 1);
    }
  }
  let left = BEST;
  let sum: f32 = 0;
  for (let level = LEVELS - 1; level > 0 && left > 0; level--) {
    const n = min(left, getI(levels, level));
    sum += <f32>(n * level);
    left -= n;
  }
  return sum / <f32>(BEST * LEVELS);
}

function endOf(record: usize, sector: i32): i32 {
  return getB(record + ENDS, sector);
}

function look(p: v128, q: v128, root: f32, b: usize, sizes: usize, from: i32, to: i32, before: f32): f32 {
  let most = before;
  for (let j = from; j < to; j++) {
    const at = b + BODY + <usize>(j * BITS);
    const apart = ones(v128.xor(p, v128.load(at)), v128.xor(q, v128.load(at, 16)));
    const size = root + getF(roots, getB(sizes, j));
    const alike: f32 = size > 0 ? <f32>1 - getF(roots, apart) / size : <f32>0;
    if (alike > most) most = alike;
  }
  return min(most, <f32>0.999);
}

/** The cylinders of a record again, for comparing in full. */
export function prepareRecord(record: usize, to: usize): i32 {
  const before = mark();
  const count = <i32>load<u8>(record, MINUTIAE);
  const places = record + BODY + <usize>(<i32>load<u8>(record, CYLINDERS) * (BITS + 1));
  const list = take((<usize>(count * 4)) << 2);
  for (let i = 0; i < count; i++) {
    const at = places + <usize>(6 * i);
    setF(list, 4 * i, <f32>load<u16>(at));
    setF(list, 4 * i + 1, <f32>load<u16>(at, 2));
    setF(list, 4 * i + 2, (<f32>load<u16>(at, 4) * <f32>(2 * Math.PI)) / 65536);
  }
  const made = buildCylinders(list, count, to);
  release(before);
  return made;
}
