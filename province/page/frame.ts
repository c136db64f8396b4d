// What stands around every screen of the page: head, menu, what was just done or went wrong.
import type { AdminRight } from '../types.ts';
import { html, type Markup } from './html.ts';
import type { Session } from './sessions.ts';
import { doneWords, errorWords } from './words.ts';

export interface Screen {
  readonly title: string;
  readonly body: Markup;
  /** Path of the menu entry this screen belongs to. */
  readonly at?: string;
}

export interface Around {
  readonly provinceName: string;
  readonly version: string;
  readonly session: Session | null;
  /** Key of what was just done, key of what went wrong. */
  readonly done: string | null;
  readonly error: string | null;
}

const menu: readonly { path: string; text: string; right: AdminRight | null }[] = [
  { path: '/', text: 'Các trung tâm', right: null },
  { path: '/people', text: 'Hồ sơ có thể trùng', right: 'identities' },
  { path: '/lookups', text: 'Lượt tra cứu', right: 'identities' },
  { path: '/audit', text: 'Nhật ký quản trị', right: null },
  { path: '/admins', text: 'Người quản trị', right: 'administrators' },
];

export function framed({ title, body, at }: Screen, around: Around): string {
  const { session, provinceName, version, done, error } = around;
  const doneText = done === null ? null : doneWords[done];
  const errorText = error === null ? null : (errorWords[error] ?? 'Không làm được. Hãy thử lại.');
  return `<!doctype html>\n${
    html`<html lang="vi"><head><meta charset="utf-8"><title>${title} – ${provinceName}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/style.css"><script src="/page.js" defer></script></head>
<body><a class="skip" href="#main">Đến nội dung chính</a>
${session ? head(provinceName, session, at) : null}
<main id="main"><h1>${title}</h1>
${doneText && html`<p class="say good" role="status">${doneText}</p>`}
${errorText && html`<p class="say bad" role="alert">${errorText}</p>`}
${body}</main>
<footer><p>${provinceName}. Phiên bản ${version}. <span id="fresh"></span></p></footer></body></html>`.markup
  }`;
}

function head(provinceName: string, session: Session, at: string | undefined): Markup {
  const { name, csrf, rights, mustChange } = session;
  const entries = mustChange ? [] : menu.filter(({ right }) => right === null || rights.includes(right));
  return html`<header><strong>${provinceName}</strong><nav aria-label="Các trang">${entries.map(
    ({ path, text }) =>
      path === at
        ? html`<a href="${path}" aria-current="page">${text}</a>`
        : html`<a href="${path}">${text}</a>`,
  )}</nav><div class="who"><a href="/password">${name}: đổi mật khẩu</a>
<form method="post" action="/logout">${token(csrf)}<button>Đăng xuất</button></form></div></header>`;
}

export const token = (csrf: string): Markup => html`<input type="hidden" name="csrf" value="${csrf}">`;
