// A running place of the simulation: a log on a simulated disk, the sessions it holds, and what it does with what
// they tell it. Crashing loses all but the log. The same code serves stations, hubs and the province.
import type { Lane } from '../../../shared/model/change.ts';
import {
  type Drive,
  drive,
  noMemory,
  type PeerMemory,
  type Told,
  type Wire,
} from '../../../shared/sync/drive.ts';
import { theirsStays } from '../../../shared/sync/forks.ts';
import { type ChangeStore, feedKey, type Head } from '../../../shared/sync/port.ts';
import type { Effect, Hello, Session, Welcome } from '../../../shared/sync/session-types.ts';
import { framesOf } from './frames.ts';
import type { Line } from './line.ts';
import { displace, newIncarnation, take } from './log-writes.ts';
import { beyond, copyOf, entryAt, hashAt, headsOf, type Log, since } from './memory-log.ts';

/** Where a crash can be made to happen. */
export const crashPoints = [
  'write committed',
  'take received',
  'take committed',
  'cursor committed',
  'held committed',
  'packed',
  'sent',
  'displaced',
] as const;
export type CrashPoint = (typeof crashPoints)[number];

/** Bugs the simulation must find; see sync-sim.test.ts. */
export type Bug = 'cursor past unseen' | 'ack before commit' | 'tail lost' | 'clock behind';

export interface Surroundings {
  now(): number;
  /** Runs later, unless the place crashed in between; waits while it is paused. */
  later(place: Place, ms: number, run: () => void): void;
  /** A crash armed for this point happens: true, and nothing of the place runs any more. */
  crashes(place: Place, point: CrashPoint): boolean;
  /** The place claims something; the world looks whether it is true. */
  claims(place: Place, peer: Place, effect: Claim): void;
  count(what: string): void;
  diskMs(): number;
  bug(): Bug | null;
  readonly zstd: boolean;
}

export type Claim =
  | Told
  | { readonly type: 'held'; readonly heads: readonly Head[] }
  /** Its cursor in the peer's log has moved over these commits. */
  | {
      readonly type: 'passed';
      readonly logId: string;
      readonly lane: Lane;
      readonly from: number;
      readonly to: number;
    }
  | { readonly type: 'fell'; readonly why: string };

export interface Place {
  readonly name: string;
  readonly isProvince: boolean;
  log: Log;
  /** Grows with every start; work of an earlier life is void. */
  life: number;
  running: boolean;
  serving: boolean;
  pausedUntil: number;
  /** What it should have done while paused. */
  readonly deferred: (() => void)[];
  diskFull: boolean;
  /** Knows all kinds. */
  updated: boolean;
  clock: { offsetMs: number; stuckAt: number | null };
  /** Has a line of its own to the province; whoever serves as hub always has. */
  wan: boolean;
  /** Only sends from now on. */
  deliverOnly: boolean;
  /** At a responder: stations whose deliveries are sealed. */
  readonly revoked: Set<string>;
  sessions: Set<LiveSession>;
  /** Feeds of which something was set aside here: they are asked for again, not passed over. */
  readonly refused: Set<string>;
}

export interface LiveSession {
  readonly line: Line;
  readonly role: 'initiator' | 'responder';
  readonly drive: Drive;
}

export const wallOf = (place: Place, now: number): number =>
  Math.floor(place.clock.stuckAt ?? now + place.clock.offsetMs);

