// Reads PDF values from bytes. Strict where readers differ and an attacker could gain by it: an entry twice in a
// dictionary, numbers out of range, a stream whose length is not what it says, are faults and never repaired.
import {
  type PdfArray,
  type PdfDict,
  PdfFault,
  type PdfName,
  type PdfNumber,
  type PdfRef,
  type PdfString,
  type PdfValue,
} from './values.ts';

/** Ours: nothing a printer writes nests deeper. */
const DEEPEST = 64;
/** ISO 32000-1 annex C: the highest object number. */
export const MOST_OBJECTS = 8_388_607;

const SPACE = new Set([0, 9, 10, 12, 13, 32]);
const DELIMITER = new Set([...'()<>[]{}/%'].map((c) => c.charCodeAt(0)));
const regular = (byte: number | undefined): byte is number =>
  byte !== undefined && !SPACE.has(byte) && !DELIMITER.has(byte);

/** Where a reader stands in its bytes. */
export interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

export interface IndirectObject {
  readonly number: number;
  readonly generation: number;
  readonly value: PdfValue;
  /** From its number to after `endobj`. */
  readonly start: number;
  readonly end: number;
}

/** `lengthOf`: what a stream's Length says when it stands in another object. */
export function parseIndirect(
  bytes: Buffer,
  start: number,
  lengthOf: (of: PdfRef) => number,
): IndirectObject {
  const cursor = { bytes, at: start };
  const n = wholeNumber(cursor);
  skipSpace(cursor);
  const generation = wholeNumber(cursor);
  skipSpace(cursor);
  expectWord(cursor, 'obj');
  if (n === 0 || n > MOST_OBJECTS || generation > 65_535) throw new PdfFault('object number out of range');
  let value = parseValue(cursor);
  skipSpace(cursor);
  if (value !== null && typeof value === 'object' && value.kind === 'dict' && atWord(cursor, 'stream'))
    value = { kind: 'stream', dict: value, raw: streamBytes(cursor, value, lengthOf) };
  skipSpace(cursor);
  expectWord(cursor, 'endobj');
  return { number: n, generation, value, start, end: cursor.at };
}

function streamBytes(cursor: Cursor, dict: PdfDict, lengthOf: (of: PdfRef) => number): Buffer {
  cursor.at += 'stream'.length;
  if (cursor.bytes[cursor.at] === 13 && cursor.bytes[cursor.at + 1] === 10) cursor.at += 2;
  else if (cursor.bytes[cursor.at] === 10) cursor.at += 1;
  else throw new PdfFault('no line end after stream');
  const said = dict.entries.get('Length');
  const length =
    said !== null && typeof said === 'object' && said.kind === 'ref' ? lengthOf(said) : wholeOf(said);
  const raw = cursor.bytes.subarray(cursor.at, cursor.at + length);
  if (raw.length !== length) throw new PdfFault('stream longer than the file');
  cursor.at += length;
  skipSpace(cursor);
  expectWord(cursor, 'endstream');
  return raw;
}

/** A whole number, not negative, as a length or an offset is. */
export function wholeOf(value: PdfValue | undefined): number {
  if (
    value === null ||
    typeof value !== 'object' ||
    value.kind !== 'number' ||
    !/^\+?\d{1,10}$/.test(value.text)
  )
    throw new PdfFault('whole number expected');
  return value.value;
}

export function parseValue(cursor: Cursor, depth = 0): PdfValue {
  if (depth > DEEPEST) throw new PdfFault('nested too deep');
  skipSpace(cursor);
  const { bytes } = cursor;
  const byte = bytes[cursor.at];
  if (byte === undefined) throw new PdfFault('value expected');
  if (byte === 0x2f) return parseName(cursor);
  if (byte === 0x28) return literalString(cursor);
  if (byte === 0x5b) return parseArray(cursor, depth);
  if (byte === 0x3c) return bytes[cursor.at + 1] === 0x3c ? parseDict(cursor, depth) : hexString(cursor);
  if ((byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2d || byte === 0x2e)
    return numberOrRef(cursor);
  for (const [text, value] of [
    ['true', true],
    ['false', false],
    ['null', null],
  ] as const) {
    if (!atWord(cursor, text)) continue;
    cursor.at += text.length;
    return value;
  }
  throw new PdfFault('unknown token');
}

function parseArray(cursor: Cursor, depth: number): PdfArray {
  cursor.at += 1;
  const items: PdfValue[] = [];
  for (;;) {
    skipSpace(cursor);
    if (cursor.bytes[cursor.at] === 0x5d) break;
    items.push(parseValue(cursor, depth + 1));
  }
  cursor.at += 1;
  return { kind: 'array', items };
}

export function parseDict(cursor: Cursor, depth = 0): PdfDict {
  if (cursor.bytes[cursor.at] !== 0x3c || cursor.bytes[cursor.at + 1] !== 0x3c)
    throw new PdfFault('dictionary expected');
  cursor.at += 2;
  const entries = new Map<string, PdfValue>();
  for (;;) {
    skipSpace(cursor);
    if (cursor.bytes[cursor.at] === 0x3e && cursor.bytes[cursor.at + 1] === 0x3e) break;
    const key = parseName(cursor).name;
    if (entries.has(key)) throw new PdfFault('an entry twice');
    entries.set(key, parseValue(cursor, depth + 1));
  }
  cursor.at += 2;
  return { kind: 'dict', entries };
}

function parseName(cursor: Cursor): PdfName {
  const { bytes } = cursor;
  if (bytes[cursor.at] !== 0x2f) throw new PdfFault('name expected');
  cursor.at += 1;
  const start = cursor.at;
  while (regular(bytes[cursor.at])) cursor.at += 1;
  const text = bytes.toString('latin1', start, cursor.at);
  return {
    kind: 'name',
    name: text.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    ),
  };
}

