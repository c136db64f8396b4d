// keyring.json: the random database key, locked once per person who may open the store on this PC, once by
// the printed recovery key and, if the center allows it, once by the system's key store. Nothing in it
// opens anything without one of those secrets; losing it and every copy of it loses the store.
import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import { previousOf, replaceFile } from './atomic-file.ts';
import {
  ARGON2_COST,
  type Argon2Cost,
  hmacSha256,
  randomKey,
  type Sealed,
  seal,
  sha256Hex,
  stretch,
  unseal,
} from './crypto.ts';
import { failureOf } from './faults.ts';
import { keyIdOf } from './key-id.ts';
import { printRecoveryKey, RECOVERY_BYTES, readRecoveryKey } from './recovery-key.ts';

export interface KeyHolder {
  readonly userId: string;
  readonly username: string;
  readonly fullName: string;
  /** Anything that changes with the password; tells an outdated wrap. Must reveal nothing. */
  readonly mark: string;
}

/**
 * A new random database key and its first wrap. Refuses (`already_set_up`) when a keyring exists, unless
 * that one was never put to use: the PC was switched off in the middle of the first run.
 */
export function createKeyring(path: string): Result<{ readonly key: Buffer; readonly recoveryKey: string }> {
  if (existsSync(path) || existsSync(previousOf(path))) {
    const there = read(path);
    if (!there.ok || there.value.inUse) return fail('already_set_up');
  }
  const key = randomKey();
  const { recoveryKey, wrap } = newRecovery(key);
  const made = save(path, {
    version: 1,
    keyId: keyIdOf(key),
    inUse: false,
    users: [],
    recovery: wrap,
    system: null,
  });
  return made.ok ? ok({ key, recoveryKey }) : made;
}

/** From the first run's end on: the store exists, so the keyring may never be made anew. */
export const markKeyringInUse = (path: string): Result<null> =>
  change(path, (ring) => ({ ...ring, inUse: true }));

/** `missing`: never set up, or only begun. */
export function keyringState(path: string): 'missing' | 'begun' | 'in_use' | 'damaged' {
  const ring = read(path);
  if (ring.ok) return ring.value.inUse ? 'in_use' : 'begun';
  return ring.error.code === 'keyring_missing' ? 'missing' : 'damaged';
}

/** keyring_missing · keyring_damaged · account_unknown_here · wrong_password. Takes about 0.3 s. */
export async function unwrapByPassword(
  path: string,
  username: string,
  password: string,
): Promise<Result<{ readonly key: Buffer; readonly userId: string }>> {
  const ring = read(path);
  if (!ring.ok) return ring;
  const user = ring.value.users.find((u) => u.username === username);
  if (!user) return fail('account_unknown_here');
  const lock = await stretch(password, Buffer.from(user.salt, 'base64'), user.argon2);
  const key = unseal(lock, sealedOf(user.wrap), contextOf(user.userId));
  return key ? ok({ key, userId: user.userId }) : fail('wrong_password');
}

/** `wrong_recovery_key`; a typing error is named by `params.group`. */
export function unwrapByRecovery(path: string, typed: string): Result<{ readonly key: Buffer }> {
  const ring = read(path);
  if (!ring.ok) return ring;
  const read160 = readRecoveryKey(typed);
  if ('problem' in read160)
    return read160.problem === 'group'
      ? fail('wrong_recovery_key', {
          messageKey: 'error.recovery_key_group',
          params: { group: read160.group },
        })
      : fail('wrong_recovery_key', {
          messageKey: 'error.recovery_key_length',
          params: { typed: read160.typed },
        });
  const key = unseal(recoveryLock(read160.secret), sealedOf(ring.value.recovery), recoveryContext);
  return key ? ok({ key }) : fail('wrong_recovery_key');
}

/** Lets this person's password open the store here; replaces what they had. */
export async function addUserWrap(
  path: string,
  key: Uint8Array,
  holder: KeyHolder,
  password: string,
  argon2: Argon2Cost = ARGON2_COST,
): Promise<Result<null>> {
  const salt = randomKey(16);
  const lock = await stretch(password, salt, argon2);
  const wrap = wrapOf(seal(lock, key, contextOf(holder.userId)));
  return change(path, (ring) => {
    if (ring.keyId !== keyIdOf(key)) throw new Error('this key does not belong to this keyring');
    const { userId, username, fullName, mark } = holder;
    const others = ring.users.filter((u) => u.userId !== userId && u.username !== username);
    const user = { userId, username, fullName, mark, salt: salt.toString('base64'), argon2, wrap };
    return { ...ring, users: [...others, user] };
  });
}

export const removeUserWrap = (path: string, userId: string): Result<null> =>
  change(path, (ring) => ({ ...ring, users: ring.users.filter((u) => u.userId !== userId) }));

