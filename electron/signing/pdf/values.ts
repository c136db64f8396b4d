// What a PDF is made of, as read. Every value keeps what is needed to write it again byte for byte in meaning; strings
// also keep where they stood in the file, because a signature's Contents is known by its place.

export interface PdfName {
  readonly kind: 'name';
  /** Decoded (`#20` is a blank), one character per byte. */
  readonly name: string;
}
export interface PdfNumber {
  readonly kind: 'number';
  readonly value: number;
  /** As it stood: a real is written again without losing a digit. */
  readonly text: string;
}
export interface PdfString {
  readonly kind: 'string';
  readonly bytes: Buffer;
  readonly hex: boolean;
  /** Of the token with its delimiters, in the bytes it was read from. */
  readonly start: number;
  readonly end: number;
}
export interface PdfRef {
  readonly kind: 'ref';
  readonly number: number;
  readonly generation: number;
}
export interface PdfArray {
  readonly kind: 'array';
  readonly items: readonly PdfValue[];
}
export interface PdfDict {
  readonly kind: 'dict';
  readonly entries: ReadonlyMap<string, PdfValue>;
}
export interface PdfStream {
  readonly kind: 'stream';
  readonly dict: PdfDict;
  /** As stored, still encoded. */
  readonly raw: Buffer;
}
/** Already written PDF text, for what an update adds. */
export interface PdfText {
  readonly kind: 'text';
  readonly text: string;
}
export type PdfValue =
  | null
  | boolean
  | PdfName
  | PdfNumber
  | PdfString
  | PdfRef
  | PdfArray
  | PdfDict
  | PdfStream
  | PdfText;

export type PdfKind = Exclude<PdfValue, null | boolean>['kind'];

/** A file that is not what the specification says; caught at the doors of this folder, never seen outside. */
export class PdfFault extends Error {
  override readonly name = 'PdfFault';
}

export const name = (text: string): PdfName => ({ kind: 'name', name: text });
export const number = (value: number): PdfNumber => ({ kind: 'number', value, text: decimal(value) });
export const ref = (n: number, generation = 0): PdfRef => ({ kind: 'ref', number: n, generation });
export const array = (...items: PdfValue[]): PdfArray => ({ kind: 'array', items });
export const dict = (entries: Readonly<Record<string, PdfValue | undefined>>): PdfDict => ({
  kind: 'dict',
  entries: new Map(
    Object.entries(entries).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  ),
});
export const stream = (entries: Readonly<Record<string, PdfValue | undefined>>, raw: Buffer): PdfStream => ({
  kind: 'stream',
  dict: dict({ ...entries, Length: number(raw.length) }),
  raw,
});
export const bytesString = (bytes: Uint8Array): PdfString => ({
  kind: 'string',
  bytes: Buffer.from(bytes),
  hex: true,
  start: 0,
  end: 0,
});
/** A text string: UTF-16 with a mark, which every reader knows. */
export const textString = (text: string): PdfString => {
  const utf16 = Buffer.from(`\ufeff${text.normalize('NFC')}`, 'utf16le');
  return bytesString(utf16.swap16());
};

/** The dictionary with some entries other; `undefined` takes one away. */
export function withEntries(old: PdfDict, entries: Readonly<Record<string, PdfValue | undefined>>): PdfDict {
  const all = new Map(old.entries);
  for (const [key, value] of Object.entries(entries)) {
    if (value === undefined) all.delete(key);
    else all.set(key, value);
  }
  return { kind: 'dict', entries: all };
}

/** The same value written the same way, references by number and not followed. */
export function same(a: PdfValue | undefined, b: PdfValue | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a === null || b === null || typeof a === 'boolean' || typeof b === 'boolean') return a === b;
  if (a.kind === 'name') return b.kind === 'name' && a.name === b.name;
  if (a.kind === 'number') return b.kind === 'number' && a.value === b.value;
  if (a.kind === 'string') return b.kind === 'string' && a.bytes.equals(b.bytes);
  if (a.kind === 'ref') return b.kind === 'ref' && a.number === b.number && a.generation === b.generation;
  if (a.kind === 'array')
    return (
      b.kind === 'array' && a.items.length === b.items.length && a.items.every((v, i) => same(v, b.items[i]))
    );
  if (a.kind === 'dict')
    return (
      b.kind === 'dict' &&
      a.entries.size === b.entries.size &&
      [...a.entries].every(([key, value]) => same(value, b.entries.get(key)))
    );
  if (a.kind === 'stream') return b.kind === 'stream' && same(a.dict, b.dict) && a.raw.equals(b.raw);
  return b.kind === 'text' && a.text === b.text;
}

/** As PDF text. A stream is only written as an object of its own. */
export function written(value: PdfValue): Buffer {
  const parts: Buffer[] = [];
  write(value, parts);
  return Buffer.concat(parts);
}

function write(value: PdfValue, to: Buffer[]): void {
  if (value === null || typeof value === 'boolean') return void to.push(Buffer.from(String(value)));
  switch (value.kind) {
    case 'name':
      return void to.push(Buffer.from(nameText(value.name), 'latin1'));
    case 'number':
      return void to.push(Buffer.from(value.text));
    case 'string':
      return void to.push(Buffer.from(`<${value.bytes.toString('hex')}>`));
    case 'ref':
      return void to.push(Buffer.from(`${value.number} ${value.generation} R`));
    case 'text':
      return void to.push(Buffer.from(value.text, 'latin1'));
    case 'array':
      to.push(Buffer.from('['));
      value.items.forEach((item, at) => {
        if (at > 0) to.push(Buffer.from(' '));
        write(item, to);
      });
      return void to.push(Buffer.from(']'));
    case 'dict':
      to.push(Buffer.from('<<'));
      for (const [key, item] of value.entries) {
        to.push(Buffer.from(`${nameText(key)} `, 'latin1'));
        write(item, to);
        to.push(Buffer.from('\n'));
      }
      return void to.push(Buffer.from('>>'));
    case 'stream':
      write(withEntries(value.dict, { Length: number(value.raw.length) }), to);
      return void to.push(Buffer.from('\nstream\n'), value.raw, Buffer.from('\nendstream'));
  }
}

/** Names of regular characters stand as they are; all others as `#xx`. */
const nameText = (text: string): string =>
  `/${text.replace(/[^!-~]|[#%()<>[\]{}/]/g, (c) => `#${c.charCodeAt(0).toString(16).padStart(2, '0')}`)}`;

/** Never with an exponent, which PDF does not know. */
const decimal = (value: number): string =>
  Number.isInteger(value) ? String(value) : value.toFixed(4).replace(/\.?0+$/, '');
