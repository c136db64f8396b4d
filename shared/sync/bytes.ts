// Reading and writing the bytes of the protocol. A reader never trusts a length: it is compared with what is
// there before anything is set aside for it, and whatever does not fit is a WireError.

/** Bytes from outside are not what the protocol says. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** Pieces up to this long are copied byte by byte. */
const SHORT_PIECE = 64;

/** SHA-256, 32 bytes; given by whoever runs the code, because nothing here does input or output. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

export interface Writer {
  byte(value: number): void;
  /** LEB128: 7 bits per byte, lowest first. Whole numbers from 0 to 2^53 − 1. */
  count(value: number): void;
  /** Whole numbers of either sign: 0, −1, 1, −2 … become 0, 1, 2, 3 …, then as `count`. */
  signed(value: number): void;
  raw(bytes: Uint8Array): void;
  /** A piece of them: a view for each of thousands of short pieces would cost more than copying them. */
  piece(bytes: Uint8Array, from: number, to: number): void;
  /** Length, then the bytes. */
  bytes(bytes: Uint8Array): void;
  /** Length in bytes, then UTF-8. */
  text(value: string): void;
  hex(value: string): void;
  length(): number;
  /** What was written; the writer must not be used any more. */
  done(): Uint8Array;
  /** A view of what was written from a place on. What is written later leaves it as it is. */
  since(place: number): Uint8Array;
}

export function writer(capacity = 256): Writer {
  let buffer = new Uint8Array(capacity);
  let at = 0;
  function room(more: number): void {
    if (at + more <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, at + more));
    larger.set(buffer.subarray(0, at));
    buffer = larger;
  }
  function count(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a count: ${value}`);
    room(8);
    let rest = value;
    while (rest > 0x7f) {
      buffer[at++] = (rest & 0x7f) | 0x80;
      // beyond 32 bits shifting would lose digits
      rest = rest > 0x7fffffff ? Math.floor(rest / 128) : rest >>> 7;
    }
    buffer[at++] = rest;
  }
  function raw(bytes: Uint8Array): void {
    room(bytes.length);
    buffer.set(bytes, at);
    at += bytes.length;
  }
  function piece(bytes: Uint8Array, from: number, to: number): void {
    if (to - from > SHORT_PIECE) {
      raw(bytes.subarray(from, to));
      return;
    }
    room(to - from);
    for (let i = from; i < to; i++) buffer[at++] = bytes[i] ?? 0;
  }
  function bytes(value: Uint8Array): void {
    count(value.length);
    raw(value);
  }
  return {
    byte(value) {
      room(1);
      buffer[at++] = value;
    },
    count,
    signed: (value) => count(value >= 0 ? value * 2 : -value * 2 - 1),
    raw,
    piece,
    bytes,
    text: (value) => bytes(new TextEncoder().encode(value)),
    hex: (value) => raw(bytesOfHex(value)),
    length: () => at,
    done: () => buffer.subarray(0, at),
    since: (place) => buffer.subarray(place, at),
  };
}

export interface Reader {
  byte(): number;
  /** At most `max`. */
  count(max?: number): number;
  signed(): number;
  /** A view of the next bytes, not a copy. */
  raw(length: number): Uint8Array;
  bytes(max: number): Uint8Array;
  text(max: number): string;
  /** As many bytes, written as hex digits. */
  hex(length: number): string;
  left(): number;
  /** A view of all that is left; reads nothing. */
  rest(): Uint8Array;
  /** Throws unless everything has been read. */
  end(): void;
}

export function reader(bytes: Uint8Array): Reader {
  let at = 0;
  function byte(): number {
    const value = bytes[at];
    if (value === undefined) throw new WireError('ends too early');
    at += 1;
    return value;
  }
  function count(max = Number.MAX_SAFE_INTEGER): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 8; i++) {
      const next = byte();
      value += (next & 0x7f) * scale;
      if (next < 0x80) {
        // one number has one form: a last byte of zero says nothing
        if (next === 0 && i > 0) throw new WireError('number in a longer form than needed');
        if (value > max) throw new WireError(`${value} where at most ${max} may stand`);
        return value;
      }
      scale *= 128;
    }
    throw new WireError('number too long');
  }
  function raw(length: number): Uint8Array {
    if (length > bytes.length - at) throw new WireError('ends too early');
    at += length;
    return bytes.subarray(at - length, at);
  }
  return {
    byte,
    count,
    signed() {
      const value = count();
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    },
    raw,
    bytes: (max) => raw(count(max)),
    text(max) {
      const utf8 = raw(count(max));
      try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(utf8);
      } catch {
        throw new WireError('not UTF-8');
      }
    },
    hex: (length) => hexOf(raw(length)),
    left: () => bytes.length - at,
    rest: () => bytes.subarray(at),
    end() {
      if (at !== bytes.length) throw new WireError(`${bytes.length - at} bytes too many`);
    },
  };
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function hexOf(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += hexOfByte[byte];
  return hex;
}

/** Of text known to be pairs of lower-case hex digits; anything else is a bug of the caller. */
export function bytesOfHex(hex: string): Uint8Array {
  if (hex.length % 2 !== 0 || !/^[0-9a-f]*$/.test(hex)) throw new RangeError('not hex digits');
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = digit(hex.charCodeAt(i * 2)) * 16 + digit(hex.charCodeAt(i * 2 + 1));
  return bytes;
}

/** Of a character code known to be 0–9 or a–f. */
const digit = (code: number): number => (code < 58 ? code - 48 : code - 87);

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
