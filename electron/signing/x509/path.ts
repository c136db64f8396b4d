// Paths from a certificate to an anchor (RFC 5280, 6; building as RFC 4158): every way is tried, each whole path is then
// validated from the anchor down, at one instant. Bounded, because the certificates come from the file being judged.
import { parsed } from '../der/read.ts';
import { schemeOf } from '../policy.ts';
import type { VerdictReason } from '../types.ts';
import type { Certificate } from './certificate.ts';
import { isSelfIssued } from './certificate.ts';
import { constraintFault } from './constraints.ts';
import type { KeyUsage } from './extensions.ts';
import { ekus } from './extensions.ts';
import { sameName } from './names.ts';
import { policiesHold } from './policies.ts';
import type { Fault, Rule } from './rules.ts';
import { faultOf, isSignedBy } from './rules.ts';

export interface PathQuestion {
  readonly leaf: Certificate;
  /** Possible issuers, in any order. */
  readonly others: readonly Certificate[];
  readonly anchors: readonly Certificate[];
  /** ms since 1970 UTC. */
  readonly at: number;
  readonly purpose: Purpose;
  /** Most intermediates, self-issued ones not counted; default 6. */
  readonly depth?: number;
  /** Asked of each certificate beyond RFC 5280. */
  readonly more?: readonly Rule[];
}

/** What the leaf is to be good for. */
export interface Purpose {
  /** Extended usages of which one will do, where the extension is there. */
  readonly extended: readonly string[];
  /** The leaf must have the extension, critical, with just one usage (RFC 3161, 2.3). */
  readonly extendedOnly: boolean;
  /** The leaf must have the extension. */
  readonly extendedNeeded: boolean;
  /** `anyExtendedKeyUsage` will do in the leaf. */
  readonly anyExtended: boolean;
  /** Key usages of which one will do. */
  readonly usages: readonly KeyUsage[];
}

export interface PathFault extends Fault {
  /** The certificate that it is about. */
  readonly about: Certificate;
}

export interface Candidate {
  /** Leaf first, anchor last. */
  readonly path: readonly Certificate[];
  readonly fault: PathFault | null;
}

/** Steps of building; a file with more than this is no honest one. */
const mostSteps = 3000;
const mostComparisons = 1 << 16;

/** Every path to an anchor, sound or not, likely ones first. */
export function* candidatesOf(question: PathQuestion): Generator<Candidate> {
  const steps = { left: mostSteps };
  for (const path of pathsFrom([question.leaf], question, signatureMemory(), steps))
    yield { path, fault: validate(path, question) };
}

/**
 * The first sound path, or what is wrong with the likeliest. Without any: the issuer is unknown, or, when one who has the
 * name and the key identifier is at hand and its key does not fit the signature, the chain is wrong.
 */
export function findPath(question: PathQuestion): Candidate {
  let first: Candidate | null = null;
  for (const candidate of candidatesOf(question)) {
    if (candidate.fault === null) return candidate;
    first ??= candidate;
  }
  return first ?? { path: [], fault: noPath(question) };
}

/** Without a path: why. */
export function noPath({ leaf, others, anchors, more = [] }: PathQuestion): PathFault {
  const own = faultOf(leaf, 'leaf', more);
  if (own !== null) return { ...own, about: leaf };
  const claimed = [...anchors, ...others].some(
    (issuer) =>
      isNamedIssuer(leaf, issuer) &&
      leaf.authorityKeyId?.keyId != null &&
      issuer.subjectKeyId?.equals(leaf.authorityKeyId.keyId) === true &&
      !isSignedBy(leaf, issuer.spki),
  );
  return claimed
    ? { reason: 'chain_wrong', says: 'is signed by the issuer it names', about: leaf }
    : { reason: 'issuer_unknown', says: 'leads to an anchor', about: leaf };
}

type Signed = (certificate: Certificate, issuer: Certificate) => boolean;

function signatureMemory(): Signed {
  const known = new Map<string, boolean>();
  return (certificate, issuer) => {
    const key = `${certificate.sha256} ${issuer.sha256}`;
    // an algorithm that we don't believe is no broken link: the path is found and refused for it
    const answer =
      known.get(key) ??
      (typeof schemeOf(certificate.signatureAlgorithm) === 'string' || isSignedBy(certificate, issuer.spki));
    known.set(key, answer);
    return answer;
  };
}

function* pathsFrom(
  path: readonly Certificate[],
  question: PathQuestion,
  signed: Signed,
  steps: { left: number },
): Generator<readonly Certificate[]> {
  const top = path.at(-1);
  if (top === undefined) return;
  for (const anchor of question.anchors) {
    if (!isNamedIssuer(top, anchor) || path.some((c) => c.sha256 === anchor.sha256)) continue;
    if (--steps.left < 0) return;
    if (signed(top, anchor)) yield [...path, anchor];
  }
  const intermediates = path.slice(1).filter((c) => !isSelfIssued(c)).length;
  for (const issuer of question.others) {
    if (!isNamedIssuer(top, issuer) || path.some((c) => sameEntity(c, issuer))) continue;
    if (intermediates + (isSelfIssued(issuer) ? 0 : 1) > (question.depth ?? 6)) continue;
    if (--steps.left < 0) return;
    if (signed(top, issuer)) yield* pathsFrom([...path, issuer], question, signed, steps);
  }
}

