// What the signing room may do to papers: hear what is to be signed, under which conditions, and write down what was
// signed. Each document is a transaction of its own in which the conditions are looked at once more.
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import type { SignaturePlace } from '../../../shared/model/document-body.ts';
import { documentEvidence, documentSign } from '../../../shared/model/documents.ts';
import type { Caller } from '../../store/room.ts';
import { type OpenEvidence, openEvidence } from './confirmed.ts';
import { standsIn } from './delegates.ts';
import { type KeptSignature, keptSignatures } from './kept.ts';
import { type MarkOnPaper, marksOf } from './marks.ts';
import type { DocumentNeeds } from './needs.ts';
import { provenVersion } from './proven.ts';
import { countUnstamped, type DocumentRow, frozenIn, rowOf, stepsIn, unstamped } from './rows.ts';
import type { SeenPapers } from './seen.ts';
import { baseOf, type SignedPdf, signedPdfOf } from './signed-pdf.ts';
import { holdsRole, mayAct, type StepNow } from './steps.ts';

export interface StepOfPaper {
  readonly documentId: string;
  readonly content: string;
  readonly step: string;
}

export interface PaperToSign {
  readonly title: string;
  readonly kind: 'staff' | 'facility';
  /** As printed above the box. */
  readonly label: string;
  /** The role they sign in; `delegated` when none of theirs is the step's. */
  readonly role: string;
  /** Canonical JSON, proven to be what the version is named by. */
  readonly content: Buffer;
  readonly evidence: readonly OpenEvidence[];
  /** The PDF to add the signature to, with those of the steps before in it; null where the form has none. */
  readonly pdf: Buffer | null;
  /** Where the signature is shown in it. */
  readonly box: SignaturePlace | null;
  /** What `pdf` was taken from, to be given back to `keep`; null where there is none. */
  readonly base: string | null;
}

export interface Signed {
  readonly over: 'content' | 'evidence';
  readonly digest: string;
  /** DER */
  readonly container: Uint8Array;
  /** SHA-256 of the certificate's DER. */
  readonly certificate: string;
  readonly signer: string;
  readonly role: string;
  readonly signedPdf: string | null;
  readonly revocation: {
    readonly how: 'ocsp' | 'crl' | 'cached' | 'none';
    readonly asOf: number | null;
  };
}

export interface Papers {
  /**
   * stale · document_void · already_signed · not_your_turn · not_allowed · not_read · document_not_here ·
   * document_altered
   */
  toSign(one: StepOfPaper, caller: Caller): Promise<Result<PaperToSign>>;
  /** Looks again inside the transaction, then writes all or nothing. stale: somebody signed at another step meanwhile. */
  keep(one: StepOfPaper, caller: Caller, signed: readonly Signed[], base: string | null): Result<null>;
  /** A signed PDF or a revocation list, durable; its name. */
  keepFile(bytes: Uint8Array): Promise<Result<string>>;
  /** Every signature over this paper, also over versions that stand no more. */
  signaturesOf(documentId: string): Promise<readonly KeptSignature[]>;
  /** Signatures that wait for a time-stamp, oldest first. */
  unstamped(limit: number): Promise<readonly KeptSignature[]>;
  /** What came later; the container is kept as it was beside it. `crl`: names of files. */
  addEvidence(
    one: Pick<KeptSignature, 'documentId' | 'name'>,
    evidence: {
      readonly stamped: Uint8Array;
      readonly ocsp: readonly Uint8Array[];
      readonly crl: readonly string[];
      /** With a time-stamp over the whole of it, by name. */
      readonly signedPdf: string | null;
    },
  ): Result<null>;
  /** What a version is called, and of whom; null when there is no such version here. */
  describe(documentId: string, content: string): { title: string; patientName: string } | null;
  /** With the signatures so far. not_found · document_not_here */
  pdfOf(documentId: string, content: string): Promise<Result<Buffer>>;
  /** What a printed copy says in its boxes beside what the PDF shows. */
  marksOf(documentId: string, content: string): Promise<MarkOnPaper[]>;
  waiting(): { readonly count: number; readonly oldest: number | null };
  /** The PDF this signature is the last in, where it is of the version that stands. */
  pdfEndingWith(one: Pick<KeptSignature, 'documentId' | 'name'>): Promise<Buffer | null>;
  /** Of the version that stands; null when there is none. */
  frozen(documentId: string): Promise<FrozenBytes | null>;
}

/** A version's bytes as far as they are here. */
export interface FrozenBytes {
  readonly content: string;
  readonly bytes: Buffer | null;
  readonly pdf: Buffer | null;
  /** With signatures in it; null when the form has none or nobody has signed. */
  readonly signedPdf: Buffer | null;
  /** Why `signedPdf` is not what everybody who signed has signed; see SignedPdf. */
  readonly fault: SignedPdf['fault'];
}

