// Writes recordings of readers that never were: the two files umockdev replays, with a made-up finger inside.
// What goes over the wire is spelled out here transfer by transfer, as the firmware is known to want it, and
// not taken from the driver: a driver that changes its mind gets no answer.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Recording, recordingIn } from './replay.ts';

/** One transfer; an interrupt's beginning and end lie apart, so it is two. */
export type Wire =
  | { readonly read: number; readonly answer: Uint8Array }
  | { readonly write: number; readonly bytes: Uint8Array }
  | { readonly listen: true }
  /** Ends the interrupt transfer begun last; a status other than 0 is an errno, below zero. */
  | { readonly heard: number; readonly status?: number }
  /** Written between the beginning and the end of the picture's transfer. */
  | { readonly picture: Uint8Array; readonly ask: Wire | null; readonly status?: number };

export interface RecordedReader {
  readonly vendor: number;
  readonly product: number;
  readonly wire: readonly Wire[];
}

/** Start-up of a reader that was awake, with a challenge if it has one. */
export function startUp(challenge?: { question: Uint8Array; answer: Uint8Array }): Wire[] {
  const wake: Wire[] = [
    { read: 0x07, answer: Uint8Array.of(0x01) },
    { write: 0x07, bytes: Uint8Array.of(0x81) },
    { write: 0x07, bytes: Uint8Array.of(0x01) },
  ];
  if (challenge)
    wake.push(
      { read: 0x07, answer: Uint8Array.of(0x81) },
      { read: 0x2010, answer: challenge.question },
      { write: 0x2000, bytes: challenge.answer },
      { write: 0x07, bytes: Uint8Array.of(0x01) },
    );
  return [
    { listen: true },
    ...wake,
    { heard: 0x56aa },
    { listen: true },
    { read: 0x07, answer: Uint8Array.of(0x01) },
    { read: 0xf0, answer: new Uint8Array(16) },
  ];
}

export const awaitFinger: readonly Wire[] = [
  { write: 0x4e, bytes: Uint8Array.of(0x10) },
  { heard: 0x0101 },
  { listen: true },
];
export const askPicture: Wire = { write: 0x4e, bytes: Uint8Array.of(0x20) };

export function askKey(number: number, key: number, seed: number): Wire[] {
  return [
    { write: 0x33, bytes: Uint8Array.of(number, ...littleEndian(seed)) },
    { read: 0x34, answer: Uint8Array.from(littleEndian((key ^ seed) >>> 0)) },
  ];
}

export const awaitLift: readonly Wire[] = [
  { write: 0x4e, bytes: Uint8Array.of(0x12) },
  { heard: 0x0200 },
  { listen: true },
  { write: 0x4e, bytes: Uint8Array.of(0x70) },
];

const littleEndian = (number: number): number[] =>
  [number, number >>> 8, number >>> 16, number >>> 24].map((part) => part & 0xff);

/** Writes `device` and `capture.pcapng` into the folder. */
export function record(folder: string, reader: RecordedReader): Recording {
  mkdirSync(folder, { recursive: true });
  const recording = recordingIn(folder);
  writeFileSync(join(folder, 'device'), describe(reader));
  writeFileSync(join(folder, 'capture.pcapng'), pcapng(reader.wire));
  return recording;
}

const bus = 1;
const address = 7;
const port = '1-4';

/** As `umockdev-record` describes a device: sysfs path, node, udev's properties, attributes. */
function describe({ vendor, product }: RecordedReader): string {
  const hex = (number: number) => number.toString(16).padStart(4, '0');
  const deviceDescriptor = Buffer.alloc(18);
  deviceDescriptor.set([18, 1, 0x00, 0x02, 0, 0, 0, 64]);
  deviceDescriptor.writeUInt16LE(vendor, 8);
  deviceDescriptor.writeUInt16LE(product, 10);
  deviceDescriptor.set([0x03, 0x01, 1, 2, 0, 1], 12);
  // one configuration, one vendor interface, interrupt-in 81 and bulk-in 82 of 64 bytes
  const configuration = '09022000010100806409040000' + '02ffffff000705810340000807058202400000';
  const descriptors = (deviceDescriptor.toString('hex') + configuration).toUpperCase();
  const root = '/devices/pci0000:00/0000:00:14.0/usb1';
  return [
    `P: ${root}/${port}`,
    `N: bus/usb/${three(bus)}/${three(address)}=${descriptors}`,
    `E: DEVNAME=/dev/bus/usb/${three(bus)}/${three(address)}`,
    'E: DEVTYPE=usb_device',
    'E: DRIVER=usb',
    `E: PRODUCT=${vendor.toString(16)}/${product.toString(16)}/103`,
    `E: BUSNUM=${three(bus)}`,
    `E: DEVNUM=${three(address)}`,
    'E: MAJOR=189',
    `E: MINOR=${address - 1}`,
    'E: SUBSYSTEM=usb',
    'A: bConfigurationValue=1\\n',
    'A: bDeviceClass=00\\n',
    'A: bNumConfigurations=1\\n',
    'A: bNumInterfaces= 1\\n',
    `A: busnum=${bus}\\n`,
    `H: descriptors=${descriptors}`,
    `A: dev=189:${address - 1}\\n`,
    `A: devnum=${address}\\n`,
    `A: devpath=${port.split('-')[1]}\\n`,
    `A: idProduct=${hex(product)}\\n`,
    `A: idVendor=${hex(vendor)}\\n`,
    'A: speed=12\\n',
    'A: version= 2.00\\n',
    '',
  ].join('\n');
}

