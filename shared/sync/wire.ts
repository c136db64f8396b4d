// Byte layouts of all frames but the inside of CHANGES (pack.ts). One frame is one WebSocket message: a type byte,
// then its fields. docs/protocol.md is the same in words; a test compares its example with what this file writes.
import type { Lane } from '../model/change.ts';
import { type Reader, reader, WireError, type Writer, writer } from './bytes.ts';
import type { FeedName, ProvinceLog } from './port.ts';
import type { EndCode, StateDigest } from './session-types.ts';

export { WireError } from './bytes.ts';

/** How far a feed is held; the hash's first 32 hex digits, which is what travels. */
export interface Mark extends FeedName {
  readonly seq: number;
  readonly hash16: string;
}

/** A CHANGES frame before its payload is decompressed. */
export interface ChangesFrame {
  readonly type: 'changes';
  readonly lane: Lane;
  /** Payload is zstd; else as it is. */
  readonly compressed: boolean;
  /** Compressed with the agreed dictionary, with the plaintext before it in this direction, or both. */
  readonly dictionary: boolean;
  readonly context: boolean;
  /** Where the receiver goes on after it; 0: says nothing about that. */
  readonly cursor: number;
  readonly payload: Uint8Array;
}

export type RefusalReason = 'unreadable' | 'gap' | 'fork' | 'broken_chain';

export type Frame =
  | ChangesFrame
  /** `number` counts the CHANGES frames of a direction from 1; `missing` are places of runs not held in full. */
  | {
      readonly type: 'ack';
      readonly number: number;
      readonly proof: string;
      readonly missing: readonly number[];
    }
  | { readonly type: 'need'; readonly feed: FeedName; readonly from: number }
  | { readonly type: 'fork'; readonly feed: FeedName; readonly seq: number; readonly hash16: string }
  | {
      readonly type: 'refused';
      readonly feed: FeedName;
      readonly seq: number;
      readonly reason: RefusalReason;
    }
  /** `answer`: send yours back. */
  | { readonly type: 'vector'; readonly answer: boolean; readonly heads: readonly Mark[] }
  | {
      readonly type: 'digest';
      readonly answer: boolean;
      readonly vector: string;
      readonly state: StateDigest | null;
    }
  /** `sent` is the sender's own count of ms, given back as it is. */
  | { readonly type: 'ping'; readonly sent: number }
  | { readonly type: 'pong'; readonly sent: number; readonly wall: number }
  /** All there is for the receiver has been sent, up to these commits. */
  | { readonly type: 'cursor'; readonly at: readonly [number, number, number] }
  /** `whole`: all the province holds of this copy of its log; null: besides what was said before. */
  | { readonly type: 'provinceHolds'; readonly whole: ProvinceLog | null; readonly heads: readonly Mark[] }
  | {
      readonly type: 'bye';
      readonly code: EndCode;
      readonly retryAfterMs: number;
      readonly detail: string;
    }
  | {
      readonly type: 'askHashes';
      readonly id: number;
      readonly feed: FeedName;
      readonly seqs: readonly number[];
    }
  | { readonly type: 'hashes'; readonly id: number; readonly hashes: readonly (string | null)[] }
  | { readonly type: 'lookup'; readonly id: number; readonly question: Uint8Array }
  | { readonly type: 'found'; readonly id: number; readonly answer: Uint8Array }
  | {
      readonly type: 'offer';
      readonly blob: string;
      readonly bytes: number;
      readonly chunks: readonly string[];
    }
  /** Bit n of byte n/8, lowest first: chunk n is here. Empty: nothing of it is. Null: all of it is. */
  | { readonly type: 'have'; readonly blob: string; readonly bitmap: Uint8Array | null }
  /** Without chunks: asks for OFFER (when `manifest`) and HAVE. `id` comes back with each piece. */
  | {
      readonly type: 'want';
      readonly id: number;
      readonly blob: string;
      readonly manifest: boolean;
      readonly chunks: readonly number[];
    }
  /** A piece of a chunk; pieces of one chunk come in order. */
  | {
      readonly type: 'chunk';
      readonly id: number;
      readonly chunk: number;
      readonly offset: number;
      readonly last: boolean;
      readonly bytes: Uint8Array;
    };

