// What lies on a simulated disk: the log of one place with everything a real store keeps durably. All functions are
// one transaction each; nothing here waits, fails or crashes, that is the disk's business (disk.ts).
import { hash as digestOf } from 'node:crypto';
import { unite } from '../../../electron/store/carried.ts';
import type { Change, Lane } from '../../../shared/model/change.ts';
import type { KindRegistry } from '../../../shared/model/registry.ts';
import {
  CodecError,
  type Draft,
  decodeChange,
  decodeForeign,
  encodeChange,
} from '../../../shared/sync/codec.ts';
import {
  CARRY,
  carriedIn,
  carrierOf,
  carriesTruly,
  judge,
  nextIncarnation,
  stepsAtOpening,
} from '../../../shared/sync/forks.ts';
import {
  type FeedName,
  feedKey,
  type Head,
  type Limit,
  type Refused,
  type Run,
  type Slice,
  type Taken,
} from '../../../shared/sync/port.ts';
import {
  HLC_ZERO,
  type Hlc,
  hlcCounter,
  hlcMs,
  laterHlc,
  makeHlc,
  nextHlc,
} from '../../../shared/time/hlc.ts';
import { newProgram } from './record.ts';

export const NO_HASH = '0'.repeat(64);
const TOLERANCE_MS = 5 * 60_000;

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

