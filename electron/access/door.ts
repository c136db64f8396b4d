// Coming in and going out: login by password or PIN, lock, unlock, logout.
// The first login on a PC also opens the store with the person's password; a PIN is too short to guard the key of a
// stolen disk, so it works only while the store is open.
import { randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { Output } from '../../shared/api/index.ts';
import { auditLockout, auditLogin } from '../../shared/model/access.ts';
import type { Log, VisitorHandlersOf } from '../store/room.ts';
import type { Store } from '../store/types.ts';
import { type Account, type Accounts, spelledUsername } from './accounts.ts';
import type { Lockout } from './lockout.ts';
import type { OneAtATime } from './one-at-a-time.ts';
import { matches, pretendToCheck } from './passwords.ts';
import type { OpenSession, Sessions } from './sessions.ts';
import type { Vault } from './vault.ts';

type Session = NonNullable<Output<'access.session'>['session']>;
type DoorMethod =
  | 'access.session'
  | 'access.login'
  | 'access.loginWithPin'
  | 'access.lock'
  | 'access.unlock'
  | 'access.logout';

export interface Door {
  readonly handlers: VisitorHandlersOf<DoorMethod>;
  /** Writes lockouts into the record that happened while no store was open. */
  reportLockouts(store: Store): void;
  sessionOf(session: OpenSession): Session;
}

export function openDoor(deps: {
  vault: Vault;
  accounts(): Accounts | null;
  sessions: Sessions;
  lockout: Lockout;
  oneAtATime: OneAtATime;
  preferencesOf(userId: string): Session['preferences'];
  autoLockMinutes(): number;
  now(): number;
  log: Log;
}): Door {
  const { vault, sessions, lockout, oneAtATime } = deps;

  return {
    sessionOf,
    reportLockouts,
    handlers: {
      'access.session': (_input, { client }) => {
        const session = sessions.at(client);
        return ok({ session: session ? sessionOf(session) : null });
      },
      'access.login': ({ username, password }, { client }) =>
        oneAtATime(async () =>
          enter(client, await byPassword(spelledUsername(username), password), 'password'),
        ),
      'access.loginWithPin': ({ username, pin }, { client }) =>
        oneAtATime(async () => enter(client, await byPin(spelledUsername(username), pin), 'pin')),
      'access.lock': (_input, { client }) => {
        sessions.lock(client);
        return ok({});
      },
      'access.unlock': ({ secret }, { client }) =>
        oneAtATime(async () => {
          const session = sessions.at(client);
          if (!session) return fail('not_logged_in');
          const { username, pinVerifier } = session.account;
          const usesPin = pinVerifier !== null && /^\d{6,12}$/.test(secret);
          const known = usesPin ? await byPin(username, secret, secret) : await byPassword(username, secret);
          if (!known.ok) return known;
          // logged out or switched while the password was being checked
          if (sessions.at(client)?.sessionId !== session.sessionId) return fail('not_logged_in');
          sessions.unlock(client);
          return ok({ session: sessionOf({ ...session, account: known.value, locked: false }) });
        }),
      'access.logout': (_input, { client }) => {
        sessions.end(client, 'ended');
        return ok({});
      },
    },
  };

  async function byPassword(username: string, password: string): Promise<Result<Account>> {
    const blocked = lockout.refusal(username);
    if (blocked) return blocked;
    const wasClosed = vault.store() === null;
    if (wasClosed) {
      if (!vault.knows(username)) {
        await pretendToCheck(password);
        return fail('account_unknown_here');
      }
      const opened = await vault.open(username, password);
      if (!opened.ok) return isWrongKey(opened) ? wrong(username) : opened;
    }
    const account = deps.accounts()?.byUsername(username);
    if (!account) {
      await pretendToCheck(password);
      return fail('wrong_password');
    }
    if (!(await matches(account.verifier, password))) {
      // the old password still opened this PC's copy of the key: it was changed on another PC
      if (wasClosed) return fail('wrong_password', { messageKey: 'error.password_changed_elsewhere' });
      return wrong(username);
    }
    if (!account.active) return fail('account_disabled');
    lockout.passed(username);
    await vault.keep(account, password);
    return ok(account);
  }

  async function byPin(username: string, pin: string, orPassword?: string): Promise<Result<Account>> {
    const blocked = lockout.refusal(username);
    if (blocked) return blocked;
    if (vault.store() === null) return fail('store_closed', { messageKey: 'error.pin_needs_open_store' });
    const account = deps.accounts()?.byUsername(username);
    if (!account?.pinVerifier) {
      await pretendToCheck(pin);
      return fail('wrong_password');
    }
    // at unlock a password may consist of digits too
    const right =
      (await matches(account.pinVerifier, pin)) ||
      (orPassword !== undefined && (await matches(account.verifier, orPassword)));
    if (!right) return wrong(username);
    if (!account.active) return fail('account_disabled');
    lockout.passed(username);
    return ok(account);
  }

  function enter(
    client: string,
    known: Result<Account>,
    how: 'password' | 'pin',
  ): Result<{ session: Session }> {
    if (!known.ok) return known;
    const session = sessions.start(client, known.value);
    const store = vault.store();
    const written = store?.write({ userId: known.value.id, sessionId: session.sessionId }, (tx) => {
      tx.append(auditLogin, { id: randomUUID(), body: { how } });
      return ok(null);
    });
    // a full or read-only disk must not keep a doctor from reading
    if (written && !written.ok)
      deps.log('error', 'a login could not be recorded', { code: written.error.code });
    return ok({ session: sessionOf(session) });
  }

  function wrong(username: string): Result<never> {
    lockout.failed(username);
    const store = vault.store();
    if (store) reportLockouts(store);
    return lockout.refusal(username) ?? fail('wrong_password');
  }

  function reportLockouts(store: Store): void {
    for (const body of lockout.takeUnreported()) {
      const written = store.write({ userId: null, sessionId: null }, (tx) => {
        tx.append(auditLockout, { id: randomUUID(), body });
        return ok(null);
      });
      if (!written.ok) deps.log('error', 'a lockout could not be recorded', { code: written.error.code });
    }
  }

  function sessionOf({ account, locked }: OpenSession): Session {
    return {
      // trust inside: ids in the store were made by us
      userId: account.id as Session['userId'],
      username: account.username,
      fullName: account.fullName,
      title: account.title,
      roles: [...account.roles],
      permissions: [...account.permissions],
      wards: account.wards as Session['wards'],
      locked,
      mustChangePassword: account.mustChange,
      autoLockMinutes: deps.autoLockMinutes(),
      preferences: deps.preferencesOf(account.id),
    };
  }
}

const isWrongKey = (result: Result<unknown>): boolean =>
  !result.ok && (result.error.code === 'wrong_key' || result.error.code === 'wrong_password');
