// Whether a certificate was revoked at an instant, from all evidence at hand: what came with the signature, what is kept,
// what the line gives. One sound proof of revocation is enough; without sound evidence of the contrary it is unknown.
import type { CertificateAnswer } from '../types.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { Crl, Revocation } from '../x509/crl.ts';
import { askCrl } from '../x509/crl.ts';
import type { OcspAnswers } from '../x509/ocsp.ts';
import { answerOf } from '../x509/ocsp.ts';
import type { Coverage } from './freshness.ts';
import { coverageOf, limits } from './freshness.ts';
import type { Sources } from './sources.ts';

export interface RevocationQuestion {
  readonly certificate: Certificate;
  /** Its issuer in a validated path. */
  readonly issuer: Certificate;
  /** ms. */
  readonly at: number;
  /** `at` is proven, so that what happened later does not matter; else `at` is now. */
  readonly proven: boolean;
  readonly now: number;
  readonly ocsp: readonly OcspAnswers[];
  readonly crls: readonly Crl[];
}

export interface RevocationState {
  readonly state: 'good' | 'revoked' | 'unknown' | 'old';
  readonly how: NonNullable<CertificateAnswer['revocation']>['how'];
  /** ms: when the evidence was made. */
  readonly asOf: number | null;
  /** DER of what decided it. */
  readonly evidence: { readonly kind: 'ocsp' | 'crl'; readonly der: Buffer } | null;
}

/** What one piece of evidence says, its own signature already checked. */
interface Finding {
  readonly kind: 'ocsp' | 'crl';
  readonly der: Buffer;
  readonly thisUpdate: number;
  /** Null while it came with the signature. */
  readonly fetchedAt: number | null;
  readonly fromCache: boolean;
  readonly revocation: Revocation | null;
  readonly coverage: Coverage;
}

export async function revocationOf(question: RevocationQuestion, sources: Sources): Promise<RevocationState> {
  const { certificate, issuer } = question;
  const kept = sources.keptOcsp(certificate, issuer);
  const findings: Finding[] = [
    ...(await ocspFindings(question, question.ocsp, sources)),
    ...crlFindings(question, question.crls),
    ...(kept === null ? [] : await ocspFindings(question, [kept.answers], sources, kept)),
    ...sources.keptCrls(certificate).flatMap((list) => crlFindings(question, [list.crl], list)),
  ];
  const first = verdictOf(question, findings);
  if (isSettled(first, findings, question)) return first;

  const fresh = await sources.freshOcsp(certificate, issuer);
  if (fresh !== null)
    findings.push(
      ...(await ocspFindings(question, [fresh.answers], sources, fresh, fresh.nonce)).map(asFresh),
    );
  const second = verdictOf(question, findings);
  if (isSettled(second, findings, question)) return second;

  for (const list of await sources.freshCrls(certificate, issuer))
    findings.push(...crlFindings(question, [list.crl], list).map(asFresh));
  return verdictOf(question, findings);
}

const isSettled = (
  { state: word }: RevocationState,
  findings: readonly Finding[],
  question: RevocationQuestion,
): boolean => word === 'revoked' || findings.some((finding) => isFinal(finding, question));

const asFresh = (finding: Finding): Finding => ({ ...finding, fromCache: false });

/** Nothing newer could say otherwise, or it was asked for just now. */
function isFinal(finding: Finding, { proven, now }: RevocationQuestion): boolean {
  if (finding.coverage === 'old') return false;
  if (finding.coverage === 'after' && proven) return true;
  return finding.fetchedAt !== null && Math.abs(now - finding.fetchedAt) <= limits.askAgainAfter;
}

function verdictOf(question: RevocationQuestion, findings: readonly Finding[]): RevocationState {
  const revoked = findings.find(({ revocation }) => revocation !== null && counts(revocation, question));
  if (revoked !== undefined) return state('revoked', revoked);
  const [best] = findings.filter(({ coverage }) => coverage !== 'old').toSorted(newestFirst);
  if (best !== undefined) return state('good', best);
  const [old] = findings.toSorted(newestFirst);
  return old === undefined
    ? { state: 'unknown', how: 'none', asOf: null, evidence: null }
    : { ...state('old', old), evidence: null };
}

