// The judge of certificates: path to an anchor, usage, time, revocation, at a proven instant or now. It says valid only when
// all of that is known; what cannot be known is undetermined, and what is known to be wrong is invalid.
import type {
  CertificateAnswer,
  CertificateJudge,
  CertificateQuestion,
  Fetch,
  VerdictReason,
} from '../types.ts';
import { stateOf } from '../verdict.ts';
import type { Certificate } from '../x509/certificate.ts';
import { readCertificate } from '../x509/certificate.ts';
import { readCrl } from '../x509/crl.ts';
import { readOcsp } from '../x509/ocsp.ts';
import type { PathFault, PathQuestion } from '../x509/path.ts';
import { candidatesOf, noPath } from '../x509/path.ts';
import type { TrustedCertificates } from './anchors.ts';
import type { EvidenceCache } from './cache.ts';
import { purposes } from './purposes.ts';
import type { RevocationState } from './revocation.ts';
import { revocationOf } from './revocation.ts';
import { openSources } from './sources.ts';
import { isTrainingCertificate } from './training-mark.ts';

export interface JudgeOptions {
  readonly trust: TrustedCertificates;
  /** Anchors of the simulated tokens: believed only in training. DER. */
  readonly trainingAnchors?: readonly Buffer[];
  readonly training: boolean;
  /** Null: no line; then only kept and enclosed evidence counts. */
  readonly fetch: Fetch | null;
  readonly cache: EvidenceCache;
  /** ms since 1970 UTC. */
  readonly now: () => number;
}

export interface Judge extends CertificateJudge {
  /** The answer with the evidence that it rests on, DER, to be kept beside the signature. */
  examine(question: CertificateQuestion): Promise<Examined>;
  /**
   * Looks up these certificates, so that what a later signature needs is kept when the line is down. For each: what is
   * known now.
   */
  refresh(
    certificates: readonly Pick<CertificateQuestion, 'certificate' | 'others'>[],
  ): Promise<CertificateAnswer[]>;
}

export interface Examined extends CertificateAnswer {
  readonly evidence: { readonly ocsp: readonly Buffer[]; readonly crls: readonly Buffer[] };
}

export function openJudge(options: JudgeOptions): Judge {
  const sources = openSources(options);
  const trainingAnchors = (options.trainingAnchors ?? []).flatMap((der) => readCertificate(der) ?? []);
  const anchors = [...options.trust.anchors, ...(options.training ? trainingAnchors : [])];
  const trainingKeys = new Set(trainingAnchors.map(({ sha256 }) => sha256));

  async function examine(question: CertificateQuestion): Promise<Examined> {
    const leaf = readCertificate(question.certificate);
    if (leaf === null) return unread('certificate_malformed');
    const others = question.others.flatMap((der) => readCertificate(der) ?? []);
    const isTraining = [leaf, ...others].some((c) => trainingKeys.has(c.sha256) || isTrainingCertificate(c));
    if (isTraining && !options.training) return unread('training_certificate', 'invalid');

    const asked = {
      leaf,
      others: [...others, ...options.trust.intermediates],
      anchors,
      purpose: purposes[question.usage],
    };
    const answer = await examineAt(asked, question);
    return isTraining ? { ...answer, reasons: [...answer.reasons, 'training_certificate'] } : answer;
  }

  async function examineAt(
    asked: Omit<PathQuestion, 'at'>,
    question: CertificateQuestion,
  ): Promise<Examined> {
    const now = options.now();
    const at = question.provenAt ?? now;
    const { leaf } = asked;
    if (question.provenAt === null && now > leaf.validTo) {
      // it may have signed while it was valid: what is wrong besides is still wrong
      const before = await examinePaths({ ...asked, at: leaf.validTo }, question, false);
      return withReason(before, 'time_unproven_expired');
    }
    return examinePaths({ ...asked, at }, question, question.provenAt !== null);
  }

  /** The first path on which nothing is revoked or unknown; else the best that there is. */
  async function examinePaths(
    asked: PathQuestion,
    question: CertificateQuestion,
    proven: boolean,
  ): Promise<Examined> {
    let best: Examined | null = null;
    let fault: PathFault | null = null;
    for (const candidate of candidatesOf(asked)) {
      if (candidate.fault !== null) {
        fault ??= candidate.fault;
        continue;
      }
      const answer = await withRevocation(candidate.path, asked, question, proven);
      if (answer.state === 'valid') return answer;
      if (best === null || (best.state === 'invalid' && answer.state === 'undetermined')) best = answer;
    }
    return best ?? unread((fault ?? noPath(asked)).reason);
  }

  async function withRevocation(
    path: readonly Certificate[],
    { at }: PathQuestion,
    question: CertificateQuestion,
    proven: boolean,
  ): Promise<Examined> {
    const enclosed = {
      ocsp: question.ocsp.flatMap((der) => readOcsp(der) ?? []),
      crls: question.crls.flatMap((der) => readCrl(der) ?? []),
    };
    const states = await Promise.all(
      path.slice(0, -1).map(async (certificate, i): Promise<RevocationState> => {
        const issuer = path[i + 1];
        if (issuer === undefined) throw new Error('a path ends in its anchor');
        // the CA wants nobody to ask (RFC 6960, 4.2.2.2.1)
        if (i === 0 && question.usage === 'ocsp' && certificate.ocspNoCheck) return notAsked;
        return revocationOf({ certificate, issuer, at, proven, now: options.now(), ...enclosed }, sources);
      }),
    );
    const reasons = [...new Set(states.flatMap(({ state }) => reasonOf[state] ?? []))];
    const evidence = states.flatMap((s) => s.evidence ?? []);
    const [own] = states;
    return {
      state: stateOf(reasons),
      reasons,
      path: path.map(({ der }) => der),
      revocation: own === undefined ? null : { how: own.how, asOf: own.asOf },
      evidence: {
        ocsp: distinct(evidence.filter(({ kind }) => kind === 'ocsp').map(({ der }) => der)),
        crls: distinct(evidence.filter(({ kind }) => kind === 'crl').map(({ der }) => der)),
      },
    };
  }

  async function judge(question: CertificateQuestion): Promise<CertificateAnswer> {
    const { evidence: _, ...answer } = await examine(question);
    return answer;
  }

  return {
    now: options.now,
    judge,
    examine,
    async refresh(certificates) {
      const answers: CertificateAnswer[] = [];
      // one after the other: a weak line has better things to do
      for (const { certificate, others } of certificates)
        answers.push(
          await judge({ certificate, others, provenAt: null, usage: 'document', ocsp: [], crls: [] }),
        );
      return answers;
    },
  };
}

const reasonOf: Readonly<Partial<Record<RevocationState['state'], VerdictReason>>> = {
  revoked: 'revoked',
  unknown: 'revocation_unknown',
  old: 'revocation_old',
};

const notAsked: RevocationState = { state: 'good', how: 'none', asOf: null, evidence: null };

const unread = (reason: VerdictReason, state = stateOf([reason])): Examined => ({
  state,
  reasons: [reason],
  path: [],
  revocation: null,
  evidence: { ocsp: [], crls: [] },
});

function withReason(answer: Examined, reason: VerdictReason): Examined {
  const reasons = [...new Set([...answer.reasons, reason])];
  return { ...answer, reasons, state: stateOf(reasons, answer.state) };
}

const distinct = (all: readonly Buffer[]): Buffer[] =>
  all.filter((der, i) => all.findIndex((other) => other.equals(der)) === i);
