// Signing papers with a token: what waits for me, which token and certificate, one PIN for a batch, and whether what
// was signed still holds. A PIN comes sealed to the token's helper process; nobody on the way can open it.
import * as z from 'zod';
import { command, query } from './contract.ts';
import { ContentId, DocumentHead, DocumentId, signatureStates } from './documents.ts';
import type { ErrorCode } from './errors.ts';
import { CaptureId, PersonId } from './fingerprints.ts';
import { AdmissionId, Instant, required, text, UserId } from './ids.ts';

export const BatchId = z.guid().brand<'BatchId'>();

/** Why a certificate cannot be used; sentences `certificate.<code>`. */
export const certificateFaults = [
  'expired',
  'not_yet',
  'not_for_signing',
  'unknown_issuer',
  'revoked',
  'other_person',
  'no_key',
  'algorithm',
  /** A training certificate in a real center. */
  'training',
] as const;

export const TokenCertificate = z.object({
  /** SHA-256 of the DER, 64 hex digits. */
  certificateId: z.string(),
  /** Whose: the name in it. */
  name: z.string(),
  /** Citizen number in it, where there is one. */
  personNumber: z.string().nullable(),
  issuer: z.string(),
  validFrom: Instant,
  validTo: Instant,
  fault: z.enum(certificateFaults).nullable(),
  /** Never matched with this account before: asked once, then kept. */
  firstUse: z.boolean(),
});

export const Token = z.object({
  /** `<module>:<serial>`; never a slot number. */
  tokenId: z.string(),
  label: z.string(),
  maker: z.string(),
  simulated: z.boolean(),
  /** ok · low: a wrong PIN was typed · last: one try left · locked · uninitialised */
  pin: z.enum(['ok', 'low', 'last', 'locked', 'uninitialised']),
  /** Its PIN is still the one it was sold with. */
  defaultPin: z.boolean(),
  pinLength: z.object({ min: z.number().int(), max: z.number().int() }),
  /** This session has given its PIN and may sign until then. */
  openUntil: Instant.nullable(),
  certificates: z.array(TokenCertificate),
});

export const QueueItem = z.object({
  document: DocumentHead,
  content: ContentId,
  step: z.string(),
  stepLabel: z.string(),
  since: Instant,
  /** This session has had all pages on screen. */
  seen: z.boolean(),
  /** Somebody else delegated it to me. */
  delegatedBy: z.string().nullable(),
});

export const Verdict = z.object({
  state: z.enum(signatureStates),
  /** Sentences `verdict.<code>`. */
  reasons: z.array(z.string()),
  signatures: z.array(
    z.object({
      state: z.enum(signatureStates),
      reasons: z.array(z.string()),
      kind: z.enum(['CAdES', 'PAdES', 'XAdES', 'XML-DSig', 'DocTimeStamp']),
      signer: z.string(),
      issuer: z.string(),
      certificateSha256: z.string().nullable(),
      algorithm: z.string(),
      /** By the signer's own clock. */
      claimedAt: Instant.nullable(),
      stampedAt: Instant.nullable(),
      revocation: z.object({ how: z.string(), asOf: Instant.nullable() }).nullable(),
    }),
  ),
});

