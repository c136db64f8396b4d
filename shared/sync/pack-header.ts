// First part of a stored form (codec.ts): what says which change of which feed it is, and when it was written.
// Cut off on the way out and written anew by the receiver, who knows the feed, the number and the change before.
import { bytesOfHex, WireError, type Writer } from './bytes.ts';
import { headAt } from './cbor-walk.ts';
import { FORMAT } from './codec.ts';
import type { FeedName } from './port.ts';

/** What a run's clocks are written against: first the change before the run, then each change in turn. */
export interface Clock {
  /** Of the hybrid stamp, ms since 1970 UTC. */
  ms: number;
  /** wall − ms */
  wallAhead: number;
}

export interface Stored {
  readonly ms: number;
  readonly counter: number;
  readonly wall: number;
  /** Where author and session begin. */
  readonly next: number;
}

/** Of a change nobody holds, and of one that is not laid out as expected, clocks start at zero. */
export function startClock(before: Uint8Array | null): Clock {
  const header = before && readHeader(before, 0);
  return header ? { ms: header.ms, wallAhead: header.wall - header.ms } : { ms: 0, wallAhead: 0 };
}

/** Null when these bytes would not be written exactly so by `writeHeader`: then they travel as they are. */
export function headerOf(stored: Uint8Array, feed: FeedName, seq: number): Stored | null {
  const length = writePrefix(feed, seq);
  if (stored.length < length) return null;
  for (let i = 0; i < length; i++) if (stored[i] !== prefix[i]) return null;
  return readHeader(stored, length);
}

export function writeHeader(
  w: Writer,
  feed: FeedName,
  seq: number,
  prev: Uint8Array,
  clock: Clock,
  counter: number,
): void {
  // against another change than the sender's, clocks come out wild: the run's head shows that, here they only
  // must not break the writing
  const ms = clock.ms >= 0 && clock.ms <= MAX_MS ? clock.ms : 0;
  const wall = Number.isSafeInteger(clock.ms + clock.wallAhead) ? clock.ms + clock.wallAhead : 0;
  w.piece(prefix, 0, writePrefix(feed, seq));
  w.raw(prev);
  w.byte(0x48);
  for (let shift = 2 ** 40; shift >= 1; shift /= 256) w.byte(Math.floor(ms / shift) % 256);
  w.byte(counter >> 8);
  w.byte(counter & 255);
  if (wall >= 0) writeInteger(w, 0x00, wall);
  else writeInteger(w, 0x20, -1 - wall);
}

const MAX_MS = 2 ** 48 - 1;
/** Stamp and wall within this of each other, so that their difference is exact; else the change travels as it is. */
const MAX_APART = 2 ** 50;

/** `at`: where prev begins; 0 when it must be looked for. */
function readHeader(stored: Uint8Array, at: number): Stored | null {
  try {
    let place = at;
    if (place === 0) {
      if (stored[0] !== 0x92 || stored[1] !== FORMAT || stored[2] !== 0x50) return null;
      place = 19;
      for (let i = 0; i < 3; i++) place = headAt(stored, place).next;
      place += 2;
    }
    place += 32;
    if (stored[place] !== 0x48) return null;
    let ms = 0;
    for (let i = 1; i <= 6; i++) ms = ms * 256 + (stored[place + i] ?? 0);
    const counter = (stored[place + 7] ?? 0) * 256 + (stored[place + 8] ?? 0);
    const { major, value, next } = headAt(stored, place + 9);
    if (major > 1 || next - place - 9 !== integerSize(value)) return null;
    const wall = major === 0 ? value : -1 - value;
    if (Math.abs(wall - ms) > MAX_APART) return null;
    return { ms, counter, wall, next };
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}

/** Of the feed that was named last, everything before the 32 bytes of prev. */
const prefix = new Uint8Array(64);
let named: { readonly feed: FeedName; readonly length: number } | null = null;

/** Answers its length. */
function writePrefix(feed: FeedName, seq: number): number {
  // runs of thousands of changes are of one feed
  if (named?.feed !== feed) {
    prefix.set([0x92, FORMAT, 0x50, ...bytesOfHex(feed.station)]);
    named = { feed, length: putInteger(putInteger(19, feed.incarnation), feed.lane) };
  }
  const at = putInteger(named.length, seq);
  prefix[at] = 0x58;
  prefix[at + 1] = 0x20;
  return at + 2;
}

function putInteger(at: number, value: number): number {
  const size = integerSize(value);
  if (size === 1) prefix[at] = value;
  else {
    prefix[at] = size === 2 ? 0x18 : size === 3 ? 0x19 : size === 5 ? 0x1a : 0x1b;
    let place = at + 1;
    for (let scale = 256 ** (size - 2); scale >= 1; scale /= 256)
      prefix[place++] = Math.floor(value / scale) % 256;
  }
  return at + size;
}

/** Shortest CBOR head of a number. */
export function writeInteger(w: Writer, major: number, value: number): void {
  const size = integerSize(value);
  if (size === 1) {
    w.byte(major | value);
    return;
  }
  w.byte(major | (size === 2 ? 24 : size === 3 ? 25 : size === 5 ? 26 : 27));
  for (let scale = 256 ** (size - 2); scale >= 1; scale /= 256) w.byte(Math.floor(value / scale) % 256);
}

export const integerSize = (value: number): number =>
  value < 24 ? 1 : value < 256 ? 2 : value < 65_536 ? 3 : value < 2 ** 32 ? 5 : 9;
