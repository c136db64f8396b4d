// Which way the ridges run and how far apart they lie, block by block, from windowed spectra.
// Every block is compared with plane waves of 16 directions × 8 periods. Where dirt, a scar or a wet patch leaves a
// block undecided, its neighbours decide: each block's evidence is weighed by what the blocks around it say, in rounds.
import { getF, mark, release, setF, take } from './memory.as';

const DIRECTIONS: i32 = 16;
const FREQUENCIES: i32 = 8;
const WAVES: i32 = 128;
/** Side of the window at half resolution: 32 px of the picture. */
const SIDE: i32 = 16;
const PAIRS: i32 = 128;
/** Deviation of the window's bell, half-resolution pixels. */
const BELL: f32 = 4.5;
/** Cycles per pixel at 500 dpi: periods of 16 to 5 px hold for adults and children. */
const LOWEST: f32 = 0.0625;
const HIGHEST: f32 = 0.2;

/** What the evidence of a step is worth. */
const STEP_WORTH: f32 = 0.1;

let waves: usize = 0;
let bell: usize = 0;
let bellSum: f32 = 0;

export function frequencyOf(index: f32): f32 {
  return LOWEST + ((HIGHEST - LOWEST) * index) / (<f32>FREQUENCIES - 1);
}

/** Makes the tables; they stay for the life of the module, so this comes before any mark. */
export function prepareSpectrum(): void {
  waves = take((<usize>(WAVES * PAIRS * 2)) << 2);
  bell = take((<usize>PAIRS) << 2);
  bellSum = 0;
  for (let i = 0; i < PAIRS; i++) {
    const x = <f32>(i % SIDE) - 7.5;
    const y = <f32>(i / SIDE) - 7.5;
    const g = Mathf.exp(-(x * x + y * y) / (2 * BELL * BELL));
    setF(bell, i, g);
    bellSum += 2 * g;
    for (let wave = 0; wave < WAVES; wave++) {
      const turn = (<f32>Math.PI * <f32>(wave / FREQUENCIES)) / <f32>DIRECTIONS;
      // twice the frequency of the full picture, because half resolution
      const k = <f32>(4 * Math.PI) * frequencyOf(<f32>(wave % FREQUENCIES));
      const phase = k * (x * Mathf.cos(turn) + y * Mathf.sin(turn));
      setF(waves, wave * 2 * PAIRS + i, g * Mathf.cos(phase));
      setF(waves, wave * 2 * PAIRS + PAIRS + i, g * Mathf.sin(phase));
    }
  }
}

/**
 * Share of each block's variance that each plane wave explains, 0…1 (1: the block is exactly that wave).
 * Block (bx, by) is centred at half-resolution pixel (pad + 6 bx + 3, pad + 6 by + 3).
 */
export function spectra(
  half: usize,
  stride: i32,
  pad: i32,
  across: i32,
  down: i32,
  active: usize,
  to: usize,
): void {
  const before = mark();
  const even = take((<usize>PAIRS) << 2);
  const odd = take((<usize>PAIRS) << 2);
  for (let by = 0; by < down; by++) {
    for (let bx = 0; bx < across; bx++) {
      const block = by * across + bx;
      if (load<u8>(active + <usize>block) === 0) continue;
      const corner = (pad + 6 * by + 3 - 8) * stride + pad + 6 * bx + 3 - 8;
      let mean: f32 = 0;
      for (let i = 0; i < PAIRS; i++) {
        const a = getF(half, corner + (i / SIDE) * stride + (i % SIDE));
        const b = getF(half, corner + (15 - i / SIDE) * stride + (15 - (i % SIDE)));
        setF(even, i, a + b);
        setF(odd, i, a - b);
        mean += getF(bell, i) * (a + b);
      }
      mean /= bellSum;
      let energy: f32 = 0;
      for (let i = 0; i < PAIRS; i++) {
        const e = getF(even, i) - 2 * mean;
        const o = getF(odd, i);
        setF(even, i, e);
        energy += getF(bell, i) * (e * e + o * o) * 0.5;
      }
      const share: f32 = <f32>2 / (bellSum * max(energy, bellSum * <f32>0.01));
      const out = to + ((<usize>(block * WAVES)) << 2);
      for (let wave = 0; wave < WAVES; wave++) {
        const row = waves + ((<usize>(wave * 2 * PAIRS)) << 2);
        const c = dot(row, even);
        const s = dot(row + ((<usize>PAIRS) << 2), odd);
        setF(out, wave, share * (c * c + s * s));
      }
      if (isStep(out)) for (let wave = 0; wave < WAVES; wave++) setF(out, wave, getF(out, wave) * STEP_WORTH);
    }
  }
  release(before);
}

