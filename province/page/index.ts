// The admin page: one HTML page per screen, made on the server; forms that post and go back. Works without script;
// the only script there is keeps numbers fresh.
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sha256 } from '../bytes.ts';
import { countsOf, keyText, type PairState, poisoned, suggestions } from '../identity/index.ts';
import type { AdminRight, Log, PageAnswer, Province } from '../types.ts';
import { version } from '../version.ts';
import { type Acted, acts } from './acts.ts';
import { framed, type Screen } from './frame.ts';
import { html } from './html.ts';
import { metricsText } from './metrics.ts';
import { goTo, isFromHere, readForm, send } from './request.ts';
import { loginScreen, passwordScreen } from './screens/account.ts';
import { centerScreen } from './screens/center.ts';
import { centersScreen } from './screens/centers.ts';
import { adminsScreen, auditScreen, type LookupEntry, lookupsScreen } from './screens/lists.ts';
import { pairsOnPage, peopleScreen } from './screens/people.ts';
import { script } from './script.ts';
import {
  beginSession,
  cookieFor,
  endOthers,
  endSession,
  isCsrf,
  type Session,
  sessionOf,
} from './sessions.ts';
import { style } from './style.ts';

/** Checking a password takes 19 MiB and a thread; more at once would take the stations' share. */
const mostLogins = 4;
const listed = 200;

export interface PageParts {
  readonly log: Log;
  readonly metricsToken: string | null;
  now(): number;
}

interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
}

