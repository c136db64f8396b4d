// All centers at a glance: whoever needs somebody to look comes with a word for it, not with a colour alone.
import type { CenterFacts } from '../../types.ts';
import { type Screen, token } from '../frame.ts';
import { html, type Markup } from '../html.ts';
import { count, moment } from '../words.ts';

/** A center nobody heard of for so long needs a call. */
const silentMs = 24 * 3_600_000;

export function centersScreen(
  centers: readonly CenterFacts[],
  { csrf, mayChange, now }: { csrf: string; mayChange: boolean; now: number },
): Screen {
  return {
    title: 'Các trung tâm',
    at: '/',
    body: html`<section id="centers" data-live class="wide">${
      centers.length === 0
        ? html`<p class="box">Chưa có trung tâm nào. Tạo trung tâm, rồi cấp mã kết nối cho máy đầu tiên của trung tâm đó.</p>`
        : table(centers, now)
    }</section>
${mayChange && newCenter(csrf)}`,
  };
}

function table(centers: readonly CenterFacts[], now: number): Markup {
  const backlog = centers.reduce((sum, center) => sum + center.backlog, 0);
  return html`<table><caption>${count(centers.length)} trung tâm, ${count(backlog)} bản ghi còn chờ ở các máy trạm.</caption>
<thead><tr><th scope="col">Trung tâm</th><th scope="col">Liên lạc gần nhất</th><th scope="col" class="n">Máy</th>
<th scope="col" class="n">Chờ gửi</th><th scope="col" class="n">Để riêng</th><th scope="col" class="n">Niêm phong</th>
<th scope="col" class="n">Lỗi đồng hồ</th><th scope="col">Phiên bản</th><th scope="col">Cần xem</th></tr></thead>
<tbody>${centers.map(
    (center) => html`<tr><th scope="row"><a href="/center/${center.center}">${center.name}</a>
<div class="soft">${center.facilityCode ?? 'chưa có mã cơ sở'}</div></th>
<td>${moment(center.lastContactAt, now)}</td>
<td class="n">${count(center.stations)}${center.revoked > 0 && html`<div class="soft">${count(center.revoked)} đã thu hồi</div>`}</td>
<td class="n">${count(center.backlog)}</td><td class="n">${count(center.quarantined)}</td>
<td class="n">${count(center.sealed)}</td><td class="n">${count(center.clockErrors)}</td>
<td>${center.versions.join(', ')}</td><td>${concerns(center, now)}</td></tr>`,
  )}</tbody></table>`;
}

function concerns(center: CenterFacts, now: number): Markup {
  const found: { text: string; bad?: boolean }[] = [];
  if (center.statesDiffer) found.push({ text: 'Số liệu các máy khác nhau', bad: true });
  if (center.contradicted > 0) found.push({ text: 'Chữ ký máy không khớp', bad: true });
  if (center.unsigned > 0) found.push({ text: 'Có việc máy chưa ký' });
  if (center.sealed > 0) found.push({ text: 'Có dữ liệu niêm phong' });
  if (center.quarantined > 0) found.push({ text: 'Có bản ghi để riêng' });
  if (center.clockErrors > 0) found.push({ text: 'Đồng hồ sai' });
  if (center.centerId === null) found.push({ text: 'Chưa có máy tham gia' });
  else if (center.lastContactAt === null) found.push({ text: 'Chưa liên lạc lần nào' });
  else if (now - center.lastContactAt > silentMs) found.push({ text: 'Lâu không liên lạc' });
  if (found.length === 0) return html`<span class="tag good">Bình thường</span>`;
  return html`<ul class="plain">${found.map(
    ({ text, bad }) => html`<li><span class="tag ${bad ? 'bad' : 'warn'}">${text}</span></li>`,
  )}</ul>`;
}

const newCenter = (csrf: string): Markup => html`<h2>Tạo trung tâm</h2>
<form method="post" action="/centers" class="box row">${token(csrf)}
<label>Tên trung tâm<input name="name" required maxlength="160"></label>
<label>Mã cơ sở khám chữa bệnh (5 ký tự, có thể để trống)<input name="facilityCode" maxlength="5"></label>
<label>Mã tỉnh<input name="provinceCode" required maxlength="2" pattern="[0-9]{2}" title="Hai chữ số"></label>
<button class="main">Tạo trung tâm</button></form>`;