/** The rim of the glass or a shadow: a step, strongest in the longest wave, longer than any ridge distance. */
function isStep(block: usize): bool {
  let longest: f32 = 0;
  let others: f32 = 0;
  for (let wave = 0; wave < WAVES; wave++) {
    if (wave % FREQUENCIES === 0) longest = max(longest, getF(block, wave));
    else others = max(others, getF(block, wave));
  }
  return longest > others;
}

function dot(a: usize, b: usize): f32 {
  let p = f32x4.splat(0);
  let q = f32x4.splat(0);
  for (let i: usize = 0; i < 512; i += 32) {
    p = f32x4.add(p, f32x4.mul(v128.load(a + i), v128.load(b + i)));
    q = f32x4.add(q, f32x4.mul(v128.load(a + i, 16), v128.load(b + i, 16)));
  }
  const sum = f32x4.add(p, q);
  return (
    f32x4.extract_lane(sum, 0) +
    f32x4.extract_lane(sum, 1) +
    f32x4.extract_lane(sum, 2) +
    f32x4.extract_lane(sum, 3)
  );
}

/**
 * Floats a block has in what `settle` makes: cos 2θ, sin 2θ of the ridges, how sure (0…1), period (px), share explained,
 * share explained by waves at a right angle to them.
 */
export const BLOCK_FIELDS: i32 = 6;

/**
 * Lets neighbouring blocks agree, in `rounds`, and reads direction, period and certainty off what is left.
 * `own` is smoothed in place first (3×3); `to` gets BLOCK_FIELDS floats a block.
 */
export function settle(own: usize, across: i32, down: i32, rounds: i32, to: usize): void {
  const before = mark();
  const blocks = across * down;
  const bytes = (<usize>(blocks * WAVES)) << 2;
  const belief = take(bytes);
  const around = take(bytes);
  const scratch = take(bytes);
  blur(own, scratch, around, across, down, 1);
  memory.copy(own, around, bytes);
  memory.copy(belief, own, bytes);
  for (let round = 0; round < rounds; round++) {
    blur(belief, scratch, around, across, down, 2);
    for (let block = 0; block < blocks; block++) {
      const o = block * WAVES;
      weigh(own + ((<usize>o) << 2), around + ((<usize>o) << 2), belief + ((<usize>o) << 2));
    }
  }
  for (let block = 0; block < blocks; block++) {
    const o = (<usize>(block * WAVES)) << 2;
    read(own + o, belief + o, to + ((<usize>(block * BLOCK_FIELDS)) << 2));
  }
  release(before);
}

/** Binomial smoothing over blocks: 1 2 1 (reach 1) or 1 4 6 4 1 (reach 2), rows then columns. */
function blur(from: usize, scratch: usize, to: usize, across: i32, down: i32, reach: i32): void {
  for (let by = 0; by < down; by++) {
    for (let bx = 0; bx < across; bx++) line(from, scratch, by * across, 1, bx, across, reach);
  }
  for (let bx = 0; bx < across; bx++) {
    for (let by = 0; by < down; by++) line(scratch, to, bx, across, by, down, reach);
  }
}

