// Files within a session. Whoever lacks one asks for it; whoever has it sends pieces when nothing else wants the line.
// A chunk is asked for by number, so a cut costs the chunk under way, and any place may give any chunk.
import { BLOB_CHUNK_BYTES, type BlobManifest, type ChunkOutcome, type WantedBlob } from './blobs.ts';
import type { Line } from './line.ts';
import type { SessionEvent } from './session-types.ts';
import type { Frame } from './wire.ts';
import { MAX_WANTED } from './wire.ts';

type BlobEvent = Extract<SessionEvent, { type: `blob${string}` }>;
type BlobFrame = Extract<Frame, { type: 'offer' | 'have' | 'want' | 'chunk' }>;

export interface BlobExchange {
  event(event: BlobEvent): void;
  frame(frame: BlobFrame): void;
  /** The line has nothing better to do: begins fetching, sends one piece. */
  idle(): void;
  /** When the next piece may go; null: nothing waits for its time. */
  next(): number | null;
}

/** On the slowest lines a piece takes half a second, so that what is urgent does not wait longer. */
const SLOW_RATE = 64_000;
const SLOW_PIECE = 4_000;
/**
 * On slow lines a piece goes only when the one before it should be through: what the system's own buffers have
 * swallowed cannot be overtaken any more.
 */
const PACE = 0.9;
/** Chunks asked for at once: this much time of line. */
const ASK_SECONDS = 4;
/** Chunks that did not prove themselves before a peer is not asked for that file again. */
const MOST_WRONG = 3;
const LIST_LENGTH = 50;
/** Chunks a peer may have us hold ready. */
const MOST_SERVED = 4 * MAX_WANTED;

interface Fetch {
  readonly hash: string;
  readonly id: number;
  /** Null until the manifest is known. */
  missing: Set<number> | null;
  /** What the peer has; null until it said. */
  theirs: Uint8Array | 'all' | null;
  /** Asked for and not come yet. */
  readonly asked: Set<number>;
  part: { chunk: number; pieces: Uint8Array[]; bytes: number } | null;
  wrong: number;
}

