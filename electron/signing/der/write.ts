// Writes ASN.1 DER (X.690): what Trạm itself puts into certificates, signatures and requests. Each function gives the
// whole element, tag and length included, so that they nest like the structure they write.

/** One element of any tag, from its contents. */
export function tlv(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const value = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(value.length), value]);
}

export const seq = (...parts: readonly Uint8Array[]): Buffer => tlv(0x30, ...parts);
/** SET OF: sorted by encoding, as DER wants. */
export const set = (...parts: readonly Uint8Array[]): Buffer =>
  tlv(0x31, ...[...parts].sort((a, b) => Buffer.compare(a, b)));
export const bool = (value: boolean): Buffer => tlv(0x01, Buffer.from([value ? 0xff : 0]));
export const nul = (): Buffer => tlv(0x05);
export const octets = (bytes: Uint8Array): Buffer => tlv(0x04, bytes);
/** BIT STRING of whole octets. */
export const bits = (bytes: Uint8Array, unused = 0): Buffer => tlv(0x03, Buffer.from([unused]), bytes);
export const enumerated = (value: number): Buffer => tlv(0x0a, integerBytes(BigInt(value)));

/** Bytes are taken as an unsigned number, highest first. */
export const int = (value: number | bigint | Uint8Array): Buffer =>
  tlv(0x02, typeof value === 'object' ? unsignedBytes(value) : integerBytes(BigInt(value)));

/** From its dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
  return tlv(0x06, Buffer.from([first * 40n + second, ...rest].flatMap(base128)));
}

export const utf8 = (text: string): Buffer => tlv(0x0c, Buffer.from(text, 'utf8'));
export const printable = (text: string): Buffer => tlv(0x13, Buffer.from(text, 'latin1'));
export const ia5 = (text: string): Buffer => tlv(0x16, Buffer.from(text, 'latin1'));

/** `Time` of certificates and CMS: UTCTime until 2049, GeneralizedTime after; whole seconds. */
export function time(ms: number): Buffer {
  const digits = new Date(ms)
    .toISOString()
    .replaceAll(/\.\d+Z$/g, 'Z')
    .replaceAll(/[-:T]/g, '');
  const year = Number(digits.slice(0, 4));
  return year >= 1950 && year < 2050
    ? tlv(0x17, Buffer.from(digits.slice(2), 'latin1'))
    : tlv(0x18, Buffer.from(digits, 'latin1'));
}

export function generalizedTime(ms: number): Buffer {
  const digits = new Date(ms)
    .toISOString()
    .replaceAll(/\.\d+Z$/g, 'Z')
    .replaceAll(/[-:T]/g, '');
  return tlv(0x18, Buffer.from(digits, 'latin1'));
}

/** `[n]` around whole elements: EXPLICIT, or IMPLICIT of something constructed when its contents are given. */
export const ctx = (n: number, ...parts: readonly Uint8Array[]): Buffer => tlv(0xa0 | n, ...parts);
/** `[n] IMPLICIT` of something primitive, from its contents. */
export const ctxPrimitive = (n: number, contents: Uint8Array): Buffer => tlv(0x80 | n, contents);

/** AlgorithmIdentifier. `parameters`: a whole element; null leaves them out (ECDSA), 'null' writes NULL (RSA). */
export const algorithmIdentifier = (dotted: string, parameters: Uint8Array | 'null' | null): Buffer =>
  seq(oid(dotted), ...(parameters === null ? [] : [parameters === 'null' ? nul() : parameters]));

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = bigEndian(BigInt(length));
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

function bigEndian(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 8n) bytes.unshift(Number(rest & 0xffn));
  return bytes;
}

/** Two's complement, as short as it can be. */
function integerBytes(value: bigint): Buffer {
  let size = 1;
  while (BigInt.asIntN(size * 8, value) !== value) size++;
  const bytes = bigEndian(BigInt.asUintN(size * 8, value));
  return Buffer.from([...Array<number>(size - bytes.length).fill(0), ...bytes]);
}

function unsignedBytes(bytes: Uint8Array): Buffer {
  let from = 0;
  while (from < bytes.length - 1 && bytes[from] === 0) from++;
  const short = Buffer.from(bytes.subarray(from));
  return (short[0] ?? 0) >= 0x80 || short.length === 0 ? Buffer.concat([Buffer.from([0]), short]) : short;
}

function base128(arc: bigint): number[] {
  const out = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) out.unshift(Number(rest & 0x7fn) | 0x80);
  return out;
}
