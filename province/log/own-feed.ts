// What the province itself writes in a center's log: until now, that a station is revoked. It does so as a station
// of its own, one per center, so every store takes it in like anybody's changes.
import type { Change, ChangeKind } from '../../shared/model/change.ts';
import { encodeChange } from '../../shared/sync/codec.ts';
import { feedKey } from '../../shared/sync/port.ts';
import { nextHlc, parseHlc } from '../../shared/time/hlc.ts';
import { bytesOf, sha256, zeroHash } from '../bytes.ts';
import type { Sql } from '../database/types.ts';
import { type Appended, append, lockCenter, readRuns } from './append.ts';
import { feedsNamed } from './feeds.ts';

/** 32 hex digits; known to every process without asking, and different in every center. */
export const ownStation = (provinceId: string, centerId: string): string =>
  sha256(bytesOf(provinceId), centerId).subarray(0, 16).toString('hex');

export interface OwnChange {
  readonly kind: ChangeKind;
  readonly subjectId: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Inside a transaction. Throws when the center has no log yet: then there is nobody to tell. */
export async function writeOwn(
  tx: Sql,
  center: number,
  by: { readonly provinceId: string; readonly app: string },
  { kind, subjectId, body }: OwnChange,
  now: number,
): Promise<Appended> {
  const { centerId, ownIncarnation, lastHlc } = await lockCenter(tx, center);
  if (centerId === null) throw new Error(`center ${center} has no log yet`);
  const feed = {
    station: ownStation(by.provinceId, centerId),
    incarnation: ownIncarnation,
    lane: kind.lane,
  };
  const head = (await feedsNamed(tx, center, [feed])).get(feedKey(feed));
  const change: Omit<Change, 'hash'> = {
    ...feed,
    seq: (head?.seq ?? 0) + 1,
    prev: head?.hash ?? zeroHash,
    hlc: nextHlc(parseHlc(lastHlc), now),
    wall: now,
    author: null,
    session: null,
    app: by.app,
    kind: kind.kind,
    v: kind.v,
    subject: { type: kind.subject, id: subjectId },
    patient: null,
    refs: [],
    body,
  };
  const stored = encodeChange(change, kind);
  return await append(
    tx,
    center,
    readRuns([{ feed, firstSeq: change.seq, stored: [stored], before: null }]),
    null,
    now,
  );
}
