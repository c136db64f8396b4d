// What goes into a frame comes out of it, byte for byte, whatever the program that wrote it knew.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hexOf, WireError } from '../../../shared/sync/bytes.ts';
import { type Draft, encodeChange } from '../../../shared/sync/codec.ts';
import { packRuns, readRuns, restore } from '../../../shared/sync/pack.ts';
import type { Run } from '../../../shared/sync/port.ts';
import { makeHlc } from '../../../shared/time/hlc.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { sha256 } from './support/zstd.ts';

const uuid = fc.uuid();
const text = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((t) => t.isWellFormed());
const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    uuid,
    fc.maxSafeInteger(),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .filter((x) => !Number.isInteger(x) || Number.isSafeInteger(x)),
    fc.double({ min: -100, max: 100, noNaN: true }).map((x) => Math.round(x * 10) / 10),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 40 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
})).value;
const draft = fc.record({
  hlcMs: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
  counter: fc.nat(0xffff),
  wall: fc.oneof(fc.maxSafeInteger(), fc.integer({ min: 0, max: 2 ** 42 })),
  author: fc.option(fc.oneof(uuid, text)),
  session: fc.option(fc.oneof(uuid, text)),
  app: text,
  kind: fc.oneof(fc.constantFrom('patient.register', 'note.write'), text),
  v: fc.nat(3),
  subject: fc.record({ type: text, id: fc.oneof(uuid, text) }),
  patient: fc.option(fc.oneof(uuid, text)),
  refs: fc.array(
    fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.oneof(uuid, text)).map(([t, id]) => `${t}:${id}` as const),
    { maxLength: 3 },
  ),
  body: fc
    .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 99_999 }), value), { selector: ([n]) => n, maxLength: 6 })
    .map((fields) => Object.fromEntries(fields.map(([n, v]) => [`#${n}`, v]))),
});
const feed = fc.record({
  station: fc.stringMatching(/^[0-9a-f]{32}$/),
  incarnation: fc.integer({ min: 1, max: 70_000 }),
  lane: fc.constantFrom(0 as const, 1 as const, 2 as const),
  skip: fc.nat(3),
});

type Feed = typeof feed extends fc.Arbitrary<infer T> ? T : never;
type Written = typeof draft extends fc.Arbitrary<infer T> ? T : never;

/** A chain of which `skip` changes are held by the receiver already. */
function chainOf({ skip, ...name }: Feed, drafts: readonly Written[]): Run {
  let prev = '0'.repeat(64);
  const stored = drafts.map(({ hlcMs, counter, ...rest }, i) => {
    const change: Draft = { ...name, ...rest, seq: i + 1, prev, hlc: makeHlc(hlcMs, counter) };
    const bytes = encodeChange(change, undefined);
    prev = hexOf(sha256(bytes));
    return bytes;
  });
  const from = Math.min(skip, stored.length - 1);
  return { feed: name, firstSeq: from + 1, stored: stored.slice(from), before: stored[from - 1] ?? null };
}

const chains = fc.array(fc.tuple(feed, fc.array(draft, { minLength: 1, maxLength: 8 })), {
  minLength: 1,
  maxLength: 4,
});
const runsOf = (made: readonly [Feed, Written[]][]): Run[] => made.map(([f, drafts]) => chainOf(f, drafts));

it('gives back exactly the stored forms it was given, and their heads', () => {
  fc.assert(
    fc.property(chains, (made) => {
      const runs = runsOf(made);
      const { plain, heads, changes } = packRuns(runs, sha256);
      expect(readRuns(plain).map((r) => ({ feed: r.feed, firstSeq: r.firstSeq, count: r.count }))).toEqual(
        runs.map((r) => ({ feed: r.feed, firstSeq: r.firstSeq, count: r.stored.length })),
      );
      const back = restore(
        plain,
        runs.map((r) => r.before),
        sha256,
      );
      expect(back.refused).toEqual([]);
      expect(back.runs.flatMap((r) => r.stored.map(hexOf))).toEqual(runs.flatMap((r) => r.stored.map(hexOf)));
      expect(back.heads.map((h) => h.hash)).toEqual(heads.map((h) => h.hash));
      expect(changes).toBe(runs.reduce((n, r) => n + r.stored.length, 0));
    }),
    { numRuns: propertyRuns(120) },
  );
});

it('carries bytes that no codec of today would write as they are', () => {
  const odd = Uint8Array.of(0x9f, 1, 2, 3);
  const run: Run = {
    feed: { station: 'ab'.repeat(16), incarnation: 1, lane: 0 },
    firstSeq: 1,
    stored: [odd],
    before: null,
  };
  const { plain } = packRuns([run], sha256);
  expect(restore(plain, [null], sha256).runs[0]?.stored[0]).toEqual(odd);
});

it('does not believe a run that was written against another change than the one held here', () => {
  fc.assert(
    fc.property(draft, draft, draft, (a, b, c) => {
      // a clock so wild that the change travels as it is: then the store finds out, not the frame
      fc.pre(JSON.stringify(a) !== JSON.stringify(c) && Math.abs(b.wall) < 2 ** 42);
      const name = { station: 'cd'.repeat(16), incarnation: 1, lane: 1 as const };
      const theirs = chainOf({ ...name, skip: 1 }, [a, b]);
      const ours = chainOf({ ...name, skip: 0 }, [c]);
      const { plain } = packRuns([theirs], sha256);
      const held = ours.stored[0] ?? null;
      const { runs, refused } = restore(plain, [held], sha256);
      expect(runs).toEqual([]);
      expect(refused).toMatchObject([{ seq: 2, reason: 'broken_chain', kept: hexOf(sha256(held!)) }]);
      expect(restore(plain, [null], sha256).refused).toMatchObject([{ seq: 2, reason: 'gap' }]);
    }),
  );
});

it('writes a second run of a feed against the first one of the same frame', () => {
  const whole = chainOf(
    { station: 'ef'.repeat(16), incarnation: 3, lane: 2, skip: 0 },
    fc.sample(draft, { numRuns: 6, seed: 1 }),
  );
  const [first, second] = [
    { ...whole, stored: whole.stored.slice(0, 3) },
    { ...whole, firstSeq: 4, stored: whole.stored.slice(3), before: whole.stored[2] ?? null },
  ];
  const { plain } = packRuns([first, second], sha256);
  const back = restore(plain, [null, null], sha256);
  expect(back.refused).toEqual([]);
  expect(back.runs.flatMap((r) => r.stored)).toEqual(whole.stored.map((s) => new Uint8Array(s)));
});

it('answers bytes that are no frame with a WireError, never with anything else', () => {
  fc.assert(
    fc.property(
      chains,
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      (made, flips) => {
        const runs = runsOf(made);
        const plain = packRuns(runs, sha256).plain.slice();
        for (const [at, byte] of flips) plain[at % plain.length] = byte;
        try {
          const headers = readRuns(plain);
          restore(
            plain,
            headers.map((_, i) => runs[i]?.before ?? null),
            sha256,
          );
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      },
    ),
    { numRuns: propertyRuns(400) },
  );
});
