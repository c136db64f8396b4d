// From a reader's bytes to an even picture: 500 dpi, and the same contrast everywhere (local mean 0, deviation 1).
// Wet, dry and unevenly lit prints differ mostly in local mean and contrast; after this step hardly at all.
import { getF, mark, release, setF, take } from './memory.as';

/**
 * Scales a grey picture; `step` is source pixels per pixel made.
 * Averages over the area a made pixel covers, so that shrinking does not fold fine noise into the ridges.
 */
export function scale(
  from: usize,
  width: i32,
  height: i32,
  to: usize,
  toWidth: i32,
  toHeight: i32,
  step: f32,
): void {
  const reach = step > 1 ? step : <f32>1;
  for (let y = 0; y < toHeight; y++) {
    const cy = (<f32>y + 0.5) * step - 0.5;
    const y0 = max(0, i32(Mathf.ceil(cy - reach)));
    const y1 = min(height - 1, i32(Mathf.floor(cy + reach)));
    for (let x = 0; x < toWidth; x++) {
      const cx = (<f32>x + 0.5) * step - 0.5;
      const x0 = max(0, i32(Mathf.ceil(cx - reach)));
      const x1 = min(width - 1, i32(Mathf.floor(cx + reach)));
      let sum: f32 = 0;
      let weight: f32 = 0;
      for (let v = y0; v <= y1; v++) {
        const wy = reach - Mathf.abs(<f32>v - cy);
        for (let u = x0; u <= x1; u++) {
          const w = wy * (reach - Mathf.abs(<f32>u - cx));
          if (w <= 0) continue;
          sum += w * <f32>load<u8>(from + <usize>(v * width + u));
          weight += w;
        }
      }
      setF(to, y * toWidth + x, weight > 0 ? sum / weight : 0);
    }
  }
}

/** Copies grey bytes to floats, for pictures that already have 500 dpi. */
export function widen(from: usize, to: usize, count: i32): void {
  for (let i = 0; i < count; i++) setF(to, i, <f32>load<u8>(from + <usize>i));
}

/** Half the side of the window local mean and deviation are taken over: 33 px, more than three ridges. */
const REACH: i32 = 16;

/**
 * Local normalisation. `to` is padded: row `pad + y`, column `pad + x`, `stride` floats a row; dark ridges become positive.
 * `deviation` receives the local standard deviation in grey levels, one float a pixel.
 * `least` is the deviation below which contrast is not raised further: empty glass must not turn into ridges.
 */
export function normalise(
  from: usize,
  width: i32,
  height: i32,
  deviation: usize,
  to: usize,
  stride: i32,
  pad: i32,
  least: f32,
): void {
  const before = mark();
  const sums = integral(from, width, height, false);
  const squares = integral(from, width, height, true);
  const row = width + 1;
  for (let y = 0; y < height; y++) {
    const top = max(0, y - REACH);
    const bottom = min(height, y + REACH + 1);
    for (let x = 0; x < width; x++) {
      const left = max(0, x - REACH);
      const right = min(width, x + REACH + 1);
      const n = <f64>((bottom - top) * (right - left));
      const a = top * row + left;
      const b = top * row + right;
      const c = bottom * row + left;
      const d = bottom * row + right;
      const mean = (at(sums, d) - at(sums, b) - at(sums, c) + at(sums, a)) / n;
      const square = (at(squares, d) - at(squares, b) - at(squares, c) + at(squares, a)) / n;
      const spread = <f32>Math.sqrt(max(0.0, square - mean * mean));
      const i = y * width + x;
      setF(deviation, i, spread);
      const level = (<f32>mean - getF(from, i)) / max(spread, least);
      setF(to, (pad + y) * stride + pad + x, max(<f32>-2, min(<f32>2, level)));
    }
  }
  release(before);
}

function integral(from: usize, width: i32, height: i32, squared: bool): usize {
  const row = width + 1;
  const sums = take((<usize>(row * (height + 1))) << 3);
  for (let y = 0; y < height; y++) {
    let line: f64 = 0;
    for (let x = 0; x < width; x++) {
      const value = <f64>getF(from, y * width + x);
      line += squared ? value * value : value;
      store<f64>(sums + ((<usize>((y + 1) * row + x + 1)) << 3), at(sums, y * row + x + 1) + line);
    }
  }
  return sums;
}

function at(sums: usize, index: i32): f64 {
  return load<f64>(sums + ((<usize>index) << 3));
}

/** Half resolution of a padded picture, 2×2 means; the pad halves with it. Sides must be even. */
export function halve(from: usize, stride: i32, rows: i32, to: usize): void {
  const toStride = stride >> 1;
  for (let y = 0; y < rows >> 1; y++) {
    for (let x = 0; x < toStride; x++) {
      const i = 2 * y * stride + 2 * x;
      const sum = getF(from, i) + getF(from, i + 1) + getF(from, i + stride) + getF(from, i + stride + 1);
      setF(to, y * toStride + x, sum * 0.25);
    }
  }
}
