// The access room: accounts, roles, sessions, break-glass, audit, drafts. Half of it must answer before any store is
// open (login), so the room is made first and given the store when somebody's password has opened it.
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { Events, Method } from '../../shared/api/index.ts';
import type { Caller, HandlersOf, Log, People, VisitorHandlersOf } from '../store/room.ts';
import type { Store } from '../store/types.ts';
import { type Account, type Accounts, openAccounts } from './accounts.ts';
import { type Audit, openAudit } from './audit.ts';
import { openDoor } from './door.ts';
import { draftHandlers } from './drafts.ts';
import { openLockout } from './lockout.ts';
import { openOneAtATime } from './one-at-a-time.ts';
import { preferencesOf, savePreferences } from './preferences.ts';
import { callerOf, openSessions } from './sessions.ts';
import { openStaff } from './staff.ts';
import type { Vault } from './vault.ts';

export { spelledUsername } from './accounts.ts';
export { dropDraft } from './drafts.ts';
export { checkPassword, verifierOf } from './passwords.ts';
export { model } from './projections.ts';
export { namesEverOf, rolesEverOf } from './roles-held.ts';
export { createFirstAdministrator } from './staff.ts';
export type { KeyHolder, Vault } from './vault.ts';

type VisitorMethod =
  | 'access.session'
  | 'access.login'
  | 'access.loginWithPin'
  | 'access.lock'
  | 'access.unlock'
  | 'access.logout';
type OpenMethod =
  | 'access.touch'
  | 'access.changePassword'
  | 'access.setPin'
  | 'access.savePreferences'
  | 'access.roles'
  | 'access.users'
  | 'access.createUser'
  | 'access.updateUser'
  | 'access.resetPassword'
  | 'access.breakGlass'
  | 'access.auditOfPatient'
  | 'access.audit'
  | 'drafts.save'
  | 'drafts.list'
  | 'drafts.discard';

export interface AccessNeeds {
  readonly dataDir: string;
  readonly mode: 'real' | 'training';
  readonly vault: Vault;
  autoLockMinutes(): number;
  stationName(stationId: string): string;
  patientNames(patientIds: readonly string[]): ReadonlyMap<string, string>;
  tell(client: string, reason: Events['session']['reason']): void;
  now(): number;
  readonly log: Log;
}

export interface Access {
  readonly visitorHandlers: VisitorHandlersOf<VisitorMethod>;
  /** Once, when the store is open: what can be answered from then on. */
  attach(store: Store): HandlersOf<OpenMethod>;
  /** Names for "who wrote this", as of the last commit. */
  readonly people: People;
  signedIn(client: string): { caller: Caller; locked: boolean; mustChangePassword: boolean } | null;
  touch(client: string): void;
  /** The page of a session that has not ended. */
  clientOf(sessionId: string): string | null;
  /** Everybody who has an account, active or not; none while no store is open. */
  accounts(): readonly Account[];
  /** Somebody is logged in at some page and has not locked it. */
  anyoneAtWork(): boolean;
  glassBroken(caller: Caller, patientId: string): boolean;
  logRead(caller: Caller, method: Method, patientId: string | null, breakGlass: boolean): void;
  /** For the recovery key: the store is open already. */
  recover(username: string, newPassword: string): Promise<Result<null>>;
  /** Whether this is the caller's own password; `field` is the input field it came in. */
  confirms(userId: string, password: string, field: string): Promise<Result<unknown>>;
  /** Who came in on this PC, latest first. */
  recentUsers(): readonly string[];
  /** Locks idle sessions. */
  sweep(): void;
}

export function openAccess(needs: AccessNeeds): Access {
  const { vault, now, log } = needs;
  let accounts: Accounts | null = null;
  let audit: Audit | null = null;
  let attached: Store | null = null;

  const opened = (): Store => {
    if (!attached) throw new Error('the access room has no store yet');
    return attached;
  };
  const knownAccounts = (): Accounts => {
    if (!accounts) throw new Error('the access room has no store yet');
    return accounts;
  };
  const languageOf = (userId: string) => preferencesOf(attached, userId).language;

  const lockout = openLockout(needs.dataDir, now, log);
  const oneAtATime = openOneAtATime();
  const sessions = openSessions({
    now,
    account: (userId) => accounts?.byId(userId),
    autoLockMinutes: needs.autoLockMinutes,
    tell: needs.tell,
  });
  const door = openDoor({
    vault,
    accounts: () => accounts,
    sessions,
    lockout,
    oneAtATime,
    preferencesOf: (userId) => preferencesOf(attached, userId),
    autoLockMinutes: needs.autoLockMinutes,
    now,
    log,
  });
  const staff = openStaff({
    vault,
    store: opened,
    accounts: knownAccounts,
    lockout,
    oneAtATime,
    reportLockouts: () => door.reportLockouts(opened()),
    languageOf,
    fixedPasswords: needs.mode === 'training',
  });
  const people: People = {
    nameOf: (userId) => (userId === null ? '' : (accounts?.byId(userId)?.fullName ?? '')),
    titleOf: (userId) => (userId === null ? null : (accounts?.byId(userId)?.title ?? null)),
    stationName: needs.stationName,
  };

  return {
    visitorHandlers: door.handlers,
    people,
    attach,
    signedIn(client) {
      const session = sessions.at(client);
      if (!session) return null;
      return {
        caller: callerOf(session),
        locked: session.locked,
        mustChangePassword: session.account.mustChange,
      };
    },
    touch: sessions.touch,
    clientOf: sessions.clientOf,
    accounts: () => accounts?.all() ?? [],
    anyoneAtWork: sessions.anyoneAtWork,
    glassBroken: (caller, patientId) => audit?.glassBroken(caller, patientId) ?? false,
    logRead: (...read) => audit?.logRead(...read),
    async recover(username, newPassword) {
      const done = await staff.recover(opened(), username, newPassword);
      if (!done.ok) return done;
      lockout.passed(done.value.username);
      return ok(null);
    },
    confirms: staff.confirms,
    recentUsers: lockout.recent,
    sweep: sessions.sweep,
  };

  function attach(store: Store): HandlersOf<OpenMethod> {
    const mine = openAccounts(store);
    const trail = openAudit({
      store,
      accounts: mine,
      people,
      languageOf,
      patientNames: needs.patientNames,
      now,
      log,
    });
    attached = store;
    accounts = mine;
    audit = trail;
    const forgetDisabled = (): void => {
      for (const account of mine.all()) if (!account.active) vault.forget(account.id);
    };
    lockout.attach(store);
    door.reportLockouts(store);
    // the power may have gone between disabling an account and taking its key away
    forgetDisabled();
    store.onCommit(({ types }) => {
      if (!types.has('user')) return;
      mine.refresh();
      forgetDisabled();
      sessions.sweep();
    });
    return {
      ...staff.handlers,
      ...trail.handlers,
      ...draftHandlers({ store, patientNames: needs.patientNames }),
      'access.touch': () => ok({}), // the router has touched the session already: this is a command
      'access.savePreferences': (set, ctx) => {
        const saved = savePreferences(store, ctx.caller.userId, set);
        const account = mine.byId(ctx.caller.userId);
        if (!saved.ok) return saved;
        if (!account) return fail('not_logged_in');
        return ok({ session: door.sessionOf({ sessionId: ctx.caller.sessionId, account, locked: false }) });
      },
    };
  }
}
