// The stored form of a change: positional, deterministic CBOR. These bytes are what is hashed, kept and
// sent, so the same change must always give the same bytes, and bytes that any other program would have
// written differently are refused.
import { encode, Tagged } from 'cborg';
import type { Change, ChangeKind, EntityRef, Lane } from '../model/change.ts';
import { parseHlc } from '../time/hlc.ts';
import { CborError, type CborReader, cborReader, MAX_DEPTH, UUID, UUID_TAG } from './cbor-read.ts';

/** First item of the stored form; a store that reads a higher number leaves the change with its peer. */
export const FORMAT = 1;
/** Files travel beside the log, so a change is never near this. */
export const MAX_STORED_BYTES = 256 * 1024;
/** A field without a name is called `#7` by its number; more digits than this are no number of a field. */
const MAX_UNNAMED = 99_999;

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
  try {
    return parse(cborReader(bytes), hash, kindOf);
  } catch (error) {
    if (error instanceof CborError) throw new CodecError(`not readable: ${error.message}`);
    throw error;
  }
}

/** As decodeChange, for bytes from outside. */
export function decodeForeign(bytes: Uint8Array, hash: string, kindOf: FieldNames): Change {
  if (bytes.length > MAX_STORED_BYTES) throw new CodecError(`change of ${bytes.length} bytes is too large`);
  return decodeChange(bytes, hash, kindOf);
}

function parse(r: CborReader, hash: string, kindOf: FieldNames): Change {
  if (r.list() !== 18) throw new CodecError('not a change');
  const format = r.integer();
  if (format !== FORMAT) throw new CodecError(`format ${format} is not known`);
  const station = r.hex(16);
  const incarnation = asCount(r.integer());
  const lane = asLane(r.integer());
  const seq = asCount(r.integer());
  const prev = r.hex(32);
  const hlc = parseHlc(r.hex(8));
  const wall = r.integer();
  const author = r.optional();
  const session = r.optional();
  const app = r.text();
  const kind = r.text();
  const v = asCount(r.integer());
  const subject = { type: r.text(), id: r.compact() };
  const patient = r.optional();
  const refs = readRefs(r);
  const body = readBody(r, kindOf(kind, v)?.fields ?? []);
  r.end();
  const from = { station, incarnation, lane, seq, prev, hlc, wall };
  return { ...from, author, session, app, kind, v, subject, patient, refs, body, hash };
}

function readRefs(r: CborReader): EntityRef[] {
  const refs: EntityRef[] = [];
  for (let left = r.list(); left > 0; left -= 1) {
    if (r.list() !== 2) throw new CodecError('bad reference');
    const type = r.text();
    // it ends at the first colon
    if (type.includes(':')) throw new CodecError('bad reference');
    refs.push(`${type}:${r.compact()}`);
  }
  return refs;
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

function readBody(r: CborReader, fields: readonly string[]): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  let before = 0;
  for (let left = r.map(); left > 0; left -= 1) {
    const number = r.integer();
    if (number <= before) throw new CodecError('fields in another order than by their numbers');
    const name = fields[number - 1] ?? (number <= MAX_UNNAMED ? `#${number}` : null);
    if (name === null) throw new CodecError(`field number ${number} is too large`);
    entries.push([name, r.value()]);
    before = number;
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

// --- how values are written ---

/** Identifiers short; everything else as text. Never for member names: a map of mixed keys has no fixed order. */
const compact = (value: string): Tagged | string =>
  UUID.test(value) ? new Tagged(UUID_TAG, bytesOfHex(value.replaceAll('-', ''))) : text(value);

function splitRef(ref: EntityRef): [string, Tagged | string] {
  const colon = ref.indexOf(':');
  return [text(ref.slice(0, colon)), compact(ref.slice(colon + 1))];
}

function text(value: string): string {
  if (!value.isWellFormed()) throw new CodecError('broken text');
  return value;
}
function asCount(n: number): number {
  if (n < 0) throw new CodecError('count expected');
  return n;
}
function asLane(value: number): Lane {
  if (value !== 0 && value !== 1 && value !== 2) throw new CodecError('lane expected');
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
