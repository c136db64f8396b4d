// Whether CAdES and plain CMS signatures hold. The cryptography comes first; only of what adds up is the judge asked
// whose certificate it is. Whatever in the container is not understood keeps it from being valid.
import { parsed } from '../der/read.ts';
import { verifyTimeStamp } from '../tsp/verify.ts';
import type { CertificateAnswer, CertificateJudge, SignatureVerdict, VerdictReason } from '../types.ts';
import { stateOf } from '../verdict.ts';
import { type Certificate, holderOf, issuerOf } from '../x509/certificate.ts';
import { strangersIn } from './bag.ts';
import { cmsOids } from './oids.ts';
import { readSignedData, type SignedData, type SignerInfo } from './signed-data.ts';
import { lookAtSigner, type SignerFacts } from './signer.ts';

export interface VerifyOptions {
  readonly kind?: 'CAdES' | 'PAdES';
  /** 'optional' for PDFs whose subfilter promises no CAdES. Default 'required'. */
  readonly signingCertificate?: 'required' | 'optional';
  /** ms, proven by something around the container, such as a later time-stamp of the whole file. */
  readonly provenAt?: number | null;
  /** Evidence kept beside the container: certificates, OCSP answers, revocation lists, DER. */
  readonly others?: readonly Buffer[];
  readonly ocsp?: readonly Buffer[];
  readonly crls?: readonly Buffer[];
}

/**
 * One verdict per signer, in the container's order; none when nobody has signed. `content`: what a detached signature
 * covers, null when it is not at hand or the container has it inside (when both are there they must be the same).
 */
export async function verifyCades(
  container: Uint8Array,
  content: Uint8Array | null,
  judge: CertificateJudge,
  options: VerifyOptions = {},
): Promise<SignatureVerdict[]> {
  const { kind = 'CAdES' } = options;
  const data = parsed(() => readSignedData(container));
  if (data === null) return [verdict(kind, ['signature_malformed'], nobody)];
  const changed = content !== null && data.content !== null && !data.content.equals(content);
  const covered = content ?? data.content;
  const verdicts: SignatureVerdict[] = [];
  for (const signer of data.signers) {
    const facts = lookAtSigner(data, signer, covered, {
      contentType: cmsOids.data,
      signingCertificate: options.signingCertificate ?? 'required',
    });
    const reasons: VerdictReason[] = changed ? [...facts.reasons, 'content_changed'] : [...facts.reasons];
    verdicts.push(
      facts.certificate === null || stateOf(reasons) === 'invalid'
        ? verdict(kind, reasons, facts)
        : await judged(
            kind,
            { ...facts, reasons, certificate: facts.certificate },
            data,
            signer,
            judge,
            options,
          ),
    );
  }
  return verdicts;
}

async function judged(
  kind: SignatureVerdict['kind'],
  facts: SignerFacts & { readonly certificate: Certificate },
  data: SignedData,
  signer: SignerInfo,
  judge: CertificateJudge,
  options: VerifyOptions,
): Promise<SignatureVerdict> {
  const stamps = await stampsOf(signer, judge);
  const provenAt = earliest([stamps.provenAt, options.provenAt ?? null]);
  const answer = await judge.judge({
    certificate: facts.certificate.der,
    others: [...data.certificates, ...(options.others ?? [])],
    provenAt,
    usage: 'document',
    ocsp: options.ocsp ?? [],
    crls: [...data.crls, ...(options.crls ?? [])],
  });
  const reasons: VerdictReason[] = [
    ...facts.reasons,
    ...stamps.reasons,
    ...answer.reasons,
    ...strangersIn(data, [...answer.path, ...stamps.path]),
    ...(provenAt === null ? (['time_unproven'] as const) : []),
  ];
  return verdict(kind, reasons, facts, answer, stamps.at);
}

interface Stamps {
  readonly reasons: readonly VerdictReason[];
  /** What the earliest stamp says that is not wrong; believed only when it is `provenAt`. */
  readonly at: number | null;
  readonly provenAt: number | null;
  readonly path: readonly Buffer[];
}

/** Every unsigned attribute is a time-stamp over the signature that holds, or the signature cannot be called valid. */
async function stampsOf(signer: SignerInfo, judge: CertificateJudge): Promise<Stamps> {
  const reasons: VerdictReason[] = [];
  const at: number[] = [];
  const provenAt: number[] = [];
  const path: Buffer[] = [];
  for (const { type, values } of signer.unsignedAttributes) {
    if (type !== cmsOids.signatureTimeStamp) {
      reasons.push('constraint_unknown');
      continue;
    }
    for (const value of values) {
      const stamp = await verifyTimeStamp(value.bytes, signer.signature, judge);
      if (stamp.state === 'invalid') reasons.push('time_stamp_wrong');
      else reasons.push(...stamp.reasons);
      if (stamp.stampedAt !== null) at.push(stamp.stampedAt);
      if (stamp.state === 'valid' && stamp.stampedAt !== null) provenAt.push(stamp.stampedAt);
      path.push(...stamp.path);
    }
  }
  return { reasons, at: earliest(at), provenAt: earliest(provenAt), path };
}

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}

const nobody: SignerFacts = { reasons: [], certificate: null, algorithm: '', claimedAt: null };

function verdict(
  kind: SignatureVerdict['kind'],
  reasons: readonly VerdictReason[],
  { certificate, algorithm, claimedAt }: SignerFacts,
  answer: CertificateAnswer | null = null,
  stampedAt: number | null = null,
): SignatureVerdict {
  const each = [...new Set(reasons)];
  return {
    // without the judge's word nothing is valid
    state: stateOf(each, answer?.state ?? 'undetermined'),
    reasons: each,
    kind,
    signer: certificate === null ? '' : holderOf(certificate),
    issuer: certificate === null ? '' : issuerOf(certificate),
    certificateSha256: certificate?.sha256 ?? null,
    algorithm,
    claimedAt,
    stampedAt,
    revocation: answer?.revocation ?? null,
  };
}