function line(from: usize, to: usize, start: i32, stride: i32, at: i32, count: i32, reach: i32): void {
  const out = to + ((<usize>((start + at * stride) * WAVES)) << 2);
  memory.fill(out, 0, (<usize>WAVES) << 2);
  for (let d = -reach; d <= reach; d++) {
    const n = at + d;
    if (n < 0 || n >= count) continue;
    const w: f32 =
      reach === 1 ? (d === 0 ? 0.5 : 0.25) : d === 0 ? 0.375 : d === 1 || d === -1 ? 0.25 : 0.0625;
    const weight = f32x4.splat(w);
    const source = from + ((<usize>((start + n * stride) * WAVES)) << 2);
    for (let i: usize = 0; i < (<usize>WAVES) << 2; i += 16) {
      v128.store(out + i, f32x4.add(v128.load(out + i), f32x4.mul(weight, v128.load(source + i))));
    }
  }
}

/** belief = own × (what the neighbours say, one direction bin wider, and a little of everything). Keeps own's total. */
function weigh(own: usize, around: usize, belief: usize): void {
  let total: f32 = 0;
  for (let i = 0; i < WAVES; i++) total += getF(around, i);
  if (total <= 0) {
    memory.fill(belief, 0, (<usize>WAVES) << 2);
    return;
  }
  const little: f32 = (total / <f32>WAVES) * <f32>0.5;
  let before: f32 = 0;
  let after: f32 = 0;
  for (let d = 0; d < DIRECTIONS; d++) {
    const left = ((d + 15) & 15) * FREQUENCIES;
    const right = ((d + 1) & 15) * FREQUENCIES;
    for (let f = 0; f < FREQUENCIES; f++) {
      const i = d * FREQUENCIES + f;
      const prior: f32 =
        <f32>0.5 * getF(around, i) + <f32>0.25 * (getF(around, left + f) + getF(around, right + f)) + little;
      const value = getF(own, i) * prior;
      before += getF(own, i);
      after += value;
      setF(belief, i, value);
    }
  }
  const keep = after > 0 ? before / after : <f32>0;
  for (let i = 0; i < WAVES; i++) setF(belief, i, getF(belief, i) * keep);
}

function read(own: usize, belief: usize, to: usize): void {
  let total: f32 = 0;
  let cos: f32 = 0;
  let sin: f32 = 0;
  let peak = 0;
  let highest: f32 = -1;
  for (let d = 0; d < DIRECTIONS; d++) {
    let sum: f32 = 0;
    for (let f = 0; f < FREQUENCIES; f++) sum += getF(belief, d * FREQUENCIES + f);
    // the ridges run across the wave: half a turn more of the doubled angle
    const turn = (<f32>(2 * Math.PI) * <f32>d) / <f32>DIRECTIONS;
    cos -= sum * Mathf.cos(turn);
    sin -= sum * Mathf.sin(turn);
    total += sum;
    if (sum > highest) {
      highest = sum;
      peak = d;
    }
  }
  if (total <= 0) return;
  const length = Mathf.sqrt(cos * cos + sin * sin);
  setF(to, 0, length > 0 ? cos / length : 1);
  setF(to, 1, length > 0 ? sin / length : 0);
  setF(to, 2, length / total);
  let weight: f32 = 0;
  let mean: f32 = 0;
  let share: f32 = 0;
  let crossing: f32 = 0;
  for (let f = 0; f < FREQUENCIES; f++) {
    const sum =
      getF(belief, peak * FREQUENCIES + f) +
      0.5 * getF(belief, ((peak + 15) & 15) * FREQUENCIES + f) +
      0.5 * getF(belief, ((peak + 1) & 15) * FREQUENCIES + f);
    weight += sum;
    mean += sum * <f32>f;
    share = max(share, getF(own, peak * FREQUENCIES + f));
    crossing = max(crossing, getF(own, ((peak + 8) & 15) * FREQUENCIES + f));
  }
  setF(to, 3, weight > 0 ? 1 / frequencyOf(mean / weight) : 9);
  setF(to, 4, share);
  setF(to, 5, crossing);
}
