// What a session does about two branches of a feed: finds where they part, tells both ends, and lets the store decide
// (forks.ts). Which branch the province holds is part of that decision, so it is passed on with its hashes.
import { createForkSearch, type ForkSearch } from './fork-search.ts';
import type { Line } from './line.ts';
import { type FeedName, feedKey, type Head, type ProvinceLog } from './port.ts';
import type { Mark } from './wire.ts';

export interface Branches {
  readonly search: ForkSearch;
  /** The peer has found where they part. */
  told(feed: FeedName, seq: number, theirHash: string): void;
  /** `whole`: what was said before is void. */
  provinceHolds(marks: readonly Mark[], whole: ProvinceLog | null): void;
  /** These have been taken in: what was said about them before may be believed now. */
  arrived(heads: readonly Head[]): void;
}

/**
 * `peerIsProvince`: its branch is at the province by definition. `stop`: send no more of this feed. `unreadable`: the two
 * are equal up to a run that came and did not fit.
 */
export function createBranches(
  line: Line,
  peerIsProvince: boolean,
  stop: (feed: FeedName) => void,
  unreadable: (feed: FeedName, run: number) => void,
): Branches {
  /** Feeds of which the peer says that its branch is at the province. */
  const atProvince = new Set<string>();
  /** What it says the province holds and we do not. */
  const awaited = new Map<string, Mark>();
  /** Times the peer has begun anew to say what the province holds. */
  let begun = 0;

  const search = createForkSearch(
    line,
    ({ feed, seq, ours, theirs }) => {
      stop(feed);
      line.send({ type: 'fork', feed, seq, hash16: ours });
      forked(feed, seq, ours, theirs);
    },
    (feed, run) => {
      if (run === undefined) return;
      // what comes in its place is looked at anew
      search.forget(feed);
      unreadable(feed, run);
    },
  );

  function forked(feed: FeedName, seq: number, ourHash: string, theirHash: string): void {
    const theirsAtProvince = peerIsProvince || atProvince.has(feedKey(feed));
    line.emit({ type: 'forked', feed, seq, theirHash, ourHash, theirsAtProvince });
  }

  function provinceHolds(marks: readonly Mark[], whole: ProvinceLog | null): void {
    if (whole) {
      begun += 1;
      awaited.clear();
    }
    const spoken = begun;
    line.askHashes(
      marks.map((mark) => ({ feed: nameOf(mark), seq: mark.seq })),
      (hashes) => {
        // said of a log that is no more, while our own hashes were looked up
        if (spoken !== begun) return;
        const heads: Head[] = [];
        marks.forEach((mark, i) => {
          const hash = hashes[i];
          const key = feedKey(mark);
          if (hash?.startsWith(mark.hash16)) {
            awaited.delete(key);
            heads.push({ ...nameOf(mark), seq: mark.seq, hash });
            return;
          }
          awaited.set(key, mark);
          if (!hash) return;
          // another branch than ours is at the province, and the peer has it
          atProvince.add(key);
          search.forget(mark);
          search.begin(nameOf(mark), mark.seq);
        });
        if (heads.length > 0 || whole) line.emit({ type: 'heldByProvince', heads, whole });
      },
    );
  }

  return {
    search,
    told(feed, seq, theirs) {
      line.askHashes([{ feed, seq }], ([ours]) => {
        if (!ours || ours.startsWith(theirs)) return;
        stop(feed);
        forked(feed, seq, ours.slice(0, 32), theirs);
      });
    },
    provinceHolds,
    arrived(heads) {
      const due = heads.flatMap((head) => {
        const mark = awaited.get(feedKey(head));
        return mark && mark.seq <= head.seq ? [mark] : [];
      });
      if (due.length > 0) provinceHolds(due, null);
    },
  };
}

export const nameOf = ({ station, incarnation, lane }: FeedName): FeedName => ({
  station,
  incarnation,
  lane,
});
