// The commands of the people screen and of one's own account. Every one is a change with its author;
// passwords become Argon2id verifiers before they reach the store.
import { randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { Output } from '../../shared/api/index.ts';
import { isRole, permissionsOf, roleName, roles } from '../../shared/codes/roles.ts';
import { auditLogin, userCreate, userPassword, userPin, userUpdate } from '../../shared/model/access.ts';
import type { HandlersOf } from '../store/room.ts';
import type { Author, Store, Tx } from '../store/types.ts';
import { type Account, type Accounts, spelledUsername } from './accounts.ts';
import type { Lockout } from './lockout.ts';
import type { OneAtATime } from './one-at-a-time.ts';
import { checkPassword, checkPin, matches, verifierOf } from './passwords.ts';
import type { Vault } from './vault.ts';

type UserId = Output<'access.createUser'>['userId'];
type StaffMethod =
  | 'access.roles'
  | 'access.users'
  | 'access.createUser'
  | 'access.updateUser'
  | 'access.resetPassword'
  | 'access.changePassword'
  | 'access.setPin';

export interface Staff {
  readonly handlers: HandlersOf<StaffMethod>;
  /** For the recovery key: a new password for an account, without knowing the old one. */
  recover(store: Store, username: string, password: string): Promise<Result<Account>>;
  /** Whether this is the person's own password, asked again before something grave. `field` is the input field. */
  confirms(userId: string, password: string, field: string): Promise<Result<Account>>;
}

export function openStaff(deps: {
  vault: Vault;
  store(): Store;
  accounts(): Accounts;
  lockout: Lockout;
  oneAtATime: OneAtATime;
  /** Writes lockouts into the record. */
  reportLockouts(): void;
  languageOf(userId: string): 'vi' | 'en';
  /** Training accounts are printed on the login screen: their passwords stay as they are. */
  fixedPasswords: boolean;
}): Staff {
  const { vault } = deps;
  const handlers: Staff['handlers'] = {
    'access.roles': (_input, ctx) => {
      const language = deps.languageOf(ctx.caller.userId);
      return ok(
        roles.map((role) => ({
          id: role.id,
          name: role[language],
          may: [...role.may],
          description: language === 'vi' ? role.viDescription : role.enDescription,
        })),
      );
    },

    'access.users': () => {
      const lastLogins = deps.accounts().lastLogins();
      return ok(
        deps
          .accounts()
          .all()
          .map((account) => userOf(account, lastLogins.get(account.id) ?? null)),
      );
    },

    'access.createUser': async (input, ctx) => {
      const unknown = unknownRoles(input.roles);
      if (unknown) return unknown;
      const password = checkPassword(input.password, input.username, 'password');
      if (!password.ok) return password;
      const verifier = await verifierOf(password.value);
      const { username, fullName, title, wards } = input;
      const id = randomUUID();
      const created = deps.store().write(ctx.caller, (tx) => {
        if (isTaken(tx, username))
          return fail('username_taken', { fields: { username: 'error.username_taken' } });
        tx.append(userCreate, {
          id,
          body: {
            username,
            fullName,
            title: title || null,
            roles: unique(input.roles),
            wards,
            verifier,
            // A training account could never do it: its password stays as given.
            mustChange: !deps.fixedPasswords,
          },
        });
        return ok(null);
      });
      if (!created.ok) return created;
      await vault.keep({ id, username, fullName, verifier }, password.value);
      return ok({ userId: id as UserId });
    },

    'access.updateUser': ({ userId, ...set }, ctx) => {
      const account = deps.accounts().byId(userId);
      if (!account) return fail('not_found');
      const unknown = set.roles && unknownRoles(set.roles);
      if (unknown) return unknown;
      const after = { active: set.active ?? account.active, roles: set.roles ?? account.roles };
      if (isAdministrator(account) && !administers(after) && !anotherAdministrator(account))
        return fail('last_administrator');
      const changed = changedFields(account, set);
      if (Object.keys(changed).length === 0) return ok({});
      const written = deps.store().write(ctx.caller, (tx) => {
        const saw = Object.fromEntries(Object.keys(changed).map((f) => [f, account.versions[f] ?? '']));
        tx.append(userUpdate, { id: userId, body: { set: changed, saw } });
        return ok(null);
      });
      if (written.ok && !after.active) vault.forget(userId);
      return written.ok ? ok({}) : written;
    },

    'access.resetPassword': async ({ userId, password }, ctx) => {
      const account = deps.accounts().byId(userId);
      if (!account) return fail('not_found');
      return answered(await setPassword(deps.store(), ctx.caller, account, password, 'password', 'reset'));
    },

    'access.changePassword': async ({ current, next }, ctx) => {
      const account = await confirms(ctx.caller.userId, current, 'current');
      if (!account.ok) return account;
      if (current.normalize('NFC') === next.normalize('NFC'))
        return fail('weak_password', { fields: { next: 'field.password_same' } });
      return answered(await setPassword(deps.store(), ctx.caller, account.value, next, 'next', 'changed'));
    },

    'access.setPin': async ({ password, pin }, ctx) => {
      const account = await confirms(ctx.caller.userId, password, 'password');
      if (!account.ok) return account;
      const fine = pin === null ? ok('') : checkPin(pin);
      if (!fine.ok) return fine;
      const verifier = pin === null ? null : await verifierOf(pin);
      return deps.store().write(ctx.caller, (tx) => {
        tx.append(userPin, { id: account.value.id, body: { verifier } });
        return ok({});
      });
    },
  };
  return { handlers, recover, confirms };

  /** Guesses at an unlocked PC count like guesses at the login. */
  function confirms(userId: string, password: string, field: string): Promise<Result<Account>> {
    return deps.oneAtATime(() => confirmed(userId, password, field));
  }

  async function confirmed(userId: string, password: string, field: string): Promise<Result<Account>> {
    const account = deps.accounts().byId(userId);
    if (!account) return fail('not_logged_in');
    const refused = deps.lockout.refusal(account.username);
    if (refused) return refused;
    if (await matches(account.verifier, password)) return ok(account);
    deps.lockout.failed(account.username);
    deps.reportLockouts();
    return fail('wrong_password', { fields: { [field]: 'error.wrong_password' } });
  }

  async function recover(store: Store, username: string, password: string): Promise<Result<Account>> {
    const account = deps.accounts().byUsername(spelledUsername(username));
    if (!account) return fail('not_found', { fields: { username: 'field.unknown_account' } });
    if (!account.active) return fail('account_disabled');
    return setPassword(
      store,
      { userId: account.id, sessionId: null },
      account,
      password,
      'newPassword',
      'recovered',
    );
  }

  async function setPassword(
    store: Store,
    author: Author,
    account: Account,
    password: string,
    field: string,
    how: 'changed' | 'reset' | 'recovered',
  ): Promise<Result<Account>> {
    if (deps.fixedPasswords) return fail('not_allowed', { messageKey: 'error.training_password_fixed' });
    const fine = checkPassword(password, account.username, field);
    if (!fine.ok) return fine;
    const verifier = await verifierOf(fine.value);
    const mustChange = how === 'reset';
    const written = store.write(author, (tx) => {
      tx.append(userPassword, { id: account.id, body: { verifier, mustChange } });
      // whoever forgot or lost the password may have lost the PIN to the same person
      if (how !== 'changed' && account.pinVerifier !== null)
        tx.append(userPin, { id: account.id, body: { verifier: null } });
      // nobody was logged in: the audit must tell this from the person's own change
      if (how === 'recovered') tx.append(auditLogin, { id: randomUUID(), body: { how: 'recovery' } });
      return ok(null);
    });
    if (!written.ok) return written;
    const changed = { ...account, verifier, mustChange };
    await vault.keep(changed, fine.value);
    return ok(changed);
  }

  function anotherAdministrator(than: Account): boolean {
    return deps
      .accounts()
      .all()
      .some((a) => a.id !== than.id && isAdministrator(a));
  }
}

/** The first account of a center, in the transaction that founds it. */
export function createFirstAdministrator(
  tx: Tx,
  admin: { id: string; username: string; fullName: string; verifier: string },
): void {
  const { id, ...named } = admin;
  tx.append(userCreate, {
    id,
    body: { ...named, title: null, roles: ['quan_tri'], wards: [], mustChange: false },
  });
}

function userOf(account: Account, lastLoginAt: number | null): Output<'access.users'>[number] {
  const { id, username, fullName, title, roles: held, wards, active, pinVerifier, versions } = account;
  return {
    id: id as UserId,
    username,
    fullName,
    title,
    roles: [...held],
    wards: wards as Output<'access.users'>[number]['wards'],
    active,
    hasPin: pinVerifier !== null,
    lastLoginAt,
    versions: { ...versions },
  };
}

const administers = (a: { active: boolean; roles: readonly string[] }): boolean =>
  a.active && permissionsOf(a.roles).has('users.manage');
const isAdministrator = (account: Account): boolean => administers(account);

function unknownRoles(ids: readonly string[]): Result<never> | null {
  if (ids.every(isRole)) return null;
  return fail('bad_input', { fields: { roles: 'field.bad_value' } });
}

function isTaken(tx: Tx, username: string): boolean {
  return tx.sql.prepare('SELECT 1 FROM user_account WHERE username = ?').get(username) !== undefined;
}

type Editable = Pick<Account, 'fullName' | 'title' | 'roles' | 'wards' | 'active'>;

function changedFields(account: Account, set: Partial<Editable>) {
  const differs = (field: keyof Editable): boolean =>
    set[field] !== undefined && JSON.stringify(set[field]) !== JSON.stringify(account[field]);
  return {
    ...(differs('fullName') && { fullName: set.fullName }),
    ...(differs('title') && { title: set.title }),
    ...(differs('roles') && { roles: unique(set.roles ?? []) }),
    ...(differs('wards') && { wards: unique(set.wards ?? []) }),
    ...(differs('active') && { active: set.active }),
  };
}

const unique = (ids: readonly string[]): string[] => [...new Set(ids)];
const answered = (result: Result<unknown>): Result<Record<string, never>> => (result.ok ? ok({}) : result);

/** Names of roles for the audit, in the reader's language. */
export const roleNames = (ids: readonly string[], language: 'vi' | 'en'): string[] =>
  ids.map((id) => roleName(id, language));
