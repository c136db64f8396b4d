// CHANGES frames of one connection: packed, compressed, and back. A frame leans on the ones before it in the same
// direction (the last 64 kB of their plaintext serve as dictionary), so that small frames of a live line compress as
// well as one large one; therefore a frame cannot be kept and sent again on another connection.
import type { Lane } from '../model/change.ts';
import { hexOf, type Sha256, WireError } from './bytes.ts';
import type { FrameMaker } from './drive.ts';
import { MAX_PLAIN_BYTES, packRuns, readRuns, restore } from './pack.ts';
import type { ChangesFrame } from './wire.ts';
import { decodeFrame, encodeFrame } from './wire.ts';

/** Zstandard with a raw-content or trained dictionary and a content checksum; given by whoever runs the code. */
export interface Codec {
  compress(plain: Uint8Array, dictionary: Uint8Array | null, level: number): Promise<Uint8Array>;
  /** Rejects what is not one whole zstd frame, and what would become longer than `maxOutput`. */
  decompress(bytes: Uint8Array, dictionary: Uint8Array | null, maxOutput: number): Promise<Uint8Array>;
}

export interface Dictionary {
  /** First 4 bytes of its SHA-256, hex. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

export interface FrameParts {
  readonly codec: Codec;
  /** The one both have (agreedDictionary); null: none. */
  readonly dictionary: Dictionary | null;
  readonly sha256: Sha256;
  /** ms; how long compressing takes decides how hard it is tried. Left out: the line's speed alone does. */
  now?(): number;
}

/** Plaintext of earlier frames that later ones may refer to. */
export const CONTEXT_BYTES = 64 * 1024;
/** The first frame of a connection: nothing is on the line while it is made, and harder is dearer than it saves. */
const FIRST_LEVEL = 10;
/** Smaller than this is not worth compressing. */
const WORTH_COMPRESSING = 40;

/** The first of hello's dictionaries that welcome names too. */
export const agreedDictionary = (
  hello: readonly string[],
  welcome: readonly string[],
  known: readonly Dictionary[],
): Dictionary | null => {
  const id = hello.find((one) => welcome.includes(one));
  return known.find((one) => one.id === id) ?? null;
};

export const dictionaryOf = (bytes: Uint8Array, sha256: Sha256): Dictionary => ({
  id: hexOf(sha256(bytes).subarray(0, 4)),
  bytes,
});

/** Both directions of one connection. `pack` and `unpack` each: one call at a time, in the order of the wire. */
export function createFrames({ codec, dictionary, sha256, now = () => 0 }: FrameParts): FrameMaker {
  const effort = createEffort();
  const sent = context(dictionary);
  const received = context(dictionary);
  return {
    async pack(lane, slice, rate) {
      if (slice.runs.length === 0) return null;
      const { plain, heads } = packRuns(slice.runs, sha256);
      if (plain.length > MAX_PLAIN_BYTES) throw new RangeError('slice does not fit in a frame');
      const head = { type: 'changes', lane: laneOf(lane), cursor: slice.cursor } as const;
      let frame: ChangesFrame = {
        ...head,
        compressed: false,
        dictionary: false,
        context: false,
        payload: plain,
      };
      if (plain.length >= WORTH_COMPRESSING) {
        const level = sent.length() > 0 ? effort.level(rate) : Math.min(effort.level(rate), FIRST_LEVEL);
        const began = now();
        const payload = await codec.compress(plain, sent.dictionary(true, true), level);
        effort.took(level, plain.length, now() - began);
        if (payload.length < plain.length)
          frame = {
            ...head,
            compressed: true,
            dictionary: dictionary !== null,
            context: sent.length() > 0,
            payload,
          };
      }
      sent.add(plain);
      return { frame: encodeFrame(frame), heads };
    },
    async unpack(bytes, stored) {
      const plain = await plainOf(bytes);
      if (!plain) return null;
      try {
        const runs = readRuns(plain);
        const befores: (Uint8Array | null)[] = [];
        for (const run of runs)
          befores.push(run.firstSeq === 1 ? null : await stored(run.feed, run.firstSeq - 1));
        const restored = restore(plain, befores, sha256);
        received.add(plain);
        return restored;
      } catch (error) {
        if (error instanceof WireError) return null;
        throw error;
      }
    },
  };

  async function plainOf(bytes: Uint8Array): Promise<Uint8Array | null> {
    let frame: ReturnType<typeof decodeFrame>;
    try {
      frame = decodeFrame(bytes);
    } catch (error) {
      if (error instanceof WireError) return null;
      throw error;
    }
    if (frame.type !== 'changes' || (frame.dictionary && !dictionary)) return null;
    if (!frame.compressed) return frame.payload;
    try {
      return await codec.decompress(
        frame.payload,
        received.dictionary(frame.dictionary, frame.context),
        MAX_PLAIN_BYTES,
      );
    } catch {
      return null;
    }
  }
}

/** Levels of zstd with the fastest line, bytes/s, each is worth its time on. */
const LEVELS = [
  { level: 19, upTo: 64_000 },
  // 10 ms for 1,000 changes, and as small as 19 to within 6 %
  { level: 10, upTo: 10_000_000 },
  { level: 3, upTo: Number.POSITIVE_INFINITY },
] as const;
/** Compressing may take this share of the time the line needs; on a slow processor a fast line looks slow otherwise. */
const MOST_SHARE = 0.25;
/** Of plaintext, what is left after compressing: a sixth, measured on a center's records. */
const LEFT = 1 / 6;

/** Time is cheap on a slow line, and the line is cheap on a fast one. */
export function createEffort() {
  /** Level → ms per byte of plaintext, as lately measured. */
  const costs = new Map<number, number>();
  return {
    level(bytesPerSecond: number): number {
      const lineMs = (LEFT * 1000) / bytesPerSecond;
      const fitting = LEVELS.find(
        ({ level, upTo }) => bytesPerSecond <= upTo && (costs.get(level) ?? 0) <= lineMs * MOST_SHARE,
      );
      return (fitting ?? LEVELS[2]).level;
    },
    took(level: number, bytes: number, ms: number): void {
      // of a small frame most of the time is not for its bytes
      if (bytes < 4_000) return;
      const before = costs.get(level);
      const cost = ms / bytes;
      costs.set(level, before === undefined ? cost : before * 0.7 + cost * 0.3);
    },
  };
}

/** The dictionary and the last plaintext behind it, as one piece of memory. */
function context(fixed: Dictionary | null) {
  let plaintext = new Uint8Array();
  return {
    length: () => plaintext.length,
    dictionary(withFixed: boolean, withContext: boolean): Uint8Array | null {
      const parts = [...(withFixed && fixed ? [fixed.bytes] : []), ...(withContext ? [plaintext] : [])];
      const length = parts.reduce((n, part) => n + part.length, 0);
      if (length === 0) return null;
      const joined = new Uint8Array(length);
      let at = 0;
      for (const part of parts) {
        joined.set(part, at);
        at += part.length;
      }
      return joined;
    },
    add(plain: Uint8Array): void {
      const kept = plaintext.subarray(Math.max(0, plaintext.length + plain.length - CONTEXT_BYTES));
      const tail = plain.subarray(Math.max(0, plain.length - CONTEXT_BYTES));
      const joined = new Uint8Array(kept.length + tail.length);
      joined.set(kept);
      joined.set(tail, kept.length);
      plaintext = joined;
    },
  };
}

function laneOf(lane: number): Lane {
  if (lane === 0 || lane === 1 || lane === 2) return lane;
  throw new RangeError('no such lane');
}
