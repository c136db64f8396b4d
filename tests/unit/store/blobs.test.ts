// Files come in chunks, from anybody, in any order, cut anywhere, and are never believed but proven.
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNamedFile } from '../../../electron/core/clinic.ts';
import { blobsOf, filesOnlyHere } from '../../../electron/store/blobs.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { BLOB_CHUNK_BYTES, type BlobManifest } from '../../../shared/sync/blobs.ts';
import { openTestStore } from '../support/open-test-store.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { sampleArea, sampleMigrations } from './sample-area.ts';

const open = (options: Parameters<typeof openTestStore>[1] = {}): OpenStore =>
  openTestStore([sampleArea], { migrations: sampleMigrations, ...options });
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Bytes that no chunk repeats. */
function scan(bytes: number, seed = 1): Buffer {
  const content = Buffer.alloc(bytes);
  for (let i = 0; i < bytes; i++) content[i] = (i * 31 + (i >> 15) * 7 + seed * 13) & 255;
  return content;
}
const cut = (content: Buffer): Buffer[] =>
  Array.from({ length: Math.ceil(content.length / BLOB_CHUNK_BYTES) }, (_, n) =>
    content.subarray(n * BLOB_CHUNK_BYTES, (n + 1) * BLOB_CHUNK_BYTES),
  );
const manifestOf = (content: Buffer): BlobManifest => ({
  hash: hashOf(content),
  bytes: content.length,
  chunks: cut(content).map(hashOf),
});
async function* inPieces(content: Buffer, bytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += bytes) yield content.subarray(at, at + bytes);
}
const rows = (store: OpenStore) => ({
  blobs: store.sql.prepare('select count(*) from blob').pluck().get(),
  chunks: store.sql.prepare('select count(*) from blob_chunk').pluck().get(),
});
const bits = (have: Uint8Array): string => [...have].map((b) => b.toString(2).padStart(8, '0')).join(' ');

describe('a file made here', () => {
  it('is kept under its SHA-256 and comes back whole, however it was handed over', async () => {
    const store = open();
    const blobs = blobsOf(store);
    for (const bytes of [
      0,
      1,
      BLOB_CHUNK_BYTES - 1,
      BLOB_CHUNK_BYTES,
      BLOB_CHUNK_BYTES + 1,
      40 * BLOB_CHUNK_BYTES + 5,
    ]) {
      const content = scan(bytes, bytes);
      for (const handed of [content, inPieces(content, 1_000), inPieces(content, 100_000)])
        expect(await blobs.put(handed)).toEqual({ ok: true, value: hashOf(content) });
      expect(await blobs.get(hashOf(content))).toEqual(content);
      expect(await blobs.manifest(hashOf(content))).toEqual(manifestOf(content));
      expect(await blobs.isComplete(hashOf(content))).toBe(true);
    }
    // each was handed over three times
    expect(rows(store).blobs).toBe(6);
    expect(await blobs.wanted(10)).toEqual([]);
    expect(await blobs.check()).toMatchObject({ ok: true });
  });

  it('leaves nothing behind when the stream breaks off, or the PC is switched off in the middle', async () => {
    const store = open();
    const blobs = blobsOf(store);
    const content = scan(60 * BLOB_CHUNK_BYTES);
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield* inPieces(content.subarray(0, content.length / 2), 50_000);
      throw new Error('scanner unplugged');
    }
    await expect(blobs.put(breaking())).rejects.toThrow('scanner unplugged');
    expect(rows(store)).toEqual({ blobs: 0, chunks: 0 });

    const stuck = blobs.put(
      (async function* () {
        yield content.subarray(0, 20 * BLOB_CHUNK_BYTES);
        await new Promise(() => {});
      })(),
    );
    void stuck;
    while (rows(store).chunks === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    // opened again as after a power cut
    blobsOf(store);
    expect(rows(store)).toEqual({ blobs: 0, chunks: 0 });
  });

  it('is what was being fetched: then nothing has to be fetched any more', async () => {
    const store = open();
    const blobs = blobsOf(store);
    const content = scan(3 * BLOB_CHUNK_BYTES);
    await blobs.want(hashOf(content));
    await blobs.learn(manifestOf(content));
    await blobs.takeChunk(hashOf(content), 1, cut(content)[1]!);
    await blobs.put(content);
    expect(await blobs.wanted(9)).toEqual([]);
    expect(rows(store)).toEqual({ blobs: 1, chunks: 3 });
  });
});

