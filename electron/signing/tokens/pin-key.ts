// The key a PIN is sealed to: made when the helper starts, never leaves it, gone with it. Whoever passes the sealed PIN
// on, page and core alike, cannot open it.
import { constants, generateKeyPair, privateDecrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { sha256Hex } from '../crypto.ts';

export interface PinKey {
  /** SubjectPublicKeyInfo, DER; RSA-OAEP with SHA-256 and no label. */
  readonly spki: Buffer;
  /** The PIN's bytes, for the caller to wipe; null: not sealed to this key, or tried before. */
  open(sealed: Uint8Array): Buffer | null;
  /** The same once more, for a key that asks before each signature; for the token that took it, and no other. */
  reopen(sealed: Uint8Array): Buffer | null;
  /** It has been tried on a token: nobody gets to try it again, on this one or on another. */
  spend(sealed: Uint8Array): void;
}

export async function makePinKey(): Promise<PinKey> {
  const pair = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const spent = new Set<string>();
  return {
    spki: pair.publicKey,
    open: (sealed) => (spent.has(sha256Hex(sealed)) ? null : opened(pair.privateKey, sealed)),
    reopen: (sealed) => opened(pair.privateKey, sealed),
    spend: (sealed) => void spent.add(sha256Hex(sealed)),
  };
}

function opened(key: string, sealed: Uint8Array): Buffer | null {
  try {
    return privateDecrypt(
      { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      Buffer.from(sealed),
    );
  } catch {
    return null;
  }
}
