// What cuts cost on the weakest line we promise to serve, in a clock of its own: 64 kbit/s, 800 ms there and back.
// Sizes are those measured with the benchmark's documents; what is asked for is the share of time, not the seconds.
import { expect, it } from 'vitest';
import { createFlow } from '../../../shared/sync/flow.ts';

const BYTES_PER_MS = 8;
const ONE_WAY_MS = 420;
/** TCP, the request to upgrade and its answer; half of the longest first wait. */
const CONNECT_MS = 800 + 2 * ONE_WAY_MS + 60;
const WAIT_MS = 150;
/** Compressed, of a frame of many; what each frame costs by itself; what the first ones lack that earlier ones lend. */
const CHANGE_BYTES = 115;
const FRAME_BYTES = 300;
const NO_CONTEXT_BYTES = 2_200;

/** ms until all is answered for. `cutAt`: time of each next cut after the one before. */
function send(changes: number, nextCut: () => number): number {
  let now = 0;
  let arrived = 0;
  let cutAt = nextCut();
  let rate: number | null = null;
  for (;;) {
    let clock = now + CONNECT_MS;
    if (arrived >= changes && clock < cutAt) return clock;
    const flow = createFlow(rate, 0);
    const answers: { at: number; arrived: number }[] = [];
    let handed = arrived;
    let lineFreeAt = clock;
    let lacking = NO_CONTEXT_BYTES;
    for (;;) {
      while (handed < changes && flow.open()) {
        const some = Math.min(flow.batch().changes, changes - handed);
        const extra = Math.round(Math.min(lacking, some * 30));
        lacking -= extra;
        const bytes = FRAME_BYTES + some * CHANGE_BYTES + extra;
        flow.sent(bytes, some, clock);
        handed += some;
        lineFreeAt = Math.max(lineFreeAt, clock) + bytes / BYTES_PER_MS;
        answers.push({ at: lineFreeAt + ONE_WAY_MS, arrived: handed });
      }
      const next = answers.shift();
      if (!next || next.at >= cutAt) break;
      arrived = next.arrived;
      clock = next.at + ONE_WAY_MS;
      if (arrived >= changes && clock < cutAt) return clock;
      flow.acked(clock);
    }
    rate = flow.rate();
    now = cutAt + WAIT_MS;
    cutAt += nextCut();
  }
}

/** As the emulated line cuts: at random, a quarter earlier or later. */
function cuts(everyMs: number, seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return everyMs * (0.75 + state / 0x1_0000_0000);
  };
}

function ratio(changes: number, everyMs: number): number {
  const clean = send(changes, () => Number.POSITIVE_INFINITY);
  const runs = Array.from({ length: 200 }, (_, seed) => send(changes, cuts(everyMs, seed + 1)));
  return runs.reduce((sum, ms) => sum + ms, 0) / runs.length / clean;
}

it.each([
  [1_000, 8, 1.6],
  [1_000, 20, 1.2],
  [5_000, 20, 1.2],
])(
  'sends %i changes with a cut about every %i s in at most %f times the time without',
  (changes, seconds, most) => {
    expect(ratio(changes, seconds * 1_000)).toBeLessThanOrEqual(most);
  },
);