/** Longest message either end reads; a longer one ends the connection before it is kept. */
export const MAX_FRAME_BYTES = 8 * 1024 * 1024;
/** Latest moment that may be said: what an HLC has room for, ms since 1970 UTC. */
export const MAX_WALL = 2 ** 48 - 1;
export const MAX_FEEDS = 20_000;
export const MAX_RUNS = 4096;
/** Hashes asked for at once. */
export const MAX_ASKED = 64;
export const MAX_LOOKUP_BYTES = 64 * 1024;
/** Chunks of one blob: 1 GiB. */
export const MAX_CHUNKS = 32_768;
export const CHUNK_BYTES = 32 * 1024;
/** Asked for at once. */
export const MAX_WANTED = 64;
const MAX_DETAIL = 400;

const typeBytes = {
  changes: 0x01,
  ack: 0x02,
  need: 0x03,
  fork: 0x04,
  refused: 0x05,
  vector: 0x06,
  digest: 0x07,
  ping: 0x08,
  pong: 0x09,
  cursor: 0x0a,
  provinceHolds: 0x0b,
  bye: 0x0c,
  askHashes: 0x0d,
  hashes: 0x0e,
  lookup: 0x0f,
  found: 0x10,
  offer: 0x11,
  have: 0x12,
  want: 0x13,
  chunk: 0x14,
} as const satisfies Record<Frame['type'], number>;

/** Append only: their places are on the wire. */
const endCodes = [
  'closed',
  'silent',
  'garbled',
  'not_tram',
  'wrong_peer',
  'wrong_center',
  'not_enrolled',
  'revoked',
  'update_needed',
  'busy',
  'disk_full',
  'internal',
] as const satisfies readonly EndCode[];
const reasons = ['unreadable', 'gap', 'fork', 'broken_chain'] as const satisfies readonly RefusalReason[];

export function encodeFrame(frame: Frame): Uint8Array {
  const w = writer(frame.type === 'changes' ? frame.payload.length + 16 : 64);
  w.byte(typeBytes[frame.type]);
  switch (frame.type) {
    case 'changes':
      w.byte(
        frame.lane |
          (frame.compressed ? 4 : 0) |
          (frame.dictionary ? 8 : 0) |
          (frame.context ? 16 : 0) |
          (frame.cursor > 0 ? 32 : 0),
      );
      if (frame.cursor > 0) w.count(frame.cursor);
      w.raw(frame.payload);
      break;
    case 'ack':
      w.count(frame.number);
      w.hex(frame.proof);
      for (const place of frame.missing) w.count(place);
      break;
    case 'need':
      writeFeed(w, frame.feed);
      w.count(frame.from);
      break;
    case 'fork':
      writeFeed(w, frame.feed);
      w.count(frame.seq);
      w.hex(frame.hash16);
      break;
    case 'refused':
      writeFeed(w, frame.feed);
      w.count(frame.seq);
      w.byte(reasons.indexOf(frame.reason));
      break;
    case 'vector':
      w.byte(frame.answer ? 1 : 0);
      writeMarks(w, frame.heads);
      break;
    case 'digest':
      w.byte((frame.answer ? 1 : 0) | (frame.state ? 2 : 0));
      w.hex(frame.vector);
      if (frame.state) {
        writeHex(w, frame.state.fingerprint);
        writeHex(w, frame.state.digest);
      }
      break;
    case 'ping':
      w.count(frame.sent);
      break;
    case 'pong':
      w.count(frame.sent);
      w.count(frame.wall);
      break;
    case 'cursor':
      for (const at of frame.at) w.count(at);
      break;
    case 'provinceHolds':
      w.byte(frame.whole ? 1 : 0);
      if (frame.whole) {
        w.hex(frame.whole.id);
        w.count(frame.whole.since);
      }
      writeMarks(w, frame.heads);
      break;
    case 'bye':
      w.byte(endCodes.indexOf(frame.code));
      w.count(frame.retryAfterMs);
      w.text(frame.detail.slice(0, MAX_DETAIL / 4));
      break;
    case 'askHashes':
      w.count(frame.id);
      writeFeed(w, frame.feed);
      for (const seq of frame.seqs) w.count(seq);
      break;
    case 'hashes':
      w.count(frame.id);
      for (const hash of frame.hashes) {
        w.byte(hash === null ? 0 : 1);
        if (hash !== null) w.hex(hash);
      }
      break;
    case 'lookup':
      w.count(frame.id);
      w.raw(frame.question);
      break;
    case 'found':
      w.count(frame.id);
      w.raw(frame.answer);
      break;
    case 'offer':
      w.hex(frame.blob);
      w.count(frame.bytes);
      for (const hash of frame.chunks) w.hex(hash);
      break;
    case 'have':
      w.hex(frame.blob);
      w.byte(frame.bitmap ? 0 : 1);
      if (frame.bitmap) w.raw(frame.bitmap);
      break;
    case 'want':
      w.count(frame.id);
      w.hex(frame.blob);
      w.byte(frame.manifest ? 1 : 0);
      for (const chunk of frame.chunks) w.count(chunk);
      break;
    case 'chunk':
      w.count(frame.id);
      w.count(frame.chunk);
      w.count(frame.offset);
      w.byte(frame.last ? 1 : 0);
      w.raw(frame.bytes);
      break;
  }
  return w.done();
}

