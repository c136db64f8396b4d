// Files in the encrypted store: SHA-256 addressed, 32 kB chunks each kept in a transaction of its own, so that a cut
// costs at most one, a full disk loses nothing and a save never waits for a scan.
import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import {
  BLOB_CHUNK_BYTES,
  type BlobManifest,
  type BlobStore,
  type ChunkOutcome,
  MOST_BLOB_CHUNKS,
} from '../../shared/sync/blobs.ts';
import { sha256 } from './crypto.ts';
import { failureOf } from './faults.ts';
import type { CheckReport, Store } from './types.ts';

export interface Blobs extends BlobStore {
  /** `later`: behind all that is wanted without it, e.g. photos behind papers. */
  want(hash: string, options?: { readonly later?: boolean }): Promise<void>;
  /**
   * Keeps content made here and answers its hash; content that is here already is kept once. disk_full and the
   * store's other failures · bad_input: longer than 1 GiB. Nothing of it is left then.
   */
  put(content: Uint8Array | AsyncIterable<Uint8Array>): Promise<Result<string>>;
  /** The whole content, proven; null when it is not all here, and what is bad of it is wanted again. */
  get(hash: string): Promise<Buffer | null>;
  /** Proves every chunk; what is missing or bad is wanted again. In slices. */
  check(): Promise<CheckReport>;
}

/** Local settings of this name and a hash: made here, and nobody else has said yet that it holds it too. */
const ONLY_HERE = 'fileOnlyHere:';
const onlyHereRange = [ONLY_HERE, `${ONLY_HERE}g`] as const;

/** SQL with the hash `m.hash` in it, true of a file that the record names: one that no change came to name is no loss. */
export type IsNamed = string;
const onlyHereOf = (isNamed: IsNamed): string =>
  `from (select substr(name, ${ONLY_HERE.length + 1}) as hash from local_setting where name >= ? and name < ?) m
   where ${isNamed}`;

/** Files that are lost with this PC. */
export const filesOnlyHere = (sql: Store['sql'], isNamed: IsNamed = 'true'): number =>
  sql
    .prepare<[string, string], number>(`select count(*) ${onlyHereOf(isNamed)}`)
    .pluck()
    .get(...onlyHereRange) ?? 0;

/** Chunks between two looks at other work: some 3 ms. */
const AT_ONCE = 16;

