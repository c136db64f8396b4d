// One center: its PCs, codes for new ones, what was set aside and why, what revoked PCs still delivered.
import type { Concern } from '../../../shared/sync/vouch.ts';
import type { CenterFacts, OpenCode, QuarantinedChange, SealedDelivery, StationFacts } from '../../types.ts';
import { type Screen, token } from '../frame.ts';
import { html, type Markup } from '../html.ts';
import { authorWords, clock, count, moment, poisonWords, quarantineWords } from '../words.ts';

export interface CenterView {
  readonly center: CenterFacts;
  readonly stations: readonly StationFacts[];
  readonly codes: readonly OpenCode[];
  readonly quarantined: readonly QuarantinedChange[];
  readonly sealed: readonly SealedDelivery[];
  /** Signatures on papers cannot be looked at here. */
  readonly opensslMissing: boolean;
  readonly poisoned: readonly { readonly logNo: number; readonly reason: string; readonly at: number }[];
}

interface By {
  readonly csrf: string;
  readonly mayChange: boolean;
  readonly now: number;
}

export function centerScreen(view: CenterView, by: By): Screen {
  const { center, quarantined } = view;
  return {
    title: center.name,
    at: '/',
    body: html`<p><a href="/">← Tất cả trung tâm</a></p>
<section id="summary" data-live>${summary(center, by.now)}</section>
<h2>Máy trạm</h2><section id="stations" data-live class="wide">${stations(view, by)}</section>
<h2>Mã kết nối</h2><section id="codes" data-live class="wide">${codes(view.codes, by)}</section>
${
  by.mayChange &&
  html`<form method="post" action="/center/${center.center}/code" class="box">${token(by.csrf)}
<p>Mỗi mã dùng cho một máy, trong 7 ngày. Báo mã cho trung tâm bằng cách tin cậy, ví dụ gọi điện cho người quen biết.</p>
<button class="main">Cấp mã kết nối</button></form>`
}
<h2>Dữ liệu niêm phong</h2><section id="sealed" data-live class="wide">${sealed(view, by)}</section>
<h2>Bản ghi để riêng</h2>${
      view.opensslMissing &&
      html`<p class="say warn">Máy chủ này không có chương trình OpenSSL nên chữ ký trên giấy tờ chưa được kiểm tra lại ở tỉnh. Hãy cài OpenSSL rồi khởi động lại; giấy tờ đã nhận sẽ được kiểm tra sau đó.</p>`
    }<section id="quarantine" data-live class="wide">${
      quarantined.length === 0 ? html`<p class="soft">Không có.</p>` : quarantine(view, by.now)
    }${view.poisoned.length > 0 && unused(view, by.now)}</section>`,
  };
}

function summary(center: CenterFacts, now: number): Markup {
  return html`<div class="box">${
    center.statesDiffer &&
    html`<p class="say bad">Các máy có cùng dữ liệu nhưng hiển thị khác nhau. Đây là lỗi của phần mềm: hãy báo nhà cung cấp và gửi kèm nhật ký máy chủ.</p>`
  }
${
  center.contradicted > 0 &&
  html`<p class="say bad">Có bản ghi mang tên một máy mà chính máy đó không ký như vậy: có thể ai đó đang giả máy đó. Xem cột “Tình trạng” bên dưới, gọi trung tâm và thu hồi máy đáng ngờ.</p>`
}
Liên lạc gần nhất: <strong>${moment(center.lastContactAt, now)}</strong>.
Thay đổi gần nhất: <strong>${moment(center.lastChangeAt, now)}</strong>.
Đã giữ <strong>${count(center.changes)}</strong> bản ghi; <strong>${count(center.backlog)}</strong> còn chờ ở máy trạm.
${
  center.clockErrors > 0 &&
  html`<br>${count(center.clockErrors)} bản ghi mang giờ sớm hơn giờ máy chủ quá 5 phút. Hãy chỉnh đồng hồ của máy ghi ở cột “Đồng hồ”.`
}</div>`;
}

