// What a place does when two branches of one feed meet: a copy of a store went on writing under numbers its
// original used too. Pure rules, shared by every store, because two places that judge differently never agree.
import type { Change, Lane } from '../model/change.ts';
import type { Hlc } from '../time/hlc.ts';
import type { Draft } from './codec.ts';
import type { FeedName, Refused } from './port.ts';

// --- one change against what is held of its feed ---

export type Verdict =
  | { readonly verdict: 'next' }
  | { readonly verdict: 'duplicate' }
  | {
      readonly verdict: 'refused';
      readonly reason: Exclude<Refused['reason'], 'unreadable'>;
      readonly expected?: number;
      readonly kept?: string;
    };

/**
 * Whether a change joins its feed. `head`: number 0 and 64 zeros when nothing is held of it. `hashAt` is only
 * asked for numbers up to the head's.
 */
export function judge(
  change: Pick<Change, 'seq' | 'prev' | 'hash'>,
  head: { readonly seq: number; readonly hash: string },
  hashAt: (seq: number) => string | null,
): Verdict {
  if (change.seq > head.seq + 1) return { verdict: 'refused', reason: 'gap', expected: head.seq + 1 };
  if (change.seq <= head.seq) {
    const kept = hashAt(change.seq);
    if (kept === change.hash) return { verdict: 'duplicate' };
    return { verdict: 'refused', reason: 'fork', kept: kept ?? head.hash };
  }
  return change.prev === head.hash
    ? { verdict: 'next' }
    : { verdict: 'refused', reason: 'broken_chain', kept: head.hash };
}

// --- which branch a feed goes on with ---

export interface Branch {
  /** Of its change at the number where the two part, or as many leading digits as are known. */
  readonly hash: string;
  /** The province itself holds this branch: it is the one asking, or it proved so. */
  readonly atProvince: boolean;
}

/**
 * The province's branch stays, so that "sent to the province" never becomes untrue; among stations the smaller
 * hash. Both ends ask this with the sides swapped and exactly one of them yields. The province never asks, and what it
 * holds itself, now, counts more than what it was once known to hold: it may have been restored.
 */
export function theirsStays(ours: Branch, theirs: Branch, peerIsProvince = false): boolean {
  if (peerIsProvince) return true;
  if (theirs.atProvince !== ours.atProvince) return theirs.atProvince;
  const digits = Math.min(ours.hash.length, theirs.hash.length);
  return theirs.hash.slice(0, digits) < ours.hash.slice(0, digits);
}

/** Above every incarnation of the own station that anybody has shown: numbers of a feed are never used twice. */
export const nextIncarnation = (own: number, shown: Iterable<number>): number => Math.max(own, ...shown) + 1;

// --- what becomes of the branch that yields ---

/**
 * A change that lost its number is carried on inside a new change of whoever set it aside, byte for byte. It is
 * shown exactly as if it stood in the log itself: its own hash, author, stamp and version, so what others wrote on
 * top of it still refers to it and its signature still holds. Whoever holds the displaced change may carry it, and
 * several may: what has the same inner hash is shown once, the original included, so nothing is lost when the PC
 * that wrote it is gone, and nothing counts twice when the branch comes back.
 */
export const CARRY = { kind: 'log.carry', v: 1, fields: ['stored'] } as const;

/** Own feed's place and stamp for a carrier. */
export interface Carrier {
  readonly station: string;
  readonly incarnation: number;
  readonly seq: number;
  readonly prev: string;
  readonly hlc: Hlc;
  readonly wall: number;
  readonly app: string;
}

/** `change` is `stored`, decoded. Of a carrier what it carries is carried on, so carriers never nest. */
export function carrierOf(change: Change, stored: Uint8Array, carrier: Carrier): Draft {
  return {
    ...carrier,
    lane: change.lane,
    author: null,
    session: null,
    kind: CARRY.kind,
    v: CARRY.v,
    subject: change.subject,
    patient: change.patient,
    refs: change.refs,
    body: { stored: carriedIn(change) ?? stored },
  };
}

/**
 * Stored form of the change inside a carrier, null for any other change. What it names as its lane and subject must
 * be the carrier's (`carriesTruly`), else it is parked as rejected.
 */
export function carriedIn(change: Pick<Change, 'kind' | 'v' | 'body'>): Uint8Array | null {
  if (change.kind !== CARRY.kind || change.v !== CARRY.v) return null;
  const stored = change.body.stored ?? change.body['#1'];
  return stored instanceof Uint8Array ? stored : null;
}

export const carriesTruly = (carrier: Change, inner: Change): boolean =>
  inner.kind !== CARRY.kind &&
  carrier.lane === inner.lane &&
  carrier.subject.type === inner.subject.type &&
  carrier.subject.id === inner.subject.id &&
  carrier.patient === inner.patient;

/**
 * Steps of the hybrid clock's counter to leave out when a store is opened, from a random number in [0, 1): two copies
 * of one store whose record is ahead of their clocks would otherwise stamp their next writes alike. At most 256 ms.
 */
export const stepsAtOpening = (random: number): number => Math.floor(random * 2 ** 24);

// --- what a store that can lose a fork offers ---

export interface ForkStore {
  /**
   * The peer holds this branch of the own current feed, and more: we are a restored copy. Goes on under
   * `nextIncarnation(own, [peers', …all in the log])`; answers it. The tail comes in as anybody's changes do.
   */
  newIncarnation(shown: number): Promise<number>;
  /**
   * Sets the changes of a feed from `fromSeq` on aside (quarantine, reason `displaced`), takes their effects back,
   * moves the head to `fromSeq − 1` and carries each on in the own feed of the same lane, unless the log shows the
   * same inner hash elsewhere. Own current feed: a new incarnation first. All of it in one transaction; commit
   * numbers go on, so peers' cursors stay valid. Answers how many were set aside.
   */
  displace(feed: FeedName, fromSeq: number): Promise<{ readonly displaced: number; readonly lane: Lane }>;
}
