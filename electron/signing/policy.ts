// Which signatures, digests and keys we make and believe, as data. Circular 15/2025/TT-BKHCN, annex (read second-hand,
// unconfirmed): RSA of 2048 bits or more with RSASSA-PSS, or ECDSA of 256 or more; SHA-256 or better. PKCS#1 v1.5 is not
// in it and yet what every token and tool of the country makes, so it stays allowed until the authority says otherwise.

import type { Curve, Hash, PublicKey, Scheme } from './crypto.ts';
import { hashOfOid, isOnCurve, oidOfHash, oids, pssParametersOf, publicKeyOf } from './crypto.ts';
import type { Der } from './der/read.ts';
import { fieldsOf, oidOf, parsed, tags } from './der/read.ts';
import { algorithmIdentifier, ctx, int, seq } from './der/write.ts';
import type { SignatureAlgorithm } from './types.ts';

/** Signatures we make; best first. `curve`: the key it needs. */
export const signingPolicy: readonly {
  readonly algorithm: SignatureAlgorithm;
  readonly scheme: Scheme;
  readonly curve: Curve | null;
}[] = [
  { algorithm: 'ecdsa-p384-sha384', scheme: { kind: 'ecdsa', hash: 'sha384' }, curve: 'P-384' },
  { algorithm: 'ecdsa-p256-sha256', scheme: { kind: 'ecdsa', hash: 'sha256' }, curve: 'P-256' },
  // v1.5 before PSS: tools of insurers and ministries that read our files know only it (unconfirmed, to be asked)
  { algorithm: 'rsa-pkcs1-sha256', scheme: { kind: 'rsa-pkcs1', hash: 'sha256' }, curve: null },
  { algorithm: 'rsa-pss-sha256', scheme: { kind: 'rsa-pss', hash: 'sha256', saltLength: 32 }, curve: null },
];

/** Keys believed; bits at least. `exponentLeast`: of RSA (FIPS 186-5, A.1.1: above 2¹⁶). */
export const keyPolicy = { rsaBits: 2048, rsaMostBits: 16_384, exponentLeast: 65_537n } as const;

/** A salt at least as long as half the hash (ours; RFC 4055 recommends the whole). */
export const pssSaltLeast: Readonly<Record<Hash, number>> = { sha256: 16, sha384: 24, sha512: 32 };

