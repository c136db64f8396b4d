// Seals a PIN typed at the command line to the helper's key, as the page's own field does: only the helper opens it.
import { constants, publicEncrypt } from 'node:crypto';

/** `spki`: base64, DER. Answers base64. The PIN's bytes are wiped; the string it came as is the caller's. */
export function sealPin(spki: string, pin: string): string {
  const bytes = Buffer.from(pin, 'utf8');
  try {
    const key = { key: Buffer.from(spki, 'base64'), format: 'der' as const, type: 'spki' as const };
    return publicEncrypt(
      { ...key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      bytes,
    ).toString('base64');
  } finally {
    bytes.fill(0);
  }
}
