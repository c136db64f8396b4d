// What a session between two places is told and what it asks for. The session itself is a pure function of
// these events: clock, random numbers, disk, compression and network are all outside.
import type { Lane } from '../model/change.ts';
import type { BlobManifest, ChunkOutcome, WantedBlob } from './blobs.ts';
import type { Sha256 } from './bytes.ts';
import type { FeedName, Head, Limit, ProvinceLog, Taken } from './port.ts';

/** A run of a frame that came: its last change, hash computed by the receiver from the bytes it has now. */
export interface RunHead extends Head {
  readonly firstSeq: number;
}

/** What the projections of a store show, for comparing with another's (see Effect `digest`). */
export interface StateDigest {
  /** Which tables, columns and rules were summed: only equal ones are compared. At most 64 hex digits. */
  readonly fingerprint: string;
  /** At most 64 hex digits. */
  readonly digest: string;
}

/** The one who connects, and the one who is connected to (province or hub). */
export type Role = 'initiator' | 'responder';

/** First words of the initiator; travel in the upgrade request, in front of a POST body, at the head of a file. */
export interface Hello {
  readonly protocol: number;
  /** 32 hex digits */
  readonly station: string;
  readonly incarnation: number;
  /** Own feeds of this incarnation, lanes 0–2: last numbers, and SHA-256 over the three hashes, first 16 bytes, hex. */
  readonly ownSeqs: readonly [number, number, number];
  readonly ownProof: string;
  /** Log of the responder these cursors are for, 16 hex digits; null at a first meeting. */
  readonly logId: string | null;
  readonly cursors: readonly [number, number, number];
  /** Of all heads held, see vectorDigest; 32 hex digits. */
  readonly vector: string;
  /** Dictionaries this side can read: first 4 bytes of their SHA-256, hex. */
  readonly dictionaries: readonly string[];
  /** Program version. */
  readonly app: string;
  /** deliver: sends only and wants nothing back (a file for the province, a revoked station). */
  readonly mode: 'both' | 'deliver';
}

/** The responder's answer, in the 101 response, in front of a POST answer. */
export interface Welcome {
  readonly protocol: number;
  /** 32 hex digits; the province has one too. */
  readonly station: string;
  /** Whether "held here" means "held by the province". */
  readonly isProvince: boolean;
  readonly logId: string;
  /** What is held of the initiator's own feeds of this incarnation; may be more than the initiator has. */
  readonly heldSeqs: readonly [number, number, number];
  /** As ownProof, over the hashes at the lower of heldSeqs and ownSeqs, lane by lane. */
  readonly heldProof: string;
  /** Highest incarnation of the initiator's station seen. */
  readonly incarnation: number;
  /** True: hello's vector equals ours, so nothing has to travel in either direction. */
  readonly sameVector: boolean;
  /** True: hello's cursors are not for this log; the initiator sends its vector, the responder sends its own. */
  readonly vectorsNeeded: boolean;
  readonly dictionaries: readonly string[];
  /** Responder's clock, ms since 1970 UTC. */
  readonly wall: number;
  readonly app: string;
  readonly mode: 'both' | 'deliver';
}

/** Why a session ended or was not begun; each has a sentence `sync.end.<code>`. */
export type EndCode =
  | 'closed' // the line went away
  | 'silent' // nothing heard for too long
  | 'garbled' // bytes that are no frame, or do not decode
  | 'not_tram' // something else answered: captive portal, proxy
  | 'wrong_peer' // another key than the one enrolled with
  | 'wrong_center'
  | 'not_enrolled'
  | 'revoked'
  | 'update_needed' // the peer speaks no protocol version we do
  | 'busy' // come back after retryAfterMs
  | 'disk_full'
  | 'internal';

