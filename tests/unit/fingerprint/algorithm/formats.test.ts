import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { readIso, writeIso } from '../../../../electron/fingerprint/iso-19794-2.ts';
import { readPng } from '../../../../electron/fingerprint/png.ts';
import { decodeTemplate, encodeTemplate } from '../../../../electron/fingerprint/template.ts';
import type { Template } from '../../../../electron/fingerprint/types.ts';
import { impression, picture } from './prints.ts';

const template = impression(2, { seed: 5 });
const codeOf = (result: { ok: boolean; error?: { code: string } }) =>
  result.ok ? 'read' : result.error?.code;

const anyTemplate: fc.Arbitrary<Template> = fc
  .tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1000 }))
  .chain(([width, height]) =>
    fc.record({
      algorithm: fc.integer({ min: 1, max: 255 }),
      width: fc.constant(width),
      height: fc.constant(height),
      minutiae: fc.array(
        fc.record({
          x: fc.integer({ min: 0, max: width - 1 }),
          y: fc.integer({ min: 0, max: height - 1 }),
          angle: fc.integer({ min: 0, max: 1023 }).map((steps) => (steps * 2 * Math.PI) / 1024),
          type: fc.constantFrom('ending' as const, 'bifurcation' as const, 'other' as const),
          quality: fc.integer({ min: 0, max: 100 }),
        }),
        { maxLength: 100 },
      ),
    }),
  );

describe('our own bytes', () => {
  it('give back exactly the template that was written', () => {
    expect(decodeTemplate(encodeTemplate(template))).toEqual({ ok: true, value: template });
    fc.assert(
      fc.property(anyTemplate, (any) => {
        expect(decodeTemplate(encodeTemplate(any))).toEqual({ ok: true, value: any });
      }),
    );
  });

  it('are six a minutia', () => {
    expect(encodeTemplate(template)).toHaveLength(7 + 6 * template.minutiae.length);
  });

  it('refuse everything else without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), (bytes) => {
        expect(['read', 'template_unreadable']).toContain(codeOf(decodeTemplate(bytes)));
      }),
      { numRuns: 2000 },
    );
    const whole = encodeTemplate(template);
    for (let length = 0; length < whole.length; length++) {
      expect(codeOf(decodeTemplate(whole.subarray(0, length)))).toBe('template_unreadable');
    }
    expect(codeOf(decodeTemplate(Uint8Array.of(...whole, 0)))).toBe('template_unreadable');
  });

  it('refuse a minutia outside its picture', () => {
    const bytes = encodeTemplate({ ...template, width: 20 });
    expect(codeOf(decodeTemplate(bytes))).toBe('template_unreadable');
  });
});

describe('ISO/IEC 19794-2:2005', () => {
  const bytes = writeIso(template, { position: 2, quality: 80 });

  it('has the fields where the standard puts them', () => {
    const view = new DataView(bytes.buffer);
    expect(new TextDecoder().decode(bytes.subarray(0, 8))).toBe('FMR\0 20\0');
    expect(view.getUint32(8)).toBe(bytes.length);
    expect([view.getUint16(14), view.getUint16(16)]).toEqual([template.width, template.height]);
    expect([view.getUint16(18), view.getUint16(20)]).toEqual([197, 197]);
    expect([...bytes.subarray(22, 28)]).toEqual([1, 0, 2, 0, 80, template.minutiae.length]);
    expect(bytes).toHaveLength(24 + 4 + 6 * template.minutiae.length + 2);
    const [first] = template.minutiae;
    expect(view.getUint16(28)).toBe(((first!.type === 'ending' ? 1 : 2) << 14) | first!.x);
    expect(bytes[32]).toBe(Math.round((first!.angle * 256) / (2 * Math.PI)) % 256);
  });

  it('comes back with places and kinds exact, directions within half of its step', () => {
    const back = readIso(bytes);
    if (!back.ok) throw new Error(back.error.code);
    expect(back.value).toMatchObject({ position: 2, quality: 80 });
    expect(back.value.template).toMatchObject({
      algorithm: 0,
      width: template.width,
      height: template.height,
    });
    back.value.template.minutiae.forEach((minutia, i) => {
      const { angle, ...rest } = template.minutiae[i]!;
      expect(minutia).toMatchObject(rest);
      expect(Math.cos(minutia.angle - angle)).toBeGreaterThan(Math.cos(Math.PI / 250));
    });
  });

  it('is scaled to 500 dpi when it says another resolution', () => {
    const coarse = bytes.slice();
    new DataView(coarse.buffer).setUint16(18, 118);
    new DataView(coarse.buffer).setUint16(20, 118);
    const back = readIso(coarse);
    expect(back.ok && back.value.template.width).toBe(Math.round((template.width * 197) / 118));
  });

  it('is refused cut short, lengthened, or with any header byte that matters changed', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(readIso(bytes.subarray(0, length)))).toBe('template_unreadable');
    }
    expect(codeOf(readIso(Uint8Array.of(...bytes, 0)))).toBe('template_unreadable');
    for (const at of [0, 3, 5, 8, 11, 18, 22, 27]) {
      const changed = bytes.slice();
      changed[at] = (changed[at]! + 97) & 255;
      expect(codeOf(readIso(changed))).toBe('template_unreadable');
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        expect(codeOf(readIso(Uint8Array.of(...bytes.subarray(0, 24), ...noise)))).toBeDefined();
      }),
      { numRuns: 1000 },
    );
  });
});