interface Feed {
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

const sound = new Map<string, boolean>();
/** As its kind says; else it is parked for good. */
function isSound(change: Change): boolean {
  const known = sound.get(change.hash);
  if (known !== undefined) return known;
  const kind = newProgram.find(change.kind, change.v);
  const answer =
    kind !== undefined &&
    kind.subject === change.subject.type &&
    kind.lane === change.lane &&
    kind.body.safeParse(change.body).success;
  sound.set(change.hash, answer);
  return answer;
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

// --- writing ---

/** What the station itself adds: a user's change, stamped and chained. */
export function append(
  log: Log,
  wall: number,
  draft: Pick<Draft, 'lane' | 'kind' | 'v' | 'subject' | 'refs' | 'body' | 'author'>,
  /** Known bug: stamps follow the PC's clock even when it falls back. */
  behind = false,
): Entry {
  const feed: FeedName = { station: log.station, incarnation: log.incarnation, lane: draft.lane };
  const head = headOf(log, feed);
  const hlc = nextHlc(behind ? HLC_ZERO : laterHlc(log.clock, inReach(log, wall)), wall);
  log.clock = hlc;
  const full: Draft = {
    ...feed,
    ...draft,
    seq: head.seq + 1,
    prev: head.hash,
    hlc,
    wall: Math.floor(wall),
    session: null,
    app: 'sim',
    patient: null,
  };
  return put(
    log,
    feed,
    encodeChange(full, newProgram.find(full.kind, full.v) ?? carrierKind(full.kind)),
    log.station,
  );
}

/** What came in while the clock was far behind was too far ahead to follow; not any more once it is set right. */
function inReach(log: Log, wall: number): Hlc {
  const bound = Math.max(0, wall) + TOLERANCE_MS;
  let latest: Hlc = HLC_ZERO;
  for (const lane of log.lanes)
    for (const { shown } of lane) if (hlcMs(shown.hlc) <= bound) latest = laterHlc(latest, shown.hlc);
  return latest;
}

/** `lost`: known bug: the tail of a fork is thrown away instead of carried on. */
export function displace(log: Log, feed: FeedName, fromSeq: number, wall: number, lost = false): number {
  const own = feed.station === log.station && feed.incarnation === log.incarnation;
  const entries = log.feeds.get(feedKey(feed))?.entries ?? [];
  const last = entries.length;
  const tail = entries.slice(Math.max(0, fromSeq - 1));
  if (tail.length === 0) return 0;
  log.sum ^= shareOf(log, feed, last) ^ shareOf(log, feed, fromSeq - 1);
  log.ever.sums.add(log.sum);
  entries.length = fromSeq - 1;
  if (own) newIncarnation(log, log.incarnation);
  const gone = new Set(tail);
  const rows = log.lanes[feed.lane];
  const stay = rows.filter((r) => !gone.has(r));
  rows.length = 0;
  rows.push(...stay);
  for (const heads of [...log.held.values(), log.atProvince]) {
    const head = heads.get(feedKey(feed));
    if (head && head.seq >= fromSeq) heads.delete(feedKey(feed));
  }
  for (const e of tail) {
    setAside(log, { feed, seq: e.seq, hash: e.hash, stored: e.stored, reason: 'displaced' });
    if (lost || rows.some((r) => r.shownHash === e.shownHash)) continue;
    const to: FeedName = { station: log.station, incarnation: log.incarnation, lane: feed.lane };
    const head = headOf(log, to);
    log.clock = nextHlc(log.clock, wall);
    const draft = carrierOf(e.shown, entryBytes(e), {
      station: to.station,
      incarnation: to.incarnation,
      seq: head.seq + 1,
      prev: head.hash,
      hlc: log.clock,
      wall: Math.floor(wall),
      app: 'sim',
    });
    put(log, to, encodeChange(draft, CARRY), log.station);
  }
  return tail.length;
}

/** Inner form of a carrier, else the form itself. */
/** Null: carries nothing, or not truly. */
function innerOf(outer: Change): Change | null {
  const inner = carriedIn(outer);
  if (!inner) return null;
  try {
    const change = decoded(inner, digestOf('sha256', inner), true);
    return carriesTruly(outer, change) ? { ...change, carried: true } : null;
  } catch (error) {
    if (error instanceof CodecError) return null;
    throw error;
  }
}

const entryBytes = (e: Entry): Uint8Array => {
  const outer = decoded(e.stored, e.hash, false);
  return carriedIn(outer) ?? e.stored;
};

export function newIncarnation(log: Log, shown: number): number {
  const known = [...log.feeds.values()]
    .filter((f) => f.name.station === log.station)
    .map((f) => f.name.incarnation);
  log.incarnation = nextIncarnation(log.incarnation, [shown, ...known]);
  return log.incarnation;
}

/** Lets what a revoked station delivered into the log, up to a number or all of it. */
export function release(log: Log, feed: FeedName, upTo = Number.MAX_SAFE_INTEGER): void {
  for (const e of log.feeds.get(feedKey(feed))?.entries ?? []) {
    if (!e.sealed || e.seq > upTo) continue;
    log.end += 1;
    const open: Entry = { ...e, commit: log.end, sealed: false };
    log.feeds.get(feedKey(feed))?.entries.splice(e.seq - 1, 1, open);
    log.lanes[feed.lane].push(open);
    moved(log, feed, open.seq);
  }
}

/** What a revoked station delivered keeps no number from the center's own log: a person will find it set aside. */
function unsealOther(log: Log, feed: FeedName, seq: number, hash: string): void {
  const entries = log.feeds.get(feedKey(feed))?.entries ?? [];
  const there = entries[seq - 1];
  if (!there?.sealed || there.hash === hash) return;
  for (const e of entries.splice(seq - 1))
    setAside(log, { feed, seq: e.seq, hash: e.hash, stored: e.stored, reason: 'sealed' });
}

/** `seal`: from a revoked station. */
export function take(log: Log, runs: readonly Run[], via: string, wall: number, seal = false): Taken {
  const refused: Refused[] = [];
  let accepted = 0;
  let duplicates = 0;
  let ahead = 0;
  for (const run of runs) {
    for (const [i, stored] of run.stored.entries()) {
      const name = { ...run.feed, seq: run.firstSeq + i };
      const hash = digestOf('sha256', stored);
      let change: Change;
      try {
        change = decoded(stored, hash, true);
      } catch (error) {
        if (!(error instanceof CodecError)) throw error;
        refused.push({ ...name, reason: 'unreadable', detail: error.message });
        continue;
      }
      if (
        change.station !== name.station ||
        change.incarnation !== name.incarnation ||
        change.lane !== name.lane ||
        change.seq !== name.seq
      ) {
        refused.push({ ...name, reason: 'unreadable', detail: 'another name than its run says' });
        continue;
      }
      if (!seal) unsealOther(log, run.feed, name.seq, hash);
      const verdict = judge(change, headOf(log, run.feed), (seq) => hashAt(log, run.feed, seq));
      if (verdict.verdict === 'duplicate') {
        duplicates += 1;
        if (!seal) release(log, run.feed, name.seq);
      } else if (verdict.verdict === 'refused') {
        const { verdict: _, ...why } = verdict;
        refused.push({ ...name, ...why });
        if (why.reason !== 'gap')
          setAside(log, { feed: run.feed, seq: name.seq, hash, stored, reason: why.reason });
      } else {
        accepted += 1;
        if (hlcMs(change.hlc) - wall > TOLERANCE_MS) ahead += 1;
        else log.clock = laterHlc(log.clock, change.hlc);
        if (change.station === log.station && change.incarnation === log.incarnation)
          newIncarnation(log, log.incarnation);
        if (!seal) release(log, run.feed);
        put(log, run.feed, stored, via, seal);
      }
    }
  }
  const named = new Map(runs.map((r) => [feedKey(r.feed), r.feed]));
  return {
    accepted,
    duplicates,
    parked: 0,
    ahead,
    refused,
    heads: [...named.values()].map((f) => headOf(log, f, seal)),
  };
}

function put(log: Log, feed: FeedName, stored: Uint8Array, via: string, sealed = false): Entry {
  const hash = digestOf('sha256', stored);
  const outer = decoded(stored, hash, false);
  const shown = innerOf(outer) ?? outer;
  log.end += 1;
  const entry: Entry = {
    commit: log.end,
    feed,
    seq: outer.seq,
    stored,
    hash,
    shown,
    shownHash: shown.hash,
    via,
    sealed,
  };
  const key = feedKey(feed);
  const known = log.feeds.get(key);
  if (known) known.entries.push(entry);
  else
    log.feeds.set(key, {
      name: { station: feed.station, incarnation: feed.incarnation, lane: feed.lane },
      entries: [entry],
    });
  log.ever.hashes.add(hash);
  if (!sealed) {
    log.lanes[feed.lane].push(entry);
    moved(log, feed, entry.seq);
  }
  return entry;
}

/** Takes a head's move by one, up to `seq`, into the sum. */
function moved(log: Log, feed: FeedName, seq: number): void {
  log.sum ^= shareOf(log, feed, seq - 1) ^ shareOf(log, feed, seq);
  log.ever.sums.add(log.sum);
}
const shareOf = (log: Log, feed: FeedName, seq: number): number =>
  seq === 0 ? 0 : Number.parseInt((hashAt(log, feed, seq) ?? NO_HASH).slice(0, 8), 16) | 0;

const setAside = (log: Log, what: SetAside): void => {
  log.aside.set(`${feedKey(what.feed)}.${what.seq}.${what.hash}`, what);
};

const carrierKind = (kind: string) => (kind === CARRY.kind ? CARRY : undefined);

// --- every place of a history decodes the same bytes: once is enough, because it is a pure function of them ---

const trusted = new Map<string, Change>();
const proven = new Set<string>();

function decoded(stored: Uint8Array, hash: string, foreign: boolean): Change {
  const known = trusted.get(hash);
  if (known && (!foreign || proven.has(hash))) return known;
  const kindOf = (kind: string, v: number) => newProgram.find(kind, v) ?? carrierKind(kind);
  const change = foreign ? decodeForeign(stored, hash, kindOf) : decodeChange(stored, hash, kindOf);
  trusted.set(hash, change);
  if (foreign) proven.add(hash);
  return change;
}

/** Between histories. */
export function forgetDecoded(): void {
  trusted.clear();
  proven.clear();
  sound.clear();
}

/** A wicked store puts a change of its own making into somebody else's feed. */
export function forge(
  log: Log,
  feed: FeedName,
  wall: number,
  draft: Pick<Draft, 'kind' | 'v' | 'subject' | 'refs' | 'body'>,
): Entry {
  const head = headOf(log, feed);
  log.clock = nextHlc(log.clock, wall);
  const full: Draft = {
    ...feed,
    ...draft,
    seq: head.seq + 1,
    prev: head.hash,
    hlc: log.clock,
    wall,
    author: null,
    session: null,
    app: 'sim',
    patient: null,
  };
  return put(log, feed, encodeChange(full, newProgram.find(full.kind, full.v)), log.station);
}

/** First number whose bytes are not what the chain says, by feed; null when all is well. */
export function chainFault(log: Log): string | null {
  for (const [key, feed] of log.feeds) {
    let before = NO_HASH;
    for (const [i, e] of feed.entries.entries()) {
      const change = decoded(e.stored, e.hash, false);
      if (digestOf('sha256', e.stored) !== e.hash || change.prev !== before || change.seq !== i + 1)
        return `${key}:${i + 1}`;
      before = e.hash;
    }
  }
  return null;
}

/** As a store does when it is opened: copies of one store do not go on with the same stamps. */
export function skipStamps(log: Log, random: number): void {
  if (log.clock === HLC_ZERO) return;
  const counter = hlcCounter(log.clock) + stepsAtOpening(random);
  log.clock = makeHlc(hlcMs(log.clock) + Math.floor(counter / 65_536), counter % 65_536);
}

export function fillCounter(log: Log): void {
  log.clock = makeHlc(hlcMs(log.clock), 0xfffe);
}
