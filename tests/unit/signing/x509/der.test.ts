import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  integerOf,
  namedBitsOf,
  oidOf,
  parsed,
  readDer,
  textOf,
  timeOf,
} from '../../../../electron/signing/der/read.ts';
import * as write from '../../../../electron/signing/der/write.ts';

const read = (hex: string) => parsed(() => readDer(Buffer.from(hex, 'hex')));

describe('reading DER', () => {
  it.each([
    ['an indefinite length', '30800201050000'],
    ['a length longer than needed', '3081030201 05'.replaceAll(' ', '')],
    ['a length with leading zeros', `30820003020105`],
    ['bytes after the end', '020105ff'],
    ['bytes missing at the end', '0202 05'.replaceAll(' ', '')],
    ['nothing', ''],
    ['an integer with a leading zero', '02020001'],
    ['an integer with leading ones', '0202ff80'],
    ['an empty integer', '0200'],
    ['a boolean that is neither 00 nor ff', '010101'],
    ['a null with contents', '050100'],
    ['a split octet string', '2404040201ff'],
    ['a flat sequence', '1003020105'],
    ['unused bits that are set', '0302 0101'.replaceAll(' ', '')],
    ['unused bits of an empty bit string', '030107'],
    ['eight unused bits', '03020800'],
    ['an object identifier whose arc begins with 80', '06042a800301'],
    ['an object identifier cut off', '06022a86'],
    ['an empty object identifier', '0600'],
    ['text that is not UTF-8', '0c02c328'],
    ['a set out of order', '3106020102020101'],
    ['a high tag number', '1f8101020105'],
    ['an end-of-contents inside', '30020000'],
    ['half a character of a BMPString', '1e0100'],
  ])('refuses %s', (_, hex) => {
    expect(read(hex)).toBeNull();
  });

  it('refuses what is nested deeper than any structure', () => {
    let der = write.nul();
    for (let i = 0; i < 100; i++) der = write.seq(der);
    expect(parsed(() => readDer(der))).toBeNull();
  });

  it('takes a set in any order where only its reader cares', () => {
    const der = Buffer.from('3106020102020101', 'hex');
    expect(parsed(() => readDer(der, { anySetOrder: true }))?.children.length).toBe(2);
  });

  it('refuses named bits that end in zeros', () => {
    expect(parsed(() => namedBitsOf(readDer(Buffer.from('03020080', 'hex'))))).toBeNull();
    expect([...(parsed(() => namedBitsOf(readDer(Buffer.from('03020780', 'hex')))) ?? [])]).toEqual([0]);
  });

  it.each([
    ['170d3236313132323031303230335a', Date.UTC(2026, 10, 22, 1, 2, 3)],
    ['170d3439313233313233353935395a', Date.UTC(2049, 11, 31, 23, 59, 59)],
    ['170d3530303130313030303030305a', Date.UTC(1950, 0, 1)],
    ['180f32303530303130313030303030305a', Date.UTC(2050, 0, 1)],
    // no seconds; another zone; a fraction; 30 February; 24 o'clock
    ['170b323631313232303130325a', null],
    ['17113236313132323031303230332b30373030', null],
    ['181132303236313132323031303230332e355a', null],
    ['170d3236303233303031303230335a', null],
    ['170d3236313132323234303030305a', null],
  ])('reads the time %s as %s', (hex, expected) => {
    expect(parsed(() => timeOf(readDer(Buffer.from(hex, 'hex'))))).toBe(expected);
  });

  it('reads a fraction of a second only where a time-stamp has one', () => {
    const der = Buffer.from('181132303236313132323031303230332e355a', 'hex');
    expect(timeOf(readDer(der), { fraction: true })).toBe(Date.UTC(2026, 10, 22, 1, 2, 3, 500));
  });

  it('never takes anything else for the value it was given: what is read writes back to the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), (bytes) => {
        const der = parsed(() => readDer(bytes));
        if (der === null) return;
        if (der.tag === 0x02) expect(write.int(integerOf(der))).toEqual(der.bytes);
        if (der.tag === 0x06) expect(write.oid(oidOf(der))).toEqual(der.bytes);
        if (der.tag === 0x0c) expect(write.utf8(textOf(der))).toEqual(der.bytes);
        expect(write.tlv(der.tag, der.contents)).toEqual(der.bytes);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('writing DER', () => {
  it('writes integers that are read back, as short as they can be', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 130n), max: 1n << 130n }), (value) => {
        expect(integerOf(readDer(write.int(value)))).toBe(value);
      }),
    );
    expect(write.int(Buffer.from('0000ff', 'hex')).toString('hex')).toBe('020200ff');
  });

  it('writes object identifiers that are read back', () => {
    const arcs = fc.tuple(
      fc.constantFrom(0n, 1n, 2n),
      fc.bigInt({ min: 0n, max: 39n }),
      fc.array(fc.bigInt({ min: 0n, max: 1n << 70n }), { minLength: 1, maxLength: 6 }),
    );
    fc.assert(
      fc.property(arcs, ([first, second, rest]) => {
        const dotted = [first, second, ...rest].join('.');
        expect(oidOf(readDer(write.oid(dotted)))).toBe(dotted);
      }),
    );
    expect(oidOf(readDer(write.oid('2.999.3')))).toBe('2.999.3');
  });

  it('writes times in the form of their year', () => {
    expect(write.time(Date.UTC(2049, 11, 31)).at(0)).toBe(0x17);
    expect(write.time(Date.UTC(2050, 0, 1)).at(0)).toBe(0x18);
    for (const at of [0, Date.UTC(2026, 10, 22, 4, 5, 6), Date.UTC(2070, 1, 3)])
      expect(timeOf(readDer(write.time(at)))).toBe(at);
  });

  it('sorts sets', () => {
    expect(read(write.set(write.int(5), write.int(3)).toString('hex'))?.children.length).toBe(2);
  });
});