const three = (number: number): string => String(number).padStart(3, '0');

const interruptType = 1;
const controlType = 2;
const bulkType = 3;
const inProgress = -115;
const pictureBytes = 64 + 384 * 290;

/** Blocks of the pcapng format (draft-ietf-opsawg-pcapng): section, one interface of link type 220, packets. */
function pcapng(wire: readonly Wire[]): Buffer {
  const blocks: Buffer[] = [
    block(0x0a0d0d0a, Buffer.from('4d3c2b1a01000000ffffffffffffffff', 'hex')),
    block(1, Buffer.from('dc00000000000400', 'hex')),
  ];
  let time = 0;
  let nextId = 1;
  let listening = 0;
  const packet = (urb: Urb) => {
    time += 1000;
    const record = usbRecord(urb, time);
    const head = Buffer.alloc(20);
    head.writeUInt32LE(time, 8);
    head.writeUInt32LE(record.length, 12);
    head.writeUInt32LE(record.length, 16);
    blocks.push(block(6, Buffer.concat([head, record])));
  };
  const control = (type: number, register: number, length: number, out?: Uint8Array, answer?: Uint8Array) => {
    const setup = Buffer.from([type, 4, register & 0xff, register >> 8, 0, 0, length, 0]);
    const urb = { id: nextId++, type: controlType, endpoint: answer ? 0x80 : 0 };
    packet({ ...urb, event: 'S', status: inProgress, length, setup, payload: out });
    packet({ ...urb, event: 'C', status: 0, length, payload: answer });
  };
  const play = (step: Wire): void => {
    if ('read' in step) control(0xc0, step.read, step.answer.length, undefined, step.answer);
    else if ('write' in step) control(0x40, step.write, step.bytes.length, step.bytes);
    else if ('listen' in step) {
      listening = nextId++;
      const urb = { id: listening, type: interruptType, endpoint: 0x81 };
      packet({ ...urb, event: 'S', status: inProgress, length: 64 });
    } else if ('heard' in step) {
      const payload = Buffer.alloc(step.status ? 0 : 64);
      if (!step.status) payload.writeUInt16BE(step.heard);
      packet({
        id: listening,
        type: interruptType,
        endpoint: 0x81,
        event: 'C',
        status: step.status ?? 0,
        length: payload.length,
        payload,
      });
    } else {
      const urb = { id: nextId++, type: bulkType, endpoint: 0x82 };
      packet({ ...urb, event: 'S', status: inProgress, length: pictureBytes });
      if (step.ask) play(step.ask);
      packet({
        ...urb,
        event: 'C',
        status: step.status ?? 0,
        length: step.picture.length,
        payload: step.picture,
      });
    }
  };
  wire.forEach(play);
  return Buffer.concat(blocks);
}

interface Urb {
  readonly id: number;
  readonly event: 'S' | 'C';
  readonly type: number;
  readonly endpoint: number;
  readonly status: number;
  /** Asked for or moved, whether or not the bytes follow. */
  readonly length: number;
  readonly setup?: Uint8Array;
  readonly payload?: Uint8Array | undefined;
}

/** One record of usbmon's binary interface (Documentation/usb/usbmon.rst): 64 bytes, then the payload. */
function usbRecord({ id, event, type, endpoint, status, length, setup, payload }: Urb, time: number): Buffer {
  const head = Buffer.alloc(64);
  head.writeBigUInt64LE(BigInt(id), 0);
  head.write(event, 8, 'latin1');
  head.writeUInt8(type, 9);
  head.writeUInt8(endpoint, 10);
  head.writeUInt8(address, 11);
  head.writeUInt16LE(bus, 12);
  head.write(setup ? '\0' : '-', 14, 'latin1');
  head.write(payload?.length ? '\0' : event === 'S' ? '<' : '>', 15, 'latin1');
  head.writeBigInt64LE(0n, 16);
  head.writeInt32LE(time, 24);
  head.writeInt32LE(status, 28);
  head.writeUInt32LE(length, 32);
  head.writeUInt32LE(payload?.length ?? 0, 36);
  if (setup) head.set(setup, 40);
  if (type === interruptType) head.writeInt32LE(8, 48);
  head.writeUInt32LE(endpoint & 0x80 ? 0x200 : 0, 56);
  return Buffer.concat([head, payload ?? Buffer.alloc(0)]);
}

/** Type, length, body padded to four bytes, length again. */
function block(type: number, body: Buffer): Buffer {
  const padded = Buffer.alloc(Math.ceil(body.length / 4) * 4);
  body.copy(padded);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(padded.length + 12, 4);
  return Buffer.concat([head, padded, head.subarray(4)]);
}
