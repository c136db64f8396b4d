// What the status cell says. Pure: from how things stand to a sentence that is never more hopeful than what is proven.
// "At the province" is said only of what the province named with our own hash; a connection proves nothing.
import type { Output } from '../../shared/api/index.ts';
import { type SyncSentence, sentence, syncSentences } from '../../shared/api/sync-sentences.ts';
import type { EndCode } from '../../shared/sync/session-types.ts';
import type { PeerFacts, RefusedFact, SyncFacts } from './types.ts';

export type SyncStatus = Output<'sync.status'>;
type Sentence = SyncStatus['sentence'];
type State = Pick<SyncStatus, 'state' | 'sentence'>;

/** A clock this far off orders entries wrongly on other PCs; as the store's own clock alarm. */
export const clockToleranceMs = 5 * 60_000;

/** What the sync room cannot know: it comes from the store's log. */
export interface LocalFacts {
  /** This PC's clock, ms since 1970 UTC. */
  readonly now: number;
  readonly lastSavedAt: number | null;
  /** Own changes that nobody else is proven to hold. `since`: wall time of the oldest. */
  readonly onlyHere: Backlog;
  /** Files made here that nobody else has said to hold. */
  readonly filesOnlyHere: number;
  /** When this PC itself last wrote something. */
  readonly lastOwnAt: number | null;
  /** Changes set aside because their feed forked: a copied or tampered store. */
  readonly forked: number;
}

interface Backlog {
  readonly count: number;
  readonly since: number | null;
}

export function statusOf(facts: SyncFacts, local: LocalFacts): SyncStatus {
  const waiting = waitingOf(facts);
  const state = facts.running
    ? (attention(facts, local) ?? withTarget(facts, local, waiting))
    : ({ state: 'off', sentence: sentence('sync.status.off') } as const);
  return {
    ...state,
    switchOff: switchOff(facts, local, waiting),
    lastSavedAt: local.lastSavedAt,
    lastContactAt: facts.lastContactAt,
    waiting,
  };
}

/** Where there is nobody to send to, nothing waits. */
function waitingOf({ target, waiting }: SyncFacts): Backlog {
  if (target === null) return { count: 0, since: null };
  const times = waiting.flatMap(({ count, since }) => (count > 0 && since !== null ? [since] : []));
  return {
    count: waiting.reduce((sum, { count }) => sum + count, 0),
    since: times.length === 0 ? null : Math.min(...times),
  };
}

// --- what a person must do something about ---

function attention(facts: SyncFacts, { forked }: LocalFacts): State | null {
  const found = troubleOf(facts, forked);
  return found && { state: 'attention', sentence: found };
}

/** The gravest first: only one is said. */
function troubleOf(facts: SyncFacts, forked: number): Sentence | null {
  if (facts.revoked) return sentence('sync.attention.revoked');
  const mine = facts.peers.filter(isOurs);
  for (const peer of mine) {
    const refusal = refusalOf(peer);
    if (refusal) return refusal;
  }
  const { statesDiffer } = facts;
  if (statesDiffer)
    return sentence('sync.attention.states_differ', {
      name: facts.peers.find(({ id }) => id === statesDiffer.peer)?.name ?? statesDiffer.peer.slice(0, 8),
      when: statesDiffer.at,
    });
  if (forked > 0) return sentence('sync.attention.forked', { count: forked });
  if (facts.refused.length > 0) return sentence('sync.attention.refused', { count: facts.refused.length });
  for (const { clockOffsetMs, name } of mine) {
    if (clockOffsetMs === null || Math.abs(clockOffsetMs) < clockToleranceMs) continue;
    const blanks = { name, minutes: Math.round(Math.abs(clockOffsetMs) / 60_000) };
    return clockOffsetMs < 0
      ? sentence('sync.attention.clock_ahead', blanks)
      : sentence('sync.attention.clock_behind', blanks);
  }
  return null;
}

/** The province, and hubs that have answered before: a stranger's hub heard on the same LAN is none of our trouble. */
const isOurs = ({ kind, lastContactAt }: PeerFacts): boolean =>
  kind === 'province' || (kind === 'hub' && lastContactAt !== null);

/** Ends that waiting does not mend; after all others the line comes back by itself. */
const refusals = [
  'revoked',
  'update_needed',
  'wrong_peer',
  'wrong_center',
  'not_enrolled',
  'disk_full',
] as const satisfies readonly EndCode[];

