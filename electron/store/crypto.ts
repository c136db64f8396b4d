// All cryptography of the program below the signing room. Electron links BoringSSL, which lacks much of
// what Node's OpenSSL offers, and no test under Node would notice: so only what both have is used, only
// here, and a test keeps it so.
import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHmac,
  generateKeyPair,
  hash,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import { promisify } from 'node:util';
import { hashRaw } from '@node-rs/argon2';

// in one call: changes and rows are short, and making an object for each takes longer than hashing it
export const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer');
export const sha256Hex = (bytes: Uint8Array | string): string => hash('sha256', bytes, 'hex');
export const hmacSha256 = (key: Uint8Array, bytes: Uint8Array | string): Buffer =>
  createHmac('sha256', key).update(bytes).digest();
export const randomKey = (bytes = 32): Buffer => randomBytes(bytes);
export const sameSecret = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b);

/** What AES-256-GCM gives: a fresh 12-byte nonce, the ciphertext, a 16-byte tag. */
export interface Sealed {
  readonly nonce: Buffer;
  readonly text: Buffer;
  readonly tag: Buffer;
}

/** `context` is bound in, so a wrap made for one use or person cannot be passed off as another's. */
export function seal(key: Uint8Array, plain: Uint8Array, context: string): Sealed {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(context));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { nonce, text, tag: cipher.getAuthTag() };
}

/** Null when the key or the context is another, or a byte was changed. */
export function unseal(key: Uint8Array, sealed: Sealed, context: string): Buffer | null {
  if (sealed.nonce.length !== 12 || sealed.tag.length !== 16) return null;
  try {
    const cipher = createDecipheriv('aes-256-gcm', key, sealed.nonce, { authTagLength: 16 });
    cipher.setAAD(Buffer.from(context));
    cipher.setAuthTag(sealed.tag);
    return Buffer.concat([cipher.update(sealed.text), cipher.final()]);
  } catch {
    return null;
  }
}

export interface Argon2Cost {
  readonly memoryKib: number;
  readonly passes: number;
}
/** 64 MiB, 3 passes, 1 lane: about 0.3 s on a clinic PC (RFC 9106, second recommended setting). */
export const ARGON2_COST: Argon2Cost = { memoryKib: 64 * 1024, passes: 3 };

/** 32 bytes from a password, by Argon2id; the password in NFC so that every input method agrees. */
export async function stretch(
  password: string,
  salt: Uint8Array,
  cost: Argon2Cost = ARGON2_COST,
): Promise<Buffer> {
  // 2 = Argon2id; the package's enum is ambient and cannot be imported under isolated modules
  return Buffer.from(
    await hashRaw(password.normalize('NFC'), {
      algorithm: 2,
      salt,
      memoryCost: cost.memoryKib,
      timeCost: cost.passes,
      parallelism: 1,
      outputLen: 32,
    }),
  );
}

/** A new P-256 key pair: PKCS#8 as PEM, SubjectPublicKeyInfo as DER. */
export async function ecKeyPair(): Promise<{ privatePem: string; publicKey: Buffer }> {
  const pair = await promisify(generateKeyPair)('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  });
  return { privatePem: pair.privateKey, publicKey: pair.publicKey };
}
/** DER ECDSA signature over SHA-256 of the bytes. */
export const ecSign = (privatePem: string, bytes: Uint8Array): Buffer => sign('sha256', bytes, privatePem);
/** Whether a signature by `ecSign` over these bytes is of the key of this certificate. */
export function ecVerify(certificatePem: string, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify('sha256', bytes, certificatePem, signature);
  } catch {
    return false; // no certificate, or no signature at all
  }
}

/** A key pair for one message: its public point, 65 bytes, and the secret it shares with another point's owner. */
export function ecOneTimeKey(): { point: Buffer; agree(point: Uint8Array): Buffer } {
  const pair = createECDH('prime256v1');
  return { point: pair.generateKeys(), agree: (point) => pair.computeSecret(point) };
}

/** ECDH of a key made by `ecKeyPair` with a one-time point. Throws when the point is none of P-256. */
export function ecAgree(privatePem: string, point: Uint8Array): Buffer {
  const der = Buffer.from(privatePem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  const at = der.indexOf(ecPrivateKeyLead);
  if (at < 0) throw new Error('not a P-256 key');
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(der.subarray(at + ecPrivateKeyLead.length, at + ecPrivateKeyLead.length + 32));
  return pair.computeSecret(point);
}
/** ECPrivateKey (RFC 5915): version 1, then the key as 32 octets. */
const ecPrivateKeyLead = Buffer.from('0201010420', 'hex');

/** The public point in a P-256 certificate, 65 bytes; null when its key is of another sort. */
export function ecPointOf(certificateDer: Uint8Array): Buffer | null {
  const der = Buffer.from(certificateDer);
  const at = der.indexOf(ecPublicKeyLead);
  if (at < 0) return null;
  const point = der.subarray(at + ecPublicKeyLead.length, at + ecPublicKeyLead.length + 65);
  return point.length === 65 && point[0] === 4 ? point : null;
}
/** AlgorithmIdentifier's curve P-256 (RFC 5480), then a bit string of 65 octets. */
const ecPublicKeyLead = Buffer.from('06082a8648ce3d030107034200', 'hex');

/**
 * One block of 16 bytes under AES-128, nothing around it: for hardware that asks for it, never to keep a secret.
 * As the first block of CBC with a zero vector, which is the same and on the list of what Electron has.
 */
export function encryptBlock(key: Uint8Array, block: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-128-cbc', key, Buffer.alloc(16));
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]);
}
