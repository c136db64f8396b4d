// What the changes of papers say that matters for their signatures: which files stand beside them, what was confirmed,
// what was signed. Photos of patients are files beside the record like any other, and wanted in the same way.
import type { Change } from '../../shared/model/change.ts';
import {
  documentConfirm,
  documentEvidence,
  documentFreeze,
  documentSign,
} from '../../shared/model/documents.ts';
import { patientPhoto } from '../../shared/model/patients.ts';
import { CodecError, decodeForeign } from '../../shared/sync/codec.ts';
import { CARRY, carriedIn, carriesTruly } from '../../shared/sync/forks.ts';
import { sha256 } from '../bytes.ts';
import { fieldNames, flagOf } from '../log/kinds.ts';

export type Paper =
  | { readonly what: 'frozen' | 'proven' | 'photo'; readonly files: readonly string[] }
  | { readonly what: 'confirmed'; readonly evidence: Buffer }
  | {
      readonly what: 'signed';
      readonly over: 'content' | 'evidence';
      /** SHA-256, hex: of the version signed, of the bytes signed, of the certificate named. */
      readonly content: string;
      readonly digest: string;
      readonly certificate: string;
      readonly container: Uint8Array;
      readonly signedPdf: string | null;
    };

/** Kinds to be read from the log, carriers among them. */
export const kindsRead: readonly string[] = [
  documentFreeze.kind,
  documentSign.kind,
  documentConfirm.kind,
  documentEvidence.kind,
  patientPhoto.kind,
  CARRY.kind,
];

/** Null: of something else, or not understood; the log's own flag tells of that. */
export function paperOf(stored: Uint8Array): Paper | null {
  const outer = read(stored);
  if (outer === null) return null;
  const inner = carriedIn(outer);
  if (inner === null) return paperIn(outer);
  const carried = read(inner);
  return carried !== null && carriesTruly(outer, carried) ? paperIn(carried) : null;
}

function paperIn({ kind, body }: Change): Paper | null {
  if (kind === documentFreeze.kind) {
    const { content, pdf } = documentFreeze.body.parse(body);
    return { what: 'frozen', files: [content, pdf] };
  }
  if (kind === documentEvidence.kind) {
    const { crl, signedPdf } = documentEvidence.body.parse(body);
    return { what: 'proven', files: signedPdf === null ? crl : [...crl, signedPdf] };
  }
  if (kind === patientPhoto.kind) {
    const { photo } = patientPhoto.body.parse(body);
    return photo === null ? null : { what: 'photo', files: [photo] };
  }
  if (kind === documentConfirm.kind)
    return { what: 'confirmed', evidence: Buffer.from(documentConfirm.body.parse(body).evidence) };
  return kind === documentSign.kind ? { what: 'signed', ...documentSign.body.parse(body) } : null;
}

/** Null when it is no change or none whose body is understood. */
function read(stored: Uint8Array): Change | null {
  try {
    const change = decodeForeign(stored, sha256(stored).toString('hex'), fieldNames);
    return flagOf(change) === null ? change : null;
  } catch (error) {
    // decoders of dates and clocks throw RangeError on nonsense
    if (error instanceof CodecError || error instanceof RangeError) return null;
    throw error;
  }
}