/** `pulls`, `serves`: a place that only delivers does not fetch, and is shown nothing. */
export function createBlobExchange(
  line: Line,
  rate: () => number,
  may: { readonly pulls: boolean; readonly serves: boolean },
): BlobExchange {
  const waitingFor = new Map<number, (event: BlobEvent) => void>();
  let list: WantedBlob[] = [];
  let asking = false;
  let stale = true;
  let fetching: Fetch | null = null;
  /** Files this peer has nothing of, or nothing good. */
  const useless = new Set<string>();
  /** Files it had nothing of before: asked for again behind all others. */
  const doubtful = new Set<string>();

  /** Made here and nowhere else as far as is known: the peer is asked for each of these once in a session. */
  const askedAbout = new Set<string>();
  const inQuestion = new Set<string>();
  let isMoreToAsk = true;
  let hasSome = false;

  const serving: { id: number; hash: string; chunk: number }[] = [];
  let reading = false;
  let nextAt = Number.NEGATIVE_INFINITY;
  let piece: { id: number; chunk: number; bytes: Uint8Array; offset: number } | null = null;

  function ask(effect: (token: number) => void, use: (event: BlobEvent) => void): void {
    const token = line.token();
    waitingFor.set(token, use);
    effect(token);
  }

  // --- fetching ---

  function fetchNext(): void {
    if (!may.pulls || fetching || asking) return;
    const next = list.find((one) => !useless.has(one.hash));
    if (next) {
      list = list.filter((one) => one !== next);
      begin(next);
    } else if (stale) {
      stale = false;
      asking = true;
      // however many files of a lost PC are waited for: they must not keep those behind them from coming
      const limit = LIST_LENGTH + useless.size + doubtful.size;
      ask(
        (token) => line.emit({ type: 'blobsWanted', token, limit }),
        (event) => {
          asking = false;
          if (event.type !== 'blobsWanted') return;
          const hoped = event.blobs.filter((one) => !useless.has(one.hash));
          list = [
            ...hoped.filter(({ hash }) => !doubtful.has(hash)),
            ...hoped.filter(({ hash }) => doubtful.has(hash)),
          ];
          // a full list may not be all
          if (event.blobs.length === limit) stale = true;
        },
      );
    }
  }

  function begin({ hash, missing }: WantedBlob): void {
    const id = line.token();
    fetching = {
      hash,
      id,
      missing: missing && new Set(missing),
      theirs: null,
      asked: new Set(),
      part: null,
      wrong: 0,
    };
    line.send({ type: 'want', id, blob: hash, manifest: missing === null, chunks: [] });
  }

  function request(): void {
    if (!fetching?.missing || !fetching.theirs || fetching.asked.size > 0) return;
    const { missing, theirs, asked, id, hash } = fetching;
    const most = Math.min(MAX_WANTED, Math.max(1, Math.floor((rate() * ASK_SECONDS) / BLOB_CHUNK_BYTES)));
    const chunks: number[] = [];
    for (const chunk of [...missing].sort((a, b) => a - b)) {
      if (chunks.length === most) break;
      if (theirs === 'all' || hasBit(theirs, chunk)) chunks.push(chunk);
    }
    if (chunks.length === 0) {
      giveUp();
      return;
    }
    for (const chunk of chunks) asked.add(chunk);
    line.send({ type: 'want', id, blob: hash, manifest: false, chunks });
  }

  function giveUp(): void {
    if (fetching) useless.add(fetching.hash);
    fetching = null;
  }

  function offered(manifest: BlobManifest): void {
    const current = fetching;
    if (!current || current.hash !== manifest.hash || current.missing) return;
    ask(
      (token) => line.emit({ type: 'blobLearn', token, manifest }),
      (event) => {
        if (event.type !== 'blobLearn' || fetching !== current) return;
        if (!event.believed) {
          giveUp();
          return;
        }
        current.missing = new Set(manifest.chunks.keys());
        request();
      },
    );
  }

  function has(hash: string, bitmap: Uint8Array | null): void {
    const wasAsked = inQuestion.delete(hash);
    if (fetching?.hash !== hash) {
      if (bitmap === null) line.emit({ type: 'blobElsewhere', hash });
      hasSome ||= bitmap === null;
      if (!wasAsked || inQuestion.size > 0) return;
      // one that lacks a whole list is asked no further: what it fetches it will tell
      isMoreToAsk = hasSome;
      hasSome = false;
      return;
    }
    fetching.theirs = bitmap ?? 'all';
    // said again: what was asked for is not there any more
    fetching.asked.clear();
    fetching.part = null;
    if (bitmap?.every((byte) => byte === 0)) giveUp();
    else request();
  }

  function came(frame: Extract<Frame, { type: 'chunk' }>): void {
    const current = fetching;
    if (!current || frame.id !== current.id || !current.asked.has(frame.chunk)) return;
    if (current.part?.chunk !== frame.chunk || frame.offset === 0)
      current.part = { chunk: frame.chunk, pieces: [], bytes: 0 };
    const { part } = current;
    if (frame.offset !== part.bytes || part.bytes + frame.bytes.length > BLOB_CHUNK_BYTES) {
      line.fail('pieces of a chunk out of order');
      return;
    }
    part.pieces.push(frame.bytes.slice());
    part.bytes += frame.bytes.length;
    if (!frame.last) return;
    current.part = null;
    const bytes = new Uint8Array(part.bytes);
    let at = 0;
    for (const one of part.pieces) {
      bytes.set(one, at);
      at += one.length;
    }
    ask(
      (token) => line.emit({ type: 'blobTake', token, hash: current.hash, chunk: frame.chunk, bytes }),
      (event) => {
        if (event.type === 'blobTake' && fetching === current) took(current, frame.chunk, event.outcome);
      },
    );
  }

  function took(current: Fetch, chunk: number, outcome: ChunkOutcome): void {
    current.asked.delete(chunk);
    switch (outcome) {
      case 'complete':
        fetching = null;
        line.send({ type: 'have', blob: current.hash, bitmap: null });
        line.emit({ type: 'blobComplete', hash: current.hash });
        return;
      case 'kept':
      case 'had':
        current.missing?.delete(chunk);
        break;
      case 'wrong':
        current.wrong += 1;
        if (current.wrong === MOST_WRONG) giveUp();
        break;
      case 'not_whole':
      case 'unwanted':
        giveUp();
        return;
      case 'disk_full':
        giveUp();
        list = [];
        stale = false;
        return;
    }
    if (current.missing?.size === 0) fetching = null;
    else request();
  }

  // --- what is only here ---

  function askWhoElse(): void {
    if (!may.serves || !isMoreToAsk) return;
    isMoreToAsk = false;
    ask(
      (token) => line.emit({ type: 'blobsOnlyHere', token, limit: LIST_LENGTH + askedAbout.size }),
      (event) => {
        if (event.type !== 'blobsOnlyHere') return;
        for (const hash of event.hashes.filter((one) => !askedAbout.has(one)).slice(0, LIST_LENGTH)) {
          askedAbout.add(hash);
          inQuestion.add(hash);
          line.send({ type: 'want', id: line.token(), blob: hash, manifest: false, chunks: [] });
        }
      },
    );
  }

  // --- serving ---

  function wanted(frame: Extract<Frame, { type: 'want' }>): void {
    if (!may.serves) return;
    const { id, blob: hash } = frame;
    if (frame.chunks.length > 0) {
      if (serving.length + frame.chunks.length > MOST_SERVED) line.fail('too many chunks wanted');
      else for (const chunk of frame.chunks) serving.push({ id, hash, chunk });
      return;
    }
    about(hash, frame.manifest);
  }

  function about(hash: string, withManifest: boolean): void {
    ask(
      (token) => line.emit({ type: 'blobAbout', token, hash }),
      (event) => {
        if (event.type !== 'blobAbout') return;
        const { manifest, have } = event;
        if (manifest && withManifest)
          line.send({ type: 'offer', blob: hash, bytes: manifest.bytes, chunks: manifest.chunks });
        const all = manifest?.chunks.every((_, chunk) => hasBit(have, chunk)) ?? false;
        line.send({ type: 'have', blob: hash, bitmap: all ? null : have });
      },
    );
  }

  function serve(): void {
    if (line.now() < nextAt) return;
    if (piece) {
      sendPiece();
      return;
    }
    const next = serving[0];
    if (!next || reading) return;
    reading = true;
    serving.shift();
    ask(
      (token) => line.emit({ type: 'blobRead', token, hash: next.hash, chunk: next.chunk }),
      (event) => {
        reading = false;
        if (event.type !== 'blobRead') return;
        if (event.bytes) piece = { id: next.id, chunk: next.chunk, bytes: event.bytes, offset: 0 };
        else {
          // it went bad on the disk: what was asked for after it is asked for anew
          serving.length = 0;
          about(next.hash, false);
        }
      },
    );
  }

  function sendPiece(): void {
    if (!piece) return;
    const { id, chunk, bytes, offset } = piece;
    const length = rate() < SLOW_RATE ? SLOW_PIECE : BLOB_CHUNK_BYTES;
    const part = bytes.subarray(offset, offset + length);
    const last = offset + part.length >= bytes.length;
    piece = last ? null : { ...piece, offset: offset + part.length };
    if (rate() < SLOW_RATE) nextAt = line.now() + (part.length * 1000 * PACE) / rate();
    line.send({ type: 'chunk', id, chunk, offset, last, bytes: part });
  }

  return {
    event(event) {
      if (event.type === 'blobsGrew') {
        stale = true;
        for (const hash of useless) doubtful.add(hash);
        useless.clear();
        return;
      }
      const use = waitingFor.get(event.token);
      waitingFor.delete(event.token);
      use?.(event);
    },
    frame(frame) {
      if (frame.type === 'offer') offered({ hash: frame.blob, bytes: frame.bytes, chunks: frame.chunks });
      else if (frame.type === 'have') has(frame.blob, frame.bitmap);
      else if (frame.type === 'want') wanted(frame);
      else came(frame);
    },
    idle() {
      fetchNext();
      serve();
      askWhoElse();
    },
    next: () => ((piece || serving.length > 0) && line.now() < nextAt ? nextAt : null),
  };
}

const hasBit = (bitmap: Uint8Array, chunk: number): boolean =>
  (((bitmap[chunk >> 3] ?? 0) >> (chunk & 7)) & 1) === 1;