/** Of two that are the same, the one that was asked for just now. */
const newestFirst = (a: Finding, b: Finding): number =>
  b.thisUpdate - a.thisUpdate || Number(a.fromCache) - Number(b.fromCache);

const state = (
  word: RevocationState['state'],
  { fromCache, kind, thisUpdate, der }: Finding,
): RevocationState => ({
  state: word,
  how: fromCache ? 'cached' : kind,
  asOf: thisUpdate,
  evidence: { kind, der },
});

/** Revoked by then, or bad by then as is now known. Without a proven time every revocation counts. */
const counts = ({ at, invalidSince }: Revocation, question: RevocationQuestion): boolean =>
  !question.proven || at <= question.at || (invalidSince !== null && invalidSince <= question.at);

interface Origin {
  readonly fetchedAt: number;
}

async function ocspFindings(
  question: RevocationQuestion,
  answers: readonly OcspAnswers[],
  sources: Sources,
  origin: Origin | null = null,
  nonce: Buffer | null = null,
): Promise<Finding[]> {
  const { certificate, issuer } = question;
  const findings: Finding[] = [];
  for (const answer of answers) {
    const said = answerOf(answer, certificate, issuer, nonce);
    if (said.status === 'unusable' || said.status === 'unknown') continue;
    const coverage = coverageFor(question, said, said.archiveCutoff);
    if (coverage === null) continue;
    if (said.responder !== null && !(await responderHolds(said.responder, question, sources))) continue;
    findings.push({
      kind: 'ocsp',
      der: answer.der,
      thisUpdate: said.thisUpdate,
      fetchedAt: origin?.fetchedAt ?? null,
      fromCache: origin !== null,
      revocation: said.revocation,
      coverage,
    });
  }
  return findings;
}

/**
 * A responder is itself a certificate that can be revoked, unless its CA says that nobody need ask (RFC 6960, 4.2.2.2.1).
 * Only lists are asked: a responder does not vouch for itself.
 */
async function responderHolds(
  responder: Certificate,
  { issuer, now, crls }: RevocationQuestion,
  sources: Sources,
): Promise<boolean> {
  if (responder.ocspNoCheck) return true;
  const question = { certificate: responder, issuer, at: now, proven: false, now, ocsp: [], crls };
  const findings = [
    ...crlFindings(question, crls),
    ...sources.keptCrls(responder).flatMap((list) => crlFindings(question, [list.crl], list)),
  ];
  if (!findings.some((finding) => isFinal(finding, question)))
    for (const list of await sources.freshCrls(responder, issuer))
      findings.push(...crlFindings(question, [list.crl], list));
  return verdictOf(question, findings).state === 'good';
}

function crlFindings(
  question: RevocationQuestion,
  crls: readonly Crl[],
  origin: Origin | null = null,
): Finding[] {
  return crls.flatMap((crl) => {
    const said = askCrl(crl, question.certificate, question.issuer);
    if (said.status === 'unusable') return [];
    // a list must say when the next comes (RFC 5280, 5.1.2.5)
    if (said.status === 'not-listed' && crl.nextUpdate === null) return [];
    const coverage = coverageFor(question, crl, crl.keepsExpiredSince);
    if (coverage === null) return [];
    return {
      kind: 'crl' as const,
      der: crl.der,
      thisUpdate: crl.thisUpdate,
      fetchedAt: origin?.fetchedAt ?? null,
      fromCache: origin !== null,
      revocation: said.status === 'revoked' ? said.revocation : null,
      coverage,
    };
  });
}

/** Evidence from after the certificate's end may have forgotten it, unless it says since when it does not. */
function coverageFor(
  { certificate, at, now }: RevocationQuestion,
  period: { thisUpdate: number; nextUpdate: number | null },
  remembersSince: number | null,
): Coverage | null {
  const isCa = certificate.basicConstraints?.ca === true;
  const most = isCa ? limits.mostForAuthorities : limits.mostForPeople;
  const coverage = coverageOf(period, at, now, most);
  const forgotten =
    period.thisUpdate > certificate.validTo &&
    (remembersSince === null || remembersSince > certificate.validTo);
  return coverage === 'after' && forgotten ? 'old' : coverage;
}
