// Last part of a stored form: subject, patient, references and fields. Identifiers are lifted out of it.
import { type Reader, WireError, type Writer } from './bytes.ts';
import { headAt } from './cbor-walk.ts';
import type { RecentIds } from './recent-ids.ts';

/** CBOR tag of identifiers (codec.ts) and the head of its 16 bytes. */
const TAG = 0xd8;
const UUID = 37;
const SIXTEEN = 0x50;
/** Subject, patient, references, fields. */
const ITEMS = 4;

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

export function liftBody(stored: Uint8Array, at: number, out: Writer, ids: RecentIds): void {
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
export function lowerBody(body: Reader, out: Writer, ids: RecentIds): void {
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
