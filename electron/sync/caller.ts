// Keeps a line to one place: calls, and when the line ends calls again, sooner or later depending on why it ended.
// Waits grow and are random, so that hundreds of PCs do not come back in the same second after an outage.
import type { Welcome } from '../../shared/sync/session-types.ts';
import type { Address } from './address.ts';
import { type CallEnd, type Callee, type CallParts, call } from './call.ts';
import { isCut, type Meeting } from './meeting.ts';

export interface Waits {
  readonly firstMs: number;
  readonly mostMs: number;
  /** A session that lasted so long before its line was cut was a good one: begin again with the first wait. */
  readonly goodMs: number;
  /** Over POST nobody tells us that there is something new. */
  readonly pollMs: number;
}
/** Calls without a wait in a row that led to no session, as a new incarnation needs one. */
const MOST_HURRIED = 3;
export const WAITS: Waits = { firstMs: 300, mostMs: 60_000, goodMs: 2_000, pollMs: 30_000 };

export interface CallerFacts {
  readonly state: 'connected' | 'connecting' | 'waiting';
  readonly end: CallEnd | null;
  readonly nextTryAt: number | null;
  readonly callee: Callee | null;
  readonly address: Address | null;
  readonly meeting: Meeting | null;
  readonly transport: 'websocket' | 'post' | null;
  readonly welcome: Welcome | null;
}

export interface Caller {
  facts(): CallerFacts;
  /** Do not wait any longer. */
  nudge(): void;
  /** There is something new to send. */
  grew(): void;
  close(): Promise<void>;
}

export interface CallerParts
  extends Omit<CallParts, 'address' | 'expected' | 'signal' | 'postOnly' | 'cuts' | 'began' | 'mode'> {
  /** Tried in turn; looked up anew before each call. Empty: nowhere to call now. */
  addresses(): readonly Address[];
  expected(): string | null;
  mode(): CallParts['mode'];
  began(callee: Callee, address: Address, welcome: Welcome): void;
  readonly waits: Waits;
  /** One attempt; left out, the real one. */
  call?: typeof call;
  random(): number;
}

export function keepCalling(parts: CallerParts): Caller {
  const stop = new AbortController();
  let attempt = 0;
  let turn = 0;
  let cuts = 0;
  let hurried = 0;
  let postUntil = 0;
  let wake: (() => void) | null = null;
  let facts: CallerFacts = {
    state: 'waiting',
    end: null,
    nextTryAt: null,
    callee: null,
    address: null,
    meeting: null,
    transport: null,
    welcome: null,
  };
  const running = run();

  return {
    facts: () => facts,
    nudge() {
      attempt = 0;
      wake?.();
    },
    grew() {
      if (facts.meeting) facts.meeting.drive.grew();
      else if (facts.transport === 'post') wake?.();
    },
    async close() {
      stop.abort();
      wake?.();
      await running;
    },
  };

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      const addresses = parts.addresses();
      const address = addresses[turn++ % Math.max(1, addresses.length)];
      let wait: number = parts.waits.mostMs;
      if (address) {
        const end = await attemptAt(address);
        if (stop.signal.aborted) break;
        wait = waitAfter(end);
      }
      set({ state: 'waiting', meeting: null, nextTryAt: parts.ground.now() + wait });
      if (wait > 0) await pause(wait);
    }
    set({ state: 'waiting', meeting: null, nextTryAt: null });
  }

  async function attemptAt(address: Address): Promise<CallEnd> {
    set({ state: 'connecting', address, nextTryAt: null });
    try {
      const end = await (parts.call ?? call)({
        ...parts,
        address,
        expected: parts.expected(),
        mode: parts.mode(),
        signal: stop.signal,
        postOnly: parts.ground.now() < postUntil,
        cuts,
        began(callee, welcome, transport, meeting) {
          set({
            state: meeting ? 'connected' : 'connecting',
            callee,
            welcome,
            transport,
            meeting,
            end: null,
          });
          parts.began(callee, address, welcome);
        },
      });
      set({ end: end.post && end.code === 'closed' ? null : end });
      return end;
    } catch (bug) {
      // whatever happened, the next call must still be made
      if (!stop.signal.aborted) parts.ground.log('error', 'calling a place failed', { bug });
      const end: CallEnd = { code: 'internal', lastedMs: null, again: null, post: false };
      set({ end });
      return end;
    }
  }

  /** ms */
  function waitAfter(end: CallEnd): number {
    const { waits } = parts;
    // an hour later WebSocket is tried again
    if (end.post && parts.ground.now() >= postUntil) postUntil = parts.ground.now() + 3_600_000;
    // whatever else ended it would end the next one as well
    const good = isCut(end.code) ? waits.goodMs : waits.mostMs;
    const wasGood = end.lastedMs !== null && end.lastedMs >= good;
    cuts = end.lastedMs === null || !isCut(end.code) || wasGood ? 0 : cuts + 1;
    // no session came about: something else than us is wrong when that goes on and on
    hurried = end.again === 'now' && end.lastedMs === null ? hurried + 1 : 0;
    if (end.again === 'now' && hurried <= MOST_HURRIED) return 0;
    if (end.again === 'when_grown') return waits.pollMs;
    if (wasGood) attempt = 0;
    const most = Math.min(waits.mostMs, waits.firstMs * 2 ** Math.min(attempt, 20));
    // after a good session the line itself is most often there again at once
    const least = attempt === 0 ? 0 : waits.firstMs;
    attempt += 1;
    const jittered = Math.max(least, parts.random() * most);
    return end.retryAfterMs === undefined
      ? jittered
      : Math.max(jittered, end.retryAfterMs * (1 + parts.random() / 2));
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        wake = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      timer.unref();
      wake = done;
      if (stop.signal.aborted) done();
    });
  }

  function set(change: Partial<CallerFacts>): void {
    facts = { ...facts, ...change };
    parts.changed();
  }
}