export function adminPage(province: Province, { log, metricsToken, now }: PageParts): PageAnswer {
  const db = province.database;
  let loginsNow = 0;

  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://page');
    const visit = { request, response, url };
    if (url.pathname === '/metrics') await metrics(visit);
    else if (url.pathname === '/style.css') send(response, 200, 'text/css', style);
    else if (url.pathname === '/page.js') send(response, 200, 'text/javascript', script);
    else if (url.pathname === '/favicon.ico') response.writeHead(204).end();
    else if (request.method === 'GET' || request.method === 'HEAD') await show(visit);
    else if (request.method === 'POST') await act(visit);
    else send(response, 405, 'text/plain', 'method not allowed\n', { allow: 'GET, POST' });
    return true;
  };

  // --- showing ---

  async function show({ request, response, url }: Visit): Promise<void> {
    const isRefresh = request.headers['x-refresh'] !== undefined;
    const session = await sessionOf(db, request, now(), !isRefresh);
    if (!session) {
      if (url.pathname === '/login') return page(response, 200, loginScreen(''), null, url);
      return goTo(response, '/login');
    }
    if (url.pathname === '/login') return goTo(response, '/');
    if (session.mustChange || url.pathname === '/password') {
      if (url.pathname !== '/password') return goTo(response, '/password');
      return page(response, 200, passwordScreen(session.csrf, session.mustChange), session, url);
    }
    const screen = await screenAt(url, session, isRefresh);
    if (screen === 'not_allowed')
      return page(
        response,
        403,
        nothing('Không có quyền', 'Tài khoản của bạn không xem được trang này.'),
        session,
        url,
      );
    if (!screen)
      return page(
        response,
        404,
        nothing('Không có trang này', 'Địa chỉ này không có trang nào.'),
        session,
        url,
      );
    page(response, 200, screen, session, url);
  }

  async function screenAt(
    url: URL,
    session: Session,
    isRefresh: boolean,
  ): Promise<Screen | 'not_allowed' | null> {
    const { csrf, name } = session;
    const may = (right: AdminRight): boolean => session.rights.includes(right);
    const at = now();
    const { admin } = province;
    switch (url.pathname) {
      case '/':
        return centersScreen(await admin.centers(), { csrf, mayChange: may('stations'), now: at });
      case '/people':
        return may('identities') ? await people(url, session, isRefresh) : 'not_allowed';
      case '/lookups':
        return may('identities') ? lookupsScreen(await lookups()) : 'not_allowed';
      case '/audit':
        return auditScreen(await admin.audit(listed));
      case '/admins':
        return may('administrators')
          ? adminsScreen(await admin.admins(), { csrf, name, now: at })
          : 'not_allowed';
      default:
        return await center(url.pathname, { csrf, mayChange: may('stations'), now: at });
    }
  }

  async function center(
    path: string,
    by: { csrf: string; mayChange: boolean; now: number },
  ): Promise<Screen | null> {
    const number = Number(/^\/center\/(\d{1,9})$/.exec(path)?.[1] ?? Number.NaN);
    const { admin } = province;
    const facts = (await admin.centers()).find((one) => one.center === number);
    if (!facts) return null;
    const unused = await poisoned(db, number, listed);
    const view = {
      center: facts,
      stations: await admin.stations(number),
      codes: await admin.codes(number),
      quarantined: await admin.quarantined(number, listed),
      sealed: await admin.sealed(number),
      poisoned: unused,
      opensslMissing: province.facts().openssl === null,
    };
    return centerScreen(view, by);
  }

  async function people(url: URL, { csrf, name }: Session, isRefresh: boolean): Promise<Screen> {
    const asked = url.searchParams.get('state');
    const state = states.find((one) => one === asked) ?? 'open';
    const page = Math.max(1, Math.trunc(Number(url.searchParams.get('page') ?? 1)) || 1);
    const counts = await countsOf(db);
    const pairs = await suggestions(db, state, pairsOnPage, (Math.min(page, 100_000) - 1) * pairsOnPage);
    // it shows who patients are, and so is a read of the record; the page's own refreshing is not somebody looking again
    if (pairs.length > 0 && !isRefresh)
      await note(
        name,
        'person.view',
        pairs.flatMap(({ a, b }) => [keyText(a), keyText(b)]),
      );
    return peopleScreen(pairs, { state, page, counts, csrf, now: now() });
  }

  async function lookups(): Promise<LookupEntry[]> {
    return await db.query<LookupEntry & Record<string, unknown>>(
      `select l.at, c.name as center, coalesce(s.name, encode(l.station, 'hex')) as station, l.user_id as "user", l.asked_by as "askedBy",
         cardinality(l.answered)::int4 as answered, l.allowed
       from person_lookup l join center c on c.number = l.center left join station s on s.id = l.station
       order by l.id desc limit $1`,
      [listed],
    );
  }

  // --- acting ---

  async function act({ request, response, url }: Visit): Promise<void> {
    const form = isFromHere(request) ? await readForm(request) : null;
    if (!form)
      return page(
        response,
        403,
        nothing('Không nhận', 'Biểu mẫu này không đến từ trang quản trị.'),
        null,
        url,
      );
    if (url.pathname === '/login') return await login(request, response, form, url);
    const session = await sessionOf(db, request, now(), true);
    if (!session) return goTo(response, '/login');
    if (!isCsrf(session, form.get('csrf') ?? '')) return goTo(response, '/?error=old_form');
    if (url.pathname === '/logout') {
      await endSession(db, session);
      return goTo(response, '/login', { 'set-cookie': cookieFor(request, null) });
    }
    if (url.pathname === '/password') return await changePassword(response, form, session);
    if (session.mustChange) return goTo(response, '/password');
    for (const one of acts) {
      const [, ...parts] = one.path.exec(url.pathname) ?? [];
      if (!one.path.test(url.pathname)) continue;
      if (!session.rights.includes(one.right)) return goTo(response, '/?error=not_allowed');
      return answer(
        await one.run({ province, by: session.name, form, parts, now: now() }),
        response,
        session,
        url,
      );
    }
    page(response, 404, nothing('Không có trang này', 'Địa chỉ này không có trang nào.'), session, url);
  }

  async function login(
    request: IncomingMessage,
    response: ServerResponse,
    form: URLSearchParams,
    url: URL,
  ): Promise<void> {
    const name = (form.get('name') ?? '').trim().slice(0, 60);
    const again = (status: number, error: string): void =>
      page(response, status, loginScreen(name), null, url, error);
    if (loginsNow >= mostLogins) return again(503, 'too_busy');
    loginsNow++;
    try {
      const known = await province.admin.login(name, (form.get('password') ?? '').slice(0, 400));
      log(known.ok ? 'info' : 'warn', 'admin_login', { refused: known.ok ? null : known.error.code });
      if (!known.ok) return again(401, known.error.code);
      await note(known.value.name, 'admin.login', [known.value.name]);
      const token = await beginSession(db, known.value.name, now());
      goTo(response, known.value.mustChange ? '/password' : '/', { 'set-cookie': cookieFor(request, token) });
    } finally {
      loginsNow--;
    }
  }

  async function note(by: string, action: string, subjects: readonly string[]): Promise<void> {
    await db.transaction((tx) =>
      tx.query('insert into audit (at, by, action, subject) values ($1, $2, $3, $4)', [
        now(),
        by,
        action,
        subjects.join(' '),
      ]),
    );
  }

  async function changePassword(
    response: ServerResponse,
    form: URLSearchParams,
    session: Session,
  ): Promise<void> {
    const [old, next] = [form.get('old') ?? '', form.get('next') ?? ''];
    if (next !== form.get('again')) return goTo(response, '/password?error=passwords_differ');
    const changed = await province.admin.changePassword(session.name, old, next);
    if (!changed.ok) return goTo(response, `/password?error=${changed.error.code}`);
    await endOthers(db, session);
    goTo(response, '/?done=password');
  }

  function answer(acted: Acted, response: ServerResponse, session: Session, url: URL): void {
    if (!('goTo' in acted)) {
      page(response, 200, acted, session, url);
      return;
    }
    const { goTo: path, done, error } = acted;
    const word = error === undefined ? `done=${done ?? ''}` : `error=${error}`;
    goTo(response, `${path}${path.includes('?') ? '&' : '?'}${word}`);
  }

  function page(
    response: ServerResponse,
    status: number,
    screen: Screen,
    session: Session | null,
    url: URL,
    error = url.searchParams.get('error'),
  ): void {
    const around = { provinceName: province.name, version, session, error };
    send(response, status, 'text/html', framed(screen, { ...around, done: url.searchParams.get('done') }));
  }

  async function metrics({ request, response }: Visit): Promise<void> {
    if (metricsToken !== null && !isToken(request.headers.authorization ?? '', metricsToken))
      return send(response, 401, 'text/plain', 'token expected\n', { 'www-authenticate': 'Bearer' });
    const text = metricsText(province.facts(), await province.admin.centers(), version);
    response
      .writeHead(200, {
        'content-type': 'text/plain; version=0.0.4; charset=utf-8',
        'cache-control': 'no-store',
      })
      .end(text);
  }
}

const states = ['open', 'linked', 'refused'] as const satisfies readonly PairState[];

const nothing = (title: string, text: string): Screen => ({
  title,
  body: html`<p class="box">${text}</p><p><a href="/">Về trang đầu</a></p>`,
});

const isToken = (sent: string, token: string): boolean =>
  timingSafeEqual(sha256(sent), sha256(`Bearer ${token}`));
