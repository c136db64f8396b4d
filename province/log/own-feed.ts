// What the province itself writes in a center's log: until now, that a station is revoked. It does so as a station
// of its own, one per center, so every store takes it in like anybody's changes; and signs it like everybody.
import { sign } from 'node:crypto';
import type { Change, ChangeKind } from '../../shared/model/change.ts';
import { stationVouch } from '../../shared/model/station.ts';
import { encodeChange } from '../../shared/sync/codec.ts';
import { feedKey } from '../../shared/sync/port.ts';
import { provinceFeedStation } from '../../shared/sync/province-feed.ts';
import { toBase64Url, type VouchedHead, vouchBytes, vouchSubject } from '../../shared/sync/vouch.ts';
import { nextHlc, parseHlc } from '../../shared/time/hlc.ts';
import { sha256, zeroHash } from '../bytes.ts';
import type { Sql } from '../database/types.ts';
import { type Appended, append, lockCenter, readRuns } from './append.ts';
import { feedsNamed, feedsOf } from './feeds.ts';

/** 32 hex digits; known to every process without asking, and different in every center. */
export const ownStation = (provinceId: string, centerId: string): string =>
  provinceFeedStation(provinceId, centerId, sha256);

export interface OwnChange {
  readonly kind: ChangeKind;
  readonly subjectId: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface OwnWriter {
  readonly provinceId: string;
  /** PKCS#8 PEM of the province's key. */
  readonly key: string;
  readonly app: string;
}

/** Inside a transaction. Throws when the center has no log yet: then there is nobody to tell. */
export async function writeOwn(
  tx: Sql,
  center: number,
  by: OwnWriter,
  change: OwnChange,
  now: number,
): Promise<{ readonly end: number }> {
  await writeOne(tx, center, by, change, now);
  const { centerId, ownIncarnation: incarnation } = await lockCenter(tx, center);
  const writer = { station: ownStation(by.provinceId, centerId ?? ''), incarnation };
  const heads = (await feedsOf(tx, center)).flatMap((feed): VouchedHead[] =>
    feed.station === writer.station && feed.incarnation === incarnation && feed.seq > 0
      ? [{ incarnation, lane: feed.lane, seq: feed.seq, hash: feed.hash }]
      : [],
  );
  const signature = toBase64Url(sign('sha256', vouchBytes(writer, heads), by.key));
  return await writeOne(
    tx,
    center,
    by,
    { kind: stationVouch, subjectId: vouchSubject(writer), body: { heads, signature } },
    now,
  );
}

async function writeOne(
  tx: Sql,
  center: number,
  by: OwnWriter,
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
