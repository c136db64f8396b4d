// Sets the end of a feed aside because another branch of it stays (shared/sync/forks.ts): every change goes into
// quarantine and is carried on in this store's own feed, so that nothing anybody saved disappears from view.
import type { Database } from 'better-sqlite3';
import type { Change, Lane, Subject } from '../../shared/model/change.ts';
import type { KindRegistry } from '../../shared/model/registry.ts';
import { CodecError, encodeChange } from '../../shared/sync/codec.ts';
import { CARRY, carrierOf } from '../../shared/sync/forks.ts';
import type { FeedName } from '../../shared/sync/port.ts';
import { shownBy } from './carried.ts';
import type { Clock } from './clock.ts';
import { sha256Hex } from './crypto.ts';
import type { Identity } from './identity.ts';
import { type ChangeLog, NO_HASH, type Written } from './log.ts';
import type { Parking } from './parking.ts';
import type { StoreLog } from './types.ts';

export interface DisplaceParts {
  readonly sql: Database;
  readonly registry: KindRegistry;
  readonly log: ChangeLog;
  readonly clock: Clock;
  readonly parking: Parking;
  readonly identity: Identity;
  /** Program version */
  readonly app: string;
  now(): number;
  show(change: Change): void;
  touch(subject: Subject): void;
  readonly report: StoreLog;
}

export interface Displaced {
  readonly displaced: number;
  readonly lane: Lane;
}

/** Inside a transaction, with projections deferred. */
export function displaceOf(parts: DisplaceParts): (feed: FeedName, fromSeq: number) => Displaced {
  const { registry, log, clock, parking, identity } = parts;
  const quarantine = parts.sql.prepare(
    `insert into quarantine (feed, seq, hash, kept_hash, reason, at, stored) values (?, ?, ?, ?, 'displaced', ?, ?)
     on conflict (feed, seq, hash) do update set reason = excluded.reason, kept_hash = excluded.kept_hash, at = excluded.at`,
  );

  const carryOn = ({ change, stored }: Written): void => {
    const hash = (shownBy(change, registry.find) ?? change).hash;
    if (log.shows(change.subject, hash)) return;
    const name = { ...identity.name(), lane: change.lane };
    const feed = log.feedOrNew(name);
    const place = { ...name, seq: feed.seq + 1, prev: feed.head, app: parts.app };
    let bytes: Uint8Array;
    const draft = carrierOf(change, stored, { ...place, ...clock.tick() });
    try {
      bytes = encodeChange(draft, CARRY);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      // only one that fills its maximum size; it stays in quarantine
      parts.report('error', 'a displaced change is too long to be carried on', { bytes: stored.length });
      return;
    }
    const carrier: Change = { ...draft, hash: sha256Hex(bytes) };
    const shown = shownBy(carrier, registry.find);
    const arrival = log.insert(feed, carrier, bytes, { shown: shown ?? carrier });
    log.setHead(feed.id, carrier.seq, carrier.hash);
    const logged = { arrival, change: shown, subject: carrier.subject };
    for (const one of parking.admit(logged, { isNew: true })) parts.show(one);
  };

  return (name, fromSeq) => {
    const feed = log.feed(name);
    const from = Math.max(1, fromSeq);
    if (!feed || feed.seq < from) return { displaced: 0, lane: name.lane };
    const tail = log.writtenFrom(feed.id, from);
    const kept = from === 1 ? NO_HASH : (log.hashAt(feed.id, from - 1) ?? NO_HASH);
    const own = identity.name();
    if (own.station === name.station && own.incarnation === name.incarnation) identity.startIncarnation();
    const [lost] = tail;
    if (lost && own.station === name.station)
      identity.lost({ ...name, seq: lost.change.seq, hash: lost.change.hash });
    const at = Math.floor(parts.now());
    for (const { arrival, change, stored } of tail) {
      const [hash, keptHash] = [Buffer.from(change.hash, 'hex'), Buffer.from(kept, 'hex')];
      quarantine.run(feed.id, change.seq, hash, keptHash, at, stored);
      log.remove(arrival);
      parts.touch(change.subject);
    }
    log.setHead(feed.id, from - 1, kept);
    for (const one of tail) carryOn(one);
    parts.report('warn', 'a branch of a feed was set aside', { changes: tail.length, lane: name.lane });
    return { displaced: tail.length, lane: name.lane };
  };
}