function numberOrRef(cursor: Cursor): PdfNumber | PdfRef {
  const first = parseNumber(cursor);
  const { bytes } = cursor;
  if (!/^\d{1,7}$/.test(first.text)) return first;
  const afterNumber = pastSpace(bytes, cursor.at);
  let at = afterNumber;
  while (isDigit(bytes[at]) && at - afterNumber < 6) at += 1;
  const generationEnd = at;
  if (generationEnd === afterNumber || generationEnd - afterNumber > 5) return first;
  at = pastSpace(bytes, at);
  if (at === generationEnd || bytes[at] !== 0x52 || regular(bytes[at + 1])) return first;
  cursor.at = at + 1;
  return {
    kind: 'ref',
    number: first.value,
    generation: Number(bytes.toString('latin1', afterNumber, generationEnd)),
  };
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

function pastSpace(bytes: Buffer, from: number): number {
  let at = from;
  for (let byte = bytes[at]; byte !== undefined && SPACE.has(byte); byte = bytes[at]) at += 1;
  return at;
}

function parseNumber(cursor: Cursor): PdfNumber {
  const start = cursor.at;
  while (regular(cursor.bytes[cursor.at])) cursor.at += 1;
  const text = cursor.bytes.toString('latin1', start, cursor.at);
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text) || text.length > 40) throw new PdfFault('number expected');
  return { kind: 'number', value: Number(text), text };
}

function hexString(cursor: Cursor): PdfString {
  const start = cursor.at;
  const stop = cursor.bytes.indexOf(0x3e, start);
  if (stop < 0) throw new PdfFault('string without end');
  const text = cursor.bytes.toString('latin1', start + 1, stop).replace(/[\0\t\n\f\r ]/g, '');
  if (!/^[0-9a-fA-F]*$/.test(text)) throw new PdfFault('not hex');
  cursor.at = stop + 1;
  const even = text.length % 2 === 0 ? text : `${text}0`;
  return { kind: 'string', bytes: Buffer.from(even, 'hex'), hex: true, start, end: stop + 1 };
}

const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12 };

function literalString(cursor: Cursor): PdfString {
  const { bytes } = cursor;
  const start = cursor.at;
  const out: number[] = [];
  let open = 1;
  for (cursor.at += 1; open > 0; cursor.at += 1) {
    const byte = bytes[cursor.at];
    if (byte === undefined) throw new PdfFault('string without end');
    if (byte === 0x5c) {
      cursor.at += 1;
      escaped(cursor, out);
    } else if (byte === 13) {
      if (bytes[cursor.at + 1] === 10) cursor.at += 1;
      out.push(10);
    } else {
      if (byte === 0x28) open += 1;
      if (byte === 0x29) open -= 1;
      if (open > 0) out.push(byte);
    }
  }
  return { kind: 'string', bytes: Buffer.from(out), hex: false, start, end: cursor.at };
}

/** After the backslash; leaves the cursor on the last byte of it. */
function escaped(cursor: Cursor, out: number[]): void {
  const { bytes } = cursor;
  const byte = bytes[cursor.at];
  if (byte === undefined) throw new PdfFault('string without end');
  const octal = /^[0-7]{1,3}/.exec(bytes.toString('latin1', cursor.at, cursor.at + 3));
  if (octal) {
    out.push(Number.parseInt(octal[0], 8) & 255);
    cursor.at += octal[0].length - 1;
  } else if (byte === 13) {
    if (bytes[cursor.at + 1] === 10) cursor.at += 1;
  } else if (byte !== 10) out.push(ESCAPES[String.fromCharCode(byte)] ?? byte);
}

/** Blanks and comments. */
export function skipSpace(cursor: Cursor): void {
  for (;;) {
    const byte = cursor.bytes[cursor.at];
    if (byte === undefined) return;
    if (byte === 0x25)
      while (
        cursor.at < cursor.bytes.length &&
        cursor.bytes[cursor.at] !== 10 &&
        cursor.bytes[cursor.at] !== 13
      )
        cursor.at += 1;
    else if (SPACE.has(byte)) cursor.at += 1;
    else return;
  }
}

export function wholeNumber(cursor: Cursor): number {
  const found = /^\d{1,10}/.exec(cursor.bytes.toString('latin1', cursor.at, cursor.at + 11));
  if (!found || regular(cursor.bytes[cursor.at + found[0].length])) throw new PdfFault('number expected');
  cursor.at += found[0].length;
  return Number(found[0]);
}

export const atWord = (cursor: Cursor, word: string): boolean =>
  cursor.bytes.toString('latin1', cursor.at, cursor.at + word.length) === word &&
  !regular(cursor.bytes[cursor.at + word.length]);

export function expectWord(cursor: Cursor, word: string): void {
  if (!atWord(cursor, word)) throw new PdfFault(`${word} expected`);
  cursor.at += word.length;
}
