// What the two sides say first and what each makes of it: who has more of the initiator's own feeds, whether a copy
// went on writing under numbers already used, and whether anything has to travel at all.
import type { Sha256 } from './bytes.ts';
import { PROTOCOL } from './hello.ts';
import { type ChangeStore, feedKey, type Head } from './port.ts';
import type { EndCode, Hello, Welcome } from './session-types.ts';
import { ownProof, vectorDigest } from './vector.ts';

type Seqs = readonly [number, number, number];
const lanes = [0, 1, 2] as const;

export interface HelloParts {
  readonly station: string;
  readonly incarnation: number;
  readonly heads: readonly Head[];
  /** Cursors kept of this responder; null at a first meeting. */
  readonly known: { readonly logId: string; readonly cursors: Seqs } | null;
  readonly dictionaries: readonly string[];
  readonly app: string;
  readonly mode: 'both' | 'deliver';
}

export function makeHello(parts: HelloParts, sha256: Sha256): Hello {
  const own = ownHeads(parts.heads, parts);
  return {
    protocol: PROTOCOL,
    station: parts.station,
    incarnation: parts.incarnation,
    ownSeqs: seqsOf(own),
    ownProof: ownProof(
      own.map((head) => head?.hash ?? null),
      sha256,
    ),
    logId: parts.known?.logId ?? null,
    cursors: parts.known?.cursors ?? [0, 0, 0],
    vector: vectorDigest(parts.heads, sha256),
    dictionaries: parts.dictionaries,
    app: parts.app,
    mode: parts.mode,
  };
}

export interface Answerer {
  /** 32 hex digits */
  readonly station: string;
  readonly isProvince: boolean;
  readonly store: Pick<ChangeStore, 'logId' | 'heads' | 'hashesAt' | 'end'>;
  readonly dictionaries: readonly string[];
  readonly app: string;
  /** deliver: takes what comes and shows nothing (a revoked station). */
  readonly mode: 'both' | 'deliver';
  wall(): number;
}

export type Answer = { readonly welcome: Welcome } | { readonly end: Extract<EndCode, 'update_needed'> };

/** Whether `hello.station` may connect at all has been decided before, by its certificate. */
export async function answerHello(hello: Hello, by: Answerer, sha256: Sha256): Promise<Answer> {
  if (hello.protocol !== PROTOCOL) return { end: 'update_needed' };
  const { store } = by;
  const [logId, end] = [await store.logId(), await store.end()];
  const heads = await store.heads();
  const held = ownHeads(heads, hello);
  const heldSeqs = seqsOf(held);
  const cursorsKnown = hello.logId === logId && hello.cursors.every((cursor) => cursor <= end);
  // it stands before the first commit of whatever log: vectors would cost a new PC a round trip after every cut
  const holdsNothing = hello.logId === null && hello.vector === vectorDigest([], sha256);
  const welcome: Welcome = {
    protocol: PROTOCOL,
    station: by.station,
    isProvince: by.isProvince,
    logId,
    heldSeqs,
    heldProof: await proofAt(store, hello, lowest(heldSeqs, hello.ownSeqs), sha256),
    incarnation: heads.reduce(
      (most, head) => (head.station === hello.station ? Math.max(most, head.incarnation) : most),
      0,
    ),
    sameVector: hello.vector === vectorDigest(heads, sha256),
    vectorsNeeded: !cursorsKnown && !holdsNothing,
    dictionaries: by.dictionaries,
    wall: by.wall(),
    app: by.app,
    mode: hello.mode === 'deliver' ? 'deliver' : by.mode,
  };
  return { welcome };
}

export type Judgement =
  | { readonly verdict: 'end'; readonly code: Extract<EndCode, 'update_needed' | 'wrong_peer'> }
  | {
      readonly verdict: 'go';
      /** What the responder is known to hold: for SessionStart. */
      readonly held: readonly Head[];
      /** For SessionStart: vectors must be exchanged, whatever Welcome says. */
      readonly resync: boolean;
      /**
       * The responder knows more of our own feeds than we do: we are a restored copy. A new incarnation must be
       * begun before anything is written; `diverged`: and something else stands under numbers it knows.
       */
      readonly amnesia: { readonly incarnation: number; readonly diverged: boolean } | null;
      /** It holds something else under a number of our own feeds. */
      readonly diverged: boolean;
      /** Own feeds it once proved to hold further: it was restored or replaced. As it holds them now. */
      readonly regressed: readonly Head[];
    };

