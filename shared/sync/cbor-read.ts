// Reads CBOR in the one form codec.ts writes it, straight from the bytes: whatever is written in another way is refused
// where it stands. So what was read need not be written again to prove it, which took most of the time of taking in.

/** Bytes that are not CBOR, or not in the form that is written here. */
export class CborError extends Error {
  override readonly name = 'CborError';
}

/** Each reads the next item, and refuses any other. */
export interface CborReader {
  /** How many items stand in the list that begins here. */
  list(): number;
  /** How many members stand in the map that begins here. */
  map(): number;
  /** A safe integer of either sign. */
  integer(): number;
  /** As lower-case hex digits. */
  hex(length: number): string;
  /** Text that is written out even where it looks like an identifier: names of kinds, of members. */
  text(): string;
  /** Text; what looks like an identifier must be written as one. */
  compact(): string;
  /** Null, or `compact`. */
  optional(): string | null;
  /** Anything a body may hold. */
  value(): unknown;
  end(): void;
}

/** Lists and maps inside one another. */
export const MAX_DEPTH = 32;
/** RFC 9562 identifiers as 16 bytes (IANA CBOR tag 37): 19 bytes instead of 38, and every change has several. */
export const UUID_TAG = 37;
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const [UNSIGNED, NEGATIVE, BYTES, TEXT, LIST, MAP, TAG] = [0, 1, 2, 3, 4, 5, 6] as const;
const [FALSE, TRUE, NULL, HALF, SINGLE, DOUBLE] = [0xf4, 0xf5, 0xf6, 0xf9, 0xfa, 0xfb] as const;
/** Longer text is decoded by the runtime; for shorter one the call costs more than it saves. */
const SHORT = 16;

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
// a mark of byte order is text like any other: it was hashed with the rest
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const scratch = new DataView(new ArrayBuffer(8));

