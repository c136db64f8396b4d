// What the sync room offers the core, and what it asks of it. Times are ms since 1970 UTC.
// The room is made before there is a store, because a new PC joins a center before it has one.
import type { Result } from '../../shared/api/contract.ts';
import type { Output, ParsedInput } from '../../shared/api/index.ts';
import type { Lane } from '../../shared/model/change.ts';
import type { LookupQuestion } from '../../shared/sync/lookup.ts';
import type { FeedName, Head } from '../../shared/sync/port.ts';
import type { EndCode } from '../../shared/sync/session-types.ts';
import type { Blobs, IsNamed } from '../store/blobs.ts';
import type { Log } from '../store/room.ts';
import type { Snapshot } from '../store/snapshot.ts';
import type { Author, OpenStore } from '../store/types.ts';
import type { PersonKeyPlace } from './person-keys.ts';

export interface Sync {
  /** Once the store is open: begins to connect and, if this PC serves, to listen. */
  attach(store: OpenStore): void;
  /** Before the store is closed: ends every session and waits until nothing of sync touches the store. */
  detach(): Promise<void>;
  /** A snapshot of how things stand; cheap enough for every change. */
  facts(): SyncFacts;
  /** Told at most four times a second that `facts` or `joining` would answer something else. */
  onChange(listener: () => void): () => void;
  /** Connects at once, whatever the timers say. */
  now(): void;
  /** Joins this center to a province. peer_unreachable · peer_not_tram · code_wrong · already_enrolled … */
  enrol(author: Author, address: string, code: string): Promise<Result<{ provinceName: string }>>;
  /** A one-time code, valid for 30 minutes; starts serving if this PC did not. */
  invite(): Promise<Result<Output<'sync.invite'>>>;
  saveHub(set: ParsedInput<'sync.saveHub'>): Promise<Result<null>>;
  /** The station stops everywhere as the change arrives; what it had not sent yet is still taken, sealed. */
  revokeStation(author: Author, stationId: string, reason: string): Result<null>;
  /** Answers within 4 s, or says that nobody did. */
  lookup(query: LookupQuestion): Promise<Output<'sync.lookup'>>;
  /** Hubs heard on the LAN by a PC that has no store yet. Listens from the first call on. */
  found(): Promise<Output<'sync.found'>['hubs']>;
  /** First run of a further PC. Answers once the code was taken; the record comes in behind, see `joining`. */
  join(input: ParsedInput<'sync.join'>): Promise<Result<{ recoveryKey: string }>>;
  joining(): Joining;
  /** Files beside the log; what is wanted or put here is fetched and offered at once. Null while no store is open. */
  blobs(): Blobs | null;
  /** For files carried by hand: the province's pinned certificate, PEM; null when not enrolled. */
  provinceCertificate(): string | null;
  /**
   * The province says in a signed file that it holds these. Those whose hash is ours count as held from now on;
   * answers how many of the heads did.
   */
  provinceHolds(heads: readonly Head[]): Promise<number>;
  close(): Promise<void>;
}

export interface Joining {
  readonly state: 'none' | 'snapshot' | 'changes' | 'ready' | 'failed';
  readonly doneBytes: number;
  readonly totalBytes: number | null;
  /** Changes taken in after the snapshot. */
  readonly changes: number;
  /** Why it failed or waits; it goes on by itself for `peer_unreachable`. */
  readonly problem: EndCode | 'peer_unreachable' | 'file_damaged' | 'disk_full' | null;
}

export interface SyncFacts {
  /** False while no store is open. */
  readonly running: boolean;
  readonly peers: readonly PeerFacts[];
  /** Whose holding counts for "arrived": the province, the hub where there is none, or nobody. */
  readonly target: 'province' | 'hub' | null;
  /** What the target does not hold yet, own and others' changes alike. */
  readonly waiting: readonly LaneWaiting[];
  /** Proven held by the province / by any hub: feedKey → last number. */
  readonly held: Readonly<Record<'province' | 'hub', ReadonlyMap<string, number>>>;
  readonly refused: readonly RefusedFact[];
  readonly hub: {
    readonly serving: boolean;
    readonly addresses: readonly string[];
    readonly connected: number;
  };
  /** Addresses typed by hand. */
  readonly typedAddresses: readonly string[];
  readonly province: { readonly address: string; readonly name: string; readonly enrolledAt: number } | null;
  /** Last contact with whoever keeps the list of revoked PCs and people. */
  readonly trustListAt: number | null;
  /** Last time anybody answered. */
  readonly lastContactAt: number | null;
  /** Equal changes but unequal tables somewhere: a bug, never the line. Null when none was found. */
  readonly statesDiffer: { readonly peer: string; readonly at: number } | null;
  /** Files that are wanted here and not complete. */
  readonly files: { readonly waiting: number; readonly bytes: number };
  /** This PC's certificate is on the list of revoked ones. */
  readonly revoked: boolean;
}

