// Every frame is read back as it was written; nothing else is ever read as a frame, and nothing makes a reader crash.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WireError } from '../../../shared/sync/bytes.ts';
import { decodeHello, decodeWelcome, encodeHello, encodeWelcome } from '../../../shared/sync/hello.ts';
import type { Hello, Welcome } from '../../../shared/sync/session-types.ts';
import { compareFeeds, decodeFrame, encodeFrame, type Frame } from '../../../shared/sync/wire.ts';
import { propertyRuns } from '../support/property-runs.ts';

const hex = (bytes: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
const count = fc.oneof(fc.nat(300), fc.nat({ max: Number.MAX_SAFE_INTEGER }));
const positive = count.map((n) => Math.max(1, n));
const lane = fc.constantFrom(0 as const, 1 as const, 2 as const);
const feed = fc.record({ station: hex(16), incarnation: fc.nat(2 ** 31), lane });
const bytes = fc.uint8Array({ maxLength: 300 });
const marks = fc
  .uniqueArray(
    fc.tuple(feed, positive, hex(16)).map(([name, seq, hash16]) => ({ ...name, seq, hash16 })),
    { maxLength: 6, selector: (m) => `${m.station}.${m.incarnation}.${m.lane}` },
  )
  .map((all) => all.sort(compareFeeds));
const rising = (limit: number, least = 0) =>
  fc
    .uniqueArray(fc.integer({ min: least, max: limit }), { maxLength: 8 })
    .map((all) => all.sort((a, b) => a - b));
const state = fc.option(fc.record({ fingerprint: hex(8), digest: hex(32) }));
const seqs = fc.tuple(count, count, count);

const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ type: fc.constant('ack' as const), number: positive, proof: hex(16), missing: rising(4000) }),
  fc
    .record({
      type: fc.constant('changes' as const),
      lane,
      compressed: fc.boolean(),
      dictionary: fc.boolean(),
      context: fc.boolean(),
      cursor: count,
      payload: bytes,
    })
    .map((f) => (f.compressed ? f : { ...f, dictionary: false, context: false })),
  fc.record({ type: fc.constant('need' as const), feed, from: positive }),
  fc.record({ type: fc.constant('fork' as const), feed, seq: positive, hash16: hex(16) }),
  fc.record({
    type: fc.constant('refused' as const),
    feed,
    seq: positive,
    reason: fc.constantFrom('unreadable' as const, 'gap' as const, 'fork' as const, 'broken_chain' as const),
  }),
  fc.record({ type: fc.constant('vector' as const), answer: fc.boolean(), heads: marks }),
  fc.record({ type: fc.constant('digest' as const), answer: fc.boolean(), vector: hex(16), state }),
  fc.record({ type: fc.constant('ping' as const), sent: count }),
  fc.record({ type: fc.constant('pong' as const), sent: count, wall: count }),
  fc.record({ type: fc.constant('cursor' as const), at: seqs }),
  fc.record({ type: fc.constant('provinceHolds' as const), heads: marks }),
  fc.record({
    type: fc.constant('bye' as const),
    code: fc.constantFrom('closed' as const, 'busy' as const, 'internal' as const, 'update_needed' as const),
    retryAfterMs: count,
    detail: fc.string({ maxLength: 60 }),
  }),
  fc.record({ type: fc.constant('askHashes' as const), id: count, feed, seqs: rising(2 ** 40, 1) }),
  fc.record({
    type: fc.constant('hashes' as const),
    id: count,
    hashes: fc.array(fc.option(hex(16)), { maxLength: 6 }),
  }),
  fc.record({ type: fc.constant('lookup' as const), id: count, question: bytes }),
  fc.record({ type: fc.constant('found' as const), id: count, answer: bytes }),
  fc.array(hex(32), { minLength: 1, maxLength: 4 }).chain((chunks) =>
    fc.record({
      type: fc.constant('offer' as const),
      blob: hex(32),
      bytes: fc.integer({ min: (chunks.length - 1) * 32_768 + 1, max: chunks.length * 32_768 }),
      chunks: fc.constant(chunks),
    }),
  ),
  fc.record({ type: fc.constant('have' as const), blob: hex(32), bitmap: fc.option(bytes) }),
  fc.record({
    type: fc.constant('want' as const),
    id: count,
    blob: hex(32),
    manifest: fc.boolean(),
    chunks: rising(32_767),
  }),
  fc.record({
    type: fc.constant('chunk' as const),
    id: count,
    chunk: fc.nat(32_767),
    offset: fc.nat(32_767),
    last: fc.boolean(),
    bytes,
  }),
);

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