/** A new printed key; the old one opens this keyring no more (older copies of the file it still opens). */
export function replaceRecovery(path: string, key: Uint8Array): Result<string> {
  const { recoveryKey, wrap } = newRecovery(key);
  const changed = change(path, (ring) => {
    if (ring.keyId !== keyIdOf(key)) throw new Error('this key does not belong to this keyring');
    return { ...ring, recovery: wrap };
  });
  return changed.ok ? ok(recoveryKey) : changed;
}

/** Who can open the store on this PC. */
export function listUsers(path: string): Result<readonly KeyHolder[]> {
  const ring = read(path);
  if (!ring.ok) return ring;
  return ok(
    ring.value.users.map(({ userId, username, fullName, mark }) => ({ userId, username, fullName, mark })),
  );
}

/** The key as locked by the system's key store: bytes only the shell that gave them can open; null to forget. */
export const setSystemWrap = (path: string, locked: Uint8Array | null): Result<null> =>
  change(path, (ring) => ({
    ...ring,
    system: locked === null ? null : Buffer.from(locked).toString('base64'),
  }));

export function systemWrap(path: string): Result<Buffer | null> {
  const ring = read(path);
  if (!ring.ok) return ring;
  return ok(ring.value.system === null ? null : Buffer.from(ring.value.system, 'base64'));
}

/** Whether this is the key of this keyring; a key store can hold one from before a restore. */
export function opensKeyring(path: string, key: Uint8Array): boolean {
  const ring = read(path);
  return ring.ok && key.length === 32 && ring.value.keyId === keyIdOf(key);
}

// --- the file ---

const base64 = (max: number) => z.base64().max(max);
const Wrap = z.object({ nonce: base64(24), text: base64(64), tag: base64(32) });
const Keyring = z.object({
  version: z.literal(1),
  keyId: z.string().regex(/^[0-9a-f]{32}$/),
  inUse: z.boolean(),
  users: z.array(
    z.object({
      userId: z.string().max(64),
      username: z.string().max(64),
      fullName: z.string().max(200),
      mark: z.string().max(200),
      salt: base64(64),
      // bounds, so that an altered file cannot make the PC run out of memory
      argon2: z.object({
        memoryKib: z.number().int().min(8).max(1_048_576),
        passes: z.number().int().min(1).max(20),
      }),
      wrap: Wrap,
    }),
  ),
  recovery: Wrap,
  system: base64(8192).nullable(),
});
type Keyring = z.output<typeof Keyring>;
type Wrap = z.output<typeof Wrap>;

/**
 * The file, or its previous copy when it is damaged or gone. The copy may be from before the first run's end, but
 * what followed it is unknown, so it counts as in use: else a first run would make a new key over a center's only one.
 */
function read(path: string): Result<Keyring> {
  if (!existsSync(path) && !existsSync(previousOf(path))) return fail('keyring_missing');
  const ring = parse(path);
  if (ring) return ok(ring);
  const previous = parse(previousOf(path));
  return previous ? ok({ ...previous, inUse: true }) : fail('keyring_damaged');
}

function parse(path: string): Keyring | null {
  try {
    const file: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const { sum, ...ring } = Keyring.extend({ sum: z.string() }).parse(file);
    return sum === sumOf(ring) ? ring : null;
  } catch {
    return null;
  }
}

function change(path: string, work: (ring: Keyring) => Keyring): Result<null> {
  const ring = read(path);
  return ring.ok ? save(path, work(ring.value)) : ring;
}

function save(path: string, ring: Keyring): Result<null> {
  try {
    // a damaged file must not push out the copy that still opens the store
    const keepOld = parse(path) !== null;
    replaceFile(path, `${JSON.stringify({ ...ring, sum: sumOf(ring) }, null, 2)}\n`, { keepOld });
    return ok(null);
  } catch (error) {
    const failure = failureOf(error);
    if (!failure) throw error;
    return { ok: false, error: failure };
  }
}

/** Tells a damaged file from a wrong password; no defence against a person, the wraps are that. */
const sumOf = (ring: Keyring): string => sha256Hex(JSON.stringify(Keyring.parse(ring))).slice(0, 16);

// --- wraps ---

const contextOf = (userId: string) => `tram keyring 1 user ${userId}`;
const recoveryContext = 'tram keyring 1 recovery';
/** The recovery key is 160 random bits, so no slow function is needed. */
const recoveryLock = (secret: Uint8Array): Buffer => hmacSha256(secret, recoveryContext);

function newRecovery(key: Uint8Array): { recoveryKey: string; wrap: Wrap } {
  const secret = randomKey(RECOVERY_BYTES);
  const wrap = wrapOf(seal(recoveryLock(secret), key, recoveryContext));
  return { recoveryKey: printRecoveryKey(secret), wrap };
}

const wrapOf = (s: Sealed): Wrap => ({
  nonce: s.nonce.toString('base64'),
  text: s.text.toString('base64'),
  tag: s.tag.toString('base64'),
});
const sealedOf = (w: Wrap): Sealed => ({
  nonce: Buffer.from(w.nonce, 'base64'),
  text: Buffer.from(w.text, 'base64'),
  tag: Buffer.from(w.tag, 'base64'),
});
