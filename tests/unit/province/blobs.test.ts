// Files of a center at the province, on PGlite.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../../province/bytes.ts';
import { blobStoreOf } from '../../../province/log/blobs.ts';
import type { BlobManifest, BlobStore } from '../../../shared/sync/blobs.ts';
import { openTestDatabase, type TestDatabase } from './support.ts';

const chunkBytes = 32 * 1024;

function file(bytes: number): { content: Buffer; chunks: Buffer[]; manifest: BlobManifest } {
  const content = randomBytes(bytes);
  const chunks = Array.from({ length: Math.ceil(bytes / chunkBytes) }, (_, n) =>
    content.subarray(n * chunkBytes, (n + 1) * chunkBytes),
  );
  const hex = (part: Buffer): string => sha256(part).toString('hex');
  return { content, chunks, manifest: { hash: hex(content), bytes, chunks: chunks.map(hex) } };
}

describe('files at the province', () => {
  let test: TestDatabase;
  let blobs: BlobStore;
  beforeAll(async () => {
    test = await openTestDatabase();
    blobs = blobStoreOf(test.db, (await test.center()).center);
  }, 60_000);
  afterAll(() => test.close());

  it('come in chunk by chunk in any order, and are whole only when they are what their name says', async () => {
    const { chunks, manifest } = file(chunkBytes * 9 + 17);
    const { hash } = manifest;
    expect(await blobs.learn(manifest)).toBe('unwanted');
    await blobs.want(hash);
    expect(await blobs.wanted(9)).toEqual([{ hash, missing: null }]);
    expect(await blobs.learn(manifest)).toBe('believed');
    for (const n of [9, 3, 0, 8]) expect(await blobs.takeChunk(hash, n, chunks[n]!)).toBe('kept');
    expect(await blobs.takeChunk(hash, 3, chunks[3]!)).toBe('had');
    expect(await blobs.takeChunk(hash, 4, chunks[5]!)).toBe('wrong');
    expect(await blobs.takeChunk(hash, 10, chunks[5]!)).toBe('unwanted');
    expect(await blobs.wanted(9)).toEqual([{ hash, missing: [1, 2, 4, 5, 6, 7] }]);
    expect(await blobs.isComplete(hash)).toBe(false);
    const rest = [];
    for (const n of [1, 2, 4, 5, 6, 7]) rest.push(await blobs.takeChunk(hash, n, chunks[n]!));
    expect(rest).toEqual(['kept', 'kept', 'kept', 'kept', 'kept', 'complete']);
    expect(await blobs.isComplete(hash)).toBe(true);
    expect(Buffer.from((await blobs.chunk(hash, 9))!).equals(chunks[9]!)).toBe(true);
    expect(await blobs.manifest(hash)).toEqual(manifest);
    expect(await blobs.wanted(9)).toEqual([]);
  });

  it('that turn out to be something else are not believed of that description again', async () => {
    const { chunks, manifest } = file(chunkBytes + 5);
    const named = { ...manifest, hash: file(10).manifest.hash };
    await blobs.want(named.hash);
    await blobs.learn(named);
    await blobs.takeChunk(named.hash, 0, chunks[0]!);
    expect(await blobs.takeChunk(named.hash, 1, chunks[1]!)).toBe('not_whole');
    expect(await blobs.learn(named)).toBe('refused');
    expect(await blobs.isComplete(named.hash)).toBe(false);
  });

  it('that go bad on the disk are wanted again, the bad piece only', async () => {
    const { chunks, manifest } = file(chunkBytes * 2);
    const { hash } = manifest;
    await blobs.want(hash);
    await blobs.learn(manifest);
    for (const [n, chunk] of chunks.entries()) await blobs.takeChunk(hash, n, chunk);
    await test.db.query('update blob_chunk set bytes = $1 where n = 1 and octet_length(bytes) = $2', [
      randomBytes(chunkBytes),
      chunkBytes,
    ]);
    expect(await blobs.chunk(hash, 1)).toBeNull();
    expect(await blobs.wanted(9)).toContainEqual({ hash, missing: [1] });
    expect(await blobs.takeChunk(hash, 1, chunks[1]!)).toBe('complete');
  });
});
