// Lines between simulated places: latency, rate, and everything a line can do wrong. A line carries whole messages in
// order, as a WebSocket does; a cut in the middle of a message loses it and all behind it.
import type { Wire } from '../../../shared/sync/drive.ts';

export interface Timeline {
  now(): number;
  at(ms: number, run: () => void): void;
}

export interface LineLimits {
  readonly latencyMs: number;
  /** Bytes per ms; Infinity on a LAN. */
  readonly rate: number;
}

/** One way of a line. */
export interface Way {
  /** Nothing sent arrives any more, and nobody is told. */
  deaf: boolean;
  /** The line breaks when this many bytes have gone through. */
  cutAfter: number | null;
  /** Number of messages until one is damaged; `raw`: it arrives damaged, else the line notices and breaks. */
  damage: { after: number; raw: boolean } | null;
  /** Number of messages until one arrives twice. */
  twice: number | null;
}

export interface Line {
  readonly ends: readonly [Wire, Wire];
  readonly ways: readonly [Way, Way];
  /** Bytes given to it so far. */
  through(way: 0 | 1): number;
  /** Both ends learn of it, each after the latency. */
  cut(): void;
  readonly open: () => boolean;
  /** What end 0 has sent, for replaying it later. */
  readonly sent: Uint8Array[];
}

/** `into`: runs what arrives at an end, now or when that place is not paused any more. */
export function lineBetween(
  time: Timeline,
  limits: LineLimits,
  jitter: () => number,
  touched: (what: string) => void,
  into: (end: 0 | 1, run: () => void) => void,
  tap: (end: 0 | 1, bytes: Uint8Array) => void = () => {},
): Line {
  type Listener = Parameters<Wire['listen']>[0];
  const listeners: (Listener | null)[] = [null, null];
  const early: (() => void)[][] = [[], []];
  const ended = [false, false];
  const ways: [Way, Way] = [newWay(), newWay()];
  const through = [0, 0];
  const leftAt = [0, 0];
  const arrivesAt = [0, 0];
  const waiting = [0, 0];
  let broken = false;
  const sent: Uint8Array[] = [];

  const tellEnd = (end: 0 | 1, tell: (to: Listener) => void): void => {
    const listener = listeners[end];
    if (listener) into(end, () => tell(listener));
    else early[end]?.push(() => tell(listeners[end] as Listener));
  };
  const close = (end: 0 | 1, detail: string): void => {
    if (ended[end]) return;
    ended[end] = true;
    tellEnd(end, (to) => to.closed(detail));
  };
  const cut = (): void => {
    if (broken) return;
    broken = true;
    for (const end of [0, 1] as const)
      time.at(time.now() + limits.latencyMs * jitter(), () => close(end, 'cut'));
  };

  const wireOf = (end: 0 | 1): Wire => {
    const other = end === 0 ? 1 : 0;
    const way = ways[end];
    return {
      send(bytes) {
        if (ended[end] || broken) return;
        tap(end, bytes);
        if (end === 0) sent.push(bytes);
        const now = time.now();
        const left =
          Math.max(now, leftAt[end] ?? 0) + (limits.rate === Infinity ? 0 : bytes.length / limits.rate);
        leftAt[end] = left;
        if (left > now) {
          waiting[end] = (waiting[end] ?? 0) + bytes.length;
          time.at(left, () => {
            waiting[end] = (waiting[end] ?? 0) - bytes.length;
            if (!ended[end]) tellEnd(end, (to) => to.drained());
          });
        }
        through[end] = (through[end] ?? 0) + bytes.length;
        if (way.deaf) return;
        if (way.cutAfter !== null && (through[end] ?? 0) > way.cutAfter) {
          touched('cut');
          time.at(left, cut);
          return;
        }
        const arrival = Math.max(arrivesAt[end] ?? 0, left + limits.latencyMs * jitter());
        arrivesAt[end] = arrival;
        let copies = 1;
        let message = bytes;
        if (way.twice !== null && way.twice-- === 0) {
          touched('frame twice');
          copies = 2;
          way.twice = null;
        }
        if (way.damage && way.damage.after-- === 0) {
          touched(way.damage.raw ? 'damaged frame' : 'damaged record');
          if (!way.damage.raw) {
            time.at(arrival, cut);
            return;
          }
          way.damage = null;
          message = flipped(bytes, jitter());
        }
        // a long message is heard long before it is whole
        for (let heard = now + HEARD_EVERY_MS; heard < left; heard += HEARD_EVERY_MS)
          time.at(heard + limits.latencyMs, () => {
            if (!broken && !ended[other] && !way.deaf) tellEnd(other, (to) => to.heard());
          });
        for (let i = 0; i < copies; i++)
          time.at(arrival, () => {
            if (!broken && !ended[other] && !way.deaf) tellEnd(other, (to) => to.bytes(message));
          });
      },
      buffered: () => waiting[end] ?? 0,
      close() {
        if (ended[end]) return;
        ended[end] = true;
        if (broken || way.deaf) return;
        const arrival = Math.max(arrivesAt[end] ?? 0, time.now() + limits.latencyMs * jitter());
        time.at(arrival, () => {
          if (!way.deaf) close(other, 'closed by peer');
        });
      },
      listen(on) {
        listeners[end] = on;
        for (const tell of early[end]?.splice(0) ?? []) tell();
      },
    };
  };
  return {
    ends: [wireOf(0), wireOf(1)],
    ways,
    cut,
    through: (way) => through[way] ?? 0,
    open: () => !broken && !ended[0] && !ended[1],
    sent,
  };
}

const HEARD_EVERY_MS = 4_000;

const newWay = (): Way => ({ deaf: false, cutAfter: null, damage: null, twice: null });

function flipped(bytes: Uint8Array, where: number): Uint8Array {
  const copy = bytes.slice();
  const at = Math.floor((where - Math.floor(where)) * copy.length) % Math.max(1, copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8));
  return copy;
}
