// Which changes of a frame join their feeds, and what becomes of the others. Pure; the province never yields to
// another branch, it keeps its own and sets the other one aside.
import { judge } from '../../shared/sync/forks.ts';
import { type FeedName, feedKey, type Head, type Refused } from '../../shared/sync/port.ts';
import { zeroHash } from '../bytes.ts';
import type { ReadChange, ReadRun } from './read.ts';

export interface Placed {
  /** feedKey */
  readonly key: string;
  readonly read: ReadChange;
}

export interface Aside {
  readonly feed: FeedName;
  readonly seq: number;
  /** Null: not computed, the bytes are no change. */
  readonly hash: Buffer | null;
  readonly kept: string | null;
  readonly reason: 'fork' | 'broken_chain' | 'unreadable';
  readonly detail: string | null;
  readonly stored: Uint8Array;
}

export interface Judged {
  readonly added: readonly Placed[];
  readonly duplicates: number;
  readonly refused: readonly Refused[];
  readonly aside: readonly Aside[];
  /** Of all feeds of the runs that are held at all, as they are then. */
  readonly heads: readonly Head[];
}

/** `hashAt` is asked only for numbers that the runs bring and `headOf` says are held. */
export function judgeRuns(
  runs: readonly ReadRun[],
  headOf: (key: string) => { readonly seq: number; readonly hash: string } | undefined,
  hashAt: (key: string, seq: number) => string | undefined,
): Judged {
  const heads = new Map<string, Head>();
  const added: Placed[] = [];
  // the same number may come twice within one frame
  const addedHashes = new Map<string, string>();
  const refused: Refused[] = [];
  const aside: Aside[] = [];
  let duplicates = 0;

  for (const { feed, changes, unreadable } of runs) {
    const key = feedKey(feed);
    const held = headOf(key);
    let head: Head = heads.get(key) ?? { ...feed, seq: held?.seq ?? 0, hash: held?.hash ?? zeroHash };
    let joined = 0;
    for (const read of changes) {
      const { change } = read;
      const verdict = judge(
        change,
        head,
        (seq) => addedHashes.get(`${key}.${seq}`) ?? hashAt(key, seq) ?? null,
      );
      if (verdict.verdict === 'refused') {
        const { verdict: _, ...why } = verdict;
        refused.push({ ...feed, seq: change.seq, ...why });
        if (why.reason !== 'gap') setAside(feed, changes.slice(joined), why.reason, why.kept ?? head.hash);
        break;
      }
      joined += 1;
      if (verdict.verdict === 'duplicate') {
        duplicates += 1;
        continue;
      }
      added.push({ key, read });
      addedHashes.set(`${key}.${change.seq}`, change.hash);
      head = { ...feed, seq: change.seq, hash: change.hash };
    }
    if (joined === changes.length && unreadable) {
      const { seq, stored, detail } = unreadable;
      refused.push({ ...feed, seq, reason: 'unreadable', detail });
      aside.push({ feed, seq, hash: null, kept: null, reason: 'unreadable', detail, stored });
    }
    if (head.seq > 0) heads.set(key, head);
  }
  return { added, duplicates, refused, aside, heads: [...heads.values()] };

  /** What stands behind a branch is of the branch: kept as evidence, told once. */
  function setAside(
    feed: FeedName,
    rest: readonly ReadChange[],
    reason: 'fork' | 'broken_chain',
    kept: string,
  ): void {
    for (const { change, hash, stored } of rest)
      aside.push({ feed, seq: change.seq, hash, kept, reason, detail: null, stored });
  }
}
