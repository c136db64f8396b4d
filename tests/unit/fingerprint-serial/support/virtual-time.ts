// Lets a test wait for deadlines without waiting: while a test of the file runs, a millisecond passes at every turn of
// the event loop. So no deadline runs out because this PC is busy, and none takes real time.
import { afterEach, beforeEach, vi } from 'vitest';

/** Call once at the top of a test file. */
export function virtualTime(): void {
  let pump: object | null = null;

  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
    });
    // of this test alone: the turn of the test before may still be waiting
    const mine = {};
    pump = mine;
    setImmediate(turn, mine);
  });
  afterEach(() => {
    pump = null;
    vi.useRealTimers();
  });

  function turn(mine: object): void {
    if (pump !== mine) return;
    vi.advanceTimersByTime(1);
    setImmediate(turn, mine);
  }
}