export function cborReader(bytes: Uint8Array): CborReader {
  let at = 0;

  /** The number in the head of an item of this major type, in its shortest form. */
  function head(major: number): number {
    const first = bytes[at];
    if (first === undefined) throw new CborError('ends too early');
    if (first >> 5 !== major) throw new CborError('another item than expected');
    const low = first & 31;
    at += 1;
    if (low < 24) return low;
    if (low > 27) throw new CborError('a length that is not known');
    const size = 1 << (low - 24);
    need(size);
    let value = 0;
    for (const end = at + size; at < end; at += 1) value = value * 256 + (bytes[at] ?? 0);
    const least = low === 24 ? 24 : low === 25 ? 256 : low === 26 ? 65_536 : 2 ** 32;
    if (value < least) throw new CborError('a number in a longer form than needed');
    return value;
  }

  function need(length: number): void {
    if (length > bytes.length - at) throw new CborError('ends too early');
  }

  function integer(): number {
    const value = (bytes[at] ?? 0) >> 5 === NEGATIVE ? -1 - head(NEGATIVE) : head(UNSIGNED);
    if (!Number.isSafeInteger(value)) throw new CborError('an integer that is not exact');
    return value;
  }

  function count(major: number): number {
    const value = head(major);
    need(value);
    return value;
  }

  function text(): string {
    const length = count(TEXT);
    const from = at;
    at += length;
    if (length < SHORT) {
      let ascii = '';
      let i = from;
      for (let code = bytes[i]; i < at && code !== undefined && code < 0x80; code = bytes[++i])
        ascii += String.fromCharCode(code);
      if (i === at) return ascii;
    }
    try {
      return utf8.decode(bytes.subarray(from, at));
    } catch {
      throw new CborError('text that is not UTF-8');
    }
  }

  function compact(): string {
    if ((bytes[at] ?? 0) >> 5 === TAG) return identifier();
    const value = text();
    if (value.length === 36 && UUID.test(value)) throw new CborError('an identifier written out');
    return value;
  }

  function identifier(): string {
    if (head(TAG) !== UUID_TAG) throw new CborError('a tag that is not known');
    const id = hex(16);
    return `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`;
  }

  function hex(length: number): string {
    if (count(BYTES) !== length) throw new CborError(`${length} bytes expected`);
    let digits = '';
    for (const end = at + length; at < end; at += 1) digits += hexOfByte[bytes[at] ?? 0];
    return digits;
  }

  function value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new CborError('nested too deep');
    const first = bytes[at];
    if (first === undefined) throw new CborError('ends too early');
    switch (first >> 5) {
      case UNSIGNED:
      case NEGATIVE:
        return integer();
      case BYTES: {
        const length = count(BYTES);
        at += length;
        // a copy: what is kept must not keep all it was read from, and a Buffer's slice is none
        return new Uint8Array(bytes.subarray(at - length, at));
      }
      case TEXT:
      case TAG:
        return compact();
      case LIST: {
        const length = count(LIST);
        const items: unknown[] = [];
        for (let i = 0; i < length; i++) items.push(value(depth + 1));
        return items;
      }
      case MAP:
        return members(depth);
    }
    at += 1;
    if (first === NULL) return null;
    if (first === TRUE || first === FALSE) return first === TRUE;
    if (first === HALF || first === SINGLE || first === DOUBLE) return float(2 << (first - HALF));
    throw new CborError('a value that is not known');
  }

  /** Names in their one order: shorter ones first, then by their bytes. None comes twice. */
  function members(depth: number): Record<string, unknown> {
    const length = count(MAP);
    const entries: [string, unknown][] = [];
    let [before, beforeEnd] = [at, at];
    for (let i = 0; i < length; i++) {
      const headAt = at;
      const name = text();
      // of the same length, the heads are equal as well; of another, the shorter name has the smaller head
      if (i > 0 && !isBehind(before, beforeEnd, headAt, at)) throw new CborError('members in another order');
      [before, beforeEnd] = [headAt, at];
      entries.push([name, value(depth + 1)]);
    }
    // own members only, so `__proto__` is harmless
    return Object.fromEntries(entries);
  }

  function isBehind(before: number, beforeEnd: number, from: number, end: number): boolean {
    if (beforeEnd - before !== end - from) return beforeEnd - before < end - from;
    for (let i = 0; i < end - from; i++) {
      const difference = (bytes[from + i] ?? 0) - (bytes[before + i] ?? 0);
      if (difference !== 0) return difference > 0;
    }
    return false;
  }

  function float(size: number): number {
    need(size);
    for (let i = 0; i < size; i++) scratch.setUint8(i, bytes[at + i] ?? 0);
    at += size;
    const read =
      size === 2 ? half(scratch.getUint16(0)) : size === 4 ? scratch.getFloat32(0) : scratch.getFloat64(0);
    if (!Number.isFinite(read) || Number.isInteger(read)) throw new CborError('not written as a fraction');
    if (size !== floatSize(read)) throw new CborError('a fraction in another form than the shortest');
    return read;
  }

  return {
    list: () => count(LIST),
    map: () => count(MAP),
    integer,
    hex,
    text,
    compact,
    optional() {
      if (bytes[at] !== NULL) return compact();
      at += 1;
      return null;
    },
    value: () => value(0),
    end() {
      if (at !== bytes.length) throw new CborError('bytes left over');
    },
  };
}

function half(bits: number): number {
  const [exponent, mantissa] = [(bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return Number.NaN;
  const size = exponent === 0 ? mantissa * 2 ** -24 : (mantissa + 1024) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -size : size;
}

/** Bytes a fraction is written in. Of the halves below 2^-14 only powers of two are written as such (cborg). */
function floatSize(value: number): 2 | 4 | 8 {
  if (Math.fround(value) !== value) return 8;
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  const exponent = ((bits >> 23) & 255) - 127;
  if (exponent < -24) return 4;
  return (bits & (exponent < -14 ? 0x7fffff : 0x1fff)) === 0 ? 2 : 4;
}
