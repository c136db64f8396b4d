// One meeting of two places, from welcome to the cut: a pure function of its events. What has arrived is only what
// the peer answered for with the right hash; what is equal is only what both ends' vectors prove; everything else is
// an optimistic guess that costs at most sending something twice.

import { createBlobExchange } from './blob-exchange.ts';
import { createBranches, nameOf } from './branches.ts';
import { createEquality } from './equality.ts';
import { createLiveness, NEAR_MS } from './flow.ts';
import { createIncoming } from './incoming.ts';
import type { Cursors, Line, Stock } from './line.ts';
import { createOutgoing } from './outgoing.ts';
import { type FeedName, feedKey, type Head } from './port.ts';
import type { Effect, EndCode, Session, SessionEvent, SessionStart } from './session-types.ts';
import { compareHeads, marksOf, vectorDigest } from './vector.ts';
import { decodeFrame, encodeFrame, type Frame, MAX_LOOKUP_BYTES, type Mark, WireError } from './wire.ts';

/**
 * The state goes to the province this often at most: a far line is short of bytes, and what the state finds is a bug of
 * a program, not the line's doing.
 */
const STATE_EVERY_MS = 60_000;

export function createSession(start: SessionStart): Session {
  const { role, hello, welcome, sha256 } = start;
  const initiator = role === 'initiator';
  const oneWay = hello.mode === 'deliver' || welcome.mode === 'deliver';
  const sends = initiator || !oneWay;
  const alive = createLiveness(role, start.now);
  const waitingFor = new Map<number, (answer: SessionEvent) => void>();
  let effects: Effect[] = [];
  let now = start.now;
  let over = false;
  let tokens = 0;
  let lastWake = Number.NaN;
  let lastPing = Number.NEGATIVE_INFINITY;

  let saidUp = false;
  /** Last CURSOR sent. */
  let announced: Cursors | null = null;
  const held = new Map(start.held.map((head) => [feedKey(head), head.seq]));

  const line: Line = {
    now: () => now,
    emit,
    send,
    token: () => ++tokens,
    fail: (detail) => close('garbled', detail),
    askHeads,
    askHashes(at, use) {
      if (at.length === 0) {
        use([]);
        return;
      }
      const token = line.token();
      waitingFor.set(token, (answer) => {
        if (answer.type === 'hashes') use(answer.hashes);
      });
      emit({ type: 'hashes', token, at });
    },
  };
  const out = createOutgoing(line, { rate: start.rate, cuts: start.cuts ?? 0, sha256 }, (cursors) => {
    announced = cursors;
    send({ type: 'cursor', at: cursors });
  });
  const blobs = createBlobExchange(line, out.flow.rate, {
    pulls: !(initiator && oneWay),
    serves: !(!initiator && oneWay),
  });
  const branches = createBranches(line, initiator && welcome.isProvince, out.stop, (feed, run) =>
    incoming.unreadable(feed, run),
  );
  const incoming = createIncoming(
    line,
    sha256,
    initiator,
    () => branches.search,
    (heads) => {
      remember(heads);
      branches.arrived(heads);
    },
  );
  const equality = createEquality(line, {
    initiator,
    stateEveryMs: welcome.isProvince ? STATE_EVERY_MS : 0,
    sha256,
    announce() {
      if (sends) announce();
    },
    sendVector: (heads) => sendVector(heads, true),
    equal({ heads }) {
      remember(heads);
      emit({ type: 'verified' });
    },
  });

  return {
    begin: () => collect(start.now, begin),
    on: (event, at) => (over ? [] : collect(at, () => handle(event))),
    facts: () => ({
      inFlightBytes: out.flow.inFlight(),
      sending: !out.idle(),
      receiving: incoming.waiting() > 0,
      rate: out.flow.rate(),
    }),
  };

  function collect(at: number, work: () => void): Effect[] {
    effects = [];
    now = Math.max(now, at);
    work();
    if (!over) settle();
    return effects;
  }

  function emit(effect: Effect): void {
    if (!over) effects.push(effect);
  }

  function send(frame: Frame): void {
    if (over) return;
    alive.spoke(now);
    const bytes = encodeFrame(frame);
    out.alsoSent(bytes.length);
    emit({ type: 'send', bytes });
  }

  function close(code: EndCode, detail: string): void {
    if (over) return;
    send({ type: 'bye', code, retryAfterMs: 0, detail });
    emit({ type: 'close', code, detail });
    over = true;
  }

  function askHeads(use: (stock: Stock) => void): void {
    const token = line.token();
    waitingFor.set(token, (answer) => {
      if (answer.type === 'heads') use(answer);
    });
    emit({ type: 'heads', token });
  }

  // --- beginning ---

  function begin(): void {
    alive.spoke(now);
    // how near the other end is decides how this begins; asked before anything that would hold up the answer
    if (start.rate === null && !welcome.sameVector) ping();
    if (initiator) beginInitiator();
    else if (sends) beginResponder();
    else if (welcome.vectorsNeeded) askHeads(({ heads }) => sendVector(heads, false));
  }

  function beginInitiator(): void {
    const resync = start.resync === true;
    if (welcome.sameVector && !resync) {
      askHeads((stock) => {
        if (vectorDigest(stock.heads, sha256) === hello.vector) {
          equalFromTheStart(stock);
          return;
        }
        // something was written since hello; the rest is as it was told, and the responder says nothing more of it
        out.beyond(new Map(held), null);
        incoming.nothingToCome();
      });
    } else if (oneWay) {
      // no digest will prove that it still holds what it once took in (it may have been restored), so its vector must;
      // nothing waits for it, or a body of POST would never carry changes: no CURSOR ends the need for vectors here
      askHeads(({ heads }) => sendVector(heads, !welcome.vectorsNeeded || welcome.sameVector));
      out.beyond(new Map(held), null);
    } else if (welcome.vectorsNeeded || resync) {
      // the responder sends its own unasked when it needs ours and has something else
      askHeads(({ heads }) => sendVector(heads, !welcome.vectorsNeeded || welcome.sameVector));
    } else out.beyond(new Map(held), null);
  }

  function beginResponder(): void {
    if (welcome.sameVector) {
      askHeads((stock) => {
        const end: Cursors = [stock.end, stock.end, stock.end];
        if (vectorDigest(stock.heads, sha256) === hello.vector) {
          out.since(end);
          announced = hello.cursors.every((at) => at === stock.end) && !welcome.vectorsNeeded ? end : null;
          remember(stock.heads);
          emit({ type: 'verified' });
        } else if (welcome.vectorsNeeded) sendVector(stock.heads, true);
        else out.since(hello.cursors);
      });
    } else if (welcome.vectorsNeeded) askHeads(({ heads }) => sendVector(heads, false));
    else out.since(hello.cursors);
  }

  function equalFromTheStart(stock: Stock): void {
    out.beyond(new Map(stock.heads.map((head) => [feedKey(head), head.seq])), null);
    remember(stock.heads);
    incoming.nothingToCome();
    equality.proven();
    emit({ type: 'verified' });
  }

  // --- events ---

  function handle(event: SessionEvent): void {
    switch (event.type) {
      case 'frame':
        alive.heard(now);
        frame(event.bytes);
        return;
      case 'heard':
        alive.heard(now);
        return;
      case 'grew':
        equality.moved();
        saidUp = false;
        out.grew();
        return;
      case 'packed':
        if (event.frame) {
          equality.moved();
          saidUp = false;
          alive.spoke(now);
        }
        out.packed(event);
        return;
      case 'taking':
        out.holds(event.heads);
        return;
      case 'took':
        incoming.took(event);
        return;
      case 'heads':
      case 'hashes': {
        const use = waitingFor.get(event.token);
        waitingFor.delete(event.token);
        use?.(event);
        return;
      }
      case 'displaced':
        equality.moved();
        branches.search.forget(event.feed);
        out.resume(event.feed, event.seq);
        incoming.replace(event.feed, event.seq);
        return;
      case 'provinceHolds':
        if (event.heads.length > 0 || event.whole)
          send({ type: 'provinceHolds', whole: event.whole ?? null, heads: marksOf(event.heads) });
        return;
      case 'lookup':
        send({ type: 'lookup', id: event.id, question: event.question.subarray(0, MAX_LOOKUP_BYTES) });
        return;
      case 'found':
        send({ type: 'found', id: event.id, answer: event.answer.subarray(0, MAX_LOOKUP_BYTES) });
        return;
      case 'blobsGrew':
      case 'blobsWanted':
      case 'blobsOnlyHere':
      case 'blobAbout':
      case 'blobLearn':
      case 'blobRead':
      case 'blobTake':
        blobs.event(event);
        return;
      case 'buffered':
        out.buffered(event.bytes);
        return;
      case 'tick':
        return;
    }
  }

  function frame(bytes: Uint8Array): void {
    let read: Frame;
    try {
      read = decodeFrame(bytes);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      close('garbled', error.message);
      return;
    }
    switch (read.type) {
      case 'changes':
        if (initiator && oneWay) {
          close('garbled', 'changes where none were asked for');
          return;
        }
        equality.moved();
        incoming.frame(bytes, read.lane, read.cursor);
        return;
      case 'ack':
        out.acked(read.number, read.proof, read.missing);
        return;
      case 'need':
        need(read.feed, read.from);
        return;
      case 'fork':
        branches.told(read.feed, read.seq, read.hash16);
        return;
      case 'refused':
        out.stop(read.feed);
        emit({ type: 'refused', feed: read.feed, seq: read.seq, reason: read.reason });
        return;
      case 'vector':
        vector(read.heads, read.answer);
        return;
      case 'digest':
        equality.digest(read.vector, read.state, read.answer);
        return;
      case 'ping':
        send({ type: 'pong', sent: read.sent, wall: Math.max(0, Math.floor(start.wall())) });
        return;
      case 'pong': {
        const roundTripMs = now - read.sent;
        if (roundTripMs < 0) {
          close('garbled', 'an answer before the question');
          return;
        }
        if (roundTripMs < NEAR_MS) out.flow.isNear();
        const ms = Math.round(read.wall + roundTripMs / 2 - start.wall());
        emit({ type: 'offset', ms, roundTripMs });
        return;
      }
      case 'cursor':
        if (!initiator) {
          close('garbled', 'a cursor from who has none');
          return;
        }
        incoming.toldCursor(read.at);
        return;
      case 'provinceHolds':
        branches.provinceHolds(read.heads, read.whole);
        return;
      case 'bye':
        emit({ type: 'close', code: read.code, retryAfterMs: read.retryAfterMs, detail: read.detail });
        over = true;
        return;
      case 'askHashes': {
        const { id, feed, seqs } = read;
        line.askHashes(
          seqs.map((seq) => ({ feed, seq })),
          (hashes) => send({ type: 'hashes', id, hashes: hashes.map((hash) => hash?.slice(0, 32) ?? null) }),
        );
        return;
      }
      case 'hashes':
        branches.search.answered(read.id, read.hashes);
        return;
      case 'lookup':
        emit({ type: 'lookup', id: read.id, question: read.question });
        return;
      case 'found':
        emit({ type: 'found', id: read.id, answer: read.answer });
        return;
      case 'offer':
      case 'have':
      case 'want':
      case 'chunk':
        blobs.frame(read);
        return;
    }
  }

  function need(feed: FeedName, from: number): void {
    branches.search.forget(feed);
    askHeads(({ heads }) => {
      // only a feed we sent can be asked for, so the line has changed a name on the way, and what came under the wrong
      // one will never be asked for under its own
      if (heads.some((head) => feedKey(head) === feedKey(feed))) out.need(feed, from);
      else close('garbled', 'a feed nobody here has');
    });
  }

  function remember(heads: readonly Head[]): void {
    const plain = heads.map(({ station, incarnation, lane, seq, hash }) => ({
      station,
      incarnation,
      lane,
      seq,
      hash,
    }));
    out.holds(plain);
    if (plain.length > 0) emit({ type: 'held', heads: plain });
  }

  // --- who holds what ---

  function sendVector(heads: readonly Head[], answer: boolean): void {
    equality.vectorSent();
    send({ type: 'vector', answer, heads: marksOf(heads) });
  }

  function vector(marks: readonly Mark[], answer: boolean): void {
    equality.moved();
    askHeads(({ heads, end }) => {
      if (answer) sendVector(heads, false);
      const { equal, parted: other, behind, ahead } = compareHeads(heads, marks);
      if (initiator) regressed(marks);
      line.askHashes(
        behind.map(({ ours, theirs }) => ({ feed: nameOf(ours), seq: theirs.seq })),
        (hashes) => {
          const known = [...equal];
          // looked at anew: what was found earlier in this session may have been set aside since
          for (const { ours } of [...other, ...behind]) branches.search.forget(ours);
          for (const { ours } of other) branches.search.begin(nameOf(ours), ours.seq);
          behind.forEach(({ ours, theirs }, i) => {
            const hash = hashes[i];
            if (hash?.startsWith(theirs.hash16)) known.push({ ...ours, seq: theirs.seq, hash });
            else branches.search.begin(nameOf(ours), theirs.seq);
          });
          const positions = new Map(known.map((head) => [feedKey(head), head.seq]));
          for (const { ours } of other) positions.set(feedKey(ours), ours.seq);
          for (const { ours } of ahead) if (ours) positions.set(feedKey(ours), ours.seq);
          for (const { ours, theirs } of behind)
            if (!positions.has(feedKey(ours))) positions.set(feedKey(ours), Math.max(ours.seq, theirs.seq));
          if (sends) out.beyond(positions, initiator ? null : [end, end, end]);
          remember(known);
          announced = null;
        },
      );
    });
  }

  function regressed(marks: readonly Mark[]): void {
    const theirs = new Map(marks.map((mark) => [feedKey(mark), mark.seq]));
    const less = start.held
      .map((head) => ({ ...head, before: head.seq, seq: theirs.get(feedKey(head)) ?? 0 }))
      .filter(({ before, seq }) => seq < before);
    if (less.length === 0) return;
    line.askHashes(
      less.map((head) => ({ feed: nameOf(head), seq: head.seq })),
      (hashes) => {
        // what we do not hold under that number is nothing we could believe of them
        const heads = less.map((head, i) => {
          const hash = hashes[i] ?? null;
          return { ...nameOf(head), seq: hash === null ? 0 : head.seq, hash: hash ?? head.hash };
        });
        emit({ type: 'regressed', heads });
      },
    );
  }

  // --- after every event ---

  function settle(): void {
    out.pump();
    if (out.idle() && !saidUp) {
      saidUp = true;
      emit({ type: 'caughtUp', direction: 'up' });
    }
    if (!initiator && sends && out.sentAll() && announced === null) announce();
    if (initiator && !oneWay) equality.plan(incoming.caughtUp() && out.idle() && incoming.waiting() === 0);
    // files last: when all changes there are have been sent, and whenever the line has drained
    if (!over && out.roomBelow() && (initiator || !sends || announced)) blobs.idle();
    live();
    if (!over) wake();
  }

  /** Where the initiator stands in our log, also behind what was not for it. */
  function announce(): void {
    const at = out.cursors();
    if (!out.sentAll() || (announced && at.every((c, lane) => c === announced?.[lane]))) return;
    announced = [...at];
    send({ type: 'cursor', at: announced });
  }

  function live(): void {
    const state = alive.state(now);
    if (state === 'dead') {
      close('silent', 'nothing heard');
      return;
    }
    if (state === 'ping' && now - lastPing >= 5_000) ping();
  }

  function ping(): void {
    lastPing = now;
    send({ type: 'ping', sent: Math.max(0, Math.floor(now)) });
  }

  function wake(): void {
    const never = Number.POSITIVE_INFINITY;
    const at = Math.min(alive.next(), equality.next() ?? never, blobs.next() ?? never);
    if (at === lastWake) return;
    lastWake = at;
    emit({ type: 'wake', at });
  }
}
