// Last part of a stored form: subject, patient, references and fields. Identifiers are lifted out of it; instants are
// written against the change's own stamp and decimals as whole numbers, because CBOR's eight bytes for either look
// like noise to a compressor.
import { type Reader, WireError, type Writer } from './bytes.ts';
import { headAt, newHead, readHead } from './cbor-walk.ts';
import type { RecentIds } from './recent-ids.ts';

/** CBOR tag of identifiers (codec.ts) and the head of its 16 bytes. */
const TAG = 0xd8;
const UUID = 37;
const SIXTEEN = 0x50;
/** Subject, patient, references, fields. */
const ITEMS = 4;

/** CBOR: a number of 64 bits, a double. */
const INTEGER_64 = 0x1b;
const DOUBLE = 0xfb;
/** Heads CBOR leaves unused: a double that is a decimal of one or two places, an instant near the change's stamp. */
const TENTHS = 0xfc;
const HUNDREDTHS = 0xfd;
const INSTANT = 0xfe;
/** 34 years either way. */
const NEAR_MS = 2 ** 40;
const MOST_DIGITS = 1e12;

export interface Places {
  /** Where identifiers, doubles and numbers of 64 bits begin. */
  readonly at: readonly number[];
  readonly end: number;
}

const head = newHead();

/**
 * What is to be lifted out of a body. Null when an identifier has not the form that is lifted: lowering would write
 * another one. Throws WireError when the body ends too early.
 */
export function placesIn(stored: Uint8Array, at: number): Places | null {
  const places: number[] = [];
  let place = at;
  for (let left = ITEMS; left > 0; left -= 1) {
    const first = stored[place];
    if (first === TAG && stored[place + 1] === UUID) {
      if (stored[place + 2] !== SIXTEEN) return null;
      places.push(place);
      place += 19;
      continue;
    }
    if (first === DOUBLE || first === INTEGER_64) places.push(place);
    readHead(stored, place, head);
    const { major, value } = head;
    place = head.next;
    if (major === 2 || major === 3) place += value;
    else if (major === 4) left += value;
    else if (major === 5) left += value * 2;
    else if (major === 6) left += 1;
    if (place > stored.length || left > stored.length - place + 1) throw new WireError('ends too early');
  }
  if (place > stored.length) throw new WireError('ends too early');
  return { at: places, end: place };
}

/** `ms` of the change's stamp. */
export function liftBody(
  stored: Uint8Array,
  from: number,
  places: Places,
  out: Writer,
  ids: RecentIds,
  ms: number,
): void {
  let copied = from;
  for (const place of places.at) {
    const first = stored[place];
    if (first === TAG) {
      out.piece(stored, copied, place + 2);
      ids.put(stored, place + 3);
      copied = place + 19;
      continue;
    }
    const short = first === DOUBLE ? decimalAt(stored, place) : instantAt(stored, place, ms);
    if (!short) continue;
    out.piece(stored, copied, place);
    out.byte(short.head);
    out.signed(short.value);
    copied = place + 9;
  }
  out.piece(stored, copied, places.end);
}

/** The other way; `body` goes on behind it. */
export function lowerBody(body: Reader, out: Writer, ids: RecentIds, ms: number): void {
  const start = body.rest();
  let place = 0;
  let copied = 0;
  /** Of `start`, how much `body` has passed. */
  let passed = 0;
  for (let left = ITEMS; left > 0; left -= 1) {
    const first = start[place];
    if (first === TAG && start[place + 1] === UUID) {
      place += 2;
      out.piece(start, copied, place);
      out.byte(SIXTEEN);
      ids.take(out);
      copied = place;
      continue;
    }
    if (first === TENTHS || first === HUNDREDTHS || first === INSTANT) {
      out.piece(start, copied, place);
      body.raw(place + 1 - passed);
      const value = body.signed();
      if (first === INSTANT) writeInstant(out, ms + value);
      else writeDouble(out, first === TENTHS ? value / 10 : value / 100);
      place = passed = start.length - body.left();
      copied = place;
      continue;
    }
    readHead(start, place, head);
    const { major, value } = head;
    place = head.next;
    if (major === 2 || major === 3) place += value;
    else if (major === 4) left += value;
    else if (major === 5) left += value * 2;
    else if (major === 6) left += 1;
    if (place > start.length || left > start.length - place + 1) throw new WireError('ends too early');
  }
  out.piece(start, copied, place);
  body.raw(place - passed);
}

const eight = new DataView(new ArrayBuffer(8));

function decimalAt(stored: Uint8Array, at: number): { head: number; value: number } | null {
  for (let i = 0; i < 8; i++) eight.setUint8(i, stored[at + 1 + i] ?? 0);
  const value = eight.getFloat64(0);
  const tenths = Math.round(value * 10);
  if (Math.abs(tenths) > MOST_DIGITS) return null;
  if (Object.is(tenths / 10, value)) return { head: TENTHS, value: tenths };
  const hundredths = Math.round(value * 100);
  return Object.is(hundredths / 100, value) ? { head: HUNDREDTHS, value: hundredths } : null;
}

function writeDouble(out: Writer, value: number): void {
  eight.setFloat64(0, value);
  out.byte(DOUBLE);
  for (let i = 0; i < 8; i++) out.byte(eight.getUint8(i));
}

function instantAt(stored: Uint8Array, at: number, ms: number): { head: number; value: number } | null {
  const { value } = headAt(stored, at);
  return Math.abs(value - ms) < NEAR_MS ? { head: INSTANT, value: value - ms } : null;
}

function writeInstant(out: Writer, instant: number): void {
  // below 0: against another stamp than the sender's; the run's head tells
  const value = Math.max(0, instant);
  out.byte(INTEGER_64);
  for (let scale = 2 ** 56; scale >= 1; scale /= 256) out.byte(Math.floor(value / scale) % 256);
}