/** Throws WireError on anything encodeFrame does not write. */
export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes.length > MAX_FRAME_BYTES) throw new WireError('frame too long');
  const r = reader(bytes);
  const frame = read(r);
  r.end();
  return frame;
}

function read(r: Reader): Frame {
  switch (r.byte()) {
    case typeBytes.changes: {
      const flags = r.byte();
      const lane = laneOf(flags & 3);
      const [compressed, dictionary, context] = [(flags & 4) !== 0, (flags & 8) !== 0, (flags & 16) !== 0];
      if (flags > 63 || (!compressed && (dictionary || context))) throw new WireError('unknown flags');
      const cursor = (flags & 32) !== 0 ? positive(r) : 0;
      return { type: 'changes', lane, compressed, dictionary, context, cursor, payload: r.raw(r.left()) };
    }
    case typeBytes.ack:
      return { type: 'ack', number: positive(r), proof: r.hex(16), missing: rising(r, MAX_RUNS, MAX_RUNS) };
    case typeBytes.need:
      return { type: 'need', feed: readFeed(r), from: positive(r) };
    case typeBytes.fork:
      return { type: 'fork', feed: readFeed(r), seq: positive(r), hash16: r.hex(16) };
    case typeBytes.refused:
      return { type: 'refused', feed: readFeed(r), seq: positive(r), reason: pick(reasons, r.byte()) };
    case typeBytes.vector:
      return { type: 'vector', answer: flag(r), heads: readMarks(r) };
    case typeBytes.digest: {
      const flags = r.byte();
      if (flags > 3) throw new WireError('unknown flags');
      const vector = r.hex(16);
      const state = (flags & 2) !== 0 ? { fingerprint: readHex(r), digest: readHex(r) } : null;
      return { type: 'digest', answer: (flags & 1) !== 0, vector, state };
    }
    case typeBytes.ping:
      return { type: 'ping', sent: r.count() };
    case typeBytes.pong:
      return { type: 'pong', sent: r.count(), wall: r.count() };
    case typeBytes.cursor:
      return { type: 'cursor', at: [r.count(), r.count(), r.count()] };
    case typeBytes.provinceHolds:
      return {
        type: 'provinceHolds',
        whole: flag(r) ? { id: r.hex(8), since: r.count(MAX_WALL) } : null,
        heads: readMarks(r),
      };
    case typeBytes.bye:
      return {
        type: 'bye',
        code: pick(endCodes, r.byte()),
        retryAfterMs: r.count(),
        detail: r.text(MAX_DETAIL),
      };
    case typeBytes.askHashes:
      return {
        type: 'askHashes',
        id: r.count(),
        feed: readFeed(r),
        seqs: rising(r, MAX_ASKED, Number.MAX_SAFE_INTEGER, 1),
      };
    case typeBytes.hashes:
      return {
        type: 'hashes',
        id: r.count(),
        hashes: list(r, MAX_ASKED, () => (flag(r) ? r.hex(16) : null)),
      };
    case typeBytes.lookup:
      return { type: 'lookup', id: r.count(), question: rest(r, MAX_LOOKUP_BYTES) };
    case typeBytes.found:
      return { type: 'found', id: r.count(), answer: rest(r, MAX_LOOKUP_BYTES) };
    case typeBytes.offer: {
      const [blob, bytes] = [r.hex(32), r.count(MAX_CHUNKS * CHUNK_BYTES)];
      const chunks = list(r, MAX_CHUNKS, () => r.hex(32));
      if (chunks.length !== Math.ceil(bytes / CHUNK_BYTES))
        throw new WireError('chunks do not make up the blob');
      return { type: 'offer', blob, bytes, chunks };
    }
    case typeBytes.have: {
      const blob = r.hex(32);
      return flag(r)
        ? { type: 'have', blob, bitmap: null }
        : { type: 'have', blob, bitmap: rest(r, MAX_CHUNKS / 8) };
    }
    case typeBytes.want:
      return {
        type: 'want',
        id: r.count(),
        blob: r.hex(32),
        manifest: flag(r),
        chunks: rising(r, MAX_WANTED, MAX_CHUNKS),
      };
    case typeBytes.chunk:
      return {
        type: 'chunk',
        id: r.count(),
        chunk: r.count(MAX_CHUNKS - 1),
        offset: r.count(CHUNK_BYTES - 1),
        last: flag(r),
        bytes: rest(r, CHUNK_BYTES),
      };
    default:
      throw new WireError('unknown frame');
  }
}

