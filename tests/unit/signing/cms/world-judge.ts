// The program's own judge over a world made by OpenSSL: its root is trusted, its revocation lists are fetched.
import { memoryCache } from '../../../../electron/signing/judge/cache.ts';
import { openJudge } from '../../../../electron/signing/judge/judge.ts';
import type {
  CertificateAnswer,
  CertificateJudge,
  CertificateQuestion,
  Fetch,
} from '../../../../electron/signing/types.ts';
import { readCertificate } from '../../../../electron/signing/x509/certificate.ts';
import type { World } from './openssl-world.ts';

export interface WorldJudge extends CertificateJudge {
  readonly asked: CertificateQuestion[];
}

/** `remember`: the same question gets the same answer, for sweeps that ask it thousands of times. */
export function worldJudge(
  world: Pick<World, 'root' | 'fetch'>,
  {
    now = Date.now,
    fetch = world.fetch,
    remember = false,
  }: { now?: () => number; fetch?: Fetch | null; remember?: boolean } = {},
): WorldJudge {
  const root = readCertificate(world.root);
  if (root === null) throw new Error('the root is no certificate');
  const judge = openJudge({
    trust: { anchors: [root], intermediates: [] },
    training: false,
    fetch,
    cache: memoryCache(),
    now,
  });
  const asked: CertificateQuestion[] = [];
  const answers = new Map<string, CertificateAnswer>();
  return {
    asked,
    now,
    judge: async (question) => {
      if (!remember) asked.push(question);
      const { certificate, others, provenAt, usage, ocsp, crls } = question;
      const key = [
        usage,
        provenAt,
        ...[certificate, ...others, ...ocsp, ...crls].map((der) => der.toString('latin1')),
      ].join('|');
      const answer = (remember && answers.get(key)) || (await judge.judge(question));
      if (remember && answer.state === 'valid') answers.set(key, answer);
      return answer;
    },
  };
}
