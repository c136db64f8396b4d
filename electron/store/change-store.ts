// The store as sync sees it. Taking in is cut into slices, because the person typing shares this thread with it.
import type { Database } from 'better-sqlite3';
import type { Failure, Result } from '../../shared/api/contract.ts';
import type { ErrorCode } from '../../shared/api/errors.ts';
import type { ForkStore } from '../../shared/sync/forks.ts';
import {
  type ChangeStore,
  type FeedName,
  feedKey,
  type Head,
  type Run,
  type Taken,
} from '../../shared/sync/port.ts';
import { LONG_WAL_PAGES } from './connection.ts';
import { failureOf } from './faults.ts';
import { flushingOf, walFlush } from './flushing.ts';
import { logReadingOf } from './log-reading.ts';
import type { OpenStore } from './types.ts';

export interface StationChangeStore extends ChangeStore, ForkStore {
  /**
   * `also` runs once, in the transaction of the last slice, with what all of them took: to keep a cursor.
   * Rejects with StoreFailure; slices that were committed before it stay.
   */
  take(runs: readonly Run[], via: string, also?: (sql: Database, taken: Taken) => void): Promise<Taken>;
}

/** disk_full, store_damaged, store_read_only, store_in_use, or store_closed when it was closed between two slices. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
  readonly code: ErrorCode;
  constructor(failure: Pick<Failure, 'code'>) {
    super(`the store failed: ${failure.code}`);
    this.code = failure.code;
  }
}

/**
 * Aim of one slice, a quarter of what a save may wait: one slow subject makes a slice of twice the aim, and a slow moment
 * of the disk or of the PC comes on top.
 */
const SLICE_MS = 12;
/**
 * Aim while nobody works here, as on a new PC that takes in a whole center: each commit writes, encrypts and signs
 * every page it touched, and a slice ten times as long touches only three times as many.
 */
const QUIET_SLICE_MS = 250;
/** Of a program that has just been started, which is five times as slow. */
const FIRST_SLICE = 15;
const MAX_SLICE = 4_000;
/** 2 MB of WAL: what a save may find unflushed when it flushes its own. */
const MOST_UNFLUSHED_PAGES = 500;
const LOOK_EVERY_MS = 20;
/**
 * Somebody may be reading the whole store for minutes, as for a backup, and the WAL cannot begin anew: then waiting is in
 * vain, and is done again only when the WAL has grown by 12 MB more, and before each slice from 190 MB on.
 */
const MOST_WAIT_MS = 1_000;
const MORE_WAL_PAGES = 3_000;
const MOST_WAL_PAGES = 4 * LONG_WAL_PAGES;

/**
 * `isQuiet`: nobody is logged in, so nobody can wait for a save; asked before each slice. `flush` brings to the disk
 * what was committed.
 */
