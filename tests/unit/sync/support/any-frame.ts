// Any frame the protocol allows.
import fc from 'fast-check';
import { compareFeeds, type Frame, MAX_WALL } from '../../../../shared/sync/wire.ts';

export const hex = (bytes: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
export const count = fc.oneof(fc.nat(300), fc.nat({ max: Number.MAX_SAFE_INTEGER }));
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
export const seqs = fc.tuple(count, count, count);

export const frame: fc.Arbitrary<Frame> = fc.oneof(
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
  fc.record({
    type: fc.constant('provinceHolds' as const),
    whole: fc.option(fc.record({ id: hex(8), since: fc.nat({ max: MAX_WALL }) })),
    heads: marks,
  }),
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
