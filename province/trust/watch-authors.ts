// Looks at who has signed what of a center's log some time after it grew, in the background, and keeps the answer until
// the log grows again: page and metrics ask often, and nobody who sends ever waits for it.
import { type StationAuthorship, stationsAuthorship } from '../../shared/sync/vouch.ts';
import type { Database } from '../database/types.ts';
import type { Log } from '../types.ts';
import { type FeedAuthorship, noteContradiction, readAuthors, type Self } from './authors.ts';

/** What comes in within it is looked at in one go; a center that works all day is looked at once a minute. */
export const LOOK_AFTER_MS = 60_000;

export interface Authors {
  /** As the log stands now. */
  of(center: number): Promise<readonly StationAuthorship[]>;
  /**
   * As last looked at, which is at most LOOK_AFTER_MS behind: a list of hundreds of centers that all work would look at
   * every one of them each time.
   */
  latest(center: number): Promise<readonly StationAuthorship[]>;
  close(): Promise<void>;
}

export function watchAuthors(parts: {
  readonly db: Database;
  readonly self: Self;
  readonly log: Log;
  readonly afterMs?: number;
  now(): number;
  onGrew(listener: (center: number) => void): () => void;
}): Authors {
  const { db, self, log, now } = parts;
  const known = new Map<number, { readonly end: number; readonly feeds: readonly FeedAuthorship[] }>();
  const told = new Set<string>();
  const waiting = new Set<number>();
  let timer: NodeJS.Timeout | null = null;
  let working: Promise<void> = Promise.resolve();
  let closed = false;
  const stopHearing = parts.onGrew(lookSoon);

  return {
    of,
    async latest(center) {
      const one = known.get(center);
      if (!one) return of(center);
      // another process may have taken in what nobody here waits for
      if (one.end !== (await endOf(center))) lookSoon(center);
      return stationsAuthorship(one.feeds, now());
    },
    async close() {
      closed = true;
      stopHearing();
      if (timer) clearTimeout(timer);
      await working;
    },
  };

  function lookSoon(center: number): void {
    waiting.add(center);
    if (closed) return;
    timer ??= setTimeout(() => {
      timer = null;
      working = working.then(workOff);
    }, parts.afterMs ?? LOOK_AFTER_MS).unref();
  }

  async function endOf(center: number): Promise<number> {
    const [row] = await db.query<{ last_no: number }>('select last_no from center where number = $1', [
      center,
    ]);
    return row?.last_no ?? 0;
  }

  async function of(center: number): Promise<readonly StationAuthorship[]> {
    const end = await endOf(center);
    let one = known.get(center);
    if (one?.end !== end) {
      one = { end, feeds: await readAuthors(db, center, self) };
      known.set(center, one);
    }
    const authors = stationsAuthorship(one.feeds, now());
    for (const author of authors) await tell(center, author);
    return authors;
  }

  async function workOff(): Promise<void> {
    for (const center of [...waiting]) {
      waiting.delete(center);
      if (closed) return;
      try {
        await of(center);
      } catch (error) {
        log('warn', 'authors_not_read', { center, error: error instanceof Error ? error.name : 'unknown' });
      }
    }
  }

  async function tell(center: number, author: StationAuthorship): Promise<void> {
    const { station, concern, count: changes, contradicted } = author;
    if (concern === null || told.has(`${station} ${concern}`)) return;
    const from = contradicted && `${contradicted.incarnation}.${contradicted.lane}.${contradicted.seq}`;
    log(concern === 'contradicted' ? 'error' : 'warn', `author_${concern}`, {
      center,
      station,
      changes,
      ...(from && { from }),
    });
    if (concern === 'contradicted') await noteContradiction(db, { station, from: from ?? '', now: now() });
    // kept first: an act that could not be written down is tried again with the next look
    told.add(`${station} ${concern}`);
  }
}
