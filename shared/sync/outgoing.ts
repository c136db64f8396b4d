// Sending half of a session: what goes next, what is on its way, what has been proven to have arrived. Either
// everything beyond known positions, or everything since a cursor of our own log; lanes by strict priority.
import type { Lane } from '../model/change.ts';
import type { Sha256 } from './bytes.ts';
import { createFlow } from './flow.ts';
import type { Cursors, Line } from './line.ts';
import { type FeedName, feedKey, type Head } from './port.ts';
import type { SessionEvent } from './session-types.ts';
import { frameProof } from './vector.ts';

type Packed = Extract<SessionEvent, { type: 'packed' }>;

export interface Outgoing {
  /** Everything the peer does not hold, as far as these positions tell; then, when given, on from a cursor. */
  beyond(positions: Map<string, number>, then: Cursors | null): void;
  since(cursors: Cursors): void;
  grew(): void;
  packed(event: Packed): void;
  acked(number: number, proof: string, missing: readonly number[]): void;
  /** The peer holds these, whoever gave them to it. */
  holds(heads: readonly Head[]): void;
  /** Send this feed again from here. */
  need(feed: FeedName, from: number): void;
  /** Nothing more of this feed until the peer asks for it. */
  stop(feed: FeedName): void;
  /** Our branch from this number on is gone; what comes in its place may go out again. */
  resume(feed: FeedName, from: number): void;
  buffered(bytes: number): void;
  /** Something else went out as well. */
  alsoSent(bytes: number): void;
  pump(): void;
  /** Everything there is has been sent, though perhaps not answered. */
  sentAll(): boolean;
  idle(): boolean;
  /** May something of the lowest priority go now? */
  roomBelow(): boolean;
  cursors(): Cursors;
  readonly flow: ReturnType<typeof createFlow>;
}

interface InFlight {
  readonly number: number;
  readonly heads: readonly Head[];
}

const lanes = [0, 1, 2] as const;
/** Position beyond every change: nothing of that feed goes out. */
const STOPPED = Number.MAX_SAFE_INTEGER;
/** What may wait in the socket before something of lower priority follows: half a second of line. */
const MOST_BUFFERED_SECONDS = 0.5;
const LEAST_BUFFERED = 4_000;

