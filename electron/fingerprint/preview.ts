// A small picture of what lies on the reader, for the person who watches: the part with ridges, at most 200 pixels a
// side. Half of a reader's resolution or less; shown while the finger is on, and kept nowhere.
import { encode } from 'fast-png';
import type { FingerImage } from './types.ts';

/** Pixels a side at most. */
const LONGEST = 200;
/** Pixels of the tiles that are looked at for ridges, and the least spread of grey in one that has some. */
const TILE = 16;
const LEAST_SPREAD = 40;

interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** PNG as a `data:` address. */
export function previewOf(image: FingerImage): string {
  const area = ridgeArea(image);
  const step = Math.max(1, Math.ceil(Math.max(area.width, area.height) / LONGEST));
  const width = Math.floor(area.width / step);
  const height = Math.floor(area.height / step);
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data[y * width + x] = mean(image, area.left + x * step, area.top + y * step, step);
  const png = encode({ width, height, data, depth: 8, channels: 1 });
  data.fill(0);
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}

/** The box around all tiles in which light and dark alternate; the whole picture when there is none. */
function ridgeArea({ width, height, pixels }: FingerImage): Area {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y + TILE <= height; y += TILE) {
    for (let x = 0; x + TILE <= width; x += TILE) {
      if (spread(pixels, width, x, y) < LEAST_SPREAD) continue;
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x + TILE);
      bottom = Math.max(bottom, y + TILE);
    }
  }
  return right > left
    ? { left, top, width: right - left, height: bottom - top }
    : { left: 0, top: 0, width, height };
}

/** Between the darkest and the lightest pixel. */
function spread(pixels: Uint8Array, width: number, left: number, top: number): number {
  let [least, most] = [255, 0];
  for (let y = top; y < top + TILE; y++) {
    for (let x = left; x < left + TILE; x++) {
      const grey = pixels[y * width + x] ?? 0;
      least = Math.min(least, grey);
      most = Math.max(most, grey);
    }
  }
  return most - least;
}

function mean({ width, pixels }: FingerImage, left: number, top: number, size: number): number {
  let sum = 0;
  for (let y = top; y < top + size; y++)
    for (let x = left; x < left + size; x++) sum += pixels[y * width + x] ?? 0;
  return Math.round(sum / size ** 2);
}
