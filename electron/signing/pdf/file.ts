// A PDF as its own cross-references describe it: the newest state, found by following the chain of sections. Both the
// writer and the verifier read through here, so what is signed and what is checked is the same thing.
import { decoded } from './filters.ts';
import {
  type Cursor,
  MOST_OBJECTS,
  parseIndirect,
  parseValue,
  skipSpace,
  wholeNumber,
  wholeOf,
} from './parse.ts';
import {
  type PdfArray,
  type PdfDict,
  PdfFault,
  type PdfKind,
  type PdfRef,
  type PdfStream,
  type PdfValue,
} from './values.ts';
import { lastStart, type Place, type Section, sectionsOf } from './xref.ts';

export interface PdfFile {
  readonly bytes: Buffer;
  /** Newest first. */
  readonly sections: readonly Section[];
  /** Of the newest section. */
  readonly trailer: PdfDict;
  /** Where each object of the newest state stands; those that are free are not in it. */
  readonly places: ReadonlyMap<number, Exclude<Place, { in: 'nothing' }>>;
  /** First number no section uses. */
  readonly nextNumber: number;
  /** The object; null when there is none, as the specification has it. */
  object(number: number): PdfValue;
  /** A reference followed (once; a reference to a reference is a fault), anything else as it is. */
  follow(value: PdfValue | undefined): PdfValue;
  /** What `stream`'s object stream holds, by its place in it. */
  held(stream: number): readonly { readonly number: number; readonly value: PdfValue }[];
  readonly rootNumber: number;
  readonly root: PdfDict;
}

/** Throws PdfFault. */
export function readPdf(bytes: Buffer): PdfFile {
  if (!/^%PDF-[12]\.\d/.test(bytes.toString('latin1', 0, 8))) throw new PdfFault('not a PDF');
  const sections = sectionsOf(bytes, lastStart(bytes));
  const newest = sections[0];
  if (!newest) throw new PdfFault('no cross-references');
  const { trailer } = newest;
  if (sections.some((section) => section.trailer.entries.has('Encrypt'))) throw new PdfFault('encrypted');

  const places = new Map<number, Exclude<Place, { in: 'nothing' }>>();
  const settled = new Set<number>();
  let nextNumber = 1;
  for (const section of sections) {
    nextNumber = Math.max(nextNumber, wholeOf(section.trailer.entries.get('Size')));
    for (const [number, place] of section.places) {
      nextNumber = Math.max(nextNumber, number + 1);
      if (settled.has(number)) continue;
      settled.add(number);
      if (place.in !== 'nothing') places.set(number, place);
    }
  }
  if (nextNumber > MOST_OBJECTS) throw new PdfFault('object number out of range');

  const objects = new Map<number, PdfValue>();
  const streams = new Map<number, readonly { number: number; value: PdfValue }[]>();
  const reading = new Set<number>();

  const lengthOf = (of: PdfRef): number => wholeOf(object(of.number));
  const object = (number: number): PdfValue => {
    const known = objects.get(number);
    if (known !== undefined) return known;
    const place = places.get(number);
    if (!place) return null;
    if (reading.has(number)) throw new PdfFault('objects need each other to be read');
    reading.add(number);
    const value = place.in === 'file' ? inFile(number, place) : inStream(number, place);
    reading.delete(number);
    objects.set(number, value);
    return value;
  };
  const inFile = (number: number, place: Place & { in: 'file' }): PdfValue => {
    const found = parseIndirect(bytes, place.offset, lengthOf);
    if (found.number !== number || found.generation !== place.generation)
      throw new PdfFault('another object stands there');
    return found.value;
  };
  const inStream = (number: number, place: Place & { in: 'stream' }): PdfValue => {
    const found = held(place.stream)[place.index];
    if (found?.number !== number) throw new PdfFault('another object stands there');
    return found.value;
  };
  const held = (stream: number): readonly { number: number; value: PdfValue }[] => {
    const known = streams.get(stream);
    if (known) return known;
    const holder = places.get(stream)?.in === 'file' ? object(stream) : null;
    const values = heldBy(need(holder, 'stream'));
    streams.set(stream, values);
    return values;
  };
  const follow = (value: PdfValue | undefined): PdfValue => {
    if (value === undefined || value === null || typeof value !== 'object' || value.kind !== 'ref')
      return value ?? null;
    const place = places.get(value.number);
    if (place && (place.in === 'file' ? place.generation : 0) !== value.generation) return null;
    const target = object(value.number);
    if (target !== null && typeof target === 'object' && target.kind === 'ref')
      throw new PdfFault('reference to a reference');
    return target;
  };

  const root = trailer.entries.get('Root');
  const rootNumber = need(root ?? null, 'ref').number;
  return {
    bytes,
    sections,
    trailer,
    places,
    nextNumber,
    object,
    follow,
    held,
    rootNumber,
    root: need(follow(root), 'dict'),
  };
}

function heldBy(stream: PdfStream): readonly { number: number; value: PdfValue }[] {
  const { entries } = stream.dict;
  const type = entries.get('Type');
  if (type === null || typeof type !== 'object' || type.kind !== 'name' || type.name !== 'ObjStm')
    throw new PdfFault('object stream expected');
  const count = wholeOf(entries.get('N'));
  const first = wholeOf(entries.get('First'));
  const bytes = decoded(stream);
  const cursor: Cursor = { bytes, at: 0 };
  const values: { number: number; value: PdfValue }[] = [];
  for (let at = 0; at < count; at += 1) {
    skipSpace(cursor);
    const number = wholeNumber(cursor);
    skipSpace(cursor);
    const offset = wholeNumber(cursor);
    if (cursor.at > first) throw new PdfFault('object stream with a wrong head');
    values.push({ number, value: parseValue({ bytes, at: first + offset }) });
  }
  return values;
}

interface Kinds {
  name: Extract<PdfValue, { kind: 'name' }>;
  number: Extract<PdfValue, { kind: 'number' }>;
  string: Extract<PdfValue, { kind: 'string' }>;
  ref: PdfRef;
  array: PdfArray;
  dict: PdfDict;
  stream: PdfStream;
  text: Extract<PdfValue, { kind: 'text' }>;
}

/** The value when it is of this kind, else null. */
export function as<K extends PdfKind>(value: PdfValue | undefined, kind: K): Kinds[K] | null {
  return isKind(value, kind) ? value : null;
}

export function need<K extends PdfKind>(value: PdfValue | undefined, kind: K): Kinds[K] {
  if (!isKind(value, kind)) throw new PdfFault(`${kind} expected`);
  return value;
}

const isKind = <K extends PdfKind>(value: PdfValue | undefined, kind: K): value is Kinds[K] =>
  value !== undefined && value !== null && typeof value === 'object' && value.kind === kind;

export const isName = (value: PdfValue | undefined, text: string): boolean =>
  as(value, 'name')?.name === text;
