// Ids and hashes: hex in the program, bytes in the database.
import { createHash, hash } from 'node:crypto';

export const bytesOf = (hex: string): Buffer => Buffer.from(hex, 'hex');

/** Both databases answer bytea as some kind of Uint8Array. Throws on anything else: that is a bug of a query. */
export function hexOf(bytes: unknown): string {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes expected from the database');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

export const hexOrNull = (bytes: unknown): string | null =>
  bytes === null || bytes === undefined ? null : hexOf(bytes);

export const sha256 = (first: Uint8Array | string, ...more: readonly (Uint8Array | string)[]): Buffer => {
  // in one call: changes are short, and making an object for each takes longer than hashing it
  if (more.length === 0) return hash('sha256', first, 'buffer');
  const parts = createHash('sha256').update(first);
  for (const part of more) parts.update(part);
  return parts.digest();
};

export const zeroHash = '0'.repeat(64);

/** Station ids are 32 hex digits; the log may name them as UUIDs. Null: not a station id. */
export function stationIdOf(id: string): string | null {
  const plain = id.replaceAll('-', '');
  return /^[0-9a-f]{32}$/.test(plain) ? plain : null;
}
