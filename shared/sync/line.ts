// What the parts of a session share: the time, a way to say something, and questions to the store.
import type { FeedName, Head } from './port.ts';
import type { Effect, StateDigest } from './session-types.ts';
import type { Frame } from './wire.ts';

/** Commit numbers in the responder's log, lane by lane. */
export type Cursors = readonly [number, number, number];

/** What the store held at one moment. */
export interface Stock {
  readonly heads: readonly Head[];
  readonly end: number;
  readonly state: StateDigest | null;
}

export interface Line {
  /** ms, monotonic */
  now(): number;
  emit(effect: Effect): void;
  send(frame: Frame): void;
  token(): number;
  /** Ends the session: what the peer sent cannot be. */
  fail(detail: string): void;
  askHeads(use: (stock: Stock) => void): void;
  /** Null where the feed has no such number here. */
  askHashes(
    at: readonly { readonly feed: FeedName; readonly seq: number }[],
    use: (hashes: readonly (string | null)[]) => void,
  ): void;
}
