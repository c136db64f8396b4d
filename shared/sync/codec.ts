// The stored form of a change: positional, deterministic CBOR. These bytes are what is hashed, kept and
// sent, so the same change must always give the same bytes, and bytes that any other program would have
// written differently are refused.
import { type DecodeOptions, decode, encode, Tagged } from 'cborg';
import type { Change, ChangeKind, EntityRef, Lane } from '../model/change.ts';
import { parseHlc } from '../time/hlc.ts';

/** First item of the stored form; a store that reads a higher number leaves the change with its peer. */
export const FORMAT = 1;
/** Files travel beside the log, so a change is never near this. */
export const MAX_STORED_BYTES = 256 * 1024;
const MAX_DEPTH = 32;

export type Draft = Omit<Change, 'hash'>;

/** Names of a kind's body fields by their numbers; undefined for kinds this program does not know. */
export type FieldNames = (kind: string, v: number) => Pick<ChangeKind, 'fields'> | undefined;

export class CodecError extends Error {
  override readonly name = 'CodecError';
}

/**
 * Body fields become the numbers their kind gives them. A field named `#7` is one this program has no name
 * for; it keeps its number. Throws CodecError on what cannot be written exactly (NaN, broken text, too big).
 */
export function encodeChange(change: Draft, kind: Pick<ChangeKind, 'fields'> | undefined): Uint8Array {
  const bytes = encode([
    FORMAT,
    fromHex(change.station, 16),
    change.incarnation,
    change.lane,
    change.seq,
    fromHex(change.prev, 32),
    fromHex(change.hlc, 8),
    change.wall,
    change.author === null ? null : compact(change.author),
    change.session === null ? null : compact(change.session),
    text(change.app),
    text(change.kind),
    change.v,
    text(change.subject.type),
    compact(change.subject.id),
    change.patient === null ? null : compact(change.patient),
    change.refs.map(splitRef),
    numbered(change.body, kind?.fields ?? []),
  ]);
  if (bytes.length > MAX_STORED_BYTES) throw new CodecError(`change of ${bytes.length} bytes is too large`);
  return bytes;
}

/**
 * Reads stored bytes; `hash` is theirs, computed by the caller. `kindOf` names the body's fields; without a
 * kind they are called `#1`, `#2`… Throws CodecError unless the bytes are exactly what encodeChange writes.
 */
export function decodeChange(bytes: Uint8Array, hash: string, kindOf: FieldNames): Change {
  const { draft } = parse(bytes, kindOf);
  return { ...draft, hash };
}

/** As decodeChange, for bytes from outside: also proves that they are the canonical form. */
export function decodeForeign(bytes: Uint8Array, hash: string, kindOf: FieldNames): Change {
  if (bytes.length > MAX_STORED_BYTES) throw new CodecError(`change of ${bytes.length} bytes is too large`);
  const { draft, kind } = parse(bytes, kindOf);
  if (!sameBytes(encodeChange(draft, kind), bytes)) throw new CodecError('not the canonical form');
  return { ...draft, hash };
}

function parse(
  bytes: Uint8Array,
  kindOf: FieldNames,
): { draft: Draft; kind: Pick<ChangeKind, 'fields'> | undefined } {
  const items = decodeItems(bytes);
  if (!Array.isArray(items) || items.length !== 18) throw new CodecError('not a change');
  const [format, station, incarnation, lane, seq, prev, hlc, wall, author, session] = items;
  const [app, kindName, v, subjectType, subjectId, patient, refs, body] = items.slice(10);
  if (format !== FORMAT) throw new CodecError(`format ${String(format)} is not known`);
  const name = asText(kindName);
  const version = asCount(v);
  const kind = kindOf(name, version);
  const draft: Draft = {
    station: toHex(station, 16),
    incarnation: asCount(incarnation),
    lane: asLane(lane),
    seq: asCount(seq),
    prev: toHex(prev, 32),
    hlc: parseHlc(toHex(hlc, 8)),
    wall: asInteger(wall),
    author: author === null ? null : asText(author),
    session: session === null ? null : asText(session),
    app: asText(app),
    kind: name,
    v: version,
    subject: { type: asText(subjectType), id: asText(subjectId) },
    patient: patient === null ? null : asText(patient),
    refs: asArray(refs).map(asRef),
    body: named(body, kind?.fields ?? []),
  };
  return { draft, kind };
}

