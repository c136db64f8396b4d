// How a place comes to be trusted: a code told by a person, proved by both ends over the two certificates.
// Whoever sits in between has other certificates and not the code, so can neither pass on nor make a proof.
import * as z from 'zod';

export const ENROL_PATH = '/enrol';
/** How long a code may be used: a province's travels by letter, a hub's across a room. */
export const CODE_LIFE_MS = { province: 7 * 24 * 3_600_000, hub: 30 * 60_000 } as const;
/** Wrong proofs after which an id is dead, whatever comes later. */
export const MAX_WRONG_TRIES = 5;

/** Crockford's base 32: no I, L, O, U, so that nothing read aloud or off paper is mistaken. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const idLength = 4;
/** 4 public characters, 15 secret ones (75 bits), 1 check character: five groups of four. */
const codeLength = 20;
/** Random bytes `makeCode` needs. */
export const CODE_BYTES = codeLength - 1;

/** As told to a person: `7K2M-9QXA-…`. `random` holds CODE_BYTES random bytes. */
export function makeCode(random: Uint8Array): string {
  if (random.length < CODE_BYTES) throw new Error(`${CODE_BYTES} random bytes needed`);
  const body = Array.from(random.subarray(0, CODE_BYTES), (byte) => alphabet[byte & 31] ?? '0').join('');
  return spoken(body + checkOf(body));
}

/** The code's 20 characters from what somebody typed; null when it cannot be a code. */
export function readCode(typed: string): string | null {
  const plain = typed
    .toUpperCase()
    .replace(/[\s\-–—_.]/g, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0');
  if (plain.length !== codeLength) return null;
  for (const letter of plain) if (!alphabet.includes(letter)) return null;
  return checkOf(plain.slice(0, -1)) === plain.at(-1) ? plain : null;
}

/** In groups, for paper and screen. */
export const spoken = (code: string): string => code.replace(/.{4}(?=.)/g, '$&-');

/** The part that names a code and may be seen by anybody. */
export const codeId = (code: string): string => code.slice(0, idLength);

/**
 * SHA-256 of this is the key of both proofs, and all that needs to be kept of a code. A place of training and one of
 * real work make different keys of one code, so neither can prove anything to the other, whatever it claims to be.
 */
export const keyInput = (code: string, training: boolean): Uint8Array =>
  new TextEncoder().encode(`tram ${training ? 'training ' : ''}enrolment 1\n${code}`);

/** HMAC-SHA256 over this is the proof; fingerprints are SHA-256 of the DER certificates, 32 bytes each. */
export function proofInput(
  who: 'station' | 'responder',
  prints: { readonly station: Uint8Array; readonly responder: Uint8Array },
): Uint8Array {
  const label = new TextEncoder().encode(who);
  const [own, other] =
    who === 'station' ? [prints.station, prints.responder] : [prints.responder, prints.station];
  if (own.length !== 32 || other.length !== 32) throw new Error('a fingerprint has 32 bytes');
  const bytes = new Uint8Array(label.length + 64);
  bytes.set(label, 0);
  bytes.set(own, label.length);
  bytes.set(other, label.length + 32);
  return bytes;
}

const StationId = z.string().regex(/^[0-9a-f]{32}$/);
const Proof = z.string().regex(/^[0-9a-f]{64}$/);
const Name = z.string().min(1).max(200);
/** PEM; one certificate. A P-256 one has about 900 characters, an RSA one of before 1,600. */
const Certificate = z.string().min(100).max(4000);

export const EnrolCenter = z.object({
  /** Subject of the change that set the center up. */
  id: z.uuid(),
  name: Name,
  facilityCode: z.string().max(40).nullable(),
  provinceCode: z.string().max(10),
});

/** Body of `POST /enrol`, JSON. The certificate must be the one of the TLS connection it comes over. */
export const EnrolRequest = z.object({
  v: z.literal(1),
  code: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{4}$/),
  station: StationId,
  stationName: Name,
  certificate: Certificate,
  /** Null: a new PC that joins the center the code is for. */
  center: EnrolCenter.nullable(),
  /** From a place of training: only there so that the refusal can say why; the proof decides. */
  training: z.literal(true).optional(),
  /** Hex */
  proof: Proof,
});
export type EnrolRequest = z.output<typeof EnrolRequest>;

export const EnrolAnswer = z.object({
  v: z.literal(1),
  kind: z.enum(['province', 'hub']),
  /** Of the province, or of the PC that serves. */
  name: Name,
  /** Station id of whoever answers; the province has one too. */
  station: StationId,
  center: EnrolCenter,
  /** Two digits for the numbers a new PC mints, given by a hub; null: the PC takes the next free one itself. */
  stationCode: z
    .string()
    .regex(/^\d{2}$/)
    .nullable(),
  proof: Proof,
});
export type EnrolAnswer = z.output<typeof EnrolAnswer>;

/** Answered with status 403 (429 for busy). Codes of shared/api/errors.ts. */
export const EnrolRefusal = z.object({
  v: z.literal(1),
  error: z.enum([
    'code_wrong',
    'code_used',
    'wrong_center',
    'station_revoked',
    'update_needed',
    'busy',
    'training_apart',
  ]),
});
export type EnrolRefusal = z.output<typeof EnrolRefusal>;

/** Luhn's sum in base 32: finds any wrong character and nearly every swapped pair. */
function checkOf(body: string): string {
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    const value = alphabet.indexOf(body[body.length - 1 - i] ?? '');
    const weighed = i % 2 === 0 ? value * 2 : value;
    sum += Math.floor(weighed / 32) + (weighed % 32);
  }
  return alphabet[(32 - (sum % 32)) % 32] ?? '0';
}
