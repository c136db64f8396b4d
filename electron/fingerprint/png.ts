// PNG files of fingers, for the command line and the benches. Header and chunks are read by hand first, so that a file
// that promises a huge picture, or holds more than it promises, is refused before it fills the memory.
import { inflateSync } from 'node:zlib';
import { decode } from 'fast-png';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { FingerImage } from './types.ts';

/** Pixels a side: four times what any reader sends, 16 MB at the worst once unpacked. Ours. */
const LONGEST = 2000;
const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Metres of an inch, for pHYs. */
const INCH = 0.0254;
/** What scanners of fingers have; 72 and 96 are what programs for pictures write of any. */
const LEAST_DPI = 250;
const MOST_DPI = 1300;
/** What a picture is made of; everything else a file may carry, compressed or not, is left out unread. */
const wanted: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'tRNS', 'pHYs', 'IDAT', 'IEND']);

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
    const chunks = chunksOf(bytes, view);
    if (!holdsWhatItPromises(chunks)) return fail('image_unreadable');
    const png = decode(Buffer.concat([bytes.subarray(0, 8), ...chunks.map(({ whole }) => whole)]), {
      checkCrc: true,
    });
    if (png.width !== width || png.height !== height) return fail('image_unreadable');
    const perMetre = png.resolution?.unit === 1 ? png.resolution.x : 0;
    const dpi = Math.round(perMetre * INCH);
    return ok({
      width,
      height,
      dpi: dpi >= LEAST_DPI && dpi <= MOST_DPI ? dpi : 500,
      pixels: greyOf(png),
    });
  } catch {
    // the decoder throws on everything it cannot unpack
    return fail('image_unreadable');
  }
}

interface Chunk {
  readonly type: string;
  readonly content: Uint8Array;
  /** With length, type and checksum. */
  readonly whole: Uint8Array;
}

/** Throws a RangeError where the file ends too soon. */
function chunksOf(bytes: Uint8Array, view: DataView): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 8, type = ''; type !== 'IEND'; ) {
    const content = at + 8;
    const end = content + view.getUint32(at);
    view.getUint32(end);
    type = Buffer.from(bytes.subarray(at + 4, content)).toString('latin1');
    if (wanted.has(type))
      chunks.push({ type, content: bytes.subarray(content, end), whole: bytes.subarray(at, end + 4) });
    at = end + 4;
  }
  return chunks;
}

/** Samples of a pixel by colour type. */
const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** First column and row, and steps, of an interlaced picture's seven passes (Adam7). */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Unpacked no further than the header says there is; a byte more or fewer is no picture of ours. Throws what zlib throws. */
function holdsWhatItPromises(chunks: readonly Chunk[]): boolean {
  const [header] = chunks;
  if (header?.type !== 'IHDR' || header.content.length !== 13) return false;
  const said = new DataView(header.content.buffer, header.content.byteOffset, 13);
  const [width, height] = [said.getUint32(0), said.getUint32(4)];
  const bits = said.getUint8(8) * (channelsOf[said.getUint8(9)] ?? 0);
  const bytesOf = (columns: number, rows: number): number =>
    columns > 0 && rows > 0 ? rows * (1 + Math.ceil((columns * bits) / 8)) : 0;
  const expected =
    said.getUint8(12) === 0
      ? bytesOf(width, height)
      : passes.reduce(
          (sum, [x, y, right, down]) =>
            sum + bytesOf(Math.ceil((width - x) / right), Math.ceil((height - y) / down)),
          0,
        );
  const packed = chunks.flatMap(({ type, content }) => (type === 'IDAT' ? [content] : []));
  return inflateSync(Buffer.concat(packed), { maxOutputLength: expected }).length === expected;
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
      grey[i] = palette ? mixed(colourOf(palette, value), 255) : Math.round((value * 255) / most);
      continue;
    }
    const sample = (channel: number): number => data[i * channels + channel] ?? 0;
    if (palette) grey[i] = mixed(colourOf(palette, sample(0)), 255);
    else if (channels === 1) grey[i] = Math.round((sample(0) * 255) / most);
    else if (channels === 2) grey[i] = mixed([sample(0), sample(0), sample(0), sample(1)], most);
    else grey[i] = mixed([sample(0), sample(1), sample(2), channels === 4 ? sample(3) : most], most);
  }
  return grey;
}

function colourOf(palette: NonNullable<Decoded['palette']>, at: number): readonly number[] {
  const colour = palette[at];
  if (!colour) throw new RangeError('a colour that the palette has not');
  return colour;
}

/** Red, green, blue and perhaps alpha, 0…most, as a grey of 0…255 on white. */
function mixed([red = 0, green = 0, blue = 0, alpha]: readonly number[], most: number): number {
  const opaque = (alpha ?? most) / most;
  const grey = (0.299 * red + 0.587 * green + 0.114 * blue) / most;
  return Math.round((grey * opaque + 1 - opaque) * 255);
}
