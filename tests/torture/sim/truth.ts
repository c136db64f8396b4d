// What a place may say of another, against what that other really holds. Looked at in every step of a history.
import { type FeedName, feedKey, type Head } from '../../../shared/sync/port.ts';
import { hashAt, headOf } from './memory-log.ts';
import type { Claim, Place } from './place.ts';

export interface Known {
  readonly places: readonly Place[];
  readonly province: Place;
  readonly counts: ReadonlyMap<string, number>;
  /** Places whose log was set back to an older one. */
  readonly setBack: ReadonlySet<Place>;
}

/** Null when it is true. Whatever was held once counts: a disk that is set back later makes no liar of who said so. */
export function untruth(place: Place, peer: Place, claim: Claim, known: Known): string | null {
  if (claim.type === 'held' || claim.type === 'heldByProvince') {
    const holder = claim.type === 'held' ? peer : known.province;
    const lie = claim.heads.find((head) => !holder.log.ever.hashes.has(head.hash));
    return lie ? `says ${holder.name} holds ${nameOf(lie, known)}, which it never did` : null;
  }
  if (claim.type === 'verified') {
    // what a revoked station delivered is held by the province, though not passed on
    if (peer.revoked.has(place.log.station) || peer.log.ever.sums.has(place.log.sum)) return null;
    return 'says both hold the same, which they never did';
  }
  if (claim.type === 'passed') {
    // of another copy of the log, or of one that was set back, nothing can be said here
    if (claim.logId !== peer.log.logId || known.setBack.has(peer)) return null;
    const over = passedOver(place, peer, claim, known);
    return over ? `its cursor passed over ${over}, which it does not hold` : null;
  }
  return claim.type === 'fell' ? `the session fell over: ${claim.why}` : null;
}

/** Something that was for this place, behind its cursor and yet not here; what a fork keeps away does not count. */
function passedOver(
  place: Place,
  peer: Place,
  { lane, from, to }: Extract<Claim, { type: 'passed' }>,
  known: Known,
): string | null {
  // what was damaged on the way is found by comparing vectors
  if (known.counts.has('damaged frame')) return null;
  // so is what another copy of this station brought, because nobody is sent what it brought
  if (known.places.some((p) => p !== place && p.log.station === place.log.station)) return null;
  if (to > peer.log.end) return `commit ${to}, which is not there yet`;
  for (const row of peer.log.lanes[lane]) {
    if (row.commit <= from || row.commit > to) continue;
    if (row.feed.station === place.log.station || row.via === place.log.station) continue;
    if (place.log.ever.hashes.has(row.hash) || place.refused.has(feedKey(row.feed))) continue;
    if (parted(place, peer, row.feed)) continue;
    if (known.setBack.has(place) && standsOnOwn(place, peer, row.feed)) continue;
    return nameOf({ ...row.feed, seq: row.seq, hash: row.hash }, known);
  }
  return null;
}

/**
 * What a place brought before it was put back is not sent to it by cursor, and what follows in that feed does not join
 * without: refused as a gap and asked for with NEED, or healed by vectors. No cursor has to be right about it (ADR 31).
 */
function standsOnOwn(place: Place, peer: Place, feed: FeedName): boolean {
  // now, not ever: it has been held before
  const lacking = peer.log.feeds
    .get(feedKey(feed))
    ?.entries.find((e) => hashAt(place.log, feed, e.seq) !== e.hash);
  return lacking?.via === place.log.station;
}

function parted(a: Place, b: Place, feed: FeedName): boolean {
  const seq = Math.min(headOf(a.log, feed).seq, headOf(b.log, feed).seq);
  return seq > 0 && hashAt(a.log, feed, seq) !== hashAt(b.log, feed, seq);
}

function nameOf(head: Head, { places }: Known): string {
  const station = places.find((p) => p.log.station === head.station)?.name ?? head.station;
  return `${station}.${head.incarnation}.${head.lane}:${head.seq}`;
}