function decodeItems(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, decodeOptions);
  } catch (error) {
    throw new CodecError(`not readable: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}

// --- body fields and their numbers ---

function numbered(body: Readonly<Record<string, unknown>>, fields: readonly string[]): Map<number, unknown> {
  const numbers = numbersOf(fields);
  const map = new Map<number, unknown>();
  for (const [name, value] of Object.entries(body)) {
    if (value === undefined) continue;
    const number = numbers.get(name) ?? (/^#[1-9]\d{0,4}$/.test(name) ? Number(name.slice(1)) : undefined);
    if (number === undefined) throw new CodecError(`field ${name} has no number`);
    if (map.has(number)) throw new CodecError(`field number ${number} is used twice`);
    map.set(number, plain(value, 0));
  }
  return new Map([...map].sort(([a], [b]) => a - b));
}

const knownNumbers = new WeakMap<readonly string[], ReadonlyMap<string, number>>();
/** A kind's list of fields never changes, so its numbers are worked out once. */
function numbersOf(fields: readonly string[]): ReadonlyMap<string, number> {
  const known = knownNumbers.get(fields);
  if (known) return known;
  const numbers = new Map(fields.map((name, i) => [name, i + 1]));
  knownNumbers.set(fields, numbers);
  return numbers;
}

function named(body: unknown, fields: readonly string[]): Record<string, unknown> {
  if (!(body instanceof Map)) throw new CodecError('body is not a map');
  const entries: [string, unknown][] = [];
  for (const [key, value] of body) {
    const number = asCount(key);
    if (number === 0) throw new CodecError('field number 0');
    entries.push([fields[number - 1] ?? `#${number}`, objects(value, 0)]);
  }
  return Object.fromEntries(entries);
}

/** Checks what CBOR would silently bend: undefined, NaN, broken text, numbers beyond exact integers. */
function plain(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new CodecError('nested too deep');
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return compact(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new CodecError('not a finite number');
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new CodecError('integer too large');
    return Object.is(value, -0) ? 0 : value;
  }
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((v) => plain(v === undefined ? null : v, depth + 1));
  if (typeof value === 'object') {
    const map = new Map<string, unknown>();
    for (const [k, v] of Object.entries(value)) if (v !== undefined) map.set(text(k), plain(v, depth + 1));
    return map;
  }
  throw new CodecError(`a ${typeof value} cannot be stored`);
}

/** Maps with text keys become plain objects; own properties only, so `__proto__` is harmless. */
function objects(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new CodecError('nested too deep');
  if (Array.isArray(value)) return value.map((v) => objects(v, depth + 1));
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([k, v]) => [asText(k), objects(v, depth + 1)]));
  return value;
}

// --- how values are written ---

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** RFC 9562 identifiers as 16 bytes (IANA CBOR tag 37): 19 bytes instead of 38, and every change has several. */
const UUID_TAG = 37;

/** Identifiers short; everything else as text. Never for member names: a map of mixed keys has no fixed order. */
const compact = (value: string): Tagged | string =>
  UUID.test(value) ? new Tagged(UUID_TAG, bytesOfHex(value.replaceAll('-', ''))) : text(value);

const decodeOptions: DecodeOptions = {
  useMaps: true,
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
  rejectDuplicateMapKeys: true,
  tags: {
    [UUID_TAG]: (content) => {
      const hex = toHex(content(), 16);
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    },
  },
};

function splitRef(ref: EntityRef): [string, Tagged | string] {
  const colon = ref.indexOf(':');
  return [text(ref.slice(0, colon)), compact(ref.slice(colon + 1))];
}

function asRef(value: unknown): EntityRef {
  const [type, id, ...rest] = asArray(value);
  if (rest.length > 0) throw new CodecError('bad reference');
  return `${asText(type)}:${asText(id)}`;
}

function text(value: string): string {
  if (!value.isWellFormed()) throw new CodecError('broken text');
  return value;
}
function asText(value: unknown): string {
  if (typeof value !== 'string') throw new CodecError('text expected');
  return value;
}
function asInteger(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new CodecError('integer expected');
  return value;
}
function asCount(value: unknown): number {
  const n = asInteger(value);
  if (n < 0) throw new CodecError('count expected');
  return n;
}
function asLane(value: unknown): Lane {
  if (value !== 0 && value !== 1 && value !== 2) throw new CodecError('lane expected');
  return value;
}
function asArray(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new CodecError('list expected');
  return value;
}

function fromHex(hex: string, length: number): Uint8Array {
  if (hex.length !== length * 2 || !/^[0-9a-f]*$/.test(hex)) throw new CodecError('bad hex');
  return bytesOfHex(hex);
}
function bytesOfHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = digit(hex.charCodeAt(i * 2)) * 16 + digit(hex.charCodeAt(i * 2 + 1));
  return bytes;
}
/** Of a character code known to be 0–9 or a–f. */
const digit = (code: number): number => (code < 58 ? code - 48 : code - 87);

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function toHex(value: unknown, length: number): string {
  if (!(value instanceof Uint8Array) || value.length !== length)
    throw new CodecError(`${length} bytes expected`);
  let hex = '';
  for (const byte of value) hex += hexOfByte[byte];
  return hex;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
