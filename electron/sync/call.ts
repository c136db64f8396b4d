// One attempt to talk to a place this PC calls: dial, first words, a session until it ends. Every way in which that
// can fail is an EndCode with a sentence; none is an exception.
import { WireError } from '../../shared/sync/bytes.ts';
import { type BodyWire, bodyWire } from '../../shared/sync/exchange.ts';
import { NEAR_MS } from '../../shared/sync/flow.ts';
import { judgeWelcome, makeHello } from '../../shared/sync/greet.ts';
import { decodeWelcome, encodeHello } from '../../shared/sync/hello.ts';
import type { Head } from '../../shared/sync/port.ts';
import type { Hello, Welcome } from '../../shared/sync/session-types.ts';
import { sha256 } from '../store/crypto.ts';
import type { Address } from './address.ts';
import {
  type Deadlines,
  dial,
  type Keys,
  type LineEnd,
  type Outcome,
  post,
  type Tickets,
  type Trusted,
  upgrade,
} from './line.ts';
import { type Ground, type Meeting, meet } from './meeting.ts';

/** Who answered, by its key. */
export interface Callee {
  /** `province`, or a station's id. */
  readonly peer: string;
  /** 32 hex digits; null: not known yet (plain lines of training mode). */
  readonly station: string | null;
}

export interface CallParts {
  readonly ground: Ground;
  readonly keys: Keys;
  readonly address: Address;
  /** Fingerprint known beforehand, for taking up a TLS session of before. */
  readonly expected: string | null;
  /** Null: not somebody this PC may talk to. `fingerprint` is null on a plain line. */
  who(fingerprint: string | null): Callee | null;
  readonly tickets: Tickets;
  readonly deadlines: Deadlines;
  readonly signal: AbortSignal;
  readonly mode: 'both' | 'deliver';
  /** A proxy let no WebSocket through lately. */
  readonly postOnly: boolean;
  /** Sessions with this place that were cut one after another. */
  readonly cuts: number;
  /** Somebody answered and is who it should be. `meeting` is null over POST. */
  began(callee: Callee, welcome: Welcome, transport: 'websocket' | 'post', meeting: Meeting | null): void;
  /** The place is busy with another session of ours, so this one need not go on. */
  already(callee: Callee): boolean;
  changed(): void;
  provinceHolds: Parameters<typeof meet>[0]['provinceHolds'];
  asked: Parameters<typeof meet>[0]['asked'];
}

export interface CallEnd extends LineEnd {
  /** When a session was begun: how long it lasted, ms. */
  readonly lastedMs: number | null;
  /** Nothing is wrong: call again at once (new incarnation), or when there is something to say (POST). */
  readonly again: 'now' | 'when_grown' | null;
  /** WebSocket did not come through, a POST did. */
  readonly post: boolean;
}

export async function call(parts: CallParts): Promise<CallEnd> {
  const failed = (end: LineEnd): CallEnd => ({ ...end, lastedMs: null, again: null, post: false });
  const reached = await reach(parts);
  if (!reached.ok) return failed(reached.end);
  const { trusted, callee } = reached.value;
  if (parts.already(callee)) {
    trusted.socket.destroy();
    return failed(connectedAlready);
  }
  if (parts.postOnly) {
    trusted.socket.destroy();
    return byPost(parts);
  }
  const greeted = await firstWords(parts, callee);
  const askedAt = parts.ground.now();
  const answered = await upgrade(trusted, parts.address, encodeHello(greeted), parts.deadlines, parts.signal);
  if (!answered.ok) return failed(answered.end);
  if (answered.value === null) return byPost(parts);
  const { wire, welcome: bytes } = answered.value;
  const answeredAt = parts.ground.now();
  const ready = await judge(parts, callee, greeted, bytes);
  if (!ready.ok) {
    wire.close(ready.end.code, ready.end.detail);
    return { ...failed(ready.end), again: ready.end.detail === AMNESIA ? 'now' : null };
  }
  // another line of ours may have got there meanwhile: a hub typed and heard is called by both at once
  if (parts.already(callee)) {
    wire.close('busy', CONNECTED_ALREADY);
    return failed(connectedAlready);
  }
  const started = performance.now();
  const incarnation = parts.ground.store.station.incarnation;
  const meeting = meet({
    ...parts,
    ...ready.value,
    role: 'initiator',
    peer: callee.peer,
    wire,
    near: answeredAt - askedAt < NEAR_MS,
    // its clock was read half a round trip ago
    offsetMs: Math.round(ready.value.welcome.wall - (askedAt + answeredAt) / 2),
  });
  const stop = (): void => meeting.drive.close('closed', 'stopped');
  parts.signal.addEventListener('abort', stop);
  parts.began(callee, ready.value.welcome, 'websocket', meeting);
  const end = await meeting.drive.ended;
  parts.signal.removeEventListener('abort', stop);
  const renamed = parts.ground.store.sql.open && parts.ground.store.station.incarnation !== incarnation;
  return { ...end, lastedMs: performance.now() - started, again: renamed ? 'now' : null, post: false };
}