export type SessionEvent =
  /** A binary message came in. */
  | { readonly type: 'frame'; readonly bytes: Uint8Array }
  /** The log has new changes, ours or somebody else's. */
  | { readonly type: 'grew' }
  /** Answer to `pack`; `frame: null` when there is nothing. */
  | {
      readonly type: 'packed';
      readonly token: number;
      /** Complete CHANGES frame, ready to send. */
      readonly frame: Uint8Array | null;
      /** Last change of each run in it. */
      readonly heads: readonly Head[];
      readonly changes: number;
      readonly cursor: number;
      readonly more: boolean;
    }
  /** A frame has been read and is about to be taken in: who sent it holds these, so they need not go back. */
  | { readonly type: 'taking'; readonly heads: readonly Head[] }
  /** Answer to `take`. `null`: the frame could not be read. `runs`: all of the frame, in its order. */
  | {
      readonly type: 'took';
      readonly token: number;
      readonly taken: Taken | null;
      readonly runs: readonly RunHead[];
    }
  /** Answer to `heads`; `state` is of the same moment, null where none is kept. */
  | {
      readonly type: 'heads';
      readonly token: number;
      readonly heads: readonly Head[];
      readonly end: number;
      readonly state: StateDigest | null;
    }
  /** Answer to `hashes`, in the order asked; null where the feed has no such number here. */
  | { readonly type: 'hashes'; readonly token: number; readonly hashes: readonly (string | null)[] }
  /** The store has set its own branch aside from this number on: pull the peer's. */
  | { readonly type: 'displaced'; readonly feed: FeedName; readonly seq: number }
  /** Bytes came in, though no whole message yet: the line lives. */
  | { readonly type: 'heard' }
  /** Ask the peer about somebody (initiator), answer its question (responder). At most 64 kB. */
  | { readonly type: 'lookup'; readonly id: number; readonly question: Uint8Array }
  | { readonly type: 'found'; readonly id: number; readonly answer: Uint8Array }
  /** The province has told (directly or through a hub) what it holds: passed on to a responder's session. */
  | {
      readonly type: 'provinceHolds';
      readonly heads: readonly Head[];
      /** Given when these are all that it holds; else they come to what was told before. */
      readonly whole?: ProvinceLog | null;
    }
  /** A file is wanted that was not, or is here now that was not. */
  | { readonly type: 'blobsGrew' }
  /** Answers to the effects of the same name, from the BlobStore. */
  | { readonly type: 'blobsWanted'; readonly token: number; readonly blobs: readonly WantedBlob[] }
  | {
      readonly type: 'blobAbout';
      readonly token: number;
      readonly manifest: BlobManifest | null;
      readonly have: Uint8Array;
    }
  | { readonly type: 'blobLearn'; readonly token: number; readonly believed: boolean }
  | { readonly type: 'blobRead'; readonly token: number; readonly bytes: Uint8Array | null }
  | { readonly type: 'blobTake'; readonly token: number; readonly outcome: ChunkOutcome }
  | { readonly type: 'blobsOnlyHere'; readonly token: number; readonly hashes: readonly string[] }
  /** How many bytes wait in the socket. */
  | { readonly type: 'buffered'; readonly bytes: number }
  | { readonly type: 'tick' };

