// Time-stamps for signatures that were made without a line: fetched in the background, without the token, by the PC that
// signed. Another PC does it only where that one has not for a day, so that a stamp is not fetched by everybody.
import type { Log } from '../../store/room.ts';
import { addTimeStamp } from '../cms/index.ts';
import type { TimeStamper } from '../types.ts';
import type { Papers } from './papers-port.ts';

export interface Stamps {
  /** Now, if nothing is running; answers how many came. */
  fetch(): Promise<number>;
  /** What the last answer said: a PDF's signature asks for its stamp only while the service answers. */
  isUp(): boolean;
  close(): void;
}

export interface StampNeeds {
  readonly papers: Papers;
  readonly station: string;
  /** Null: no service is set. */
  stamper(): TimeStamper | null;
  /** The container is another now: what was found out about it is old. */
  stamped(name: string): void;
  now(): number;
  readonly log: Log;
}

const AT_ONCE = 20;
const DAY_MS = 24 * 3_600_000;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 10 * 60_000;

export function openStamps({ papers, station, stamper, stamped, now, log }: StampNeeds): Stamps {
  let running: Promise<number> | null = null;
  let up = true;
  let wait = FIRST_WAIT_MS;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let closed = false;
  /** Refused by the service for what they are; not asked again in this run of the program. */
  const refused = new Set<string>();

  const again = (ms: number): void => {
    if (timer) clearTimeout(timer);
    if (closed) return;
    timer = setTimeout(() => void fetch(), ms);
    timer.unref();
  };
  async function fetch(): Promise<number> {
    running ??= round()
      .catch((bug: unknown) => {
        log('error', 'time-stamps could not be fetched', { name: bug instanceof Error ? bug.name : '' });
        return 0;
      })
      .finally(() => {
        running = null;
      });
    return running;
  }
  again(FIRST_WAIT_MS);

  return {
    fetch,
    isUp: () => up,
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };

  async function round(): Promise<number> {
    let count = 0;
    const ask = stamper();
    if (!ask) return 0;
    const waiting = (await papers.unstamped(AT_ONCE * 10))
      .filter((one) => !refused.has(one.name))
      .filter((one) => one.station === station || now() - one.at > DAY_MS);
    for (const one of waiting.slice(0, AT_ONCE)) {
      if (closed) return count;
      const container = await addTimeStamp(one.container, ask);
      if (!container.ok && container.error.code === 'stamp_unreachable') {
        up = false;
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
        again(wait);
        return count;
      }
      up = true;
      wait = FIRST_WAIT_MS;
      const kept = container.ok && !closed ? papers.addEvidence(one, container.value) : null;
      if (kept?.ok) {
        stamped(one.name);
        count += 1;
        continue;
      }
      refused.add(one.name);
      log('warn', 'a signature got no time-stamp', {
        code: container.ok ? (kept && !kept.ok ? kept.error.code : 'closed') : container.error.code,
      });
    }
    again(waiting.length > AT_ONCE ? 1_000 : LONGEST_WAIT_MS);
    return count;
  }
}