function stations({ stations: all }: CenterView, by: By): Markup {
  if (all.length === 0) return html`<p class="soft">Chưa có máy nào tham gia.</p>`;
  return html`<table><thead><tr><th scope="col">Máy</th><th scope="col">Liên lạc gần nhất</th><th scope="col" class="n">Chờ gửi</th>
<th scope="col">Đồng hồ</th><th scope="col">Phiên bản</th><th scope="col">Tình trạng</th></tr></thead><tbody>${all.map(
    (
      one,
    ) => html`<tr><th scope="row">${one.name}<div class="soft mono">${one.code && `${one.code} · `}${one.fingerprint.slice(0, 16)}</div></th>
<td>${moment(one.lastContactAt, by.now)}</td><td class="n">${one.backlog === null ? '–' : count(one.backlog)}</td>
<td>${clockCell(one)}</td><td>${one.version ?? '–'}</td>
<td>${one.status === 'revoked' ? revoked(one, by) : active(one, by)}</td></tr>`,
  )}</tbody></table>`;
}

function clockCell(one: StationFacts): Markup {
  const off = clock(one.clockOffsetMs);
  return html`${off === null ? 'đúng' : html`<span class="tag warn">${off}</span>`}${
    one.clockErrors > 0 && html`<div class="soft">${count(one.clockErrors)} bản ghi sai giờ</div>`
  }`;
}

function signature(one: StationFacts, concern: Concern, { csrf, mayChange, now }: By): Markup {
  const [what, advice] = authorWords[concern];
  if (one.seen)
    return html`<div class="soft">${what}: ${count(one.unsigned)} bản ghi. Đã xem: ${one.seen.by}, ${moment(one.seen.at, now)}. Chỉ báo lại khi có thêm bản ghi.</div>`;
  return html`<div><span class="tag ${concern === 'contradicted' ? 'bad' : 'warn'}">${what}</span> ${count(one.unsigned)} bản ghi. ${advice}${
    mayChange &&
    html`<form method="post" action="/station/${one.station}/seen">${token(csrf)}<input type="hidden" name="mark" value="${one.mark}">
<button>Đã xem việc của ${one.name}</button></form>`
  }</div>`;
}

const revoked = (one: StationFacts, by: By): Markup =>
  html`<span class="tag bad">Đã thu hồi</span>${one.concern && signature(one, one.concern, by)}<div class="soft">${moment(one.revokedAt, by.now)}: ${one.revokedReason}</div>`;

const active = (one: StationFacts, by: By): Markup =>
  html`<span class="tag good">Được tin cậy</span>${
    one.quarantined > 0 && html` <span class="tag warn">${count(one.quarantined)} bản ghi để riêng</span>`
  }${one.concern && signature(one, one.concern, by)}${
    by.mayChange &&
    html`<details><summary>Thu hồi máy này</summary><form method="post" action="/station/${one.station}/revoke">${token(by.csrf)}
<p>Dùng khi máy bị mất, bị bán hoặc không còn tin cậy. Không hoàn tác được: muốn dùng lại phải cài đặt lại từ đầu.</p>
<label>Lý do<input name="reason" required maxlength="300"></label>
<button class="bad">Thu hồi ${one.name}</button></form></details>`
  }`;

function codes(all: readonly OpenCode[], { csrf, mayChange, now }: By): Markup {
  const open = all.filter((code) => code.usedAt === null && code.expiresAt > now);
  if (open.length === 0) return html`<p class="soft">Không có mã nào đang chờ dùng.</p>`;
  return html`<table><thead><tr><th scope="col">Mã bắt đầu bằng</th><th scope="col">Cấp lúc</th><th scope="col">Hết hạn</th>
<th scope="col" class="n">Lần nhập sai</th><th scope="col">Việc</th></tr></thead><tbody>${open.map(
    (
      code,
    ) => html`<tr><th scope="row" class="mono">${code.codeId}…</th><td>${moment(code.createdAt, now)}</td>
<td>còn ${count(Math.max(1, Math.round((code.expiresAt - now) / 3_600_000)))} giờ</td><td class="n">${code.wrongTries}</td>
<td>${
      mayChange &&
      html`<form method="post" action="/code/${code.codeId}/withdraw">${token(csrf)}<button>Hủy mã ${code.codeId}</button></form>`
    }</td></tr>`,
  )}</tbody></table>`;
}