export function blobsOf(store: Pick<Store, 'sql' | 'local'>, isNamed: IsNamed = 'true'): Blobs {
  const { sql } = store;
  const find = sql.prepare<[Buffer], Row>('select * from blob where hash = ?');
  const add = sql.prepare('insert into blob (hash, size, manifest, have, complete) values (?, ?, ?, ?, ?)');
  const addWanted = sql.prepare('insert into blob (hash, complete, later) values (?, 0, ?)');
  const soon = sql.prepare('update blob set later = 0 where id = ?');
  const describe = sql.prepare('update blob set size = ?, manifest = ?, have = ?, complete = 0 where id = ?');
  const name = sql.prepare(
    'update blob set hash = ?, size = ?, manifest = ?, have = ?, complete = 1 where id = ?',
  );
  const mark = sql.prepare('update blob set have = ?, complete = ? where id = ?');
  const disbelieve = sql.prepare(
    'update blob set size = null, manifest = null, have = null, complete = 0, refused = ? where id = ?',
  );
  const open = sql.prepare<[number], Row>('select * from blob where complete = 0 order by later, id limit ?');
  const complete = sql.prepare<[number], Row>(
    'select * from blob where id > ? and complete = 1 order by id limit 1',
  );
  const unnamed = sql.prepare<[], number>('select id from blob where hash is null').pluck();
  const drop = sql.prepare('delete from blob where id = ?');
  const chunkAt = sql
    .prepare<[number, number], Buffer>('select bytes from blob_chunk where blob = ? and n = ?')
    .pluck();
  const putChunk = sql.prepare(
    `insert into blob_chunk (blob, n, bytes) values (?, ?, ?)
     on conflict (blob, n) do update set bytes = excluded.bytes`,
  );
  const keepOnlyHere = sql.prepare("insert or ignore into local_setting (name, value) values (?, 'true')");
  const listOnlyHere = sql
    .prepare<[string, string, number], string>(`select m.hash ${onlyHereOf(isNamed)} order by m.hash limit ?`)
    .pluck();
  const isOnlyHere = sql.prepare<[string], number>('select 1 from local_setting where name = ?').pluck();
  const dropOnlyHere = sql.prepare('delete from local_setting where name = ?');
  const dropChunks = sql.prepare('delete from blob_chunk where blob = ?');
  const dropChunk = sql.prepare('delete from blob_chunk where blob = ? and n = ?');

  const row = (hash: string): Row | null =>
    isHash(hash) ? (find.get(Buffer.from(hash, 'hex')) ?? null) : null;
  const remove = (id: number): void => {
    dropChunks.run(id);
    drop.run(id);
  };
  /** The bytes of a chunk, when they are what the manifest says; else it is wanted again. */
  const proven = (blob: Row, n: number): Buffer | null => {
    if (!blob.manifest || !blob.have || !hasBit(blob.have, n)) return null;
    const bytes = chunkAt.get(blob.id, n);
    if (bytes && sha256(bytes).equals(hashAt(blob.manifest, n))) return bytes;
    store.local(() => {
      dropChunk.run(blob.id, n);
      mark.run(withBit(blob.have ?? Buffer.alloc(0), n, false), 0, blob.id);
    });
    return null;
  };
  /** SHA-256 of everything, or null when a chunk is not there or bad. Other work comes in between. */
  const wholeHash = async (blob: Row): Promise<Buffer | null> => {
    const hash = createHash('sha256');
    for (let n = 0; n < chunksOf(blob); n++) {
      const bytes = proven(blob, n);
      if (!bytes) return null;
      hash.update(bytes);
      if (n % AT_ONCE === AT_ONCE - 1) await turn();
    }
    return hash.digest();
  };
  /** When the last chunk has come: believe the whole, or nobody who described it so. */
  const finish = async (hash: string): Promise<ChunkOutcome> => {
    const blob = row(hash);
    if (!blob?.manifest || !blob.have || !isFull(blob)) return 'kept';
    const whole = await wholeHash(blob);
    const now = row(hash);
    // meanwhile another description came, or a chunk was found bad
    if (!whole || !now?.manifest?.equals(blob.manifest)) return 'kept';
    if (whole.equals(Buffer.from(hash, 'hex'))) {
      store.local(() => mark.run(now.have, 1, now.id));
      return 'complete';
    }
    store.local(() => disbelieve.run(sha256(now.manifest ?? Buffer.alloc(0)), now.id));
    return 'not_whole';
  };

  // a stream that a power cut ended
  for (const id of unnamed.all()) store.local(() => remove(id));

  return {
    async manifest(hash) {
      const blob = row(hash);
      return blob?.manifest ? { hash, bytes: blob.size ?? 0, chunks: hashesOf(blob.manifest) } : null;
    },
    async have(hash) {
      return row(hash)?.have ?? new Uint8Array();
    },
    async isComplete(hash) {
      return row(hash)?.complete === 1;
    },
    async want(hash, { later = false } = {}) {
      if (!isHash(hash)) throw new Error('a blob is named by 64 hex digits');
      const known = row(hash);
      if (!known) store.local(() => addWanted.run(Buffer.from(hash, 'hex'), later ? 1 : 0));
      else if (known.later === 1 && !later) store.local(() => soon.run(known.id));
    },
    async learn(manifest) {
      const blob = row(manifest.hash);
      if (!blob || blob.complete === 1) return 'unwanted';
      if (!isSound(manifest)) return 'refused';
      const listed = Buffer.from(manifest.chunks.join(''), 'hex');
      if (blob.refused?.equals(sha256(listed))) return 'refused';
      if (blob.manifest?.equals(listed)) return 'believed';
      // one of two descriptions is wrong and nobody knows which: what came fits one of them and stays
      const have = Buffer.alloc(Math.ceil(manifest.chunks.length / 8));
      for (let n = 0; n < manifest.chunks.length; n++) {
        const bytes = chunkAt.get(blob.id, n);
        if (bytes && sha256(bytes).equals(hashAt(listed, n))) have.set(withBit(have, n, true));
      }
      const kept = guarded(() => store.local(() => describe.run(manifest.bytes, listed, have, blob.id)));
      if (!kept) return 'disk_full';
      await finish(manifest.hash);
      return 'believed';
    },
    async wanted(limit) {
      return open
        .all(limit)
        .flatMap((blob) =>
          blob.hash ? [{ hash: blob.hash.toString('hex'), missing: missingOf(blob) }] : [],
        );
    },
    async chunk(hash, n) {
      const blob = row(hash);
      return blob && proven(blob, n);
    },
    async takeChunk(hash, n, bytes) {
      const blob = row(hash);
      if (
        !blob?.manifest ||
        !blob.have ||
        blob.complete === 1 ||
        !Number.isInteger(n) ||
        n < 0 ||
        n >= chunksOf(blob)
      )
        return blob?.complete === 1 ? 'had' : 'unwanted';
      if (hasBit(blob.have, n)) return 'had';
      if (!sha256(bytes).equals(hashAt(blob.manifest, n))) return 'wrong';
      const have = withBit(blob.have, n, true);
      const kept = guarded(() =>
        store.local(() => {
          putChunk.run(blob.id, n, bytes);
          mark.run(have, 0, blob.id);
        }),
      );
      if (!kept) return 'disk_full';
      return isFull({ ...blob, have }) ? finish(hash) : 'kept';
    },
    async onlyHere(limit) {
      return listOnlyHere.all(...onlyHereRange, limit);
    },
    async elsewhere(hash) {
      if (isOnlyHere.get(ONLY_HERE + hash) === 1) store.local(() => dropOnlyHere.run(ONLY_HERE + hash));
    },
    async put(content) {
      let id: number | null = null;
      try {
        id = Number(store.local(() => add.run(null, null, null, null, 0)).lastInsertRowid);
        const whole = createHash('sha256');
        const listed: Buffer[] = [];
        let size = 0;
        for await (const chunks of inChunks(content)) {
          if (listed.length + chunks.length > MOST_BLOB_CHUNKS) {
            const staged = id;
            store.local(() => remove(staged));
            return fail('bad_input');
          }
          store.local(() => {
            for (const bytes of chunks) {
              putChunk.run(id, listed.length, bytes);
              whole.update(bytes);
              listed.push(sha256(bytes));
              size += bytes.length;
            }
          });
          await turn();
        }
        const hash = whole.digest();
        const have = Buffer.alloc(Math.ceil(listed.length / 8));
        for (let n = 0; n < listed.length; n++) have.set(withBit(have, n, true));
        const staged = id;
        store.local(() => {
          const known = find.get(hash);
          if (known?.complete === 1) return remove(staged);
          if (known) remove(known.id);
          // what was wanted is somewhere else too, or it would be named by nothing
          else keepOnlyHere.run(ONLY_HERE + hash.toString('hex'));
          name.run(hash, size, Buffer.concat(listed), have, staged);
        });
        return ok(hash.toString('hex'));
      } catch (error) {
        const failure = failureOf(error);
        // what cannot be cleared away now, on a full disk, is at the next opening
        const staged = id;
        if (staged !== null) guarded(() => store.local(() => remove(staged)));
        if (!failure) throw error;
        return { ok: false, error: failure };
      }
    },
    async get(hash) {
      const blob = row(hash);
      if (blob?.complete !== 1) return null;
      const chunks: Buffer[] = [];
      for (let n = 0; n < chunksOf(blob); n++) {
        const bytes = proven(blob, n);
        if (!bytes) return null;
        chunks.push(bytes);
        if (n % AT_ONCE === AT_ONCE - 1) await turn();
      }
      return Buffer.concat(chunks);
    },
    async check() {
      let checked = 0;
      let bad = 0;
      for (let blob = complete.get(0); blob; blob = complete.get(blob.id)) {
        for (let n = 0; n < chunksOf(blob); n++) {
          const now: Row = { ...blob, have: blob.hash ? (find.get(blob.hash)?.have ?? null) : null };
          if (!proven(now, n)) bad += 1;
          checked += 1;
          if (n % AT_ONCE === AT_ONCE - 1) await turn();
        }
      }
      return {
        ok: bad === 0,
        checked,
        ...(bad > 0 && { detail: `${bad} chunks of files are damaged or missing` }),
      };
    },
  };
}

