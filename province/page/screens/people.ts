// Two records that may be one person's, side by side: what agrees, what does not, and a decision with its reason that
// can always be taken back.
import { formatPartialDate } from '../../../shared/identity/partial-date.ts';
import { formatDateTime } from '../../../shared/time/vietnam.ts';
import {
  type Action,
  keyText,
  type PairState,
  type PersonSide,
  type Suggestion,
  speaksAgainst,
  speaksFor,
} from '../../identity/index.ts';
import { type Screen, token } from '../frame.ts';
import { html, type Markup } from '../html.ts';
import { count, decisionWords, moment, numberWords, reasonWords, sexWords } from '../words.ts';

export const pairsOnPage = 10;

const tabs: readonly [PairState, string][] = [
  ['open', 'Chờ quyết định'],
  ['linked', 'Cùng một người'],
  ['refused', 'Không phải một người'],
];

export function peopleScreen(
  all: readonly Suggestion[],
  view: {
    readonly state: PairState;
    readonly page: number;
    readonly counts: Readonly<Record<PairState, number>>;
    readonly csrf: string;
    readonly now: number;
  },
): Screen {
  const { state, page, counts } = view;
  const pages = Math.max(1, Math.ceil(counts[state] / pairsOnPage));
  return {
    title: 'Hồ sơ có thể trùng',
    at: '/people',
    body: html`<p>Hồ sơ ở các trung tâm khác nhau có thể là của cùng một người. Máy chỉ gợi ý; bạn quyết định, và lúc nào cũng rút lại được. Không hồ sơ nào bị sửa.</p>
<nav class="tabs" id="tabs" data-live aria-label="Tình trạng">${tabs.map(([one, text]) =>
      one === state
        ? html`<a href="/people?state=${one}" aria-current="page">${text}: ${count(counts[one])}</a>`
        : html`<a href="/people?state=${one}">${text}: ${count(counts[one])}</a>`,
    )}</nav>
${all.length === 0 ? html`<p class="box">Không có cặp nào.</p>` : all.map((pair) => card(pair, view))}
${
  pages > 1 &&
  html`<nav class="tabs" aria-label="Trang">${page > 1 && html`<a href="/people?state=${state}&page=${page - 1}">← Trang trước</a>`}
<span>Trang ${page} trên ${pages}</span>${page < pages && html`<a href="/people?state=${state}&page=${page + 1}">Trang sau →</a>`}</nav>`
}`,
  };
}

function card(pair: Suggestion, view: { readonly csrf: string; readonly now: number }): Markup {
  const [left, right] = pair.sides;
  const id = `${keyText(pair.a)}-${keyText(pair.b)}`.replaceAll('/', '_');
  const title = `${left?.fullName ?? '?'} và ${right?.fullName ?? '?'}`;
  return html`<article class="box" aria-labelledby="t-${id}"><h2 id="t-${id}">${title}</h2>
<div class="why">${pair.score !== null && html`<span class="tag good">${pair.score} điểm</span>`}${speaksFor(
    pair.reasons,
  ).map((reason) => html`<span class="tag good">${reasonWords[reason].same}</span>`)}${speaksAgainst(
    pair.reasons,
  ).map((reason) => html`<span class="tag warn">${reasonWords[reason].differs}</span>`)}</div>
<table class="two"><thead><tr><th scope="col">Mục</th><th scope="col">${left?.centerName}</th><th scope="col">${right?.centerName}</th></tr></thead>
<tbody>${rows.map(({ text, of, ownToEach }) => {
    const [a, b] = [left && of(left), right && of(right)];
    return html`<tr class="${!ownToEach && a !== b && 'differs'}"><th scope="row">${text}</th><td>${a ?? '–'}</td><td>${b ?? '–'}</td></tr>`;
  })}</tbody></table>
${pair.others.length > 0 && html`<p>Trong nhóm này còn ${count(pair.others.length)} hồ sơ khác đã được xác nhận cùng một người.</p>`}
${history(pair, view.now)}${forms(pair, view.csrf, title)}</article>`;
}

interface PairRow {
  readonly text: string;
  of(person: PersonSide): string | null;
  /** Never the same in two centers, so a difference says nothing. */
  readonly ownToEach?: boolean;
}

const rows: readonly PairRow[] = [
  { text: 'Họ và tên', of: (p) => (p.unidentified ? `${p.fullName} (chưa rõ danh tính)` : p.fullName) },
  { text: 'Ngày sinh', of: (p) => p.birthDate && formatPartialDate(p.birthDate) },
  { text: 'Giới tính', of: (p) => p.sex && (sexWords[p.sex] ?? p.sex) },
  { text: 'Căn cước', of: (p) => numbers(p, (type) => type === 'cccd') },
  { text: 'Thẻ BHYT', of: (p) => numbers(p, (type) => type === 'bhyt') },
  { text: 'Giấy tờ khác', of: (p) => numbers(p, (type) => type !== 'bhyt' && type !== 'cccd') },
  { text: 'Địa chỉ', of: (p) => p.address },
  { text: 'Số hồ sơ tại trung tâm', of: (p) => p.recordNumber, ownToEach: true },
  { text: 'Sửa gần nhất', of: (p) => formatDateTime(p.writtenAt), ownToEach: true },
];

function numbers(person: PersonSide, wanted: (type: string) => boolean): string | null {
  const texts = person.numbers
    .filter(({ type }) => wanted(type))
    .map(({ type, shown, ended }) => {
      const name = type === 'cccd' || type === 'bhyt' ? '' : `${numberWords[type] ?? type} `;
      return `${name}${shown}${ended ? ' (không còn dùng)' : ''}`;
    });
  return texts.length === 0 ? null : texts.join(', ');
}

const history = ({ decisions }: Suggestion, now: number): Markup | null =>
  decisions.length === 0
    ? null
    : html`<details><summary>Đã quyết định ${count(decisions.length)} lần</summary><ul>${decisions.map(
        ({ action, by, at, reason }) =>
          html`<li>${moment(at, now)}, ${by}: ${decisionWords[action]}. Lý do: ${reason}</li>`,
      )}</ul></details>`;

function forms(pair: Suggestion, csrf: string, title: string): Markup {
  const actions: readonly [Action, string, string][] =
    pair.state === 'open'
      ? [
          ['link', 'Cùng một người', 'main'],
          ['refuse', 'Không phải một người', ''],
        ]
      : [['take_back', 'Rút lại quyết định', '']];
  return html`<form method="post" action="/people/decide" class="row" aria-label="Quyết định: ${title}">${token(csrf)}
<input type="hidden" name="a" value="${keyText(pair.a)}"><input type="hidden" name="b" value="${keyText(pair.b)}">
<input type="hidden" name="saw" value="${pair.decisions[0]?.id ?? ''}"><input type="hidden" name="state" value="${pair.state}">
<label>Lý do<input name="reason" required maxlength="400"></label>
${actions.map(([action, text, look]) => html`<button name="action" value="${action}" class="${look}">${text}</button>`)}</form>`;
}
