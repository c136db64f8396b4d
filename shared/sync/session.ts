// One meeting of two places, from welcome to the cut: a pure function of its events. What has arrived is only what
// the peer answered for with the right hash; what is equal is only what both ends' vectors prove; everything else is
// an optimistic guess that costs at most sending something twice.

import { createBlobExchange } from './blob-exchange.ts';
import { createLiveness } from './flow.ts';
import { createForkSearch, type Parting } from './fork-search.ts';
import { createOutgoing, type Line } from './outgoing.ts';
import { type FeedName, feedKey, type Head } from './port.ts';
import type { Effect, EndCode, Session, SessionEvent, SessionStart, StateDigest } from './session-types.ts';
import { compareHeads, frameProof, marksOf, vectorDigest } from './vector.ts';
import { decodeFrame, encodeFrame, type Frame, MAX_LOOKUP_BYTES, type Mark, WireError } from './wire.ts';

type Took = Extract<SessionEvent, { type: 'took' }>;
type Cursors = readonly [number, number, number];
interface Stock {
  readonly heads: readonly Head[];
  readonly end: number;
  readonly state: StateDigest | null;
}

/** CHANGES frames not taken in yet; an honest peer stays far below, because its window is full before. */
const MOST_WAITING = 256;
/** Quiet time before equality is proven again, and the least time between two proofs. */
const QUIET_MS = 2_000;
const BETWEEN_PROOFS_MS = 10_000;
/** Proven again even if nothing moved: a copy of this station may have brought what a cursor passes over. */
const PROVE_AGAIN_MS = 5 * 60_000;
/** When both ends are quiet and not equal: asked once more, then vectors are exchanged, each time later. */
const ASK_AGAIN_MS = 3_000;
const BETWEEN_VECTORS_MS = 60_000;

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

  let received = 0;
  let waiting: { token: number; number: number }[] = [];
  /** Told when everything before it has been taken in. */
  let toldCursor: Cursors | null = null;
  let inCaughtUp = false;
  let saidUp = false;
  let announced: Cursors | null = null;
  const needed = new Map<string, number>();
  /** Feeds of which the peer says that its branch is at the province. */
  const atProvince = new Set<string>();
  const held = new Map(start.held.map((head) => [feedKey(head), head.seq]));

  let moved = true;
  let proofAt: number | null = null;
  let lastProof = Number.NEGATIVE_INFINITY;
  let proving = false;
  let mismatches = 0;
  let lastVector = Number.NEGATIVE_INFINITY;
  let vectorGap = 0;

  const line: Line = {
    now: () => now,
    emit,
    token: () => ++tokens,
    fail: (detail) => close('garbled', detail),
  };
  const out = createOutgoing(
    line,
    { rate: start.rate, cuts: start.cuts ?? 0, sha256 },
    (use) => askHeads(({ heads, end }) => use(heads, end)),
    (cursors) => {
      announced = cursors;
      send({ type: 'cursor', at: cursors });
    },
  );
  const blobs = createBlobExchange(line, send, out.flow.rate, {
    pulls: !(initiator && oneWay),
    serves: !(!initiator && oneWay),
  });
  const forks = createForkSearch(line, send, askHashes, parted, (feed) => {
    // equal after all: the run itself was bad
    send({ type: 'refused', feed, seq: Math.max(1, needed.get(feedKey(feed)) ?? 1), reason: 'unreadable' });
  });

  return {
    begin: () => collect(start.now, begin),
    on: (event, at) => (over ? [] : collect(at, () => handle(event))),
    facts: () => ({
      inFlightBytes: out.flow.inFlight(),
      sending: !out.idle(),
      receiving: waiting.length > 0,
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

  function askHashes(
    at: readonly { feed: FeedName; seq: number }[],
    use: (hashes: readonly (string | null)[]) => void,
  ): void {
    if (at.length === 0) {
      use([]);
      return;
    }
    const token = line.token();
    waitingFor.set(token, (answer) => {
      if (answer.type === 'hashes') use(answer.hashes);
    });
    emit({ type: 'hashes', token, at });
  }

  // --- beginning ---

  function begin(): void {
    alive.spoke(now);
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
        inCaughtUp = true;
        emit({ type: 'caughtUp', direction: 'down' });
      });
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
    inCaughtUp = true;
    emit({ type: 'caughtUp', direction: 'down' });
    moved = false;
    lastProof = now;
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
        moved = true;
        saidUp = false;
        out.grew();
        return;
      case 'packed':
        if (event.frame) {
          moved = true;
          saidUp = false;
          alive.spoke(now);
        }
        out.packed(event);
        return;
      case 'taking':
        out.holds(event.heads);
        return;
      case 'took':
        took(event);
        return;
      case 'heads':
      case 'hashes': {
        const use = waitingFor.get(event.token);
        waitingFor.delete(event.token);
        use?.(event);
        return;
      }
      case 'displaced':
        moved = true;
        forks.forget(event.feed);
        needed.set(feedKey(event.feed), event.seq);
        send({ type: 'need', feed: event.feed, from: event.seq });
        return;
      case 'provinceHolds':
        if (event.heads.length > 0) send({ type: 'provinceHolds', heads: marksOf(event.heads) });
        return;
      case 'lookup':
        send({ type: 'lookup', id: event.id, question: event.question.subarray(0, MAX_LOOKUP_BYTES) });
        return;
      case 'found':
        send({ type: 'found', id: event.id, answer: event.answer.subarray(0, MAX_LOOKUP_BYTES) });
        return;
      case 'blobsGrew':
      case 'blobsWanted':
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
        changes(bytes, read.lane, read.cursor);
        return;
      case 'ack':
        out.acked(read.number, read.proof, read.missing);
        return;
      case 'need':
        forks.forget(read.feed);
        out.need(read.feed, read.from);
        return;
      case 'fork':
        forked(read.feed, read.seq, read.hash16);
        return;
      case 'refused':
        out.stop(read.feed);
        emit({ type: 'refused', feed: read.feed, seq: read.seq, reason: read.reason });
        return;
      case 'vector':
        vector(read.heads, read.answer);
        return;
      case 'digest':
        digest(read.vector, read.state, read.answer);
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
        const ms = Math.round(read.wall + roundTripMs / 2 - start.wall());
        emit({ type: 'offset', ms, roundTripMs });
        return;
      }
      case 'cursor':
        if (!initiator) {
          close('garbled', 'a cursor from who has none');
          return;
        }
        toldCursor = read.at;
        takeCursor();
        return;
      case 'provinceHolds':
        provinceHolds(read.heads);
        return;
      case 'bye':
        emit({ type: 'close', code: read.code, retryAfterMs: read.retryAfterMs, detail: read.detail });
        over = true;
        return;
      case 'askHashes': {
        const { id, feed, seqs } = read;
        askHashes(
          seqs.map((seq) => ({ feed, seq })),
          (hashes) => send({ type: 'hashes', id, hashes: hashes.map((hash) => hash?.slice(0, 32) ?? null) }),
        );
        return;
      }
      case 'hashes':
        forks.answered(read.id, read.hashes);
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

  // --- taking in ---

  function changes(bytes: Uint8Array, lane: 0 | 1 | 2, cursor: number): void {
    if (initiator && oneWay) {
      close('garbled', 'changes where none were asked for');
      return;
    }
    moved = true;
    received += 1;
    if (waiting.length >= MOST_WAITING) {
      close('garbled', 'flood');
      return;
    }
    const token = line.token();
    waiting.push({ token, number: received });
    emit({
      type: 'take',
      token,
      frame: bytes,
      cursor: initiator && cursor > 0 ? { lane, at: cursor } : null,
    });
  }

  function took(event: Took): void {
    const frame = waiting[0];
    if (frame?.token !== event.token) return;
    waiting = waiting.slice(1);
    if (!event.taken) {
      close('garbled', 'a frame that cannot be read');
      return;
    }
    const { refused, heads } = event.taken;
    const now = new Map(heads.map((head) => [feedKey(head), head.seq]));
    const missing: number[] = [];
    const arrived = event.runs.filter((run, place) => {
      const whole =
        (now.get(feedKey(run)) ?? 0) >= run.seq &&
        !refused.some((r) => feedKey(r) === feedKey(run) && r.seq >= run.firstSeq && r.seq <= run.seq);
      if (!whole) missing.push(place);
      return whole;
    });
    for (const { station, incarnation, lane, seq, reason, expected } of refused) {
      const feed = { station, incarnation, lane };
      if (reason === 'gap') {
        if (expected === undefined) askHeads((stock) => need(feed, headOf(stock.heads, feed) + 1));
        else need(feed, expected);
      } else if (reason === 'fork') forks.begin(feed, seq);
      else if (reason === 'broken_chain') forks.begin(feed, seq - 1);
      else send({ type: 'refused', feed, seq, reason });
    }
    send({ type: 'ack', number: frame.number, proof: frameProof(arrived, sha256), missing });
    // who sent it holds it
    if (arrived.length > 0) remember(arrived);
    takeCursor();
  }

  function need(feed: FeedName, from: number): void {
    if (needed.get(feedKey(feed)) === from) return;
    needed.set(feedKey(feed), from);
    send({ type: 'need', feed, from });
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

  /** Not before all that came ahead of it has been taken in. */
  function takeCursor(): void {
    if (!toldCursor || waiting.length > 0) return;
    const at = toldCursor;
    toldCursor = null;
    for (const lane of [0, 1, 2] as const) emit({ type: 'cursor', lane, at: at[lane] });
    if (inCaughtUp) return;
    inCaughtUp = true;
    emit({ type: 'caughtUp', direction: 'down' });
  }

  function provinceHolds(marks: readonly Mark[]): void {
    askHashes(
      marks.map((mark) => ({ feed: mark, seq: mark.seq })),
      (hashes) => {
        const heads = marks.flatMap((mark, i): Head[] => {
          const hash = hashes[i];
          if (hash && !hash.startsWith(mark.hash16)) {
            // another branch than ours is at the province, and the peer has it
            atProvince.add(feedKey(mark));
            forks.forget(mark);
            forks.begin(feedOf(mark), mark.seq);
          }
          if (!hash?.startsWith(mark.hash16)) return [];
          const { station, incarnation, lane, seq } = mark;
          return [{ station, incarnation, lane, seq, hash }];
        });
        if (heads.length > 0) emit({ type: 'heldByProvince', heads });
      },
    );
  }

  // --- branches ---

  function parted({ feed, seq, ours, theirs }: Parting): void {
    out.stop(feed);
    send({ type: 'fork', feed, seq, hash16: ours });
    emitForked(feed, seq, ours, theirs);
  }

  function forked(feed: FeedName, seq: number, theirs: string): void {
    askHashes([{ feed, seq }], ([ours]) => {
      if (!ours || ours.startsWith(theirs)) return;
      out.stop(feed);
      emitForked(feed, seq, ours.slice(0, 32), theirs);
    });
  }

  function emitForked(feed: FeedName, seq: number, ourHash: string, theirHash: string): void {
    const theirsAtProvince = (initiator && welcome.isProvince) || atProvince.has(feedKey(feed));
    emit({ type: 'forked', feed, seq, theirHash, ourHash, theirsAtProvince });
  }

  // --- who holds what ---

  function sendVector(heads: readonly Head[], answer: boolean): void {
    lastVector = now;
    send({ type: 'vector', answer, heads: marksOf(heads) });
  }

  function vector(marks: readonly Mark[], answer: boolean): void {
    moved = true;
    askHeads(({ heads, end }) => {
      if (answer) sendVector(heads, false);
      const { equal, parted: other, behind, ahead } = compareHeads(heads, marks);
      if (initiator) regressed(marks);
      askHashes(
        behind.map(({ ours, theirs }) => ({ feed: ours, seq: theirs.seq })),
        (hashes) => {
          const known = [...equal];
          for (const { ours } of other) forks.begin(feedOf(ours), ours.seq);
          behind.forEach(({ ours, theirs }, i) => {
            const hash = hashes[i];
            if (hash?.startsWith(theirs.hash16)) known.push({ ...ours, seq: theirs.seq, hash });
            else forks.begin(feedOf(ours), theirs.seq);
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
    const less = start.held.filter((head) => (theirs.get(feedKey(head)) ?? 0) < head.seq);
    if (less.length === 0) return;
    const heads = less.map((head) => ({ ...head, seq: theirs.get(feedKey(head)) ?? 0 }));
    emit({ type: 'regressed', heads });
  }

  /** Both ends quiet: time to prove that they hold the same. The initiator asks. */
  function prove(): void {
    proving = true;
    moved = false;
    lastProof = now;
    askHeads(({ heads, state }) =>
      send({ type: 'digest', answer: true, vector: vectorDigest(heads, sha256), state }),
    );
  }

  function digest(theirs: string, state: StateDigest | null, answer: boolean): void {
    askHeads((stock) => {
      const ours = vectorDigest(stock.heads, sha256);
      const equal = ours === theirs;
      emit({ type: 'digest', vector: theirs, equal, theirs: state, ours: stock.state });
      if (answer) {
        if (sends) announce();
        send({ type: 'digest', answer: false, vector: ours, state: stock.state });
      } else proving = false;
      if (equal) {
        mismatches = 0;
        vectorGap = 0;
        remember(stock.heads);
        emit({ type: 'verified' });
      } else if (initiator && !moved) differ(stock.heads);
    });
  }

  /** Nothing moved between question and answer, and still they differ. */
  function differ(heads: readonly Head[]): void {
    mismatches += 1;
    if (mismatches < 2) proofAt = now + ASK_AGAIN_MS;
    else if (now >= lastVector + vectorGap) {
      vectorGap = Math.max(BETWEEN_VECTORS_MS, vectorGap * 2);
      sendVector(heads, true);
    } else proofAt = lastVector + vectorGap;
  }

  // --- after every event ---

  function settle(): void {
    out.pump();
    if (out.idle() && !saidUp) {
      saidUp = true;
      emit({ type: 'caughtUp', direction: 'up' });
    }
    if (!initiator && sends && out.sentAll() && announced === null) announce();
    if (initiator && !oneWay) planProof();
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

  function planProof(): void {
    const quiet = inCaughtUp && out.idle() && waiting.length === 0 && !proving;
    if (!quiet) {
      if (moved) proofAt = null;
      return;
    }
    if (moved && proofAt === null) {
      const first = lastProof === Number.NEGATIVE_INFINITY;
      proofAt = first ? now : Math.max(now + QUIET_MS, lastProof + BETWEEN_PROOFS_MS);
    }
    if (proofAt === null) proofAt = lastProof + PROVE_AGAIN_MS;
    if (now >= proofAt) {
      proofAt = null;
      prove();
    }
  }

  function live(): void {
    const state = alive.state(now);
    if (state === 'dead') {
      close('silent', 'nothing heard');
      return;
    }
    if (state === 'ping' && now - lastPing >= 5_000) {
      lastPing = now;
      send({ type: 'ping', sent: Math.max(0, Math.floor(now)) });
    }
  }

  function wake(): void {
    const never = Number.POSITIVE_INFINITY;
    const at = Math.min(alive.next(), proofAt ?? never, blobs.next() ?? never);
    if (at === lastWake) return;
    lastWake = at;
    emit({ type: 'wake', at });
  }
}

const feedOf = ({ station, incarnation, lane }: FeedName): FeedName => ({ station, incarnation, lane });

const headOf = (heads: readonly Head[], feed: FeedName): number =>
  heads.find((head) => feedKey(head) === feedKey(feed))?.seq ?? 0;