export const signing = {
  'signing.queue': query(
    'chart.read',
    z.object({}),
    z.object({
      mine: z.array(QueueItem),
      /** Papers of mine that wait for others or were refused. */ others: z.array(DocumentHead),
    }),
  ),
  /** The pages of this version were all on screen: needed before it can be signed. */
  'signing.seen': command(
    'chart.read',
    z.object({ documentId: DocumentId, content: ContentId, pages: z.number().int() }),
    z.null(),
  ),
  /**
   * Tokens plugged into this PC. Asking keeps the helper looking for 30 s more, so a screen asks every few seconds
   * while it is open. `pinKey`: the helper's public key (SPKI, base64; RSA-OAEP with SHA-256) the PIN is sealed to.
   */
  'signing.tokens': query(
    'chart.read',
    z.object({}),
    z.object({
      tokens: z.array(Token),
      pinKey: z.string().nullable(),
      /** Makers' libraries found, and why one could not be used. */
      modules: z.array(z.object({ name: z.string(), path: z.string(), fault: z.string().nullable() })),
    }),
  ),
  /** Codes: pin_wrong, pin_last_try (not tried: say `knowing`), pin_locked, pin_default, token_gone, token_hangs… */
  'signing.unlock': command(
    'chart.read',
    z.object({
      tokenId: z.string().max(300),
      certificateId: z.string().max(64),
      /** RSA-OAEP ciphertext, base64, of the PIN's UTF-8 bytes. */
      sealedPin: z.base64().max(2000),
      /** The person was told that this is the last try. */
      knowing: z.boolean().default(false),
      /** The person said that the certificate is theirs. */
      mine: z.boolean().default(false),
    }),
    z.object({ openUntil: Instant }),
  ),
  'signing.lock': command('session', z.object({}), z.null()),
  /** Begins; what goes on comes as `signing` events. Items never seen are refused (not_read). */
  'signing.sign': command(
    'chart.read',
    z.object({
      items: z
        .array(z.object({ documentId: DocumentId, content: ContentId, step: z.string().max(60) }))
        .min(1)
        .max(200),
    }),
    z.object({ batchId: BatchId }),
  ),
  'signing.stop': command('session', z.object({ batchId: BatchId }), z.null()),
  'signing.refuse': command(
    'chart.read',
    z.object({
      documentId: DocumentId,
      content: ContentId,
      step: z.string().max(60),
      reason: required(300),
    }),
    z.null(),
  ),
  'signing.delegate': command(
    'chart.read',
    z.object({
      documentId: DocumentId,
      content: ContentId,
      step: z.string().max(60),
      to: UserId,
      reason: required(300),
    }),
    z.null(),
  ),
  /** A finger confirms the frozen version at a step of kind `person`. */
  'signing.confirmByFinger': command(
    'chart.read',
    z.object({
      documentId: DocumentId,
      content: ContentId,
      step: z.string().max(60),
      personId: PersonId,
      captureId: CaptureId,
      admissionId: AdmissionId.nullable().default(null),
      witness: text(120).nullable().default(null),
    }),
    z.object({ matched: z.boolean() }),
  ),
  /** They signed the printed paper by hand; a witness stands for it. */
  'signing.confirmOnPaper': command(
    'chart.read',
    z.object({
      documentId: DocumentId,
      content: ContentId,
      step: z.string().max(60),
      name: required(120),
      relation: text(60).nullable(),
      witness: required(120),
    }),
    z.null(),
  ),
  /** Whether what was signed still holds, looked at anew. */
  'signing.verify': query('chart.read', z.object({ documentId: DocumentId }), z.object({ verdict: Verdict })),
  /**
   * Everything that proves a paper, as files that other programs read: the frozen content and PDF, each signature with
   * what it covers, what was answered of certificates, and how to check it. `packed`: all of them in one ZIP. Codes:
   * document_not_here.
   */
  'signing.proof': query(
    'chart.read',
    z.object({ documentId: DocumentId, packed: z.boolean().default(false) }),
    z.object({ files: z.array(z.object({ name: z.string(), bytes: z.string() })) }),
    { logsRead: true },
  ),
  /**
   * A part of a file from elsewhere, to be checked. Parts come in order; the first makes the file anew. They are kept in
   * memory for this session, until they are looked at, at most two files. Codes: too_large, bad_input.
   */
  'signing.takePart': command(
    'session',
    z.object({
      /** The page's own name for the file. */
      file: z.guid(),
      at: z.number().int().min(0),
      /** Bytes of the whole. */
      of: z.number().int().min(0),
      part: z.base64().max(700_000),
    }),
    z.null(),
  ),
  /** `file`, `content` (what a detached signature covers): files whose parts were all taken. Codes: not_found. */
  'signing.verifyFile': query(
    'session',
    z.object({ file: z.guid(), content: z.guid().nullable().default(null) }),
    z.object({ verdict: Verdict }),
  ),
  /** For administrators: the facility's rules, the services asked, the anchors trusted, the modules allowed. */
  'signing.settings': query(
    'station.read',
    z.object({}),
    z.object({
      timeStampUrl: z.string().nullable(),
      /** Minutes without use after which a token must be opened again. */
      idleMinutes: z.number().int(),
      modulePaths: z.array(z.string()),
      anchors: z.array(
        z.object({ name: z.string(), sha256: z.string(), validTo: Instant, training: z.boolean() }),
      ),
      /** Signatures that wait for a time-stamp, and the oldest. */
      waitingForStamp: z.number().int(),
      oldestWaiting: Instant.nullable(),
    }),
  ),
  'signing.saveSettings': command(
    'station.manage',
    z.object({
      timeStampUrl: z.url().max(300).nullable(),
      idleMinutes: z.number().int().min(1).max(30),
      /** Full paths; `sha256:` and 64 hex digits behind one that lies outside an administrator's folders. */
      modulePaths: z.array(z.string().max(400)).max(20),
    }),
    z.null(),
  ),
  /** Certificates that two accounts claim, or one account beside another citizen's, until an administrator settles it. */
  'signing.contested': query(
    'users.manage',
    z.object({}),
    z.object({
      certificates: z.array(
        z.object({
          certificateId: z.string(),
          name: z.string(),
          personNumber: z.string().nullable(),
          issuer: z.string(),
          claims: z.array(
            z.object({ owner: z.string(), ownerName: z.string(), at: Instant, stationName: z.string() }),
          ),
        }),
      ),
    }),
  ),
  /** It is this account's. Nobody says so of their own. Codes: not_found, not_allowed. */
  'signing.settleClaim': command(
    'users.manage',
    z.object({ certificateId: z.string().regex(/^[0-9a-f]{64}$/), owner: z.guid() }),
    z.null(),
  ),
  /** Training: the simulated token is plugged in or pulled out. */
  'signing.trainingToken': command('session', z.object({ present: z.boolean() }), z.null()),
};

/** What goes on in a batch, told to the page that began it. */
export interface SigningNews {
  readonly batchId: string;
  readonly step: 'item' | 'signed' | 'failed' | 'done';
  /** item, signed, failed: which. */
  readonly documentId?: string;
  readonly done: number;
  readonly of: number;
  /** failed: why. token_gone ends the batch: what was signed stays signed. */
  readonly code?: ErrorCode;
}
