import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cameraFault,
  fitted,
  initials,
  mostHigh,
  mostWide,
  portraitOf,
} from '../../../renderer/parts/photo/rules.ts';

describe('a photo on the page', () => {
  it('is made as small as the core wants it, in its own shape, and never larger than it was', () => {
    expect(fitted({ width: 960, height: 1280 })).toEqual({ width: 480, height: 640 });
    expect(fitted({ width: 4000, height: 3000 })).toEqual({ width: 480, height: 360 });
    expect(fitted({ width: 120, height: 160 })).toEqual({ width: 120, height: 160 });
    const side = fc.integer({ min: 1, max: 20_000 });
    fc.assert(
      fc.property(side, side, (width, height) => {
        const to = fitted({ width, height });
        expect(to.width).toBeGreaterThanOrEqual(1);
        expect(to.height).toBeGreaterThanOrEqual(1);
        expect(to.width).toBeLessThanOrEqual(Math.min(mostWide, width));
        expect(to.height).toBeLessThanOrEqual(Math.min(mostHigh, height));
      }),
    );
  });

  it('is the middle of a camera’s wide picture', () => {
    expect(portraitOf({ width: 1280, height: 960 })).toEqual({ x: 280, y: 0, width: 720, height: 960 });
    expect(portraitOf({ width: 480, height: 1000 })).toEqual({ x: 0, y: 180, width: 480, height: 640 });
  });

  it.each([
    ['Lò Thị Mơ', 'LM'],
    ['  Đặng   Ân ', 'ĐÂ'],
    ['Ê', 'Ê'],
    ['Chưa rõ 2601A00001', 'CA'],
    ['1 2', ''],
    ['', ''],
  ])('has the letters of the family and the given name in its place: %s', (name, letters) => {
    expect(initials(name)).toBe(letters);
  });

  it('that a camera does not give is for one of three reasons', () => {
    expect(cameraFault('NotFoundError')).toBe('missing');
    expect(cameraFault('OverconstrainedError')).toBe('missing');
    expect(cameraFault('NotReadableError')).toBe('busy');
    expect(cameraFault('NotAllowedError')).toBe('refused');
  });
});