describe('a file that is only here', () => {
  it('is one made here, also after the program was started again, until somebody else holds it', async () => {
    const store = open();
    const made = await blobsOf(store).put(scan(50_000));
    const other = await blobsOf(store).put(scan(10_000, 2));
    if (!made.ok || !other.ok) throw new Error('two files');
    const blobs = blobsOf(store);
    expect((await blobs.onlyHere?.(10))?.toSorted()).toEqual([made.value, other.value].toSorted());
    await blobs.elsewhere?.(made.value);
    await blobs.elsewhere?.('f'.repeat(64));
    expect(await blobs.onlyHere?.(10)).toEqual([other.value]);
    expect(filesOnlyHere(store.sql)).toBe(1);
    // taken in again: somebody else still holds it
    await blobs.put(scan(50_000));
    expect(filesOnlyHere(store.sql)).toBe(1);
  });

  it('is none that no change came to name, and however many of those there are, the others are asked for', async () => {
    const store = open();
    const blobs = blobsOf(store, isNamedFile);
    const names: string[] = [];
    for (let seed = 1; seed <= 5; seed++) {
      const made = await blobs.put(scan(10, seed));
      if (made.ok) names.push(made.value);
    }
    names.sort();
    expect(await blobs.onlyHere?.(10)).toEqual([]);
    expect(filesOnlyHere(store.sql, isNamedFile)).toBe(0);
    store.local((sql) => sql.prepare('insert into document_file values (?, ?, ?)').run('d', names[4], 'p'));
    expect(await blobs.onlyHere?.(1)).toEqual([names[4]]);
    expect(filesOnlyHere(store.sql, isNamedFile)).toBe(1);
    const plan = store.sql
      .prepare<[], { detail: string }>(
        `explain query plan select 1 from (select 'a' as hash) m where ${isNamedFile}`,
      )
      .all()
      .map(({ detail }) => detail)
      .join('\n');
    expect(plan).toMatch(/SEARCH f USING COVERING INDEX document_file_hash/);
    expect(plan).toMatch(/SEARCH p USING .*INDEX patient_photo/);
  });

  it('is none that was wanted because the record of others names it', async () => {
    const store = open();
    const blobs = blobsOf(store);
    const content = scan(40_000);
    await blobs.want(hashOf(content));
    await blobs.learn(manifestOf(content));
    for (const [n, bytes] of cut(content).entries()) await blobs.takeChunk(hashOf(content), n, bytes);
    await blobs.want(hashOf(scan(9)));
    await blobs.put(scan(9));
    expect(filesOnlyHere(store.sql)).toBe(0);
  });
});