/** By name, and by key identifier where both give one. */
function isNamedIssuer(certificate: Certificate, issuer: Certificate): boolean {
  const keyId = certificate.authorityKeyId?.keyId;
  if (keyId != null && issuer.subjectKeyId !== null && !issuer.subjectKeyId.equals(keyId)) return false;
  return sameName(certificate.issuer, issuer.subject);
}

/** The same name with the same key again would be a circle (RFC 4158, 2.4.2). */
const sameEntity = (a: Certificate, b: Certificate): boolean =>
  sameName(a.subject, b.subject) && a.spki.equals(b.spki);

function validate(path: readonly Certificate[], question: PathQuestion): PathFault | null {
  const [leaf, ...issuers] = path;
  const anchor = issuers.at(-1);
  if (leaf === undefined || anchor === undefined) throw new Error('a path has two ends');
  // the leaf's own faults are said first: they are what the reader can do something about
  for (const [i, certificate] of path.entries()) {
    const role = i === 0 ? 'leaf' : certificate === anchor ? 'anchor' : 'intermediate';
    const fault =
      faultOf(certificate, role, question.more) ??
      timeFault(certificate, question.at) ??
      (role === 'leaf'
        ? leafFault(certificate, question.purpose)
        : issuerFault(certificate, i, path, question));
    if (fault !== null) return { ...fault, about: certificate };
  }
  return constraintsOf(path) ?? policyFault(anchor, path);
}

function timeFault(certificate: Certificate, at: number): Fault | null {
  if (at < certificate.validFrom)
    return { reason: 'not_yet_valid_at_signing', says: 'has begun to be valid' };
  return at > certificate.validTo ? { reason: 'expired_at_signing', says: 'has not expired' } : null;
}

function leafFault(leaf: Certificate, purpose: Purpose): Fault | null {
  const { keyUsage, extendedKeyUsage } = leaf;
  const unfit = (says: string): Fault => ({ reason: 'not_for_signing', says });
  if (keyUsage !== null && !purpose.usages.some((usage) => keyUsage.has(usage)))
    return unfit('has the key usage that is needed');
  if (extendedKeyUsage === null) return purpose.extendedNeeded ? unfit('has an extended key usage') : null;
  const only =
    leaf.extensions.some((e) => e.type === '2.5.29.37' && e.critical) && extendedKeyUsage.length === 1;
  if (purpose.extendedOnly && !only) return unfit('has one extended key usage, critical');
  return allows(extendedKeyUsage, purpose.extended, purpose.anyExtended)
    ? null
    : unfit('has the extended key usage that is needed');
}

function issuerFault(
  issuer: Certificate,
  position: number,
  path: readonly Certificate[],
  { purpose, depth = 6 }: PathQuestion,
): Fault | null {
  const below = path.slice(1, position).filter((c) => !isSelfIssued(c)).length;
  const most = issuer.basicConstraints?.pathLength ?? Infinity;
  if (below > most) return { reason: 'not_for_issuing', says: 'has no longer path below it than it allows' };
  if (below > depth)
    return { reason: 'not_for_issuing', says: 'has no longer path below it than is asked for' };
  // a CA's extended usages bound those it may issue for: no RFC says so, everybody does
  if (issuer.extendedKeyUsage !== null && !allows(issuer.extendedKeyUsage, purpose.extended, true))
    return { reason: 'not_for_issuing', says: 'may issue for this extended key usage' };
  return null;
}

const allows = (usages: readonly string[], wanted: readonly string[], any: boolean): boolean =>
  usages.some((usage) => wanted.includes(usage) || (any && usage === ekus.any));

/** Each CA's constraints on every certificate below it; self-issued intermediates are exempt (4.2.1.10). */
function constraintsOf(path: readonly Certificate[]): PathFault | null {
  const budget = { comparisons: mostComparisons };
  for (const [i, issuer] of path.entries()) {
    const { nameConstraints } = issuer;
    if (nameConstraints === null) continue;
    for (const [j, certificate] of path.slice(0, i).entries()) {
      if (j > 0 && isSelfIssued(certificate)) continue;
      const fault = parsed(() => ({ says: constraintFault(certificate, nameConstraints, budget) }));
      if (fault === null) return { ...badNames, about: certificate };
      if (fault.says !== null)
        return { reason: nameReason(fault.says), says: fault.says, about: certificate };
    }
  }
  return null;
}
const badNames = {
  reason: 'certificate_malformed',
  says: 'has names and constraints that make sense',
} as const;

const nameReason = (says: string): VerdictReason =>
  says.endsWith('excluded') || says.endsWith('permitted') ? 'chain_wrong' : 'constraint_unknown';

const policyFault = (anchor: Certificate, path: readonly Certificate[]): PathFault | null =>
  policiesHold(anchor, path.slice(0, -1).toReversed())
    ? null
    : { reason: 'chain_wrong', says: 'has a policy where one is demanded', about: path[0] ?? anchor };
