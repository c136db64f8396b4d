// Open lengths and octets in pieces become DER, and nothing else does; no bytes from elsewhere may do more than be refused.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closed } from '../../../../electron/signing/cms/ber.ts';
import { readSignedData, verifyCades } from '../../../../electron/signing/cms/index.ts';
import { DerFault, parsed } from '../../../../electron/signing/der/read.ts';
import { int, octets, oid, seq } from '../../../../electron/signing/der/write.ts';
import { verifyTimeStamp } from '../../../../electron/signing/tsp/index.ts';

const open = (tag: number, ...parts: readonly Uint8Array[]): Buffer =>
  Buffer.concat([Buffer.from([tag, 0x80]), ...parts, Buffer.from([0, 0])]);

describe('BER of other programs', () => {
  it('has its lengths closed and its octets joined', () => {
    const pieces = open(0x24, octets(Buffer.from('con')), octets(Buffer.from('tent')));
    expect(closed(open(0x30, int(1), open(0xa0, pieces)))).toEqual(
      seq(int(1), Buffer.from([0xa0, 9, 4, 7, ...Buffer.from('content')])),
    );
  });

  it('keeps what was DER inside byte for byte, and DER whole untouched', () => {
    const inner = seq(oid('1.2.840.113549.1.7.2'), octets(Buffer.alloc(300, 7)));
    expect(closed(open(0x30, inner))).toEqual(seq(inner));
    const badlyOrdered = Buffer.from('310602010202 0101'.replaceAll(' ', ''), 'hex');
    expect(closed(badlyOrdered)).toEqual(badlyOrdered);
  });

  it.each([
    ['an end that is missing', Buffer.from('30800201', 'hex')],
    ['bytes after the end', Buffer.concat([open(0x30, int(1)), Buffer.from([0])])],
    ['an open primitive', Buffer.from('308004800000', 'hex')],
    ['pieces that are no octets', open(0x30, open(0x24, int(1)))],
    ['a length beyond the end', Buffer.from('30800485ffffffffff0000', 'hex')],
    ['depth without end', Buffer.concat(Array.from({ length: 5_000 }, () => Buffer.from([0x30, 0x80])))],
  ])('with %s is refused', (_what, bytes) => {
    expect(() => closed(bytes)).toThrow(DerFault);
  });
});

describe('bytes from anywhere', () => {
  const judge = {
    now: () => 0,
    judge: async () => ({ state: 'valid' as const, reasons: [], path: [], revocation: null }),
  };
  /** Trees of BER and DER, with lengths that lie now and then. */
  const node: fc.Memo<Buffer> = fc.memo((depth) => {
    const leaf = fc
      .tuple(
        fc.constantFrom(2, 3, 4, 5, 6, 12, 0x17, 0x18, 0x80),
        fc.uint8Array({ maxLength: 12 }),
        fc.integer({ min: -1, max: 1 }),
      )
      .map(([tag, contents, lie]) =>
        Buffer.from([
          tag,
          Math.max(0, contents.length + (lie === 1 && contents.length > 9 ? 1 : 0)),
          ...contents,
        ]),
      );
    if (depth <= 1) return leaf;
    const inner = fc
      .tuple(
        fc.constantFrom(0x30, 0x31, 0x24, 0xa0, 0xa1),
        fc.array(node(depth - 1), { maxLength: 5 }),
        fc.boolean(),
      )
      .map(([tag, parts, isOpen]) => {
        const contents = Buffer.concat(parts);
        return isOpen || contents.length > 127
          ? open(tag, contents)
          : Buffer.from([tag, contents.length, ...contents]);
      });
    return fc.oneof(leaf, inner);
  });

  it('are refused and never throw anything else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 200 }), node(6)), async (bytes) => {
        expect(parsed(() => readSignedData(bytes))).toBeNull();
        expect(await verifyCades(bytes, null, judge)).toMatchObject([{ state: 'invalid' }]);
        expect(await verifyTimeStamp(bytes, Buffer.alloc(0), judge)).toMatchObject({ state: 'invalid' });
      }),
      { numRuns: 2_000 },
    );
  });
});
