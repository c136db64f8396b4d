// Structures of PKCS#11 in memory, on both kinds of platform, against offsets written down by hand.
import { describe, expect, it } from 'vitest';
import {
  abiOf,
  functionOffset,
  mechanismBytes,
  readTokenInfo,
  template,
  ulongs,
} from '../../../../electron/signing/tokens/abi.ts';

const linux = abiOf('linux', 'x64');
const windows = abiOf('win32', 'x64');
const windows32 = abiOf('win32', 'ia32');
const address = () => 0x1122334455667788n;
const address32 = () => 0x11223344n;

describe('layouts', () => {
  it('count in eight bytes on Linux and four on Windows', () => {
    expect(ulongs(linux, [1, 2]).bytes.toString('hex')).toBe('01000000000000000200000000000000');
    expect(ulongs(windows, [1, 2]).bytes.toString('hex')).toBe('0100000002000000');
    expect(ulongs(linux, [0xffffffffffffffffn]).get()).toBe(0xffffffffffffffffn);
  });

  it('put attributes 24, 16 and 12 bytes apart', () => {
    const entries = [
      { type: 0x102, value: Buffer.alloc(256) },
      { type: 0x11, value: Buffer.alloc(16) },
    ];
    expect(template(linux, entries, address).bytes.toString('hex')).toBe(
      [
        ...['0201000000000000', '8877665544332211', '0001000000000000'],
        ...['1100000000000000', '8877665544332211', '1000000000000000'],
      ].join(''),
    );
    expect(template(windows, entries, address).bytes.toString('hex')).toBe(
      '02010000887766554433221100010000' + '11000000887766554433221110000000',
    );
    expect(template(windows32, entries, address32).bytes.toString('hex')).toBe(
      '020100004433221100010000' + '110000004433221110000000',
    );
  });

  it('read how long a value is, and that there is none', () => {
    for (const abi of [linux, windows]) {
      const asked = template(abi, [{ type: 0x11, value: Buffer.alloc(64) }], address);
      expect(asked.length(0)).toBe(64);
      const at = abi.packed ? 12 : 16;
      asked.bytes.fill(0xff, at, at + abi.ulong);
      expect(asked.length(0)).toBe(null);
    }
  });

  it('put a mechanism’s parameter where it belongs', () => {
    expect(mechanismBytes(linux, 1, null, address).toString('hex')).toBe(`01${'00'.repeat(23)}`);
    expect(mechanismBytes(windows, 0xd, Buffer.alloc(12), address).toString('hex')).toBe(
      '0d00000088776655443322110c000000',
    );
  });

  it('find functions behind two bytes of version, aligned or not', () => {
    expect([functionOffset(linux, 0), functionOffset(linux, 43)]).toEqual([8, 8 + 43 * 8]);
    expect([functionOffset(windows, 0), functionOffset(windows, 43)]).toEqual([2, 2 + 43 * 8]);
    expect(functionOffset(windows32, 43)).toBe(2 + 43 * 4);
  });
});

describe('what a token says of itself', () => {
  function info(abi: typeof linux, numbers: number[]): Buffer {
    const bytes = Buffer.alloc(512);
    bytes.write('Chữ ký số'.padEnd(32), 0);
    bytes.write('VNPT\0\0rubbish', 32);
    bytes.write('0123456789ABCDEF', 80);
    ulongs(abi, numbers).bytes.copy(bytes, 96);
    return bytes;
  }

  it.each([linux, windows])('is read the same from both layouts', (abi) => {
    expect(readTokenInfo(abi, info(abi, [0x40d, 0, 0, 0, 0, 8, 6]))).toEqual({
      label: 'Chữ ký số',
      maker: 'VNPT',
      serial: '0123456789ABCDEF',
      flags: 0x40d,
      pinLength: { min: 6, max: 8 },
    });
  });

  it.each([
    ['none', [0, 0]],
    ['all ones', [0xffffffff, 0xffffffff]],
    ['the wrong way round', [4, 8]],
  ])('with silly lengths of the PIN (%s) lets any sensible PIN be tried', (_, [max, min]) => {
    const read = readTokenInfo(windows, info(windows, [0x40d, 0, 0, 0, 0, max!, min!]));
    expect(read.pinLength).toEqual({ min: 4, max: 64 });
  });
});
