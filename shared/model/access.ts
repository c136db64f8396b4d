// Accounts and the trail of who came in and who looked: all in lane 2, so that no account work delays clinical changes.
// Verifiers (Argon2id, PHC strings) live only inside the encrypted store; no password is ever in a change.
import * as z from 'zod';
import { defineKind } from './change.ts';

const roleIds = z.array(z.string());
const wardIds = z.array(z.string());

export const userCreate = defineKind('user.create', {
  lane: 2,
  subject: 'user',
  creates: true,
  body: z.object({
    username: z.string(),
    fullName: z.string(),
    title: z.string().nullable(),
    roles: roleIds,
    /** Empty = all wards. */
    wards: wardIds,
    /** Argon2id PHC string. */
    verifier: z.string(),
    mustChange: z.boolean(),
  }),
});

export const userUpdate = defineKind('user.update', {
  lane: 2,
  subject: 'user',
  body: z.object({
    set: z
      .object({
        fullName: z.string(),
        title: z.string().nullable(),
        roles: roleIds,
        wards: wardIds,
        active: z.boolean(),
      })
      .partial(),
    saw: z.record(z.string(), z.string()),
  }),
});

export const userPassword = defineKind('user.password', {
  lane: 2,
  subject: 'user',
  body: z.object({ verifier: z.string(), mustChange: z.boolean() }),
});

export const userPin = defineKind('user.pin', {
  lane: 2,
  subject: 'user',
  body: z.object({ verifier: z.string().nullable() }),
});

/** Someone came in. */
export const auditLogin = defineKind('audit.login', {
  lane: 2,
  subject: 'audit',
  creates: true,
  body: z.object({ how: z.enum(['password', 'pin', 'recovery']) }),
});

/** Somebody tried too often; the author is null because nobody was let in. */
export const auditLockout = defineKind('audit.lockout', {
  lane: 2,
  subject: 'audit',
  creates: true,
  body: z.object({ username: z.string(), failures: z.number().int(), until: z.number().int() }),
});

/** A chart was shown; one per person, patient and ten minutes. */
export const auditRead = defineKind('audit.read', {
  lane: 2,
  subject: 'audit',
  creates: true,
  body: z.object({ method: z.string(), breakGlass: z.boolean() }),
});

/** A chart was opened to someone whose role may not. */
export const auditBreakGlass = defineKind('audit.break_glass', {
  lane: 2,
  subject: 'audit',
  creates: true,
  body: z.object({ reason: z.string(), until: z.number().int() }),
});

export const accessKinds = [
  userCreate,
  userUpdate,
  userPassword,
  userPin,
  auditLogin,
  auditLockout,
  auditRead,
  auditBreakGlass,
] as const;
