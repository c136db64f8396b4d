// Takes in changes other stations wrote. The bytes are checked, not believed: number, chain and canonical
// form; what does not join is refused or quarantined with a reason, and the rest of the batch goes on.
import type { Database } from 'better-sqlite3';
import type { Change } from '../../shared/model/change.ts';
import type { KindRegistry } from '../../shared/model/registry.ts';
import { CodecError, decodeForeign } from '../../shared/sync/codec.ts';
import { judge } from '../../shared/sync/forks.ts';
import {
  type FeedName,
  feedKey,
  type Head,
  type Refused,
  type Run,
  type Taken,
} from '../../shared/sync/port.ts';
import { HLC_ZERO, laterHlc } from '../../shared/time/hlc.ts';
import { shownBy } from './carried.ts';
import type { Clock } from './clock.ts';
import { sha256Hex } from './crypto.ts';
import { type ChangeLog, NO_HASH } from './log.ts';
import type { Parking } from './parking.ts';
import type { IngestReport, Refusal } from './types.ts';

export interface IngestParts {
  readonly sql: Database;
  readonly registry: KindRegistry;
  readonly log: ChangeLog;
  readonly clock: Clock;
  readonly parking: Parking;
  now(): number;
  /** A change of a feed this store writes itself, beyond its head: we are a restored copy. */
  ownFeedGrew(): void;
  isOwn(station: string, incarnation: number): boolean;
  show(change: Change): void;
}

/** Both inside a transaction, with projections deferred. */
export interface Ingest {
  /** Runs of feeds, as a session brings them. `via`: station that brought them. */
  runs(runs: readonly Run[], via: string | null): Taken;
  /** Stored forms of any feeds, each feed in order of its numbers. */
  loose(batch: readonly Uint8Array[]): IngestReport;
}

type Outcome =
  | { readonly kind: 'accepted'; readonly parked: boolean; readonly ahead: boolean }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'refused'; readonly why: Refused };

