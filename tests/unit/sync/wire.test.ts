// Every frame is read back as it was written; nothing else is ever read as a frame, and nothing makes a reader crash.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WireError } from '../../../shared/sync/bytes.ts';
import { decodeHello, decodeWelcome, encodeHello, encodeWelcome } from '../../../shared/sync/hello.ts';
import type { Hello, Welcome } from '../../../shared/sync/session-types.ts';
import { decodeFrame, encodeFrame, type Frame, MAX_WALL } from '../../../shared/sync/wire.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { count, frame, hex, seqs } from './support/any-frame.ts';

const hello: fc.Arbitrary<Hello> = fc
  .record({
    protocol: fc.constant(1),
    station: hex(16),
    incarnation: count,
    ownSeqs: seqs,
    ownProof: hex(16),
    logId: fc.option(hex(8)),
    cursors: seqs,
    vector: hex(16),
    dictionaries: fc.array(hex(4), { maxLength: 4 }),
    app: fc.stringMatching(/^\d\.\d{1,3}\.\d$/),
    mode: fc.constantFrom('both' as const, 'deliver' as const),
  })
  .map((h) => (h.logId === null ? { ...h, cursors: [0, 0, 0] as const } : h));
const welcome: fc.Arbitrary<Welcome> = fc.record({
  protocol: fc.constant(1),
  station: hex(16),
  isProvince: fc.boolean(),
  logId: hex(8),
  heldSeqs: seqs,
  heldProof: hex(16),
  incarnation: count,
  sameVector: fc.boolean(),
  vectorsNeeded: fc.boolean(),
  dictionaries: fc.array(hex(4), { maxLength: 4 }),
  wall: count,
  app: fc.stringMatching(/^\d\.\d{1,3}\.\d$/),
  mode: fc.constantFrom('both' as const, 'deliver' as const),
});

it('reads every frame as it was written', () => {
  fc.assert(
    fc.property(frame, (f) => {
      expect(decodeFrame(encodeFrame(f))).toEqual(f);
    }),
    { numRuns: propertyRuns(400) },
  );
});

it('reads the first words as they were written', () => {
  fc.assert(
    fc.property(hello, welcome, (h, w) => {
      expect(decodeHello(encodeHello(h))).toEqual(h);
      expect(decodeWelcome(encodeWelcome(w))).toEqual(w);
    }),
  );
});

it('gives one meaning one form: what is read was written exactly so', () => {
  const flips = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
  fc.assert(
    fc.property(frame, flips, fc.nat(10), (f, changed, cut) => {
      const written = encodeFrame(f).slice();
      for (const [at, byte] of changed) written[at % written.length] = byte;
      const garbled = written.subarray(0, Math.max(1, written.length - cut));
      let back: Frame;
      try {
        back = decodeFrame(garbled);
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
        return;
      }
      expect(encodeFrame(back)).toEqual(new Uint8Array(garbled));
    }),
    { numRuns: propertyRuns(1_000) },
  );
});

it('answers random bytes with a WireError and nothing else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
      for (const read of [decodeFrame, decodeHello, decodeWelcome])
        try {
          read(noise);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
    }),
    { numRuns: propertyRuns(1_000) },
  );
});

it('reads no moment after which none could be written any more', () => {
  const told = (since: number): Frame => ({
    type: 'provinceHolds',
    whole: { id: 'ab'.repeat(8), since },
    heads: [],
  });
  expect(decodeFrame(encodeFrame(told(MAX_WALL)))).toEqual(told(MAX_WALL));
  expect(() => decodeFrame(encodeFrame(told(MAX_WALL + 1)))).toThrow(WireError);
});

it('reads of a protocol from tomorrow that it is another one, and nothing more', () => {
  const bytes = Uint8Array.of(9, 255, 255, 255);
  expect(decodeHello(bytes).protocol).toBe(9);
  expect(decodeWelcome(bytes).protocol).toBe(9);
});

it('keeps the first words of either side below 100 bytes', () => {
  const seen = [1, 2, 3].map(() => 1_000_000) as unknown as readonly [number, number, number];
  const common = { protocol: 1, station: 'ab'.repeat(16), app: '0.10.0', mode: 'both' as const };
  const h = encodeHello({
    ...common,
    incarnation: 3,
    ownSeqs: seen,
    ownProof: 'cd'.repeat(16),
    logId: 'ef'.repeat(8),
    cursors: seen,
    vector: '12'.repeat(16),
    dictionaries: ['01020304'],
  });
  const w = encodeWelcome({
    ...common,
    isProvince: true,
    logId: 'ef'.repeat(8),
    heldSeqs: seen,
    heldProof: 'cd'.repeat(16),
    incarnation: 3,
    sameVector: true,
    vectorsNeeded: false,
    dictionaries: ['01020304'],
    wall: 1_790_000_000_000,
  });
  expect([h.length, w.length].map((n) => n < 100)).toEqual([true, true]);
  // with the header's name, base64url, ws's request of 165 bytes and its answer of 129: below 700
  const header = (n: number): number => 'X-Tram: '.length + Math.ceil((n * 4) / 3) + 2;
  expect(header(h.length) + header(w.length) + 165 + 129).toBeLessThan(700);
});
