// A judge for tests of containers: real paths by node:crypto to the world's root, and nothing about revocation. What the
// program's own judge finds is tested where it lives and in tests/integration/signing.
import { X509Certificate } from 'node:crypto';
import type {
  CertificateAnswer,
  CertificateJudge,
  CertificateQuestion,
} from '../../../../electron/signing/types.ts';

export interface ChainJudge extends CertificateJudge {
  readonly asked: CertificateQuestion[];
}

export function chainJudge(root: Buffer, now = Date.now()): ChainJudge {
  const asked: CertificateQuestion[] = [];
  const answers = new Map<string, CertificateAnswer>();
  return {
    asked,
    now: () => now,
    judge: async (question) => {
      asked.push(question);
      const key = [question.certificate, ...question.others].map((der) => der.toString('latin1')).join('|');
      const found = answers.get(key) ?? answer(question, root);
      answers.set(key, found);
      return found;
    },
  };
}

function answer({ certificate, others }: CertificateQuestion, root: Buffer): CertificateAnswer {
  const path: Buffer[] = [certificate];
  try {
    for (let at = new X509Certificate(certificate); path.length < 5; ) {
      if (at.verify(new X509Certificate(root).publicKey)) return { ...good, path: [...path, root] };
      const next = others.find(
        (der) => at.checkIssued(new X509Certificate(der)) && at.verify(new X509Certificate(der).publicKey),
      );
      if (!next) break;
      path.push(next);
      at = new X509Certificate(next);
    }
  } catch {
    // one of them is no certificate
  }
  return { state: 'undetermined', reasons: ['issuer_unknown'], path: [], revocation: null };
}

const good: CertificateAnswer = {
  state: 'valid',
  reasons: [],
  path: [],
  revocation: { how: 'crl', asOf: 0 },
};
