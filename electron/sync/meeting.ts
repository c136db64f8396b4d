// One session of this PC with another place: the protocol joined with the store, the book of peers and the rest of
// the sync room. Who called whom makes little difference from here on.

import type { BlobStore } from '../../shared/sync/blobs.ts';
import { type Drive, drive, type PeerMemory, type Told, type Wire } from '../../shared/sync/drive.ts';
import { LAN_RATE } from '../../shared/sync/flow.ts';
import { type ForkStore, theirsStays } from '../../shared/sync/forks.ts';
import { agreedDictionary, createFrames, type Dictionary } from '../../shared/sync/frames.ts';
import { feedKey, type Head, type ProvinceLog, type Run, type Taken } from '../../shared/sync/port.ts';
import { createSession } from '../../shared/sync/session.ts';
import type { EndCode, Hello, Role, Session, Welcome } from '../../shared/sync/session-types.ts';
import type { StationChangeStore } from '../store/change-store.ts';
import { sha256 } from '../store/crypto.ts';
import type { Log } from '../store/room.ts';
import type { OpenStore } from '../store/types.ts';
import type { Book } from './book.ts';
import { nodeServices } from './services.ts';
import { answerOfState, healTogether } from './state-compare.ts';
import { zstd } from './zstd.ts';

/** What every session of an open store shares. */
export interface Ground {
  readonly store: OpenStore;
  readonly changes: StationChangeStore;
  readonly forks: ForkStore;
  readonly book: Book;
  readonly blobs: BlobStore;
  /** A file is here now that was not: others may fetch it. */
  blobsGrew(): void;
  /** Of this station's feed another branch counts from now on: who else speaks in its name must greet anew. */
  branchMoved(station: string, metBy: Drive): void;
  /** How many PCs speak to us in this station's name now. */
  linesOf(station: string): number;
  readonly dictionaries: readonly Dictionary[];
  readonly appVersion: string;
  /** Once in a session, when both ends have told each other everything. */
  caughtUp?(meeting: Meeting): void;
  /** Keys of persons, for a station that asks; null: it asks something else. */
  keysAsked?(question: Uint8Array, station: string): Uint8Array | null;
  now(): number;
  readonly log: Log;
}

export interface MeetingParts {
  readonly ground: Ground;
  readonly role: Role;
  /** `province`, or the peer's station id. */
  readonly peer: string;
  readonly hello: Hello;
  readonly welcome: Welcome;
  readonly wire: Wire;
  readonly held: readonly Head[];
  readonly rate: number | null;
  /** It answered as only a place on the LAN can. */
  readonly near?: boolean;
  readonly cuts: number;
  readonly resync: boolean;
  /** Peer's clock minus ours as the first words showed, ms; null when they cannot (over POST). */
  readonly offsetMs?: number;
  /** Something that `facts` shows has changed. */
  changed(): void;
  /** The province holds these too, whoever said so; null: what it was believed to hold is void, and the book anew. */
  provinceHolds(news: readonly Head[] | null): void;
  /** The peer (a station) asks about somebody. */
  asked(question: Uint8Array): Promise<Uint8Array>;
}

export interface Meeting {
  readonly peer: string;
  readonly role: Role;
  readonly drive: Drive;
  facts(): {
    readonly session: ReturnType<Session['facts']>;
    readonly caughtUp: boolean;
    readonly version: string;
    readonly offsetMs: number | null;
    readonly verifiedAt: number | null;
    readonly startedAt: number;
    /** Proven held by the peer in this session; what an initiator learns is in the book too. */
    readonly held: ReadonlyMap<string, Head>;
  };
  /** Null when nobody answered in time. */
  lookup(question: Uint8Array, withinMs: number): Promise<Uint8Array | null>;
  /** `whole`: the peer is to forget what it was told before. */
  tellProvinceHolds(heads: readonly Head[], whole: ProvinceLog | null): void;
}

/** How often what is only good to know is written down while a session lasts. */
const NOTE_EVERY_MS = 60_000;

