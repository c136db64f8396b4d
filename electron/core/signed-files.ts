// Files signed and verified outside any record: what `tram sign` and `tram verify` need of the signing room. No store is
// opened and nobody logs in; a token asks for its own PIN.
import { fail, type Result } from '../../shared/api/contract.ts';
import { addTimeStamp, signCades } from '../signing/cms/index.ts';
import { trainingFileKey } from '../signing/file-key.ts';
import { readAnchorFiles, readTrustFolder } from '../signing/judge/anchors.ts';
import { memoryCache } from '../signing/judge/cache.ts';
import { httpFetch } from '../signing/judge/http-fetch.ts';
import { openJudge } from '../signing/judge/judge.ts';
import { verifyPdf } from '../signing/pdf/index.ts';
import { openTokenDesk, type StartHelper, type TokenDesk } from '../signing/tokens/index.ts';
import { sealPin } from '../signing/tokens/seal-pin.ts';
import { openTrainingTokens, trainingRoot, withTrainingLine } from '../signing/training/index.ts';
import { timeStamper } from '../signing/tsp/index.ts';
import type { CertificateJudge, SigningKey, Verdict } from '../signing/types.ts';
import { verifyFile } from '../signing/verify-file.ts';
import {
  type Certificate,
  holderOf,
  issuerOf,
  maySign,
  readCertificate,
} from '../signing/x509/certificate.ts';
import { verifyXml } from '../signing/xml/index.ts';

export type { SignatureVerdict, Verdict, VerdictReason, VerdictState } from '../signing/types.ts';

export interface FileToCheck {
  readonly file: Buffer;
  /** What a detached signature covers. */
  readonly content: Buffer | null;
  /** A plain folder of roots and issuers; null: the program's own. */
  readonly anchors: string | null;
  readonly ownAnchors: string;
  readonly training: boolean;
  /** Was it valid then, ms since 1970 UTC; null: now. A time-stamp in the file counts for more. */
  readonly at: number | null;
}

export function checkFile({
  file,
  content,
  anchors,
  ownAnchors,
  training,
  at,
}: FileToCheck): Promise<Verdict> {
  const judge = openJudge({
    trust: anchors === null ? readTrustFolder(ownAnchors) : readAnchorFiles(anchors),
    training,
    // known outside training too, as what is not to be believed
    trainingAnchors: [trainingRoot()],
    fetch: training ? withTrainingLine(httpFetch(), Date.now) : httpFetch(),
    cache: memoryCache(),
    now: Date.now,
  });
  return verifyFile(file, content, at === null ? judge : judgeAt(judge, at), {
    pdf: verifyPdf,
    xml: verifyXml,
  });
}

/** Takes whoever asks at their word that the signature was there at that time. */
const judgeAt = (judge: CertificateJudge, at: number): CertificateJudge => ({
  now: () => at,
  judge: (question) => judge.judge({ ...question, provenAt: question.provenAt ?? at }),
});

export interface FileToSign {
  readonly content: Buffer;
  readonly key: SigningKey;
  readonly enveloping: boolean;
  readonly at: number;
}

/** DER. Codes: the key's, certificate_unfit, algorithm_unfit. */
export async function signFile({ content, key, enveloping, at }: FileToSign): Promise<Result<Buffer>> {
  const [algorithm] = key.algorithms;
  if (algorithm === undefined) return fail('algorithm_unfit');
  return signCades({ content, key, algorithm, at, detached: !enveloping });
}

/** Codes: stamp_unreachable, stamp_refused. */
export const stampFile = (container: Buffer, url: string): Promise<Result<Buffer>> =>
  addTimeStamp(container, timeStamper({ url, fetch: httpFetch('stamp_unreachable') }));

export { trainingFileKey };

/** A simulated token of somebody of that name, made for this once. */
export const trainingKey = (fullName: string): Promise<SigningKey> =>
  openTrainingTokens({
    mode: 'training',
    folder: null,
    idleMs: () => 60_000,
    now: Date.now,
    log: () => {},
    signingMs: 0,
  }).keyOf({
    userId: 'command-line',
    fullName,
  });

export interface TokenChoice {
  readonly tokenId: string;
  /** SHA-256, hex. */
  readonly certificateId: string;
  readonly name: string;
  readonly issuer: string;
  readonly validTo: number;
  /** Only one try of the PIN is left. */
  readonly lastTry: boolean;
}

export interface OpenedTokens {
  /** Certificates of people on the tokens plugged in that may sign today. */
  choices(): Promise<TokenChoice[]>;
  /** Codes as `TokenDesk.unlock` has them. */
  unlock(choice: TokenChoice, pin: string, knowing: boolean): Promise<Result<SigningKey>>;
  close(): Promise<void>;
}

/** `modulePaths`: modules beside those that makers are known to install. */
export function openTokens(start: StartHelper, modulePaths: readonly string[]): OpenedTokens {
  const desk: TokenDesk = openTokenDesk({
    start,
    modulePaths: () => modulePaths,
    idleMs: () => 60_000,
    now: Date.now,
    log: () => {},
  });
  return {
    async choices() {
      const { tokens } = await desk.tokens();
      return tokens.flatMap(({ tokenId, pin, certificates }) =>
        certificates
          .flatMap((der) => readCertificate(der) ?? [])
          .filter(signsToday)
          .map((certificate) => ({
            tokenId,
            certificateId: certificate.sha256,
            name: holderOf(certificate),
            issuer: issuerOf(certificate),
            validTo: certificate.validTo,
            lastTry: pin === 'last',
          })),
      );
    },
    async unlock({ tokenId, certificateId }, pin, knowing) {
      const pinKey = await desk.pinKey();
      if (pinKey === null) return fail('token_missing');
      const sealed = sealPin(pinKey, pin);
      const opened = await desk.unlock(tokenId, certificateId, sealed, { knowing });
      if (!opened.ok) return opened;
      const key = desk.key(opened.value.session);
      return key === null ? fail('token_locked') : { ok: true, value: key };
    },
    close: () => desk.close(),
  };
}

function signsToday(certificate: Certificate): boolean {
  const now = Date.now();
  return (
    certificate.basicConstraints?.ca !== true &&
    maySign(certificate, 'digitalSignature', 'contentCommitment') &&
    certificate.validFrom <= now &&
    now <= certificate.validTo
  );
}