describe('a file that is fetched', () => {
  it('goes on after a cut at every chunk, and fetches none twice', async () => {
    const content = scan(9 * BLOB_CHUNK_BYTES + 77);
    const manifest = manifestOf(content);
    const source = blobsOf(open({ station: 'b' }));
    await source.put(content);
    for (let cutAt = 0; cutAt <= manifest.chunks.length; cutAt++) {
      const store = open();
      const first = blobsOf(store);
      await first.want(manifest.hash);
      expect(await first.wanted(9)).toEqual([{ hash: manifest.hash, missing: null }]);
      expect(await first.learn(manifest)).toBe('believed');
      for (let n = 0; n < cutAt; n++)
        expect(await first.takeChunk(manifest.hash, n, (await source.chunk(manifest.hash, n))!)).toBe(
          n === manifest.chunks.length - 1 ? 'complete' : 'kept',
        );
      store.close();

      const again = open({ path: store.path, create: false });
      const blobs = blobsOf(again);
      const [wanted] = await blobs.wanted(9);
      expect(wanted?.missing ?? []).toEqual(manifest.chunks.map((_, n) => n).slice(cutAt));
      expect(await blobs.get(manifest.hash)).toEqual(cutAt === manifest.chunks.length ? content : null);
      // from the end, as another peer may send them
      for (const n of [...(wanted?.missing ?? [])].reverse())
        await blobs.takeChunk(manifest.hash, n, (await source.chunk(manifest.hash, n))!);
      expect(await blobs.get(manifest.hash)).toEqual(content);
      again.close();
    }
  });

  it('takes any chunk from any peer, in any order, and repeated ones once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(11), { minLength: 5, maxLength: 30 }),
        fc.infiniteStream(fc.boolean()),
        async (order, liar) => {
          const content = scan(12 * BLOB_CHUNK_BYTES - 9);
          const manifest = manifestOf(content);
          const store = open();
          const blobs = blobsOf(store);
          await blobs.want(manifest.hash);
          await blobs.learn(manifest);
          const arrived = new Set<number>();
          for (const n of [...order, ...manifest.chunks.keys()]) {
            const good = cut(content)[n]!;
            if (liar.next().value) {
              const bad = Buffer.from(good);
              bad[0] = (bad[0] ?? 0) ^ 1;
              expect(await blobs.takeChunk(manifest.hash, n, bad)).toBe(arrived.has(n) ? 'had' : 'wrong');
            }
            const outcome = await blobs.takeChunk(manifest.hash, n, good);
            const before = arrived.has(n);
            arrived.add(n);
            expect(outcome).toBe(before ? 'had' : arrived.size === 12 ? 'complete' : 'kept');
            const have = await blobs.have(manifest.hash);
            for (let i = 0; i < 12; i++)
              expect(((have[i >> 3] ?? 0) >> (i & 7)) & 1).toBe(arrived.has(i) ? 1 : 0);
          }
          expect(await blobs.get(manifest.hash)).toEqual(content);
          store.close();
        },
      ),
      { numRuns: propertyRuns(6) },
    );
  }, 60_000);

  it('refuses what nobody wants, is out of range or described so that it cannot be', async () => {
    const store = open();
    const blobs = blobsOf(store);
    const content = scan(2 * BLOB_CHUNK_BYTES);
    const manifest = manifestOf(content);
    expect(await blobs.learn(manifest)).toBe('unwanted');
    expect(await blobs.takeChunk(manifest.hash, 0, cut(content)[0]!)).toBe('unwanted');
    expect(await blobs.takeChunk('no hash', 0, cut(content)[0]!)).toBe('unwanted');
    await blobs.want(manifest.hash);
    for (const bent of [
      { bytes: -1 },
      { bytes: manifest.bytes + 1 },
      { bytes: Number.NaN },
      { chunks: [] },
      { chunks: ['x', 'y'] },
    ])
      expect(await blobs.learn({ ...manifest, ...bent })).toBe('refused');
    await blobs.learn(manifest);
    for (const n of [-1, 2, 0.5, Number.NaN])
      expect(await blobs.takeChunk(manifest.hash, n, cut(content)[0]!)).toBe('unwanted');
    expect(rows(store).chunks).toBe(0);
  });

  it('is not believed when its chunks agree with their list but the whole is something else', async () => {
    const store = open();
    const blobs = blobsOf(store);
    const content = scan(4 * BLOB_CHUNK_BYTES);
    const forged = Buffer.from(content);
    forged[2 * BLOB_CHUNK_BYTES] = (forged[2 * BLOB_CHUNK_BYTES] ?? 0) ^ 255;
    const lie = { ...manifestOf(forged), hash: hashOf(content) };
    await blobs.want(lie.hash);
    await blobs.learn(lie);
    const outcomes = [];
    for (const [n, bytes] of cut(forged).entries()) outcomes.push(await blobs.takeChunk(lie.hash, n, bytes));
    expect(outcomes).toEqual(['kept', 'kept', 'kept', 'not_whole']);
    expect(await blobs.get(lie.hash)).toBeNull();
    expect(await blobs.learn(lie)).toBe('refused');
    expect(await blobs.wanted(9)).toEqual([{ hash: lie.hash, missing: null }]);
    // the true list comes: what had been fetched and fits it is not fetched again
    expect(await blobs.learn(manifestOf(content))).toBe('believed');
    expect(await blobs.wanted(9)).toEqual([{ hash: lie.hash, missing: [2] }]);
    expect(await blobs.takeChunk(lie.hash, 2, cut(content)[2]!)).toBe('complete');
    expect(await blobs.get(lie.hash)).toEqual(content);
  });

  it('is not held up by whoever described it wrongly first', async () => {
    const store = open();
    const blobs = blobsOf(store);
    const content = scan(3 * BLOB_CHUNK_BYTES);
    const truth = manifestOf(content);
    await blobs.want(truth.hash);
    await blobs.learn({ ...truth, chunks: [truth.chunks[0]!, 'a'.repeat(64), 'b'.repeat(64)] });
    await blobs.takeChunk(truth.hash, 0, cut(content)[0]!);
    expect(await blobs.takeChunk(truth.hash, 1, cut(content)[1]!)).toBe('wrong');
    await blobs.learn(truth);
    expect(bits(await blobs.have(truth.hash))).toBe('00000001');
    await blobs.takeChunk(truth.hash, 1, cut(content)[1]!);
    expect(await blobs.takeChunk(truth.hash, 2, cut(content)[2]!)).toBe('complete');
  });
});

