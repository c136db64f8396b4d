// Reads accounts for login, the people screen and "who wrote this". All accounts of a center (hundreds) are kept in
// memory and read again after every commit that touched one.
import * as z from 'zod';
import type { Permission } from '../../shared/api/permissions.ts';
import { isRole, permissionsOf } from '../../shared/codes/roles.ts';
import type { Store } from '../store/types.ts';

export interface Account {
  readonly id: string;
  readonly username: string;
  readonly fullName: string;
  readonly title: string | null;
  readonly roles: readonly string[];
  readonly wards: readonly string[];
  readonly active: boolean;
  readonly mustChange: boolean;
  readonly verifier: string;
  readonly pinVerifier: string | null;
  readonly versions: Readonly<Record<string, string>>;
  readonly permissions: ReadonlySet<Permission>;
}

export interface Accounts {
  byId(id: string): Account | undefined;
  byUsername(username: string): Account | undefined;
  all(): readonly Account[];
  lastLogins(): ReadonlyMap<string, number>;
  refresh(): void;
}

interface Row {
  id: string;
  username: string;
  fullName: string;
  title: string | null;
  roles: string;
  wards: string;
  active: number;
  mustChange: number;
  verifier: string;
  pinVerifier: string | null;
  versions: string;
}

const Strings = z.array(z.string());
const Versions = z.record(z.string(), z.string());

export function openAccounts(store: Store): Accounts {
  const everyone = store.sql.prepare<[], Row>(
    `SELECT id, username, full_name AS fullName, title, roles, wards, active, must_change AS mustChange,
            verifier, pin_verifier AS pinVerifier, versions
       FROM user_account ORDER BY username, created`,
  );
  const lastLogin = store.sql.prepare<[], { author: string; at: number }>(
    `SELECT author, max(at) AS at FROM audit_event
      WHERE author IS NOT NULL AND action = 'login' GROUP BY author`,
  );
  let byId = new Map<string, Account>();
  let byUsername = new Map<string, Account>();
  refresh();

  return {
    byId: (id) => byId.get(id),
    byUsername: (username) => byUsername.get(username),
    all: () => [...byId.values()],
    lastLogins: () => new Map(lastLogin.all().map((row) => [row.author, row.at])),
    refresh,
  };

  function refresh(): void {
    const accounts = everyone.all().map(accountOf);
    byId = new Map(accounts.map((a) => [a.id, a]));
    byUsername = new Map();
    // two PCs may have given one name away while apart: the older account keeps it
    for (const account of accounts)
      if (!byUsername.has(account.username)) byUsername.set(account.username, account);
  }
}

function accountOf(row: Row): Account {
  const roles = Strings.parse(JSON.parse(row.roles));
  return {
    ...row,
    roles,
    wards: Strings.parse(JSON.parse(row.wards)),
    active: row.active === 1,
    mustChange: row.mustChange === 1,
    versions: Versions.parse(JSON.parse(row.versions)),
    permissions: permissionsOf(roles.filter(isRole)),
  };
}

/** How a name is typed at login: spaces and capitals do not matter. */
export const spelledUsername = (typed: string): string => typed.trim().toLowerCase();
