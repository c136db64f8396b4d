// Takes in changes other stations wrote. The bytes are checked, not believed: number, chain and canonical
// form; what does not join is refused or quarantined with a reason, and the rest of the batch goes on.
import type { Database } from 'better-sqlite3';
import type { Change } from '../../shared/model/change.ts';
import type { KindRegistry } from '../../shared/model/registry.ts';
import { CodecError, decodeForeign } from '../../shared/sync/codec.ts';
import type { Clock } from './clock.ts';
import { sha256Hex } from './crypto.ts';
import type { ChangeLog, Feed } from './log.ts';
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
  ownFeedGrew(feed: Feed): void;
  isOwn(station: string, incarnation: number): boolean;
  show(change: Change): void;
}

/** Inside a transaction. */
export function ingestChanges(parts: IngestParts, batch: readonly Uint8Array[]): IngestReport {
  const { registry, log, clock, parking } = parts;
  const quarantine = parts.sql.prepare(
    `insert into quarantine (feed, seq, hash, kept_hash, reason, at, stored) values (?, ?, ?, ?, ?, ?, ?)
     on conflict (feed, seq, hash) do nothing`,
  );
  const report = { accepted: 0, duplicates: 0, parked: 0, ahead: 0, refused: [] as Refusal[] };

  const setAside = (
    feed: Feed,
    change: Change,
    kept: string,
    bytes: Uint8Array,
    reason: 'fork' | 'broken_chain',
  ) => {
    quarantine.run(
      feed.id,
      change.seq,
      Buffer.from(change.hash, 'hex'),
      Buffer.from(kept, 'hex'),
      reason,
      Math.floor(parts.now()),
      bytes,
    );
    report.refused.push({ reason, ...nameOf(change) });
  };

  for (const bytes of batch) {
    let change: Change;
    try {
      change = decodeForeign(bytes, sha256Hex(bytes), registry.find);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      report.refused.push({ reason: 'unreadable', detail: error.message });
      continue;
    }
    if (change.seq < 1) {
      report.refused.push({ reason: 'unreadable', detail: 'numbers begin at 1' });
      continue;
    }
    const known = log.feed(change.station, change.incarnation, change.lane);
    const head = known?.seq ?? 0;
    if (change.seq > head + 1) {
      report.refused.push({ reason: 'gap', expected: head + 1, ...nameOf(change) });
      continue;
    }
    const feed = known ?? log.feedOrNew(change.station, change.incarnation, change.lane);
    if (change.seq <= head) {
      const kept = log.atNumber(feed.id, change.seq);
      if (kept?.hash === change.hash) report.duplicates += 1;
      else setAside(feed, change, kept?.hash ?? feed.head, bytes, 'fork');
      continue;
    }
    if (change.prev !== feed.head) {
      setAside(feed, change, feed.head, bytes, 'broken_chain');
      continue;
    }
    if (parts.isOwn(change.station, change.incarnation)) parts.ownFeedGrew(feed);
    const ahead = clock.see(change.hlc);
    if (ahead !== null) report.ahead += 1;
    const arrival = log.insert(feed, change, bytes, ahead);
    report.accepted += 1;
    const admitted = parking.admit({ arrival, change });
    if (admitted.length === 0) report.parked += 1;
    for (const shown of admitted) parts.show(shown);
  }
  return report;
}

const nameOf = (c: Change) => ({
  station: c.station,
  incarnation: c.incarnation,
  lane: c.lane,
  seq: c.seq,
});
