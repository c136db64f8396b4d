// What lies on a simulated disk: the log of one place with everything a real store keeps durably, and how it is read.
// Nothing here waits, fails or crashes: that is the business of place.ts.
import { unite } from '../../../electron/store/carried.ts';
import type { Change, Lane } from '../../../shared/model/change.ts';
import type { KindRegistry } from '../../../shared/model/registry.ts';
import {
  type FeedName,
  feedKey,
  type Head,
  type Limit,
  type Run,
  type Slice,
} from '../../../shared/sync/port.ts';
import { HLC_ZERO, type Hlc } from '../../../shared/time/hlc.ts';
import { isSound } from './decoding.ts';

export const NO_HASH = '0'.repeat(64);

export interface Entry {
  readonly commit: number;
  readonly feed: FeedName;
  readonly seq: number;
  readonly stored: Uint8Array;
  readonly hash: string;
  /** As it is shown: of a carrier what it carries. */
  readonly shown: Change;
  /** Hash of what is shown. */
  readonly shownHash: string;
  readonly via: string;
  /** Delivered by a revoked station: kept, passed on to nobody and not shown until a person releases it. */
  sealed: boolean;
}

export interface Feed {
  readonly name: FeedName;
  readonly entries: Entry[];
}

export interface SetAside {
  readonly feed: FeedName;
  readonly seq: number;
  readonly hash: string;
  readonly stored: Uint8Array;
  readonly reason: 'fork' | 'broken_chain' | 'displaced' | 'sealed';
}

export interface Log {
  station: string;
  incarnation: number;
  logId: string;
  clock: Hlc;
  end: number;
  readonly feeds: Map<string, Feed>;
  /** In order of commit. */
  readonly lanes: readonly [Entry[], Entry[], Entry[]];
  readonly aside: Map<string, SetAside>;
  /** Peer → feedKey → what it proved to hold. */
  readonly held: Map<string, Map<string, Head>>;
  /** What the province holds, as it or a hub said and own hashes confirmed. */
  readonly atProvince: Map<string, Head>;
  /** Sum of all heads that are passed on: equal for equal vectors, and cheap to keep. */
  sum: number;
  /** Every hash that ever was durable here, and every sum. */
  ever: { readonly hashes: Set<string>; readonly sums: Set<number> };
  /** Peer → where to go on, valid for one log of it. */
  readonly cursors: Map<string, { logId: string; at: [number, number, number] }>;
}

export const emptyLog = (station: string, logId: string): Log => ({
  station,
  incarnation: 1,
  logId,
  clock: HLC_ZERO,
  end: 0,
  feeds: new Map(),
  lanes: [[], [], []],
  aside: new Map(),
  held: new Map(),
  atProvince: new Map(),
  sum: 0,
  ever: { hashes: new Set(), sums: new Set([0]) },
  cursors: new Map(),
});

/** A backup, or the file copied to another PC. */
export const copyOf = (log: Log): Log => ({
  ...log,
  feeds: new Map([...log.feeds].map(([key, f]) => [key, { name: f.name, entries: [...f.entries] }])),
  lanes: [[...log.lanes[0]], [...log.lanes[1]], [...log.lanes[2]]],
  aside: new Map(log.aside),
  held: new Map([...log.held].map(([peer, heads]) => [peer, new Map(heads)])),
  atProvince: new Map(log.atProvince),
  cursors: new Map([...log.cursors].map(([peer, c]) => [peer, { logId: c.logId, at: [...c.at] }])),
});

// --- reading ---

/** `sealed`: what revoked stations delivered counts too. */
export const headOf = (log: Log, feed: FeedName, sealed = true): Head => {
  const entries = log.feeds.get(feedKey(feed))?.entries ?? [];
  const last = sealed ? entries.at(-1) : entries.findLast((e) => !e.sealed);
  return {
    station: feed.station,
    incarnation: feed.incarnation,
    lane: feed.lane,
    seq: last?.seq ?? 0,
    hash: last?.hash ?? NO_HASH,
  };
};

export const headsOf = (log: Log, sealed = false): Head[] =>
  [...log.feeds.values()].map((f) => headOf(log, f.name, sealed)).filter((head) => head.seq > 0);

export const entryAt = (log: Log, feed: FeedName, seq: number): Entry | undefined =>
  log.feeds.get(feedKey(feed))?.entries[seq - 1];

export const hashAt = (log: Log, feed: FeedName, seq: number): string | null =>
  entryAt(log, feed, seq)?.hash ?? null;

/** Changes that can be shown, each once, by subject: as the real store reads them. */
export function shownIn(log: Log, program: KindRegistry): Map<string, Change[]> {
  const bySubject = new Map<string, Change[]>();
  for (const lane of log.lanes)
    for (const { shown } of lane) {
      if (!program.find(shown.kind, shown.v) || !isSound(shown)) continue;
      const list = bySubject.get(shown.subject.id);
      if (list) list.push(shown);
      else bySubject.set(shown.subject.id, [shown]);
    }
  for (const [subject, changes] of bySubject) bySubject.set(subject, unite(changes));
  return bySubject;
}

export function since(log: Log, lane: Lane, cursor: number, limit: Limit, notFor: string | null): Slice {
  const rows = log.lanes[lane];
  let i = firstBehind(rows, cursor);
  const chosen: Entry[] = [];
  let bytes = 0;
  let looked = cursor;
  for (; i < rows.length; i++) {
    const row = rows[i];
    if (!row) break;
    if (row.feed.station !== notFor && row.via !== notFor) {
      if (chosen.length > 0 && (chosen.length >= limit.changes || bytes + row.stored.length > limit.bytes))
        break;
      chosen.push(row);
      bytes += row.stored.length;
    }
    looked = row.commit;
  }
  const more = i < rows.length;
  return { runs: runsOf(log, chosen), cursor: more ? looked : Math.max(cursor, log.end), more };
}

export function beyond(log: Log, lane: Lane, positions: ReadonlyMap<string, number>, limit: Limit): Slice {
  const chosen: Entry[] = [];
  let bytes = 0;
  let more = false;
  for (const row of log.lanes[lane]) {
    if (row.seq <= (positions.get(feedKey(row.feed)) ?? 0)) continue;
    if (chosen.length > 0 && (chosen.length >= limit.changes || bytes + row.stored.length > limit.bytes)) {
      more = true;
      break;
    }
    chosen.push(row);
    bytes += row.stored.length;
  }
  return { runs: runsOf(log, chosen), cursor: 0, more };
}

/** First row with a higher commit number. */
function firstBehind(rows: readonly Entry[], cursor: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.commit ?? 0) <= cursor) low = middle + 1;
    else high = middle;
  }
  return low;
}

function runsOf(log: Log, entries: readonly Entry[]): Run[] {
  const open = new Map<
    string,
    { feed: FeedName; firstSeq: number; stored: Uint8Array[]; before: Uint8Array | null }
  >();
  const runs: Run[] = [];
  for (const e of entries) {
    const key = feedKey(e.feed);
    const run = open.get(key);
    if (run && run.firstSeq + run.stored.length === e.seq) {
      run.stored.push(e.stored);
      continue;
    }
    const begun = {
      feed: e.feed,
      firstSeq: e.seq,
      stored: [e.stored],
      before: entryAt(log, e.feed, e.seq - 1)?.stored ?? null,
    };
    open.set(key, begun);
    runs.push(begun);
  }
  return runs;
}
