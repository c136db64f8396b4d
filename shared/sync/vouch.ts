// Who wrote a feed, provable by whoever holds the record: a PC signs the heads of its own feeds now and then, and the
// signature lies in the log like anything else. A hash names everything before it, so one signature covers a feed's
// whole past. Nothing is ever refused because a signature is missing or wrong: work is kept, and what is odd is told.
import type { Change, Lane } from '../model/change.ts';
import { stationVouch } from '../model/station.ts';
import { type FeedName, feedKey, type Head } from './port.ts';

/** A head as its writer names it; the station is the signer's. */
export type VouchedHead = Omit<Head, 'station'>;

/** A vouch as it stands in the log, in lane 2 of the feed it speaks of. */
export type VouchChange = Pick<Change, 'station' | 'incarnation' | 'lane' | 'seq' | 'prev' | 'hash' | 'body'>;

/** Whether the signature over these bytes is of this certificate's key; false for whatever cannot be read. */
export type VerifySignature = (certificatePem: string, bytes: Uint8Array, signature: Uint8Array) => boolean;

export const vouchSubject = (writer: Pick<FeedName, 'station' | 'incarnation'>): string =>
  `${writer.station}.${writer.incarnation}`;

/**
 * What is signed: `tram vouch 1`, then `<station>.<incarnation>` of the feed it will lie in, then
 * `<incarnation>.<lane>.<seq> <hash>` of each head by incarnation, lane and number; each on a line of its own that ends in
 * LF, ASCII.
 */
export function vouchBytes(
  writer: Pick<FeedName, 'station' | 'incarnation'>,
  heads: readonly VouchedHead[],
): Uint8Array {
  const inOrder = [...heads].sort(
    (a, b) => a.incarnation - b.incarnation || a.lane - b.lane || a.seq - b.seq || (a.hash < b.hash ? -1 : 1),
  );
  const lines = [
    'tram vouch 1',
    vouchSubject(writer),
    ...inOrder.map(({ incarnation, lane, seq, hash }) => `${incarnation}.${lane}.${seq} ${hash}`),
  ];
  return new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
}

/**
 * What a vouch proves, null when its signature is not of this certificate's key. One that names the change just before it
 * proves its own place too, or the last vouch of a feed would always look unsigned.
 */
export function provenBy(
  vouch: VouchChange,
  certificatePem: string,
  verify: VerifySignature,
): VouchedHead[] | null {
  const body = stationVouch.body.safeParse(vouch.body);
  const signature = body.success ? bytesOfBase64Url(body.data.signature) : null;
  if (!body.success || !signature) return null;
  const { heads } = body.data;
  if (!verify(certificatePem, vouchBytes(vouch, heads), signature)) return null;
  const { incarnation, lane, seq, prev, hash } = vouch;
  const isNext = heads.some(
    (head) =>
      head.incarnation === incarnation && head.lane === lane && head.seq === seq - 1 && head.hash === prev,
  );
  return isNext || seq === 1 ? [...heads, { incarnation, lane, seq, hash }] : heads;
}

/**
 * Remembers every answer: looking at a center asks for the same hundreds of signatures each time, a tenth of a millisecond
 * each and a whole one on an old PC. `most` answers, some 400 bytes each; then it begins anew.
 */
export function remembering(verify: VerifySignature, most: number): VerifySignature {
  const known = new Map<string, Map<string, boolean>>();
  let size = 0;
  return (certificatePem, bytes, signature) => {
    const key = `${new TextDecoder().decode(bytes)}${toBase64Url(signature)}`;
    const before = known.get(certificatePem)?.get(key);
    if (before !== undefined) return before;
    const isGood = verify(certificatePem, bytes, signature);
    if (size >= most) {
      known.clear();
      size = 0;
    }
    const ofKey = known.get(certificatePem) ?? new Map<string, boolean>();
    known.set(certificatePem, ofKey.set(key, isGood));
    size += 1;
    return isGood;
  };
}

/** What is known of who wrote a feed. */
export interface Authorship extends FeedName {
  /** Last number held. */
  readonly seq: number;
  /** Its writer has signed everything up to here; 0: nothing. */
  readonly vouchedTo: number;
  /**
   * From here on it is not what its writer signed. other_hash: its writer signed another change under this number ·
   * bad_signature: what stands here as its writer's signature is not.
   */
  readonly contradicted: { readonly seq: number; readonly why: 'other_hash' | 'bad_signature' } | null;
  /** Its writer goes on under a higher incarnation: what is not signed by now will not be. */
  readonly isOver: boolean;
  /** No certificate of its writer is known. */
  readonly isStranger: boolean;
}

