// PNG files of fingers, for the command line and the benches. The header is read by hand first, so that a file that
// promises a huge picture is refused before a byte of it is unpacked.
import { decode } from 'fast-png';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { FingerImage } from './types.ts';

/** Pixels a side: four times what any reader sends, 16 MB at the worst once unpacked. Ours. */
const LONGEST = 2000;
const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Metres of an inch, for pHYs. */
const INCH = 0.0254;

/** Errors: `image_unreadable`, `image_too_large`. Colour becomes grey (ITU-R BT.601), 16 bits become 8, alpha is over white. */
export function readPng(bytes: Uint8Array): Result<FingerImage> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // signature, length 13, "IHDR", width, height
  if (
    bytes.length < 33 ||
    signature.some((byte, i) => bytes[i] !== byte) ||
    view.getUint32(12) !== 0x49484452
  ) {
    return fail('image_unreadable');
  }
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  if (width === 0 || height === 0) return fail('image_unreadable');
  if (width > LONGEST || height > LONGEST) return fail('image_too_large');
  try {
    const png = decode(bytes, { checkCrc: true });
    if (png.width !== width || png.height !== height) return fail('image_unreadable');
    const perMetre = png.resolution?.unit === 1 ? png.resolution.x : 0;
    const dpi = Math.round(perMetre * INCH);
    return ok({ width, height, dpi: dpi > 0 ? dpi : 500, pixels: greyOf(png) });
  } catch {
    // the decoder throws on everything it cannot unpack
    return fail('image_unreadable');
  }
}

interface Decoded {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly channels: number;
  readonly data: ArrayLike<number>;
  readonly palette?: readonly (readonly number[])[];
}

function greyOf({ width, height, depth, channels, data, palette }: Decoded): Uint8Array {
  const grey = new Uint8Array(width * height);
  const most = 2 ** depth - 1;
  const rowBytes = Math.ceil((width * depth) / 8);
  for (let i = 0; i < grey.length; i++) {
    if (depth < 8) {
      // several pixels a byte, rows begin on whole bytes, highest bits first
      const x = i % width;
      const bits = x * depth;
      const byte = data[Math.floor(i / width) * rowBytes + (bits >> 3)] ?? 0;
      const value = (byte >> (8 - depth - (bits & 7))) & most;
      grey[i] = palette ? mixed(palette[value] ?? [], 255) : Math.round((value * 255) / most);
      continue;
    }
    const sample = (channel: number): number => data[i * channels + channel] ?? 0;
    if (palette) grey[i] = mixed(palette[sample(0)] ?? [], 255);
    else if (channels === 1) grey[i] = Math.round((sample(0) * 255) / most);
    else if (channels === 2) grey[i] = mixed([sample(0), sample(0), sample(0), sample(1)], most);
    else grey[i] = mixed([sample(0), sample(1), sample(2), channels === 4 ? sample(3) : most], most);
  }
  return grey;
}

/** Red, green, blue and perhaps alpha, 0…most, as a grey of 0…255 on white. */
function mixed([red = 0, green = 0, blue = 0, alpha]: readonly number[], most: number): number {
  const opaque = (alpha ?? most) / most;
  const grey = (0.299 * red + 0.587 * green + 0.114 * blue) / most;
  return Math.round((grey * opaque + 1 - opaque) * 255);
}
