// What Node lends a session: clock, timers, turns for others, and what an error of the store means to a peer.
import type { Services } from '../../shared/sync/drive.ts';
import type { EndCode } from '../../shared/sync/session-types.ts';
import { StoreFailure } from '../store/change-store.ts';
import { failureOf } from '../store/faults.ts';
import type { Log } from '../store/room.ts';

export function nodeServices(log: Log): Services {
  return {
    now: () => performance.now(),
    setTimer,
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    endCodeOf,
    log: (level, message, facts) => log(level, message, facts),
  };
}

/** The peer only learns what it can do something about. */
function endCodeOf(error: unknown): EndCode {
  const code = error instanceof StoreFailure ? error.code : failureOf(error)?.code;
  if (code === 'disk_full') return 'disk_full';
  return code === 'store_closed' ? 'closed' : 'internal';
}

/** Answers how to cancel it; does not keep the program alive. */
export function setTimer(ms: number, run: () => void): () => void {
  // a timer set longer than 2^31 ms would fire at once
  const timer = setTimeout(run, Math.min(ms, 0x7fff_ffff));
  timer.unref();
  return () => clearTimeout(timer);
}
