// Fingerprints of patients and of the relatives who sign for them. A person stands here under a random id of their own,
// so that nothing in these changes tells whose finger it is but the consent that says so; templates are sealed with a
// key per person that never enters the log, so that dropping the key erases every copy of them.
import * as z from 'zod';
import {
  checkOccasions,
  consentWays,
  fallbacks,
  fingers,
  purposes,
  unableReasons,
} from '../codes/fingerprints.ts';
import { defineKind } from './change.ts';

export const Finger = z.union(fingers.map((finger) => z.literal(finger)));
export type Finger = (typeof fingers)[number];

export type BiometricPurpose = (typeof purposes)[number];

/** Whose fingers: the patient's own, or those of a relative written down with the patient. */
export const Holder = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('patient') }),
  z.object({ kind: z.literal('relative'), relative: z.string(), admission: z.string().nullable() }),
]);
export type Holder = z.output<typeof Holder>;

export const biometricConsent = defineKind('biometric.consent', {
  lane: 2,
  subject: 'biometric_person',
  creates: true,
  body: z.object({
    holder: Holder,
    purposes: z.array(z.enum(purposes)).min(1),
    way: z.enum(consentWays),
    /** Who consented when it was not the person: the representative of a child or of somebody unconscious. */
    by: z.object({ name: z.string().max(120), relation: z.string().max(60) }).nullable(),
    witness: z.string().max(120).nullable(),
    /** Which text was read to the person. */
    text: z.string().max(20),
  }),
});

/** Withdraws consent: every store drops the person's key. For good; who consents again becomes another person here. */
export const biometricWithdraw = defineKind('biometric.withdraw', {
  lane: 0,
  subject: 'biometric_person',
  body: z.object({ reason: z.string().max(300).nullable() }),
});

/** The station that wrote this no longer holds the key. */
export const biometricErased = defineKind('biometric.erased', {
  lane: 2,
  subject: 'biometric_person',
  body: z.object({}),
});

export const fingerprintEnrol = defineKind('fingerprint.enrol', {
  lane: 1,
  subject: 'biometric_person',
  body: z.object({
    finger: Finger,
    /** One for each impression kept, best first: base64url of AES-256-GCM over the template's bytes. */
    sealed: z.array(z.string().max(2_000)).min(1).max(3),
    /** Of the code that took the features. */
    algorithm: z.number().int(),
    /** 0…100 */
    quality: z.number().int(),
    /** Of the reader, as printed on it. */
    reader: z.string().max(80),
    /** Which of the person's keys it was sealed with: two PCs that have not met make one each. */
    key: z.string().regex(/^[\w-]{11}$/),
  }),
});

/** Takes one finger out again, e.g. the wrong hand; its templates stay sealed in the log and are shown nowhere. */
export const fingerprintDrop = defineKind('fingerprint.drop', {
  lane: 1,
  subject: 'biometric_person',
  body: z.object({ finger: Finger, reason: z.string().max(300).nullable() }),
});

/** No print could be taken: of one finger, or (null) at all. Subject id is its own; consent is not needed to say so. */
export const fingerprintUnable = defineKind('fingerprint.unable', {
  lane: 1,
  subject: 'fingerprint_unable',
  creates: true,
  body: z.object({
    holder: Holder,
    finger: Finger.nullable(),
    reason: z.enum(unableReasons),
    note: z.string().max(300).nullable(),
    fallback: z.enum(fallbacks),
    witness: z.string().max(120).nullable(),
  }),
});

/** Somebody put a finger on and was, or was not, who they were said to be (1:1). */
export const fingerprintCheck = defineKind('fingerprint.check', {
  lane: 1,
  subject: 'fingerprint_check',
  creates: true,
  body: z.object({
    person: z.string(),
    admission: z.string().nullable(),
    occasion: z.enum(checkOccasions),
    /** Which of the enrolled fingers came nearest. */
    finger: Finger,
    matched: z.boolean(),
    /** 0…1 as the matcher gives it, and of how many wrong fingers one would pass at this score or better. */
    score: z.number(),
    oneIn: z.number().int(),
    algorithm: z.number().int(),
  }),
});

/** A finger was looked up among all (1:N): who was shown, whom the clerk chose, whether a second finger agreed. */
export const fingerprintSearch = defineKind('fingerprint.search', {
  lane: 1,
  subject: 'fingerprint_search',
  creates: true,
  body: z.object({
    /** Ours: why it was asked. */
    reason: z.enum(['unconscious', 'no_papers', 'been_here']),
    /** Persons shown, best first. */
    shown: z.array(z.object({ person: z.string(), score: z.number() })).max(10),
    searched: z.number().int(),
    algorithm: z.number().int(),
  }),
});

export const fingerprintFound = defineKind('fingerprint.found', {
  lane: 1,
  subject: 'fingerprint_search',
  body: z.object({
    person: z.string(),
    /** The second finger's. */
    finger: Finger,
    score: z.number(),
    oneIn: z.number().int(),
  }),
});

/**
 * A finger as confirmation of a paper (TT 13/2025, Art. 3): the evidence, canonical JSON (RFC 8785) verbatim. To be
 * sealed by a staff member's signature over these very bytes.
 */
export const fingerprintEvidence = defineKind('fingerprint.evidence', {
  lane: 1,
  subject: 'fingerprint_evidence',
  creates: true,
  body: z.object({
    person: z.string(),
    admission: z.string().nullable(),
    /** Of the paper's bytes as they were shown, 64 hex digits. */
    document: z.string(),
    evidence: z.string().max(8_000),
  }),
});

export const fingerprintKinds = [
  biometricConsent,
  biometricWithdraw,
  biometricErased,
  fingerprintEnrol,
  fingerprintDrop,
  fingerprintUnable,
  fingerprintCheck,
  fingerprintSearch,
  fingerprintFound,
  fingerprintEvidence,
] as const;