export function createOutgoing(
  line: Line,
  start: { readonly rate: number | null; readonly cuts: number; readonly sha256: Sha256 },
  /** All beyond the peer's vector is on its way: from here on it may go by cursor. */
  onByCursor: (cursors: Cursors) => void,
): Outgoing {
  const flow = createFlow(start.rate, start.cuts);
  const positions = new Map<string, number>();
  const stopped = new Set<string>();
  /** Frames up to this number were sent before the peer asked for this feed again. */
  const asked = new Map<string, number>();
  let mode: 'wait' | 'beyond' | 'since' = 'wait';
  let next: Cursors | null = null;
  let cursor: [number, number, number] = [0, 0, 0];
  let dirty = [false, false, false];
  /** While going by cursor: feeds the peer asked for, with all others at their heads. */
  let repairs: Map<string, number> | null = null;
  let repairing = [false, false, false];
  let packing: { token: number; lane: Lane; repair: boolean } | null = null;
  let inFlight: InFlight[] = [];
  let number = 0;
  /** Frames up to this one were sent before the last vector. */
  let answeredBefore = 0;
  let inSocket = 0;
  let toldRate = 0;

  function pump(): void {
    if (packing || mode === 'wait' || !flow.open()) return;
    for (const lane of lanes) {
      if (lane > 0 && inSocket > Math.max(LEAST_BUFFERED, flow.rate() * MOST_BUFFERED_SECONDS)) return;
      const repair = repairs && repairing[lane] ? repairs : null;
      if (!repair && !dirty[lane]) continue;
      if (repair) repairing[lane] = false;
      else dirty[lane] = false;
      packing = { token: line.token(), lane, repair: repair !== null };
      const from =
        repair || mode === 'beyond'
          ? ({ kind: 'beyond', positions: withStops(repair ?? positions) } as const)
          : ({ kind: 'since', cursor: cursor[lane] } as const);
      line.emit({
        type: 'pack',
        token: packing.token,
        lane,
        from,
        limit: flow.batch(),
        rate: flow.rate(),
      });
      return;
    }
    if (mode === 'beyond' && next) {
      const cursors = next;
      since(cursors);
      // before any frame that moves a single lane's cursor
      onByCursor(cursors);
      pump();
    }
  }

  function withStops(of: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
    const all = new Map(of);
    for (const key of stopped) all.set(key, STOPPED);
    return all;
  }

  function since(cursors: Cursors): void {
    mode = 'since';
    next = null;
    cursor = [...cursors];
    dirty = [true, true, true];
  }

  function packed(event: Packed): void {
    if (event.token !== packing?.token) return;
    const { lane, repair } = packing;
    packing = null;
    if (event.more) (repair ? repairing : dirty)[lane] = true;
    if (!repair && mode === 'since') cursor[lane] = Math.max(cursor[lane], event.cursor);
    if (repair && !repairing.some(Boolean)) repairs = null;
    if (!event.frame) return;
    number += 1;
    inFlight.push({ number, heads: event.heads });
    for (const head of event.heads) {
      advance(positions, head);
      if (repairs) advance(repairs, head);
    }
    flow.sent(event.frame.length, event.changes, line.now());
    inSocket += event.frame.length;
    line.emit({ type: 'send', bytes: event.frame });
  }

  function acked(answered: number, proof: string, missing: readonly number[]): void {
    const frame = inFlight[0];
    if (frame?.number !== answered) {
      line.fail('an answer to no frame');
      return;
    }
    inFlight = inFlight.slice(1);
    flow.acked(line.now());
    const places = new Set(missing);
    if (missing.some((place) => place >= frame.heads.length)) {
      line.fail('an answer about no run');
      return;
    }
    const arrived = frame.heads.filter((_, place) => !places.has(place));
    if (frameProof(arrived, start.sha256) !== proof) {
      line.fail('the peer holds something else');
      return;
    }
    if (arrived.length > 0) line.emit({ type: 'held', heads: arrived });
    for (const place of places) {
      const head = frame.heads[place];
      // asked for again since: it is on its way once more
      if (head && Math.max(answeredBefore, asked.get(feedKey(head)) ?? 0) < answered)
        stopped.add(feedKey(head));
    }
    const rate = flow.rate();
    if (Math.abs(rate - toldRate) <= toldRate / 5) return;
    toldRate = rate;
    line.emit({ type: 'rate', bytesPerSecond: rate });
  }

  function need(feed: FeedName, from: number): void {
    const key = feedKey(feed);
    stopped.delete(key);
    asked.set(key, number + (packing ? 1 : 0));
    if (mode === 'beyond') {
      positions.set(key, from - 1);
      dirty[feed.lane] = true;
      return;
    }
    if (mode === 'wait') return;
    line.askHeads(({ heads }) => {
      repairs ??= new Map();
      for (const head of heads) if (!repairs.has(feedKey(head))) repairs.set(feedKey(head), head.seq);
      repairs.set(key, from - 1);
      repairing[feed.lane] = true;
      pump();
    });
  }

  const sentAll = (): boolean =>
    mode !== 'wait' && !next && !packing && !dirty.some(Boolean) && !repairing.some(Boolean);

  return {
    beyond(from, then) {
      mode = 'beyond';
      next = then;
      // what the vectors say is newer than what was stopped, and than frames still on their way
      stopped.clear();
      answeredBefore = number + (packing ? 1 : 0);
      positions.clear();
      for (const [key, seq] of from) positions.set(key, seq);
      dirty = [true, true, true];
      repairs = null;
      repairing = [false, false, false];
    },
    since,
    grew() {
      dirty = [true, true, true];
    },
    packed,
    acked,
    holds(heads) {
      for (const head of heads) advance(positions, head);
    },
    need,
    stop: (feed) => stopped.add(feedKey(feed)),
    resume(feed, from) {
      stopped.delete(feedKey(feed));
      if (mode === 'beyond') positions.set(feedKey(feed), from - 1);
    },
    buffered(bytes) {
      inSocket = bytes;
    },
    alsoSent(bytes) {
      inSocket += bytes;
    },
    pump,
    sentAll,
    idle: () => sentAll() && inFlight.length === 0,
    roomBelow: () =>
      (sentAll() || mode === 'wait') &&
      inSocket <= Math.max(LEAST_BUFFERED, flow.rate() * MOST_BUFFERED_SECONDS),
    cursors: () => cursor,
    flow,
  };
}

function advance(positions: Map<string, number>, head: Head): void {
  const key = feedKey(head);
  if ((positions.get(key) ?? 0) < head.seq) positions.set(key, head.seq);
}
