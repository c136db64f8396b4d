// Looks at who has signed what of a center's log some time after it grew, in the background, and keeps the answer until
// the log grows again: page and metrics ask often, and nobody who sends ever waits for it.
import { type StationAuthorship, stationsAuthorship } from '../../shared/sync/vouch.ts';
import type { Database } from '../database/types.ts';
import type { Log } from '../types.ts';
import { type FeedAuthorship, noteContradiction, readAuthors, type Self, withLooks } from './authors.ts';
import { type Look, lastAct, readLooks } from './seen-authors.ts';

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
  /** Who has looked into a PC's work last. */
  lookAt(station: string): Promise<Look | null>;
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
  let looks = { act: -1, byStation: new Map<string, Look>() };
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
      const { end, act } = await standing(center);
      if (one.end !== end) lookSoon(center);
      return await shown(center, one.feeds, act);
    },
    lookAt: async (station) => (await looksOf(await lastAct(db))).get(station) ?? null,
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

  /** Where the center's log ends, and the list of acts: what is known of both may be of before. */
  async function standing(center: number): Promise<{ end: number; act: number }> {
    const [row] = await db.query<{ last_no: number; act: number }>(
      'select last_no, (select coalesce(max(id), 0) from audit)::int8 as act from center where number = $1',
      [center],
    );
    return { end: row?.last_no ?? 0, act: row?.act ?? 0 };
  }

  async function of(center: number): Promise<readonly StationAuthorship[]> {
    const { end, act } = await standing(center);
    let one = known.get(center);
    if (one?.end !== end) {
      one = { end, feeds: await readAuthors(db, center, self) };
      known.set(center, one);
    }
    const authors = await shown(center, one.feeds, act);
    for (const author of authors) await tell(center, author);
    return authors;
  }

  async function shown(
    center: number,
    feeds: readonly FeedAuthorship[],
    act: number,
  ): Promise<StationAuthorship[]> {
    return stationsAuthorship(await withLooks(db, center, feeds, await looksOf(act)), now());
  }

  /** Read anew when anybody has done anything since: another process may have written one. */
  async function looksOf(act: number): Promise<ReadonlyMap<string, Look>> {
    if (act !== looks.act) looks = { act, byStation: await readLooks(db) };
    return looks.byStation;
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
    const { station, concern, count: changes, contradicted, isSeen } = author;
    if (concern === null || isSeen || told.has(`${station} ${concern}`)) return;
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