export function meet(parts: MeetingParts): Meeting {
  const { ground, peer, role, hello, welcome } = parts;
  const { book, changes, log } = ground;
  const station = role === 'initiator' ? welcome.station : hello.station;
  const keeps = role === 'initiator';
  const done = { up: false, down: false };
  const held = new Map<string, Head>();
  const lookups = new Map<number, (answer: Uint8Array) => void>();
  const startedAt = ground.now();
  let nextLookup = 1;
  let healing: Promise<void> | null = null;
  let offsetMs: number | null = parts.offsetMs ?? null;
  let verifiedAt: number | null = null;
  let wasCaughtUp = false;
  let rate: number | null = null;
  /** Copy of the province's log the peer speaks of; null: it has not said. */
  let theirProvinceLog: string | null = null;
  let notedAt = startedAt;

  const services = nodeServices(log);
  const memory: PeerMemory = {
    held(heads) {
      for (const head of heads) held.set(feedKey(head), head);
      if (keeps) book.addHeld(peer, heads);
      if (welcome.isProvince && keeps) parts.provinceHolds(heads);
      parts.changed();
    },
    cursor: (lane, at) => moveCursor(lane, at),
    rate(bytesPerSecond) {
      rate = bytesPerSecond;
      noteNow(false);
    },
  };
  const running = drive({
    session: createSession({
      role,
      hello,
      welcome,
      held: parts.held,
      rate: parts.near || !welcome.isProvince ? Math.max(parts.rate ?? 0, LAN_RATE) : parts.rate,
      now: services.now(),
      wall: ground.now,
      sha256,
      cuts: parts.cuts,
      resync: parts.resync,
    }),
    store: keeps ? changes : forGuest(ground, station),
    wire: parts.wire,
    frames: createFrames({
      codec: zstd,
      dictionary: agreedDictionary(hello.dictionaries, welcome.dictionaries, ground.dictionaries),
      sha256,
      now: services.now,
    }),
    memory,
    services,
    peer: station,
    async take(runs, cursor) {
      const note = (_sql: unknown, taken: Taken): void => {
        if (cursor) moveCursor(cursor.lane, cursor.at);
        // what is noted later than this, a cut may prevent, and all of it would be sent back
        book.addHeld(peer, broughtWhole(runs, taken));
      };
      const taken = await changes.take(runs, station, keeps ? note : undefined);
      // what came was ours and more than we had: the store has begun a new incarnation
      if (keeps && ground.store.station.incarnation !== hello.incarnation) setImmediate(comeBack);
      return taken;
    },
    blobs: ground.blobs,
    state: async () => ground.store.stateDigest(),
    told,
  });
  if (keeps)
    book.note(peer, {
      lastContactAt: startedAt,
      version: welcome.app,
      ...(offsetMs !== null && { offsetMs }),
    });
  void running.ended.then(() => {
    for (const answer of lookups.values()) answer(new Uint8Array());
    noteNow(true);
    parts.changed();
  });

  const meeting: Meeting = {
    peer,
    role,
    drive: running,
    facts: () => ({
      session: running.facts(),
      caughtUp: done.up && done.down && !running.facts().sending && !running.facts().receiving,
      version: role === 'initiator' ? welcome.app : hello.app,
      offsetMs,
      verifiedAt,
      startedAt,
      held,
    }),
    lookup,
    tellProvinceHolds: (heads, whole) => running.tell({ type: 'provinceHolds', heads, whole }),
  };
  return meeting;

  function lookup(question: Uint8Array, withinMs: number): Promise<Uint8Array | null> {
    return new Promise((resolve) => {
      const id = nextLookup++;
      const timer = setTimeout(() => answered(null), withinMs).unref();
      const answered = (answer: Uint8Array | null): void => {
        clearTimeout(timer);
        lookups.delete(id);
        resolve(answer && answer.length > 0 ? answer : null);
      };
      lookups.set(id, answered);
      running.tell({ type: 'lookup', id, question });
    });
  }

  /** The first cursor of another copy of the peer's log makes those of the copy before meaningless. */
  function moveCursor(lane: number, at: number): void {
    // begun while this session lasts: what it goes by is of the copy before, and the next one asks by vectors
    if (!keeps || ground.store.station.incarnation !== hello.incarnation) return;
    book.startLog(peer, welcome.logId);
    book.cursor(peer, lane, at);
  }

  async function told(effect: Told): Promise<void> {
    switch (effect.type) {
      case 'heldByProvince':
        heldByProvince(effect);
        break;
      case 'caughtUp':
        done[effect.direction] = true;
        noteCaughtUp();
        break;
      case 'verified':
        verifiedAt = ground.now();
        // a responder is told of no other end of the way down
        done.up = done.down = true;
        noteCaughtUp();
        if (keeps) book.note(peer, { lastVerifiedAt: verifiedAt });
        break;
      case 'digest':
        compareStates(effect);
        break;
      case 'forked':
        await settleFork(effect);
        break;
      case 'refused':
        book.refuse({
          ...effect.feed,
          seq: effect.seq,
          reason: effect.reason,
          where: peer,
          at: ground.now(),
        });
        break;
      case 'regressed':
        log('warn', 'a peer holds less than it once proved to hold', { peer, feeds: effect.heads.length });
        for (const head of effect.heads) held.set(feedKey(head), head);
        if (keeps) book.lowerHeld(peer, effect.heads);
        if (keeps && welcome.isProvince) {
          book.provincePutBack(Math.floor(ground.now() + (offsetMs ?? 0)));
          parts.provinceHolds(null);
        }
        break;
      case 'amnesia': {
        log('warn', 'a peer knows more of this PC than this PC does', { diverged: effect.diverged });
        await ground.forks.newIncarnation(effect.incarnation);
        comeBack();
        break;
      }
      case 'lookup': {
        const { id } = effect;
        const keys = ground.keysAsked?.(effect.question, station) ?? null;
        const here = keys ? Promise.resolve(keys) : answerOfState(ground.store, effect.question, station);
        // not waited for: what came in behind the question must not wait for the province
        void (here ?? parts.asked(effect.question)).then(
          (answer) => running.tell({ type: 'found', id, answer }),
          () => running.tell({ type: 'found', id, answer: new Uint8Array() }),
        );
        break;
      }
      case 'blobComplete':
        ground.blobsGrew();
        break;
      case 'found':
        lookups.get(effect.id)?.(effect.answer);
        break;
      case 'offset':
        offsetMs = effect.ms;
        noteNow(false);
        break;
    }
    parts.changed();
  }

  /** A hub's word about the province; what is of a log that is no more is not believed again. */
  function heldByProvince({ heads, whole }: Extract<Told, { type: 'heldByProvince' }>): void {
    if (whole) theirProvinceLog = whole.id;
    const standing = whole && book.toldOfProvince(whole);
    if (theirProvinceLog !== null && theirProvinceLog !== book.provinceLog()?.id) return;
    const news = heads.filter(isNews(book.held('province')));
    book.addHeld('province', news);
    if (standing === 'newer') parts.provinceHolds(null);
    else if (news.length > 0) parts.provinceHolds(news);
  }

  function noteCaughtUp(): void {
    if (wasCaughtUp || !done.up || !done.down) return;
    wasCaughtUp = true;
    ground.caughtUp?.(meeting);
  }

  /** Equal changes and equal rules must show the same tables; anything else is a bug that nobody would notice. */
  function compareStates(effect: Extract<Told, { type: 'digest' }>): void {
    const { ours, theirs } = effect;
    if (!effect.equal || !ours || !theirs || ours.fingerprint !== theirs.fingerprint) return;
    const differ = ours.digest !== theirs.digest;
    if (differ) log('error', 'a peer with the same changes shows other tables', { peer });
    if (keeps) book.note(peer, { statesDifferAt: differ ? ground.now() : null });
    // one of the two begins, and the province has no tables to compare row by row
    if (differ && keeps && !welcome.isProvince && !healing) {
      healing = healTogether(ground.store, lookup, station, log)
        .then((healed) => {
          if (healed) log('info', 'the tables were written anew here and there', { peer });
        })
        .catch((bug: unknown) =>
          log('error', 'comparing tables failed', { name: bug instanceof Error ? bug.name : '' }),
        )
        .finally(() => {
          healing = null;
        });
    }
  }

  async function settleFork(fork: Extract<Told, { type: 'forked' }>): Promise<void> {
    const key = feedKey(fork.feed);
    const proven = book.held('province').find((head) => feedKey(head) === key && head.seq >= fork.seq);
    const yields = theirsStays(
      { hash: fork.ourHash, atProvince: proven !== undefined },
      { hash: fork.theirHash, atProvince: fork.theirsAtProvince },
      role === 'initiator' && welcome.isProvince,
    );
    log('warn', 'two branches of one feed met', { peer, feed: key, seq: fork.seq, yields });
    if (!yields) {
      // the peer may not know, and would keep its branch for ever; told at the number where they part, which both hold
      if (proven)
        running.tell({
          type: 'provinceHolds',
          heads: [{ ...fork.feed, seq: fork.seq, hash: fork.ourHash }],
        });
      return;
    }
    book.forgetHeldFrom(fork.feed, fork.seq);
    const { displaced } = await ground.forks.displace(fork.feed, fork.seq);
    log('warn', 'our branch was set aside', { feed: key, seq: fork.seq, displaced });
    ground.branchMoved(fork.feed.station, running);
    const own = ground.store.station;
    if (own.id === fork.feed.station && own.incarnation !== hello.incarnation && role === 'initiator')
      comeBack();
    else running.tell({ type: 'displaced', feed: fork.feed, seq: fork.seq });
  }

  /** Under another incarnation than hello named, nothing more may be said here. */
  function comeBack(): void {
    running.close('closed', 'new incarnation');
  }

  function noteNow(last: boolean): void {
    const now = ground.now();
    if (!keeps || (!last && now - notedAt < NOTE_EVERY_MS)) return;
    notedAt = now;
    if (!ground.store.sql.open) return;
    // only good to know, and nobody waits for it who could be told that the disk is full
    try {
      book.note(peer, {
        lastContactAt: now,
        ...(rate !== null && { rate }),
        ...(offsetMs !== null && { offsetMs }),
      });
    } catch (error) {
      log('warn', 'what a session showed could not be written down', {
        peer,
        name: error instanceof Error ? error.name : '',
      });
    }
  }
}

