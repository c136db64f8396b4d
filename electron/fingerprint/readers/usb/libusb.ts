// The transport over the package `usb` (libusb): classic calls only, since its WebUSB layer asks for string
// descriptors at once, which some readers answer after seconds. libusb closes no device with a transfer
// still waiting, so each one is kept until it ended.
import type { Device, Endpoint, Interface, Transfer, usb } from 'usb';
import { TransferError, type TransferTrouble, type Transport } from './transport.ts';

/** What is used of the package; a test may stand in for it. */
export type UsbPackage = Pick<
  typeof usb,
  | 'getDeviceList'
  | 'on'
  | 'off'
  | 'unrefHotplugEvents'
  | 'LIBUSB_TRANSFER_CANCELLED'
  | 'LIBUSB_TRANSFER_NO_DEVICE'
  | 'LIBUSB_TRANSFER_STALL'
  | 'LIBUSB_TRANSFER_TIMED_OUT'
  | 'LIBUSB_ERROR_ACCESS'
  | 'LIBUSB_ERROR_BUSY'
  | 'LIBUSB_ERROR_NO_DEVICE'
  | 'LIBUSB_ERROR_NOT_FOUND'
  | 'LIBUSB_ERROR_NOT_SUPPORTED'
>;

/** A register answers within milliseconds; one that does not within so many never will. */
const controlMs = 3000;
const vendorIn = 0xc0;
const vendorOut = 0x40;
/** An interrupt endpoint that fails so often in a row, so many ms apart, is as good as unplugged. */
const interruptTries = 20;
const interruptPauseMs = 50;
/** libusb gives up a cancelled transfer at once; a reader that hangs is left open rather than waited for. */
const closeMs = 4000;

export interface LibusbTransport extends Transport {
  /** The system said that it was pulled out. */
  unplugged(): void;
}

/** Opens the device and claims its vendor interface. Throws what libusb throws. */
export function claim(library: UsbPackage, device: Device): LibusbTransport {
  device.open();
  try {
    const face = device.interfaces?.find(
      ({ descriptor }) => descriptor.bInterfaceClass === 0xff && descriptor.bInterfaceSubClass === 0xff,
    );
    if (!face) throw new Error('no vendor interface');
    claimFrom(library, face);
    device.timeout = controlMs;
    return transportOf(library, device, face);
  } catch (error) {
    device.close();
    throw error;
  }
}

/** A kernel driver that took the interface gives it up; another program does not. */
function claimFrom(library: UsbPackage, face: Interface): void {
  try {
    face.claim();
  } catch (error) {
    if (errorNumber(error) !== library.LIBUSB_ERROR_BUSY || !face.isKernelDriverActive()) throw error;
    face.detachKernelDriver();
    face.claim();
  }
}

