// Lists that are only read: what administrators did, who looked for patients of other centers; and who may come in.
import { formatDateTime } from '../../../shared/time/vietnam.ts';
import { type AdminFacts, type AdminRight, type AuditEntry, adminRights } from '../../types.ts';
import { type Screen, token } from '../frame.ts';
import { html, type Markup } from '../html.ts';
import { actWords, count, moment, rightWords } from '../words.ts';

export const auditScreen = (entries: readonly AuditEntry[]): Screen => ({
  title: 'Nhật ký quản trị',
  at: '/audit',
  body: html`<section id="audit" data-live class="wide"><table><caption>${count(entries.length)} dòng mới nhất. Không sửa, không xóa được.</caption>
<thead><tr><th scope="col">Lúc</th><th scope="col">Người làm</th><th scope="col">Việc</th><th scope="col">Về</th><th scope="col">Chi tiết</th></tr></thead>
<tbody>${entries.map(
    (
      entry,
    ) => html`<tr><td>${formatDateTime(entry.at)}</td><td>${entry.by}</td><td>${actWords[entry.action] ?? entry.action}</td>
<td class="mono">${entry.subject}</td><td>${detailOf(entry)}</td></tr>`,
  )}</tbody></table></section>`,
});

/** Rights by their names, a decision as the number it has among decisions; everything else as it was written. */
function detailOf({ action, detail }: AuditEntry): string | null {
  // what stood where, for the program
  if (detail === null || action === 'station.seen') return null;
  if (action === 'admin.create' || action === 'admin.rights')
    return adminRights
      .filter((right) => detail.split(' ').includes(right))
      .map((right) => rightWords[right])
      .join('; ');
  return action.startsWith('person.') ? `quyết định số ${detail}` : detail;
}

export interface LookupEntry {
  readonly at: number;
  readonly center: string;
  readonly station: string;
  /** Id of the account at that center; an older program does not say. */
  readonly user: string | null;
  readonly askedBy: string;
  readonly answered: number;
  readonly allowed: boolean;
}

const askedWords: Readonly<Record<string, string>> = {
  cccd: 'số căn cước',
  bhyt: 'thẻ BHYT',
  fullName: 'họ tên',
  birthDate: 'ngày sinh',
};

export const lookupsScreen = (entries: readonly LookupEntry[]): Screen => ({
  title: 'Lượt tra cứu người bệnh của trung tâm khác',
  at: '/lookups',
  body: html`<section id="lookups" data-live class="wide"><table><caption>${count(entries.length)} lượt mới nhất. Mã người hỏi là của tài khoản tại trung tâm đó; tên xem ở trang Nhân sự và vai trò của trung tâm.</caption>
<thead><tr><th scope="col">Lúc</th><th scope="col">Trung tâm hỏi</th><th scope="col">Máy</th><th scope="col">Người hỏi</th><th scope="col">Hỏi theo</th><th scope="col" class="n">Số hồ sơ trả lời</th></tr></thead>
<tbody>${entries.map(
    (
      entry,
    ) => html`<tr><td>${formatDateTime(entry.at)}</td><td>${entry.center}</td><td>${entry.station}</td><td class="mono">${entry.user ?? '–'}</td>
<td>${entry.askedBy
      .split(' ')
      .map((field) => askedWords[field] ?? field)
      .join(', ')}</td><td class="n">${
      entry.allowed ? count(entry.answered) : html`<span class="tag bad">Từ chối: hỏi quá nhiều</span>`
    }</td></tr>`,
  )}</tbody></table></section>`,
});

export function adminsScreen(
  admins: readonly AdminFacts[],
  by: { csrf: string; name: string; now: number },
): Screen {
  return {
    title: 'Người quản trị',
    at: '/admins',
    body: html`<section id="admins" data-live class="wide"><table><thead><tr><th scope="col">Tên</th><th scope="col">Đăng nhập gần nhất</th>
<th scope="col">Quyền</th><th scope="col">Việc</th></tr></thead><tbody>${admins.map(
      (
        one,
      ) => html`<tr><th scope="row">${one.name}${one.disabled && html` <span class="tag bad">Đã khóa</span>`}</th>
<td>${moment(one.lastLoginAt, by.now)}</td><td>${one.rights.map((right) => rightWords[right]).join('; ')}</td>
<td>${!one.disabled && changes(one, by)}</td></tr>`,
    )}</tbody></table></section>
<h2>Thêm người quản trị</h2><form method="post" action="/admins" class="box">${token(by.csrf)}
<div class="row"><label>Tên đăng nhập<input name="name" required autocomplete="off" maxlength="38"></label>
<label>Mật khẩu cấp lần đầu (ít nhất 12 ký tự)<input name="password" type="password" required minlength="12" autocomplete="new-password"></label></div>
${ticks(['stations'])}<button class="main">Thêm người quản trị</button></form>`,
  };
}

const changes = (
  one: AdminFacts,
  { csrf, name }: { csrf: string; name: string },
): Markup => html`<details><summary>Đổi quyền của ${one.name}</summary>
<form method="post" action="/admins/${one.name}/rights">${token(csrf)}${ticks(one.rights)}<button>Lưu quyền</button></form></details>${
  one.name !== name &&
  html`<details><summary>Khóa ${one.name}</summary><form method="post" action="/admins/${one.name}/disable">${token(csrf)}
<p>Người này không đăng nhập được nữa. Mở lại bằng lệnh reset-password trên máy chủ.</p><button class="bad">Khóa tài khoản ${one.name}</button></form></details>`
}`;

const ticks = (rights: readonly AdminRight[]): Markup =>
  html`<fieldset><legend>Quyền</legend>${adminRights.map((right) =>
    rights.includes(right)
      ? html`<label class="tick"><input type="checkbox" name="rights" value="${right}" checked>${rightWords[right]}</label>`
      : html`<label class="tick"><input type="checkbox" name="rights" value="${right}">${rightWords[right]}</label>`,
  )}</fieldset>`;
