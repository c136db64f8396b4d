// How things stand, put together from lines, hub and book: what the status cell and the sync page are written from.
import type { EndCode } from '../../shared/sync/session-types.ts';
import type { OpenStore } from '../store/types.ts';
import { spellAddress } from './address.ts';
import type { Book, PeerEntry } from './book.ts';
import { CONNECTED_ALREADY } from './call.ts';
import type { Caller, CallerFacts } from './caller.ts';
import type { Heard } from './discovery.ts';
import type { Hub } from './hub.ts';
import type { Meeting } from './meeting.ts';
import type { KnownStation, PeerFacts, SyncFacts } from './types.ts';
import { furthest, waitingFor } from './waiting.ts';

export function factsOf(parts: {
  readonly store: OpenStore;
  readonly book: Book;
  readonly callers: readonly (readonly [name: string, Caller])[];
  readonly hub: Hub | null;
  readonly heard: readonly Heard[];
  readonly stations: readonly KnownStation[];
  readonly typed: readonly string[];
  readonly serving: boolean;
}): SyncFacts {
  const { store, book, hub } = parts;
  const entries = new Map(book.peers().map((entry) => [entry.id, entry]));
  const province = entries.get('province') ?? null;
  const guests = hub?.meetings() ?? [];
  const hubs = [...entries.keys()].filter((id) => id !== 'province');
  const held = {
    province: furthest([book.held('province')]),
    hub: furthest([
      ...hubs.map((id) => book.held(id)),
      ...guests.map((guest) => [...guest.facts().held.values()]),
    ]),
  };
  const target = province ? 'province' : hubs.length + guests.length > 0 ? 'hub' : null;
  const contacts = [...entries.values()].flatMap((one) => one.lastContactAt ?? []);
  const differs = [...entries.values()].find((one) => one.statesDifferAt !== null);
  const own = parts.stations.find((one) => one.id === store.station.id);
  return {
    running: true,
    peers: peersOf(parts, entries, guests),
    target,
    waiting: waitingFor(store, target ? held[target] : new Map()),
    held,
    refused: book.refused(),
    hub: {
      serving: parts.serving,
      addresses: hub?.addresses() ?? [],
      // PCs, not lines: one that has lost its line and called again may still have the old one here
      connected: new Set(guests.map((guest) => guest.peer)).size,
    },
    typedAddresses: parts.typed,
    province:
      province?.address && province.enrolledAt !== null
        ? { address: province.address, name: province.name, enrolledAt: province.enrolledAt }
        : null,
    trustListAt: province ? province.lastContactAt : contacts.length > 0 ? Math.max(...contacts) : null,
    lastContactAt:
      contacts.length + guests.length > 0
        ? Math.max(...contacts, ...guests.map((guest) => guest.facts().startedAt))
        : null,
    statesDiffer: differs ? { peer: differs.id, at: differs.statesDifferAt ?? 0 } : null,
    files: filesWaiting(store),
    revoked:
      (own?.revokedAt ?? null) !== null || parts.callers.some(([, caller]) => wasSentAway(caller.facts())),
  };
}

/** Whoever is revoked is shown nothing, so it learns of it only by how it is received. */
const wasSentAway = ({ welcome, end }: CallerFacts): boolean =>
  end?.code === 'revoked' || welcome?.mode === 'deliver';

const filesWaiting = (store: OpenStore): SyncFacts['files'] =>
  store.sql
    .prepare<[], SyncFacts['files']>(
      'SELECT count(*) AS waiting, coalesce(sum(size), 0) AS bytes FROM blob WHERE complete = 0',
    )
    .get() ?? { waiting: 0, bytes: 0 };

