// Papers of a patient: written from the record, frozen, shown as they will be signed, printed.
import * as z from 'zod';
import { FormTemplate, FormValues } from '../model/form-template.ts';
import { command, query } from './contract.ts';
import { AdmissionId, Instant, PatientId, required, Seen, text, UserId } from './ids.ts';

const id = () => z.guid().transform((s) => s.toLowerCase());
export const DocumentId = id().brand<'DocumentId'>();
export type DocumentId = z.output<typeof DocumentId>;
/** SHA-256 of a frozen version's content, which is the version's name. */
export const ContentId = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'ContentId'>();
export type ContentId = z.output<typeof ContentId>;

/** draft: can still be typed in · signing: frozen, somebody has to sign · signed · refused: back to its writer · void */
export const documentStates = ['draft', 'signing', 'signed', 'refused', 'void'] as const;

/** What is known of a signature here; never `valid` where something could not be looked at. */
export const signatureStates = ['valid', 'undetermined', 'invalid'] as const;

export const StepState = z.object({
  step: z.string(),
  label: z.string(),
  kind: z.enum(['staff', 'person', 'facility']),
  optional: z.boolean(),
  state: z.enum(['later', 'waiting', 'done', 'refused']),
  /** The one it was delegated to. */
  delegatedTo: z.string().nullable(),
  /** Of a step that is done or was refused. */
  by: z.string().nullable(),
  relation: z.string().nullable(),
  at: Instant.nullable(),
  /** Of a step done with a token; of a confirmation: sealed by whom is the next staff step. */
  signature: z
    .object({
      container: z.string(),
      state: z.enum(signatureStates),
      /** Reason codes, sentences `verdict.<code>`. */
      reasons: z.array(z.string()),
      /** Time-stamped at; null while it waits for one. */
      stampedAt: Instant.nullable(),
    })
    .nullable(),
  reason: z.string().nullable(),
});

export const DocumentHead = z.object({
  documentId: DocumentId,
  patientId: PatientId,
  patientName: z.string(),
  admissionId: AdmissionId.nullable(),
  form: z.string(),
  formVersion: z.number().int(),
  title: z.string(),
  state: z.enum(documentStates),
  /** Name of the version that stands; null for a draft never frozen. */
  content: ContentId.nullable(),
  pages: z.number().int().nullable(),
  /** Typed in since it was frozen. */
  changedSince: z.boolean(),
  createdAt: Instant,
  createdBy: z.string(),
  changedAt: Instant,
  steps: z.array(StepState),
});

export const DocumentPage = DocumentHead.extend({
  values: FormValues,
  versions: Seen,
  /** Frozen ones, newest first. */
  frozen: z.array(
    z.object({
      content: ContentId,
      pages: z.number().int(),
      at: Instant,
      by: z.string(),
      reason: z.string().nullable(),
    }),
  ),
});

export const documents = {
  'documents.forms': query('session', z.object({}), z.object({ forms: z.array(FormTemplate) })),
  'documents.ofPatient': query(
    'chart.read',
    z.object({ patientId: PatientId, admissionId: AdmissionId.nullable().default(null) }),
    z.object({ documents: z.array(DocumentHead) }),
    { logsRead: true },
  ),
  /** The paper of a version, by the beginning of the version's name as its page shows it. Codes: not_found. */
  'documents.ofCode': query(
    'chart.read',
    z.object({ code: z.string().regex(/^[0-9a-f]{12,64}$/) }),
    z.object({ documentId: DocumentId }),
  ),
  'documents.open': query('chart.read', z.object({ documentId: DocumentId }), DocumentPage, {
    logsRead: true,
  }),
  /** What the record gives for a new paper, or now for one that is open. */
  'documents.fill': query(
    'chart.read',
    z.object({
      form: z.string().max(60),
      patientId: PatientId,
      admissionId: AdmissionId.nullable(),
    }),
    z.object({ values: FormValues }),
    { logsRead: true },
  ),
  /** A new paper when `documentId` is null. Only fields that differ need to be sent. */
  'documents.save': command(
    'chart.read',
    z.object({
      documentId: DocumentId.nullable(),
      form: z.string().max(60),
      patientId: PatientId,
      admissionId: AdmissionId.nullable(),
      values: FormValues,
      saw: Seen.default({}),
    }),
    z.object({ documentId: DocumentId }),
  ),
  /** Codes: field_missing (with fields), reason_required, document_frozen (nothing typed since), print_failed, not_allowed. */
  'documents.freeze': command(
    'chart.read',
    z.object({ documentId: DocumentId, reason: text(300).nullable().default(null) }),
    z.object({ content: ContentId, pages: z.number().int() }),
  ),
  /**
   * The frozen PDF, base64; with `signed`, the one with the signatures so far in it. Codes: document_not_here. Noted as
   * handed to this session, which `signing.seen` needs.
   */
  'documents.pdf': query(
    'chart.read',
    z.object({ documentId: DocumentId, content: ContentId, signed: z.boolean().default(false) }),
    z.object({ pdf: z.string(), sha256: z.string(), pages: z.number().int() }),
    { logsRead: true },
  ),
  /** How a draft would look now; not kept, watermarked "BẢN NHÁP". */
  'documents.preview': query(
    'chart.read',
    z.object({
      form: z.string().max(60),
      patientId: PatientId,
      admissionId: AdmissionId.nullable(),
      values: FormValues,
    }),
    z.object({ pdf: z.string(), pages: z.number().int() }),
    { logsRead: true },
  ),
  /** A template filled with invented facts. */
  'documents.sample': query(
    'session',
    z.object({ form: z.string().max(60) }),
    z.object({ pdf: z.string(), pages: z.number().int() }),
  ),
  'documents.void': command(
    'chart.read',
    z.object({ documentId: DocumentId, reason: required(300) }),
    z.null(),
  ),
  /** Printers of this PC and what waits for them. */
  'print.queue': query(
    'session',
    z.object({}),
    z.object({
      printers: z.array(z.object({ name: z.string(), isDefault: z.boolean() })),
      jobs: z.array(
        z.object({
          jobId: z.string(),
          title: z.string(),
          copies: z.number().int(),
          printer: z.string().nullable(),
          state: z.enum(['waiting', 'printing', 'printed', 'failed']),
          at: Instant,
          code: z.string().nullable(),
        }),
      ),
    }),
  ),
  'print.add': command(
    'chart.read',
    z.object({
      documentId: DocumentId,
      content: ContentId,
      copies: z.number().int().min(1).max(20),
      printer: z.string().max(200).nullable(),
    }),
    z.object({ jobId: z.string() }),
    { logsRead: true },
  ),
  'print.again': command('session', z.object({ jobId: z.string().max(60) }), z.null(), { logsRead: true }),
  'print.drop': command('session', z.object({ jobId: z.string().max(60) }), z.null()),
  /** Who may be asked to sign at a step, for delegating. */
  'documents.signersFor': query(
    'chart.read',
    z.object({ documentId: DocumentId, step: z.string().max(60) }),
    z.object({ people: z.array(z.object({ userId: UserId, name: z.string(), role: z.string() })) }),
  ),
};
