// Finds the number at which two branches of a feed part, by asking the peer for hashes at a few numbers at a time:
// a feed of a million changes takes five round trips.
import type { Line } from './line.ts';
import { type FeedName, feedKey } from './port.ts';
import { MAX_ASKED } from './wire.ts';

export interface Parting {
  readonly feed: FeedName;
  /** First number under which the two hold different changes. */
  readonly seq: number;
  /** First 32 hex digits. */
  readonly ours: string;
  readonly theirs: string;
}

export interface ForkSearch {
  /**
   * `differs`: a number at which the two are known to differ, or may. `run`: number of the run that did not fit.
   * Once per feed, until `forget`.
   */
  begin(feed: FeedName, differs: number, run?: number): void;
  answered(id: number, hashes: readonly (string | null)[]): void;
  forget(feed: FeedName): void;
}

interface Search {
  readonly feed: FeedName;
  readonly run: number | undefined;
  /** Equal up to here. */
  low: number;
  high: number;
  asked: readonly number[];
}

/** `none`: the two turned out equal, or one of them does not hold the feed that far any more. */
export function createForkSearch(
  line: Line,
  found: (parting: Parting) => void,
  none: (feed: FeedName, run: number | undefined) => void,
): ForkSearch {
  const begun = new Set<string>();
  const searches = new Map<number, Search>();

  function ask(search: Search): void {
    const { feed, low, high } = search;
    const step = Math.max(1, Math.ceil((high - low) / MAX_ASKED));
    const seqs: number[] = [];
    for (let seq = low + step; seq < high && seqs.length < MAX_ASKED - 1; seq += step) seqs.push(seq);
    search.asked = [...seqs, high];
    const id = line.token();
    searches.set(id, search);
    line.send({ type: 'askHashes', id, feed, seqs: search.asked });
  }

  return {
    begin(feed, differs, run) {
      if (begun.has(feedKey(feed))) return;
      begun.add(feedKey(feed));
      if (differs < 1) none(feed, run);
      else ask({ feed, run, low: 0, high: differs, asked: [] });
    },
    answered(id, theirs) {
      const search = searches.get(id);
      searches.delete(id);
      if (!search || theirs.length !== search.asked.length) {
        line.fail('hashes nobody asked for');
        return;
      }
      const { feed, run, asked } = search;
      line.askHashes(
        asked.map((seq) => ({ feed, seq })),
        (ours) => {
          // what one of the two does not hold (any more) is no difference
          const parted = asked.findIndex((_, i) => {
            const [our, their] = [ours[i], theirs[i]];
            return our != null && their != null && !our.startsWith(their);
          });
          const high = asked[parted];
          if (high === undefined) {
            none(feed, run);
            return;
          }
          search.low = asked[parted - 1] ?? search.low;
          search.high = high;
          if (search.high - search.low > 1) {
            ask(search);
            return;
          }
          found({ feed, seq: high, ours: (ours[parted] ?? '').slice(0, 32), theirs: theirs[parted] ?? '' });
        },
      );
    },
    forget: (feed) => begun.delete(feedKey(feed)),
  };
}
