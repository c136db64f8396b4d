// Made-up fingers as a U.are.U reader would send them. The scrambling is written here a second time, bit by
// bit and forwards, so that a mistake in the driver's cannot hide behind itself.
export const width = 384;
export const height = 290;

export interface SentBlock {
  readonly flags: number;
  readonly lines: number;
}
export const scrambled = 0x02;
export const plain = 0x00;
export const keyRests = 0x04;
export const newKey = 0x80;
export const leftOut = 0x01;

/** As real readers cut it: scrambled stretches, single plain lines between them, one line left out. */
export const usualBlocks: readonly SentBlock[] = [
  { flags: scrambled, lines: 70 },
  { flags: plain, lines: 1 },
  { flags: scrambled, lines: 49 },
  { flags: leftOut, lines: 1 },
  { flags: plain, lines: 1 },
  { flags: scrambled, lines: 168 },
];

/** Ridges around a centre, dark on light, as the program wants a picture. */
export function ridges(): Uint8Array {
  const picture = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const distance = Math.hypot(x - 190, (y - 150) * 0.8);
      picture[y * width + x] = Math.round(
        128 + 110 * Math.cos((2 * Math.PI * distance) / 9 + Math.sin(x / 40)),
      );
    }
  return picture;
}

/**
 * The transfer for a picture, and what must come out of it: a line left out shows the one after it, and the
 * last pixel of a scrambled block is never sent.
 */
export function sendFinger(
  picture: Uint8Array,
  {
    blocks = usualBlocks,
    keyNumber = 7,
    keys = (number) => 0x1234_5678 + number * 0x0101_0101,
    upsideDown = false,
    reallyScrambled = true,
  }: {
    blocks?: readonly SentBlock[];
    keyNumber?: number;
    keys?: (number: number) => number;
    upsideDown?: boolean;
    /** False: marked as scrambled, sent plain, as some firmware does. */
    reallyScrambled?: boolean;
  } = {},
): { transfer: Uint8Array; wanted: Uint8Array } {
  const upright = Uint8Array.from(upsideDown ? picture.toReversed() : picture, (grey) => 255 - grey);
  const sent: Uint8Array[] = [];
  const shown: (Uint8Array | null)[] = [];
  let number = keyNumber;
  let register = bitsOf(keys(number));
  let line = 0;
  for (const { flags, lines } of blocks) {
    if (flags & newKey) register = bitsOf(keys(++number));
    const block = upright.slice(line * width, (line + lines) * width);
    line += lines;
    const encode = flags & scrambled && !(flags & keyRests) && !(flags & leftOut);
    if (encode && reallyScrambled) {
      block[block.length - 1] = 0;
      sent.push(scramble(block, register));
    } else {
      if (!(flags & keyRests)) for (let i = 0; i < block.length; i++) shift(register);
      if (!(flags & leftOut)) sent.push(block.slice());
    }
    for (let i = 0; i < lines; i++)
      shown.push(flags & leftOut ? null : block.subarray(i * width, (i + 1) * width));
  }
  const header = new Uint8Array(64);
  const view = new DataView(header.buffer);
  view.setUint16(
    4,
    sent.reduce((sum, block) => sum + block.length / width, 0),
    true,
  );
  view.setUint8(6, keyNumber);
  blocks.forEach(({ flags, lines }, i) => {
    view.setUint8(16 + 2 * i, flags);
    view.setUint8(17 + 2 * i, lines);
  });

  const wanted = new Uint8Array(width * height);
  shown.forEach((own, i) => {
    const pixels = own ?? shown.slice(i).find((later) => later !== null) ?? new Uint8Array(width);
    wanted.set(pixels, i * width);
  });
  const light = wanted.map((grey) => 255 - grey);
  return {
    transfer: Buffer.concat([header, ...sent]),
    wanted: upsideDown ? light.toReversed() : light,
  };
}

/** Sent byte i+1 hides pixel i; the first byte is anything. Leaves the register where the reader's would be. */
function scramble(block: Uint8Array, register: number[]): Uint8Array {
  const out = new Uint8Array(block.length);
  out[0] = 0xa5;
  for (let i = 0; i < block.length; i++) {
    const mask = [4, 8, 11, 14, 18, 21, 24, 29].reduce((sum, bit, at) => sum + register[bit]! * 2 ** at, 0);
    if (i + 1 < block.length) out[i + 1] = block[i]! ^ mask;
    shift(register);
  }
  return out;
}

const bitsOf = (key: number): number[] => Array.from({ length: 32 }, (_, bit) => (key >>> bit) & 1);

/** Taps as published, counted from 1 at the lowest bit. */
function shift(register: number[]): void {
  const parity = [1, 3, 4, 7, 11, 13, 20, 23, 26, 29, 32].reduce((sum, tap) => sum ^ register[tap - 1]!, 0);
  register.shift();
  register.push(parity);
}
