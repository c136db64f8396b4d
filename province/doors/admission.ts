// Lets in as many new connections per moment as handshakes can be paid for. After an outage three hundred stations
// come at once: those over the rate wait a little in front of the door, those over the queue are cut and come again.
import type { Socket } from 'node:net';

export interface Admission {
  /** A connection that was accepted by the system and has not been read from. */
  arrive(socket: Socket): void;
  facts(): { readonly open: number; readonly waiting: number; readonly turnedAway: number };
  close(): void;
}

export interface AdmissionParts {
  /** Open connections, the waiting ones included. */
  readonly connections: number;
  readonly perSecond: number;
  enter(socket: Socket): void;
  /** ms, monotonic */
  now(): number;
}

/** Longest somebody stands in front of the door: behind that its own timeout would cut it anyhow. */
const longestWaitMs = 10_000;

export function admissionOf({ connections, perSecond, enter, now }: AdmissionParts): Admission {
  const waiting: { socket: Socket; until: number }[] = [];
  let open = 0;
  let turnedAway = 0;
  let tokens = perSecond;
  let filledAt = now();
  let timer: NodeJS.Timeout | null = null;

  return {
    arrive(socket) {
      socket.on('error', () => socket.destroy());
      if (open >= connections || waiting.length >= perSecond * (longestWaitMs / 1000)) {
        turnedAway += 1;
        socket.destroy();
        return;
      }
      open += 1;
      socket.once('close', () => {
        open -= 1;
      });
      waiting.push({ socket, until: now() + longestWaitMs });
      serve();
    },
    facts: () => ({ open, waiting: waiting.length, turnedAway }),
    close() {
      if (timer) clearTimeout(timer);
      for (const { socket } of waiting.splice(0)) socket.destroy();
    },
  };

  function serve(): void {
    timer = null;
    const at = now();
    tokens = Math.min(perSecond, tokens + ((at - filledAt) / 1000) * perSecond);
    filledAt = at;
    while (waiting.length > 0 && tokens >= 1) {
      const next = waiting.shift();
      if (!next || next.socket.destroyed) continue;
      if (next.until < at) {
        turnedAway += 1;
        next.socket.destroy();
        continue;
      }
      tokens -= 1;
      enter(next.socket);
    }
    if (waiting.length > 0) timer ??= setTimeout(serve, Math.ceil(((1 - tokens) / perSecond) * 1000) + 1);
  }
}