/** `remembered`: what the responder was proven to hold when last met. */
export async function judgeWelcome(
  hello: Hello,
  welcome: Welcome,
  remembered: readonly Head[],
  store: Pick<ChangeStore, 'hashesAt'>,
  sha256: Sha256,
): Promise<Judgement> {
  if (welcome.protocol !== PROTOCOL) return { verdict: 'end', code: 'update_needed' };
  // nobody has our station's name but ourselves: a line that leads back here
  if (welcome.station === hello.station) return { verdict: 'end', code: 'wrong_peer' };
  const common = lowest(welcome.heldSeqs, hello.ownSeqs);
  const diverged = (await proofAt(store, hello, common, sha256)) !== welcome.heldProof;
  const forgotten = lanes.some((l) => welcome.heldSeqs[l] > hello.ownSeqs[l]);
  // nobody is sent what its own station wrote, so what a copy of it wrote must be asked for. That alone is no reason to
  // begin another incarnation: no number is used twice, and two copies would outdo each other at every meeting
  const copied = welcome.incarnation > hello.incarnation && !(await holdsAny(store, hello.station, welcome));
  const memory = new Map(remembered.map((head) => [feedKey(head), head]));
  const regressed: Head[] = [];
  for (const lane of lanes) {
    const feed = { station: hello.station, incarnation: hello.incarnation, lane };
    const [hash] = common[lane] === 0 ? [null] : await store.hashesAt(feed, [common[lane]]);
    const proven = { ...feed, seq: common[lane], hash: hash ?? '0'.repeat(64) };
    if ((memory.get(feedKey(feed))?.seq ?? 0) > welcome.heldSeqs[lane]) regressed.push(proven);
    // a proof covers three feeds at once: when it fails, none of them is known
    if (diverged || !hash) memory.delete(feedKey(feed));
    else memory.set(feedKey(feed), proven);
  }
  return {
    verdict: 'go',
    held: [...memory.values()],
    resync: diverged || forgotten || copied || regressed.length > 0,
    amnesia: forgotten ? { incarnation: Math.max(welcome.incarnation, hello.incarnation), diverged } : null,
    diverged,
    regressed,
  };
}

/** Whether something of the highest incarnation the responder has seen is held here too. */
async function holdsAny(
  store: Pick<ChangeStore, 'hashesAt'>,
  station: string,
  { incarnation }: Welcome,
): Promise<boolean> {
  for (const lane of lanes) {
    const [hash] = await store.hashesAt({ station, incarnation, lane }, [1]);
    if (hash) return true;
  }
  return false;
}

function ownHeads(
  heads: readonly Head[],
  of: { readonly station: string; readonly incarnation: number },
): [Head | null, Head | null, Head | null] {
  const own = (lane: number): Head | null =>
    heads.find((h) => h.station === of.station && h.incarnation === of.incarnation && h.lane === lane) ??
    null;
  return [own(0), own(1), own(2)];
}

const seqsOf = (heads: readonly [Head | null, Head | null, Head | null]): Seqs => [
  heads[0]?.seq ?? 0,
  heads[1]?.seq ?? 0,
  heads[2]?.seq ?? 0,
];

const lowest = (a: Seqs, b: Seqs): Seqs => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.min(a[2], b[2])];

async function proofAt(
  store: Pick<ChangeStore, 'hashesAt'>,
  of: { readonly station: string; readonly incarnation: number },
  seqs: Seqs,
  sha256: Sha256,
): Promise<string> {
  const hashes: (string | null)[] = [];
  for (const lane of lanes) {
    const feed = { station: of.station, incarnation: of.incarnation, lane };
    const [hash] = seqs[lane] === 0 ? [null] : await store.hashesAt(feed, [seqs[lane]]);
    hashes.push(hash ?? null);
  }
  return ownProof(hashes, sha256);
}