// --- pieces ---

function writeFeed(w: Writer, feed: FeedName): void {
  w.hex(feed.station);
  w.count(feed.incarnation * 4 + feed.lane);
}

function readFeed(r: Reader): FeedName {
  const station = r.hex(16);
  const rest = r.count();
  return { station, incarnation: Math.floor(rest / 4), lane: laneOf(rest % 4) };
}

/** Sorted by station, incarnation and lane; a station's name is written once. */
function writeMarks(w: Writer, marks: readonly Mark[]): void {
  let station = '';
  for (const mark of marks) {
    w.byte(mark.station === station ? 0 : 1);
    if (mark.station !== station) w.hex(mark.station);
    w.count(mark.incarnation * 4 + mark.lane);
    w.count(mark.seq);
    w.hex(mark.hash16);
    station = mark.station;
  }
}

function readMarks(r: Reader): Mark[] {
  let before: Mark | null = null;
  return list(r, MAX_FEEDS, () => {
    const named = flag(r);
    if (!named && !before) throw new WireError('a feed without a station');
    const station = named ? r.hex(16) : (before?.station ?? '');
    const which = r.count();
    const lane = laneOf(which % 4);
    const mark: Mark = {
      station,
      incarnation: Math.floor(which / 4),
      lane,
      seq: positive(r),
      hash16: r.hex(16),
    };
    if (before && compareFeeds(before, mark) >= 0) throw new WireError('feeds out of order');
    before = mark;
    return mark;
  });
}

/** The order of feeds wherever several are written or summed. */
export function compareFeeds(a: FeedName, b: FeedName): number {
  if (a.station !== b.station) return a.station < b.station ? -1 : 1;
  return a.incarnation - b.incarnation || a.lane - b.lane;
}

function writeHex(w: Writer, hex: string): void {
  w.byte(hex.length / 2);
  w.hex(hex);
}

function readHex(r: Reader): string {
  const length = r.byte();
  if (length > 32) throw new WireError('digest too long');
  return r.hex(length);
}

function list<T>(r: Reader, max: number, one: () => T): T[] {
  const all: T[] = [];
  while (r.left() > 0) {
    if (all.length === max) throw new WireError('too many');
    all.push(one());
  }
  return all;
}

/** Numbers below `limit` to the end of the frame, each larger than the one before. */
function rising(r: Reader, max: number, limit: number, least = 0): number[] {
  let floor = least;
  return list(r, max, () => {
    const value = r.count();
    if (value < floor || value >= limit) throw new WireError('numbers out of order');
    floor = value + 1;
    return value;
  });
}

function rest(r: Reader, max: number): Uint8Array {
  if (r.left() > max) throw new WireError('too long');
  return r.raw(r.left());
}

function positive(r: Reader): number {
  const value = r.count();
  if (value === 0) throw new WireError('0 where a number from 1 must stand');
  return value;
}

function flag(r: Reader): boolean {
  const value = r.byte();
  if (value > 1) throw new WireError('neither yes nor no');
  return value === 1;
}

function laneOf(value: number): Lane {
  if (value === 0 || value === 1 || value === 2) return value;
  throw new WireError('no such lane');
}

function pick<T>(all: readonly T[], place: number): T {
  const found = all[place];
  if (found === undefined) throw new WireError('unknown code');
  return found;
}
