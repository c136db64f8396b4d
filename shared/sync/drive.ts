// Runs one session between two places: performs what the session asks for and tells it what came of it.
// Knows neither sockets nor databases nor Node, so station, province and in-process tests all drive the same way.
import type { BlobStore } from './blobs.ts';
import type { ChangeStore, Head, Limit, Refused, Run, Slice, Taken } from './port.ts';
import type { Effect, EndCode, RunHead, Session, SessionEvent, StateDigest } from './session-types.ts';

/** A line that carries whole binary messages in order. None of its functions throws. */
export interface Wire {
  send(bytes: Uint8Array): void;
  /** Bytes given to `send` that have not left this program. */
  buffered(): number;
  close(code: EndCode, detail?: string): void;
  /** Once, before anything is sent. Nothing that came earlier may be lost. */
  listen(on: {
    bytes(message: Uint8Array): void;
    /** Some bytes came, perhaps of a message that is still on its way: the line lives. */
    heard(): void;
    /** Something left the buffer. */
    drained(): void;
    closed(detail?: string): void;
  }): void;
}

/** Turns a slice into a CHANGES frame and back; one per connection, because frames lean on those before them. */
export interface FrameMaker {
  /** Null: nothing in the slice. `rate` in bytes/s says how hard to compress. */
  pack(
    lane: number,
    slice: Slice,
    rate: number,
  ): Promise<{ frame: Uint8Array; heads: readonly Head[] } | null>;
  /** Null: the frame cannot be read. `heads`: of all runs, in their order; `refused`: those not worth storing. */
  unpack(
    frame: Uint8Array,
    stored: ChangeStore['stored'],
  ): Promise<{ runs: Slice['runs']; heads: readonly RunHead[]; refused: readonly Refused[] } | null>;
}

/** What is kept of a peer from one session to the next. Durable when the promise resolves. */
export interface PeerMemory {
  held(heads: readonly Head[]): void | Promise<void>;
  cursor(lane: number, at: number): void | Promise<void>;
  rate(bytesPerSecond: number): void;
}

/** A place that keeps nothing of those who connect to it. */
export const noMemory: PeerMemory = { held() {}, cursor() {}, rate() {} };

