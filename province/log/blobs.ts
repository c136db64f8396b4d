// A center's files: SHA-256 addressed, in chunks that come from any station in any order and prove themselves one by
// one. Each chunk is a transaction, so a cut costs at most one, and two processes may take chunks of one file at once.
import { createHash } from 'node:crypto';
import {
  BLOB_CHUNK_BYTES,
  type BlobManifest,
  type BlobStore,
  type ChunkOutcome,
  MOST_BLOB_CHUNKS,
} from '../../shared/sync/blobs.ts';
import { bytesOf, hexOf, sha256 } from '../bytes.ts';
import type { Database, Row, Sql } from '../database/types.ts';

interface BlobRow extends Row {
  readonly id: number;
  readonly hash: Uint8Array;
  readonly size: number | null;
  readonly manifest: Uint8Array | null;
  readonly have: Uint8Array | null;
  readonly complete: boolean;
  readonly refused: Uint8Array | null;
}

const columns = 'id, hash, size, manifest, have, complete, refused';

export function blobStoreOf(db: Database, center: number): BlobStore {
  const find = async (sql: Sql, hash: string, locked = false): Promise<BlobRow | null> => {
    if (!isHash(hash)) return null;
    const [row] = await sql.query<BlobRow>(
      `select ${columns} from blob where center = $1 and hash = $2 ${locked ? 'for update' : ''}`,
      [center, bytesOf(hash)],
    );
    return row ?? null;
  };

  return {
    async manifest(hash) {
      const blob = await find(db, hash);
      return blob?.manifest ? { hash, bytes: blob.size ?? 0, chunks: hashesOf(blob.manifest) } : null;
    },
    async have(hash) {
      return (await find(db, hash))?.have ?? new Uint8Array();
    },
    async isComplete(hash) {
      return (await find(db, hash))?.complete === true;
    },
    async want(hash) {
      if (!isHash(hash)) throw new Error('a file is named by 64 hex digits');
      await db.query('insert into blob (center, hash) values ($1, $2) on conflict do nothing', [
        center,
        bytesOf(hash),
      ]);
    },
    async learn(manifest) {
      return await db.transaction(async (tx) => {
        const blob = await find(tx, manifest.hash, true);
        if (!blob || blob.complete) return 'unwanted';
        if (!isSound(manifest)) return 'refused';
        const listed = bytesOf(manifest.chunks.join(''));
        if (blob.refused && sha256(listed).equals(blob.refused)) return 'refused';
        if (blob.manifest && listed.equals(blob.manifest)) return 'believed';
        // one of two descriptions is wrong and nobody knows which: chunks that fit the new one stay
        const have = Buffer.alloc(Math.ceil(manifest.chunks.length / 8));
        const chunks = await tx.query<{ n: number; hash: Uint8Array }>(
          'select n, sha256(bytes) as hash from blob_chunk where blob = $1',
          [blob.id],
        );
        for (const { n, hash } of chunks) if (manifest.chunks[n] === hexOf(hash)) setBit(have, n);
        await tx.query('update blob set size = $2, manifest = $3, have = $4 where id = $1', [
          blob.id,
          manifest.bytes,
          listed,
          have,
        ]);
        if (isFull(have, manifest.chunks.length)) await finish(tx, blob.id, manifest.hash, listed);
        return 'believed';
      });
    },
    async wanted(limit) {
      const rows = await db.query<BlobRow>(
        `select ${columns} from blob where center = $1 and not complete order by id limit $2`,
        [center, limit],
      );
      return rows.map((blob) => ({ hash: hexOf(blob.hash), missing: missingOf(blob) }));
    },
    async chunk(hash, n) {
      const blob = await find(db, hash);
      if (!blob?.manifest || !blob.have || !hasBit(blob.have, n)) return null;
      const [row] = await db.query<{ bytes: Uint8Array }>(
        'select bytes from blob_chunk where blob = $1 and n = $2',
        [blob.id, n],
      );
      if (row && sha256(row.bytes).toString('hex') === hashesOf(blob.manifest)[n]) return row.bytes;
      // gone bad on the disk: wanted again
      await db.transaction(async (tx) => {
        const now = await find(tx, hash, true);
        if (!now?.have) return;
        const have = Buffer.from(now.have);
        clearBit(have, n);
        await tx.query('delete from blob_chunk where blob = $1 and n = $2', [now.id, n]);
        await tx.query('update blob set have = $2, complete = false where id = $1', [now.id, have]);
      });
      return null;
    },
    async takeChunk(hash, n, bytes) {
      return await db.transaction(async (tx): Promise<ChunkOutcome> => {
        const blob = await find(tx, hash, true);
        if (!blob?.manifest || !blob.have) return 'unwanted';
        if (blob.complete) return 'had';
        const expected = hashesOf(blob.manifest)[n];
        if (expected === undefined) return 'unwanted';
        if (hasBit(blob.have, n)) return 'had';
        if (sha256(bytes).toString('hex') !== expected) return 'wrong';
        const have = Buffer.from(blob.have);
        setBit(have, n);
        await tx.query(
          `insert into blob_chunk (blob, n, bytes) values ($1, $2, $3)
           on conflict (blob, n) do update set bytes = excluded.bytes`,
          [blob.id, n, bytes],
        );
        await tx.query('update blob set have = $2 where id = $1', [blob.id, have]);
        return isFull(have, blob.manifest.length / 32)
          ? await finish(tx, blob.id, hash, blob.manifest)
          : 'kept';
      });
    },
  };
}

