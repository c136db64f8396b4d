// The signatures one person gives one paper: over the content, over each confirmation nobody has sealed yet, and in the
// PDF where the form leaves the house.
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { contentType, readDocumentEvidence, typeIn } from '../../../shared/model/document-evidence.ts';
import type { Caller } from '../../store/room.ts';
import { signCades } from '../cms/index.ts';
import { sha256 } from '../crypto.ts';
import { signPdf } from '../pdf/sign.ts';
import type { SignatureVerdict, SigningKey, TimeStamper } from '../types.ts';
import type { Papers, PaperToSign, Signed, StepOfPaper } from './papers-port.ts';

export interface Signer {
  readonly key: SigningKey;
  /** As the certificate has it. */
  readonly name: string;
  /** What is known of the certificate now. */
  readonly revocation: SignatureVerdict['revocation'];
}

export interface SigningNeeds {
  readonly papers: Papers;
  /** For signatures in a PDF, which take no time-stamp later; null: none is asked, or the line is down. */
  stamper(): TimeStamper | null;
  now(): number;
}

/** Somebody else signing at another step at the same time takes one more turn; more than this is no chance. */
const MOST_TURNS = 4;

/**
 * Signs one paper at one step and keeps it, beginning anew on the newer file where somebody else's signature came in
 * between. Codes: those of the papers and of `signaturesFor`.
 */
export async function signAndKeep(
  signerFor: (paper: PaperToSign) => Result<Signer>,
  item: StepOfPaper,
  caller: Caller,
  needs: SigningNeeds,
): Promise<Result<null>> {
  for (let turn = 1; ; turn++) {
    const paper = await needs.papers.toSign(item, caller);
    if (!paper.ok) return paper;
    const signer = signerFor(paper.value);
    if (!signer.ok) return signer;
    const signed = await signaturesFor(signer.value, paper.value, needs);
    if (!signed.ok) return signed;
    const kept = needs.papers.keep(item, caller, signed.value, paper.value.base);
    if (kept.ok || kept.error.code !== 'stale' || turn === MOST_TURNS) return kept;
  }
}

/** Codes: the key's, document_altered, algorithm_unfit, signature_unreadable, those of keeping a file. */
export async function signaturesFor(
  { key, name, revocation }: Signer,
  paper: PaperToSign,
  { papers, stamper, now }: SigningNeeds,
): Promise<Result<Signed[]>> {
  const [algorithm] = key.algorithms;
  if (algorithm === undefined) return fail('algorithm_unfit');
  // the key covers what it is given blindly: nothing goes to it under another name than its own
  if (typeIn(paper.content.toString()) !== contentType) return fail('document_altered');
  if (paper.evidence.some(({ bytes }) => readDocumentEvidence(bytes.toString()) === null))
    return fail('document_altered');
  const at = now();
  const covered = [
    { over: 'content' as const, bytes: paper.content },
    ...paper.evidence.map(({ bytes }) => ({ over: 'evidence' as const, bytes })),
  ];
  const signed: Signed[] = [];
  for (const { over, bytes } of covered) {
    const container = await signCades({ content: bytes, key, algorithm, at });
    if (!container.ok) return container;
    signed.push({
      over,
      digest: sha256(bytes).toString('hex'),
      container: container.value,
      certificate: sha256(key.certificate).toString('hex'),
      signer: name.slice(0, 200),
      role: paper.role,
      signedPdf: null,
      revocation: revocation ?? { how: 'none', asOf: null },
    });
  }
  const [content, ...seals] = signed;
  if (!content || !paper.pdf) return ok(signed);
  const pdf = await signPdf({
    ...{ pdf: paper.pdf, key, algorithm, box: paper.box, name, at },
    role: paper.label,
    reason: paper.title,
    stamper: stamper(),
    // the paper is signed all the same; the content's signature gets its stamp when the line is back
    unstamped: 'sign',
  });
  if (!pdf.ok) return pdf;
  const kept = await papers.keepFile(pdf.value);
  return kept.ok ? ok([{ ...content, signedPdf: kept.value }, ...seals]) : kept;
}