export interface Services {
  /** ms, monotonic */
  now(): number;
  /** Answers how to cancel it. */
  setTimer(ms: number, run: () => void): () => void;
  /** Lets others have their turn: somebody may be waiting for a save. */
  breathe(): Promise<void>;
  /** How an error of the store ends a session. */
  endCodeOf(error: unknown): EndCode;
  log(level: 'info' | 'warn' | 'error', message: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** What a session tells its place, beyond what this file does by itself. */
export type Told = Exclude<
  Effect,
  | { type: 'send' | 'pack' | 'take' | 'heads' | 'hashes' | 'held' | 'cursor' | 'rate' | 'wake' | 'close' }
  | { type: 'blobElsewhere' }
  | AboutBlobs
>;
type AboutBlobs = Extract<
  Effect,
  { type: 'blobsWanted' | 'blobsOnlyHere' | 'blobAbout' | 'blobLearn' | 'blobRead' | 'blobTake' }
>;

export interface Ended {
  readonly code: EndCode;
  readonly retryAfterMs?: number;
  readonly detail?: string;
}

export interface Drive {
  /** The log has new changes, whoever wrote them. */
  grew(): void;
  tell(event: SessionEvent): void;
  facts(): ReturnType<Session['facts']>;
  /** Resolves when nothing is under way any more: all that came has been taken in, all answers were given. */
  settled(): Promise<void>;
  close(code: EndCode, detail?: string): void;
  /** Never rejects. Nothing touches the store after it. */
  readonly ended: Promise<Ended>;
}

export type Cursor = Extract<Effect, { type: 'take' }>['cursor'];

export interface DriveParts {
  readonly session: Session;
  readonly store: ChangeStore;
  readonly wire: Wire;
  readonly frames: FrameMaker;
  readonly memory: PeerMemory;
  readonly services: Services;
  /** Takes in and keeps the cursor in one transaction; left out, one after the other. */
  take?(runs: readonly Run[], cursor: Cursor): Promise<Taken>;
  /** Files; left out where none are kept. */
  readonly blobs?: BlobStore;
  /** What the projections show; left out where there are none. */
  state?(): Promise<StateDigest | null>;
  /** Station id of the peer: it brought what comes in, and is not sent what it brought. */
  readonly peer: string;
  /** Called in the order in which the session says it. A throw ends the session. */
  told(effect: Told): void | Promise<void>;
}

/** Undigested frames a peer may pile up; honest ones stay within their window, far below. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;
const WATCH_MS = 1_000;
/**
 * What comes in makes the log grow with every slice, and none of it is for the peer that brings it; what somebody saves
 * meanwhile waits at most this long.
 */
const GREW_MS = 200;

export function drive(parts: DriveParts): Drive {
  const { session, store, wire, frames, memory, services } = parts;
  const events: SessionEvent[] = [];
  // until the session has begun, what comes in is only put down
  let pumping = true;
  let over: Ended | null = null;
  let underWay = 0;
  let waitingBytes = 0;
  let lastBuffered = 0;
  let cancelWake: (() => void) | null = null;
  /** Frames that have come and are not taken in yet. */
  let inHand = 0;
  /** The log has grown while something was taken in, and the session does not know yet. */
  let cancelGrew: (() => void) | null = null;
  let quiet: (() => void)[] = [];
  let resolveEnded: (ended: Ended) => void = () => {};
  const ended = new Promise<Ended>((resolve) => {
    resolveEnded = resolve;
  });
  // frames lean on the ones before them, so packing and reading each go strictly one after another
  const packing = lineUp();
  const taking = lineUp();
  const filing = lineUp();

  wire.listen({
    bytes: (bytes) => tell({ type: 'frame', bytes }),
    heard: () => tell({ type: 'heard' }),
    drained: reportBuffer,
    closed: (detail) => finish({ code: 'closed', ...(detail ? { detail } : {}) }, false),
  });
  guarded(() => perform(session.begin()));
  pumping = false;
  pump();

  return {
    grew() {
      if (over || events.some((event) => event.type === 'grew')) return;
      if (inHand === 0) tell({ type: 'grew' });
      else cancelGrew ??= services.setTimer(GREW_MS, sayGrew);
    },
    tell,
    facts: () => session.facts(),
    settled: () =>
      over || underWay === 0 ? Promise.resolve() : new Promise((resolve) => quiet.push(resolve)),
    close: (code, detail) => finish({ code, ...(detail ? { detail } : {}) }, true),
    ended,
  };

  function tell(event: SessionEvent): void {
    if (over) return;
    events.push(event);
    pump();
  }

  function sayGrew(): void {
    if (cancelGrew === null) return;
    cancelGrew();
    cancelGrew = null;
    tell({ type: 'grew' });
  }

  /** One event at a time, also when an effect brings about the next at once. */
  function pump(): void {
    if (pumping) return;
    pumping = true;
    for (let event = events.shift(); event && !over; event = events.shift()) {
      const told = event;
      guarded(() => perform(session.on(told, services.now())));
      reportBuffer();
    }
    pumping = false;
  }

  function perform(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (over) return;
      switch (effect.type) {
        case 'send':
          wire.send(effect.bytes);
          // the session counts what it sends as waiting until told otherwise, also when nothing had to wait
          lastBuffered = Number.NaN;
          break;
        case 'pack':
          packing(() => pack(effect));
          break;
        case 'take':
          waitingBytes += effect.frame.length;
          if (waitingBytes > MAX_WAITING_BYTES) finish({ code: 'garbled', detail: 'flood' }, true);
          else {
            inHand += 1;
            taking(() => take(effect));
          }
          break;
        case 'heads':
          taking(() => takeStock(effect.token));
          break;
        case 'hashes':
          taking(async () =>
            tell({ type: 'hashes', token: effect.token, hashes: await hashesOf(effect.at) }),
          );
          break;
        case 'held':
          // proven already: forgotten with the line, the peer would be sent what it has
          taking(async () => memory.held(effect.heads), 'also when over');
          break;
        case 'cursor':
          taking(async () => memory.cursor(effect.lane, effect.at));
          break;
        case 'rate':
          memory.rate(effect.bytesPerSecond);
          break;
        case 'wake':
          wakeAt(effect.at);
          break;
        case 'close':
          finish(
            {
              code: effect.code,
              ...(effect.retryAfterMs !== undefined && { retryAfterMs: effect.retryAfterMs }),
              ...(effect.detail !== undefined && { detail: effect.detail }),
            },
            true,
          );
          break;
        case 'blobsWanted':
        case 'blobsOnlyHere':
        case 'blobAbout':
        case 'blobLearn':
        case 'blobRead':
        case 'blobTake':
          filing(async () => tell(await aboutBlobs(effect, parts.blobs)));
          break;
        case 'blobElsewhere':
          filing(async () => parts.blobs?.elsewhere?.(effect.hash));
          break;
        case 'amnesia':
        case 'blobComplete':
        case 'caughtUp':
        case 'digest':
        case 'forked':
        case 'found':
        case 'heldByProvince':
        case 'lookup':
        case 'offset':
        case 'refused':
        case 'regressed':
        case 'verified':
          taking(async () => parts.told(effect));
          break;
      }
    }
  }

  /** Timers count whole ms and may be early; a session that is woken before its time would not ask again. */
  function wakeAt(at: number): void {
    cancelWake?.();
    cancelWake = services.setTimer(Math.max(1, Math.ceil(at - services.now())), () => {
      if (services.now() < at) return wakeAt(at);
      cancelWake = null;
      tell({ type: 'tick' });
      // it has nothing new to be woken for, but the line must be watched
      if (!over && cancelWake === null) wakeAt(services.now() + WATCH_MS);
    });
  }

  async function pack(effect: Extract<Effect, { type: 'pack' }>): Promise<void> {
    const slice = await read(effect, effect.limit);
    const packed = await frames.pack(effect.lane, slice, effect.rate);
    tell({
      type: 'packed',
      token: effect.token,
      frame: packed?.frame ?? null,
      heads: packed?.heads ?? [],
      changes: slice.runs.reduce((n, run) => n + run.stored.length, 0),
      cursor: slice.cursor,
      more: slice.more,
    });
  }

  function read({ lane, from }: Extract<Effect, { type: 'pack' }>, limit: Limit): Promise<Slice> {
    return from.kind === 'since'
      ? store.since(lane, from.cursor, limit, parts.peer)
      : store.beyond(lane, from.positions, limit);
  }

  async function take(effect: Extract<Effect, { type: 'take' }>): Promise<void> {
    const read = await frames.unpack(effect.frame, (feed, seq) => store.stored(feed, seq));
    waitingBytes -= effect.frame.length;
    if (over) return;
    if (read) tell({ type: 'taking', heads: read.heads });
    if (over) return;
    const taken = read ? await takeIn(read.runs, effect.cursor) : null;
    tell({
      type: 'took',
      token: effect.token,
      taken: taken && read ? { ...taken, refused: [...read.refused, ...taken.refused] } : null,
      runs: read?.heads ?? [],
    });
    inHand -= 1;
    if (inHand === 0) sayGrew();
    await services.breathe();
  }

  async function takeIn(runs: readonly Run[], cursor: Cursor): Promise<Taken> {
    if (parts.take) return parts.take(runs, cursor);
    const taken = await store.take(runs, parts.peer);
    // a cut between the two costs duplicates, never a gap
    if (cursor) await memory.cursor(cursor.lane, cursor.at);
    return taken;
  }

  /** The end before the heads: what is committed in between is sent twice rather than passed over. */
  async function takeStock(token: number): Promise<void> {
    const end = await store.end();
    const heads = await store.heads();
    const shown = (await parts.state?.()) ?? null;
    // a state of another moment than the heads would look like a fault
    const state = shown && (await store.end()) === end ? shown : null;
    tell({ type: 'heads', token, heads, end, state });
  }

  async function hashesOf(
    asked: Extract<Effect, { type: 'hashes' }>['at'],
  ): Promise<readonly (string | null)[]> {
    const hashes: (string | null)[] = [];
    for (const { feed, seq } of asked) hashes.push((await store.hashesAt(feed, [seq]))[0] ?? null);
    return hashes;
  }

  function reportBuffer(): void {
    const bytes = wire.buffered();
    if (bytes === lastBuffered) return;
    lastBuffered = bytes;
    tell({ type: 'buffered', bytes });
  }

  /** Jobs one after another; a failure ends the session, and most of what stands behind an end is dropped. */
  function lineUp(): (job: () => Promise<void>, when?: 'also when over') => void {
    let last = Promise.resolve();
    return (job, when) => {
      underWay += 1;
      last = last
        .then(() => (over && !when ? undefined : job()))
        .catch((error: unknown) => fall(error))
        .then(() => {
          underWay -= 1;
          if (underWay === 0) calm();
        });
    };
  }

  function calm(): void {
    const waiting = quiet;
    quiet = [];
    for (const resolve of waiting) resolve();
    if (over) resolveEnded(over);
  }

  function guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      fall(error);
    }
  }

  /** Whatever went wrong here is not the peer's doing: it is logged in full, the peer learns only that it happened. */
  function fall(error: unknown): void {
    if (over) return;
    const code = services.endCodeOf(error);
    services.log('error', 'a sync session fell over', { code, bug: error });
    finish({ code }, true);
  }

  function finish(how: Ended, closeWire: boolean): void {
    if (over) return;
    over = how;
    events.length = 0;
    cancelWake?.();
    cancelGrew?.();
    cancelGrew = null;
    if (closeWire) wire.close(how.code, how.detail);
    if (underWay === 0) calm();
  }
}