/**
 * One station's feeds. `vouches`: those standing in its own feeds, all or the newest of each incarnation and the first
 * ones, which name how far the one before had come. `hashAt` is asked for numbers that are held.
 * Where the same key has signed two changes under one number, two copies of one disk did it: the branch that is held
 * is its writer's own, and no contradiction.
 */
export function authorshipOf(parts: {
  readonly certificatePem: string | null;
  readonly feeds: readonly Head[];
  readonly vouches: readonly VouchChange[];
  hashAt(feed: FeedName, seq: number): string | null;
  readonly verify: VerifySignature;
}): Authorship[] {
  const { certificatePem, feeds, verify, hashAt } = parts;
  const read = parts.vouches.map((vouch) => ({
    vouch,
    heads: certificatePem === null ? [] : provenBy(vouch, certificatePem, verify),
  }));
  const latest = Math.max(0, ...read.flatMap(({ vouch, heads }) => (heads?.length ? vouch.incarnation : [])));
  return feeds.map((feed) => {
    const isOfFeed = (head: { incarnation: number; lane: Lane }): boolean =>
      head.incarnation === feed.incarnation && head.lane === feed.lane;
    const claims = read
      .flatMap(({ heads }) => heads ?? [])
      .filter((head) => isOfFeed(head) && head.seq <= feed.seq)
      .map((head) => ({ ...head, fits: hashAt(feed, head.seq) === head.hash }));
    const vouchedTo = Math.max(0, ...claims.flatMap(({ fits, seq }) => (fits ? seq : [])));
    const against = [
      ...claims.flatMap(({ fits, seq }) => (fits ? [] : { seq, why: 'other_hash' as const })),
      ...read.flatMap(({ vouch, heads }) =>
        heads === null && isOfFeed(vouch) ? { seq: vouch.seq, why: 'bad_signature' as const } : [],
      ),
    ].filter(({ seq }) => seq > vouchedTo);
    const [contradicted = null] = against.sort((a, b) => a.seq - b.seq);
    const { station, incarnation, lane, seq } = feed;
    return {
      station,
      incarnation,
      lane,
      seq,
      vouchedTo,
      contradicted,
      isOver: incarnation < latest,
      isStranger: certificatePem === null,
    };
  });
}

/** Numbers `authorshipOf` may ask for: what the vouches claim and is held. */
export function claimsOf(vouches: readonly VouchChange[], feeds: readonly Head[]): Head[] {
  const held = new Map(feeds.map((feed) => [feedKey(feed), feed.seq]));
  return vouches.flatMap((vouch) => {
    const body = stationVouch.body.safeParse(vouch.body);
    const heads = body.success ? body.data.heads : [];
    return [...heads, vouch]
      .map(({ incarnation, lane, seq, hash }) => ({ station: vouch.station, incarnation, lane, seq, hash }))
      .filter((head) => head.seq <= (held.get(feedKey(head)) ?? 0));
  });
}

// --- what a person is told ---

/** A PC may be off over a holiday; longer than this somebody should ask. */
export const UNVOUCHED_ALARM_MS = 7 * 24 * 3_600_000;
/** A clock further ahead than this must not keep anything from being a week old. */
const AHEAD_MS = 24 * 3_600_000;

/** Changes behind the last signature and the moment of the first of them; `count` 0: none. */
export interface Unvouched {
  readonly count: number;
  readonly since: number | null;
}

/** How a feed stood when an administrator looked at it. */
export interface SeenFeed extends VouchedHead {
  readonly contradicted: number | null;
}

/** What of a feed nobody has looked at yet; what was added to a contradicted one is as odd as the rest of it. */
export interface Unseen {
  readonly unvouched: Unvouched;
  readonly contradicted: Authorship['contradicted'];
}

/** `seen`: its hash is the one held. `momentOf` is asked for numbers that are held. */
export function unseenOf(feed: Authorship, seen: SeenFeed, momentOf: (seq: number) => number | null): Unseen {
  const from = Math.max(feed.vouchedTo, seen.seq) + 1;
  const isOld = feed.seq <= seen.seq && feed.contradicted?.seq === seen.contradicted;
  return {
    contradicted: isOld ? null : feed.contradicted,
    unvouched: {
      count: Math.max(0, feed.seq - from + 1),
      since: feed.seq >= from ? momentOf(from) : null,
    },
  };
}

