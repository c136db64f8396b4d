// Whose certificate is whose, and the rules of the house for signing. All in lane 2.
import * as z from 'zod';
import { canonicalJson } from '../text/canonical-json.ts';
import { defineKind } from './change.ts';

/**
 * An account said before its first signature that a certificate is its own; from then on another's is refused. The
 * subject is the account, or the center for the certificate of the facility itself.
 */
export const signerClaim = defineKind('signer.claim', {
  lane: 2,
  subject: 'signer',
  creates: true,
  body: z.object({
    /** SHA-256 of the certificate's DER. */
    certificate: z.string().regex(/^[0-9a-f]{64}$/),
    /** The name in it. */
    name: z.string().max(200),
    /** The citizen number in it: a renewed certificate with the same number needs no new claim. */
    personNumber: z.string().max(40).nullable(),
    /**
     * CAdES (DER), detached, with this certificate over `claimText`: only who has the token can claim what is in it. A claim
     * without one counts for nothing.
     */
    proof: z
      .instanceof(Uint8Array)
      .refine((bytes) => bytes.length <= 60_000, 'too long')
      .optional(),
  }),
});

/** What a token signs when its certificate is claimed; see document-evidence.ts for why it says what it is. */
export const claimText = (owner: string): string =>
  canonicalJson({ type: 'tram.signer.claim', version: 1, owner });

/** Of claims that exclude each other, an administrator says which one is right; written for the one it is. */
export const signerConfirm = defineKind('signer.confirm', {
  lane: 2,
  subject: 'signer',
  body: z.object({
    certificate: z.string().regex(/^[0-9a-f]{64}$/),
  }),
});

/** Rules all PCs of a center share; the subject is the center. */
export const signingRules = defineKind('signing.rules', {
  lane: 2,
  subject: 'signing_rules',
  creates: true,
  body: z.object({
    set: z
      .object({
        /** RFC 3161, http or https; null: none is asked. */
        timeStampUrl: z.string().max(300).nullable(),
        idleMinutes: z.number().int().min(1).max(30),
      })
      .partial(),
    saw: z.record(z.string(), z.string()),
  }),
});

export const signingKinds = [signerClaim, signerConfirm, signingRules] as const;