describe('a failing disk', () => {
  it.each(['changed', 'vanished'])('makes a chunk that %s wanted again, once it is found', async (how) => {
    const store = open();
    const blobs = blobsOf(store);
    const content = scan(5 * BLOB_CHUNK_BYTES);
    const hash = hashOf(content);
    await blobs.put(content);
    store.sql.exec(
      how === 'changed'
        ? 'update blob_chunk set bytes = zeroblob(32768) where n = 3'
        : 'delete from blob_chunk where n = 3',
    );
    expect(await blobs.check()).toEqual({
      ok: false,
      checked: 5,
      detail: '1 chunks of files are damaged or missing',
    });
    expect(await blobs.get(hash)).toBeNull();
    expect(await blobs.chunk(hash, 3)).toBeNull();
    expect(await blobs.chunk(hash, 2)).toEqual(cut(content)[2]);
    expect(await blobs.wanted(9)).toEqual([{ hash, missing: [3] }]);
    expect(await blobs.takeChunk(hash, 3, cut(content)[3]!)).toBe('complete');
    expect(await blobs.get(hash)).toEqual(content);
  });

  it('that is full refuses the next chunk and loses none', async () => {
    const store = open();
    const blobs = blobsOf(store);
    const content = scan(30 * BLOB_CHUNK_BYTES);
    const manifest = manifestOf(content);
    await blobs.want(manifest.hash);
    await blobs.learn(manifest);
    const pages = Number(store.sql.pragma('page_count', { simple: true }));
    store.sql.pragma(`max_page_count = ${pages + 100}`);
    const outcomes: string[] = [];
    for (const [n, bytes] of cut(content).entries())
      outcomes.push(await blobs.takeChunk(manifest.hash, n, bytes));
    const kept = outcomes.filter((o) => o === 'kept').length;
    expect(kept).toBeGreaterThan(3);
    expect(outcomes.slice(kept).every((o) => o === 'disk_full')).toBe(true);
    const before = rows(store);
    expect(await blobs.put(scan(20 * BLOB_CHUNK_BYTES, 5))).toMatchObject({
      ok: false,
      error: { code: 'disk_full' },
    });
    expect(rows(store)).toEqual(before);

    store.sql.pragma('max_page_count = 1000000');
    for (const n of (await blobs.wanted(1))[0]!.missing!)
      await blobs.takeChunk(manifest.hash, n, cut(content)[n]!);
    expect(await blobs.get(manifest.hash)).toEqual(content);
    expect(store.integrityCheck()).toMatchObject({ ok: true });
  });
});