function refusalOf({ state, end, name }: PeerFacts): Sentence | null {
  if (state === 'connected' || state === 'connecting') return null;
  const refusal = refusals.find((one) => one === end);
  if (!refusal) return null;
  return refusal === 'revoked'
    ? sentence('sync.attention.revoked')
    : sentence(`sync.attention.${refusal}`, { name });
}

// --- how far the work has come ---

function withTarget(facts: SyncFacts, local: LocalFacts, waiting: Backlog): State {
  const province = facts.peers.find(({ kind }) => kind === 'province');
  const hub = hubOf(facts);
  if (facts.target === 'province' && province) {
    const direct = province.state === 'connected' || (province.state === 'connecting' && !isUp(hub));
    if (direct || !hub || !isUp(hub)) return withPeer(province, local.now, waiting, atProvince);
    return throughHub(hub, local, waiting);
  }
  if (facts.target === 'hub' && hub) return withPeer(hub, local.now, waiting, atHub(hub));
  return alone(facts);
}

/** The hub that helps most now. */
function hubOf({ peers }: SyncFacts): PeerFacts | undefined {
  const met = peers.filter((peer) => peer.kind === 'hub' && (peer.lastContactAt !== null || isUp(peer)));
  return (
    met.find(({ state }) => state === 'connected') ??
    met.find(({ state }) => state === 'connecting') ??
    met.toSorted((a, b) => (b.lastContactAt ?? 0) - (a.lastContactAt ?? 0))[0]
  );
}

const isUp = (peer: PeerFacts | undefined): boolean => peer?.state === 'connected';

const atProvince = (when: number): Sentence => sentence('sync.status.at_province', { when });
const atHub =
  ({ name }: PeerFacts) =>
  (when: number): Sentence =>
    sentence('sync.status.at_hub', { name, when });

function withPeer(
  peer: PeerFacts,
  now: number,
  waiting: Backlog,
  arrived: (when: number) => Sentence,
): State {
  const { name } = peer;
  const left = backlogWords(waiting, now);
  if (peer.state === 'connected') return connected(peer, now, waiting, arrived);
  if (peer.state === 'connecting')
    return {
      state: 'connecting',
      sentence: left
        ? sentence('sync.status.connecting_waiting', { name, ...left })
        : sentence('sync.status.connecting', { name }),
    };
  const contact = peer.lastContactAt;
  if (left)
    return {
      state: 'waiting',
      sentence:
        contact === null
          ? sentence('sync.status.waiting_never_met', { name, ...left })
          : sentence('sync.status.waiting', { name, ...left, contact }),
    };
  return {
    state: 'waiting',
    sentence:
      contact === null
        ? sentence('sync.status.away_never_met', { name })
        : sentence('sync.status.away', { name, contact }),
  };
}

function connected(
  peer: PeerFacts,
  now: number,
  waiting: Backlog,
  arrived: (when: number) => Sentence,
): State {
  const { name } = peer;
  const left = backlogWords(waiting, now);
  if (left && peer.receiving)
    return { state: 'busy', sentence: sentence('sync.status.exchanging', { name, ...left }) };
  if (left) return { state: 'busy', sentence: sentence('sync.status.sending', { name, ...left }) };
  if (peer.receiving) return { state: 'busy', sentence: sentence('sync.status.receiving', { name }) };
  if (!peer.caughtUp || peer.lastVerifiedAt === null)
    return { state: 'busy', sentence: sentence('sync.status.checking', { name }) };
  return { state: 'current', sentence: arrived(peer.lastVerifiedAt) };
}

/** The province is away, a hub is there and will carry on. */
function throughHub(hub: PeerFacts, local: LocalFacts, waiting: Backlog): State {
  const { name } = hub;
  const { now, onlyHere } = local;
  const left = backlogWords(waiting, now);
  if (left && onlyHere.count === 0 && hub.caughtUp)
    return { state: 'waiting', sentence: sentence('sync.status.hub_then_province', { name, ...left }) };
  return connected(hub, now, waiting, (when) => sentence('sync.status.at_province_by_hub', { name, when }));
}

