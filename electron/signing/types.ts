// The seams of the signing room: what a key is, what a verdict is, what may be asked of the network.
import type { Result } from '../../shared/api/contract.ts';

/**
 * How a signature is made; all over SHA-256 or better. Which a key may use is the policy's and the token's to say
 * (electron/signing/policy.ts).
 */
export type SignatureAlgorithm =
  | 'rsa-pkcs1-sha256'
  | 'rsa-pss-sha256'
  | 'ecdsa-p256-sha256'
  | 'ecdsa-p384-sha384';

/** A private key that somebody else holds: a token, the training token, a file's key in tests. */
export interface SigningKey {
  /** DER. */
  readonly certificate: Buffer;
  /** Issuers known to the token or the program, leaf's issuer first; may be empty. */
  readonly chain: readonly Buffer[];
  /** What the key can do and the policy allows, best first. */
  readonly algorithms: readonly SignatureAlgorithm[];
  /**
   * Signature over `data` (hashed by the key's holder). ECDSA comes as DER (RFC 3279), not as r‖s. Codes: token_gone,
   * token_locked, token_hangs, token_failed.
   */
  sign(data: Uint8Array, algorithm: SignatureAlgorithm): Promise<Result<Buffer>>;
}

export type VerdictState = 'valid' | 'undetermined' | 'invalid';

/** Stable codes; the page has a Vietnamese sentence for each (`verdict.<code>`), the log and the command line English. */
export const verdictReasons = [
  // invalid
  'content_changed',
  'signature_wrong',
  'signature_malformed',
  'certificate_mismatch',
  'attribute_missing',
  'changed_after_signing',
  'not_whole_file',
  'chain_wrong',
  'certificate_malformed',
  'not_for_signing',
  'not_for_issuing',
  'expired_at_signing',
  'not_yet_valid_at_signing',
  'revoked',
  'algorithm_weak',
  'time_stamp_wrong',
  'references_unexpected',
  'other_person',
  'not_entitled',
  'used_elsewhere',
  // undetermined
  'claim_contested',
  'signed_apart',
  'no_signature',
  'content_missing',
  'issuer_unknown',
  'revocation_unknown',
  'revocation_old',
  'time_unproven_expired',
  'algorithm_unknown',
  'constraint_unknown',
  'unreadable',
  // said with any state
  'training_certificate',
  'time_unproven',
] as const;
export type VerdictReason = (typeof verdictReasons)[number];

export interface SignatureVerdict {
  readonly state: VerdictState;
  readonly reasons: readonly VerdictReason[];
  readonly kind: 'CAdES' | 'PAdES' | 'XAdES' | 'XML-DSig' | 'DocTimeStamp';
  /** Common name of the signing certificate, readable; empty when unknown. */
  readonly signer: string;
  readonly issuer: string;
  readonly certificateSha256: string | null;
  readonly algorithm: string;
  /** ms since 1970 UTC. */
  readonly claimedAt: number | null;
  readonly stampedAt: number | null;
  readonly revocation: {
    readonly how: 'ocsp' | 'crl' | 'cached' | 'none';
    readonly asOf: number | null;
  } | null;
}

/** The worst of its signatures; a file without one is undetermined. */
export interface Verdict {
  readonly state: VerdictState;
  readonly reasons: readonly VerdictReason[];
  readonly signatures: readonly SignatureVerdict[];
}

/** What the signing certificate of a signature that adds up is then asked: path, usage, revocation, time. */
export interface CertificateQuestion {
  /** DER, leaf first; the others in any order. */
  readonly certificate: Buffer;
  readonly others: readonly Buffer[];
  /** ms: proven by a time-stamp, or null: then now. */
  readonly provenAt: number | null;
  readonly usage: 'document' | 'time-stamp' | 'ocsp';
  /** Revocation evidence that came with the signature, DER. */
  readonly ocsp: readonly Buffer[];
  readonly crls: readonly Buffer[];
}

export interface CertificateAnswer {
  readonly state: VerdictState;
  readonly reasons: readonly VerdictReason[];
  /** Leaf to anchor, DER; empty when none was found. */
  readonly path: readonly Buffer[];
  readonly revocation: SignatureVerdict['revocation'];
}

/** The judge of certificates, given to every container's verifier. */
export interface CertificateJudge {
  judge(question: CertificateQuestion): Promise<CertificateAnswer>;
  /** When it is asked "now", ms since 1970 UTC. */
  now(): number;
}

/** POST or GET of a small body with a deadline; only http(s). Injected: offline there is none. */
export type Fetch = (request: {
  url: string;
  method: 'GET' | 'POST';
  body?: Uint8Array;
  contentType?: string;
  /** ms. */
  deadline: number;
  /** Bytes taken at most. */
  most: number;
}) => Promise<Result<Buffer>>;

/** A time-stamp (RFC 3161) over the SHA-256 of `bytes`: the token's raw DER. Codes: stamp_unreachable, stamp_refused. */
export type TimeStamper = (bytes: Uint8Array) => Promise<Result<Buffer>>;
