// All cryptography of the signing room: digests, whether a signature adds up, keys and algorithms as X.509 and CMS write
// them. Only what Electron's BoringSSL has too (a test keeps the list), and only what the policy names.
import { constants, createHash, createPublicKey, randomBytes, verify as verifyWith } from 'node:crypto';
import type { Der } from './der/read.ts';
import {
  fieldsOf,
  integerOf,
  membersOf,
  octetsOfBits,
  oidOf,
  parsed,
  readDer,
  smallIntegerOf,
  tags,
} from './der/read.ts';
import { algorithmIdentifier, bits, int, seq } from './der/write.ts';

export type Hash = 'sha256' | 'sha384' | 'sha512';

/** How a signature was made, with all that its verification needs. */
export type Scheme =
  | { readonly kind: 'rsa-pkcs1'; readonly hash: Hash }
  /** MGF1 with the same hash. `saltLength` in octets. */
  | { readonly kind: 'rsa-pss'; readonly hash: Hash; readonly saltLength: number }
  | { readonly kind: 'ecdsa'; readonly hash: Hash };

export type Curve = 'P-256' | 'P-384' | 'P-521';

export type PublicKey =
  | {
      readonly kind: 'rsa';
      /** Of the modulus. */
      readonly bits: number;
      readonly modulus: bigint;
      readonly exponent: bigint;
      /** The key says that it is for PSS only, and with which hash (null: any). */
      readonly pssOnly: { readonly hash: Hash | null; readonly saltLength: number } | null;
    }
  | { readonly kind: 'ec'; readonly bits: number; readonly curve: Curve; readonly point: Buffer }
  /** Readable, but nothing we use: DSA, Edwards curves, other curves. */
  | { readonly kind: 'other'; readonly algorithm: string };

export const digest = (hash: Hash, ...parts: readonly Uint8Array[]): Buffer => {
  const sum = createHash(hash);
  for (const part of parts) sum.update(part);
  return sum.digest();
};

export const sha256 = (...parts: readonly Uint8Array[]): Buffer => digest('sha256', ...parts);
export const sha256Hex = (...parts: readonly Uint8Array[]): string => sha256(...parts).toString('hex');
/** Names and keys in OCSP's CertID (RFC 6960): an identifier there, never a proof. */
export const sha1ForIds = (bytes: Uint8Array): Buffer => createHash('sha1').update(bytes).digest();
/** A nonce. */
export const randomOctets = (length: number): Buffer => randomBytes(length);

/**
 * Whether `signature` over `data` is of the key in `spki` (SubjectPublicKeyInfo, DER). False for everything that is not
 * exactly so: another kind of key, a signature that is not DER, a key that is none. ECDSA signatures are DER (RFC 3279).
 */
export function verify(scheme: Scheme, spki: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean {
  const key = publicKeyOf(spki);
  if (key === null || key.kind === 'other') return false;
  if (key.kind === 'ec') return scheme.kind === 'ecdsa' && verifyEcdsa(scheme, key, spki, data, signature);
  if (scheme.kind === 'ecdsa' || signature.length !== Math.ceil(key.bits / 8)) return false;
  if (key.pssOnly !== null && !pssAllows(key.pssOnly, scheme)) return false;
  // as rsaEncryption, which every engine reads
  const plain = rsaSpki(key.modulus, key.exponent);
  const padding =
    scheme.kind === 'rsa-pss'
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength }
      : { padding: constants.RSA_PKCS1_PADDING };
  return checked(() =>
    verifyWith(scheme.hash, data, { key: plain, format: 'der', type: 'spki', ...padding }, signature),
  );
}

function verifyEcdsa(
  scheme: Scheme,
  key: Extract<PublicKey, { kind: 'ec' }>,
  spki: Uint8Array,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (parsed(() => ecdsaParts(signature, key.curve)) === null) return false;
  return checked(() =>
    verifyWith(
      scheme.hash,
      data,
      { key: Buffer.from(spki), format: 'der', type: 'spki', dsaEncoding: 'der' },
      signature,
    ),
  );
}

/** An engine throws on a point off its curve and the like. */
function checked(run: () => boolean): boolean {
  try {
    return run();
  } catch {
    return false;
  }
}

function pssAllows(only: { hash: Hash | null; saltLength: number }, scheme: Scheme): boolean {
  if (scheme.kind !== 'rsa-pss') return false;
  return only.hash === null || (only.hash === scheme.hash && scheme.saltLength >= only.saltLength);
}

/** The key in a SubjectPublicKeyInfo; null when it is malformed. */
export function publicKeyOf(spki: Uint8Array): PublicKey | null {
  return parsed(() => {
    const fields = fieldsOf(readDer(spki));
    const algorithm = fieldsOf(fields.take(tags.sequence));
    const name = oidOf(algorithm.take());
    const parameters = algorithm.left > 0 ? algorithm.take() : null;
    algorithm.end();
    const key = octetsOfBits(fields.take());
    fields.end();
    if (name === oids.rsaEncryption) return parameters?.tag === tags.nul ? rsaKey(key, null) : null;
    if (name === oids.rsaPss) return rsaKey(key, pssRestriction(parameters));
    if (name === oids.ecPublicKey) return ecKey(parameters, key, name);
    return { kind: 'other' as const, algorithm: name };
  });
}

function rsaKey(
  bytes: Buffer,
  pssOnly: Extract<PublicKey, { kind: 'rsa' }>['pssOnly'] | 'unknown',
): PublicKey | null {
  const fields = fieldsOf(readDer(bytes));
  const [modulus, exponent] = [integerOf(fields.take()), integerOf(fields.take())];
  fields.end();
  if (pssOnly === 'unknown') return { kind: 'other', algorithm: oids.rsaPss };
  if (modulus <= 0n || (modulus & 1n) === 0n || exponent < 3n || (exponent & 1n) === 0n) return null;
  return { kind: 'rsa', bits: modulus.toString(2).length, modulus, exponent, pssOnly };
}

