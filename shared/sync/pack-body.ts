// Last part of a stored form: subject, patient, references and fields. Identifiers are lifted out of it; instants are
// written against the change's own stamp and decimals as whole numbers, because CBOR's eight bytes for either look
// like noise to a compressor.
import { type Reader, reader, WireError, type Writer } from './bytes.ts';
import { headAt } from './cbor-walk.ts';
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

/** Whether every tagged identifier has the form that is lifted; else lowering would write another one. */
export function liftable(stored: Uint8Array, at: number): boolean {
  let place = at;
  for (let left = ITEMS; left > 0; left -= 1) {
    if (stored[place] === TAG && stored[place + 1] === UUID && stored[place + 2] !== SIXTEEN) return false;
    const { major, value, next } = headAt(stored, place);
    place = next + (major === 2 || major === 3 ? value : 0);
    if (major === 4) left += value;
    else if (major === 5) left += value * 2;
    else if (major === 6) left += 1;
  }
  return true;
}

/** `ms` of the change's stamp. */
export function liftBody(stored: Uint8Array, at: number, out: Writer, ids: RecentIds, ms: number): void {
  let place = at;
  let copied = at;
  for (let left = ITEMS; left > 0; left -= 1) {
    if (stored[place] === TAG && stored[place + 1] === UUID) {
      out.raw(stored.subarray(copied, place + 2));
      ids.put(stored, place + 3);
      place += 19;
      copied = place;
      continue;
    }
    const first = stored[place];
    if (first === DOUBLE || first === INTEGER_64) {
      const short = first === DOUBLE ? decimalAt(stored, place) : instantAt(stored, place, ms);
      if (short) {
        out.raw(stored.subarray(copied, place));
        out.byte(short.head);
        out.signed(short.value);
        copied = place + 9;
      }
      place += 9;
      continue;
    }
    const { major, value, next } = headAt(stored, place);
    place = next;
    if (major === 2 || major === 3) place += value;
    else if (major === 4) left += value;
    else if (major === 5) left += value * 2;
    else if (major === 6) left += 1;
  }
  out.raw(stored.subarray(copied, place));
}

/** The other way; `body` goes on behind it. */
export function lowerBody(body: Reader, out: Writer, ids: RecentIds, ms: number): void {
  const start = body.rest();
  let place = 0;
  let copied = 0;
  for (let left = ITEMS; left > 0; left -= 1) {
    if (start[place] === TAG && start[place + 1] === UUID) {
      place += 2;
      out.raw(start.subarray(copied, place));
      out.byte(SIXTEEN);
      ids.take(out);
      copied = place;
      continue;
    }
    const first = start[place];
    if (first === TENTHS || first === HUNDREDTHS || first === INSTANT) {
      out.raw(start.subarray(copied, place));
      const number = reader(start.subarray(place + 1));
      const value = number.signed();
      if (first === INSTANT) writeInstant(out, ms + value);
      else writeDouble(out, first === TENTHS ? value / 10 : value / 100);
      place = start.length - number.left();
      copied = place;
      continue;
    }
    const { major, value, next } = headAt(start, place);
    place = next;
    if (major === 2 || major === 3) place += value;
    else if (major === 4) left += value;
    else if (major === 5) left += value * 2;
    else if (major === 6) left += 1;
    if (place > start.length || left > start.length - place + 1) throw new WireError('ends too early');
  }
  out.raw(start.subarray(copied, place));
  body.raw(place);
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
