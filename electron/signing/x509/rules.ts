// What RFC 5280 asks of each certificate by itself, as a table. "CAs MUST" is read as "we refuse otherwise": the CAs we
// trust keep to it, and what breaks it was made by something else. Rules that need the whole path are in path.ts.
import { publicKeyOf, verify } from '../crypto.ts';
import type { Der } from '../der/read.ts';
import type { AlgorithmFault } from '../policy.ts';
import { keyFaultOf, schemeOf } from '../policy.ts';
import type { VerdictReason } from '../types.ts';
import type { Certificate } from './certificate.ts';
import { isSelfIssued } from './certificate.ts';
import { extensionTypes as x } from './extensions.ts';
import { isEmptyName } from './names.ts';

export type Role = 'leaf' | 'intermediate' | 'anchor';

export interface Rule {
  readonly reason: VerdictReason;
  /** For logs and the conformance report. */
  readonly says: string;
  readonly breaks: (certificate: Certificate, role: Role) => boolean;
}

/** Why a certificate or a path is not believed. */
export interface Fault {
  readonly reason: VerdictReason;
  readonly says: string;
}

const malformed = 'certificate_malformed';

export const rules: readonly Rule[] = [
  { reason: malformed, says: 'is of version 3 (4.1.2.1)', breaks: (c) => c.version !== 3 },
  {
    reason: malformed,
    says: 'has one signature algorithm inside and outside (4.1.1.2)',
    breaks: (c) => !c.signatureAlgorithm.bytes.equals(c.innerSignatureAlgorithm.bytes),
  },
  {
    reason: malformed,
    says: 'has a positive serial number of at most 20 octets (4.1.2.2)',
    // an old root's may be zero: nobody looks a root up by it
    breaks: (c, role) => c.serial < (role === 'anchor' ? 0n : 1n) || c.serialOctets.length > 20,
  },
  {
    reason: malformed,
    says: 'has no unique identifiers (4.1.2.8)',
    breaks: (c) => c.hasUniqueIds,
  },
  {
    reason: malformed,
    says: 'writes parameters where RSA has them (RFC 4055, 5)',
    breaks: (c) => isBareRsa(c.signatureAlgorithm),
  },
  { reason: malformed, says: 'writes times in their form (4.1.2.5)', breaks: (c) => c.timeFormWrong },
  { reason: malformed, says: 'ends after it begins', breaks: (c) => c.validTo < c.validFrom },
  { reason: malformed, says: 'names its issuer (4.1.2.4)', breaks: (c) => isEmptyName(c.issuer) },
  {
    reason: malformed,
    says: 'names its subject, an issuing one always (4.1.2.6)',
    breaks: (c, role) =>
      isEmptyName(c.subject) &&
      (role !== 'leaf' || c.subjectAltName === null || !isCritical(c, x.subjectAltName)),
  },
  {
    reason: malformed,
    says: 'keeps key identifiers and access to information uncritical (4.2.1.1, 4.2.1.2, 4.2.2)',
    breaks: (c) =>
      [x.authorityKeyId, x.subjectKeyId, x.authorityInfoAccess, x.subjectInfoAccess, x.freshestCrl].some(
        (type) => isCritical(c, type),
      ),
  },
  {
    reason: malformed,
    says: 'identifies its issuer’s key, unless it is that key’s own (4.2.1.1)',
    breaks: (c) => c.authorityKeyId?.keyId == null && !(c.authorityKeyId === null && isSelfSigned(c)),
  },
  {
    reason: malformed,
    says: 'identifies its key when it issues (4.2.1.2)',
    breaks: (c, role) => role !== 'leaf' && c.subjectKeyId === null,
  },
  {
    reason: 'not_for_issuing',
    says: 'says critically that it is a CA (4.2.1.9)',
    breaks: (c, role) =>
      role !== 'leaf' && (c.basicConstraints?.ca !== true || !isCritical(c, x.basicConstraints)),
  },
  {
    reason: 'not_for_issuing',
    says: 'may sign certificates (4.2.1.3)',
    breaks: (c, role) => role !== 'leaf' && c.keyUsage?.has('keyCertSign') !== true,
  },
  {
    reason: 'not_for_signing',
    says: 'is no CA when it signs other things',
    breaks: (c, role) => role === 'leaf' && c.basicConstraints?.ca === true,
  },
  {
    reason: malformed,
    says: 'signs certificates only as a CA (4.2.1.9)',
    breaks: (c) => c.keyUsage?.has('keyCertSign') === true && c.basicConstraints?.ca !== true,
  },
  {
    reason: malformed,
    says: 'limits a path only as a CA (4.2.1.9, 4.2.1.10)',
    breaks: (c) =>
      c.basicConstraints?.ca !== true &&
      (c.nameConstraints !== null || c.basicConstraints?.pathLength != null),
  },
  {
    reason: malformed,
    says: 'constrains policies critically (4.2.1.11, 4.2.1.14)',
    breaks: (c) =>
      [x.policyConstraints, x.inhibitAnyPolicy].some((type) => has(c, type) && !isCritical(c, type)),
  },
  {
    reason: 'constraint_unknown',
    says: 'has no critical extension that we don’t know (4.2)',
    breaks: (c) => c.extensions.some(({ type, critical }) => critical && !understood.has(type)),
  },
];

