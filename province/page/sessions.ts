// Who is logged in at the admin page. In the database, so that every process knows them; the token itself is only in
// the browser's cookie, so a copy of the database lets nobody in.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { sha256 } from '../bytes.ts';
import type { Database, Row } from '../database/types.ts';
import type { AdminRight } from '../types.ts';

/** Left alone for so long; a page that refreshes by itself does not count. */
const idleMs = 30 * 60_000;
const longestMs = 12 * 3_600_000;
const cookieName = 'tram_province';

export interface Session {
  readonly name: string;
  readonly rights: readonly AdminRight[];
  readonly mustChange: boolean;
  /** Comes back with every form: another site cannot know it. */
  readonly csrf: string;
  readonly tokenHash: Buffer;
}

export async function beginSession(db: Database, name: string, now: number): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await db.query('delete from admin_session where seen_at < $1 or made_at < $2', [
    now - idleMs,
    now - longestMs,
  ]);
  await db.query('insert into admin_session (token_hash, name, made_at, seen_at) values ($1, $2, $3, $3)', [
    sha256(token),
    name,
    now,
  ]);
  return token;
}

/** `touch`: somebody is there, not only the page's own clock. */
export async function sessionOf(
  db: Database,
  request: IncomingMessage,
  now: number,
  touch: boolean,
): Promise<Session | null> {
  const token = cookieOf(request);
  if (token === null) return null;
  const tokenHash = sha256(token);
  const [row] = await db.query<
    Row & { name: string; must_change: boolean; rights: AdminRight[]; seen_at: number }
  >(
    `select a.name, a.must_change, a.rights, s.seen_at from admin_session s join admin a on a.name = s.name
     where s.token_hash = $1 and not a.disabled and s.seen_at > $2 and s.made_at > $3`,
    [tokenHash, now - idleMs, now - longestMs],
  );
  if (!row) return null;
  if (touch && now - row.seen_at > 10_000)
    await db.query('update admin_session set seen_at = $2 where token_hash = $1', [tokenHash, now]);
  return {
    name: row.name,
    rights: row.rights,
    mustChange: row.must_change,
    csrf: csrfOf(token),
    tokenHash,
  };
}

export async function endSession(db: Database, session: Session): Promise<void> {
  await db.query('delete from admin_session where token_hash = $1', [session.tokenHash]);
}

/** After a new password: whoever came in by the old one is out. */
export async function endOthers(db: Database, session: Session): Promise<void> {
  await db.query('delete from admin_session where name = $1 and token_hash <> $2', [
    session.name,
    session.tokenHash,
  ]);
}

export const isCsrf = (session: Session, given: string): boolean => {
  const [ours, theirs] = [Buffer.from(session.csrf), Buffer.from(given)];
  return ours.length === theirs.length && timingSafeEqual(ours, theirs);
};

/** The proxy in front says whether the browser came by TLS; on loopback there is none. */
export const cookieFor = (request: IncomingMessage, token: string | null): string =>
  [
    `${cookieName}=${token ?? ''}`,
    'HttpOnly',
    'SameSite=Strict',
    'Path=/',
    `Max-Age=${token === null ? 0 : longestMs / 1000}`,
    ...(request.headers['x-forwarded-proto'] === 'https' ? ['Secure'] : []),
  ].join('; ');

const csrfOf = (token: string): string => createHmac('sha256', token).update('csrf').digest('base64url');

function cookieOf(request: IncomingMessage): string | null {
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim().split('='))
    .find(([name]) => name === cookieName);
  const token = found?.[1] ?? '';
  return /^[A-Za-z0-9_-]{43}$/.test(token) ? token : null;
}
