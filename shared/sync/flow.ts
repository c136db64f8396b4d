// How much to send at once and how much to leave unanswered, on lines from 4 kbit/s to a LAN. Small enough that a cut
// costs little and an urgent change does not wait long, large enough that a slow round trip does not idle the line.
import type { Limit } from './port.ts';

/** A session with an unknown peer starts as if on the weakest line we promise to serve: 64 kbit/s. */
const FIRST_RATE = 8_000;
/** Bytes/s at which a session over a near line begins; a slow wireless one is found out within a second. */
export const LAN_RATE = 1_000_000;
/** A first answer within this comes over a LAN; the weakest line a province is reached by takes ten times as long. */
export const NEAR_MS = 40;
const WINDOW_SECONDS = 4.5;
const LEAST_WINDOW = 24_000;
/**
 * On any line: what had arrived already is answered for at once, and makes it look faster than anybody can take in.
 * Well below what the other end lets wait before it takes us for a flood (incoming.ts, drive.ts: 32 MiB).
 */
const MOST_FRAMES = 100;
const MOST_WINDOW = 16 * 1024 * 1024;
/**
 * Of a frame that is cut nothing is kept, on average half of one; but each frame costs some 300 bytes by itself. With
 * a cut every 10 to 30 s the two are least together at about this length.
 */
const BATCH_SECONDS = 1;
const LEAST_CHANGES = 16;
const MOST_CHANGES = 500;
/**
 * Before the first answer a frame has at most so many, and twice as many each time: the other end is to begin taking in
 * while the rest is being packed.
 */
const FIRST_CHANGES = 100;
/** Of stored forms: with the packing's own bytes well inside a frame's 8 MiB. */
const MOST_BYTES = 4 * 1024 * 1024;
const ACKS_BEFORE_GROWING = 3;
const LEAST_SHARE = 1 / 8;
/** One measurement moves the estimate by this much of itself, and counts for at most so many times the old one. */
const WEIGHT = 0.3;
const LEAST_RATE = 100;
/** This much of line under way keeps it busy. */
const FULL_SECONDS = 1.5;
const MOST_JUMP = 8;
/** Compressed bytes a change is taken for before any was sent: one of a frame of a hundred is about 120. */
const FIRST_CHANGE_BYTES = 130;

export interface Flow {
  /** Whether another frame may go out. */
  open(): boolean;
  batch(): Limit;
  sent(bytes: number, changes: number, now: number): void;
  /** The oldest frame that was out has been answered. */
  acked(now: number): void;
  /** It answered as only a place on the LAN can. */
  isNear(): void;
  /** Bytes/s */
  rate(): number;
  inFlight(): number;
}

export function createFlow(rate: number | null, cuts: number): Flow {
  let estimate = Math.max(rate ?? FIRST_RATE, LEAST_RATE);
  let share = Math.max(LEAST_SHARE, 0.5 ** cuts);
  let acks = 0;
  let frames = 0;
  let changeBytes = FIRST_CHANGE_BYTES;
  let delivered = 0;
  let lastAckAt = Number.NEGATIVE_INFINITY;
  const out: Frame[] = [];
  const inFlight = (): number => out.reduce((n, frame) => n + frame.bytes, 0);
  return {
    open: () =>
      out.length === 0 ||
      (out.length < MOST_FRAMES &&
        inFlight() < Math.min(MOST_WINDOW, Math.max(LEAST_WINDOW, estimate * WINDOW_SECONDS))),
    batch() {
      const bytes = estimate * BATCH_SECONDS * share;
      const changes = Math.round(bytes / changeBytes);
      const most = acks > 0 ? MOST_CHANGES : Math.min(MOST_CHANGES, FIRST_CHANGES * 2 ** frames);
      return {
        changes: Math.min(most, Math.max(LEAST_CHANGES, changes)),
        // what compresses worse than expected must not make one frame last for minutes
        bytes: Math.min(MOST_BYTES, Math.max(8_000, Math.round(bytes * 12))),
      };
    },
    sent(bytes, changes, now) {
      const waiting = inFlight();
      frames += 1;
      out.push({
        bytes,
        deliveredBefore: delivered,
        since: waiting > 0 ? lastAckAt : now,
        fills: waiting > 0 && waiting + bytes >= estimate * FULL_SECONDS,
      });
      // before the first answer of a session, time runs from its first frame
      if (lastAckAt === Number.NEGATIVE_INFINITY) lastAckAt = now;
      // a single change says little about what one among hundreds takes
      if (changes >= LEAST_CHANGES) changeBytes = changeBytes * 0.5 + (bytes / changes) * 0.5;
    },
    acked(now) {
      const frame = out.shift();
      if (!frame) return;
      delivered += frame.bytes;
      measure(frame, now);
      lastAckAt = now;
      acks += 1;
      if (acks % ACKS_BEFORE_GROWING === 0) share = Math.min(1, share * 2);
    },
    isNear() {
      estimate = Math.max(estimate, LAN_RATE);
    },
    rate: () => Math.round(estimate),
    inFlight,
  };

  /**
   * What arrived between the answer that was the latest when this frame went out and its own answer, over that time:
   * answers that come in a bunch do not make the line look faster (delivery rate, as in BBR). A frame that did not
   * fill the line says only that it carries at least that.
   */
  function measure(frame: Frame, now: number): void {
    const sample = ((delivered - frame.deliveredBefore) * 1000) / Math.max(1, now - frame.since);
    if (sample > estimate && !frame.fills) estimate = sample;
    else if (frame.fills)
      estimate = estimate * (1 - WEIGHT) + Math.min(sample, estimate * MOST_JUMP) * WEIGHT;
    estimate = Math.max(LEAST_RATE, estimate);
  }
}

interface Frame {
  readonly bytes: number;
  /** Bytes answered for when it went out, and when the last answer had come. */
  readonly deliveredBefore: number;
  readonly since: number;
  /** Enough was under way to keep the line busy. */
  readonly fills: boolean;
}

const PING_AFTER_MS = { initiator: 12_000, responder: 15_000 } as const;
const DEAD_AFTER_MS = 25_000;

export interface Liveness {
  heard(now: number): void;
  spoke(now: number): void;
  state(now: number): 'well' | 'ping' | 'dead';
  /** When to look again. */
  next(): number;
}

export function createLiveness(role: 'initiator' | 'responder', now: number): Liveness {
  let lastHeard = now;
  let lastSpoke = now;
  return {
    heard(at) {
      lastHeard = at;
    },
    spoke(at) {
      lastSpoke = at;
    },
    state(at) {
      if (at - lastHeard >= DEAD_AFTER_MS) return 'dead';
      return at - lastSpoke >= PING_AFTER_MS[role] ? 'ping' : 'well';
    },
    next: () => Math.min(lastSpoke + PING_AFTER_MS[role], lastHeard + DEAD_AFTER_MS),
  };
}