export type Effect =
  | { readonly type: 'send'; readonly bytes: Uint8Array }
  /** Read, encode and compress the next frame of a lane. One at a time per lane. */
  | {
      readonly type: 'pack';
      readonly token: number;
      readonly lane: Lane;
      readonly from:
        | { readonly kind: 'since'; readonly cursor: number }
        | { readonly kind: 'beyond'; readonly positions: ReadonlyMap<string, number> };
      readonly limit: Limit;
      /** Bytes/s the link seems to carry: how hard to compress. */
      readonly rate: number;
    }
  /** Decompress, decode, take in, durably; answer in the order asked. `cursor` is kept in the same transaction. */
  | {
      readonly type: 'take';
      readonly token: number;
      readonly frame: Uint8Array;
      readonly cursor: { readonly lane: Lane; readonly at: number } | null;
    }
  /** Ask the store for all heads, the number of its last commit and its state digest, of one moment. */
  | { readonly type: 'heads'; readonly token: number }
  /** Ask the store for the hashes of these changes. */
  | {
      readonly type: 'hashes';
      readonly token: number;
      readonly at: readonly { readonly feed: FeedName; readonly seq: number }[];
    }
  /** The peer durably holds these and its hash equals ours: remember it. */
  | { readonly type: 'held'; readonly heads: readonly Head[] }
  /** The province (not the peer itself) holds these; the session has compared the hashes with our own. */
  | {
      readonly type: 'heldByProvince';
      readonly heads: readonly Head[];
      /** Given: these are all of ours that it holds, as far as the peer knows. */
      readonly whole: ProvinceLog | null;
    }
  /** Cursor moved past what was not for us. */
  | { readonly type: 'cursor'; readonly lane: Lane; readonly at: number }
  /** Everything known here is held there (up), everything known there has been taken in here (down). */
  | { readonly type: 'caughtUp'; readonly direction: 'up' | 'down' }
  /** Both hold the same heads: proven now. */
  | { readonly type: 'verified' }
  /**
   * What the peer held and showed when it wrote this. `equal`: its vector equals ours now, so states of equal
   * fingerprint must be equal too; when `ours` then differs from `theirs`, a projection has a bug.
   */
  | {
      readonly type: 'digest';
      readonly vector: string;
      readonly equal: boolean;
      readonly theirs: StateDigest | null;
      readonly ours: StateDigest | null;
    }
  /**
   * The two branches of a feed part here: below `seq` they are equal, at `seq` they are not. `theirHash` and
   * `ourHash` are of this number, first 32 hex digits. When the store yields, tell the session `displaced`; when it
   * keeps its branch because the province holds it, tell `provinceHolds`, or the peer may keep its own for ever.
   */
  | {
      readonly type: 'forked';
      readonly feed: FeedName;
      readonly seq: number;
      readonly theirHash: string;
      readonly ourHash: string;
      /** The peer is the province, or says that the province holds this branch. */
      readonly theirsAtProvince: boolean;
    }
  /** The peer set a change aside or could not read it. */
  | { readonly type: 'refused'; readonly feed: FeedName; readonly seq: number; readonly reason: string }
  /** The peer holds less than it once proved to hold: it was restored or replaced. */
  | { readonly type: 'regressed'; readonly heads: readonly Head[] }
  /** The peer asks about somebody; answer with the event `found` of the same id. */
  | { readonly type: 'lookup'; readonly id: number; readonly question: Uint8Array }
  | { readonly type: 'found'; readonly id: number; readonly answer: Uint8Array }
  /** The peer knows more of our own feed than we do: we are a restored copy. `diverged`: and something else. */
  | { readonly type: 'amnesia'; readonly incarnation: number; readonly diverged: boolean }
  /** Peer's clock minus ours, ms, and the round trip it was measured over. */
  | { readonly type: 'offset'; readonly ms: number; readonly roundTripMs: number }
  /** Questions to the BlobStore; a place without files answers none of them. */
  | { readonly type: 'blobsWanted'; readonly token: number; readonly limit: number }
  | { readonly type: 'blobsOnlyHere'; readonly token: number; readonly limit: number }
  | { readonly type: 'blobAbout'; readonly token: number; readonly hash: string }
  | { readonly type: 'blobLearn'; readonly token: number; readonly manifest: BlobManifest }
  | { readonly type: 'blobRead'; readonly token: number; readonly hash: string; readonly chunk: number }
  | {
      readonly type: 'blobTake';
      readonly token: number;
      readonly hash: string;
      readonly chunk: number;
      readonly bytes: Uint8Array;
    }
  /** The peer says that it holds all of this file. */
  | { readonly type: 'blobElsewhere'; readonly hash: string }
  /** The last chunk of a wanted file has come. */
  | { readonly type: 'blobComplete'; readonly hash: string }
  /** Link speed as now estimated, bytes/s, for the next session's start. */
  | { readonly type: 'rate'; readonly bytesPerSecond: number }
  /** Call with `tick` at this time at the latest; replaces the wake-up before. */
  | { readonly type: 'wake'; readonly at: number }
  | {
      readonly type: 'close';
      readonly code: EndCode;
      readonly retryAfterMs?: number;
      readonly detail?: string;
    };

export interface SessionStart {
  readonly role: Role;
  readonly hello: Hello;
  readonly welcome: Welcome;
  /** Initiator: what the peer is known to hold. Responder: nothing. */
  readonly held: readonly Head[];
  /** Bytes/s of the last session with this peer. */
  readonly rate: number | null;
  /** ms, monotonic; the same clock as every event's `now`. */
  readonly now: number;
  /** This PC's clock, ms since 1970 UTC; read when a PING or PONG is written or read. */
  readonly wall: () => number;
  readonly sha256: Sha256;
  /** Sessions with this peer that were cut one after another: batches are halved as often. */
  readonly cuts?: number;
  /** Initiator: exchange vectors whatever Welcome says (judgeWelcome tells when). */
  readonly resync?: boolean;
}

export interface Session {
  /** First effects, before any event. */
  begin(): Effect[];
  on(event: SessionEvent, now: number): Effect[];
  /** What is under way, for status: bytes in flight, frames waiting. */
  facts(): {
    readonly inFlightBytes: number;
    readonly sending: boolean;
    readonly receiving: boolean;
    readonly rate: number;
  };
}
