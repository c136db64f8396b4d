// What is plugged in: serial ports and USB devices, for the station page. Both packages carry native code and look at
// hardware, so they are loaded when first asked for, and no failure of theirs reaches the page.
import type { Output } from '../../shared/api/index.ts';
import type { Log } from '../store/room.ts';
import { knownDevice } from './known-devices.ts';

export type Device = Output<'station.health'>['devices'][number];

/** Injected in tests: a serial list never shows a pty. */
export interface DeviceSources {
  serialPorts(): Promise<readonly SerialPortFacts[]>;
  usbDevices(): Promise<readonly { vendorId: number; productId: number }[]>;
}

interface SerialPortFacts {
  readonly path: string;
  readonly manufacturer?: string;
  readonly vendorId?: string;
  readonly productId?: string;
}

export const realDevices: DeviceSources = {
  async serialPorts() {
    const { SerialPort } = await import('serialport');
    return SerialPort.list();
  },
  async usbDevices() {
    // throws where the kernel offers no USB bus at all, e.g. in a container
    const { getDeviceList } = await import('usb');
    return getDeviceList().map(({ deviceDescriptor: d }) => ({
      vendorId: d.idVendor,
      productId: d.idProduct,
    }));
  },
};

/** Longest the station page waits for hardware. */
const deadlineMs = 3000;

export async function listDevices(sources: DeviceSources, log: Log): Promise<Device[]> {
  const [serial, usb] = await Promise.all([
    quietly('serial ports', sources.serialPorts, log),
    quietly('usb devices', sources.usbDevices, log),
  ]);
  return [...serial.map(serialDevice), ...usb.filter(isNotHub).map(usbDevice)];
}

async function quietly<T>(what: string, list: () => Promise<readonly T[]>, log: Log): Promise<readonly T[]> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), deadlineMs);
    timer.unref();
  });
  try {
    return await Promise.race([list(), deadline]);
  } catch (error) {
    log('warn', `${what} could not be listed`, {
      reason: error instanceof Error ? error.message : 'unknown',
    });
    return [];
  } finally {
    clearTimeout(timer);
  }
}

function serialDevice(port: SerialPortFacts): Device {
  const vendorId = Number.parseInt(port.vendorId ?? '', 16);
  const productId = Number.parseInt(port.productId ?? '', 16);
  return {
    kind: 'serial',
    name: port.path,
    detail: port.manufacturer ?? '',
    known: Number.isNaN(vendorId) ? null : knownDevice(vendorId, productId),
  };
}

function usbDevice({ vendorId, productId }: { vendorId: number; productId: number }): Device {
  const known = knownDevice(vendorId, productId);
  const id = `${hex4(vendorId)}:${hex4(productId)}`;
  return { kind: 'usb', name: known ?? id, detail: id, known };
}

/** The kernel's own root hubs are of no interest to anyone. */
const isNotHub = (d: { vendorId: number }): boolean => d.vendorId !== 0x1d6b;
const hex4 = (n: number): string => n.toString(16).padStart(4, '0');
