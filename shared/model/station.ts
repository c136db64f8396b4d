// The center and its PCs. All in lane 2.
import * as z from 'zod';
import { defineKind } from './change.ts';

export const centerSetup = defineKind('center.setup', {
  lane: 2,
  subject: 'center',
  creates: true,
  body: z.object({
    name: z.string(),
    facilityCode: z.string().nullable(),
    provinceCode: z.string(),
  }),
});

/** Settings the whole center shares; what belongs to one PC (backup folder, scanner port) stays on that PC. */
export const centerSettings = defineKind('center.settings', {
  lane: 2,
  subject: 'center',
  body: z.object({
    set: z.object({ autoLockMinutes: z.number().int(), overdueVitalsHours: z.number().int() }).partial(),
    saw: z.record(z.string(), z.string()),
  }),
});

export const stationEnrol = defineKind('station.enrol', {
  lane: 2,
  subject: 'station',
  creates: true,
  body: z.object({
    name: z.string(),
    /** Two digits, unique in the center: first part of the numbers this PC mints. */
    code: z.string(),
    /** Self-signed X.509 certificate, PEM; its key never leaves the PC. */
    certificate: z.string(),
  }),
});

/**
 * A PC that was stolen, sold or is no longer trusted. Who says so and when are the change's own author and wall.
 * There is no way back: a PC that is found again is enrolled anew.
 */
export const stationRevoke = defineKind('station.revoke', {
  lane: 2,
  subject: 'station',
  body: z.object({ reason: z.string() }),
});

/** The province this center belongs to, as the PC that enrolled the center proved it: the others pin it unseen. */
export const centerProvince = defineKind('center.province', {
  lane: 2,
  subject: 'center',
  body: z.object({
    /** The province's own id, 32 hex digits. */
    station: z.string(),
    name: z.string(),
    /** `host` or `host:port` */
    address: z.string(),
    /** Self-signed X.509 certificate, PEM. */
    certificate: z.string(),
  }),
});

const VouchedHead = z.object({
  incarnation: z.number().int().positive(),
  lane: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  seq: z.number().int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * A PC signs how far it has written its own feeds, so that nobody can continue them unnoticed; see
 * shared/sync/vouch.ts. Its subject is `<station>.<incarnation>` of a type of its own: there is one every ten minutes of
 * work, and the PC's own subject would be read anew with each of them.
 */
export const stationVouch = defineKind('station.vouch', {
  lane: 2,
  subject: 'vouch',
  body: z.object({
    heads: z.array(VouchedHead).min(1).max(64),
    /** base64url of the DER ECDSA signature over SHA-256 of `vouchBytes`, by the key of the station's certificate. */
    signature: z.string().max(1_000),
  }),
});

/**
 * An administrator has looked at how a PC's feeds stood that it had not signed: told no more until something is added. Its
 * subject is the PC's id, of a type of its own as with vouches.
 */
export const stationSeen = defineKind('station.seen', {
  lane: 2,
  subject: 'vouch_seen',
  body: z.object({
    feeds: z
      .array(
        VouchedHead.extend({
          /** Number from which on it is not what the PC signed; null: only unsigned. */
          contradicted: z.number().int().positive().nullable(),
        }),
      )
      .min(1)
      .max(200),
  }),
});

export const stationKinds = [
  centerSetup,
  centerSettings,
  stationEnrol,
  stationRevoke,
  centerProvince,
  stationVouch,
  stationSeen,
] as const;