/** CMS's writers leave the NULL out (policy.ts), a certificate's may not. */
function isBareRsa(identifier: Der): boolean {
  const scheme = schemeOf(identifier);
  return typeof scheme !== 'string' && scheme.kind === 'rsa-pkcs1' && identifier.children.length < 2;
}

/** Critical ones we act upon. */
const understood: ReadonlySet<string> = new Set([
  x.keyUsage,
  x.subjectAltName,
  x.basicConstraints,
  x.nameConstraints,
  x.crlDistributionPoints,
  x.certificatePolicies,
  x.policyMappings,
  x.policyConstraints,
  x.extendedKeyUsage,
  x.inhibitAnyPolicy,
]);

/** First rule that the certificate breaks in this role, or what is wrong with its algorithms. */
export function faultOf(certificate: Certificate, role: Role, more: readonly Rule[] = []): Fault | null {
  const broken = [...rules, ...more].find(({ breaks }) => breaks(certificate, role));
  if (broken !== undefined) return broken;
  const key = keyFaultOf(certificate.spki);
  if (key !== null) return { reason: algorithmReason[key], says: 'has a key strong enough' };
  // nobody relies on an anchor's own signature
  const scheme = role === 'anchor' ? null : schemeOf(certificate.signatureAlgorithm);
  return typeof scheme === 'string'
    ? { reason: algorithmReason[scheme], says: 'is signed with an algorithm that holds' }
    : null;
}

const algorithmReason: Readonly<Record<AlgorithmFault, VerdictReason>> = {
  algorithm_weak: 'algorithm_weak',
  algorithm_unknown: 'algorithm_unknown',
  malformed,
};

export const has = (c: Certificate, type: string): boolean => c.extensions.some((e) => e.type === type);
export const isCritical = (c: Certificate, type: string): boolean =>
  c.extensions.some((e) => e.type === type && e.critical);

/** Whether this certificate is signed with the key of that one. Keeps no memory: see `path.ts`. */
export function isSignedBy(
  certificate: Pick<Certificate, 'signatureAlgorithm' | 'signedBytes' | 'signature'>,
  spki: Buffer,
): boolean {
  const scheme = schemeOf(certificate.signatureAlgorithm);
  if (typeof scheme === 'string' || publicKeyOf(spki) === null) return false;
  return verify(scheme, spki, certificate.signedBytes, certificate.signature);
}

/** By names and, where the algorithm is one we believe, by signature. */
const isSelfSigned = (c: Certificate): boolean =>
  isSelfIssued(c) && (typeof schemeOf(c.signatureAlgorithm) === 'string' || isSignedBy(c, c.spki));
