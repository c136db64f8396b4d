// What changes a simulated log: people's writes, what other places send, branches set aside. Each is one transaction.
import { hash as digestOf } from 'node:crypto';
import type { Change } from '../../../shared/model/change.ts';
import { CodecError, type Draft, encodeChange } from '../../../shared/sync/codec.ts';
import {
  CARRY,
  carriedIn,
  carrierOf,
  carriesTruly,
  judge,
  nextIncarnation,
  stepsAtOpening,
} from '../../../shared/sync/forks.ts';
import { type FeedName, feedKey, type Refused, type Run, type Taken } from '../../../shared/sync/port.ts';
import {
  HLC_ZERO,
  type Hlc,
  hlcCounter,
  hlcMs,
  laterHlc,
  makeHlc,
  nextHlc,
} from '../../../shared/time/hlc.ts';
import { decoded, kindOf } from './decoding.ts';
import { type Entry, hashAt, headOf, type Log, NO_HASH, type SetAside } from './memory-log.ts';

const TOLERANCE_MS = 5 * 60_000;

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
  return put(log, feed, encodeChange(full, kindOf(full.kind, full.v)), log.station);
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
  // peers pass over what this station wrote or brought before it was set back (electron/sync/book.ts)
  log.cursors.clear();
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

/** What was sealed stays so: when it is delivered once more, a person has it already. */
const setAside = (log: Log, what: SetAside): void => {
  const key = `${feedKey(what.feed)}.${what.seq}.${what.hash}`;
  if (log.aside.get(key)?.reason !== 'sealed') log.aside.set(key, what);
};

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
  return put(log, feed, encodeChange(full, kindOf(full.kind, full.v)), log.station);
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