describe('PNG files', () => {
  const { width, height, pixels } = picture((x, y) => (x * 7 + y * 3) % 256, 40, 30);

  it('of 8 and 16 bits, with colour or transparency, give the same grey', () => {
    const colour = new Uint8Array(width * height * 3).map((_, i) => pixels[Math.floor(i / 3)]!);
    const deep = new Uint16Array(width * height).map((_, i) => pixels[i]! * 257);
    const clear = new Uint8Array(width * height * 4).map((_, i) => (i % 4 === 3 ? 0 : 7));
    const greyOf = (file: Uint8Array) => {
      const image = readPng(file);
      return image.ok ? image.value.pixels : image.error.code;
    };
    expect(greyOf(encode({ width, height, data: pixels, channels: 1 }))).toEqual(pixels);
    expect(greyOf(encode({ width, height, data: colour, channels: 3 }))).toEqual(pixels);
    expect(greyOf(encode({ width, height, data: deep, channels: 1, depth: 16 }))).toEqual(pixels);
    expect(greyOf(encode({ width, height, data: clear, channels: 4 }))).toEqual(
      new Uint8Array(width * height).fill(255),
    );
  });

  it('say their resolution, 500 dpi when they do not', () => {
    const plain = encode({ width, height, data: pixels, channels: 1 });
    expect(readPng(plain)).toMatchObject({ ok: true, value: { dpi: 500 } });
    expect(readPng(withResolution(plain, 22402))).toMatchObject({ ok: true, value: { dpi: 569 } });
    // 72 dpi: what programs for pictures write of anything
    expect(readPng(withResolution(plain, 2835))).toMatchObject({ ok: true, value: { dpi: 500 } });
  });

  it('of four bits, as serial modules give, hold two pixels a byte', () => {
    const rows = Uint8Array.of(0, 0x0f, 0x80, 0, 0xa1, 0x70);
    expect(readPng(pngOf({ width: 3, height: 2, depth: 4, colour: 0, rows }))).toMatchObject({
      ok: true,
      value: { pixels: Uint8Array.of(0, 255, 136, 170, 17, 119) },
    });
  });

  it('that hold more than they promise, or a colour nobody named, are unreadable', () => {
    const bomb = { width: 40, height: 30, depth: 8, colour: 0, rows: new Uint8Array(1_000_000) };
    expect(codeOf(readPng(pngOf(bomb)))).toBe('image_unreadable');
    const palette = pngChunk('PLTE', Uint8Array.of(1, 2, 3));
    const rows = Uint8Array.of(0, 0, 1);
    expect(codeOf(readPng(pngOf({ width: 2, height: 1, depth: 8, colour: 3, rows, palette })))).toBe(
      'image_unreadable',
    );
  });

  it('that promise a huge picture are refused before they are unpacked', () => {
    const file = encode({ width, height, data: pixels, channels: 1 });
    const view = new DataView(file.buffer, file.byteOffset);
    view.setUint32(16, 10_000);
    view.setUint32(20, 10_000);
    expect(codeOf(readPng(file))).toBe('image_too_large');
  });

  it('cut short anywhere, or no PNG at all, are unreadable', () => {
    const file = encode({ width, height, data: pixels, channels: 1 });
    for (let length = 0; length < file.length - 12; length += 3) {
      expect(codeOf(readPng(file.subarray(0, length)))).toBe('image_unreadable');
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(codeOf(readPng(noise))).toBe('image_unreadable');
        expect(codeOf(readPng(Uint8Array.of(...file.subarray(0, 33), ...noise)))).toBe('image_unreadable');
      }),
    );
  });
});

/** The file with a pHYs chunk after its header. */
function withResolution(file: Uint8Array, perMetre: number): Uint8Array {
  const content = new Uint8Array(9);
  const view = new DataView(content.buffer);
  view.setUint32(0, perMetre);
  view.setUint32(4, perMetre);
  content[8] = 1;
  return Buffer.concat([file.subarray(0, 33), pngChunk('pHYs', content), file.subarray(33)]);
}

/** `rows`: each with its filter byte, unpacked. */
function pngOf(of: {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: number;
  readonly rows: Uint8Array;
  readonly palette?: Uint8Array;
}): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, of.width);
  view.setUint32(4, of.height);
  header.set([of.depth, of.colour], 8);
  return Buffer.concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    pngChunk('IHDR', header),
    of.palette ?? new Uint8Array(),
    pngChunk('IDAT', deflateSync(of.rows)),
    pngChunk('IEND', new Uint8Array()),
  ]);
}

function pngChunk(type: string, content: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(12 + content.length);
  chunk.writeUInt32BE(content.length);
  chunk.write(type, 4, 'latin1');
  chunk.set(content, 8);
  chunk.writeUInt32BE(crc(chunk.subarray(4, 8 + content.length)), 8 + content.length);
  return chunk;
}

function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return (value ^ 0xffffffff) >>> 0;
}