function transportOf(library: UsbPackage, device: Device, face: Interface): LibusbTransport {
  const waiting = new Set<Transfer>();
  let pending = 0;
  let closed: Promise<void> | null = null;
  let isGone = false;
  let drained: () => void = () => {};
  const goneListeners: (() => void)[] = [];

  const gone = () => {
    if (isGone || closed) return;
    isGone = true;
    for (const listener of goneListeners.splice(0)) listener();
  };

  const troubleOf = (error: unknown): TransferError => {
    const number = errorNumber(error);
    const known: Readonly<Record<number, TransferTrouble>> = {
      [library.LIBUSB_TRANSFER_CANCELLED]: 'cancelled',
      [library.LIBUSB_TRANSFER_TIMED_OUT]: 'timeout',
      [library.LIBUSB_TRANSFER_STALL]: 'stalled',
      [library.LIBUSB_TRANSFER_NO_DEVICE]: 'gone',
      [library.LIBUSB_ERROR_NO_DEVICE]: 'gone',
    };
    let trouble = (number !== null && known[number]) || 'failed';
    // Windows and some hubs say only that a transfer failed, whatever the reason
    if (trouble === 'failed' && !isListed(library, device)) trouble = 'gone';
    if (trouble === 'gone') gone();
    return new TransferError(trouble, `usb: ${error instanceof Error ? error.message : String(error)}`);
  };

  const ended = () => {
    pending--;
    if (pending === 0) drained();
  };
  const refuse = (): TransferError | null => {
    if (isGone) return new TransferError('gone', 'usb: device is gone');
    return closed ? new TransferError('cancelled', 'usb: closed') : null;
  };

  /** One transfer of an in-endpoint; `begun` gets it, to cancel it by. */
  const receive = (endpoint: Endpoint, length: number, begun: (transfer: Transfer) => void) =>
    new Promise<Uint8Array>((resolve, reject) => {
      const buffer = Buffer.alloc(length);
      const transfer = endpoint.makeTransfer(0, (error, _, actual) => {
        waiting.delete(transfer);
        ended();
        if (error) reject(troubleOf(error));
        else resolve(buffer.subarray(0, actual));
      });
      pending++;
      try {
        transfer.submit(buffer);
        waiting.add(transfer);
        begun(transfer);
      } catch (error) {
        ended();
        reject(troubleOf(error));
      }
    });

  const control = <T>(
    type: number,
    request: number,
    value: number,
    payload: number | Buffer,
    ask: (got: unknown) => T,
  ) =>
    new Promise<T>((resolve, reject) => {
      const refused = refuse();
      if (refused) return reject(refused);
      pending++;
      const answered = (error: unknown, got?: unknown) => {
        ended();
        if (error) reject(troubleOf(error));
        else resolve(ask(got));
      };
      try {
        device.controlTransfer(type, request, value, 0, payload, answered);
      } catch (error) {
        answered(error);
      }
    });

  const unstall = async (endpoint: Endpoint): Promise<void> => {
    pending++;
    await new Promise<void>((resolve) => endpoint.clearHalt(() => resolve()));
    ended();
  };

  const endpointOf = (address: number): Endpoint => {
    const endpoint = face.endpoint(address);
    if (!endpoint) throw new TransferError('failed', `usb: no endpoint ${address.toString(16)}`);
    return endpoint;
  };

  const interrupts = async (
    endpoint: Endpoint,
    length: number,
    packet: (bytes: Uint8Array) => void,
  ): Promise<void> => {
    let failures = 0;
    while (!refuse()) {
      try {
        packet(await receive(endpoint, length, () => {}));
        failures = 0;
      } catch (error) {
        if (!(error instanceof TransferError)) throw error;
        if (error.trouble === 'gone' || closed) return;
        failures++;
        if (failures >= interruptTries) return gone();
        await new Promise((resolve) => setTimeout(resolve, interruptPauseMs));
      }
    }
  };

  return {
    controlIn: (request, value, length) =>
      control(vendorIn, request, value, length, (got) =>
        got instanceof Uint8Array ? got : new Uint8Array(),
      ),
    controlOut: (request, value, bytes) =>
      control(vendorOut, request, value, Buffer.from(bytes), () => undefined),
    interrupts: (address, length, packet) => void interrupts(endpointOf(address), length, packet),
    async bulkIn(address, length, signal) {
      const refused = refuse();
      if (refused) throw refused;
      if (signal.aborted) throw new TransferError('cancelled', 'usb: cancelled before it began');
      const endpoint = endpointOf(address);
      let cancel: () => void = () => {};
      try {
        return await receive(endpoint, length, (transfer) => {
          cancel = () => giveUp(transfer);
          signal.addEventListener('abort', cancel);
        });
      } catch (error) {
        if (error instanceof TransferError && error.trouble === 'stalled' && !refuse())
          await unstall(endpoint);
        throw error;
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    },
    onGone(listener) {
      if (isGone) listener();
      else goneListeners.push(listener);
    },
    unplugged: gone,
    close() {
      closed ??= (async () => {
        const empty = new Promise<void>((resolve) => {
          drained = resolve;
        });
        for (const transfer of waiting) giveUp(transfer);
        const patience = new Promise((resolve) => setTimeout(resolve, closeMs).unref());
        if (pending > 0) await Promise.race([empty, patience]);
        if (pending > 0) return;
        if (!isGone) await new Promise<void>((resolve) => face.release(() => resolve()));
        try {
          device.close();
        } catch {
          // gone meanwhile: there is nothing left to close
        }
      })();
      return closed;
    },
  };
}

/** One that ended just now cannot be cancelled any more, which is all the same. */
function giveUp(transfer: Transfer): void {
  try {
    transfer.cancel();
  } catch {
    // its end is reported to its own callback
  }
}

const isListed = (library: UsbPackage, device: Device): boolean =>
  library
    .getDeviceList()
    .some((one) => one.busNumber === device.busNumber && one.deviceAddress === device.deviceAddress);

export function errorNumber(error: unknown): number | null {
  if (!(error instanceof Error) || !('errno' in error)) return null;
  return typeof error.errno === 'number' ? error.errno : null;
}