export function openPapers(deps: DocumentNeeds & { readonly seen: SeenPapers }): Papers {
  const { store } = deps;
  return {
    async toSign(one, caller) {
      const found = conditions(one, caller);
      if (!found.ok) return found;
      const { row, step } = found.value;
      if (!deps.seen.hasRead(caller.sessionId, one.content)) return fail('not_read');
      const content = await deps.blobs().get(one.content);
      if (!content) return fail('document_not_here');
      const proven = provenVersion(row, one.content, content);
      if (!proven.ok) return proven;
      const base = baseOf(store, row);
      const pdf = base === null ? null : await signedPdfOf(deps, row, one.content);
      if (pdf && (!pdf.bytes || pdf.fault === 'content_missing')) return fail('document_not_here');
      return ok({
        title: row.title ?? row.form,
        kind: step.kind === 'facility' ? 'facility' : 'staff',
        label: step.label,
        role: holdsRole(step, caller.roles)
          ? (step.roles.find((role) => caller.roles.includes(role)) ?? 'delegated')
          : 'delegated',
        content,
        evidence: openEvidence(store, row),
        pdf: pdf?.bytes ?? null,
        box: pdf && (proven.value.pdf.boxes.find((box) => box.step === step.id) ?? null),
        base,
      });
    },

    keep: (one, caller, signed, base) =>
      store.write(caller, (tx) => {
        const found = conditions(one, caller);
        if (!found.ok) return found;
        const { row } = found.value;
        // whoever signed meanwhile is not in the file this signature was added to
        if (baseOf(store, row) !== base) return fail('stale');
        for (const { container, ...rest } of signed)
          tx.append(documentSign, {
            id: row.id,
            patient: row.patient_id,
            body: { ...rest, content: one.content, step: one.step, container: new Uint8Array(container) },
          });
        return ok(null);
      }),

    keepFile: (bytes) => deps.blobs().put(bytes),

    signaturesOf: (documentId) => keptSignatures(deps, documentId),

    async unstamped(limit) {
      const rows = unstamped(store.sql).all(limit);
      const all: KeptSignature[] = [];
      for (const documentId of new Set(rows.map((row) => row.document_id)))
        all.push(...(await keptSignatures(deps, documentId)).filter((one) => !one.stamped));
      return all;
    },

    addEvidence: ({ documentId, name }, { stamped, ocsp, crl, signedPdf }) =>
      store.write({ userId: null, sessionId: null }, (tx) => {
        const row = rowOf(tx.sql, documentId);
        if (!row) return fail('not_found');
        tx.append(documentEvidence, {
          id: documentId,
          patient: row.patient_id,
          body: {
            container: name,
            stamped: new Uint8Array(stamped),
            ocsp: ocsp.map((answer) => new Uint8Array(answer)),
            crl: [...crl],
            signedPdf,
          },
        });
        return ok(null);
      }),

    describe(documentId, content) {
      const row = rowOf(store.sql, documentId);
      if (!row || !frozenIn(row).some((one) => one.content === content)) return null;
      const patient = deps.identitiesOf(store.sql, [row.patient_id]).get(row.patient_id);
      return { title: row.title ?? row.form, patientName: patient?.fullName ?? '' };
    },

    async pdfOf(documentId, content) {
      const row = rowOf(store.sql, documentId);
      const version = row && frozenIn(row).find((one) => one.content === content);
      if (!row || !version) return fail('not_found');
      const bytes = await deps.blobs().get(content);
      if (!bytes) return fail('document_not_here');
      const proven = provenVersion(row, content, bytes);
      if (!proven.ok) return proven;
      if (row.signed_pdf === 1) {
        const { bytes: whole, fault } = await signedPdfOf(deps, row, content);
        return whole && fault !== 'content_missing' ? ok(whole) : fail('document_not_here');
      }
      const pdf = await deps.blobs().get(version.pdf);
      return pdf ? ok(pdf) : fail('document_not_here');
    },

    marksOf: (documentId, content) => marksOf(deps, documentId, content),

    waiting() {
      const { n, oldest } = countUnstamped(store.sql).get() ?? { n: 0, oldest: null };
      return { count: n, oldest };
    },

    async pdfEndingWith({ documentId, name }) {
      const row = rowOf(store.sql, documentId);
      if (row?.signed_pdf !== 1 || row.content === null) return null;
      const { container, bytes } = await signedPdfOf(deps, row, row.content);
      return container === name ? bytes : null;
    },

    async frozen(documentId) {
      const row = rowOf(store.sql, documentId);
      if (!row || row.content === null) return null;
      const blobs = deps.blobs();
      const signed = row.signed_pdf === 1 ? await signedPdfOf(deps, row, row.content) : null;
      return {
        content: row.content,
        bytes: await blobs.get(row.content),
        pdf: row.pdf === null ? null : await blobs.get(row.pdf),
        signedPdf: signed?.container ? signed.bytes : null,
        fault: signed?.fault ?? null,
      };
    },
  };

  function conditions(
    { documentId, content, step: name }: StepOfPaper,
    caller: Caller,
  ): Result<{ readonly row: DocumentRow; readonly step: StepNow }> {
    const row = rowOf(store.sql, documentId);
    if (!row) return fail('not_found');
    if (row.state === 'void') return fail('document_void');
    if (row.content !== content) return fail('stale');
    const step = stepsIn(row).find((one) => one.id === name);
    if (!step || step.kind === 'person') return fail('not_found');
    if (step.state === 'done') return fail('already_signed');
    if (!mayAct(step, caller)) return fail('not_allowed');
    // whom a change from elsewhere names has to be one who could have been asked
    if (!holdsRole(step, caller.roles) && !standsIn(caller.userId, caller.roles, stepsIn(row), step.id))
      return fail('not_allowed');
    if (step.state !== 'waiting') return fail('not_your_turn');
    return ok({ row, step });
  }
}
