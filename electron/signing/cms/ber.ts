// Foreign programs write the outside of CMS in BER: lengths left open until the end is known, octet strings in pieces.
// This closes the lengths and joins the pieces, and nothing else; the strict reader then judges what came of it.
import { DerFault, tags } from '../der/read.ts';
import { tlv } from '../der/write.ts';

/** As it came when its outermost length is closed; throws DerFault when the bytes make no sense. */
export function closed(bytes: Uint8Array): Buffer {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer[1] !== 0x80) return buffer;
  const { element, end } = readOne(buffer, 0, 0);
  if (end !== buffer.length) throw new DerFault('bytes after the end');
  return element;
}

/** Where the first element ends, its length open or not; throws DerFault. A PDF keeps room behind its container. */
export const endOfFirst = (bytes: Buffer): number =>
  bytes[1] === 0x80 ? readOne(bytes, 0, 0).end : span(bytes, 0).end;

const deepest = 48;

function readOne(bytes: Buffer, from: number, depth: number): { element: Buffer; end: number } {
  if (depth > deepest) throw new DerFault('nested too deep');
  const tag = bytes[from];
  const first = bytes[from + 1];
  if (tag === undefined || first === undefined) throw new DerFault('cut short');
  if ((tag & 0x1f) === 0x1f) throw new DerFault('high tag number');
  const open = first === 0x80;
  const { start, end } = open ? { start: from + 2, end: bytes.length } : span(bytes, from);
  if ((tag & 0x20) === 0) {
    if (open) throw new DerFault('a primitive with an open length');
    return { element: tlv(tag, bytes.subarray(start, end)), end };
  }
  const parts: Buffer[] = [];
  let at = start;
  while (at < end) {
    if (open && bytes[at] === 0 && bytes[at + 1] === 0) return { element: joined(tag, parts), end: at + 2 };
    const part = readOne(bytes, at, depth + 1);
    parts.push(part.element);
    at = part.end;
  }
  if (open || at !== end) throw new DerFault('cut short');
  return { element: joined(tag, parts), end };
}

function span(bytes: Buffer, from: number): { start: number; end: number } {
  const first = bytes[from + 1] ?? 0;
  const size = first < 0x80 ? 0 : first & 0x7f;
  const start = from + 2 + size;
  if (size > 4 || start > bytes.length) throw new DerFault('length too long');
  const end = start + (size === 0 ? first : bytes.readUIntBE(from + 2, size));
  if (end > bytes.length) throw new DerFault('cut short');
  return { start, end };
}

/** What was DER stays the very bytes it was; an octet string in pieces becomes one. */
function joined(tag: number, parts: readonly Buffer[]): Buffer {
  if (tag !== (tags.octets | 0x20)) return tlv(tag, ...parts);
  if (parts.some((part) => part[0] !== tags.octets)) throw new DerFault('pieces of octets that are none');
  return tlv(tags.octets, ...parts.map((part) => part.subarray(headLength(part))));
}

const headLength = (element: Buffer): number => 2 + ((element[1] ?? 0) < 0x80 ? 0 : (element[1] ?? 0) & 0x7f);
