// Reads ASN.1 DER (X.690) and nothing looser: one value has one encoding, so what was hashed, what is compared and what
// is shown cannot be three things. BER's freedoms (indefinite or long lengths, split strings, other booleans), trailing
// bytes and high tag numbers are refused before anything is believed.

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
  const der = elementAt(buffer, 0);
  if (der.bytes.length !== buffer.length) throw new DerFault('bytes after the end');
  checkElement(der, options.anySetOrder === true, 0);
  return der;
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
  return BigInt.asIntN(contents.length * 8, BigInt(`0x${contents.toString('hex')}`));
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
  const text = der.contents.toString('latin1');
  const form = der.tag === tags.utcTime ? utcForm : fraction ? fractionForm : generalizedForm;
  if (der.tag !== tags.utcTime) expectTag(der, tags.generalizedTime);
  const match = form.exec(text);
  if (match === null) throw new DerFault('not a time in Zulu');
  const [, years = '', month, day, hour, minute, second, part = ''] = match;
  const year = years.length === 4 ? years : `${Number(years) >= 50 ? '19' : '20'}${years}`;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const whole = Date.parse(`${iso}Z`);
  // Date.parse takes 31 February for 3 March in some engines, and 24:00
  if (Number.isNaN(whole) || !new Date(whole).toISOString().startsWith(iso))
    throw new DerFault('no such time');
  return whole + Math.floor(Number(`0${part}`) * 1000);
}
const utcForm = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const generalizedForm = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const fractionForm = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d*[1-9])?Z$/;

/** No real structure is deeper; a stack is not spent on one that is. */
const deepest = 48;

function elementAt(bytes: Buffer, from: number): Der {
  const tag = bytes[from];
  const first = bytes[from + 1];
  if (tag === undefined || first === undefined) throw new DerFault('cut short');
  if ((tag & 0x1f) === 0x1f) throw new DerFault('high tag number');
  let length = first;
  let start = from + 2;
  if (first >= 0x80) {
    const size = first & 0x7f;
    if (size === 0) throw new DerFault('indefinite length');
    if (size > 4 || start + size > bytes.length) throw new DerFault('length too long');
    length = bytes.readUIntBE(start, size);
    start += size;
    if (length < 0x80 || length < 2 ** (8 * (size - 1)))
      throw new DerFault('length not as short as it can be');
  }
  if (start + length > bytes.length) throw new DerFault('cut short');
  return element(tag, bytes.subarray(from, start + length), bytes.subarray(start, start + length));
}

function element(tag: number, bytes: Buffer, contents: Buffer): Der {
  let children: readonly Der[] | null = null;
  return {
    tag,
    bytes,
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

function checkElement(der: Der, anySetOrder: boolean, depth: number): void {
  if (depth > deepest) throw new DerFault('nested too deep');
  const constructed = (der.tag & 0x20) !== 0;
  if ((der.tag & 0xc0) === 0) {
    const number = der.tag & 0x1f;
    if (constructed !== (number === 0x10 || number === 0x11))
      throw new DerFault('split or flat where it may not');
    checkers[number]?.(der.contents);
  }
  if (!constructed) return;
  for (const child of der.children) checkElement(child, anySetOrder, depth + 1);
  if (der.tag === tags.set && !anySetOrder)
    der.children.forEach((child, i) => {
      const before = der.children[i - 1];
      if (before !== undefined && Buffer.compare(before.bytes, child.bytes) > 0)
        throw new DerFault('set not sorted');
    });
}

function refuse(why: string, when: boolean): void {
  if (when) throw new DerFault(why);
}

function checkInteger(contents: Buffer): void {
  const [first, second] = contents;
  refuse('empty integer', first === undefined);
  refuse(
    'integer not as short as it can be',
    second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)),
  );
}

/** By universal tag number: what DER asks of the contents. */
const checkers: Readonly<Record<number, (contents: Buffer) => void>> = {
  0: () => refuse('end of contents', true),
  1: (c) => refuse('boolean', c.length !== 1 || (c[0] !== 0 && c[0] !== 0xff)),
  2: checkInteger,
  10: checkInteger,
  3: (c) => {
    const [unused = 8] = c;
    refuse('bit string', unused > 7 || (c.length === 1 && unused > 0));
    refuse('unused bits are set', ((c.at(-1) ?? 0) & ((1 << unused) - 1)) !== 0 && c.length > 1);
  },
  5: (c) => refuse('null with contents', c.length > 0),
  6: (c) => {
    refuse('object identifier', c.length === 0 || (c.at(-1) ?? 0) >= 0x80);
    c.forEach((byte, i) => {
      refuse('arc not as short as it can be', byte === 0x80 && (i === 0 || (c[i - 1] ?? 0) < 0x80));
    });
  },
  12: (c) => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(c);
    } catch {
      throw new DerFault('not UTF-8');
    }
  },
  28: (c) => refuse('UniversalString', c.length % 4 !== 0),
  30: (c) => refuse('BMPString', c.length % 2 !== 0),
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
