// Taking half of a session: frames come in, are handed to the store in their order, and each is answered with what
// the store now holds of it. What it could not take is asked for, searched for or refused, feed by feed.

import type { Lane } from '../model/change.ts';
import type { Sha256 } from './bytes.ts';
import type { ForkSearch } from './fork-search.ts';
import type { Cursors, Line } from './line.ts';
import { type FeedName, feedKey, type Head } from './port.ts';
import type { RunHead, SessionEvent } from './session-types.ts';
import { frameProof } from './vector.ts';

type Took = Extract<SessionEvent, { type: 'took' }>;

export interface Incoming {
  frame(bytes: Uint8Array, lane: Lane, cursor: number): void;
  took(event: Took): void;
  /** All there is has been sent, up to these commits. */
  toldCursor(at: Cursors): void;
  /** Nothing came down because nothing had to. */
  nothingToCome(): void;
  /** The bytes under this number do not hold together: asked for once more, refused the second time. */
  unreadable(feed: FeedName, seq: number): void;
  /** Our branch from this number on is gone: asks for the peer's. */
  replace(feed: FeedName, from: number): void;
  /** Frames not taken in yet. */
  waiting(): number;
  caughtUp(): boolean;
}

/** CHANGES frames not taken in yet; more than twice what an honest peer leaves unanswered (flow.ts). */
export const MOST_WAITING = 256;

/** `keepsCursors`: of the initiator. `arrived`: what the peer sent and the store now holds. */
export function createIncoming(
  line: Line,
  sha256: Sha256,
  keepsCursors: boolean,
  forks: () => ForkSearch,
  arrived: (heads: readonly Head[]) => void,
): Incoming {
  const needed = new Map<string, number>();
  /** Asked for again because its bytes did not hold together. */
  const doubted = new Map<string, number>();
  let received = 0;
  let queue: { readonly token: number; readonly number: number }[] = [];
  /** Waits until everything before it has been taken in. */
  let told: Cursors | null = null;
  let caughtUp = false;

  /** Once for each number: what is on its way meanwhile does not fit either. */
  function need(feed: FeedName, from: number): void {
    if (needed.get(feedKey(feed)) === from) return;
    needed.set(feedKey(feed), from);
    line.send({ type: 'need', feed, from });
  }

  /** A line that changes bytes is likelier than a peer that sends rubbish; rubbish is the same the second time. */
  function unreadable(feed: FeedName, seq: number): void {
    if (doubted.get(feedKey(feed)) === seq) {
      line.send({ type: 'refused', feed, seq, reason: 'unreadable' });
      return;
    }
    doubted.set(feedKey(feed), seq);
    needed.delete(feedKey(feed));
    need(feed, seq);
  }

  function nothingToCome(): void {
    if (caughtUp) return;
    caughtUp = true;
    line.emit({ type: 'caughtUp', direction: 'down' });
  }

  function takeCursor(): void {
    if (!told || queue.length > 0) return;
    const at = told;
    told = null;
    for (const lane of [0, 1, 2] as const) line.emit({ type: 'cursor', lane, at: at[lane] });
    nothingToCome();
  }

  function refusals({ refused }: NonNullable<Took['taken']>): void {
    for (const { station, incarnation, lane, seq, reason, expected } of refused) {
      const feed = { station, incarnation, lane };
      if (reason === 'gap') {
        if (expected === undefined) line.askHeads(({ heads }) => need(feed, seqOf(heads, feed) + 1));
        else need(feed, expected);
      } else if (reason === 'fork') forks().begin(feed, seq);
      else if (reason === 'broken_chain') forks().begin(feed, seq - 1, seq);
      else unreadable(feed, seq);
    }
  }

  return {
    frame(bytes, lane, cursor) {
      received += 1;
      if (queue.length >= MOST_WAITING) {
        line.fail('flood');
        return;
      }
      const token = line.token();
      queue.push({ token, number: received });
      const keep = keepsCursors && cursor > 0 ? { lane, at: cursor } : null;
      line.emit({ type: 'take', token, frame: bytes, cursor: keep });
    },
    took({ token, taken, runs }) {
      const frame = queue[0];
      if (frame?.token !== token) return;
      queue = queue.slice(1);
      if (!taken) {
        line.fail('a frame that cannot be read');
        return;
      }
      const whole = runs.map((run) => isWhole(run, taken));
      const heads = runs.filter((_, place) => whole[place]).map(headOf);
      const missing = [...whole.keys()].filter((place) => !whole[place]);
      refusals(taken);
      // remembered before it is answered: a cut over the answer must not send the peer its own changes back
      arrived(heads);
      line.send({ type: 'ack', number: frame.number, proof: frameProof(heads, sha256), missing });
      takeCursor();
    },
    toldCursor(at) {
      told = at;
      takeCursor();
    },
    nothingToCome,
    unreadable,
    replace(feed, from) {
      needed.delete(feedKey(feed));
      need(feed, from);
    },
    waiting: () => queue.length,
    caughtUp: () => caughtUp,
  };
}

/** The store holds the run to its end, and refused nothing of it. */
const isWhole = (run: RunHead, { refused, heads }: NonNullable<Took['taken']>): boolean =>
  seqOf(heads, run) >= run.seq &&
  !refused.some((r) => feedKey(r) === feedKey(run) && r.seq >= run.firstSeq && r.seq <= run.seq);

const headOf = ({ station, incarnation, lane, seq, hash }: Head): Head => ({
  station,
  incarnation,
  lane,
  seq,
  hash,
});

const seqOf = (heads: readonly Head[], feed: FeedName): number =>
  heads.find((head) => feedKey(head) === feedKey(feed))?.seq ?? 0;