/** Signature algorithms believed, by object identifier. RSASSA-PSS stands apart: its hash is a parameter. */
const believed: Readonly<Record<string, Scheme>> = {
  '1.2.840.113549.1.1.11': { kind: 'rsa-pkcs1', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { kind: 'rsa-pkcs1', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { kind: 'rsa-pkcs1', hash: 'sha512' },
  '1.2.840.10045.4.3.2': { kind: 'ecdsa', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { kind: 'ecdsa', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { kind: 'ecdsa', hash: 'sha512' },
};

/** Known to be too weak: MD2, MD5, SHA-1 and SHA-224 with anything; DSA. */
const weak: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.2',
  '1.2.840.113549.1.1.4',
  '1.2.840.113549.1.1.5',
  '1.2.840.113549.1.1.14',
  '1.3.14.3.2.29',
  '1.2.840.10045.4.1',
  '1.2.840.10045.4.3.1',
  '1.2.840.10040.4.3',
  '2.16.840.1.101.3.4.3.1',
  '2.16.840.1.101.3.4.3.2',
  // digests
  '1.2.840.113549.2.5',
  '1.3.14.3.2.26',
  '2.16.840.1.101.3.4.2.4',
]);

export type AlgorithmFault = 'algorithm_weak' | 'algorithm_unknown' | 'malformed';

/**
 * What a signature's AlgorithmIdentifier means. In CMS it may name the key only (rsaEncryption, ecPublicKey); then
 * `hash`, from the signer's digest algorithm, says the rest.
 */
export function schemeOf(identifier: Der, hash: Hash | null = null): Scheme | AlgorithmFault {
  return parsed(() => readScheme(identifier, hash)) ?? 'malformed';
}

function readScheme(identifier: Der, hash: Hash | null): Scheme | AlgorithmFault {
  const fields = fieldsOf(identifier);
  const name = oidOf(fields.take());
  const parameters = fields.left > 0 ? fields.take() : null;
  fields.end();
  if (name === oids.rsaPss) return pssScheme(parameters);
  const scheme = believed[name] ?? schemeOfKeyName(name, hash);
  if (scheme === null) return weak.has(name) ? 'algorithm_weak' : 'algorithm_unknown';
  // RSA has NULL (RFC 4055), which CMS's writers also leave out; ECDSA has nothing (RFC 5758)
  const fits =
    scheme.kind === 'ecdsa' ? parameters === null : parameters === null || parameters.tag === tags.nul;
  return fits ? scheme : 'malformed';
}

function pssScheme(parameters: Der | null): Scheme | AlgorithmFault {
  // without parameters it is SHA-1
  const pss = parameters === null ? null : pssParametersOf(parameters);
  if (pss === null) return 'algorithm_weak';
  return pss.saltLength >= pssSaltLeast[pss.hash] ? { kind: 'rsa-pss', ...pss } : 'algorithm_weak';
}

function schemeOfKeyName(name: string, hash: Hash | null): Scheme | null {
  if (hash === null) return null;
  if (name === oids.rsaEncryption) return { kind: 'rsa-pkcs1', hash };
  return name === oids.ecPublicKey ? { kind: 'ecdsa', hash } : null;
}

/** A digest's object identifier. */
export function hashOf(name: string): Hash | 'algorithm_weak' | 'algorithm_unknown' {
  return hashOfOid[name] ?? (weak.has(name) ? 'algorithm_weak' : 'algorithm_unknown');
}

/** Whether a key is strong enough to be believed. */
export function keyFaultOf(spki: Uint8Array): AlgorithmFault | null {
  const key = publicKeyOf(spki);
  if (key === null) return 'malformed';
  if (key.kind === 'other') return weakKeys.has(key.algorithm) ? 'algorithm_weak' : 'algorithm_unknown';
  if (key.kind === 'ec') return isOnCurve(spki) ? null : 'malformed';
  const strong = key.bits >= keyPolicy.rsaBits && key.exponent >= keyPolicy.exponentLeast;
  if (key.bits > keyPolicy.rsaMostBits) return 'algorithm_unknown';
  return strong ? null : 'algorithm_weak';
}
/** DSA, and EC over a curve that is none of ours. */
const weakKeys: ReadonlySet<string> = new Set(['1.2.840.10040.4.1', oids.ecPublicKey]);

/** What a key can sign with under the policy, best first. */
export const algorithmsOf = (key: PublicKey): SignatureAlgorithm[] =>
  signingPolicy
    .filter(({ scheme, curve }) =>
      key.kind === 'ec'
        ? curve === key.curve
        : key.kind === 'rsa' && curve === null && (key.pssOnly === null || scheme.kind === 'rsa-pss'),
    )
    .map(({ algorithm }) => algorithm);

export function schemeOfAlgorithm(algorithm: SignatureAlgorithm): Scheme {
  const row = signingPolicy.find((known) => known.algorithm === algorithm);
  if (row === undefined) throw new Error(`no such algorithm: ${algorithm}`);
  return row.scheme;
}

/** The signature AlgorithmIdentifier to write for it (RFC 4055, 5758). */
export function identifierOf(scheme: Scheme): Buffer {
  if (scheme.kind === 'rsa-pss') return algorithmIdentifier(oids.rsaPss, pssParameters(scheme));
  const name = Object.entries(believed).find(
    ([, known]) => known.kind === scheme.kind && known.hash === scheme.hash,
  )?.[0];
  if (name === undefined) throw new Error(`no identifier for ${scheme.kind} with ${scheme.hash}`);
  return algorithmIdentifier(name, scheme.kind === 'ecdsa' ? null : 'null');
}

function pssParameters({ hash, saltLength }: { hash: Hash; saltLength: number }): Buffer {
  const digest = algorithmIdentifier(oidOfHash[hash], 'null');
  return seq(ctx(0, digest), ctx(1, algorithmIdentifier(oids.mgf1, digest)), ctx(2, int(saltLength)));
}
