// What papers ask of the other rooms and areas; given by the core.
import type { Database } from 'better-sqlite3';
import type { Result } from '../../../shared/api/contract.ts';
import type { Output, ParsedInput } from '../../../shared/api/index.ts';
import type { Permission } from '../../../shared/api/permissions.ts';
import type { DocumentBody, SignaturePlace } from '../../../shared/model/document-body.ts';
import type { FormTemplate, FormValues } from '../../../shared/model/form-template.ts';
import type { Blobs } from '../../store/blobs.ts';
import type { Caller, Deps } from '../../store/room.ts';

export interface PaperPatient {
  readonly fullName: string;
  readonly recordNumber: string;
  readonly birthDate: string | null;
  readonly sex: string;
}

export interface PaperStay {
  readonly admissionId: string;
  readonly admissionNumber: string;
  readonly patientId: string;
  readonly status: 'admitted' | 'discharged' | 'voided';
  readonly wardId: string;
  readonly wardName: string;
}

export interface Signer {
  readonly id: string;
  readonly fullName: string;
  readonly roles: readonly string[];
  readonly active: boolean;
  readonly permissions: ReadonlySet<Permission>;
}

/** How a signature stands by what this PC last found out. */
export interface Standing {
  readonly state: 'valid' | 'undetermined' | 'invalid';
  readonly reasons: readonly string[];
  /** ms since 1970 UTC */
  readonly stampedAt: number | null;
}

export interface Drawn {
  readonly pdf: Uint8Array;
  readonly pages: number;
  readonly boxes: readonly SignaturePlace[];
}

export interface Filling {
  readonly patientId: string;
  readonly admissionId: string | null;
  readonly user: Pick<Caller, 'userId' | 'fullName'>;
  readonly now: number;
}

/** A finger for these bytes; see electron/fingerprint. */
export type ConfirmBytes = (
  asked: Omit<ParsedInput<'fingerprint.confirm'>, 'document'> & { readonly document: Uint8Array },
  ctx: { readonly caller: Caller },
) => Promise<Result<Output<'fingerprint.confirm'>>>;

export interface DocumentNeeds extends Deps {
  readonly training: boolean;
  /** Every form and every version of it. */
  templates(): readonly FormTemplate[];
  fill(sql: Database, template: FormTemplate, filling: Filling): FormValues;
  sampleBody(template: FormTemplate): DocumentBody;
  /** print_failed. `draft`: watermarked, not to be kept. */
  draw(
    template: FormTemplate,
    body: DocumentBody,
    how: { readonly draft: boolean; readonly bodySha256: string },
  ): Promise<Result<Drawn>>;
  blobs(): Pick<Blobs, 'put' | 'get' | 'want'>;
  identitiesOf(sql: Database, patientIds: readonly string[]): ReadonlyMap<string, PaperPatient>;
  stayOf(sql: Database, admissionId: string): PaperStay | null;
  withVoidedFor(sql: Database, admissionId: string): readonly string[];
  center(): { readonly id: string; readonly name: string; readonly facilityCode: string | null } | null;
  accounts(): readonly Signer[];
  /** Null while fingerprints are off. */
  confirmBytes(): ConfirmBytes | null;
  /** Of each signature in this PDF the SHA-256 of its certificate; null when anything in the file is invalid. */
  signersIn(pdf: Buffer): Promise<readonly string[] | null>;
  /** Act → how it stands; those never looked at are left out, and looked at soon. */
  standingOf(
    sql: Database,
    signatures: readonly { readonly documentId: string; readonly act: string }[],
  ): ReadonlyMap<string, Standing>;
}
