// A signed file from anywhere: what it is is told by its bytes, never by its name, and each kind has its own verifier.

import { readSignedData, verifyCades } from './cms/index.ts';
import { cmsOids } from './cms/oids.ts';
import { parsed } from './der/read.ts';
import { verifyTimeStamp } from './tsp/index.ts';
import type { CertificateJudge, Verdict } from './types.ts';
import { verdictOf } from './verdict.ts';

export type FileKind = 'cms' | 'pdf' | 'xml' | 'other';

export interface FileVerifiers {
  readonly pdf: (bytes: Buffer, judge: CertificateJudge) => Promise<Verdict>;
  readonly xml: (bytes: Buffer, judge: CertificateJudge) => Promise<Verdict>;
}

/**
 * `content`: what a detached signature covers; null when there is none at hand. For PDF and XML, which carry their
 * signatures inside, it must be null: a second file would be one that nobody looks at.
 */
export async function verifyFile(
  file: Uint8Array,
  content: Uint8Array | null,
  judge: CertificateJudge,
  verifiers: FileVerifiers,
): Promise<Verdict> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const kind = kindOf(bytes);
  if (kind === 'cms') return verifyCms(derOf(bytes), content, judge);
  if (kind === 'other' || content !== null) return verdictOf([], ['unreadable']);
  return verifiers[kind](bytes, judge);
}

export function kindOf(bytes: Buffer): FileKind {
  // a PDF's header may come after other bytes (ISO 32000-1, appendix H, note 13)
  if (bytes.subarray(0, 1024).includes('%PDF-')) return 'pdf';
  if (bytes[0] === 0x30 || isText(bytes, pem) || isText(bytes, base64)) return 'cms';
  return /^\ufeff?\s*</.test(textOf(bytes)) ? 'xml' : 'other';
}

async function verifyCms(der: Buffer, content: Uint8Array | null, judge: CertificateJudge): Promise<Verdict> {
  const data = parsed(() => readSignedData(der));
  if (data?.contentType === cmsOids.tstInfo) return verifyStampFile(der, content, judge);
  return verdictOf(await verifyCades(der, content, judge));
}

/** A time-stamp kept in a file of its own is over the other file. */
async function verifyStampFile(
  token: Buffer,
  content: Uint8Array | null,
  judge: CertificateJudge,
): Promise<Verdict> {
  if (content === null) return verdictOf([], ['content_missing']);
  const { path: _, ...verdict } = await verifyTimeStamp(token, content, judge);
  return verdictOf([verdict]);
}

const pem = /^\s*-----BEGIN (?:PKCS7|CMS|PKCS #7 SIGNED DATA)-----\s([\w+/=\s]+)-----END [^-]+-----\s*$/;
/** Base64 of a DER SEQUENCE begins so. */
const base64 = /^\s*(MI[\w+/=\s]+)$/;

const isText = (bytes: Buffer, form: RegExp): boolean => form.test(bytes.toString('latin1'));

function derOf(bytes: Buffer): Buffer {
  if (bytes[0] === 0x30) return bytes;
  const text = bytes.toString('latin1');
  return Buffer.from((pem.exec(text) ?? base64.exec(text))?.[1] ?? '', 'base64');
}

/** Its beginning, by its byte order mark. */
function textOf(bytes: Buffer): string {
  const start = bytes.subarray(0, 200);
  if (start[0] === 0xff && start[1] === 0xfe) return start.toString('utf16le');
  if (start[0] === 0xfe && start[1] === 0xff)
    return Buffer.from(start.subarray(0, start.length & ~1))
      .swap16()
      .toString('utf16le');
  return start.toString('utf8');
}