/** No province and no hub: alone, or the one the others come to. */
function alone({ hub, peers }: SyncFacts): State {
  if (!hub.serving) return { state: 'standalone', sentence: sentence('sync.status.standalone') };
  const there = peers.filter(({ kind, state }) => kind === 'station' && state === 'connected');
  if (there.length === 0) return { state: 'waiting', sentence: sentence('sync.status.serving_nobody') };
  const equal = there.every((peer) => peer.caughtUp && peer.lastVerifiedAt !== null);
  return {
    state: equal ? 'current' : 'busy',
    sentence: sentence('sync.status.serving', { count: there.length }),
  };
}

const backlogWords = ({ count, since }: Backlog, now: number) =>
  count > 0 ? { count, since: since ?? now } : null;

// --- may the PC be switched off ---

function switchOff(facts: SyncFacts, local: LocalFacts, waiting: Backlog): SyncStatus['switchOff'] {
  if (!facts.running) return { safe: false, sentence: sentence('sync.off.unknown') };
  const twin = facts.peers.some((peer) => isEqualNow(peer, local.lastOwnAt));
  const belongs = facts.target !== null || facts.hub.serving || twin;
  if (!belongs) return { safe: false, sentence: sentence('sync.off.standalone') };
  // one that is equal now holds all entries, but says nothing of files
  const left = twin ? null : backlogWords(local.onlyHere, local.now);
  const files = local.filesOnlyHere;
  if (left && files > 0)
    return { safe: false, sentence: sentence('sync.off.with_files', { ...left, files }) };
  if (files > 0) return { safe: false, sentence: sentence('sync.off.files', { files }) };
  if (!left) {
    if (facts.target === 'province' && waiting.count === 0)
      return { safe: true, sentence: sentence('sync.off.at_province') };
    const hub = hubOf(facts);
    const hubHasAll = hub && (hub.caughtUp || (facts.target === 'hub' && waiting.count === 0));
    return {
      safe: true,
      sentence: hubHasAll ? sentence('sync.off.at_hub', { name: hub.name }) : sentence('sync.off.elsewhere'),
    };
  }
  const travelling = facts.peers.some(({ state, sending }) => state === 'connected' && sending);
  return {
    safe: false,
    sentence: travelling ? sentence('sync.off.sending', left) : sentence('sync.off.only_here', left),
  };
}

/** One that comes to us, proven equal after this PC last wrote: of those no list is kept of what each of them holds. */
const isEqualNow = (peer: PeerFacts, lastOwnAt: number | null): boolean =>
  peer.kind === 'station' &&
  peer.state === 'connected' &&
  peer.caughtUp &&
  peer.lastVerifiedAt !== null &&
  peer.lastVerifiedAt >= (lastOwnAt ?? 0);

// --- one peer, one refused change ---

export function peerSentence(peer: PeerFacts, now: number): Sentence {
  const { state, end, lastContactAt, nextTryAt } = peer;
  if (state === 'connected') {
    if (peer.sending && peer.receiving) return sentence('sync.with.exchanging');
    if (peer.sending) return sentence('sync.with.sending');
    if (peer.receiving) return sentence('sync.with.receiving');
    if (!peer.caughtUp || peer.lastVerifiedAt === null) return sentence('sync.with.checking');
    const when = peer.lastVerifiedAt;
    return peer.transport === 'post'
      ? sentence('sync.with.equal_by_post', { when })
      : sentence('sync.with.equal', { when });
  }
  if (state === 'connecting') return sentence('sync.with.connecting');
  if (state === 'refusing' && end !== null) return sentence(`sync.end.${end}`);
  if (state === 'found') return sentence('sync.with.found');
  if (lastContactAt === null)
    return end === null ? sentence('sync.with.never_met') : sentence(`sync.end.${end}`);
  const when = lastContactAt;
  return nextTryAt !== null && nextTryAt > now
    ? sentence('sync.with.away_next_try', { when, next: nextTryAt })
    : sentence('sync.with.away', { when });
}

export function refusedSentence({ reason }: Pick<RefusedFact, 'reason'>): Sentence {
  const key = `sync.refused.${reason}`;
  return isSentence(key) ? { key } : sentence('sync.refused.other', { reason: reason.slice(0, 200) });
}

export function parkedSentence(reason: string): Sentence {
  const key = `sync.parked.${reason}`;
  return { key: isSentence(key) ? key : 'sync.parked.rejected' };
}

const isSentence = (key: string): key is SyncSentence =>
  Object.hasOwn(syncSentences, key) && key !== 'sync.refused.other';
