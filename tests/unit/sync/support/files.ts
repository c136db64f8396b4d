// A place that keeps files, in memory.
import { BLOB_CHUNK_BYTES, type BlobManifest, type BlobStore } from '../../../../shared/sync/blobs.ts';
import { hexOf } from '../../../../shared/sync/bytes.ts';
import { sha256 } from './zstd.ts';

export interface Files extends BlobStore {
  add(content: Uint8Array): string;
  content(hash: string): Uint8Array | null;
  /** The disk loses a chunk. */
  lose(hash: string, n: number): void;
  readonly taken: number[];
}

export function files(): Files {
  const manifests = new Map<string, BlobManifest>();
  const chunks = new Map<string, Map<number, Uint8Array>>();
  const wants: string[] = [];
  const taken: number[] = [];
  const of = (hash: string): Map<number, Uint8Array> => {
    const known = chunks.get(hash) ?? new Map<number, Uint8Array>();
    chunks.set(hash, known);
    return known;
  };
  const whole = (hash: string): boolean => of(hash).size === manifests.get(hash)?.chunks.length;
  return {
    taken,
    add(content) {
      const hash = hexOf(sha256(content));
      const list: string[] = [];
      for (let n = 0; n * BLOB_CHUNK_BYTES < content.length; n++) {
        const part = content.slice(n * BLOB_CHUNK_BYTES, (n + 1) * BLOB_CHUNK_BYTES);
        list.push(hexOf(sha256(part)));
        of(hash).set(n, part);
      }
      manifests.set(hash, { hash, bytes: content.length, chunks: list });
      return hash;
    },
    content(hash) {
      const manifest = manifests.get(hash);
      if (!manifest || !whole(hash)) return null;
      return new Uint8Array(Buffer.concat(manifest.chunks.map((_, n) => of(hash).get(n)!)));
    },
    lose: (hash, n) => void of(hash).delete(n),
    manifest: async (hash) => manifests.get(hash) ?? null,
    async have(hash) {
      const bitmap = new Uint8Array(Math.ceil((manifests.get(hash)?.chunks.length ?? 0) / 8));
      for (const n of of(hash).keys()) bitmap[n >> 3]! |= 1 << (n & 7);
      return bitmap;
    },
    isComplete: async (hash) => whole(hash),
    async want(hash) {
      wants.push(hash);
    },
    async learn(manifest) {
      if (!wants.includes(manifest.hash)) return 'unwanted';
      manifests.set(manifest.hash, manifest);
      return 'believed';
    },
    wanted: async (limit) =>
      wants
        .filter((hash) => !manifests.has(hash) || !whole(hash))
        .slice(0, limit)
        .map((hash) => {
          const manifest = manifests.get(hash);
          return {
            hash,
            missing: manifest ? [...manifest.chunks.keys()].filter((n) => !of(hash).has(n)) : null,
          };
        }),
    chunk: async (hash, n) => of(hash).get(n) ?? null,
    async takeChunk(hash, n, bytes) {
      const expected = manifests.get(hash)?.chunks[n];
      if (!expected || !wants.includes(hash)) return 'unwanted';
      if (of(hash).has(n)) return 'had';
      if (hexOf(sha256(bytes)) !== expected) return 'wrong';
      of(hash).set(n, bytes);
      taken.push(n);
      return whole(hash) ? 'complete' : 'kept';
    },
  };
}
