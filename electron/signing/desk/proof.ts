// What proves a paper, taken out of the encrypted record as files that any program of the trade reads, with the commands
// to check them: a court, an insurer or another hospital must not need this program.
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import type { FrozenBytes, KeptSignature } from './papers-port.ts';

export interface ProofFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Of the version that stands. document_not_here while some of it is not on this PC. */
export function proofOf(frozen: FrozenBytes, signatures: readonly KeptSignature[]): Result<ProofFile[]> {
  const { bytes, pdf, signedPdf, content } = frozen;
  if (!bytes || !pdf) return fail('document_not_here');
  const files: ProofFile[] = [
    { name: 'content.json', bytes },
    { name: 'paper.pdf', bytes: pdf },
    ...(signedPdf ? [{ name: 'paper-signed.pdf', bytes: signedPdf }] : []),
  ];
  const commands: string[] = [];
  for (const [i, one] of signatures.filter((each) => each.content === content).entries()) {
    if (!one.covers) return fail('document_not_here');
    const name = [String(i + 1).padStart(2, '0'), plainName(one.step)]
      .filter((part) => part !== '')
      .join('-');
    const covered = one.over === 'content' ? 'content.json' : `${name}-confirmed.json`;
    if (one.over === 'evidence') files.push({ name: covered, bytes: one.covers });
    files.push({ name: `${name}.p7s`, bytes: one.container });
    for (const [n, answer] of one.ocsp.entries())
      files.push({ name: `${name}-ocsp-${n + 1}.der`, bytes: answer });
    for (const [n, list] of one.crls.entries()) files.push({ name: `${name}-crl-${n + 1}.crl`, bytes: list });
    commands.push(
      `openssl cms -verify -cades -binary -inform DER -purpose any -in ${name}.p7s -content ${covered} -CAfile roots.pem -out /dev/null`,
    );
  }
  files.push({ name: 'README.txt', bytes: Buffer.from(readme(content, commands, signedPdf !== null)) });
  return ok(files);
}

/** A step's name comes from whichever PC wrote it, and goes into file names and lines people paste into a shell. */
const plainName = (step: string): string => step.replace(/[^a-z0-9_-]/g, '').slice(0, 40);

const readme = (content: string, commands: readonly string[], hasSignedPdf: boolean): string =>
  `${[
    'Chứng cứ của một giấy đã ký / Proof of a signed paper',
    '',
    'content.json    nội dung đã chốt (RFC 8785) / the frozen content',
    'paper.pdf       bản in đã chốt / the frozen pages',
    ...(hasSignedPdf ? ['paper-signed.pdf  bản in có chữ ký / the pages with signatures'] : []),
    '*.p7s           chữ ký CAdES rời, có dấu thời gian nếu đã có / detached CAdES, with its time-stamp once there is one',
    '*-confirmed.json  điều người bệnh đã xác nhận / what the patient confirmed',
    '',
    '1. SHA-256 của content.json phải là / of content.json must be:',
    `   ${content}`,
    '   sha256sum content.json',
    '2. SHA-256 của paper.pdf phải là "pdf.sha256" trong content.json / must be "pdf.sha256" in content.json:',
    '   sha256sum paper.pdf',
    '3. roots.pem: chứng thư gốc quốc gia, lấy từ cơ quan quản lý / the national roots, from their authority. Rồi / then:',
    ...commands.map((command) => `   ${command}`),
    ...(hasSignedPdf ? ['   pdfsig paper-signed.pdf'] : []),
  ].join('\n')}\n`;
