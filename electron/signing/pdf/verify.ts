// Whether the signatures of a PDF hold: first what its bytes say of each (signatures.ts), then each signature's own
// cryptography, then the judge. Document time-stamps prove the time of what they cover, the document's own evidence
// goes to the judge. "Valid" needs every signature valid and nothing after the last one but what is allowed.
import { verifyCades } from '../cms/verify.ts';
import { verifyTimeStamp } from '../tsp/verify.ts';
import type { CertificateJudge, SignatureVerdict, Verdict, VerdictReason } from '../types.ts';
import { stateOf, verdictOf } from '../verdict.ts';
import { evidenceOf } from './evidence.ts';
import { type FoundSignature, signaturesOf } from './signatures.ts';
import { PdfFault } from './values.ts';

/** Signatures in the order they were made. */
export async function verifyPdf(file: Uint8Array, judge: CertificateJudge): Promise<Verdict> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const read = readSignatures(bytes);
  const seen = read ? await judged(read, judge) : [];
  // one that somebody took out of the form or hid behind a tail is not "no signature"
  const hidden = hiddenSignatures(bytes, read?.found ?? []);
  if (hidden) {
    const older = await judged(hidden, judge);
    return verdictOf(
      [...older.map((verdict) => withReason(verdict, 'changed_after_signing')), ...seen],
      ['changed_after_signing'],
    );
  }
  if (seen.length > 0) return verdictOf(seen);
  if (mentionsSignature(bytes) && !isEncrypted(bytes)) return verdictOf([], ['signature_malformed']);
  return verdictOf([], read ? [] : ['unreadable']);
}

type Read = ReturnType<typeof signaturesOf>;

function readSignatures(bytes: Buffer): Read | null {
  try {
    const read = signaturesOf(bytes);
    evidenceOf(read.file);
    return read;
  } catch (fault) {
    if (fault instanceof PdfFault) return null;
    throw fault;
  }
}

/** Then nothing can be said of what is in it. */
const isEncrypted = (bytes: Buffer): boolean =>
  /\/Encrypt\s*(?:<<|\d+\s+\d+\s+R)/.test(bytes.toString('latin1'));

/** Ours: candidates looked at in a file that cannot be read to its end. */
const MOST_CANDIDATES = 20;

/**
 * What was signed in the longest part of the file, from its beginning, that a signature says it covers without being
 * among those found.
 */
function hiddenSignatures(bytes: Buffer, found: readonly FoundSignature[]): Read | null {
  const known = new Set(found.map(({ end }) => end));
  const ends = [...bytes.toString('latin1').matchAll(BYTE_RANGE)]
    .map(([, second, rest]) => Number(second) + Number(rest))
    .filter((end) => end <= bytes.length && !known.has(end))
    .sort((a, b) => b - a)
    .slice(0, MOST_CANDIDATES);
  for (const end of ends) {
    const read = readSignatures(bytes.subarray(0, end));
    const unseen = read?.found.filter((signature) => signature.end > 0 && !known.has(signature.end)) ?? [];
    if (read && unseen.length > 0) return { file: read.file, found: unseen };
  }
  return null;
}

const BYTE_RANGE = /\/ByteRange\s*\[\s*0\s+\d{1,10}\s+(\d{1,10})\s+(\d{1,10})\s*\]/g;
const mentionsSignature = (bytes: Buffer): boolean => bytes.toString('latin1').search(BYTE_RANGE) >= 0;

async function judged({ file, found }: Read, judge: CertificateJudge): Promise<SignatureVerdict[]> {
  const evidence = evidenceOf(file);
  const verdicts: SignatureVerdict[] = [];
  let provenAt: number | null = null;
  // from the last to the first: a document time-stamp proves what is underneath it
  for (const signature of found.toReversed()) {
    const verdict = await verdictOn(signature, judge, {
      provenAt,
      others: evidence.certificates,
      ocsp: evidence.ocsp,
      crls: evidence.crls,
    });
    if (signature.kind === 'DocTimeStamp' && verdict.state === 'valid' && verdict.stampedAt !== null)
      provenAt = Math.min(provenAt ?? Number.POSITIVE_INFINITY, verdict.stampedAt);
    verdicts.unshift(verdict);
  }
  return verdicts;
}

interface Around {
  readonly provenAt: number | null;
  readonly others: readonly Buffer[];
  readonly ocsp: readonly Buffer[];
  readonly crls: readonly Buffer[];
}

async function verdictOn(
  signature: FoundSignature,
  judge: CertificateJudge,
  around: Around,
): Promise<SignatureVerdict> {
  const { container, content, kind } = signature;
  if (!container || signature.end === 0) return unread(signature);
  if (kind === 'DocTimeStamp') {
    const { path: _, ...verdict } = await verifyTimeStamp(container, content, judge);
    return signature.reasons.reduce<SignatureVerdict>(withReason, verdict);
  }
  const verdicts = await verifyCades(container, content, judge, {
    kind: 'PAdES',
    signingCertificate: signature.cades ? 'required' : 'optional',
    ...around,
  });
  const [verdict, ...more] = verdicts;
  // one signature, one signer (ISO 32000-2, 12.8.3.3)
  if (!verdict || more.length > 0) return unread({ ...signature, reasons: ['signature_malformed'] });
  return signature.reasons.reduce<SignatureVerdict>(withReason, {
    ...verdict,
    claimedAt: signature.claimedAt ?? verdict.claimedAt,
  });
}

function withReason(verdict: SignatureVerdict, reason: VerdictReason): SignatureVerdict {
  const reasons = [...new Set([...verdict.reasons, reason])];
  return { ...verdict, reasons, state: stateOf(reasons, verdict.state) };
}

const unread = (signature: FoundSignature): SignatureVerdict => ({
  state: stateOf(signature.reasons, 'undetermined'),
  reasons: signature.reasons,
  kind: signature.kind,
  signer: '',
  issuer: '',
  certificateSha256: null,
  algorithm: '',
  claimedAt: signature.claimedAt,
  stampedAt: null,
  revocation: null,
});