function peersOf(
  parts: Parameters<typeof factsOf>[0],
  entries: ReadonlyMap<string, PeerEntry>,
  guests: readonly Meeting[],
): PeerFacts[] {
  const peers = new Map<string, PeerFacts>();
  const nameOf = (id: string): string =>
    parts.stations.find((one) => one.id === id)?.name ??
    entries.get(id)?.name ??
    parts.heard.find((one) => one.station === id)?.stationName ??
    '';
  for (const [name, caller] of parts.callers) {
    const facts = caller.facts();
    if (facts.end?.detail === CONNECTED_ALREADY) continue;
    // whom a typed address leads to is known once it has answered
    const id = facts.callee?.peer ?? name;
    const there = peers.get(id);
    if (there && there.state === 'connected') continue;
    peers.set(id, calledPeer(id, nameOf(id), facts, entries.get(id) ?? null));
  }
  for (const guest of guests) {
    if (peers.get(guest.peer)?.state === 'connected') continue;
    peers.set(guest.peer, guestPeer(guest, nameOf(guest.peer)));
  }
  for (const [id, entry] of entries)
    if (!peers.has(id) && parts.stations.every((one) => one.id !== id || one.revokedAt === null))
      peers.set(id, {
        ...restOf(entry),
        id,
        kind: kindOf(id),
        name: nameOf(id),
        ...atRest('away', null, null),
      });
  return [...peers.values()];
}

function calledPeer(id: string, name: string, facts: CallerFacts, entry: PeerEntry | null): PeerFacts {
  const meeting = facts.meeting?.facts() ?? null;
  const end = facts.end?.code ?? null;
  const common = {
    ...restOf(entry),
    id,
    kind: kindOf(id),
    name,
    address: facts.address ? spellAddress(facts.address) : (entry?.address ?? null),
    transport: facts.transport,
  };
  if (!meeting) {
    const state =
      facts.state === 'connecting'
        ? 'connecting'
        : end !== null && refusals.has(end)
          ? 'refusing'
          : entry?.lastContactAt
            ? 'away'
            : 'found';
    return { ...common, ...atRest(state, end, facts.nextTryAt), transport: facts.transport };
  }
  return {
    ...common,
    state: 'connected',
    end: null,
    nextTryAt: null,
    sending: meeting.session.sending,
    receiving: meeting.session.receiving,
    caughtUp: meeting.caughtUp,
    lastVerifiedAt: meeting.verifiedAt ?? common.lastVerifiedAt,
    clockOffsetMs: meeting.offsetMs ?? common.clockOffsetMs,
    bytesPerSecond: meeting.session.rate,
    version: meeting.version,
  };
}

function guestPeer(guest: Meeting, name: string): PeerFacts {
  const facts = guest.facts();
  return {
    id: guest.peer,
    kind: 'station',
    name,
    address: null,
    state: 'connected',
    end: null,
    nextTryAt: null,
    sending: facts.session.sending,
    receiving: facts.session.receiving,
    caughtUp: facts.caughtUp,
    lastContactAt: facts.startedAt,
    lastVerifiedAt: facts.verifiedAt,
    clockOffsetMs: facts.offsetMs,
    bytesPerSecond: facts.session.rate,
    version: facts.version,
    transport: 'websocket',
  };
}

const restOf = (entry: PeerEntry | null) => ({
  address: entry?.address ?? null,
  lastContactAt: entry?.lastContactAt ?? null,
  lastVerifiedAt: entry?.lastVerifiedAt ?? null,
  clockOffsetMs: entry?.offsetMs ?? null,
  bytesPerSecond: entry?.rate ?? null,
  version: entry?.version ?? null,
});

const atRest = (state: PeerFacts['state'], end: EndCode | null, nextTryAt: number | null) => ({
  state,
  end,
  nextTryAt,
  sending: false,
  receiving: false,
  caughtUp: false,
  transport: null,
});

const kindOf = (id: string): PeerFacts['kind'] => (id === 'province' ? 'province' : 'hub');

/** It answered and said no, or was not who it should be: waiting alone will not help. */
const refusals: ReadonlySet<EndCode> = new Set([
  'not_tram',
  'wrong_peer',
  'wrong_center',
  'not_enrolled',
  'revoked',
  'update_needed',
]);

/** While nothing of sync runs. */
export const noFacts: SyncFacts = {
  running: false,
  peers: [],
  target: null,
  waiting: [],
  held: { province: new Map(), hub: new Map() },
  refused: [],
  hub: { serving: false, addresses: [], connected: 0 },
  typedAddresses: [],
  province: null,
  trustListAt: null,
  lastContactAt: null,
  statesDiffer: null,
  files: { waiting: 0, bytes: 0 },
  revoked: false,
};
