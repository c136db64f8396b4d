// The page's only script, served from memory: every 30 s the parts marked as live are fetched anew. A part in which
// somebody types, has opened something or stands with the keyboard is left alone.
export const script = `'use strict';
const everyMs = 30000;
const fresh = document.getElementById('fresh');

function isInUse(part) {
  const at = document.activeElement;
  if (part.contains(at) && at.tagName !== 'A') return true;
  if (part.querySelector('details[open]')) return true;
  return [...part.querySelectorAll('input, textarea')].some((field) =>
    field.type === 'checkbox' ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
}

function put(part, next) {
  if (part.innerHTML === next.innerHTML) return;
  const at = part.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
  part.replaceChildren(...next.childNodes);
  if (at !== null) [...part.querySelectorAll('a')].find((link) => link.getAttribute('href') === at)?.focus();
}

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { headers: { 'X-Refresh': '1' }, redirect: 'manual', cache: 'no-store' });
    if (answer.type === 'opaqueredirect') {
      fresh.textContent = 'Phiên làm việc đã hết. Hãy đăng nhập lại; những gì đang gõ chưa được gửi.';
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const part of document.querySelectorAll('[data-live]')) {
      const next = page.getElementById(part.id);
      if (next && !isInUse(part)) put(part, next);
    }
    fresh.textContent = 'Cập nhật lúc ' + new Date().toLocaleTimeString('vi-VN') + ', tự làm mới mỗi 30 giây.';
  } catch {
    fresh.textContent = 'Không liên lạc được với máy chủ. Số liệu trên trang là của lần cập nhật trước.';
  }
}

if (fresh && document.querySelector('[data-live]')) setInterval(refresh, everyMs);
`;