/**
 * A guest is not sent what its own station wrote. But a cloned disk makes two PCs with one station's name, which know
 * each other's work only from us: where a name has several incarnations, everything is sent, and some of it twice.
 */
function forGuest({ store, changes, linesOf }: Ground, station: string): StationChangeStore {
  const incarnations = store.sql
    .prepare<[string], number>('SELECT count(DISTINCT incarnation) FROM feed WHERE station = ? AND seq > 0')
    .pluck();
  return {
    ...changes,
    since: (lane, cursor, limit, notFor) =>
      changes.since(
        lane,
        cursor,
        limit,
        linesOf(station) > 1 || (incarnations.get(station) ?? 0) > 1 ? null : notFor,
      ),
  };
}

/** Feeds that end here where the peer's runs do, with nothing of them refused: it holds what we hold. */
function broughtWhole(runs: readonly Run[], { heads, refused }: Taken): Head[] {
  const ends = new Map(runs.map((run) => [feedKey(run.feed), run.firstSeq + run.stored.length - 1]));
  for (const refusal of refused) ends.delete(feedKey(refusal));
  return heads.filter((head) => ends.get(feedKey(head)) === head.seq);
}

/** What is known already is not passed on: two hubs connected to each other would tell each other the same for ever. */
function isNews(known: readonly Head[]): (head: Head) => boolean {
  const seqs = new Map(known.map((head) => [feedKey(head), head.seq]));
  return (head) => head.seq > (seqs.get(feedKey(head)) ?? 0);
}

/** Ends that are the line's doing: the next session with this peer sends smaller pieces. */
export const isCut = (code: EndCode): boolean => code === 'closed' || code === 'silent';
