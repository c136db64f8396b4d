// Names a database key without telling it, so that a wrong key can be told from a damaged file.
import { readFileSync } from 'node:fs';
import { hmacSha256 } from './crypto.ts';

export const keyIdOf = (key: Uint8Array): string =>
  hmacSha256(key, 'tram database key id').toString('hex').slice(0, 32);

/** From a keyring file; null when there is none or it is unreadable. */
export function readKeyId(keyringPath: string): string | null {
  try {
    const parsed: unknown = JSON.parse(readFileSync(keyringPath, 'utf8'));
    if (typeof parsed !== 'object' || parsed === null || !('keyId' in parsed)) return null;
    return typeof parsed.keyId === 'string' ? parsed.keyId : null;
  } catch {
    return null;
  }
}
