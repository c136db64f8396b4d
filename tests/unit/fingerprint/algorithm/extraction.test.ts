import { describe, expect, it } from 'vitest';
import { extract } from '../../../../electron/fingerprint/extraction/index.ts';
import { createRandom, touch } from '../../../../electron/fingerprint/synthetic/index.ts';
import { createField } from '../../../../electron/fingerprint/synthetic/random.ts';
import { decodeTemplate, encodeTemplate } from '../../../../electron/fingerprint/template.ts';
import type { FingerImage } from '../../../../electron/fingerprint/types.ts';
import { finger, picture } from './prints.ts';

const codeOf = (image: FingerImage): string => {
  const extraction = extract(image);
  return extraction.ok ? 'read' : extraction.error.code;
};

describe('a picture of a finger', () => {
  const image = touch(finger(1), { seed: 3 });

  it('gives minutiae inside the picture, best first, at most a hundred', () => {
    const extraction = extract(image);
    if (!extraction.ok) throw new Error(extraction.error.code);
    const { minutiae, width, height } = extraction.value.template;
    expect(minutiae.length).toBeGreaterThan(25);
    expect(minutiae.length).toBeLessThanOrEqual(100);
    for (const { x, y, angle, quality } of minutiae) {
      expect(x >= 0 && x < width && y >= 0 && y < height).toBe(true);
      expect(Number.isInteger(x) && Number.isInteger(y)).toBe(true);
      expect(angle >= 0 && angle < 2 * Math.PI).toBe(true);
      expect(quality >= 1 && quality <= 100).toBe(true);
    }
    const qualities = minutiae.map(({ quality }) => quality);
    expect(qualities).toEqual([...qualities].sort((a, b) => b - a));
  });

  it('gives the same template every time, whatever was read before', () => {
    const first = extract(image);
    extract(touch(finger(2), { seed: 9, dpi: 700, width: 420, height: 520 }));
    expect(extract(image)).toEqual(first);
  });

  it('is left as it was', () => {
    const before = image.pixels.slice();
    extract(image);
    expect(image.pixels).toEqual(before);
  });

  it('scores a dry, faint, small touch lower than a whole one and says what to do', () => {
    const good = extract(image);
    const poor = extract(
      touch(finger(1), { seed: 4, area: 0.5, moisture: -1, noise: 22, shift: { x: 70, y: 90 } }),
    );
    if (!good.ok || !poor.ok) throw new Error('not read');
    expect(good.value.quality.score).toBeGreaterThan(85);
    expect(good.value.quality.hints).toEqual([]);
    expect(poor.value.quality.score).toBeLessThan(good.value.quality.score - 20);
    expect(poor.value.quality.hints).toContain('centre_finger');
    expect(poor.value.quality.area).toBeLessThan(good.value.quality.area);
  });
});

it('any touch of any size, resolution and condition gives a template that can be kept, or a code', {
  timeout: 60_000,
}, () => {
  const random = createRandom(7);
  const seen = new Map<string, number>();
  for (let i = 0; i < 32; i++) {
    const dpi = [250, 363, 500, 508, 569, 700, 1000, 1300][i % 8]!;
    const pixels = (from: number, to: number): number => Math.round((random.between(from, to) * dpi) / 500);
    const image = touch(finger((i % 3) + 1), {
      seed: i,
      dpi,
      width: pixels(100, 320),
      height: pixels(100, 400),
      rotation: random.normal(1),
      shift: { x: random.normal(30), y: random.normal(30) },
      moisture: random.between(-1, 1),
      pressure: random.between(-1, 1),
      noise: random.between(0, 40),
      levels: i % 4 ? 256 : 16,
      area: random.between(0.3, 1.2),
    });
    if (i % 7 === 0) image.pixels.fill(255, 0, image.pixels.length / 2);
    const extraction = extract(image);
    const code = extraction.ok ? 'read' : extraction.error.code;
    seen.set(code, (seen.get(code) ?? 0) + 1);
    if (!extraction.ok) continue;
    const { template, quality } = extraction.value;
    expect(decodeTemplate(encodeTemplate(template))).toEqual({ ok: true, value: template });
    expect(quality.score >= 0 && quality.score <= 100 && quality.area > 0 && quality.area <= 1).toBe(true);
  }
  expect([...seen.keys()].sort()).toEqual(['image_no_finger', 'read']);
  expect(seen.get('read')).toBeGreaterThan(20);
});

describe('what is no finger is refused', () => {
  const random = createRandom(5);
  const blobs = createField(9, 4);
  const scene = [128, 64, 32, 16, 8, 4, 2].map((step) => ({ step, field: createField(step, step) }));
  /** Light, shade and detail of every size, an object with hard edges: what photographs share. */
  const photograph = (x: number, y: number): number =>
    128 +
    scene.reduce((sum, { step, field }) => sum + field(x, y) * step * 0.6, 0) +
    (x > 150 && y > 100 && y < 300 ? 60 : 0) -
    ((x - 90) ** 2 + (y - 120) ** 2 < 2500 ? 80 : 0);
  const letter = (x: number, y: number): number => {
    if (x % 9 > 6 || y % 16 > 11) return 255;
    const glyph = Math.floor(x / 9) * 31 + Math.floor(y / 16) * 17 + ((x % 9) >> 1) * 7 + (y % 16) * 13;
    return Math.imul(glyph, 0x9e3779b1) >>> 28 > 8 ? 20 : 255;
  };

  it.each<[string, FingerImage]>([
    ['blank glass', picture(() => 200)],
    ['a dark picture', picture(() => 0)],
    ['noise', picture(() => random.between(0, 255))],
    ['faint noise', picture(() => 128 + random.normal(8))],
    ['blobs as coarse as ridges', picture((x, y) => 128 + blobs(x, y) * 120)],
    ['a photograph', picture(photograph)],
    ['a photograph of another size', picture(photograph, 640, 480)],
    ['a shaded wall', picture((x, y) => x * 0.4 + y * 0.3)],
    ['a chequered cloth', picture((x, y) => (((x >> 3) + (y >> 3)) & 1 ? 230 : 20))],
    ['straight stripes', picture((x) => 128 + 100 * Math.sin((x * 2 * Math.PI) / 9))],
    ['rings', picture((x, y) => 128 + 100 * Math.sin((Math.hypot(x - 150, y - 200) * 2 * Math.PI) / 9))],
    ['printed letters', picture(letter)],
  ])('%s', (_name, image) => {
    expect(codeOf(image)).toBe('image_no_finger');
  });

  it('by size: one pixel, a postage stamp, a whole hand', () => {
    expect(codeOf(picture(() => 90, 1, 1))).toBe('image_too_small');
    expect(codeOf(picture(() => 90, 300, 90))).toBe('image_too_small');
    expect(codeOf(picture(() => 90, 1900, 1900))).toBe('image_too_large');
  });

  it('by nonsense: bytes that do not fill the picture, resolutions no reader has', () => {
    const whole = picture(() => 90);
    expect(codeOf({ ...whole, width: 301 })).toBe('image_unreadable');
    for (const dpi of [0, -500, 72, 5000, Number.NaN]) {
      expect(codeOf({ ...whole, dpi })).toBe('image_unreadable');
    }
  });
});
