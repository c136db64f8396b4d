// Heads of feeds, summed up and compared. Two places whose vector digests are equal hold the same changes, because
// each head's hash stands for its whole chain.
import { hexOf, type Sha256, writer } from './bytes.ts';
import { feedKey, type Head } from './port.ts';
import { compareFeeds, type Mark } from './wire.ts';

/** 32 hex digits: SHA-256 over all heads in the order of compareFeeds, first 16 bytes. Feeds at 0 do not count. */
export function vectorDigest(heads: Iterable<Head>, sha256: Sha256): string {
  return summed(sorted(heads), sha256);
}

/** 32 hex digits, over the runs of one frame in its order: what ACK proves. */
export const frameProof = (heads: readonly Head[], sha256: Sha256): string => summed(heads, sha256);

/** 32 hex digits, over three hashes of 64 hex digits; zeros where nothing is held. */
export function ownProof(hashes: readonly (string | null)[], sha256: Sha256): string {
  const w = writer(96);
  for (const hash of hashes) w.hex(hash ?? NO_HASH);
  return hexOf(sha256(w.done()).subarray(0, 16));
}

/** `prev` of a feed's first change. */
export const NO_HASH = '0'.repeat(64);

export const markOf = (head: Head): Mark => ({
  station: head.station,
  incarnation: head.incarnation,
  lane: head.lane,
  seq: head.seq,
  hash16: head.hash.slice(0, 32),
});

/** In the order in which they travel. */
export const marksOf = (heads: Iterable<Head>): Mark[] => sorted(heads).map(markOf);

export interface Comparison {
  /** Held by both under one number, with these hashes: ours to give, theirs to get, by feed. */
  readonly equal: readonly Head[];
  /** Same number, other hash. */
  readonly parted: readonly { readonly ours: Head; readonly theirs: Mark }[];
  /** They hold less: our hash at their number must be compared before going on from there. */
  readonly behind: readonly { readonly ours: Head; readonly theirs: Mark }[];
  /** They hold more, or we hold nothing of it. */
  readonly ahead: readonly { readonly ours: Head | null; readonly theirs: Mark }[];
  /** They hold nothing of these. */
  readonly unknown: readonly Head[];
}

export function compareHeads(ours: Iterable<Head>, theirs: readonly Mark[]): Comparison {
  const left = new Map([...ours].filter((head) => head.seq > 0).map((head) => [feedKey(head), head]));
  const equal: Head[] = [];
  const parted: { ours: Head; theirs: Mark }[] = [];
  const behind: { ours: Head; theirs: Mark }[] = [];
  const ahead: { ours: Head | null; theirs: Mark }[] = [];
  for (const mark of theirs) {
    const head = left.get(feedKey(mark));
    left.delete(feedKey(mark));
    if (!head || mark.seq > head.seq) ahead.push({ ours: head ?? null, theirs: mark });
    else if (mark.seq < head.seq) behind.push({ ours: head, theirs: mark });
    else if (head.hash.startsWith(mark.hash16)) equal.push(head);
    else parted.push({ ours: head, theirs: mark });
  }
  return { equal, parted, behind, ahead, unknown: [...left.values()] };
}

const sorted = (heads: Iterable<Head>): Head[] =>
  [...heads].filter((head) => head.seq > 0).sort(compareFeeds);

function summed(heads: readonly Head[], sha256: Sha256): string {
  const w = writer(heads.length * 64);
  for (const head of heads) {
    w.hex(head.station);
    w.count(head.incarnation * 4 + head.lane);
    w.count(head.seq);
    w.hex(head.hash);
  }
  return hexOf(sha256(w.done()).subarray(0, 16));
}
