// Finger readers that speak the U.are.U protocol, plugged into USB: DigitalPersona U.are.U 4000, 4000B and
// 4500, and Microsoft's. The `usb` package is loaded when a reader is first looked for; a PC where it does
// not load has no USB readers, and the log says why.
import type { Device } from 'usb';
import { fail, type Result } from '../../../../shared/api/contract.ts';
import { randomKey } from '../../../store/crypto.ts';
import type { Log } from '../../../store/room.ts';
import type { Reader, ReaderFamily, ReaderInfo } from '../../types.ts';
import { claim, errorNumber, type UsbPackage } from './libusb.ts';
import { modelOf, type UruModel } from './models.ts';
import { type ReaderTimes, startReader } from './reader.ts';
import { speakTo } from './uru.ts';

export interface UsbReadersOptions {
  readonly log: Log;
  /** 32 bits for the reader's key; random unless a recording has to be met. */
  readonly seed?: () => number;
  readonly load?: () => Promise<UsbPackage>;
  readonly times?: ReaderTimes;
  /** Whose advice the log gives. */
  readonly platform?: NodeJS.Platform;
}

export function usbReaders({
  log,
  seed = () => randomKey(4).readUInt32LE(0),
  load = async () => (await import('usb')).usb,
  times,
  platform = process.platform,
}: UsbReadersOptions): ReaderFamily {
  let loading: Promise<UsbPackage | null> | null = null;
  let closed = false;
  const inUse = new Map<string, Reader>();
  const opening = new Set<string>();
  const stops = new Set<() => void>();

  const library = (): Promise<UsbPackage | null> => {
    loading ??= load().catch((error: unknown) => {
      log('error', 'usb readers: the usb package does not load on this PC', messageOf(error));
      return null;
    });
    return loading;
  };

  const plugged = (usb: UsbPackage): Plugged[] => {
    try {
      return usb.getDeviceList().flatMap((device) => {
        const { idVendor, idProduct } = device.deviceDescriptor;
        const model = modelOf(idVendor, idProduct);
        return model ? [{ device, model, info: infoOf(device, model) }] : [];
      });
    } catch (error) {
      log('warn', 'usb readers: devices cannot be listed', messageOf(error));
      return [];
    }
  };

  const open = async (wanted: ReaderInfo): Promise<Result<Reader>> => {
    const usb = await library();
    const found = usb && plugged(usb).find(({ info }) => info.id === wanted.id);
    if (!usb || !found || closed) return fail('reader_missing');
    const { device, model, info } = found;
    if (inUse.has(info.id) || opening.has(info.id)) return fail('reader_busy');
    opening.add(info.id);
    try {
      const transport = claim(usb, device);
      // it may be pulled out while it starts
      const watch = watchDetach(usb, device, () => transport.unplugged());
      const started = await startReader(
        info,
        transport,
        speakTo(transport, model, { log, seed }),
        log,
        times,
      );
      if (!started.ok) {
        watch();
        return started;
      }
      const release = () => {
        watch();
        inUse.delete(info.id);
      };
      const reader: Reader = {
        ...started.value,
        close: async () => {
          await started.value.close();
          release();
        },
      };
      started.value.onGone(release);
      inUse.set(info.id, reader);
      if (closed) await reader.close();
      return { ok: true, value: reader };
    } catch (error) {
      return refused(usb, error, info);
    } finally {
      opening.delete(info.id);
    }
  };

  const refused = (usb: UsbPackage, error: unknown, info: ReaderInfo): Result<Reader> => {
    const number = errorNumber(error);
    const detail = { reader: info.id, model: info.model, reason: messageOf(error) };
    if (number === usb.LIBUSB_ERROR_NO_DEVICE) return fail('reader_unplugged');
    const advice = adviceFor(usb, number, platform === 'win32');
    if (advice === null) {
      log('error', 'usb reader cannot be opened', detail);
      return fail('reader_failed');
    }
    log('warn', `usb reader: no access. ${advice}`, detail);
    return fail('reader_no_access');
  };

  return {
    kind: 'usb',
    discover: async () => {
      const usb = await library();
      return usb && !closed ? plugged(usb).map(({ info }) => info) : [];
    },
    open,
    onPlug(listener) {
      let stop: () => void = () => {};
      let stopped = false;
      void library().then((usb) => {
        if (usb && !stopped && !closed) stop = watchPlugs(usb, listener, log);
      });
      const end = () => {
        stopped = true;
        stop();
        stops.delete(end);
      };
      stops.add(end);
      return end;
    },
    async close() {
      closed = true;
      for (const stop of stops) stop();
      await Promise.all([...inUse.values()].map((reader) => reader.close()));
    },
  };
}

interface Plugged {
  readonly device: Device;
  readonly model: UruModel;
  readonly info: ReaderInfo;
}

/** Bus and ports name the plug; without ports (some Windows hubs) the address, which changes at each plugging. */
function infoOf(device: Device, { vendor, product, name }: UruModel): ReaderInfo {
  const ports = device.portNumbers?.length ? device.portNumbers.join('.') : `a${device.deviceAddress}`;
  const place = `${device.busNumber}-${ports}`;
  const hex = (number: number) => number.toString(16).padStart(4, '0');
  return {
    id: `usb:${hex(vendor)}:${hex(product)}:${place}`,
    kind: 'usb',
    model: name,
    place: `USB ${place}`,
  };
}

/** What the person who looks after the PCs should do; null when it is not a matter of access. */
function adviceFor(usb: UsbPackage, number: number | null, windows: boolean): string | null {
  if (number === usb.LIBUSB_ERROR_BUSY)
    return windows
      ? 'Another program holds it: close the maker’s program and Windows Hello, or plug it in anew.'
      : 'Another program holds it: stop fprintd (systemctl mask --now fprintd) or whatever else reads fingers.';
  const forbidden = [usb.LIBUSB_ERROR_ACCESS, usb.LIBUSB_ERROR_NOT_FOUND, usb.LIBUSB_ERROR_NOT_SUPPORTED];
  if (number === null || !forbidden.includes(number)) return null;
  return windows
    ? 'Give the device the WinUSB driver (see docs/fingerprint-readers.md), or use the maker’s library.'
    : 'Install the udev rule of docs/fingerprint-readers.md, then plug the reader in anew.';
}

function watchPlugs(usb: UsbPackage, listener: () => void, log: Log): () => void {
  const changed = (device: Device) => {
    const { idVendor, idProduct } = device.deviceDescriptor;
    if (modelOf(idVendor, idProduct)) listener();
  };
  return watch(
    usb,
    'attach',
    changed,
    watch(usb, 'detach', changed, () => {}, log),
    log,
  );
}

function watchDetach(usb: UsbPackage, device: Device, gone: () => void): () => void {
  return watch(
    usb,
    'detach',
    (other) => {
      if (other.busNumber === device.busNumber && other.deviceAddress === device.deviceAddress) gone();
    },
    () => {},
    () => {},
  );
}

/** Listening keeps no program running and, where the system cannot tell, does without. */
function watch(
  usb: UsbPackage,
  event: 'attach' | 'detach',
  listener: (device: Device) => void,
  also: () => void,
  log: Log,
): () => void {
  try {
    usb.on(event, listener);
    usb.unrefHotplugEvents();
  } catch (error) {
    log('warn', 'usb readers: plugging in and out goes unseen', messageOf(error));
    return also;
  }
  return () => {
    usb.off(event, listener);
    also();
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
