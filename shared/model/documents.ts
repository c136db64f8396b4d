// Papers: written, frozen, signed. All changes of a paper have the paper as subject, so that its state is one pure
// function of them. Frozen bytes are blobs named by their SHA-256; a signature names the bytes it covers, never a row.
import * as z from 'zod';
import { defineKind } from './change.ts';
import { FormValues } from './form-template.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const bytes = (max: number) => z.instanceof(Uint8Array).refine((b) => b.length <= max, 'too long');
const reason = z.string().max(300);
/** Field → version(s) the writer had on screen. */
const saw = z.record(z.string().max(60), z.string().max(4000));

/** Makes the paper and, later, sets fields of it; each field is merged by itself. */
export const documentWrite = defineKind('document.write', {
  lane: 2,
  subject: 'document',
  creates: true,
  body: z.object({
    form: z.string().max(60),
    formVersion: z.number().int(),
    admission: z.guid().nullable(),
    values: FormValues,
    saw,
  }),
});

/**
 * From here on the bytes stand: `content` is the canonical JSON (RFC 8785) that names the PDF by its hash, the PDF
 * carries the hash of the JSON's `body`. A version's name is the hash of its content.
 */
export const documentFreeze = defineKind('document.freeze', {
  lane: 2,
  subject: 'document',
  body: z.object({
    content: sha256,
    pdf: sha256,
    pages: z.number().int(),
    /** Content of the version this one takes the place of; a reason is given then. */
    previous: sha256.nullable(),
    reason: reason.nullable(),
    /** As printed then: a station whose program lacks the form can still say what waits for whom. */
    title: z.string().max(160),
    steps: z
      .array(
        z.object({
          id: z.string().max(60),
          label: z.string().max(120),
          kind: z.enum(['staff', 'person', 'facility']),
          roles: z.array(z.string().max(40)).max(40),
          optional: z.boolean(),
        }),
      )
      .max(20),
    /** The PDF itself is signed too. */
    signedPdf: z.boolean(),
    /** SHA-256 of the canonical JSON of the values frozen: whether something was typed since. */
    values: sha256,
    /** Whoever froze it holds a role of the first signature, so it waits for them and not for all their colleagues. */
    writerSigns: z.boolean(),
  }),
});

/** One signature: detached CAdES (DER), over the content or over an evidence package. */
export const documentSign = defineKind('document.sign', {
  lane: 2,
  subject: 'document',
  body: z.object({
    content: sha256,
    step: z.string().max(60),
    over: z.enum(['content', 'evidence']),
    /** SHA-256 of the very bytes signed. */
    digest: sha256,
    container: bytes(60_000),
    /** SHA-256 of the certificate's DER, and the name in it. */
    certificate: sha256,
    signer: z.string().max(200),
    role: z.string().max(40),
    /** The PDF with this signature in it (a blob), where the form has its PDF signed. */
    signedPdf: sha256.nullable(),
    /** What was known of the certificate's revocation when signing: how, and as of when (ms since 1970 UTC). */
    revocation: z.object({
      how: z.enum(['ocsp', 'crl', 'cached', 'none']),
      asOf: z.number().int().nullable(),
    }),
  }),
});

/** The patient or who signs for them confirmed; `evidence` is canonical JSON as the fingerprint room made it. */
export const documentConfirm = defineKind('document.confirm', {
  lane: 2,
  subject: 'document',
  body: z.object({
    content: sha256,
    step: z.string().max(60),
    /** finger · paper: signed by hand on the printed paper, before a witness. */
    way: z.enum(['finger', 'paper']),
    evidence: z.string().max(20_000),
    name: z.string().max(120),
    relation: z.string().max(60).nullable(),
    witness: z.string().max(120).nullable(),
  }),
});

export const documentRefuse = defineKind('document.refuse', {
  lane: 2,
  subject: 'document',
  body: z.object({ content: sha256, step: z.string().max(60), reason }),
});

/** Somebody else signs at this step: named by one who may sign there. */
export const documentDelegate = defineKind('document.delegate', {
  lane: 2,
  subject: 'document',
  body: z.object({ content: sha256, step: z.string().max(60), to: z.guid(), reason }),
});

/** Evidence that came after the signature, verbatim: a time-stamp (RFC 3161 token) and revocation answers (DER). */
export const documentEvidence = defineKind('document.evidence', {
  lane: 2,
  subject: 'document',
  body: z.object({
    /** SHA-256 of the container it belongs to. */
    container: sha256,
    /** The container with the time-stamp in it (CAdES-T); null when only revocation answers came. */
    stamped: bytes(90_000).nullable(),
    ocsp: z.array(bytes(20_000)).max(6),
    crl: z.array(sha256).max(6),
    /** The PDF this signature is the last in, with a time-stamp over the whole of it (a blob). */
    signedPdf: sha256.nullable(),
  }),
});

export const documentVoid = defineKind('document.void', {
  lane: 2,
  subject: 'document',
  body: z.object({ reason }),
});

export const documentKinds = [
  documentWrite,
  documentFreeze,
  documentSign,
  documentConfirm,
  documentRefuse,
  documentDelegate,
  documentEvidence,
  documentVoid,
] as const;