function sealed({ sealed: all, stations: known }: CenterView, { csrf, mayChange, now }: By): Markup {
  if (all.length === 0)
    return html`<p class="soft">Không có. Ở đây là những gì máy đã thu hồi còn gửi đến; không ai nhận được cho đến khi bạn cho phép.</p>`;
  return html`<table><thead><tr><th scope="col">Máy đã thu hồi</th><th scope="col" class="n">Bản ghi</th><th scope="col">Gửi đến</th>
<th scope="col">Việc</th></tr></thead><tbody>${all.map((one) => {
    const name = known.find(({ station }) => station === one.station)?.name ?? one.station.slice(0, 8);
    return html`<tr><th scope="row">${name}</th><td class="n">${count(one.changes)}</td>
<td>${moment(one.firstAt, now)} đến ${moment(one.lastAt, now)}</td><td>${
      mayChange &&
      html`<details><summary>Nhận vào nhật ký</summary><form method="post" action="/station/${one.station}/release">${token(csrf)}
<p>Chỉ nhận khi chắc rằng các bản ghi này do nhân viên trung tâm viết trước khi máy rời khỏi tay họ. Sau khi nhận, mọi máy của trung tâm sẽ thấy.</p>
<button class="main">Nhận ${count(one.changes)} bản ghi của ${name}</button></form></details>`
    }</td></tr>`;
  })}</tbody></table>`;
}

function quarantine({ quarantined, stations: known }: CenterView, now: number): Markup {
  const nameOf = (id: string): string =>
    known.find(({ station }) => station === id)?.name ?? `máy ${id.slice(0, 8)}`;
  return html`<table><caption>Mới nhất trước. Không mất gì: nội dung được giữ nguyên, các bản ghi khác vẫn đi tiếp.</caption>
<thead><tr><th scope="col">Lúc</th><th scope="col">Máy viết</th><th scope="col">Máy gửi</th><th scope="col">Lý do</th></tr></thead>
<tbody>${quarantined.map((one) => {
    const [what, advice] = quarantineWords[one.reason];
    return html`<tr><td>${moment(one.at, now)}</td><td>${nameOf(one.station)}<div class="soft mono">số ${one.seq}, lượt ${one.incarnation}, làn ${one.lane}</div></td>
<td>${nameOf(one.via)}</td><td><strong>${what}</strong><div>${advice}</div></td></tr>`;
  })}</tbody></table>`;
}

const unused = (
  { poisoned }: CenterView,
  now: number,
): Markup => html`<h3>Không dùng được khi nhận diện người bệnh</h3>
<table><thead><tr><th scope="col">Lúc</th><th scope="col" class="n">Số trong nhật ký</th><th scope="col">Lý do</th></tr></thead><tbody>${poisoned.map(
  (one) =>
    html`<tr><td>${moment(one.at, now)}</td><td class="n">${one.logNo}</td><td>${poisonWords[one.reason] ?? one.reason}</td></tr>`,
)}</tbody></table>`;

export const codeScreen = (center: CenterFacts, code: string, expiresAt: number, now: number): Screen => ({
  title: `Mã kết nối cho ${center.name}`,
  at: '/',
  body: html`<p class="code" id="code">${code}</p>
<p class="say warn">Mã chỉ hiện một lần này. Đọc cho trung tâm ngay, hoặc ghi lại; rời trang là không xem lại được.</p>
<p>Dùng cho một máy, hết hạn ${moment(expiresAt, now)}. Trên máy trạm: trang Đồng bộ, mục “Nối với tỉnh”, nhập địa chỉ máy chủ và mã này.</p>
<p><a href="/center/${center.center}">Quay lại ${center.name}</a></p>`,
});