export function changeStoreOf(
  store: OpenStore,
  isQuiet: () => boolean = () => false,
  flush: () => Promise<void> = walFlush(store.path),
): StationChangeStore {
  const reading = logReadingOf(store.sql);
  // learned from slice to slice; an old PC is ten times slower than a new one
  const busy: Pace = { aimMs: SLICE_MS, changes: FIRST_SLICE };
  const quiet: Pace = { aimMs: QUIET_SLICE_MS, changes: FIRST_SLICE };
  const flushing = flushingOf(flush, () => writeBack(store.sql));
  /** Pages of the WAL when it was last flushed. */
  let flushedPages = 0;

  /** Reads of a closed store reject instead of throwing something nobody expects. */
  const read = async <T>(work: () => T): Promise<T> => {
    if (!store.sql.open) throw new StoreFailure({ code: 'store_closed' });
    return work();
  };
  const done = <T>(result: Result<T>): T => {
    if (!result.ok) throw new StoreFailure(result.error);
    return result.value;
  };

  const certain = (): Promise<void> =>
    flushing.flushed().catch((error: unknown) => {
      const failure = failureOf(error);
      throw failure ? new StoreFailure(failure) : error;
    });
  /** A save that finds the WAL too long writes it back itself, and waits for it. */
  let tooLong = LONG_WAL_PAGES;
  const shortWal = async (): Promise<void> => {
    let length = 0;
    for (let waited = 0; waited < MOST_WAIT_MS && store.sql.open; waited += LOOK_EVERY_MS) {
      const { log, checkpointed } = walOf(store.sql);
      if (log < LONG_WAL_PAGES) tooLong = LONG_WAL_PAGES;
      if (log < tooLong || checkpointed >= log) return;
      length = log;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    tooLong = Math.min(length + MORE_WAL_PAGES, MOST_WAL_PAGES);
  };

  return {
    logId: () => read(() => store.logId),
    async heads() {
      const heads = await read(() => reading.heads());
      // a peer takes what is named to it for answered, also when the answer itself never came
      await certain();
      return heads;
    },
    hashesAt: (feed, seqs) => read(() => reading.hashesAt(feed, seqs)),
    stored: (feed, seq) => read(() => reading.stored(feed, seq)),
    since: (lane, cursor, limit, notFor) => read(() => reading.since(lane, cursor, limit, notFor)),
    beyond: (lane, positions, limit) => read(() => reading.beyond(lane, positions, limit)),
    end: () => read(() => reading.end()),
    newIncarnation: (shown) => read(() => done(store.newIncarnation(shown))),
    displace: (feed, fromSeq) => read(() => done(store.displace(feed, fromSeq))),

    async take(runs, via, also) {
      const slices = slicer(runs);
      let total: Taken = { accepted: 0, duplicates: 0, parked: 0, ahead: 0, refused: [], heads: [] };
      let before = Promise.resolve();
      // unpacking what came has taken its time in this turn of the loop
      await new Promise((resolve) => setImmediate(resolve));
      for (;;) {
        const pace = isQuiet() ? quiet : busy;
        const slice = slices.next(pace.changes);
        const isLast = slices.isDone();
        const started = performance.now();
        const taken = await read(() =>
          done(
            store.take(slice, {
              via,
              durable: false,
              also(sql, part) {
                if (isLast) also?.(sql, together(total, part));
              },
            }),
          ),
        );
        flushing.committed();
        pace.changes = nextSize(pace, countOf(slice), performance.now() - started);
        total = together(total, taken);
        if (taken.refused.some((r) => r.reason === 'gap' || r.reason === 'unreadable')) slices.skipRest();
        if (isLast) {
          // a disk that has failed once says yes the next time, whatever became of the bytes
          await before;
          await certain();
          return total;
        }
        const { log } = walOf(store.sql);
        if (log < flushedPages || log - flushedPages > MOST_UNFLUSHED_PAGES) {
          flushedPages = log;
          // what follows is made while this goes to the disk, but runs no further ahead of it
          await before;
          before = certain();
          // heard when it is waited for
          before.catch(() => {});
        }
        await new Promise((resolve) => setImmediate(resolve));
        await shortWal();
      }
    },
  };
}

/** All of the WAL into the database file, which is flushed; its pages are read from memory. Throws when a reader is in the way. */
function writeBack(sql: Database): void {
  const [outcome] = sql.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
  if (outcome?.busy !== 0) throw new Error('the write-ahead log could not be written back');
}

/** In pages: how long the WAL is, and how much of it has been written back. Reads what is known already. */
function walOf(sql: Database): { readonly log: number; readonly checkpointed: number } {
  const [wal] = sql.pragma('wal_checkpoint(NOOP)') as { log: number; checkpointed: number }[];
  return wal ?? { log: 0, checkpointed: 0 };
}

interface Pace {
  readonly aimMs: number;
  changes: number;
}

/** Grows slowly and shrinks at once: one slow subject must not be followed by a second one as large. */
function nextSize({ aimMs, changes }: Pace, taken: number, ms: number): number {
  const wanted = (taken * aimMs) / Math.max(ms, 0.1);
  // a short last slice says little
  const most = ms > aimMs ? changes : Math.max(changes, taken * 1.5);
  return Math.max(1, Math.round(Math.min(wanted, most, MAX_SLICE)));
}

interface Slices {
  next(changes: number): Run[];
  /** Of the run that was cut: what is left of it cannot join any more. */
  skipRest(): void;
  isDone(): boolean;
}

function slicer(runs: readonly Run[]): Slices {
  let run = 0;
  let from = 0;
  return {
    isDone: () => run >= runs.length,
    skipRest() {
      if (from === 0) return;
      run += 1;
      from = 0;
    },
    next(changes) {
      const slice: Run[] = [];
      for (let room = changes; room > 0; ) {
        const whole = runs[run];
        if (!whole) break;
        const stored = whole.stored.slice(from, from + room);
        slice.push({ feed: whole.feed, firstSeq: whole.firstSeq + from, stored, before: null });
        room -= stored.length;
        from += stored.length;
        if (from < whole.stored.length) break;
        run += 1;
        from = 0;
      }
      return slice;
    },
  };
}

const countOf = (runs: readonly Run[]): number => runs.reduce((n, run) => n + run.stored.length, 0);

function together(a: Taken, b: Taken): Taken {
  const heads = new Map([...a.heads, ...b.heads].map((h): [string, Head] => [feedKey(h as FeedName), h]));
  return {
    accepted: a.accepted + b.accepted,
    duplicates: a.duplicates + b.duplicates,
    parked: a.parked + b.parked,
    ahead: a.ahead + b.ahead,
    refused: [...a.refused, ...b.refused],
    heads: [...heads.values()],
  };
}
