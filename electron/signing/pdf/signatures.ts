// The signatures of a PDF as its bytes have them, before any cryptography: each must cover all of its revision but its
// own Contents, and revisions must follow each other with nothing between them but what is allowed.
import { endOfFirst } from '../cms/ber.ts';
import { parsed } from '../der/read.ts';
import type { VerdictReason } from '../types.ts';
import { forbiddenChange } from './changes.ts';
import { dateOf, type SignatureField, signatureFields, textOf } from './fields.ts';
import { as, type PdfFile, readPdf } from './file.ts';
import { coveredSince } from './looks.ts';
import { allowedAfter, allowedByBoth, unrestricted } from './permissions.ts';
import { type PdfDict, PdfFault } from './values.ts';

export interface FoundSignature {
  readonly kind: 'PAdES' | 'DocTimeStamp';
  /** ETSI.CAdES.detached, which promises more, or the older adbe.pkcs7.detached. */
  readonly cades: boolean;
  /** The DER in Contents without the room behind it; null when there is none. */
  readonly container: Buffer | null;
  /** What it covers. */
  readonly content: Buffer;
  /** Where its Contents ends. */
  readonly contentsEnd: number;
  /** Where its revision ends; 0 when it has none. */
  readonly end: number;
  /** M, by the signer's own clock, ms since 1970 UTC. */
  readonly claimedAt: number | null;
  readonly reasons: VerdictReason[];
  /** Of what was changed after it, in English, for the log and the command line. */
  change: string | null;
}

/** In the order they were made. Throws PdfFault when the file cannot be read as it must. */
export function signaturesOf(bytes: Buffer): {
  readonly file: PdfFile;
  readonly found: readonly FoundSignature[];
} {
  const file = readPdf(bytes);
  const found = signatureFields(file)
    .flatMap((field) =>
      field.signature === null
        ? []
        : [{ ...lookIn(file, field, field.signature), allows: allowedAfter(file, field) }],
    )
    .sort((a, b) => a.end - b.end);
  let before: PdfFile | null = null;
  const revisions: { readonly signature: FoundSignature; readonly revision: PdfFile }[] = [];
  let allowed = unrestricted;
  found.forEach((signature, at) => {
    const revision = signature.end === 0 ? null : revisionOf(bytes, signature, at);
    if (!revision) {
      if (signature.reasons.length === 0) signature.reasons.push('not_whole_file');
      return;
    }
    if (before) blame(found.slice(0, at), forbiddenChange(before, revision, allowed));
    allowed = allowedByBoth(allowed, signature.allows);
    before = revision;
    revisions.push({ signature, revision });
  });
  const last = found.at(-1);
  if (before && last && last.end < bytes.length) blame(found, forbiddenChange(before, file, allowed));
  // each update may show little; all after a signature together may not show much either
  for (const { signature, revision } of revisions) blame([signature], coveredSince(revision, file));
  return { file, found };
}

function blame(signatures: readonly FoundSignature[], change: string | null): void {
  if (change === null) return;
  for (const signature of signatures) {
    if (!signature.reasons.includes('changed_after_signing')) signature.reasons.push('changed_after_signing');
    signature.change ??= change;
  }
}

/** The file as it was when this signature was made: with it as the last one, and as many before it as there are now. */
function revisionOf(bytes: Buffer, signature: FoundSignature, before: number): PdfFile | null {
  try {
    const revision = readPdf(bytes.subarray(0, signature.end));
    const signed = signatureFields(revision).flatMap((field: SignatureField) => field.signature ?? []);
    const own = signed.some(
      ({ dict }) => as(dict.entries.get('Contents'), 'string')?.end === signature.contentsEnd,
    );
    return own && signed.length === before + 1 ? revision : null;
  } catch (fault) {
    if (fault instanceof PdfFault) return null;
    throw fault;
  }
}

const SUBFILTERS: Readonly<Record<string, Pick<FoundSignature, 'kind' | 'cades'>>> = {
  'ETSI.CAdES.detached': { kind: 'PAdES', cades: true },
  'adbe.pkcs7.detached': { kind: 'PAdES', cades: false },
  'ETSI.RFC3161': { kind: 'DocTimeStamp', cades: false },
};
/** Over SHA-1 by their definition. */
const WEAK = new Set(['adbe.pkcs7.sha1', 'adbe.x509.rsa_sha1']);

const lookIn = (
  file: PdfFile,
  field: SignatureField,
  { number, dict }: NonNullable<SignatureField['signature']>,
): FoundSignature => look(file, number === 0 ? field.number : number, dict);

function look(file: PdfFile, number: number, dict: PdfDict): FoundSignature {
  const { entries } = dict;
  const subFilter = as(entries.get('SubFilter'), 'name')?.name ?? '';
  const type = as(entries.get('Type'), 'name')?.name ?? 'Sig';
  const known = SUBFILTERS[subFilter];
  const claimed = as(entries.get('M'), 'string');
  const none: FoundSignature = {
    kind: known?.kind ?? 'PAdES',
    cades: known?.cades ?? false,
    container: null,
    content: Buffer.alloc(0),
    contentsEnd: 0,
    end: 0,
    claimedAt: claimed ? dateOf(textOf(claimed)) : null,
    reasons: [],
    change: null,
  };
  if (WEAK.has(subFilter)) return { ...none, reasons: ['algorithm_weak'] };
  if (!known) return { ...none, reasons: ['algorithm_unknown'] };
  // in an object stream its Contents would stand nowhere in the file
  const malformed: FoundSignature = { ...none, reasons: ['signature_malformed'] };
  if (file.places.get(number)?.in !== 'file') return malformed;
  if (
    (type === 'DocTimeStamp') !== (known.kind === 'DocTimeStamp') ||
    (type !== 'Sig' && type !== 'DocTimeStamp')
  )
    return malformed;

  const contents = as(entries.get('Contents'), 'string');
  const range = as(entries.get('ByteRange'), 'array')?.items.map((item) => {
    const part = as(item, 'number');
    return part && /^\d{1,10}$/.test(part.text) ? part.value : Number.NaN;
  });
  const [start = Number.NaN, first = Number.NaN, second = Number.NaN, rest = Number.NaN] = range ?? [];
  if (!contents || range?.length !== 4 || range.some((part) => Number.isNaN(part))) return malformed;
  const end = second + rest;
  if (start !== 0 || first !== contents.start || second !== contents.end || end > file.bytes.length)
    return { ...none, reasons: ['not_whole_file'] };
  const text = file.bytes.toString('latin1', contents.start, contents.end);
  const container = containerOf(text);
  const content = Buffer.concat([file.bytes.subarray(0, first), file.bytes.subarray(second, end)]);
  return {
    ...none,
    container,
    content,
    contentsEnd: contents.end,
    end,
    reasons: container ? [] : ['signature_malformed'],
  };
}

/**
 * Hex in one case without blanks (so that no digit can be another), one element, then zeros only. Whatever is not covered
 * by the signature itself has just one spelling.
 */
function containerOf(text: string): Buffer | null {
  if (!/^<(?:[0-9a-f]+|[0-9A-F]+)>$/.test(text) || text.length % 2 !== 0) return null;
  const bytes = Buffer.from(text.slice(1, -1), 'hex');
  const end = parsed(() => endOfFirst(bytes));
  return end === null || bytes.subarray(end).some((byte) => byte !== 0) ? null : bytes.subarray(0, end);
}
