// The cryptography of one signature in a SignedData, before anybody asks about certificates: whose it says it is, that
// its digest is of the content, that its attributes are the ones it must have, and that the signature adds up.
// The same for papers and for time-stamps, which differ in what they must name.
import { digest, type Hash, verify } from '../crypto.ts';
import { type Der, octetsOf, oidOf, parsed } from '../der/read.ts';
import { hashOf, schemeOf } from '../policy.ts';
import type { VerdictReason } from '../types.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import { namesCertificate, namesCertificateV1, protectsAlgorithms, signingTimeOf } from './attributes.ts';
import { cmsOids, harmlessSignedAttributes } from './oids.ts';
import { oneValue, type SignedData, type SignerInfo } from './signed-data.ts';

export interface SignerRules {
  readonly contentType: string;
  /**
   * 'required': CAdES. 'optional': CMS in PDFs as most programs of the country make it. 'either': time-stamps, where
   * the older attribute with SHA-1 counts too.
   */
  readonly signingCertificate: 'required' | 'optional' | 'either';
}

export interface SignerFacts {
  readonly reasons: readonly VerdictReason[];
  /** Null: none in the container is the signer's. */
  readonly certificate: Certificate | null;
  /** Readable: `RSASSA-PSS SHA-256`; empty when unknown. */
  readonly algorithm: string;
  /** signing-time, by the signer's own clock, ms since 1970 UTC. */
  readonly claimedAt: number | null;
}

/** `content` null: not at hand; the rest is looked at all the same. */
export function lookAtSigner(
  data: SignedData,
  signer: SignerInfo,
  content: Uint8Array | null,
  rules: SignerRules,
): SignerFacts {
  const certificate = certificateOfSigner(data, signer);
  const unnamed: SignerFacts = { reasons: [], certificate, algorithm: '', claimedAt: null };
  if (data.contentType !== rules.contentType) return { ...unnamed, reasons: ['signature_malformed'] };
  if (certificate === null)
    return {
      ...unnamed,
      reasons: [data.certificates.length === 0 ? 'issuer_unknown' : 'certificate_mismatch'],
    };

  const hash = hashOf(signer.digestAlgorithm);
  if (hash === 'algorithm_weak' || hash === 'algorithm_unknown') return { ...unnamed, reasons: [hash] };
  const scheme = schemeOf(signer.signatureAlgorithm, hash);
  if (scheme === 'malformed') return { ...unnamed, reasons: ['signature_malformed'] };
  if (typeof scheme === 'string') return { ...unnamed, reasons: [scheme] };

  const algorithm = `${schemeNames[scheme.kind]} ${scheme.hash.replace('sha', 'SHA-')}`;
  const attributes = parsed(() => lookAtAttributes(data, signer, content, hash, certificate, rules));
  const { reasons = ['signature_malformed' as const], claimedAt = null } = attributes ?? {};
  // digest and signature by one algorithm (RFC 5652 leaves it open, ETSI EN 319 122-1 and RFC 8933 do not)
  const agreed = scheme.hash === hash && data.digestAlgorithms.includes(signer.digestAlgorithm);
  const proven =
    signer.signedBytes !== null && verify(scheme, certificate.spki, signer.signedBytes, signer.signature);
  return {
    certificate,
    algorithm,
    claimedAt,
    reasons: [
      ...reasons,
      ...(agreed ? [] : (['signature_malformed'] as const)),
      ...(proven ? [] : (['signature_wrong'] as const)),
    ],
  };
}

const schemeNames = { 'rsa-pkcs1': 'RSASSA-PKCS1-v1_5', 'rsa-pss': 'RSASSA-PSS', ecdsa: 'ECDSA' } as const;

function certificateOfSigner({ certificates }: SignedData, { signer }: SignerInfo): Certificate | null {
  const found = certificates
    .map((der) => readCertificate(der))
    .filter((certificate) => certificate !== null)
    .filter((certificate) =>
      signer.by === 'serial'
        ? certificate.serial === signer.serial && certificate.issuer.der.equals(signer.issuer)
        : certificate.subjectKeyId?.equals(signer.keyId) === true,
    );
  // two different certificates under one issuer's number: neither is believed
  return found.every(({ sha256 }) => sha256 === found[0]?.sha256) ? (found[0] ?? null) : null;
}

function lookAtAttributes(
  data: SignedData,
  signer: SignerInfo,
  content: Uint8Array | null,
  hash: Hash,
  certificate: Certificate,
  rules: SignerRules,
): { reasons: VerdictReason[]; claimedAt: number | null } {
  const reasons: VerdictReason[] = [];
  const value = (type: string): Der | null => oneValue(signer.signedAttributes, type);

  const contentType = value(cmsOids.contentType);
  const messageDigest = value(cmsOids.messageDigest);
  if (contentType === null || messageDigest === null) reasons.push('attribute_missing');
  if (contentType !== null && oidOf(contentType) !== data.contentType) reasons.push('signature_malformed');
  if (content === null) reasons.push('content_missing');
  else if (messageDigest !== null && !octetsOf(messageDigest).equals(digest(hash, content)))
    reasons.push('content_changed');

  const v2 = value(cmsOids.signingCertificateV2);
  const v1 = value(cmsOids.signingCertificate);
  if (v2 !== null && !namesCertificate(v2, certificate)) reasons.push('certificate_mismatch');
  if (v1 !== null && !namesCertificateV1(v1, certificate)) reasons.push('certificate_mismatch');
  const named = v2 !== null || (v1 !== null && rules.signingCertificate !== 'required');
  if (!named && rules.signingCertificate !== 'optional') reasons.push('attribute_missing');

  const protection = value(cmsOids.algorithmProtection);
  if (
    protection !== null &&
    !protectsAlgorithms(protection, signer.digestAlgorithm, signer.signatureAlgorithm)
  )
    reasons.push('signature_malformed');
  const time = value(cmsOids.signingTime);
  if (signer.signedAttributes.some(({ type }) => !known.has(type) && !harmlessSignedAttributes.has(type)))
    reasons.push('constraint_unknown');
  return { reasons, claimedAt: time === null ? null : signingTimeOf(time) };
}

const known: ReadonlySet<string> = new Set(Object.values(cmsOids));