/** The log as the protocol sees it. Promises of a crashed place never resolve. */
export function storeOf(place: Place, around: Surroundings, sealed: boolean): ChangeStore {
  const { log } = place;
  const life = place.life;
  const alive = (): boolean => place.life === life;
  const onDisk = <T>(work: () => T): Promise<T> =>
    new Promise((resolve, reject) => {
      around.later(place, around.diskMs(), () => {
        try {
          const result = work();
          if (alive()) resolve(result);
        } catch (error) {
          reject(error);
        }
      });
    });
  return {
    logId: async () => log.logId,
    heads: async () => headsOf(log, sealed),
    hashesAt: async (feed, seqs) => seqs.map((seq) => open(entryAt(log, feed, seq))?.hash ?? null),
    stored: async (feed, seq) => entryAt(log, feed, seq)?.stored ?? null,
    async since(lane, cursor, limit, notFor) {
      const slice = since(log, lane, cursor, limit, notFor);
      if (around.crashes(place, 'packed')) return never();
      return slice;
    },
    async beyond(lane, positions, limit) {
      const slice = beyond(log, lane, positions, limit);
      if (around.crashes(place, 'packed')) return never();
      return slice;
    },
    end: async () => log.end,
    take(runs, via) {
      if (around.crashes(place, 'take received')) return never();
      if (place.diskFull) {
        around.count('disk full');
        return Promise.reject(new DiskFull());
      }
      const commit = () => take(log, runs, via, wallOf(place, around.now()), sealed);
      if (around.bug() === 'ack before commit') {
        // said to be done, but done only later
        const promised = take(copyOf(log), runs, via, wallOf(place, around.now()), sealed);
        around.later(place, 40, () => void commit());
        return Promise.resolve(promised);
      }
      return onDisk(() => {
        const taken = commit();
        for (const refused of taken.refused) place.refused.add(feedKey(refused));
        if (!around.crashes(place, 'take committed')) grew(place);
        return taken;
      });
    },
  };
  function open<T extends { sealed: boolean }>(entry: T | undefined): T | undefined {
    return entry?.sealed && !sealed ? undefined : entry;
  }
}

export class DiskFull extends Error {
  override readonly name = 'DiskFull';
}

const never = (): Promise<never> => new Promise(() => {});

export function grew(place: Place): void {
  for (const session of place.sessions) session.drive.grew();
}

// --- one session ---

export interface SessionParts {
  readonly session: Session;
  readonly line: Line;
  /** 0: the one who connected. */
  readonly end: 0 | 1;
  readonly peer: Place;
  readonly hello: Hello;
  readonly welcome: Welcome;
}

