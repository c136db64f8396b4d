// What was fetched from OCSP responders and list servers, kept with its age for when the line is down. It holds nothing
// secret and nothing is believed for lying in it: signatures are checked each time it is read.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '../crypto.ts';

export interface Kept {
  readonly der: Buffer;
  /** ms since 1970 UTC, by this PC's clock. */
  readonly fetchedAt: number;
}

export interface EvidenceCache {
  find(key: string): Kept | null;
  keep(key: string, kept: Kept): void;
}

/** For tests and for the command line, which looks once. */
export function memoryCache(): EvidenceCache {
  const all = new Map<string, Kept>();
  return { find: (key) => all.get(key) ?? null, keep: (key, kept) => void all.set(key, kept) };
}

/**
 * One file for each, in a folder of their own; written beside and renamed, so that a power cut leaves the old one. A file
 * that cannot be read or written is as if it were not there: the cache is a help, not a record.
 */
export function folderCache(folder: string): EvidenceCache {
  const memory = memoryCache();
  const fileOf = (key: string): string => join(folder, `${sha256Hex(Buffer.from(key))}.der`);
  return {
    find(key) {
      const known = memory.find(key) ?? quietly(() => read(fileOf(key)));
      if (known !== null) memory.keep(key, known);
      return known;
    },
    keep(key, kept) {
      memory.keep(key, kept);
      quietly(() => {
        mkdirSync(folder, { recursive: true });
        const fresh = `${fileOf(key)}.${process.pid}.new`;
        writeFileSync(fresh, Buffer.concat([stampOf(kept.fetchedAt), kept.der]));
        try {
          renameSync(fresh, fileOf(key));
        } catch (error) {
          rmSync(fresh, { force: true });
          throw error;
        }
      });
    },
  };
}

/** Eight octets before the DER: when it was fetched. */
function stampOf(ms: number): Buffer {
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(BigInt(Math.max(0, Math.trunc(ms))));
  return stamp;
}

function read(file: string): Kept | null {
  const bytes = readFileSync(file);
  return bytes.length > 8 ? { der: bytes.subarray(8), fetchedAt: Number(bytes.readBigUInt64BE(0)) } : null;
}

function quietly<T>(run: () => T): T | null {
  try {
    return run();
  } catch {
    return null;
  }
}