export function ingestOf(parts: IngestParts): Ingest {
  const { registry, log, clock, parking } = parts;
  const quarantine = parts.sql.prepare(
    `insert into quarantine (feed, seq, hash, kept_hash, reason, at, stored) values (?, ?, ?, ?, ?, ?, ?)
     on conflict (feed, seq, hash) do nothing`,
  );

  let latest = HLC_ZERO;

  /** `feed`: what is held of it, read before; moved on when the change joins. */
  const takeOne = (
    feed: OpenFeed,
    seq: number,
    bytes: Uint8Array,
    hash: string,
    known: Change | null,
    via: string | null,
  ): Outcome => {
    const refuse = (why: Omit<Refused, keyof FeedName | 'seq'>): Outcome => ({
      kind: 'refused',
      why: { station: feed.station, incarnation: feed.incarnation, lane: feed.lane, seq, ...why },
    });
    if (seq <= feed.seq && feed.id !== null && log.hashAt(feed.id, seq) === hash)
      return { kind: 'duplicate' };
    let change: Change;
    try {
      change = known ?? decodeForeign(bytes, hash, registry.find);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      return refuse({ reason: 'unreadable', detail: error.message });
    }
    if (feedKey(change) !== feedKey(feed) || change.seq !== seq || seq < 1)
      return refuse({ reason: 'unreadable', detail: 'belongs to another place' });
    const verdict = judge(change, { seq: feed.seq, hash: feed.head }, (at) =>
      feed.id === null ? null : log.hashAt(feed.id, at),
    );
    if (verdict.verdict === 'duplicate') return { kind: 'duplicate' };
    if (verdict.verdict === 'refused') {
      const { reason, expected, kept } = verdict;
      if (reason !== 'gap') {
        const keptHash = Buffer.from(kept ?? feed.head, 'hex');
        const at = Math.floor(parts.now());
        quarantine.run(idOf(feed), seq, Buffer.from(hash, 'hex'), keptHash, reason, at, bytes);
      }
      return refuse({
        reason,
        ...(expected !== undefined && { expected }),
        ...(kept !== undefined && { kept }),
      });
    }
    if (parts.isOwn(change.station, change.incarnation)) parts.ownFeedGrew();
    const aheadMs = clock.aheadOf(change.hlc);
    if (aheadMs === null) latest = laterHlc(latest, change.hlc);
    const shown = shownBy(change, registry.find);
    const arrival = log.insert({ id: idOf(feed) }, change, bytes, { aheadMs, via, shown: shown ?? change });
    feed.seq = change.seq;
    feed.head = change.hash;
    feed.isMoved = true;
    const logged = { arrival, change: shown, subject: change.subject };
    const admitted = parking.admit(logged, { isNew: true });
    for (const one of admitted) parts.show(one);
    return { kind: 'accepted', parked: admitted.length === 0, ahead: aheadMs !== null };
  };
  const open = (name: FeedName): OpenFeed => {
    const held = log.feed(name);
    return { ...nameOf(name), id: null, seq: 0, head: NO_HASH, ...held, isMoved: false };
  };
  /** Heads and the clock are written once for all that came. */
  const settle = (feeds: ReadonlyMap<string, OpenFeed>): void => {
    for (const feed of feeds.values()) if (feed.isMoved) log.setHead(idOf(feed), feed.seq, feed.head);
    clock.follow(latest);
    latest = HLC_ZERO;
  };
  /** A feed gets its row when there is something to put into it. */
  const idOf = (feed: OpenFeed): number => {
    feed.id ??= log.feedOrNew(feed).id;
    return feed.id;
  };

  return {
    runs(runs, via) {
      const feeds = new Map<string, OpenFeed>();
      const tally = newTally();
      for (const run of runs) {
        const feed = feeds.get(feedKey(run.feed)) ?? open(run.feed);
        feeds.set(feedKey(run.feed), feed);
        for (const [i, bytes] of run.stored.entries()) {
          const outcome = takeOne(feed, run.firstSeq + i, bytes, sha256Hex(bytes), null, via);
          count(tally, outcome);
          // what stands behind cannot join either, and saying so for each of thousands helps nobody
          if (outcome.kind !== 'refused') continue;
          tally.refused.push(outcome.why);
          if (outcome.why.reason === 'gap' || outcome.why.reason === 'unreadable') break;
        }
      }
      settle(feeds);
      const heads = [...feeds.values()].map((f): Head => ({ ...nameOf(f), seq: f.seq, hash: f.head }));
      return { ...tally, heads };
    },
    loose(batch) {
      const feeds = new Map<string, OpenFeed>();
      const tally = newTally();
      const refused: Refusal[] = [];
      for (const bytes of batch) {
        const hash = sha256Hex(bytes);
        let change: Change;
        try {
          change = decodeForeign(bytes, hash, registry.find);
        } catch (error) {
          if (!(error instanceof CodecError)) throw error;
          refused.push({ reason: 'unreadable', detail: error.message });
          continue;
        }
        if (change.seq < 1) {
          refused.push({ reason: 'unreadable', detail: 'numbers begin at 1' });
          continue;
        }
        const feed = feeds.get(feedKey(change)) ?? open(change);
        feeds.set(feedKey(change), feed);
        const outcome = takeOne(feed, change.seq, bytes, hash, change, null);
        count(tally, outcome);
        if (outcome.kind === 'refused') {
          const { kept: _, ...why } = outcome.why;
          refused.push(why);
        }
      }
      settle(feeds);
      const { accepted, duplicates, parked, ahead } = tally;
      return { accepted, duplicates, parked, ahead, refused };
    },
  };
}

/** What is held of a feed while changes are added to it. */
interface OpenFeed extends FeedName {
  id: number | null;
  seq: number;
  head: string;
  isMoved: boolean;
}

interface Tally {
  accepted: number;
  duplicates: number;
  parked: number;
  ahead: number;
  refused: Refused[];
}
const newTally = (): Tally => ({ accepted: 0, duplicates: 0, parked: 0, ahead: 0, refused: [] });

function count(tally: Tally, outcome: Outcome): void {
  if (outcome.kind === 'duplicate') tally.duplicates += 1;
  if (outcome.kind !== 'accepted') return;
  tally.accepted += 1;
  if (outcome.parked) tally.parked += 1;
  if (outcome.ahead) tally.ahead += 1;
}

const nameOf = ({ station, incarnation, lane }: FeedName): FeedName => ({ station, incarnation, lane });
