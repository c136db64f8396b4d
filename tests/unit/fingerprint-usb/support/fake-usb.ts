// The part of the package `usb` the driver uses, over fake readers: devices that come and go, are refused,
// and transfers that libusb would keep. Error numbers are libusb's own.
import { EventEmitter } from 'node:events';
import type { Device } from 'usb';
import type { UsbPackage } from '../../../../electron/fingerprint/readers/usb/libusb.ts';
import {
  TransferError,
  type TransferTrouble,
} from '../../../../electron/fingerprint/readers/usb/transport.ts';
import type { FakeReader } from './fake-reader.ts';

export const numbers = {
  LIBUSB_TRANSFER_TIMED_OUT: 2,
  LIBUSB_TRANSFER_CANCELLED: 3,
  LIBUSB_TRANSFER_STALL: 4,
  LIBUSB_TRANSFER_NO_DEVICE: 5,
  LIBUSB_ERROR_IO: -1,
  LIBUSB_ERROR_ACCESS: -3,
  LIBUSB_ERROR_NO_DEVICE: -4,
  LIBUSB_ERROR_NOT_FOUND: -5,
  LIBUSB_ERROR_BUSY: -6,
  LIBUSB_ERROR_NOT_SUPPORTED: -12,
} as const;

export const libusbError = (errno: number): Error => Object.assign(new Error(`errno ${errno}`), { errno });

export interface FakeUsb {
  readonly library: UsbPackage;
  plug(device: Device): void;
  /** With or without the system's word that it is gone. */
  pull(device: Device, options?: { told?: boolean }): void;
  readonly listeners: () => number;
}

export function fakeUsb(): FakeUsb {
  const devices: Device[] = [];
  const events = new EventEmitter();
  return {
    library: Object.assign(events, numbers, {
      getDeviceList: () => [...devices],
      unrefHotplugEvents: () => {},
    }) as unknown as UsbPackage,
    plug(device) {
      devices.push(device);
      events.emit('attach', device);
    },
    pull(device, { told = true } = {}) {
      devices.splice(devices.indexOf(device), 1);
      if (told) events.emit('detach', device);
    },
    listeners: () => events.listenerCount('attach') + events.listenerCount('detach'),
  };
}

export interface FakeDevice {
  /** Thrown when opened, when claimed. */
  openError?: Error;
  claimError?: Error;
  /** Holds the interface until it is detached. */
  kernelDriver?: boolean;
  /** What a transfer of a reader that is gone says; Linux says NO_DEVICE, Windows often just 1. */
  goneErrno?: number;
  ports?: number[];
}

/** How often each was called. */
export interface Uses {
  open: number;
  close: number;
  claim: number;
  release: number;
}

let addresses = 1;

export function fakeDevice(
  [vendor, product]: readonly [number, number],
  fake: FakeReader,
  how: FakeDevice = {},
): { device: Device; uses: Uses } {
  const uses: Uses = { open: 0, close: 0, claim: 0, release: 0 };
  let kernelDriver = how.kernelDriver ?? false;
  let running = 0;
  const errnoOf: Record<TransferTrouble, number> = {
    gone: how.goneErrno ?? numbers.LIBUSB_TRANSFER_NO_DEVICE,
    timeout: numbers.LIBUSB_TRANSFER_TIMED_OUT,
    cancelled: numbers.LIBUSB_TRANSFER_CANCELLED,
    stalled: numbers.LIBUSB_TRANSFER_STALL,
    failed: 1,
  };
  const report = <T>(work: Promise<T>, done: (error: Error | undefined, value?: T) => void) => {
    running++;
    work.then(
      (value) => {
        running--;
        done(undefined, value);
      },
      (error) => {
        running--;
        done(libusbError(error instanceof TransferError ? errnoOf[error.trouble] : -99));
      },
    );
  };

  /** Packets nobody waits for stay with the reader, as they do in hardware. */
  const packets: Uint8Array[] = [];
  let hungry: ((bytes: Uint8Array) => void) | null = null;
  fake.interrupts(0x81, 64, (bytes) => {
    if (hungry) hungry(bytes);
    else packets.push(bytes);
    hungry = null;
  });
  const nextPacket = (signal: AbortSignal) =>
    new Promise<Uint8Array>((resolve, reject) => {
      const waiting = packets.shift();
      if (waiting) return resolve(waiting);
      hungry = resolve;
      signal.addEventListener('abort', () => {
        hungry = null;
        reject(new TransferError('cancelled', 'cancelled'));
      });
      fake.onGone(() => reject(new TransferError('gone', 'gone')));
    });

  const endpoint = (address: number) => ({
    address,
    clearHalt: (done: () => void) => queueMicrotask(done),
    makeTransfer(_timeout: number, done: (error: Error | undefined, buffer: Buffer, actual: number) => void) {
      const stop = new AbortController();
      return {
        submit(buffer: Buffer) {
          const coming =
            address === 0x81 ? nextPacket(stop.signal) : fake.bulkIn(address, buffer.length, stop.signal);
          report(coming, (error, bytes) => {
            if (bytes) buffer.set(bytes);
            done(error, buffer, bytes?.length ?? 0);
          });
        },
        cancel: () => stop.abort(),
      };
    },
  });
  const face = {
    descriptor: { bInterfaceClass: 0xff, bInterfaceSubClass: 0xff },
    claim() {
      uses.claim++;
      if (how.claimError) throw how.claimError;
      if (kernelDriver) throw libusbError(numbers.LIBUSB_ERROR_BUSY);
    },
    isKernelDriverActive: () => kernelDriver,
    detachKernelDriver: () => {
      kernelDriver = false;
    },
    release(done: () => void) {
      uses.release++;
      queueMicrotask(done);
    },
    endpoint,
  };
  const device = {
    busNumber: 3,
    deviceAddress: addresses++,
    portNumbers: how.ports ?? [1, 4],
    deviceDescriptor: { idVendor: vendor, idProduct: product },
    interfaces: [face],
    open() {
      if (how.openError) throw how.openError;
      uses.open++;
    },
    close() {
      if (running > 0) throw new Error("Can't close device with a pending request");
      uses.close++;
    },
    controlTransfer(
      type: number,
      request: number,
      value: number,
      _index: number,
      payload: number | Buffer,
      done: (error: Error | undefined, got?: unknown) => void,
    ) {
      if (type & 0x80) report(fake.controlIn(request, value, Number(payload)), done);
      else report(fake.controlOut(request, value, Buffer.from(payload as Buffer)), done);
    },
    getStringDescriptor() {
      throw new Error('some readers answer this after seconds');
    },
  };
  return { device: device as unknown as Device, uses };
}
