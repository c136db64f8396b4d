// What the desk asks of the papers; electron/clinic/documents answers it, given by the core.
import type { Result } from '../../../shared/api/contract.ts';
import type { SignaturePlace } from '../../../shared/model/document-body.ts';
import type { Caller } from '../../store/room.ts';

export interface StepOfPaper {
  readonly documentId: string;
  readonly content: string;
  readonly step: string;
}

export interface PaperToSign {
  readonly title: string;
  readonly kind: 'staff' | 'facility';
  readonly label: string;
  readonly role: string;
  readonly content: Buffer;
  readonly evidence: readonly { readonly bytes: Buffer; readonly digest: string }[];
  readonly pdf: Buffer | null;
  readonly box: SignaturePlace | null;
  /** What `pdf` was taken from, to be given back to `keep`. */
  readonly base: string | null;
}

export interface Signed {
  readonly over: 'content' | 'evidence';
  readonly digest: string;
  readonly container: Uint8Array;
  readonly certificate: string;
  readonly signer: string;
  readonly role: string;
  readonly signedPdf: string | null;
  readonly revocation: {
    readonly how: 'ocsp' | 'crl' | 'cached' | 'none';
    readonly asOf: number | null;
  };
}

export interface KeptSignature {
  readonly documentId: string;
  /** What a verdict on it is kept under. */
  readonly act: string;
  readonly step: string;
  readonly over: 'content' | 'evidence';
  /** SHA-256 of the container as first written. */
  readonly name: string;
  readonly container: Buffer;
  /** As first written. */
  readonly original: Buffer;
  readonly stamped: boolean;
  readonly content: string;
  /** SHA-256 of the bytes signed, as the change says. */
  readonly digest: string;
  /** SHA-256 of the certificate and the holder's name, as the change says. */
  readonly certificate: string;
  readonly signer: string;
  /** The account that wrote it, by whichever PC's word. */
  readonly author: string | null;
  readonly covers: Buffer | null;
  /** The version is what its content says; null while the content is not on this PC. */
  readonly proven: boolean | null;
  /** What the version says of the step; null when it has no such step for staff or the facility. */
  readonly place: { readonly kind: 'staff' | 'facility'; readonly roles: readonly string[] } | null;
  /** Its author was asked to sign at this step. */
  readonly asked: boolean;
  readonly ocsp: readonly Buffer[];
  readonly crls: readonly Buffer[];
  /** The PC that wrote it, and its clock. */
  readonly station: string;
  readonly at: number;
}

/** A version's bytes as they are here. */
export interface FrozenBytes {
  readonly content: string;
  readonly bytes: Buffer | null;
  readonly pdf: Buffer | null;
  /** With signatures in it; null when the form has none or nobody has signed. */
  readonly signedPdf: Buffer | null;
  /** A file with signatures is not here yet; a signature that counts is not in the file, for two signed apart or another lies there. */
  readonly fault: 'content_missing' | 'signed_apart' | 'not_whole_file' | null;
}

export interface Papers {
  toSign(one: StepOfPaper, caller: Caller): Promise<Result<PaperToSign>>;
  /** stale: somebody signed meanwhile, and is not in the PDF this signature was added to. */
  keep(one: StepOfPaper, caller: Caller, signed: readonly Signed[], base: string | null): Result<null>;
  keepFile(bytes: Uint8Array): Promise<Result<string>>;
  signaturesOf(documentId: string): Promise<readonly KeptSignature[]>;
  unstamped(limit: number): Promise<readonly KeptSignature[]>;
  waiting(): { readonly count: number; readonly oldest: number | null };
  addEvidence(
    one: Pick<KeptSignature, 'documentId' | 'name'>,
    evidence: {
      readonly stamped: Uint8Array;
      readonly ocsp: readonly Uint8Array[];
      readonly crl: readonly string[];
      readonly signedPdf: string | null;
    },
  ): Result<null>;
  /** The PDF this signature is the last in, where it is of the version that stands. */
  pdfEndingWith(one: Pick<KeptSignature, 'documentId' | 'name'>): Promise<Buffer | null>;
  /** Of the version that stands; null when there is none. */
  frozen(documentId: string): Promise<FrozenBytes | null>;
}
