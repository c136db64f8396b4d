// Who may use the admin page. Wrong passwords lock a name for a while, counted in the database so that it holds
// across processes.
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { Database, Row, Sql } from '../database/types.ts';
import type { AdminRight } from '../types.ts';
import { isAcceptable, matches, pretendToCheck, randomPassword, verifierOf } from './passwords.ts';

const maxTries = 5;
const lockedMs = 15 * 60_000;
const firstName = 'admin';

interface AdminRow extends Row {
  readonly name: string;
  readonly password_hash: string;
  readonly must_change: boolean;
  readonly disabled: boolean;
  readonly locked_until: number | null;
}

/** Makes the first administrator when there is none; answers the password, which is kept nowhere. */
export async function firstAdministrator(db: Database, now: number): Promise<string | null> {
  const [there] = await db.query<Row>('select name from admin limit 1');
  if (there) return null;
  const password = randomPassword();
  const made = await db.query<Row>(
    `insert into admin (name, password_hash, must_change, made_at) values ($1, $2, true, $3)
     on conflict do nothing returning name`,
    [firstName, await verifierOf(password), now],
  );
  return made.length > 0 ? password : null;
}

export async function login(
  db: Database,
  name: string,
  password: string,
  now: number,
): Promise<Result<{ name: string; mustChange: boolean }>> {
  const [row] = await db.query<AdminRow>(
    'select name, password_hash, must_change, disabled, locked_until from admin where name = $1',
    [name.toLowerCase()],
  );
  if (!row) {
    await pretendToCheck(password);
    return fail('wrong_password');
  }
  if (row.locked_until !== null && row.locked_until > now) return fail('account_locked');
  if (!(await matches(row.password_hash, password))) {
    await db.query(
      `update admin set wrong_tries = case when wrong_tries + 1 >= $2 then 0 else wrong_tries + 1 end,
         locked_until = case when wrong_tries + 1 >= $2 then $3::int8 else locked_until end where name = $1`,
      [row.name, maxTries, now + lockedMs],
    );
    return fail('wrong_password');
  }
  if (row.disabled) return fail('account_disabled');
  await db.query(
    'update admin set wrong_tries = 0, locked_until = null, last_login_at = $2 where name = $1',
    [row.name, now],
  );
  return ok({ name: row.name, mustChange: row.must_change });
}

export async function changePassword(
  db: Database,
  name: string,
  old: string,
  next: string,
  now: number,
): Promise<Result<null>> {
  const known = await login(db, name, old, now);
  if (!known.ok) return known;
  if (old === next || !isAcceptable(next, known.value.name)) return fail('weak_password');
  await db.query('update admin set password_hash = $2, must_change = false where name = $1', [
    known.value.name,
    await verifierOf(next),
  ]);
  return ok(null);
}

export async function createAdmin(
  db: Database,
  name: string,
  password: string,
  now: number,
  rights: readonly AdminRight[],
): Promise<Result<null>> {
  const plain = name.trim().toLowerCase();
  if (!/^[a-z0-9][a-z0-9._-]{1,38}$/.test(plain))
    return fail('bad_input', { fields: { name: 'field.bad_value' } });
  if (!isAcceptable(password, plain)) return fail('weak_password');
  const made = await db.query<Row>(
    `insert into admin (name, password_hash, must_change, made_at, rights) values ($1, $2, true, $3, $4::text[])
     on conflict do nothing returning name`,
    [plain, await verifierOf(password), now, rights],
  );
  return made.length > 0 ? ok(null) : fail('username_taken');
}

/** For whoever has a shell on the server; answers the new password, null when nobody has this name. */
export async function resetPassword(db: Database, name: string, now: number): Promise<string | null> {
  const password = randomPassword();
  const rows = await db.query<Row>(
    `update admin set password_hash = $2, must_change = true, disabled = false, wrong_tries = 0, locked_until = null
     where name = $1 returning name`,
    [name.toLowerCase(), await verifierOf(password)],
  );
  if (rows.length === 0) return null;
  await db.query('insert into audit (at, by, action, subject) values ($1, $2, $3, $4)', [
    now,
    'command line',
    'admin.reset',
    name.toLowerCase(),
  ]);
  return password;
}

export async function disableAdmin(db: Database, name: string): Promise<Result<null>> {
  return await changed(db, name, false, (tx) =>
    tx.query('update admin set disabled = true where name = $1', [name]),
  );
}

export async function setRights(
  db: Database,
  name: string,
  rights: readonly AdminRight[],
): Promise<Result<null>> {
  return await changed(db, name, rights.includes('administrators'), (tx) =>
    tx.query('update admin set rights = $2::text[] where name = $1', [name, rights]),
  );
}

/** Somebody must stay who can let others in. */
async function changed(
  db: Database,
  name: string,
  staysAdministrator: boolean,
  work: (tx: Sql) => Promise<unknown>,
): Promise<Result<null>> {
  return await db.transaction(async (tx): Promise<Result<null>> => {
    const rows = await tx.query<{ name: string; disabled: boolean; rights: AdminRight[] }>(
      'select name, disabled, rights from admin order by name for update',
    );
    if (!rows.some((row) => row.name === name)) return fail('not_found');
    const others = rows.filter(
      (row) => row.name !== name && !row.disabled && row.rights.includes('administrators'),
    );
    if (!staysAdministrator && others.length === 0) return fail('last_administrator');
    await work(tx);
    return ok(null);
  });
}
