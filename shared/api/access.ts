// People: sessions, accounts, roles, break-glass, who looked at what.
import * as z from 'zod';
import { command, query } from './contract.ts';
import { AdmissionId, Empty, Instant, PatientId, required, text, UserId, WardId } from './ids.ts';
import { permissions } from './permissions.ts';

/** 3–32 of a–z, 0–9, dot, dash, underscore: typed the same with any Vietnamese input method. */
export const Username = z
  .string()
  .max(32)
  .transform((s) => s.trim().toLowerCase())
  .pipe(z.string().regex(/^[a-z0-9][a-z0-9._-]{2,31}$/, 'field.bad_username'));
const Secret = z.string().min(1).max(200);

export const Session = z.object({
  userId: UserId,
  username: z.string(),
  fullName: z.string(),
  title: z.string().nullable(),
  roles: z.array(z.string()),
  permissions: z.array(z.enum(permissions)),
  /** Wards this person works on; empty = all. */
  wards: z.array(WardId),
  locked: z.boolean(),
  mustChangePassword: z.boolean(),
  autoLockMinutes: z.number(),
  preferences: z.object({
    textScale: z.union([z.literal(100), z.literal(115), z.literal(130), z.literal(150)]),
    language: z.enum(['vi', 'en']),
    homeWard: WardId.nullable(),
  }),
});

export const User = z.object({
  id: UserId,
  username: z.string(),
  fullName: z.string(),
  title: z.string().nullable(),
  roles: z.array(z.string()),
  wards: z.array(WardId),
  active: z.boolean(),
  hasPin: z.boolean(),
  lastLoginAt: Instant.nullable(),
  versions: z.record(z.string(), z.string()),
});

/** Where a page of the audit ended: the hybrid clock's, because a PC's own clock may have been set back between entries. */
const AuditStamp = z.string().regex(/^[0-9a-f]{16}$/);

export const AuditEntry = z.object({
  at: Instant,
  /** Sent back as `before` to go on from here. */
  stamp: AuditStamp,
  userName: z.string(),
  roleNames: z.array(z.string()),
  stationName: z.string(),
  action: z.enum(['read', 'write', 'break_glass']),
  /** Method for reads, change kind for writes. */
  what: z.string(),
  patientId: PatientId.nullable(),
  patientName: z.string().nullable(),
  reason: z.string().nullable(),
});

export const access = {
  'access.session': query('public', Empty, z.object({ session: Session.nullable() })),
  'access.login': command(
    'public',
    z.object({ username: z.string().max(60), password: Secret }),
    z.object({ session: Session }),
  ),
  /** Quick switch on a shared PC: PIN works only while the store is open and the account has one. */
  'access.loginWithPin': command(
    'public',
    z.object({ username: z.string().max(60), pin: z.string().regex(/^\d{6,12}$/) }),
    z.object({ session: Session }),
  ),
  'access.lock': command('public', Empty, Empty),
  'access.unlock': command('public', z.object({ secret: Secret }), z.object({ session: Session })),
  'access.logout': command('public', Empty, Empty),
  /** Keeps the auto-lock timer of the core awake while someone types or points. */
  'access.touch': command('session', Empty, Empty),
  'access.changePassword': command(
    'session',
    z.object({ current: Secret, next: z.string().max(200) }),
    Empty,
  ),
  'access.setPin': command(
    'session',
    z.object({
      password: Secret,
      pin: z
        .string()
        .regex(/^\d{6,12}$/)
        .nullable(),
    }),
    Empty,
  ),
  'access.savePreferences': command(
    'session',
    Session.shape.preferences.partial(),
    z.object({ session: Session }),
  ),

  'access.roles': query(
    'session',
    Empty,
    z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        may: z.array(z.enum(permissions)),
        description: z.string(),
      }),
    ),
  ),
  'access.users': query('users.manage', Empty, z.array(User)),
  'access.createUser': command(
    'users.manage',
    z.object({
      username: Username,
      fullName: required(80),
      title: text(60).nullable(),
      roles: z.array(z.string().max(40)).min(1).max(8),
      wards: z.array(WardId).max(40),
      password: z.string().max(200),
    }),
    z.object({ userId: UserId }),
  ),
  'access.updateUser': command(
    'users.manage',
    z.object({
      userId: UserId,
      fullName: required(80).optional(),
      title: text(60).nullable().optional(),
      roles: z.array(z.string().max(40)).min(1).max(8).optional(),
      wards: z.array(WardId).max(40).optional(),
      active: z.boolean().optional(),
    }),
    Empty,
  ),
  'access.resetPassword': command(
    'users.manage',
    z.object({ userId: UserId, password: z.string().max(200) }),
    Empty,
  ),

  /** Opens one chart for someone whose role may not, for 30 minutes; reason logged and shown. */
  'access.breakGlass': command(
    'breakglass',
    z.object({ patientId: PatientId, reason: text(500) }),
    z.object({ until: Instant }),
  ),
  'access.auditOfPatient': query(
    'audit.read',
    z.object({
      patientId: PatientId,
      before: AuditStamp.optional(),
      limit: z.number().int().min(1).max(500).default(200),
    }),
    z.array(AuditEntry),
  ),
  'access.audit': query(
    'audit.read',
    z.object({
      userId: UserId.optional(),
      before: AuditStamp.optional(),
      limit: z.number().int().min(1).max(500).default(200),
    }),
    z.array(AuditEntry),
  ),

  /** Unfinished typing, kept per person and thing on this PC only, encrypted; never part of the record. */
  'drafts.save': command(
    'session',
    z.object({
      key: z.string().min(1).max(160),
      admissionId: AdmissionId.nullable(),
      patientId: PatientId.nullable(),
      content: z.string().max(100_000),
    }),
    z.object({ savedAt: Instant }),
  ),
  'drafts.list': query(
    'session',
    Empty,
    z.array(
      z.object({
        key: z.string(),
        admissionId: AdmissionId.nullable(),
        patientId: PatientId.nullable(),
        patientName: z.string().nullable(),
        content: z.string(),
        savedAt: Instant,
      }),
    ),
  ),
  'drafts.discard': command('session', z.object({ key: z.string().min(1).max(160) }), Empty),
  /** Takes back an undoable command within 8 seconds by appending its opposite; nothing is erased. */
  'undo.apply': command('session', z.object({ undo: z.string().max(80) }), Empty),
};
