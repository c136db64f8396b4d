import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { usbReaders } from '../../../electron/fingerprint/readers/usb/index.ts';
import { models } from '../../../electron/fingerprint/readers/usb/models.ts';
import type { Reader } from '../../../electron/fingerprint/types.ts';
import { type FakeReader, fakeReader } from './support/fake-reader.ts';
import { type FakeDevice, fakeDevice, fakeUsb, libusbError, numbers } from './support/fake-usb.ts';
import * as finger from './support/finger.ts';
import { inTime, said, settle, stopTime, take } from './support/open-fake.ts';

const uru4000 = [0x05ba, 0x0007] as const;
const uru4500 = [0x05ba, 0x000a] as const;
const { transfer } = finger.sendFinger(finger.ridges());

beforeEach(stopTime);

function pc(platform: NodeJS.Platform = 'linux') {
  const usb = fakeUsb();
  const log: string[] = [];
  const family = usbReaders({
    log: (level, message) => log.push(`${level}: ${message}`),
    load: async () => usb.library,
    platform,
  });
  const plug = (ids: readonly [number, number], fake: FakeReader = fakeReader(), how?: FakeDevice) => {
    const made = fakeDevice(ids, fake, how);
    usb.plug(made.device);
    return { fake, ...made };
  };
  const openFirst = async () => {
    const [first] = await family.discover();
    return inTime(family.open(first!));
  };
  const opened = async (): Promise<Reader> => {
    const result = await openFirst();
    if (!result.ok) throw new Error(result.error.code);
    return result.value;
  };
  return { usb, family, log, plug, openFirst, opened };
}

describe('looking for USB readers', () => {
  it('finds those it can speak to and names their plug, which survives plugging in again', async () => {
    const { family, plug, usb } = pc();
    plug([0x1d6b, 0x0002]);
    const { device } = plug(uru4500);
    plug([0x045e, 0x00ca], fakeReader(), { ports: [2] });
    const wanted = [
      {
        id: 'usb:05ba:000a:3-1.4',
        kind: 'usb',
        model: 'HID DigitalPersona U.are.U 4000B/4500',
        place: 'USB 3-1.4',
      },
      { id: 'usb:045e:00ca:3-2', kind: 'usb', model: 'Microsoft Fingerprint Reader v2', place: 'USB 3-2' },
    ];
    expect(await family.discover()).toEqual(wanted);
    usb.pull(device);
    expect(await family.discover()).toEqual(wanted.slice(1));
    plug(uru4500);
    expect(await family.discover()).toEqual(wanted.toReversed());
  });

  it('finds the same ones the documentation lists and lets Linux open', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../docs/fingerprint-readers.md'), 'utf8');
    const hex = (number: number) => number.toString(16).padStart(4, '0');
    const listed = [...text.matchAll(/^\| [^|]+ \| ((?:05ba|045e):[0-9a-f]{4}) \|/gm)].map(([, id]) => id);
    const allowed = [
      ...text.matchAll(/ATTR\{idVendor\}=="([0-9a-f]+)", ATTR\{idProduct\}=="([0-9a-f|]+)"/g),
    ].flatMap(([, vendor, products]) => products!.split('|').map((product) => `${vendor}:${product}`));
    const known = models.map(({ vendor, product }) => `${hex(vendor)}:${hex(product)}`);
    expect(listed).toEqual(known);
    expect(allowed).toEqual(known);
  });

  it('finds nothing where the package does not load, and says so once', async () => {
    const log: string[] = [];
    const family = usbReaders({
      log: (level, message) => log.push(`${level}: ${message}`),
      load: () => Promise.reject(new Error('libusb is missing')),
    });
    expect(await family.discover()).toEqual([]);
    expect(await family.discover()).toEqual([]);
    family.onPlug?.(() => {})();
    expect(log).toEqual(['error: usb readers: the usb package does not load on this PC']);
    const info = { id: 'usb:05ba:000a:3-1', kind: 'usb', model: '', place: '' } as const;
    expect(said(await family.open(info))).toBe('reader_missing');
    await family.close();
  });

  it('hears of its own readers being plugged in and out, until told to stop', async () => {
    const { family, plug, usb } = pc();
    let heard = 0;
    const stop = family.onPlug?.(() => heard++);
    await settle();
    const { device } = plug(uru4500);
    plug([0x1d6b, 0x0002]);
    expect(heard).toBe(1);
    usb.pull(device);
    expect(heard).toBe(2);
    stop?.();
    plug(uru4000);
    expect(heard).toBe(2);
    expect(usb.listeners()).toBe(0);
  });
});

