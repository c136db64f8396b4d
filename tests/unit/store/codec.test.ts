import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../electron/store/crypto.ts';
import type { EntityRef, Lane } from '../../../shared/model/change.ts';
import {
  CodecError,
  type Draft,
  decodeChange,
  decodeForeign,
  encodeChange,
  MAX_STORED_BYTES,
} from '../../../shared/sync/codec.ts';
import { parseHlc } from '../../../shared/time/hlc.ts';

const fields = ['name', 'place', 'list', 'more'];
const kind = { fields };
const known = () => kind;
const unknown = () => undefined;

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((b) => Buffer.from(b).toString('hex'));
const words = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.uuid(),
  fc.constantFrom('', 'Đặng Thị Ấm', 'Đặng'.normalize('NFD')),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Number.isInteger(n)),
    words,
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(words, tie('any'), { maxKeys: 4 }),
  ),
})).any;
const draft: fc.Arbitrary<Draft> = fc.record({
  station: hex(16),
  incarnation: fc.nat(1000),
  lane: fc.constantFrom<Lane>(0, 1, 2),
  seq: fc.integer({ min: 1, max: 2 ** 40 }),
  prev: hex(32),
  hlc: hex(8).map(parseHlc),
  wall: fc.maxSafeInteger(),
  author: fc.option(words),
  session: fc.option(words),
  app: words,
  kind: words,
  v: fc.nat(99),
  subject: fc.record({ type: words, id: words }),
  patient: fc.option(words),
  refs: fc.array(
    fc.tuple(fc.constantFrom('patient', 'bed'), words).map(([t, id]): EntityRef => `${t}:${id}`),
    { maxLength: 3 },
  ),
  body: fc.dictionary(fc.constantFrom(...fields, '#5', '#77'), value),
});

/** Objects with their members the other way round, which must not matter. */
const reversed = (v: unknown): unknown =>
  Array.isArray(v)
    ? v.map(reversed)
    : v !== null && typeof v === 'object'
      ? Object.fromEntries(
          Object.entries(v)
            .reverse()
            .map(([k, x]) => [k, reversed(x)]),
        )
      : v;

describe('the stored form of a change', () => {
  it('gives back what was put in', () => {
    fc.assert(
      fc.property(draft, (d) => {
        const bytes = encodeChange(d, kind);
        expect(decodeForeign(bytes, 'h', known)).toEqual({ ...d, hash: 'h' });
      }),
    );
  });

  it('is the same bytes for the same facts, whatever the order of members', () => {
    fc.assert(
      fc.property(draft, (d) => {
        const turned = { ...d, body: reversed(d.body) as Draft['body'] };
        expect(sha256Hex(encodeChange(turned, kind))).toBe(sha256Hex(encodeChange(d, kind)));
      }),
    );
  });

  it('survives programs that do not know its kind or some of its fields, byte for byte', () => {
    fc.assert(
      fc.property(draft, (d) => {
        const bytes = encodeChange(d, kind);
        for (const reader of [unknown, () => ({ fields: ['name'] })]) {
          const { hash: _, ...seen } = decodeForeign(bytes, 'h', reader);
          expect(Buffer.from(encodeChange(seen, reader())).equals(bytes)).toBe(true);
        }
      }),
    );
  });

  it('never throws anything but CodecError on bytes from outside', () => {
    const attempt = (bytes: Uint8Array) => {
      try {
        decodeForeign(bytes, 'h', unknown);
      } catch (error) {
        expect(error).toBeInstanceOf(CodecError);
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), attempt));
    fc.assert(
      fc.property(draft, fc.nat(), fc.nat(255), (d, at, byte) => {
        const bytes = encodeChange(d, kind);
        bytes[at % bytes.length] = byte;
        attempt(bytes);
        attempt(bytes.subarray(0, at % bytes.length));
      }),
    );
    attempt(new Uint8Array(200_000).fill(0x81));
    attempt(new Uint8Array(MAX_STORED_BYTES + 1));
  });

  it('has this layout, which other programs rely on', () => {
    const bytes = encodeChange(
      {
        station: '000102030405060708090a0b0c0d0e0f',
        incarnation: 1,
        lane: 0,
        seq: 2,
        prev: 'ff'.repeat(32),
        hlc: parseHlc('0199c82a00000001'),
        wall: 1_762_045_200_000,
        author: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
        session: null,
        app: '0.1.0',
        kind: 'thing.open',
        v: 1,
        subject: { type: 'thing', id: 'x' },
        patient: null,
        refs: ['bed:7'],
        body: { place: 'p', name: 'Hoa', more: { b: 1.5, a: [true] } },
      },
      kind,
    );
    expect(Buffer.from(bytes).toString('hex')).toBe(
      [
        '92', // 18 items
        '01', // format
        '50000102030405060708090a0b0c0d0e0f', // station
        '010002', // incarnation, lane, seq
        `5820${'ff'.repeat(32)}`, // prev
        '480199c82a00000001', // hybrid clock
        '1b0000019a42140680', // wall
        'd825506f9619ff8b864011b42d00c04fc964ff', // author: tag 37, 16 bytes
        'f6', // session
        '65302e312e30', // app
        '6a7468696e672e6f70656e01', // kind, v
        '657468696e676178', // subject
        'f6', // patient
        '818263626564' + '6137', // refs
        'a301' + '63486f61' + '026170' + '04a2616181f56162f93e00', // body: 1 name, 2 place, 4 more
      ].join(''),
    );
  });

  it.each([
    ['a field without a number', { nobody: 1 }],
    ['two fields of one number', { name: 1, '#1': 2 }],
    ['NaN', { name: Number.NaN }],
    ['infinity', { name: Number.POSITIVE_INFINITY }],
    ['an integer beyond exactness', { name: 2 ** 60 }],
    ['a broken surrogate', { name: '\ud800' }],
    ['a broken surrogate in a member name', { name: { '\udfff': 1 } }],
    ['a function', { name: () => 1 }],
    ['too much', { name: 'x'.repeat(MAX_STORED_BYTES) }],
  ])('refuses to write %s', (_, body) => {
    const [d] = fc.sample(draft, { numRuns: 1, seed: 1 });
    expect(() => encodeChange({ ...d!, body }, kind)).toThrow(CodecError);
  });

  it('reads a member called __proto__ as data', () => {
    const [d] = fc.sample(draft, { numRuns: 1, seed: 1 });
    const body = { name: JSON.parse('{"__proto__": {"admin": true}}') as unknown };
    const back = decodeChange(encodeChange({ ...d!, body }, kind), 'h', known).body.name as object;
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
    expect(Object.keys(back)).toEqual(['__proto__']);
  });
});