/** This address leads to a place another line of ours leads to as well. */
export const CONNECTED_ALREADY = 'connected already';
const connectedAlready: LineEnd = { code: 'busy', retryAfterMs: 60_000, detail: CONNECTED_ALREADY };
const AMNESIA = 'new incarnation';

async function reach(parts: CallParts): Promise<Outcome<{ trusted: Trusted; callee: Callee }>> {
  const dialled = await dial({
    ...parts,
    trusts: (fingerprint) => parts.who(fingerprint) !== null,
  });
  if (!dialled.ok) return dialled;
  const callee = parts.who(dialled.value.fingerprint);
  if (callee) return { ok: true, value: { trusted: dialled.value, callee } };
  dialled.value.socket.destroy();
  return { ok: false, end: { code: 'wrong_peer', detail: 'no key on a plain line' } };
}

async function firstWords(parts: CallParts, callee: Callee): Promise<Hello> {
  const { ground } = parts;
  // a new incarnation may have been begun since the book was opened, most likely by the call just before
  ground.book.forgetCursorsOfAnotherCopy();
  const entry = ground.book.peer(callee.peer);
  return makeHello(
    {
      station: ground.store.station.id,
      incarnation: ground.store.station.incarnation,
      heads: await ground.changes.heads(),
      known: entry?.logId ? { logId: entry.logId, cursors: entry.cursors } : null,
      dictionaries: ground.dictionaries.map((one) => one.id),
      app: ground.appVersion,
      mode: parts.mode,
    },
    sha256,
  );
}

interface Ready {
  readonly hello: Hello;
  readonly welcome: Welcome;
  readonly held: Parameters<typeof meet>[0]['held'];
  readonly resync: boolean;
  readonly rate: number | null;
}

/** What the answer means for this PC; begins a new incarnation when it has to be. */
export async function judge(
  parts: Pick<CallParts, 'ground' | 'provinceHolds'>,
  callee: Callee,
  hello: Hello,
  bytes: Uint8Array,
): Promise<Outcome<Ready>> {
  const { book, changes, forks, log } = parts.ground;
  const refuse = (end: LineEnd): Outcome<never> => ({ ok: false, end });
  let welcome: Welcome;
  try {
    welcome = decodeWelcome(bytes);
  } catch (error) {
    if (error instanceof WireError) return refuse({ code: 'garbled', detail: error.message });
    throw error;
  }
  const remembered = book.held(callee.peer);
  const verdict = await judgeWelcome(hello, welcome, remembered, changes, sha256);
  if (verdict.verdict === 'end') return refuse({ code: verdict.code });
  if (callee.station !== null && welcome.station !== callee.station)
    return refuse({ code: 'wrong_peer', detail: 'another name than its certificate' });
  if (welcome.isProvince !== (callee.peer === 'province'))
    return refuse({ code: 'wrong_peer', detail: 'not what it was enrolled as' });
  if (verdict.amnesia) {
    log('warn', 'this PC is a restored copy', {
      peer: callee.peer,
      incarnation: verdict.amnesia.incarnation,
      diverged: verdict.amnesia.diverged,
    });
    await forks.newIncarnation(verdict.amnesia.incarnation);
    return refuse({ code: 'closed', detail: AMNESIA });
  }
  const isAnew = welcome.isProvince && book.metProvince(welcome.logId, Math.floor(welcome.wall));
  // what it said of others' feeds was of a log that is no more; its vector will tell
  const held = isAnew ? verdict.held.filter((head) => isOwn(head, hello)) : verdict.held;
  if (isAnew) book.addHeld(callee.peer, held);
  if (verdict.regressed.length > 0) {
    log('warn', 'a peer holds less of ours than it once proved to hold', { peer: callee.peer });
    book.lowerHeld(callee.peer, verdict.regressed);
    if (welcome.isProvince && !isAnew) book.provincePutBack(Math.floor(welcome.wall));
  }
  if (isAnew || (welcome.isProvince && verdict.regressed.length > 0)) parts.provinceHolds(null);
  const rate = book.peer(callee.peer)?.rate ?? null;
  return { ok: true, value: { hello, welcome, held, resync: verdict.resync, rate } };
}

