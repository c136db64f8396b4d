// Proving that both ends hold the same: asked by the initiator when both directions are quiet, answered by both ends'
// vectors. A cursor is a claim; this is the proof, and what heals when the two turn out different.
import type { Sha256 } from './bytes.ts';
import type { Line, Stock } from './line.ts';
import type { Head } from './port.ts';
import type { StateDigest } from './session-types.ts';
import { vectorDigest } from './vector.ts';

export interface Equality {
  /** Something was written, sent or came: what was proven is not known any more. */
  moved(): void;
  /** Known from the first words. */
  proven(): void;
  /** After every event; `quiet`: nothing is under way in either direction. */
  plan(quiet: boolean): void;
  digest(theirs: string, state: StateDigest | null, answer: boolean): void;
  /** A vector goes out, whoever asked for it. */
  vectorSent(): void;
  /** When to look again; null: not planned. */
  next(): number | null;
}

/** Quiet time before equality is proven again, and the least time between two proofs. */
const QUIET_MS = 2_000;
const BETWEEN_PROOFS_MS = 10_000;
/** Proven again even if nothing moved: a copy of this station may have brought what a cursor passes over. */
const PROVE_AGAIN_MS = 5 * 60_000;
/** When both ends are quiet and not equal: asked once more, then vectors are exchanged, each time later. */
const ASK_AGAIN_MS = 3_000;
const BETWEEN_VECTORS_MS = 60_000;

export interface EqualityParts {
  readonly initiator: boolean;
  /** Least time between two proofs that carry the state as well. */
  readonly stateEveryMs: number;
  readonly sha256: Sha256;
  /** Before an answer: where the initiator stands in our log. */
  announce(): void;
  sendVector(heads: readonly Head[]): void;
  /** The peer holds all of this. */
  equal(stock: Stock): void;
}

export function createEquality(line: Line, parts: EqualityParts): Equality {
  const { initiator, sha256, stateEveryMs } = parts;
  let moved = true;
  let proofAt: number | null = null;
  let lastProof = Number.NEGATIVE_INFINITY;
  let lastState = Number.NEGATIVE_INFINITY;
  let asking = false;
  let mismatches = 0;
  let lastVector = Number.NEGATIVE_INFINITY;
  let vectorGap = 0;

  function prove(): void {
    asking = true;
    moved = false;
    lastProof = line.now();
    const withState = line.now() >= lastState + stateEveryMs;
    if (withState) lastState = line.now();
    line.askHeads(({ heads, state }) =>
      line.send({
        type: 'digest',
        answer: true,
        vector: vectorDigest(heads, sha256),
        state: withState ? state : null,
      }),
    );
  }

  /** Nothing moved between question and answer, and still they differ. */
  function differ(heads: readonly Head[]): void {
    mismatches += 1;
    if (mismatches < 2) proofAt = line.now() + ASK_AGAIN_MS;
    else if (line.now() >= lastVector + vectorGap) {
      vectorGap = Math.max(BETWEEN_VECTORS_MS, vectorGap * 2);
      parts.sendVector(heads);
    } else proofAt = lastVector + vectorGap;
  }

  return {
    moved() {
      moved = true;
    },
    proven() {
      moved = false;
      lastProof = line.now();
    },
    plan(quiet) {
      if (!quiet || asking) {
        if (moved) proofAt = null;
        return;
      }
      const first = lastProof === Number.NEGATIVE_INFINITY;
      if (moved && proofAt === null)
        proofAt = first ? line.now() : Math.max(line.now() + QUIET_MS, lastProof + BETWEEN_PROOFS_MS);
      if (proofAt === null) proofAt = lastProof + PROVE_AGAIN_MS;
      if (line.now() < proofAt) return;
      proofAt = null;
      prove();
    },
    digest(theirs, state, answer) {
      line.askHeads((stock) => {
        const ours = vectorDigest(stock.heads, sha256);
        const equal = ours === theirs;
        line.emit({ type: 'digest', vector: theirs, equal, theirs: state, ours: stock.state });
        if (answer) {
          parts.announce();
          line.send({ type: 'digest', answer: false, vector: ours, state: state ? stock.state : null });
        } else asking = false;
        if (equal) {
          mismatches = 0;
          vectorGap = 0;
          parts.equal(stock);
        } else if (initiator && !moved) differ(stock.heads);
      });
    },
    vectorSent() {
      lastVector = line.now();
    },
    next: () => proofAt,
  };
}