/** The last chunk has come: believe the whole, or nobody who described it so. */
async function finish(tx: Sql, id: number, hash: string, manifest: Uint8Array): Promise<ChunkOutcome> {
  const whole = createHash('sha256');
  for (let n = 0; n < manifest.length / 32; n++) {
    const [row] = await tx.query<{ bytes: Uint8Array }>(
      'select bytes from blob_chunk where blob = $1 and n = $2',
      [id, n],
    );
    whole.update(row?.bytes ?? '');
  }
  if (whole.digest('hex') === hash) {
    await tx.query('update blob set complete = true where id = $1', [id]);
    return 'complete';
  }
  await tx.query('update blob set size = null, manifest = null, have = null, refused = $2 where id = $1', [
    id,
    sha256(manifest),
  ]);
  return 'not_whole';
}

const isHash = (hash: string): boolean => /^[0-9a-f]{64}$/.test(hash);

const isSound = ({ bytes, chunks }: BlobManifest): boolean =>
  Number.isSafeInteger(bytes) &&
  bytes >= 0 &&
  chunks.length <= MOST_BLOB_CHUNKS &&
  chunks.length === Math.ceil(bytes / BLOB_CHUNK_BYTES) &&
  chunks.every(isHash);

const hashesOf = (manifest: Uint8Array): string[] =>
  Array.from({ length: manifest.length / 32 }, (_, i) => hexOf(manifest.subarray(i * 32, i * 32 + 32)));

const hasBit = (bits: Uint8Array, n: number): boolean => (((bits[n >> 3] ?? 0) >> (n & 7)) & 1) === 1;
function setBit(bits: Uint8Array, n: number): void {
  bits[n >> 3] = (bits[n >> 3] ?? 0) | (1 << (n & 7));
}
function clearBit(bits: Uint8Array, n: number): void {
  bits[n >> 3] = (bits[n >> 3] ?? 0) & ~(1 << (n & 7));
}
const isFull = (have: Uint8Array, chunks: number): boolean =>
  Array.from({ length: chunks }, (_, n) => hasBit(have, n)).every(Boolean);

function missingOf({ manifest, have }: BlobRow): number[] | null {
  if (!manifest || !have) return null;
  return Array.from({ length: manifest.length / 32 }, (_, n) => n).filter((n) => !hasBit(have, n));
}