const isOwn = (head: Head, { station, incarnation }: Hello): boolean =>
  head.station === station && head.incarnation === incarnation;

/**
 * Two requests, each a session of its own: the first brings what is there for us, the second takes ours along,
 * because a session can only be begun once the answer to hello is known.
 */
async function byPost(parts: CallParts): Promise<CallEnd> {
  const started = performance.now();
  const { changes } = parts.ground;
  const before = await changes.end();
  let goesOn = false;
  const ended = (end: LineEnd, more: Partial<CallEnd>): CallEnd => ({
    ...end,
    lastedMs: null,
    again: null,
    post: false,
    ...more,
  });
  const fetched = await request(parts, []);
  if (!fetched.ok) return ended(fetched.end, {});
  const { callee, hello, welcome, frames } = fetched.value;
  const ready = await judge(parts, callee, hello, welcome);
  if (!ready.ok) return ended(ready.end, { again: ready.end.detail === AMNESIA ? 'now' : null });
  parts.began(callee, ready.value.welcome, 'post', null);
  await withSession(parts, callee, ready.value, async (wire) => wire.deliver(frames));
  if (!ready.value.welcome.sameVector) {
    const again = { ...ready.value, hello: await firstWords(parts, callee) };
    let failure: LineEnd | null = null;
    const stood = standingWith(parts, callee);
    const isMoreLeft = await withSession(parts, callee, again, async (wire) => {
      const sent = await request(parts, wire.taken(), again.hello);
      if (sent.ok) wire.deliver(sent.value.frames);
      else failure = sent.end;
    });
    if (failure) return ended(failure, { post: true });
    // one body takes one window: a backlog goes on at once, but only as long as something comes of it
    goesOn = isMoreLeft && standingWith(parts, callee) !== stood;
  }
  const grew = (await changes.end()) !== before;
  const lastedMs = performance.now() - started;
  return ended({ code: 'closed' }, { lastedMs, again: grew || goesOn ? 'now' : 'when_grown', post: true });
}

/** What a body can move: what the place has proven to hold, and where we are in its log. */
function standingWith({ ground }: CallParts, { peer }: Callee): string {
  const held = ground.book.held(peer).reduce((sum, { seq }) => sum + seq, 0);
  const { logId, cursors } = ground.book.peer(peer) ?? { logId: null, cursors: [] };
  return [held, logId, ...cursors].join();
}

/**
 * A session that says what it has to say at once, is told `work`'s frames, and ends when it has digested them.
 * Answers whether it had more to send.
 */
async function withSession(
  parts: CallParts,
  callee: Callee,
  ready: Ready,
  work: (wire: BodyWire) => Promise<void>,
): Promise<boolean> {
  const wire = bodyWire();
  const { drive } = meet({ ...parts, ...ready, role: 'initiator', peer: callee.peer, wire });
  await drive.settled();
  await work(wire);
  await drive.settled();
  const isMoreLeft = drive.facts().sending;
  drive.close('closed');
  await drive.ended;
  return isMoreLeft;
}

async function request(parts: CallParts, frames: readonly Uint8Array[], greeting?: Hello) {
  const reached = await reach(parts);
  if (!reached.ok) return reached;
  const { trusted, callee } = reached.value;
  const hello = greeting ?? (await firstWords(parts, callee));
  const answered = await post(
    trusted,
    parts.address,
    encodeHello(hello),
    frames,
    parts.deadlines,
    parts.signal,
  );
  return answered.ok ? { ok: true as const, value: { callee, hello, ...answered.value } } : answered;
}
