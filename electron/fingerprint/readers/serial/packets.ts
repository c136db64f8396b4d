// The bytes on the wire of Synochip modules (ZFM, R30x, AS608, R503): `EF01 address pid length payload sum`, all
// big-endian. A serial line may begin in the middle, split anywhere and add noise, so reading is incremental and never
// trusts a length before it has looked at it. Layout as in the makers' manuals and two public drivers.

/** What a packet is. */
export const packetIds = { command: 0x01, data: 0x02, answer: 0x07, lastData: 0x08 } as const;
export type PacketId = keyof typeof packetIds;
const idsByByte: ReadonlyMap<number, PacketId> = new Map([
  [packetIds.command, 'command'],
  [packetIds.data, 'data'],
  [packetIds.answer, 'answer'],
  [packetIds.lastData, 'lastData'],
]);

/** From the factory. */
export const defaultAddress = 0xffffffff;

const header = [0xef, 0x01] as const;
const beforePayload = 9;
const sumBytes = 2;
/** Longest payload there is: system parameter 6 knows 32, 64, 128 and 256 bytes. */
export const longestPayload = 256;

export interface Packet {
  readonly address: number;
  readonly id: PacketId;
  readonly payload: Uint8Array;
}

export function encodePacket(address: number, id: PacketId, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(beforePayload + payload.length + sumBytes);
  const view = new DataView(bytes.buffer);
  bytes.set(header);
  view.setUint32(2, address);
  view.setUint8(6, packetIds[id]);
  view.setUint16(7, payload.length + sumBytes);
  bytes.set(payload, beforePayload);
  view.setUint16(beforePayload + payload.length, sumOf(bytes, beforePayload + payload.length));
  return bytes;
}

/** What was found on the line: whole packets, in order, and what lay between them. */
export interface Found {
  readonly packets: readonly Packet[];
  /** Headers whose packet turned out wrong: bad sum, impossible length or kind. */
  readonly damaged: number;
  /** Bytes that belonged to nothing. */
  readonly noise: number;
}

export interface PacketReader {
  /** Takes the next bytes in pieces of any size. Holds at most one packet back. */
  take(bytes: Uint8Array): Found;
  /** Nothing more is coming for now: what is held back began wrongly, perhaps with a whole packet inside. */
  giveUp(): Found;
  /** Bytes held back, waiting for the rest of their packet. */
  readonly pending: number;
}

export function openPacketReader(): PacketReader {
  const held = new Uint8Array(beforePayload + longestPayload + sumBytes);
  let length = 0;

  return {
    take(bytes) {
      const found = nothing();
      for (const byte of bytes) {
        held[length++] = byte;
        look(found);
      }
      return found;
    },
    giveUp() {
      const found = nothing();
      while (length > 0) {
        skip(found);
        look(found);
      }
      return found;
    },
    get pending() {
      return length;
    },
  };

  /** Goes on until what is held is the beginning of a possible packet, or nothing. */
  function look(found: Mutable<Found>): void {
    while (length > 0) {
      const size = sizeSoFar(held, length);
      if (size === 'wrong') {
        if (length > header.length) found.damaged++;
        skip(found);
      } else if (size === 'unknown' || length < size) return;
      else if (sumOf(held, size - sumBytes) !== u16(held, size - sumBytes)) {
        found.damaged++;
        skip(found);
      } else {
        found.packets.push(packetOf(held, size));
        // more than one packet is held only after a wrong beginning
        drop(size);
      }
    }
  }

  /** Drops the first byte and everything up to the next possible beginning; a packet inside a wrong one is not lost. */
  function skip(found: Mutable<Found>): void {
    let next = 1;
    while (next < length && held[next] !== header[0]) next++;
    drop(next);
    found.noise += next;
  }

  function drop(bytes: number): void {
    held.copyWithin(0, bytes, length);
    held.fill(0, length - bytes, length);
    length -= bytes;
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K] };
const nothing = (): Mutable<Found> => ({ packets: [], damaged: 0, noise: 0 });

/** Of the whole packet, as far as the bytes so far tell. */
function sizeSoFar(held: Uint8Array, length: number): number | 'unknown' | 'wrong' {
  if (held[0] !== header[0] || (length > 1 && held[1] !== header[1])) return 'wrong';
  if (length > 6 && idOf(held[6]) === null) return 'wrong';
  if (length < beforePayload) return 'unknown';
  const rest = u16(held, 7);
  return rest < sumBytes || rest > longestPayload + sumBytes ? 'wrong' : beforePayload + rest;
}

function packetOf(held: Uint8Array, size: number): Packet {
  const id = idOf(held[6]);
  if (id === null) throw new Error('a packet kind was checked and is not there');
  return {
    address: u16(held, 2) * 0x10000 + u16(held, 4),
    id,
    payload: held.slice(beforePayload, size - sumBytes),
  };
}

function idOf(byte: number | undefined): PacketId | null {
  return byte === undefined ? null : (idsByByte.get(byte) ?? null);
}

/** Kind, length and payload; header and address are not part of it. */
function sumOf(bytes: Uint8Array, end: number): number {
  let sum = 0;
  for (let i = 6; i < end; i++) sum += bytes[i] ?? 0;
  return sum & 0xffff;
}

const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
