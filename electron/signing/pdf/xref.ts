// Cross-references: where each object stands, by table, by stream or both (hybrid files), as a chain of sections from
// the newest to the oldest. What a section says counts; objects are never searched for.
import { decoded } from './filters.ts';
import {
  atWord,
  type Cursor,
  expectWord,
  MOST_OBJECTS,
  parseDict,
  parseIndirect,
  skipSpace,
  wholeNumber,
  wholeOf,
} from './parse.ts';
import { type PdfDict, PdfFault, type PdfStream, type PdfValue } from './values.ts';

export type Place =
  | { readonly in: 'file'; readonly offset: number; readonly generation: number }
  | { readonly in: 'stream'; readonly stream: number; readonly index: number }
  | { readonly in: 'nothing' };

export interface Section {
  readonly offset: number;
  readonly kind: 'table' | 'stream';
  readonly places: ReadonlyMap<number, Place>;
  readonly trailer: PdfDict;
  /** After the trailer dictionary, or after the stream's `endobj`. */
  readonly end: number;
  /** Of a hybrid file: the stream that goes with the table. */
  readonly alsoAt: number | null;
}

/** Ours: a paper is signed by a handful, not by hundreds. */
const MOST_SECTIONS = 500;

/** Where the newest section stands, by the file's last `startxref`; nothing but blanks may follow its `%%EOF`. */
export function lastStart(bytes: Buffer): number {
  const tail = bytes.toString('latin1', Math.max(0, bytes.length - 1024));
  const found = /startxref[ \t\r\n]+(\d{1,10})[ \t\r\n]+%%EOF[\0\t\n\f\r ]*$/.exec(tail);
  if (!found) throw new PdfFault('no startxref at the end');
  return Number(found[1]);
}

/** Newest first. */
export function sectionsOf(bytes: Buffer, start: number): readonly Section[] {
  const sections: Section[] = [];
  const seen = new Set<number>();
  for (let at: number | null = start; at !== null; ) {
    if (seen.has(at) || sections.length >= MOST_SECTIONS) throw new PdfFault('sections go round');
    seen.add(at);
    const section = sectionAt(bytes, at);
    sections.push(section);
    const previous = section.trailer.entries.get('Prev');
    at = previous === undefined ? null : wholeOf(previous);
  }
  return sections;
}

function sectionAt(bytes: Buffer, offset: number): Section {
  const cursor: Cursor = { bytes, at: offset };
  if (!atWord(cursor, 'xref')) return streamSection(bytes, offset);
  cursor.at += 'xref'.length;
  const places = new Map<number, Place>();
  for (skipSpace(cursor); !atWord(cursor, 'trailer'); skipSpace(cursor)) tableRun(cursor, places);
  expectWord(cursor, 'trailer');
  skipSpace(cursor);
  const trailer = parseDict(cursor);
  const hybrid = trailer.entries.get('XRefStm');
  if (hybrid === undefined) return { offset, kind: 'table', places, trailer, end: cursor.at, alsoAt: null };
  // objects of the stream are free in the table, for readers that know no streams
  const also = streamSection(bytes, wholeOf(hybrid));
  for (const [number, place] of also.places)
    if ((places.get(number)?.in ?? 'nothing') === 'nothing') places.set(number, place);
  return { offset, kind: 'table', places, trailer, end: cursor.at, alsoAt: also.offset };
}

function tableRun(cursor: Cursor, places: Map<number, Place>): void {
  const first = wholeNumber(cursor);
  skipSpace(cursor);
  const count = wholeNumber(cursor);
  if (first + count > MOST_OBJECTS + 1) throw new PdfFault('object number out of range');
  for (let number = first; number < first + count; number += 1) {
    skipSpace(cursor);
    const offset = wholeNumber(cursor);
    skipSpace(cursor);
    const generation = wholeNumber(cursor);
    skipSpace(cursor);
    const used = atWord(cursor, 'n');
    expectWord(cursor, used ? 'n' : 'f');
    if (places.has(number)) throw new PdfFault('an object twice in a section');
    places.set(number, used ? { in: 'file', offset, generation } : { in: 'nothing' });
  }
}

function streamSection(bytes: Buffer, offset: number): Section {
  const { value, end } = parseIndirect(bytes, offset, () => {
    throw new PdfFault('length of a cross-reference stream elsewhere');
  });
  if (value === null || typeof value !== 'object' || value.kind !== 'stream')
    throw new PdfFault('cross-reference stream expected');
  const { entries } = value.dict;
  const type = entries.get('Type');
  if (type === null || typeof type !== 'object' || type.kind !== 'name' || type.name !== 'XRef')
    throw new PdfFault('cross-reference stream expected');
  return { offset, kind: 'stream', places: streamPlaces(value), trailer: value.dict, end, alsoAt: null };
}

function streamPlaces(stream: PdfStream): Map<number, Place> {
  const { entries } = stream.dict;
  const widths = numbersOf(entries.get('W'));
  const [w0, w1, w2] = widths;
  if (
    widths.length !== 3 ||
    w0 === undefined ||
    w1 === undefined ||
    w2 === undefined ||
    Math.max(...widths) > 6 ||
    // without a width a stream of nothing would name millions of objects
    w1 === 0
  )
    throw new PdfFault('widths of a cross-reference stream');
  const size = wholeOf(entries.get('Size'));
  const runs = entries.has('Index') ? numbersOf(entries.get('Index')) : [0, size];
  const data = decoded(stream);
  const places = new Map<number, Place>();
  let at = 0;
  const field = (width: number, otherwise: number): number => {
    if (width === 0) return otherwise;
    if (at + width > data.length) throw new PdfFault('cross-reference stream too short');
    at += width;
    return data.readUIntBE(at - width, width);
  };
  for (let run = 0; run < runs.length; run += 2) {
    const first = runs[run] ?? 0;
    const count = runs[run + 1] ?? 0;
    if (first + count > MOST_OBJECTS + 1) throw new PdfFault('object number out of range');
    for (let number = first; number < first + count; number += 1) {
      const [type, a, b] = [field(w0, 1), field(w1, 0), field(w2, 0)];
      if (places.has(number)) throw new PdfFault('an object twice in a section');
      if (type === 1) places.set(number, { in: 'file', offset: a, generation: b });
      else if (type === 2) places.set(number, { in: 'stream', stream: a, index: b });
      else if (type === 0) places.set(number, { in: 'nothing' });
      else throw new PdfFault('kind of place unknown');
    }
  }
  if (at !== data.length) throw new PdfFault('cross-reference stream too long');
  return places;
}

function numbersOf(value: PdfValue | undefined): readonly number[] {
  if (value === undefined || value === null || typeof value !== 'object' || value.kind !== 'array')
    throw new PdfFault('numbers expected');
  return value.items.map((item) => wholeOf(item));
}
