// The signed attributes of a CAdES signature, written and read. The signing certificate is bound in by its hash
// (RFC 5035), because the signer's name and number in the container are outside the signature.
import { digest, type Hash, hashIdentifierOf, oidOfHash, sha1ForIds } from '../crypto.ts';
import {
  type Der,
  DerFault,
  fieldsOf,
  insideOf,
  integerOf,
  membersOf,
  octetsOf,
  oidOf,
  readDer,
  retagged,
  tags,
  timeOf,
} from '../der/read.ts';
import { algorithmIdentifier, ctx, int, octets, oid, seq, set, time } from '../der/write.ts';
import type { Certificate } from '../x509/certificate.ts';
import { nameOf, sameName } from '../x509/names.ts';
import { cmsOids } from './oids.ts';

export const attribute = (type: string, value: Uint8Array): Buffer => seq(oid(type), set(value));

export interface WhatIsSigned {
  readonly contentType: string;
  /** Of the content, by `hash`. */
  readonly messageDigest: Uint8Array;
  readonly hash: Hash;
  readonly certificate: Certificate;
  /** AlgorithmIdentifier, DER. */
  readonly signatureAlgorithm: Buffer;
  /** ms since 1970 UTC, the signer's own clock; null where the container has another place for it (PDF). */
  readonly at: number | null;
}

/** SET OF Attribute, DER: what is signed, and with its tag changed what stands in the container. */
export function signedAttributes(what: WhatIsSigned): Buffer {
  const { contentType, messageDigest, hash, certificate, signatureAlgorithm, at } = what;
  return set(
    attribute(cmsOids.contentType, oid(contentType)),
    attribute(cmsOids.messageDigest, octets(messageDigest)),
    attribute(cmsOids.signingCertificateV2, signingCertificateV2(certificate, hash)),
    attribute(cmsOids.algorithmProtection, algorithmProtection(hash, signatureAlgorithm)),
    ...(at === null ? [] : [attribute(cmsOids.signingTime, time(at))]),
  );
}

function signingCertificateV2({ der, issuer, serial }: Certificate, hash: Hash): Buffer {
  const issuerSerial = seq(seq(ctx(4, issuer.der)), int(serial));
  // SHA-256 is the default, which DER leaves out
  const algorithm = hash === 'sha256' ? [] : [algorithmIdentifier(oidOfHash[hash], null)];
  return seq(seq(seq(...algorithm, octets(digest(hash, der)), issuerSerial)));
}

/** RFC 6211: the algorithms named outside the signature, inside it. */
const algorithmProtection = (hash: Hash, signatureAlgorithm: Buffer): Buffer =>
  seq(algorithmIdentifier(oidOfHash[hash], 'null'), ctx(1, readDer(signatureAlgorithm).contents));

/** Whether a SigningCertificateV2 names this certificate first. Throws DerFault when malformed. */
export function namesCertificate(value: Der, certificate: Certificate): boolean {
  const first = firstEssId(value);
  const algorithm = first.maybe(tags.sequence);
  const hash = algorithm === null ? 'sha256' : hashIdentifierOf(algorithm);
  const named = octetsOf(first.take());
  const place = first.maybe(tags.sequence);
  first.end();
  return hash !== null && digest(hash, certificate.der).equals(named) && fitsPlace(place, certificate);
}

/** The same of the older SigningCertificate with SHA-1 (RFC 2634), which time-stamps still have (RFC 3161). */
export function namesCertificateV1(value: Der, certificate: Certificate): boolean {
  const first = firstEssId(value);
  const named = octetsOf(first.take());
  const place = first.maybe(tags.sequence);
  first.end();
  return sha1ForIds(certificate.der).equals(named) && fitsPlace(place, certificate);
}

function firstEssId(value: Der): ReturnType<typeof fieldsOf> {
  const fields = fieldsOf(value);
  const [first] = membersOf(fields.take(tags.sequence), tags.sequence, 1);
  fields.maybe(tags.sequence);
  fields.end();
  if (first === undefined) throw new DerFault('no certificate named');
  return fieldsOf(first);
}

/** IssuerSerial is optional; when there it is this one's. */
function fitsPlace(place: Der | null, { issuer, serial }: Certificate): boolean {
  if (place === null) return true;
  const fields = fieldsOf(place);
  const [name, ...more] = membersOf(fields.take(tags.sequence));
  const number = fields.take(tags.integer);
  fields.end();
  if (name === undefined || more.length > 0 || name.tag !== 0xa4) return false;
  return sameName(nameOf(insideOf(name)), issuer) && integerOf(number) === serial;
}

/** Whether a CMSAlgorithmProtection says what stands outside. Throws DerFault when malformed. */
export function protectsAlgorithms(value: Der, digestAlgorithm: string, signatureAlgorithm: Der): boolean {
  const fields = fieldsOf(value);
  const hash = fields.take(tags.sequence);
  const scheme = fields.take(0xa1);
  fields.end();
  // the digest's parameters are NULL or absent, which is the same (RFC 5754)
  return (
    oidOf(fieldsOf(hash).take()) === digestAlgorithm &&
    retagged(scheme, tags.sequence).bytes.equals(signatureAlgorithm.bytes)
  );
}

/** ms since 1970 UTC. Throws DerFault. */
export const signingTimeOf = (value: Der): number => timeOf(value);
