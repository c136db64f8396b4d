// What the protocol needs of a place that keeps files: content named by its SHA-256, in chunks that come in any order
// from anybody and prove themselves one by one.

/** Bytes; all chunks but the last have it. */
export const BLOB_CHUNK_BYTES = 32 * 1024;
/** 1 GiB. */
export const MOST_BLOB_CHUNKS = 32_768;

export interface BlobManifest {
  /** SHA-256 of the whole content, 64 hex digits: its name. */
  readonly hash: string;
  readonly bytes: number;
  /** SHA-256 of each chunk, 64 hex digits. */
  readonly chunks: readonly string[];
}

export interface WantedBlob {
  readonly hash: string;
  /** Numbers of the chunks that are not here; null while nobody has said what the content is made of. */
  readonly missing: readonly number[] | null;
}

/**
 * kept · complete: it was the last one and the whole agrees with its name · had: it was here · wrong: its hash is not
 * the manifest's · not_whole: it was the last one, and the whole is something else, so the manifest is not believed
 * any more · unwanted: no such content or number is expected here · disk_full: what was here still is.
 */
export type ChunkOutcome = 'kept' | 'complete' | 'had' | 'wrong' | 'not_whole' | 'unwanted' | 'disk_full';

/** Everything answered is durable. */
export interface BlobStore {
  /** What the content is made of; null when nobody has said here. */
  manifest(hash: string): Promise<BlobManifest | null>;
  /** One bit per chunk, lowest bit of the first byte first: here and proven. Empty when nothing is known of it. */
  have(hash: string): Promise<Uint8Array>;
  /** The whole content is here and is what its name says. */
  isComplete(hash: string): Promise<boolean>;
  /** From now on it is to be fetched. */
  want(hash: string): Promise<void>;
  /** Believes what somebody says a wanted content is made of, until the whole turns out otherwise. */
  learn(manifest: BlobManifest): Promise<'believed' | 'refused' | 'unwanted' | 'disk_full'>;
  /** What is to be fetched, in the order in which it was wanted. */
  wanted(limit: number): Promise<readonly WantedBlob[]>;
  /** Proven anew each time; one that vanished or went bad on the disk is wanted again, and null. */
  chunk(hash: string, n: number): Promise<Uint8Array | null>;
  /** Kept when it is what the manifest says, whoever sent it. */
  takeChunk(hash: string, n: number, bytes: Uint8Array): Promise<ChunkOutcome>;
  /** Made here, and nobody else is known to hold all of it. Left out where nothing is made. */
  onlyHere?(limit: number): Promise<readonly string[]>;
  /** Somebody else says that it holds all of it. */
  elsewhere?(hash: string): Promise<void>;
}
