// Reads ASN.1 DER (X.690) and nothing looser: one value has one encoding, so what was hashed, what is compared and what
// is shown cannot be three things. BER's freedoms (indefinite or long lengths, split strings, other booleans), trailing
// bytes and high tag numbers are refused before anything is believed.
import { isUtf8 } from 'node:buffer';

/** Thrown by everything here on bytes that are not what they should be; caught by `parsed` at the door of a room. */
export class DerFault extends Error {}

/** Runs a parser over bytes from elsewhere: null when they are malformed; other exceptions are bugs and pass. */
export function parsed<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch (error) {
    if (error instanceof DerFault) return null;
    throw error;
  }
}

export interface Der {
  /** Identifier octet: class, constructed bit and number, e.g. 0x30 SEQUENCE, 0xa0 [0]. */
  readonly tag: number;
  /** The element whole: tag, length, contents. */
  readonly bytes: Buffer;
  readonly contents: Buffer;
  /** Elements inside; empty when primitive. */
  readonly children: readonly Der[];
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  nul: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8: 0x0c,
  printable: 0x13,
  teletex: 0x14,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visible: 0x1a,
  universal: 0x1c,
  bmp: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

export interface ReadOptions {
  /**
   * Elements of a SET may come in any order: CMS of other programs, where only what is hashed must be DER. Default
   * false.
   */
  readonly anySetOrder?: boolean;
}

/** The one element that these bytes are, checked to its last leaf. */
export function readDer(bytes: Uint8Array, options: ReadOptions = {}): Der {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = checkElement(buffer, 0, buffer.length, options.anySetOrder === true, 0);
  if (end !== buffer.length) throw new DerFault('bytes after the end');
  return elementAt(buffer, 0);
}

/** Contents of an OCTET STRING or BIT STRING that are DER again. */
export const readInside = (der: Der, options: ReadOptions = {}): Der =>
  readDer(der.tag === tags.bits ? octetsOfBits(der) : octetsOf(der), options);

/** Takes the members of a SEQUENCE (or of a constructed element of another tag) in order. */
export interface Fields {
  /** The next member, which must have this tag. */
  take(tag?: number): Der;
  /** The next member when it has this tag. */
  maybe(...tag: readonly number[]): Der | null;
  /** There must be none left. */
  end(): void;
  readonly left: number;
}

export function fieldsOf(der: Der, tag: number = tags.sequence): Fields {
  const all = expectTag(der, tag).children;
  let at = 0;
  const next = (): Der => {
    const member = all[at++];
    if (member === undefined) throw new DerFault('a member is missing');
    return member;
  };
  return {
    take: (wanted) => (wanted === undefined ? next() : expectTag(next(), wanted)),
    maybe: (...wanted) => (wanted.includes(all[at]?.tag ?? -1) ? next() : null),
    end: () => {
      if (at < all.length) throw new DerFault('more members than expected');
    },
    get left() {
      return all.length - at;
    },
  };
}

export function expectTag(der: Der, tag: number): Der {
  if (der.tag !== tag)
    throw new DerFault(`expected tag 0x${tag.toString(16)}, found 0x${der.tag.toString(16)}`);
  return der;
}

/** Members of a SEQUENCE OF / SET OF; `least` of them at least. */
export function membersOf(der: Der, tag: number = tags.sequence, least = 0): readonly Der[] {
  const { children } = expectTag(der, tag);
  if (children.length < least) throw new DerFault('fewer members than needed');
  return children;
}

/** What an EXPLICIT tag holds: exactly one element. */
export function insideOf(der: Der, tag: number = der.tag): Der {
  const [inside, ...more] = expectTag(der, tag).children;
  if (inside === undefined || more.length > 0) throw new DerFault('an explicit tag holds one element');
  return inside;
}

/** An IMPLICIT tag read as the type it stands for: [0] IMPLICIT INTEGER → INTEGER. */
export function retagged(der: Der, tag: number): Der {
  const bytes = Buffer.from(der.bytes);
  bytes[0] = tag;
  return readDer(bytes);
}

export const booleanOf = (der: Der): boolean => expectTag(der, tags.boolean).contents[0] !== 0;

export function integerOf(der: Der, tag: number = tags.integer): bigint {
  const { contents } = expectTag(der, tag);
  const value = BigInt(`0x${contents.toString('hex')}`);
  return (contents[0] ?? 0) < 0x80 ? value : BigInt.asIntN(contents.length * 8, value);
}

/** A count or version: refused when it is negative or larger than 2³¹−1. */
export function smallIntegerOf(der: Der, tag: number = tags.integer): number {
  const value = integerOf(der, tag);
  if (value < 0n || value > 0x7fff_ffffn) throw new DerFault('integer out of range');
  return Number(value);
}

export const octetsOf = (der: Der): Buffer => expectTag(der, tags.octets).contents;

/** A BIT STRING of whole octets: keys, signatures. */
export function octetsOfBits(der: Der): Buffer {
  const { contents } = expectTag(der, tags.bits);
  if (contents[0] !== 0) throw new DerFault('not whole octets');
  return contents.subarray(1);
}

/** Numbers of the bits that are set; bit 0 is the first. A named-bit list has no trailing zero bits (X.690, 11.2.2). */
export function namedBitsOf(der: Der): ReadonlySet<number> {
  const { contents } = expectTag(der, tags.bits);
  if (contents.length > 9) throw new DerFault('more named bits than any list has');
  const set = new Set<number>();
  const count = (contents.length - 1) * 8 - (contents[0] ?? 0);
  for (let bit = 0; bit < count; bit++)
    if (((contents[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0) set.add(bit);
  if (count > 0 && !set.has(count - 1)) throw new DerFault('named bits end in zeros');
  return set;
}

/** Dotted. */
export function oidOf(der: Der): string {
  const { contents } = expectTag(der, tags.oid);
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const byte of contents) {
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0n;
    }
  }
  const [head = 0n, ...rest] = arcs;
  const first = head < 40n ? 0n : head < 80n ? 1n : 2n;
  return [first, head - first * 40n, ...rest].join('.');
}

/** Any of ASN.1's character strings that names are written in. */
export function textOf(der: Der): string {
  const { tag, contents } = der;
  if (tag === tags.utf8) return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(contents);
  if (tag === tags.bmp) return Buffer.from(contents).swap16().toString('utf16le');
  if (tag === tags.universal) return utf32(contents);
  if ([tags.printable, tags.teletex, tags.ia5, tags.visible].some((known) => known === tag))
    return contents.toString('latin1');
  // NumericString and the strings nobody writes any more
  if (tag === 0x12) return contents.toString('latin1');
  throw new DerFault('not a character string');
}

/** UTCTime or GeneralizedTime, in Zulu with seconds, as ms since 1970. Fractions of a second only with `fraction`. */
export function timeOf(der: Der, { fraction = false } = {}): number {
  const { tag, contents } = der;
  if (!fraction || contents.length <= 15)
    return timeAt(contents, { tag, from: 0, start: 0, end: contents.length });
  const part = /^\.\d{0,8}[1-9]Z$/.exec(contents.toString('latin1', 14))?.[0];
  if (part === undefined || tag !== tags.generalizedTime) throw new DerFault('not a time in Zulu');
  const whole = Buffer.concat([contents.subarray(0, 14), Buffer.from('Z')]);
  return timeAt(whole, { tag, from: 0, start: 0, end: 15 }) + Math.floor(Number(part.slice(0, -1)) * 1000);
}

/** An element by its place, for lists of which it costs too much to make something of each. */
export interface Span {
  readonly tag: number;
  readonly from: number;
  /** Of the contents; `end` is also the element's. */
  readonly start: number;
  readonly end: number;
}

/** The elements between two places of bytes that were checked before. */
export function spansIn(bytes: Buffer, from: number, to: number): Span[] {
  const spans: Span[] = [];
  for (let at = from; at < to; ) {
    const start = contentsAt(bytes, at);
    const end = endAt(bytes, at, start, to);
    spans.push({ tag: bytes[at] ?? 0, from: at, start, end });
    at = end;
  }
  return spans;
}

/** As `timeOf`, without fraction. */
export function timeAt(bytes: Buffer, { tag, start, end }: Span): number {
  const short = tag === tags.utcTime;
  const digits = short ? 12 : 14;
  const zulu = end - start === digits + 1 && bytes[end - 1] === 0x5a;
  if ((!short && tag !== tags.generalizedTime) || !zulu) throw new DerFault('not a time in Zulu');
  const two = (n: number): number => {
    const [high, low] = [(bytes[end - n] ?? 0) - 0x30, (bytes[end - n + 1] ?? 0) - 0x30];
    if (high < 0 || high > 9 || low < 0 || low > 9) throw new DerFault('not a time in Zulu');
    return high * 10 + low;
  };
  const shortYear = two(13);
  const year = short ? (shortYear >= 50 ? 1900 : 2000) + shortYear : two(15) * 100 + shortYear;
  const [month, day, hour, minute, second] = [two(11), two(9), two(7), two(5), two(3)];
  const date = new Date(Date.UTC(2000, month - 1, day, hour, minute, second));
  date.setUTCFullYear(year, month - 1, day);
  // 31 February would be 3 March, 24:00 the next day
  const real =
    hour < 24 && minute < 60 && second < 60 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!real) throw new DerFault('no such time');
  return date.getTime();
}

/** No real structure is deeper; a stack is not spent on one that is. */
const deepest = 48;

/** Where an element's contents begin; it is not looked whether they are all there. */
function contentsAt(bytes: Buffer, from: number): number {
  const tag = bytes[from];
  const first = bytes[from + 1];
  if (tag === undefined || first === undefined) throw new DerFault('cut short');
  if ((tag & 0x1f) === 0x1f) throw new DerFault('high tag number');
  if (first === 0x80) throw new DerFault('indefinite length');
  return first < 0x80 ? from + 2 : from + 2 + (first & 0x7f);
}

/** Where it ends: within `to`, its length written as short as it can be. */
function endAt(bytes: Buffer, from: number, start: number, to: number): number {
  const size = start - from - 2;
  if (size > 4 || start > to) throw new DerFault('length too long');
  const length = size === 0 ? (bytes[from + 1] ?? 0) : bytes.readUIntBE(from + 2, size);
  if (size > 0 && (length < 0x80 || length < 2 ** (8 * (size - 1))))
    throw new DerFault('length not as short as it can be');
  if (start + length > to) throw new DerFault('cut short');
  return start + length;
}

function elementAt(bytes: Buffer, from: number): Der {
  const start = contentsAt(bytes, from);
  const end = endAt(bytes, from, start, bytes.length);
  const tag = bytes[from] ?? 0;
  let children: readonly Der[] | null = null;
  const contents = bytes.subarray(start, end);
  return {
    tag,
    bytes: bytes.subarray(from, end),
    contents,
    get children() {
      children ??= (tag & 0x20) === 0 ? [] : elementsIn(contents);
      return children;
    },
  };
}

function elementsIn(contents: Buffer): Der[] {
  const found: Der[] = [];
  for (let at = 0; at < contents.length; ) {
    const next = elementAt(contents, at);
    found.push(next);
    at += next.bytes.length;
  }
  return found;
}

/**
 * Checks the element at `from` and all in it, by positions and without making anything: revocation lists have a million
 * elements. Gives its end.
 */
function checkElement(bytes: Buffer, from: number, to: number, anySetOrder: boolean, depth: number): number {
  if (depth > deepest) throw new DerFault('nested too deep');
  const start = contentsAt(bytes, from);
  const end = endAt(bytes, from, start, to);
  const tag = bytes[from] ?? 0;
  const constructed = (tag & 0x20) !== 0;
  if ((tag & 0xc0) === 0) {
    const number = tag & 0x1f;
    if (constructed !== (number === 0x10 || number === 0x11))
      throw new DerFault('split or flat where it may not');
    checkers[number]?.(bytes, start, end);
  }
  if (!constructed) return end;
  let before = -1;
  for (let at = start; at < end; ) {
    const next = checkElement(bytes, at, end, anySetOrder, depth + 1);
    if (tag === tags.set && !anySetOrder && before >= 0 && bytes.compare(bytes, at, next, before, at) > 0)
      throw new DerFault('set not sorted');
    before = at;
    at = next;
  }
  return end;
}

function refuse(why: string, when: boolean): void {
  if (when) throw new DerFault(why);
}

type Checker = (bytes: Buffer, start: number, end: number) => void;

const checkInteger: Checker = (bytes, start, end) => {
  refuse('empty integer', start === end);
  if (end - start < 2) return;
  const [first = 0, negative] = [bytes[start], (bytes[start + 1] ?? 0) >= 0x80];
  refuse('integer not as short as it can be', (first === 0 && !negative) || (first === 0xff && negative));
};

/** By universal tag number: what DER asks of the contents. */
const checkers: Readonly<Record<number, Checker>> = {
  0: () => refuse('end of contents', true),
  1: (b, start, end) => refuse('boolean', end - start !== 1 || (b[start] !== 0 && b[start] !== 0xff)),
  2: checkInteger,
  10: checkInteger,
  3: (b, start, end) => {
    const unused = start < end ? (b[start] ?? 8) : 8;
    refuse('bit string', unused > 7 || (end - start === 1 && unused > 0));
    refuse('unused bits are set', ((b[end - 1] ?? 0) & ((1 << unused) - 1)) !== 0 && end - start > 1);
  },
  5: (_, start, end) => refuse('null with contents', end > start),
  6: (b, start, end) => {
    // longer ones than any that exists would only cost time: an arc is worked out digit by digit
    refuse('object identifier', start === end || end - start > 128 || (b[end - 1] ?? 0) >= 0x80);
    for (let at = start; at < end; at++)
      refuse('arc not as short as it can be', b[at] === 0x80 && (at === start || (b[at - 1] ?? 0) < 0x80));
  },
  12: (b, start, end) => refuse('not UTF-8', !isUtf8(b.subarray(start, end))),
  28: (_, start, end) => refuse('UniversalString', (end - start) % 4 !== 0),
  30: (_, start, end) => refuse('BMPString', (end - start) % 2 !== 0),
};

function utf32(contents: Buffer): string {
  let text = '';
  for (let at = 0; at + 4 <= contents.length; at += 4) {
    const point = contents.readUInt32BE(at);
    if (point > 0x10ffff) throw new DerFault('UniversalString');
    text += String.fromCodePoint(point);
  }
  return text;
}