export interface PeerFacts {
  /** `province`, a station's id, or `address:<host:port>` before its first answer. */
  readonly id: string;
  readonly kind: 'province' | 'hub' | 'station';
  readonly name: string;
  readonly address: string | null;
  /** found: heard or typed, never connected yet · refusing: it answered and said no, see `end`. */
  readonly state: 'connected' | 'connecting' | 'away' | 'refusing' | 'found';
  /** Why the last session ended or was not begun; null while connected. */
  readonly end: EndCode | null;
  readonly nextTryAt: number | null;
  readonly sending: boolean;
  readonly receiving: boolean;
  /** Everything held here is held there, and the other way round, as far as either knows. */
  readonly caughtUp: boolean;
  readonly lastContactAt: number | null;
  /** When both ends last proved that they hold the same. */
  readonly lastVerifiedAt: number | null;
  /** Peer's clock minus this PC's. */
  readonly clockOffsetMs: number | null;
  readonly bytesPerSecond: number | null;
  readonly version: string | null;
  /** post: a proxy forbids WebSocket. */
  readonly transport: 'websocket' | 'post' | null;
}

export interface LaneWaiting {
  readonly lane: Lane;
  readonly count: number;
  /** Wall time of the oldest one. */
  readonly since: number | null;
}

export interface RefusedFact extends FeedName {
  readonly seq: number;
  readonly reason: string;
  /** Who set it aside: a peer's id as in PeerFacts. */
  readonly where: string;
  readonly at: number;
}

/** A PC of the center as its log tells. */
export interface KnownStation {
  readonly id: string;
  readonly name: string;
  /** PEM */
  readonly certificate: string;
  readonly revokedAt: number | null;
}

export interface SyncNeeds {
  /** Nobody is logged in, so taking in need not leave room for saves. */
  isQuiet?(): boolean;
  readonly dataDir: string;
  readonly mode: 'real' | 'training';
  readonly appVersion: string;
  now(): number;
  readonly log: Log;
  /** Null before the first run is complete. */
  center(store: OpenStore): {
    readonly id: string;
    readonly name: string;
    readonly facilityCode: string | null;
    readonly provinceCode: string;
  } | null;
  stations(store: OpenStore): readonly KnownStation[];
  /** Which files made here the others are asked for; left out, all. */
  readonly isNamedFile?: IsNamed;
  /** PKCS#8 PEM of this PC's own key; its certificate is the one the log names. Null: first run not complete. */
  stationKey(store: OpenStore): string | null;
  /** Keys of persons beside the record; null while they cannot be read, left out where there are none. */
  personKeys?(): PersonKeyPlace | null;
  /** A new key and self-signed certificate. */
  makeIdentity(station: {
    id: string;
    name: string;
    centerName: string;
    now: number;
  }): Promise<{ keyPem: string; certificatePem: string }>;
  /**
   * The record as one file in this folder, made off this thread; left out, a PC that joins takes everything in as
   * changes.
   */
  snapshot?(store: OpenStore, folder: string): Promise<Result<Snapshot>>;
  /** Makes the keys of a PC that joins: a recovery key to print, and what turns a snapshot into its store. */
  prepareJoin(): Promise<Result<JoinTarget>>;
}

export interface JoinTarget {
  readonly recoveryKey: string;
  /**
   * Makes the snapshot this PC's own store (its station id, incarnation 1, no local rows of the hub), keeps the
   * station key and opens it; `attach` is called on the way. file_damaged · disk_full.
   * `snapshot: null`: an empty store, everything comes in as changes.
   */
  adopt(
    snapshot: { readonly path: string; readonly key: Buffer } | null,
    station: { readonly id: string; readonly keyPem: string },
  ): Promise<Result<null>>;
}
