// Files signed and verified outside any record: what `tram sign` and `tram verify` need of the signing room. No store is
// opened and nobody logs in; a token asks for its own PIN.
import { fail, type Result } from '../../shared/api/contract.ts';
import type { ErrorCode } from '../../shared/api/errors.ts';
import { addTimeStamp, signCades } from '../signing/cms/index.ts';
import { trainingFileKey, trainingP12Key } from '../signing/file-key.ts';
import { readAnchorFiles, readTrustFolder } from '../signing/judge/anchors.ts';
import { memoryCache } from '../signing/judge/cache.ts';
import { httpFetch } from '../signing/judge/http-fetch.ts';
import { openJudge } from '../signing/judge/judge.ts';
import { signPdf, verifyPdf } from '../signing/pdf/index.ts';
import { openTokenDesk, type StartHelper, type TokenDesk } from '../signing/tokens/index.ts';
import { sealPin } from '../signing/tokens/seal-pin.ts';
import { openTrainingTokens, trainingRoot, withTrainingLine } from '../signing/training/index.ts';
import { timeStamper } from '../signing/tsp/index.ts';
import type { CertificateJudge, SigningKey, TimeStamper, Verdict } from '../signing/types.ts';
import { kindOf, verifyFile } from '../signing/verify-file.ts';
import {
  type Certificate,
  holderOf,
  issuerOf,
  maySign,
  readCertificate,
} from '../signing/x509/certificate.ts';
import { signXml, verifyXml } from '../signing/xml/index.ts';

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

/** Beside the file; around it, so that one file has both; or inside, where PDF and XML have a place for it. */
export type SignatureForm = 'beside' | 'around' | 'inside';

export interface FileToSign {
  readonly content: Buffer;
  readonly key: SigningKey;
  readonly form: SignatureForm;
  readonly at: number;
  /** A time-stamping authority; null: no time-stamp. */
  readonly stampUrl: string | null;
}

export interface SignedFile {
  readonly bytes: Buffer;
  /** Why there is no time-stamp though one was asked for. */
  readonly stampFault: ErrorCode | null;
}

/**
 * What was signed is kept whatever the stamp does: the token may be gone by the next try. Codes: the key's,
 * certificate_unfit, algorithm_unfit, signature_unreadable (inside: no PDF or XML that can be signed).
 */
export async function signFile(file: FileToSign): Promise<Result<SignedFile>> {
  if (file.form === 'inside') return signInside(file);
  const { content, key, at, stampUrl } = file;
  const [algorithm] = key.algorithms;
  if (algorithm === undefined) return fail('algorithm_unfit');
  const signed = await signCades({ content, key, algorithm, at, detached: file.form === 'beside' });
  if (!signed.ok || stampUrl === null) return signed.ok ? whole(signed.value) : signed;
  const stamped = await addTimeStamp(signed.value, stamperAt(stampUrl));
  return stamped.ok ? whole(stamped.value) : whole(signed.value, stamped.error.code);
}

async function signInside({ content, key, at, stampUrl }: FileToSign): Promise<Result<SignedFile>> {
  const kind = kindOf(content);
  const certificate = readCertificate(key.certificate);
  if (certificate === null) return fail('certificate_unfit');
  if (kind === 'pdf') {
    const [algorithm] = key.algorithms;
    if (algorithm === undefined) return fail('algorithm_unfit');
    let stampFault: ErrorCode | null = null;
    const stamper: TimeStamper | null =
      stampUrl === null
        ? null
        : async (bytes) => {
            const token = await stamperAt(stampUrl)(bytes);
            if (!token.ok) stampFault = token.error.code;
            return token;
          };
    const name = holderOf(certificate);
    const paper = { pdf: content, key, algorithm, box: null, name, reason: null, at };
    const signed = await signPdf({ ...paper, stamper, unstamped: 'sign' });
    return signed.ok ? whole(signed.value, stampFault) : signed;
  }
  if (kind !== 'xml') return fail('signature_unreadable');
  // tools of the insurance fund know no PSS
  const algorithm = key.algorithms.find((own) => own !== 'rsa-pss-sha256');
  if (algorithm === undefined) return fail('algorithm_unfit');
  const target = content.includes('<CHUKYDONVI') ? 'CHUKYDONVI' : null;
  const signed = await signXml({ xml: content, key, algorithm, target, xades: true, at });
  return signed.ok ? whole(signed.value, stampUrl === null ? null : 'stamp_refused') : signed;
}

const whole = (bytes: Buffer, stampFault: ErrorCode | null = null): Result<SignedFile> => ({
  ok: true,
  value: { bytes, stampFault },
});

const stamperAt = (url: string): TimeStamper => timeStamper({ url, fetch: httpFetch('stamp_unreachable') });

export { trainingFileKey, trainingP12Key };

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
