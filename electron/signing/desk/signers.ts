// Whether somebody may sign with a certificate: what the judge says of it, and whether it is theirs. Accounts hold no
// citizen numbers, so a person says once "this is mine", a name that is another's is refused even then, and from there
// on the number or the certificate itself decides. Nobody signs with a colleague's token.
import type { certificateFaults } from '../../../shared/api/signing.ts';
import { publicKeyOf } from '../crypto.ts';
import { algorithmsOf } from '../policy.ts';
import type { CertificateAnswer, CertificateJudge, VerdictReason } from '../types.ts';
import {
  type Certificate,
  holderOf,
  issuerOf,
  maySign,
  personNumberOf,
  readCertificate,
} from '../x509/certificate.ts';
import { type Claims, isAnotherCitizen, isNamedLike, isSameName } from './claims.ts';

export type CertificateFault = (typeof certificateFaults)[number];

export interface Known {
  readonly certificate: Certificate;
  readonly name: string;
  readonly issuer: string;
  readonly personNumber: string | null;
  readonly fault: CertificateFault | null;
  /** Theirs as far as anybody knows, and never said so. */
  readonly firstUse: boolean;
  /** Whose claim it is or would be: the account, or the center for the facility's own. */
  readonly owner: string;
  readonly of: 'person' | 'facility';
  /** Null when it was not asked, because something else was wrong already. */
  readonly answer: CertificateAnswer | null;
}

export interface Claimant {
  readonly userId: string;
  readonly fullName: string;
  readonly center: { readonly id: string; readonly name: string } | null;
}

export interface Judging {
  readonly judge: CertificateJudge;
  /** Then, and only then, training certificates sign. */
  readonly training: boolean;
}

/** Null for what is no certificate, or an issuer's. */
export async function knowCertificate(
  claims: Claims,
  der: Buffer,
  others: readonly Buffer[],
  who: Claimant,
  how: Judging,
): Promise<Known | null> {
  const certificate = readCertificate(der);
  if (!certificate || certificate.basicConstraints?.ca) return null;
  const name = holderOf(certificate);
  const personNumber = personNumberOf(certificate);
  const whose = ownerOf(name, personNumber, who);
  const theirs = whose && matchOf(claims, certificate, whose, who);
  const { fault, answer } = await judged(certificate, others, how);
  return {
    certificate,
    name,
    issuer: issuerOf(certificate),
    personNumber,
    fault: answer && !theirs ? 'other_person' : fault,
    firstUse: theirs === 'first',
    owner: whose === 'facility' ? (who.center?.id ?? '') : who.userId,
    of: whose === 'facility' ? 'facility' : 'person',
    answer,
  };
}

/** What stands in the way of signing with it now, whoever does. `answer` is null when the judge was not asked. */
export async function judged(
  certificate: Certificate,
  others: readonly Buffer[],
  { judge, training }: Judging,
): Promise<{ readonly fault: CertificateFault | null; readonly answer: CertificateAnswer | null }> {
  const unusable = unusableFor(certificate, judge.now());
  if (unusable) return { fault: unusable, answer: null };
  const answer = await judge.judge({
    certificate: certificate.der,
    others: others.filter((one) => !one.equals(certificate.der)),
    provenAt: null,
    usage: 'document',
    ocsp: [],
    crls: [],
  });
  return { fault: faultIn(answer, training), answer };
}

function unusableFor(certificate: Certificate, now: number): CertificateFault | null {
  if (now < certificate.validFrom) return 'not_yet';
  if (now > certificate.validTo) return 'expired';
  if (!maySign(certificate, 'digitalSignature', 'contentCommitment')) return 'not_for_signing';
  const key = publicKeyOf(certificate.spki);
  return key && algorithmsOf(key).length > 0 ? null : 'algorithm';
}

/** What cannot be found out offline does not stand in the way of clinical work; whatever else is said of it does. */
const TOLERATED: ReadonlySet<VerdictReason> = new Set<VerdictReason>([
  'revocation_unknown',
  'revocation_old',
  'time_unproven',
]);

function faultIn({ state, reasons }: CertificateAnswer, training: boolean): CertificateFault | null {
  const wrong = reasons.filter(
    (reason) => !TOLERATED.has(reason) && !(training && reason === 'training_certificate'),
  );
  if (wrong.length === 0 && state !== 'invalid') return null;
  // the most telling first; a reason nobody thought of here is no reason to sign
  for (const [reason, fault] of faultOfReason) if (wrong.includes(reason)) return fault;
  return 'unknown_issuer';
}
const faultOfReason: readonly (readonly [VerdictReason, CertificateFault])[] = [
  ['training_certificate', 'training'],
  ['revoked', 'revoked'],
  ['issuer_unknown', 'unknown_issuer'],
  ['chain_wrong', 'unknown_issuer'],
  ['certificate_malformed', 'unknown_issuer'],
  ['not_for_issuing', 'unknown_issuer'],
  ['expired_at_signing', 'expired'],
  ['time_unproven_expired', 'expired'],
  ['not_yet_valid_at_signing', 'not_yet'],
  ['not_for_signing', 'not_for_signing'],
  ['algorithm_weak', 'algorithm'],
  ['algorithm_unknown', 'algorithm'],
];

/** An office's certificate names the office and no citizen. */
function ownerOf(name: string, personNumber: string | null, who: Claimant): 'person' | 'facility' | null {
  if (personNumber === null && who.center && isSameName(name, who.center.name)) return 'facility';
  return isNamedLike(name, who.fullName) || personNumber !== null ? 'person' : null;
}

/**
 * `first`: they may say that it is theirs. Also where a namesake has said so before them, which an administrator then has
 * to settle; not where that is settled.
 */
function matchOf(
  claims: Claims,
  certificate: Certificate,
  of: 'person' | 'facility',
  who: Claimant,
): 'known' | 'first' | null {
  const owner = of === 'facility' ? who.center?.id : who.userId;
  if (owner === undefined) return null;
  const mine = claims.of(owner);
  const number = personNumberOf(certificate);
  const whose = claims.whose(certificate);
  if (whose.is === 'ones' && whose.owner === owner) return 'known';
  if (mine.some((one) => one.certificate === certificate.sha256))
    return whose.is === 'contested' ? 'known' : null;
  // another number than before is another citizen
  if (
    (whose.is === 'ones' && whose.settled) ||
    mine.some((one) => isAnotherCitizen(one.personNumber, number))
  )
    return null;
  return of === 'facility' || isNamedLike(holderOf(certificate), who.fullName) ? 'first' : null;
}
