// Reading runs that came in: every change is decoded and proven to be of the feed and number the run says.
import type { Change } from '../../shared/model/change.ts';
import { CodecError, decodeForeign } from '../../shared/sync/codec.ts';
import type { FeedName, Run } from '../../shared/sync/port.ts';
import { sha256 } from '../bytes.ts';
import { type Flag, fieldNames, flagOf } from './kinds.ts';

export interface ReadChange {
  readonly change: Change;
  readonly hash: Buffer;
  readonly stored: Uint8Array;
  readonly flag: Flag | null;
}

export interface ReadRun {
  readonly feed: FeedName;
  readonly firstSeq: number;
  readonly changes: readonly ReadChange[];
  /** What stands behind `changes` and is no change of this feed; reading stopped there. */
  readonly unreadable: { readonly seq: number; readonly stored: Uint8Array; readonly detail: string } | null;
}

export function readRun({ feed, firstSeq, stored: all }: Run): ReadRun {
  const changes: ReadChange[] = [];
  for (const [i, stored] of all.entries()) {
    const seq = firstSeq + i;
    const hash = sha256(stored);
    try {
      const change = decodeForeign(stored, hash.toString('hex'), fieldNames);
      if (!belongs(change, feed, seq)) throw new CodecError('of another feed or number than the run says');
      changes.push({ change, hash, stored, flag: flagOf(change) });
    } catch (error) {
      // decoders of dates and clocks throw RangeError on nonsense
      if (!(error instanceof CodecError || error instanceof RangeError)) throw error;
      return { feed, firstSeq, changes, unreadable: { seq, stored, detail: error.message } };
    }
  }
  return { feed, firstSeq, changes, unreadable: null };
}

const belongs = (change: Change, feed: FeedName, seq: number): boolean =>
  seq >= 1 &&
  change.seq === seq &&
  change.station === feed.station &&
  change.incarnation === feed.incarnation &&
  change.lane === feed.lane;
