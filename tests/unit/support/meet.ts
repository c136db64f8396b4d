// What two places do when they meet, forks among them, without a protocol in between: both send what the other lacks
// and settle every fork by the shared rules.
import type { StationChangeStore } from '../../../electron/store/change-store.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { theirsStays } from '../../../shared/sync/forks.ts';
import { type FeedName, feedKey } from '../../../shared/sync/port.ts';

export interface Place {
  readonly store: OpenStore;
  readonly log: StationChangeStore;
  readonly isProvince: boolean;
}

/** Both send what the other lacks, then settle every fork they find, until both hold the same. */
export async function meet(a: Place, b: Place): Promise<void> {
  for (let round = 0; round < 12; round++) {
    await send(a, b);
    await send(b, a);
    if (!(await settleForks(a, b))) return;
  }
  throw new Error('two places do not come to an end');
}

async function send(from: Place, to: Place): Promise<void> {
  const held = new Map((await to.log.heads()).map((h) => [feedKey(h), h.seq]));
  for (const lane of [0, 1, 2] as const) {
    const { runs } = await from.log.beyond(lane, held, { changes: 10_000, bytes: 1e9 });
    await to.log.take(runs, from.store.station.id);
  }
}

/** True when one of them gave way. */
async function settleForks(a: Place, b: Place): Promise<boolean> {
  const theirs = new Map((await b.log.heads()).map((h) => [feedKey(h), h]));
  for (const ours of await a.log.heads()) {
    const other = theirs.get(feedKey(ours));
    if (!other) continue;
    const parted = await partingOf(a, b, ours, Math.min(ours.seq, other.seq));
    if (parted === null) continue;
    const branch = async (at: Place) => ({
      hash: (await at.log.hashesAt(ours, [parted]))[0]!,
      atProvince: at.isProvince,
    });
    const loser = theirsStays(await branch(a), await branch(b)) ? a : b;
    await loser.log.displace(ours, parted);
    return true;
  }
  return false;
}

async function partingOf(a: Place, b: Place, feed: FeedName, upTo: number): Promise<number | null> {
  const seqs = Array.from({ length: upTo }, (_, i) => i + 1);
  const [ours, theirs] = [await a.log.hashesAt(feed, seqs), await b.log.hashesAt(feed, seqs)];
  const at = seqs.findIndex((_, i) => ours[i] !== theirs[i]);
  return at < 0 ? null : at + 1;
}
