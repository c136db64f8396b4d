// How much room is made for a picture, by what a maker's library says of itself.
import { expect, it } from 'vitest';
import { futronic } from '../../../electron/fingerprint/readers/vendor/makers/futronic.ts';
import { secugen } from '../../../electron/fingerprint/readers/vendor/makers/secugen.ts';
import { zkteco } from '../../../electron/fingerprint/readers/vendor/makers/zkteco.ts';
import {
  type CallArgument,
  type Calls,
  isFault,
  type OpenDevice,
  type ReaderFault,
  type Vendor,
} from '../../../electron/fingerprint/readers/vendor/vendor.ts';

/** A library whose functions are these; handles are 1. */
function opened(
  vendor: Vendor,
  functions: Readonly<Record<string, (...args: readonly CallArgument[]) => number>>,
): { readonly device: OpenDevice | ReaderFault; readonly called: readonly string[] } {
  const called: string[] = [];
  const number: Calls['number'] = (name, ...args) => {
    called.push(name);
    return functions[name]?.(...args) ?? 0;
  };
  const library = vendor.ready({ number, handle: () => 1n, longBytes: 8 });
  if (isFault(library)) throw new Error(library.detail);
  return { device: library.open(0), called };
}

const futronicOf = (width: number, height: number, bytes: number, frame: (into: Uint8Array) => void) =>
  opened(futronic, {
    ftrScanGetInterfaces: (list) => (list instanceof Int32Array ? list.fill(0).length : 0),
    ftrScanGetImageSize(_device, size) {
      if (size instanceof Int32Array) size.set([width, height, bytes]);
      return 1;
    },
    ftrScanIsFingerPresent: () => 1,
    ftrScanGetFrame(_device, into) {
      if (into instanceof Uint8Array) frame(into);
      return 1;
    },
  });

it('is as many bytes as Futronic’s library says it writes, of which the picture is the beginning', () => {
  let room = 0;
  const { device } = futronicOf(320, 480, 320 * 480 + 512, (into) => {
    room = into.length;
    into.fill(7);
  });
  if (isFault(device)) throw new Error(device.detail);
  const seen = device.look();
  expect(room).toBe(320 * 480 + 512);
  expect(seen).toMatchObject({ width: 320, height: 480 });
  const pixels = typeof seen === 'object' && 'pixels' in seen ? seen.pixels : new Uint8Array();
  expect(pixels.length).toBe(320 * 480);
  device.wipe();
  expect(pixels.every((grey) => grey === 0)).toBe(true);
});

it('is none at all for sizes no reader has: the reader is closed again and called broken', () => {
  for (const [width, height, bytes] of [
    [-320, 480, 0],
    [320, 70_000, 320 * 70_000],
    [320, 480, 2 ** 31 - 1],
  ] as const) {
    const { device, called } = futronicOf(width, height, bytes, () => {});
    expect(device).toMatchObject({ code: 'reader_failed' });
    expect(called).toContain('ftrScanCloseDevice');
  }
  const zk = opened(zkteco, {
    ZKFPM_GetParameters(_device, _code, value) {
      if (value instanceof Int32Array) value[0] = -5;
      return 0;
    },
  });
  expect(zk.device).toMatchObject({ code: 'reader_failed' });
  expect(zk.called).toContain('ZKFPM_CloseDevice');
  const sg = opened(secugen, {
    SGFPM_Create(handle) {
      if (handle instanceof BigUint64Array) handle[0] = 1n;
      return 0;
    },
    SGFPM_GetDeviceInfo(_device, info) {
      if (info instanceof Uint8Array) info.fill(0xff);
      return 0;
    },
  });
  expect(sg.device).toMatchObject({ code: 'reader_failed' });
  expect(sg.called.slice(-2)).toEqual(['SGFPM_CloseDevice', 'SGFPM_Terminate']);
});