interface Row {
  readonly id: number;
  readonly hash: Buffer | null;
  readonly size: number | null;
  readonly manifest: Buffer | null;
  readonly have: Buffer | null;
  readonly complete: number;
  readonly refused: Buffer | null;
  readonly later: number;
}

/** False when the disk had no room or failed; anything unexpected is thrown. */
function guarded(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (!failureOf(error)) throw error;
    return false;
  }
}

const isHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);
const chunksOf = (blob: Row): number => (blob.manifest?.length ?? 0) / 32;
const hashAt = (manifest: Buffer, n: number): Buffer => manifest.subarray(32 * n, 32 * n + 32);
const hashesOf = (manifest: Buffer): string[] =>
  Array.from({ length: manifest.length / 32 }, (_, n) => hashAt(manifest, n).toString('hex'));

const hasBit = (bits: Uint8Array, n: number): boolean => ((bits[n >> 3] ?? 0) & (1 << (n & 7))) !== 0;
function withBit(bits: Buffer, n: number, on: boolean): Buffer {
  const changed = Buffer.from(bits);
  const byte = changed[n >> 3] ?? 0;
  changed[n >> 3] = on ? byte | (1 << (n & 7)) : byte & ~(1 << (n & 7));
  return changed;
}
const missingOf = (blob: Row): number[] | null => {
  const { have } = blob;
  if (!blob.manifest || !have) return null;
  return Array.from({ length: chunksOf(blob) }, (_, n) => n).filter((n) => !hasBit(have, n));
};
const isFull = (blob: Row): boolean => missingOf(blob)?.length === 0;

const isSound = ({ bytes, chunks }: BlobManifest): boolean =>
  Number.isSafeInteger(bytes) &&
  bytes >= 0 &&
  chunks.length <= MOST_BLOB_CHUNKS &&
  chunks.length === Math.ceil(bytes / BLOB_CHUNK_BYTES) &&
  chunks.every(isHash);

/** Pieces of any length as lists of chunks, AT_ONCE of them to a transaction. */
async function* inChunks(content: Uint8Array | AsyncIterable<Uint8Array>): AsyncGenerator<Buffer[]> {
  let left: Buffer = Buffer.alloc(0);
  let ready: Buffer[] = [];
  for await (const piece of content instanceof Uint8Array ? [content] : content) {
    left = left.length === 0 ? Buffer.from(piece) : Buffer.concat([left, piece]);
    let at = 0;
    for (; left.length - at >= BLOB_CHUNK_BYTES; at += BLOB_CHUNK_BYTES) {
      ready.push(left.subarray(at, at + BLOB_CHUNK_BYTES));
      if (ready.length === AT_ONCE) {
        yield ready;
        ready = [];
      }
    }
    left = left.subarray(at);
  }
  if (left.length > 0) ready.push(left);
  if (ready.length > 0) yield ready;
}
