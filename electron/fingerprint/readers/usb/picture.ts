// What a reader sends for one finger, and how it becomes a picture: a header of 64 bytes, then lines of
// 384 bytes in up to fifteen blocks, some of them scrambled, some left out. All of it comes from a plug
// anybody can reach, so nothing in the header is believed before it was checked against the bytes.
import type { FingerImage } from '../../types.ts';

export const pictureWidth = 384;
export const pictureHeight = 290;
/** Nominal pixels per inch of the whole family. */
export const pictureDpi = 512;
const headerBytes = 64;
/** What to ask for: a header and every line there can be. */
export const transferBytes = headerBytes + pictureWidth * pictureHeight;

const blockCount = 15;
const blocksAt = 16;
const newKey = 0x80;
const keyRests = 0x04;
const scrambled = 0x02;
const leftOut = 0x01;

interface Block {
  readonly flags: number;
  readonly lines: number;
}

/** One transfer that holds as many lines as its header says. */
export interface RawPicture {
  /** Number of the first key. */
  readonly key: number;
  readonly blocks: readonly Block[];
  /** The lines that were sent, without gaps; changed in place by `unscramble`. */
  readonly pixels: Uint8Array;
}

/** Null when there are fewer bytes than the header promises, or its blocks don't add up to its lines. */
export function readPicture(bytes: Uint8Array): RawPicture | null {
  if (bytes.length < headerBytes) return null;
  const header = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const lines = header.getUint16(4, true);
  if (lines === 0 || lines >= pictureHeight || bytes.length < headerBytes + lines * pictureWidth) return null;

  const blocks: Block[] = [];
  let sent = 0;
  let shown = 0;
  for (let at = blocksAt; at < blocksAt + 2 * blockCount && sent < lines; at += 2) {
    const block = { flags: header.getUint8(at), lines: header.getUint8(at + 1) };
    if (block.lines === 0) break;
    blocks.push(block);
    shown += block.lines;
    if (!(block.flags & leftOut)) sent += block.lines;
  }
  if (sent !== lines || shown > pictureHeight) return null;
  return {
    key: header.getUint8(6),
    blocks,
    pixels: bytes.subarray(headerBytes, headerBytes + lines * pictureWidth),
  };
}

/**
 * Whether the blocks marked as scrambled really are: some firmware marks them and sends them plain. Neighbours
 * in a picture resemble each other, in noise they don't: mean squared step is 10,923 for even noise, and at
 * most 3,300 for ridges from black to white and back within ten pixels.
 */
export function isScrambled({ blocks, pixels }: RawPicture): boolean {
  let sum = 0;
  let steps = 0;
  for (const { flags, lines, from } of sentBlocks(blocks)) {
    if ((flags & (scrambled | keyRests)) !== scrambled) continue;
    for (let i = from * pictureWidth + 1; i < (from + lines) * pictureWidth; i++) {
      const step = (pixels[i] ?? 0) - (pixels[i - 1] ?? 0);
      sum += step * step;
    }
    steps += lines * pictureWidth - 1;
  }
  return steps > 0 && sum / steps > noiseStep;
}
const noiseStep = 6500;

/** Undoes the scrambling in place. `keyOf` asks the reader for the 32-bit key of a number; numbers wrap at 256. */
export async function unscramble(
  picture: RawPicture,
  keyOf: (number: number) => Promise<number>,
): Promise<void> {
  let number = picture.key;
  let key = await keyOf(number);
  let line = 0;
  for (const { flags, lines } of picture.blocks) {
    if (flags & newKey) {
      number = (number + 1) & 0xff;
      key = await keyOf(number);
    }
    const bytes = lines * pictureWidth;
    if (!(flags & keyRests)) {
      key =
        flags & scrambled && !(flags & leftOut)
          ? unscrambleBlock(picture.pixels.subarray(line * pictureWidth, line * pictureWidth + bytes), key)
          : advance(key, bytes);
    }
    if (!(flags & leftOut)) line += lines;
  }
}

/** Puts gaps where lines were left out, turns light ridges dark, and a picture that lies on its head. */
export function assemble({ blocks, pixels }: RawPicture, upsideDown: boolean): FingerImage {
  const image = new Uint8Array(pictureWidth * pictureHeight);
  let to = 0;
  let from = 0;
  for (const { flags, lines } of blocks) {
    // a line left out shows what follows it: a black or white stripe would look like the end of every ridge
    for (let line = 0; line < lines; line++) {
      const at = Math.min(from, pixels.length - pictureWidth);
      image.set(pixels.subarray(at, at + pictureWidth), to);
      to += pictureWidth;
      if (!(flags & leftOut)) from += pictureWidth;
    }
  }
  for (let i = 0; i < image.length; i++) image[i] = 255 - (image[i] ?? 0);
  if (upsideDown) image.reverse();
  return { width: pictureWidth, height: pictureHeight, dpi: pictureDpi, pixels: image };
}

/** Each byte is the next one in the stream, exclusive-or eight bits of the key; the last of a block is not sent. */
function unscrambleBlock(bytes: Uint8Array, first: number): number {
  let key = first;
  const last = bytes.length - 1;
  for (let i = 0; i < last; i++) {
    bytes[i] = (bytes[i + 1] ?? 0) ^ keyByte(key);
    key = nextKey(key);
  }
  bytes[last] = 0;
  return nextKey(key);
}

function advance(first: number, steps: number): number {
  let key = first;
  for (let i = 0; i < steps; i++) key = nextKey(key);
  return key;
}

/** Bits 4, 8, 11, 14, 18, 21, 24 and 29, the lowest first. */
export const keyByte = (key: number): number =>
  ((key >>> 4) & 0x01) |
  ((key >>> 7) & 0x02) |
  ((key >>> 9) & 0x04) |
  ((key >>> 11) & 0x08) |
  ((key >>> 14) & 0x10) |
  ((key >>> 16) & 0x20) |
  ((key >>> 18) & 0x40) |
  ((key >>> 22) & 0x80);

/** One step of the shift register; the new top bit is the parity of the tapped ones. */
export function nextKey(key: number): number {
  let parity = key & 0x9248144d;
  parity ^= parity >>> 16;
  parity ^= parity >>> 8;
  parity ^= parity >>> 4;
  parity ^= parity >>> 2;
  parity ^= parity >>> 1;
  return (((parity & 1) << 31) | (key >>> 1)) >>> 0;
}

function* sentBlocks(blocks: readonly Block[]): Generator<Block & { readonly from: number }> {
  let from = 0;
  for (const block of blocks) {
    if (block.flags & leftOut) continue;
    yield { ...block, from };
    from += block.lines;
  }
}