/** A feed as it is shown to people; `unseen` null: no administrator has looked at it. */
export interface JudgedFeed extends Authorship {
  readonly unvouched: Unvouched;
  readonly unseen?: Unseen | null;
}

/**
 * contradicted: somebody wrote in its name · stranger: in the name of a PC nobody knows · left: what it went away from
 * without having signed it, as after a restore · late: it has not signed for more than a week
 */
export type Concern = 'contradicted' | 'stranger' | 'left' | 'late';

export interface StationAuthorship extends Unvouched {
  readonly station: string;
  readonly changes: number;
  readonly concern: Concern | null;
  /** Feed and number from which on it is not what its writer signed. */
  readonly contradicted: (FeedName & { readonly seq: number }) | null;
  /** An administrator has looked at all of it, and nothing was added since. */
  readonly isSeen: boolean;
  /** Feeds somebody should look at, seen or not. */
  readonly odd: readonly (FeedName & { readonly seq: number; readonly contradicted: number | null })[];
}

/** Per station, `all` of one center; the gravest concern counts that nobody has seen, with what belongs to it. */
export function stationsAuthorship(all: readonly JudgedFeed[], now: number): StationAuthorship[] {
  const stations = Map.groupBy(all, ({ station }) => station);
  return [...stations].map(([station, feeds]) => {
    const told = feeds.map((feed) => ({ feed, concern: concernOf(feed, now) }));
    const odd = told.flatMap(({ feed, concern }) => (concern === null ? [] : feed));
    const news = odd.flatMap((feed) => {
      const standing = feed.unseen ? { ...feed, ...feed.unseen } : feed;
      const concern = concernOf(standing, now);
      return concern === null ? [] : [{ feed: standing, concern }];
    });
    const counted = news.length > 0 ? news : told;
    const concern = gravest.find((one) => counted.some((other) => other.concern === one)) ?? null;
    const meant = counted
      .filter((one) => concern === null || one.concern === concern)
      .map(({ feed }) => feed);
    const moments = meant.flatMap(({ unvouched }) => unvouched.since ?? []);
    const bad = meant.find((feed) => feed.contradicted !== null);
    return {
      station,
      changes: feeds.reduce((sum, { seq }) => sum + seq, 0),
      count: meant.reduce((sum, { unvouched }) => sum + unvouched.count, 0),
      since: moments.length > 0 ? Math.min(...moments) : null,
      concern,
      contradicted: bad?.contradicted
        ? {
            station,
            incarnation: bad.incarnation,
            lane: bad.lane,
            seq: bad.contradicted.seq,
          }
        : null,
      isSeen: odd.length > 0 && news.length === 0,
      odd: odd.map(({ incarnation, lane, seq, contradicted }) => ({
        station,
        incarnation,
        lane,
        seq,
        contradicted: contradicted?.seq ?? null,
      })),
    };
  });
}

const gravest = ['contradicted', 'stranger', 'left', 'late'] as const satisfies readonly Concern[];

function concernOf(feed: JudgedFeed, now: number): Concern | null {
  if (feed.contradicted) return 'contradicted';
  const { count, since } = feed.unvouched;
  if (count === 0 || since === null) return null;
  if (feed.isOver) return 'left';
  // a clock set back or ahead by whoever wrote it must not hide it
  const isOld = now - since > UNVOUCHED_ALARM_MS || since - now > AHEAD_MS;
  if (!isOld) return null;
  return feed.isStranger ? 'stranger' : 'late';
}

/** How many signatures of an incarnation are read, at the stations and at the province alike. */
export const VOUCHES_READ = {
  /** Enough where all is well: the last one covers everything before it. */
  newest: 4,
  /** The first names how far the incarnation before had come; it may have been begun several times. */
  first: 4,
  /** Where something does not fit: the last good one may lie behind many that are not. */
  deep: 2_000,
} as const;

export const toBase64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** Null for what is not exactly what `toBase64Url` writes: one signature has one spelling. */
function bytesOfBase64Url(text: string): Uint8Array | null {
  if (!/^[\w-]+$/.test(text)) return null;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
      letter.charCodeAt(0),
    );
    return toBase64Url(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}