function pssRestriction(parameters: Der | null): Extract<PublicKey, { kind: 'rsa' }>['pssOnly'] | 'unknown' {
  if (parameters === null) return { hash: null, saltLength: 0 };
  const pss = pssParametersOf(parameters);
  return pss === null ? 'unknown' : { hash: pss.hash, saltLength: pss.saltLength };
}

function ecKey(parameters: Der | null, point: Buffer, name: string): PublicKey | null {
  if (parameters === null) return null;
  // curves spelt out in parameters are how CVE-2020-0601 was done
  if (parameters.tag !== tags.oid) return { kind: 'other', algorithm: name };
  const curve = curves[oidOf(parameters)];
  if (curve === undefined) return { kind: 'other', algorithm: name };
  const size = Math.ceil(curve.bits / 8);
  // RFC 5480: uncompressed must be read; compressed may be refused
  if (point.length !== 1 + 2 * size || point[0] !== 4) return null;
  return { kind: 'ec', bits: curve.bits, curve: curve.name, point };
}

/** Of a key whose curve `publicKeyOf` has told: an engine makes no key of a point that lies beside it. */
export const isOnCurve = (spki: Uint8Array): boolean =>
  checked(() => createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }).type === 'public');

export const oids = {
  rsaEncryption: '1.2.840.113549.1.1.1',
  rsaPss: '1.2.840.113549.1.1.10',
  mgf1: '1.2.840.113549.1.1.8',
  ecPublicKey: '1.2.840.10045.2.1',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
} as const;

export const hashOfOid: Readonly<Record<string, Hash>> = {
  [oids.sha256]: 'sha256',
  [oids.sha384]: 'sha384',
  [oids.sha512]: 'sha512',
};
export const oidOfHash: Readonly<Record<Hash, string>> = {
  sha256: oids.sha256,
  sha384: oids.sha384,
  sha512: oids.sha512,
};

const curves: Readonly<Record<string, { readonly name: Curve; readonly bits: number }>> = {
  '1.2.840.10045.3.1.7': { name: 'P-256', bits: 256 },
  '1.3.132.0.34': { name: 'P-384', bits: 384 },
  '1.3.132.0.35': { name: 'P-521', bits: 521 },
};

/**
 * RSASSA-PSS-params (RFC 4055): null when it names a hash we don't use, another hash for MGF1 than for the message, or
 * another trailer. Throws DerFault when malformed.
 */
export function pssParametersOf(parameters: Der): { hash: Hash; saltLength: number } | null {
  const fields = fieldsOf(parameters);
  const [hash, mask, salt, trailer] = [0xa0, 0xa1, 0xa2, 0xa3].map((tag) => {
    const member = fields.maybe(tag);
    return member === null ? null : (membersOf(member, tag, 1)[0] ?? null);
  });
  fields.end();
  // what is left out means SHA-1
  if (hash == null || mask == null) return null;
  const maskFields = fieldsOf(mask);
  const maskName = oidOf(maskFields.take());
  const own = hashIdentifierOf(hash);
  const masks = hashIdentifierOf(maskFields.take());
  maskFields.end();
  if (trailer != null && smallIntegerOf(trailer) !== 1) return null;
  if (maskName !== oids.mgf1 || own === null || own !== masks) return null;
  return { hash: own, saltLength: salt == null ? 20 : smallIntegerOf(salt) };
}

/** A digest's AlgorithmIdentifier; parameters absent or NULL (RFC 5754). Null: a hash we don't use. */
export function hashIdentifierOf(identifier: Der): Hash | null {
  const fields = fieldsOf(identifier);
  const name = oidOf(fields.take());
  if (fields.left > 0) fields.take(tags.nul);
  fields.end();
  return hashOfOid[name] ?? null;
}

function rsaSpki(modulus: bigint, exponent: bigint): Buffer {
  return seq(algorithmIdentifier(oids.rsaEncryption, 'null'), bits(seq(int(modulus), int(exponent))));
}

/** r and s of an ECDSA signature in DER; both within the curve's range of octets. Throws DerFault. */
function ecdsaParts(signature: Uint8Array, curve: Curve): readonly [bigint, bigint] | null {
  const fields = fieldsOf(readDer(signature));
  const [r, s] = [integerOf(fields.take()), integerOf(fields.take())];
  fields.end();
  const size = BigInt(ecdsaSize[curve] * 8);
  return r > 0n && s > 0n && r >> size === 0n && s >> size === 0n ? [r, s] : null;
}
const ecdsaSize: Readonly<Record<Curve, number>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66 };

/** r‖s, as tokens and XML signatures write it, to DER. Null when it has not the curve's length. */
export function ecdsaToDer(raw: Uint8Array, curve: Curve): Buffer | null {
  const size = ecdsaSize[curve];
  return raw.length === 2 * size ? seq(int(raw.subarray(0, size)), int(raw.subarray(size))) : null;
}

/** DER to r‖s. Null when it is no signature of that curve's size. */
export function ecdsaToRaw(der: Uint8Array, curve: Curve): Buffer | null {
  const parts = parsed(() => ecdsaParts(der, curve));
  if (parts === null) return null;
  return Buffer.concat(
    parts.map((part) => Buffer.from(part.toString(16).padStart(ecdsaSize[curve] * 2, '0'), 'hex')),
  );
}