describe('opening one', () => {
  it.each([
    ['linux', numbers.LIBUSB_ERROR_ACCESS, 'udev rule'],
    ['win32', numbers.LIBUSB_ERROR_NOT_SUPPORTED, 'WinUSB'],
    ['win32', numbers.LIBUSB_ERROR_NOT_FOUND, 'WinUSB'],
    ['win32', numbers.LIBUSB_ERROR_ACCESS, 'WinUSB'],
  ] as const)(
    'that may not be opened on %s (%i) says what to do about it',
    async (platform, errno, advice) => {
      const { plug, openFirst, log } = pc(platform);
      plug(uru4500, fakeReader(), { openError: libusbError(errno) });
      expect(said(await openFirst())).toBe('reader_no_access');
      expect(log).toEqual([expect.stringContaining(advice)]);
    },
  );

  it('takes it from a kernel driver', async () => {
    const { plug, openFirst } = pc();
    const { uses } = plug(uru4500, fakeReader(), { kernelDriver: true });
    expect(said(await openFirst())).toBe('open');
    expect(uses.claim).toBe(2);
  });

  it('that another program holds says which one it may be, and closes the device', async () => {
    const { plug, openFirst, log } = pc();
    const { uses } = plug(uru4500, fakeReader(), { claimError: libusbError(numbers.LIBUSB_ERROR_BUSY) });
    expect(said(await openFirst())).toBe('reader_no_access');
    expect(log).toEqual([expect.stringContaining('fprintd')]);
    expect(uses).toMatchObject({ open: 1, close: 1 });
  });

  it('that was pulled out meanwhile, or fails, says so', async () => {
    const { plug, openFirst, family, usb } = pc();
    const gone = plug(uru4500, fakeReader(), { openError: libusbError(numbers.LIBUSB_ERROR_NO_DEVICE) });
    expect(said(await openFirst())).toBe('reader_unplugged');
    usb.pull(gone.device);
    plug(uru4500, fakeReader(), { openError: libusbError(numbers.LIBUSB_ERROR_IO) });
    expect(said(await openFirst())).toBe('reader_failed');
    const elsewhere = { id: 'usb:05ba:000a:3-9', kind: 'usb', model: '', place: '' } as const;
    expect(said(await family.open(elsewhere))).toBe('reader_missing');
  });

  it('twice at once or while it is open is busy; closed, it opens again', async () => {
    const { plug, family, openFirst } = pc();
    const { uses } = plug(uru4500);
    const [first] = await family.discover();
    const both = [family.open(first!), family.open(first!)];
    const results = await inTime(Promise.all(both));
    expect(results.map(said).sort()).toEqual(['open', 'reader_busy']);
    expect(said(await openFirst())).toBe('reader_busy');
    for (const result of results) if (result.ok) await inTime(result.value.close());
    expect(uses).toEqual({ open: 1, close: 1, claim: 1, release: 1 });
    expect(said(await openFirst())).toBe('open');
  });

  it('that cannot be started is let go of', async () => {
    const { plug, openFirst, usb } = pc();
    const { uses } = plug(uru4500, fakeReader({ silentWakes: 3 }));
    expect(said(await openFirst())).toBe('reader_failed');
    expect(uses).toMatchObject({ open: 1, close: 1 });
    expect(usb.listeners()).toBe(0);
  });
});

describe('an open one', () => {
  it('gives a picture', async () => {
    const { plug, opened } = pc();
    const { fake } = plug(uru4000, fakeReader({ transfers: [transfer] }));
    const reader = await opened();
    fake.press();
    expect(said(await inTime(take(reader).outcome))).toBe('384x290');
  });

  it.each([
    ['the transfer says so', { goneErrno: numbers.LIBUSB_TRANSFER_NO_DEVICE }, false],
    ['the transfer only fails and it is listed no more', { goneErrno: 1 }, false],
    ['the system tells', { goneErrno: 1 }, true],
  ])('that is pulled out is gone when %s, and opens again when plugged in', async (_, how, told) => {
    const { plug, opened, usb, family } = pc();
    const { fake, device, uses } = plug(uru4000, fakeReader(), how);
    const reader = await opened();
    let gone = 0;
    reader.onGone(() => gone++);
    const { outcome } = take(reader);
    await settle();
    usb.pull(device, { told });
    fake.unplug();
    const before = Date.now();
    expect(said(await inTime(outcome))).toBe('reader_unplugged');
    expect(Date.now() - before).toBeLessThan(100);
    await settle();
    expect({ gone, close: uses.close, listeners: usb.listeners() }).toEqual({
      gone: 1,
      close: 1,
      listeners: 0,
    });
    expect(await family.discover()).toEqual([]);
    const again = plug(uru4000, fakeReader({ transfers: [transfer] }));
    const second = await opened();
    again.fake.press();
    expect(said(await inTime(take(second).outcome))).toBe('384x290');
  });

  it('is closed with the family: a capture is cancelled, no transfer is left behind', async () => {
    const { plug, opened, usb, family } = pc();
    const { fake, uses } = plug(uru4000);
    const reader = await opened();
    family.onPlug?.(() => {});
    const { outcome } = take(reader);
    await settle();
    await inTime(family.close());
    expect(said(await outcome)).toBe('capture_cancelled');
    expect(fake.mode).toBe(0x70);
    expect(uses).toEqual({ open: 1, close: 1, claim: 1, release: 1 });
    expect(usb.listeners()).toBe(0);
    expect(await family.discover()).toEqual([]);
  });

  it('is closed also in the middle of a picture', async () => {
    const { plug, opened } = pc();
    const { fake, uses } = plug(uru4000, fakeReader({ transfers: ['nothing'] }));
    const reader = await opened();
    fake.press();
    const { outcome } = take(reader);
    await settle();
    expect(fake.mode).toBe(0x20);
    await inTime(reader.close());
    expect(said(await outcome)).toBe('capture_cancelled');
    expect(uses.close).toBe(1);
  });

  it('stalled in a picture goes on with the next', async () => {
    const { plug, opened } = pc();
    const { fake } = plug(uru4000, fakeReader({ transfers: ['stalled', transfer] }));
    const reader = await opened();
    fake.press();
    const { outcome } = take(reader);
    await settle();
    fake.resend();
    expect(said(await inTime(outcome))).toBe('384x290');
  });
});
