// A line between two programs on this PC that behaves like a poor one: slow, far away, or cut. Training mode puts it
// in front of its province so that staff see what an outage looks like; the tests put worse things into it.
import { createServer, connect as dial, type Socket } from 'node:net';

export interface LineQuality {
  /** kbit/s each way, shared by all connections; 0 = as fast as this PC. */
  readonly kbps: number;
  /** There and back, ms. */
  readonly roundTripMs: number;
  /** Nothing passes and nobody is let in. */
  readonly cut: boolean;
}

export type Direction = 'up' | 'down';

/**
 * Looks at bytes on their way and says what becomes of them: other bytes, `swallow` (the sender never learns) or
 * `cut` (the connection is reset; nothing of this piece arrives). `offset`: bytes of this direction before it.
 */
export type Tamper = (
  piece: Buffer,
  at: { readonly connection: number; readonly direction: Direction; readonly offset: number },
) => Buffer | 'swallow' | 'cut';

export interface Line {
  /** On 127.0.0.1: what to connect to instead of the target. */
  readonly port: number;
  set(quality: LineQuality): void;
  tamper(how: Tamper | null): void;
  /** Resets every open connection; new ones are let in. */
  reset(): void;
  /** Bytes delivered so far, and connections made. */
  carried(): { readonly up: number; readonly down: number; readonly connections: number };
  close(): Promise<void>;
}

/** Wire bytes beyond the payload of one segment: IPv4 and TCP headers without options (RFC 791, RFC 9293). */
const headerBytes = 40;
/** Payload of one segment on an ordinary line: 1500 bytes of Ethernet less headers and a tunnel's. */
const segmentBytes = 1400;
/** A sender is held back when so much of its own waits here; about what a modem buffers. */
const waitingBytes = 32_768;

/** `port` 0 takes any free one; rejects when another program has it. */
export async function openLine(target: { port: number }, first: LineQuality, port = 0): Promise<Line> {
  let quality = first;
  let tamper: Tamper | null = null;
  let connections = 0;
  const carried = { up: 0, down: 0 };
  const open = new Set<() => void>();
  /** When the shared transmitter of a direction is free again, ms of performance.now. */
  const freeAt = { up: 0, down: 0 };

  const server = createServer({ noDelay: true, allowHalfOpen: true }, accept);
  const listening = await new Promise<number>((resolve, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : 0);
    });
  });

  return {
    port: listening,
    set(next) {
      quality = next;
      if (next.cut) reset();
    },
    tamper(how) {
      tamper = how;
    },
    reset,
    carried: () => ({ ...carried, connections }),
    async close() {
      reset();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };

  function reset(): void {
    for (const end of [...open]) end();
  }

  function accept(near: Socket): void {
    connections += 1;
    const connection = connections;
    const far = dial({ host: '127.0.0.1', port: target.port, noDelay: true, allowHalfOpen: true });
    const end = (): void => {
      open.delete(end);
      up.stop();
      down.stop();
      near.resetAndDestroy();
      far.resetAndDestroy();
    };
    open.add(end);
    const up = carry(near, far, 'up', connection, end);
    const down = carry(far, near, 'down', connection, end);
    for (const side of [near, far]) {
      side.on('error', end);
      side.on('close', () => {
        if (near.destroyed && far.destroyed) open.delete(end);
        else if (side.errored) end();
      });
    }
    if (quality.cut) end();
  }

  /** One direction of one connection: segments leave in order, each when the shared transmitter has sent it. */
  function carry(
    from: Socket,
    to: Socket,
    direction: Direction,
    connection: number,
    end: () => void,
  ): { stop(): void } {
    const waiting: { at: number; bytes: Buffer | null }[] = [];
    let waitingSize = 0;
    let offset = 0;
    let timer: NodeJS.Timeout | undefined;
    // connecting costs one round trip before the first byte can leave
    const connectedAt = performance.now() + (direction === 'up' ? quality.roundTripMs : 0);

    from.on('data', (chunk: Buffer) => {
      for (let i = 0; i < chunk.length; i += segmentBytes) {
        const piece = chunk.subarray(i, i + segmentBytes);
        const seen = tamper ? tamper(piece, { connection, direction, offset }) : piece;
        offset += piece.length;
        if (seen === 'cut') return end();
        if (seen !== 'swallow') enqueue(seen);
      }
    });
    from.on('end', () => enqueue(null));

    return { stop: () => clearTimeout(timer) };

    function enqueue(bytes: Buffer | null): void {
      const sendMs = bytes && quality.kbps > 0 ? ((bytes.length + headerBytes) * 8) / quality.kbps : 0;
      freeAt[direction] = Math.max(freeAt[direction], performance.now(), connectedAt) + sendMs;
      waiting.push({ at: freeAt[direction] + quality.roundTripMs / 2, bytes });
      waitingSize += bytes?.length ?? 0;
      if (waitingSize > waitingBytes && quality.kbps > 0) from.pause();
      arm();
    }

    function arm(): void {
      clearTimeout(timer);
      const next = waiting[0];
      if (next) timer = setTimeout(deliver, Math.max(0, next.at - performance.now()));
    }

    function deliver(): void {
      const now = performance.now() + 0.5;
      for (let next = waiting[0]; next && next.at <= now; next = waiting[0]) {
        waiting.shift();
        if (next.bytes === null) {
          to.end();
          continue;
        }
        waitingSize -= next.bytes.length;
        carried[direction] += next.bytes.length;
        if (!to.destroyed) to.write(next.bytes);
      }
      if (waitingSize < waitingBytes / 2) from.resume();
      arm();
    }
  }
}
