// The code a printed paper is found by.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lookupCode, qrSvg, qrText } from '../../../electron/print/lookup.ts';

const sha256 = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));

it('is three groups of four signs that nobody mistakes for another', () => {
  fc.assert(
    fc.property(sha256, (hash) => {
      expect(lookupCode(hash)).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
    }),
  );
});

it('is the first 60 bits of the hash', () => {
  expect(lookupCode('0'.repeat(64))).toBe('0000-0000-0000');
  expect(lookupCode('f'.repeat(64))).toBe('ZZZZ-ZZZZ-ZZZZ');
  expect(lookupCode(`0000000000000010${'0'.repeat(48)}`)).toBe('0000-0000-0001');
  expect(lookupCode(`000000000000000f${'f'.repeat(48)}`)).toBe('0000-0000-0000');
  expect(lookupCode(`8${'0'.repeat(63)}`)).toBe('G000-0000-0000');
});

it('stands in the QR beside the whole hash, in capitals only', () => {
  const hash = 'ab12cd34'.repeat(8);
  expect(qrText(lookupCode(hash), hash)).toBe(`TRAM:${lookupCode(hash)}:${hash.toUpperCase()}`);
  expect(qrText(lookupCode(hash), hash)).toMatch(/^[0-9A-Z $%*+\-./:]+$/);
});

it('is small enough that a module stays wider than a third of a millimetre', () => {
  const hash = 'ab12cd34'.repeat(8);
  const svg = qrSvg(qrText(lookupCode(hash), hash), 13);
  const modules = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1]);
  expect(13 / modules).toBeGreaterThan(0.33);
  expect(svg).toContain('width="13mm"');
});
