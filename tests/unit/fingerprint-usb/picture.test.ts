import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assemble,
  isScrambled,
  readPicture,
  unscramble,
} from '../../../electron/fingerprint/readers/usb/picture.ts';
import * as finger from './support/finger.ts';

const keys = (number: number) => 0x1234_5678 + number * 0x0101_0101;

async function read(transfer: Uint8Array, upsideDown = false): Promise<Uint8Array | null> {
  const raw = readPicture(transfer);
  if (!raw) return null;
  if (isScrambled(raw)) await unscramble(raw, async (number) => keys(number));
  return assemble(raw, upsideDown).pixels;
}

describe('a picture from a U.are.U reader', () => {
  it('comes out as it went in, but for what is never sent', async () => {
    const { transfer, wanted } = finger.sendFinger(finger.ridges());
    expect(Buffer.from((await read(transfer))!).equals(wanted)).toBe(true);
    // one line left out, one pixel for each of three scrambled blocks
    const lost = finger.ridges().filter((grey, i) => grey !== wanted[i]).length;
    expect(lost).toBeGreaterThan(100);
    expect(lost).toBeLessThan(384 + 4);
  });

  it('is turned when the reader sends it upside down', async () => {
    const { transfer, wanted } = finger.sendFinger(finger.ridges(), { upsideDown: true });
    expect(Buffer.from((await read(transfer, true))!).equals(wanted)).toBe(true);
  });

  it('is read with another key from each block that says so', async () => {
    const { scrambled, newKey, keyRests, plain } = finger;
    const asked: number[] = [];
    const { transfer, wanted } = finger.sendFinger(finger.ridges(), {
      keyNumber: 255,
      keys: (number) => keys(number & 0xff),
      blocks: [
        { flags: scrambled, lines: 40 },
        { flags: scrambled | newKey, lines: 60 },
        { flags: plain | keyRests, lines: 9 },
        { flags: plain | newKey, lines: 1 },
        { flags: scrambled, lines: 179 },
      ],
    });
    const raw = readPicture(transfer)!;
    await unscramble(raw, async (number) => {
      asked.push(number);
      return keys(number);
    });
    expect(asked).toEqual([255, 0, 1]);
    expect(Buffer.from(assemble(raw, false).pixels).equals(wanted)).toBe(true);
  });

  it('is left alone when it was sent plain, whatever its blocks are marked with', async () => {
    for (const flags of [finger.plain, finger.scrambled]) {
      const { transfer, wanted } = finger.sendFinger(finger.ridges(), {
        blocks: [
          { flags, lines: 200 },
          { flags, lines: 89 },
        ],
        reallyScrambled: false,
      });
      expect(isScrambled(readPicture(transfer)!)).toBe(false);
      const image = (await read(transfer))!;
      expect(Buffer.from(image.subarray(0, 289 * 384)).equals(wanted.subarray(0, 289 * 384))).toBe(true);
    }
  });

  it('is still noise under a wrong key', async () => {
    const raw = readPicture(finger.sendFinger(finger.ridges()).transfer)!;
    await unscramble(raw, async (number) => keys(number) ^ 1);
    expect(isScrambled(raw)).toBe(true);
  });

  it('is refused when bytes are missing, or the header does not add up', () => {
    const { transfer } = finger.sendFinger(finger.ridges());
    const bent = (change: (header: DataView) => void) => {
      const copy = Uint8Array.from(transfer);
      change(new DataView(copy.buffer));
      return readPicture(copy);
    };
    expect(readPicture(transfer)).not.toBeNull();
    expect(readPicture(new Uint8Array())).toBeNull();
    expect(readPicture(transfer.subarray(0, 64))).toBeNull();
    expect(readPicture(transfer.subarray(0, transfer.length - 1))).toBeNull();
    expect(bent((header) => header.setUint16(4, 0, true))).toBeNull();
    expect(bent((header) => header.setUint16(4, 290, true))).toBeNull();
    expect(bent((header) => header.setUint16(4, 65_535, true))).toBeNull();
    expect(bent((header) => header.setUint8(17, 255))).toBeNull();
    expect(bent((header) => header.setUint8(17, 0))).toBeNull();
    // a gap as large as the whole picture leaves no room for it
    expect(bent((header) => header.setUint8(23, 200))).toBeNull();
  });

  it('never comes out in another size, whatever the bytes are', () => {
    const header = fc.record({
      bytes: fc.uint8Array({ minLength: 0, maxLength: 64 }),
      lines: fc.nat(300),
      length: fc.nat(120_000),
    });
    fc.assert(
      fc.property(header, ({ bytes, lines, length }) => {
        const transfer = new Uint8Array(length);
        transfer.set(bytes.subarray(0, length));
        if (length > 6) new DataView(transfer.buffer).setUint16(4, lines, true);
        const raw = readPicture(transfer);
        if (raw) expect(assemble(raw, true).pixels).toHaveLength(384 * 290);
      }),
      { numRuns: 300 },
    );
  });
});
