// A serial line in memory between the driver and a simulated module: splits what the module sends, knows the speed of
// both ends, and can be cut.
import type { Line, OpenLine } from '../../../../electron/fingerprint/readers/serial/line.ts';
import { fail, ok } from '../../../../shared/api/contract.ts';
import { dice, type SimulatedModule } from './module.ts';

export interface MemoryLine {
  readonly open: OpenLine;
  /** Speeds the driver set, in order. */
  readonly bauds: number[];
  /** How often it was opened, and how often closed. */
  readonly uses: { opened: number; closed: number };
  /** Pulls the plug. */
  cut(): void;
  /** Bytes nobody asked for. */
  babble(bytes: Uint8Array): void;
  /** From now on the module's bytes come so many at a turn; 6 a millisecond are 57,600 baud. */
  slow(bytesPerTurn: number): void;
}

export function memoryLine(module: SimulatedModule, seed = 1): MemoryLine {
  const random = dice(seed);
  const bauds: number[] = [];
  const uses = { opened: 0, closed: 0 };
  let toHost: Uint8Array[] = [];
  let moving = false;
  let pace = Number.POSITIVE_INFINITY;
  let baud = 0;
  let cut = false;
  let take: (bytes: Uint8Array) => void = () => {};
  let gone: () => void = () => {};

  module.send = (bytes) => {
    toHost.push(...pieces(bytes));
    move();
  };
  const line: Line = {
    async write(bytes) {
      if (cut) return;
      const copy = bytes.slice();
      setImmediate(() => {
        // at another speed the module sees other bytes
        if (!cut) module.receive(baud === module.is.baud ? copy : copy.map((byte) => byte ^ 0x55));
      });
    },
    async setBaud(next) {
      bauds.push(next);
      baud = next;
      return true;
    },
    onBytes: (listener) => {
      take = listener;
    },
    onGone: (listener) => {
      gone = listener;
    },
    async close() {
      uses.closed++;
      toHost = [];
      take = () => {};
      gone = () => {};
    },
  };

  return {
    open: async (_path, first) => {
      if (cut) return fail('reader_missing');
      uses.opened++;
      baud = first;
      return ok(line);
    },
    bauds,
    uses,
    cut() {
      cut = true;
      gone();
    },
    babble(bytes) {
      toHost.push(bytes);
      move();
    },
    slow(bytesPerTurn) {
      pace = bytesPerTurn;
    },
  };

  function pieces(bytes: Uint8Array): Uint8Array[] {
    const parts: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + random(Math.min(40, pace));
      parts.push(bytes.slice(at, at + size));
      at += size;
    }
    return parts;
  }

  function move(): void {
    if (moving) return;
    moving = true;
    setImmediate(() => {
      moving = false;
      // several pieces a turn: an answer and what follows it may come together
      let pieces = 1 + random(8);
      for (let bytes = 0; pieces > 0 && bytes < pace; pieces--) {
        const piece = toHost.shift() ?? new Uint8Array();
        bytes += piece.length;
        if (!cut) take(piece);
      }
      if (toHost.length > 0) move();
    });
  }
}
