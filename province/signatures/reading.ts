// What changes say that matters for signatures on papers: which files stand beside them, what was confirmed, signed and
// stamped, and of whom the record says that they may. Photos of patients are files beside the record like any other, and
// wanted in the same way.
import { userCreate, userUpdate } from '../../shared/model/access.ts';
import type { Change } from '../../shared/model/change.ts';
import {
  documentConfirm,
  documentDelegate,
  documentEvidence,
  documentFreeze,
  documentSign,
} from '../../shared/model/documents.ts';
import { patientPhoto } from '../../shared/model/patients.ts';
import { signerClaim, signerConfirm } from '../../shared/model/signing.ts';
import { centerSetup } from '../../shared/model/station.ts';
import { CodecError, decodeForeign } from '../../shared/sync/codec.ts';
import { CARRY, carriedIn, carriesTruly } from '../../shared/sync/forks.ts';
import { sha256 } from '../bytes.ts';
import { fieldNames, flagOf } from '../log/kinds.ts';

export interface SignedPaper {
  readonly what: 'signed';
  readonly document: string;
  /** The account that is said to have signed. */
  readonly author: string | null;
  readonly step: string;
  readonly over: 'content' | 'evidence';
  /** SHA-256, hex: of the version signed, of the bytes signed, of the certificate named. */
  readonly content: string;
  readonly digest: string;
  readonly certificate: string;
  /** The name in the certificate, as the change says. */
  readonly signer: string;
  readonly container: Uint8Array;
  readonly signedPdf: string | null;
}

export interface LaterEvidence {
  readonly what: 'proven';
  readonly files: readonly string[];
  /** SHA-256, hex, of the container it belongs to. */
  readonly container: string;
  /** The container with a time-stamp in it. */
  readonly stamped: Uint8Array | null;
  readonly ocsp: readonly Uint8Array[];
  /** SHA-256, hex, of revocation lists. */
  readonly crl: readonly string[];
}

export interface Claimed {
  readonly what: 'claimed';
  readonly owner: string;
  readonly author: string | null;
  /** SHA-256, hex. */
  readonly certificate: string;
  readonly personNumber: string | null;
  readonly proof: Uint8Array | null;
}

export type Paper =
  | { readonly what: 'frozen' | 'photo'; readonly files: readonly string[] }
  | { readonly what: 'confirmed'; readonly evidence: Buffer }
  | SignedPaper
  | LaterEvidence
  | Claimed
  | {
      readonly what: 'settled';
      readonly owner: string;
      readonly author: string | null;
      readonly certificate: string;
    }
  | { readonly what: 'asked'; readonly content: string; readonly step: string; readonly account: string }
  | {
      readonly what: 'account';
      readonly account: string;
      readonly names: readonly string[];
      readonly roles: readonly string[];
    };

/** Kinds to be read from the log, carriers among them. */
export const kindsRead: readonly string[] = [
  documentFreeze.kind,
  documentSign.kind,
  documentConfirm.kind,
  documentEvidence.kind,
  documentDelegate.kind,
  patientPhoto.kind,
  signerClaim.kind,
  signerConfirm.kind,
  userCreate.kind,
  userUpdate.kind,
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

function paperIn(change: Change): Paper | null {
  return readers[change.kind]?.(change) ?? null;
}

const readers: Readonly<Record<string, (change: Change) => Paper | null>> = {
  [patientPhoto.kind]: ({ body }) => {
    const { photo } = patientPhoto.body.parse(body);
    return photo === null ? null : { what: 'photo', files: [photo] };
  },
  [documentFreeze.kind]: ({ body }) => {
    const { content, pdf } = documentFreeze.body.parse(body);
    return { what: 'frozen', files: [content, pdf] };
  },
  [documentEvidence.kind]: ({ body }) => {
    const { signedPdf, ...rest } = documentEvidence.body.parse(body);
    return { what: 'proven', ...rest, files: signedPdf === null ? rest.crl : [...rest.crl, signedPdf] };
  },
  [documentConfirm.kind]: ({ body }) => ({
    what: 'confirmed',
    evidence: Buffer.from(documentConfirm.body.parse(body).evidence),
  }),
  [documentSign.kind]: ({ body, subject, author }) => ({
    what: 'signed',
    document: subject.id,
    author,
    ...documentSign.body.parse(body),
  }),
  [documentDelegate.kind]: ({ body }) => {
    const { content, step, to } = documentDelegate.body.parse(body);
    return { what: 'asked', content, step, account: to };
  },
  [signerClaim.kind]: ({ body, subject, author }) => {
    const { certificate, personNumber, proof = null } = signerClaim.body.parse(body);
    return { what: 'claimed', owner: subject.id, author, certificate, personNumber, proof };
  },
  [signerConfirm.kind]: ({ body, subject, author }) => ({
    what: 'settled',
    owner: subject.id,
    author,
    ...signerConfirm.body.parse(body),
  }),
  [userCreate.kind]: ({ body, subject }) => {
    const { fullName, roles } = userCreate.body.parse(body);
    return { what: 'account', account: subject.id, names: [fullName], roles };
  },
  [userUpdate.kind]: ({ body, subject }) => {
    const { fullName, roles = [] } = userUpdate.body.parse(body).set;
    return { what: 'account', account: subject.id, names: fullName === undefined ? [] : [fullName], roles };
  },
};

/** The name a center gave itself when it was set up; null: of another center, or something else. */
export function centerNameIn(stored: Uint8Array, id: string): string | null {
  const change = read(stored);
  return change?.kind === centerSetup.kind && change.subject.id === id
    ? centerSetup.body.parse(change.body).name
    : null;
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
