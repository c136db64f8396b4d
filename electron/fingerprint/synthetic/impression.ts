// One touch of a made-up finger on a reader: where and how turned it lies, how the skin is stretched, how hard it is
// pressed, how dry or wet it is, what the glass and the sensor add.
import type { FingerImage } from '../types.ts';
import type { SyntheticFinger } from './finger.ts';
import { createField, createRandom } from './random.ts';

export interface Touch {
  /** Of everything by chance in this touch. */
  readonly seed: number;
  readonly width?: number;
  readonly height?: number;
  readonly dpi?: number;
  /** Radians, counter-clockwise. */
  readonly rotation?: number;
  /** Pixels at 500 dpi from the middle of the picture. */
  readonly shift?: { readonly x: number; readonly y: number };
  /** Most that the skin is pushed aside, pixels at 500 dpi. */
  readonly stretch?: number;
  /** −1 (hardly touching) … 1 (hard): thin or thick ridges. */
  readonly pressure?: number;
  /** −1 (dry: broken ridges) … 1 (wet: valleys filled). */
  readonly moisture?: number;
  /** Standard deviation of the sensor's noise, grey levels. */
  readonly noise?: number;
  /** Size of what touches the glass; 1 is a whole fingertip. */
  readonly area?: number;
  /** Grey levels the reader has; serial modules 16. */
  readonly levels?: number;
}

/** As a reader would send it: dark ridges on a light ground. */
export function touch(finger: SyntheticFinger, options: Touch): FingerImage {
  const { width = 300, height = 400, dpi = 500, rotation = 0, shift = { x: 0, y: 0 } } = options;
  const { stretch = 3, pressure = 0, moisture = 0, noise = 6, area = 1, levels = 256, seed } = options;
  const random = createRandom(seed);
  const scale = 500 / dpi;
  const pushX = createField(seed + 1, 110);
  const pushY = createField(seed + 2, 110);
  const patches = createField(seed + 3, 26);
  const grain = createField(seed + 4, 2.6);
  const ground = createField(seed + 5, 180);
  const cos = Math.cos(rotation);
  const sin = Math.sin(rotation);
  const reachX = 150 * area;
  const reachY = 205 * area;
  const dry = Math.max(0, -moisture);
  const wet = Math.max(0, moisture);
  const step = 255 / (levels - 1);
  const pixels = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const u = (column - width / 2) * scale - shift.x;
      const v = (row - height / 2) * scale - shift.y;
      // back from the picture to the finger, y down
      const a = u * cos - v * sin;
      const b = u * sin + v * cos;
      const x = finger.width / 2 + a + pushX(a, b) * stretch;
      const y = finger.height * 0.48 + b + pushY(a, b) * stretch;
      const rim = (a / reachX) ** 2 + (b / reachY) ** 2 + patches(u, v) * 0.12;
      const contact = 1 / (1 + Math.exp((rim - 1) * 14));
      let height0 = sample(finger, x, y) + pressure * 0.35 + patches(u, v) * 0.2;
      height0 += wet * 0.55 * (1 + patches(u + 500, v)) - dry * (0.3 + 0.9 * Math.max(0, grain(u, v)));
      const ink = contact / (1 + Math.exp(-5 * height0));
      const light = 215 + ground(u, v) * 14;
      const grey = light - ink * (150 - dry * 40) + random.normal(noise);
      pixels[row * width + column] = Math.round(Math.max(0, Math.min(255, grey)) / step) * step;
    }
  }
  return { width, height, dpi, pixels };
}

function sample({ width, height, ridges }: SyntheticFinger, x: number, y: number): number {
  const i = Math.floor(x);
  const j = Math.floor(y);
  if (i < 0 || j < 0 || i + 1 >= width || j + 1 >= height) return -1;
  const s = x - i;
  const t = y - j;
  const at = j * width + i;
  const top = (ridges[at] ?? 0) * (1 - s) + (ridges[at + 1] ?? 0) * s;
  const bottom = (ridges[at + width] ?? 0) * (1 - s) + (ridges[at + width + 1] ?? 0) * s;
  return top * (1 - t) + bottom * t;
}
