// Who has signed a PDF that somebody else says is this paper's.
import type { CertificateJudge } from '../types.ts';
import { verifyPdf } from './verify.ts';

/** Of each signature the SHA-256 of its certificate, in order; null when anything in the file is invalid. */
export async function signersIn(pdf: Uint8Array, judge: CertificateJudge): Promise<readonly string[] | null> {
  const { state, signatures } = await verifyPdf(pdf, judge);
  if (state === 'invalid') return null;
  return signatures
    .filter(({ kind }) => kind !== 'DocTimeStamp')
    .map(({ certificateSha256 }) => certificateSha256 ?? '');
}