export function hold(place: Place, around: Surroundings, parts: SessionParts): void {
  const { line, end, peer, hello, welcome } = parts;
  const peerId = end === 0 ? welcome.station : hello.station;
  const toProvince = end === 0 && welcome.isProvince;
  const { life, log } = place;
  const wire: Wire = line.ends[end];
  const alive = (): boolean => place.life === life;
  const memory: PeerMemory =
    end === 1
      ? noMemory
      : {
          held(heads) {
            around.claims(place, peer, { type: 'held', heads });
            const known = log.held.get(peerId) ?? new Map<string, Head>();
            log.held.set(peerId, known);
            for (const head of heads) known.set(feedKey(head), head);
            if (toProvince) provinceHolds(place, heads);
            if (around.crashes(place, 'held committed')) return never();
          },
          cursor(lane, at) {
            // under another incarnation than hello named it is asked by vectors the next time
            if (log.incarnation !== hello.incarnation) return;
            const known = log.cursors.get(peerId);
            const cursors = known?.logId === welcome.logId ? known : { logId: welcome.logId, at: zeros() };
            log.cursors.set(peerId, cursors);
            const to = around.bug() === 'cursor past unseen' ? at + 1 : at;
            around.claims(place, peer, {
              type: 'passed',
              logId: welcome.logId,
              lane: lane as Lane,
              from: cursors.at[lane as Lane],
              to,
            });
            cursors.at[lane as Lane] = to;
            if (around.crashes(place, 'cursor committed')) return never();
          },
          rate() {},
        };
  /** Looked at in the moment it is said: by the time the place hears of it, somebody else may have sent more. */
  const overheard = (effects: Effect[]): Effect[] => {
    for (const effect of effects) if (effect.type === 'verified') around.claims(place, peer, effect);
    return effects;
  };
  const running = drive({
    session: {
      begin: () => overheard(parts.session.begin()),
      on: (event, now) => overheard(parts.session.on(event, now)),
      facts: () => parts.session.facts(),
    },
    store: storeOf(place, around, end === 1 && place.revoked.has(peerId)),
    wire: {
      ...wire,
      send(bytes) {
        if (!alive()) return;
        wire.send(bytes);
        around.crashes(place, 'sent');
      },
    },
    frames: framesOf(around.zstd),
    memory,
    services: {
      now: () => around.now(),
      setTimer(ms, run) {
        let cancelled = false;
        around.later(place, ms, () => {
          if (!cancelled) run();
        });
        return () => {
          cancelled = true;
        };
      },
      breathe: () => Promise.resolve(),
      endCodeOf: (error) => (error instanceof DiskFull ? 'disk_full' : 'internal'),
      log(level, message, facts) {
        const { bug } = facts ?? {};
        if (level === 'error' && !(bug instanceof DiskFull))
          around.claims(place, peer, {
            type: 'fell',
            why: `${message}: ${bug instanceof Error ? bug.stack : ''}`,
          });
      },
    },
    peer: peerId,
    told,
  });
  const live: LiveSession = { line, role: end === 0 ? 'initiator' : 'responder', drive: running };
  place.sessions.add(live);
  void running.ended.then(() => place.sessions.delete(live));

  async function told(effect: Told): Promise<void> {
    if (effect.type !== 'verified') around.claims(place, peer, effect);
    // everything else is for the screens of a real place
    if (effect.type === 'heldByProvince') provinceHolds(place, effect.heads);
    else if (effect.type === 'regressed')
      for (const head of effect.heads) {
        log.held.get(peerId)?.delete(feedKey(head));
        if (toProvince) log.atProvince.delete(feedKey(head));
      }
    else if (effect.type === 'amnesia') {
      around.count('new incarnation');
      newIncarnation(log, effect.incarnation);
    } else if (effect.type === 'forked') await yieldIfWorse(effect);
  }

  async function yieldIfWorse(fork: Extract<Told, { type: 'forked' }>): Promise<void> {
    const { feed, seq, theirHash } = fork;
    around.count('fork met');
    place.refused.add(feedKey(feed));
    if (place.isProvince) return;
    const ours = hashAt(log, feed, seq);
    if (ours === null || ours.startsWith(theirHash)) return;
    const known = log.atProvince.get(feedKey(feed));
    const proven = known && known.seq >= seq && hashAt(log, feed, known.seq) === known.hash ? known : null;
    if (
      !theirsStays(
        { hash: ours, atProvince: proven !== null },
        { hash: theirHash, atProvince: fork.theirsAtProvince },
        toProvince,
      )
    ) {
      // at the number where the two part, which both hold
      if (proven) running.tell({ type: 'provinceHolds', heads: [{ ...feed, seq, hash: ours }] });
      return;
    }
    await new Promise<void>((resolve) => around.later(place, around.diskMs(), resolve));
    if (hashAt(log, feed, seq) !== ours) return;
    displace(log, feed, seq, wallOf(place, around.now()), around.bug() === 'tail lost');
    around.count('displaced');
    if (around.crashes(place, 'displaced')) return never();
    running.tell({ type: 'displaced', feed, seq });
    grew(place);
  }
}

/**
 * The province holds these and the hashes are ours: remembered, and told to those who are connected to us. Only news
 * is passed on, or two hubs that are connected to each other would tell each other the same for ever.
 */
function provinceHolds(place: Place, heads: readonly Head[]): void {
  const news = heads.filter((head) => {
    const known = place.log.atProvince.get(feedKey(head));
    return hashAt(place.log, head, head.seq) === head.hash && (!known || known.seq < head.seq);
  });
  for (const head of news) place.log.atProvince.set(feedKey(head), head);
  if (news.length === 0) return;
  for (const session of place.sessions)
    if (session.role === 'responder') session.drive.tell({ type: 'provinceHolds', heads: news });
}

const zeros = (): [number, number, number] => [0, 0, 0];