/** Asks the store of files what the session wants to know of it; a place without files has and wants none. */
async function aboutBlobs(effect: AboutBlobs, blobs: BlobStore | undefined): Promise<SessionEvent> {
  const { token } = effect;
  switch (effect.type) {
    case 'blobsWanted':
      return { type: 'blobsWanted', token, blobs: (await blobs?.wanted(effect.limit)) ?? [] };
    case 'blobsOnlyHere':
      return { type: 'blobsOnlyHere', token, hashes: (await blobs?.onlyHere?.(effect.limit)) ?? [] };
    case 'blobAbout':
      return {
        type: 'blobAbout',
        token,
        manifest: (await blobs?.manifest(effect.hash)) ?? null,
        have: (await blobs?.have(effect.hash)) ?? new Uint8Array(),
      };
    case 'blobLearn':
      return { type: 'blobLearn', token, believed: (await blobs?.learn(effect.manifest)) === 'believed' };
    case 'blobRead':
      return { type: 'blobRead', token, bytes: (await blobs?.chunk(effect.hash, effect.chunk)) ?? null };
    case 'blobTake': {
      const outcome = await blobs?.takeChunk(effect.hash, effect.chunk, effect.bytes);
      return { type: 'blobTake', token, outcome: outcome ?? 'unwanted' };
    }
  }
}
