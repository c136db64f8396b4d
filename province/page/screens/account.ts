// Coming in, and one's own password.

import type { Screen } from '../frame.ts';
import { token } from '../frame.ts';
import { html, type Markup } from '../html.ts';

export const loginScreen = (name: string): Screen => ({
  title: 'Đăng nhập',
  body: html`<div class="box narrow"><form method="post" action="/login">
<label>Tên đăng nhập<input name="name" autocomplete="username" required value="${name}" ${focusUnless(name !== '')}></label>
<label>Mật khẩu<input name="password" type="password" autocomplete="current-password" required ${focusUnless(name === '')}></label>
<button class="main">Đăng nhập</button></form>
<p class="soft">Quên mật khẩu: người quản lý máy chủ đặt lại bằng lệnh <span class="mono">reset-password</span>.</p></div>`,
});

export const passwordScreen = (csrf: string, mustChange: boolean): Screen => ({
  title: 'Đổi mật khẩu',
  body: html`<div class="box narrow">
${mustChange && html`<p class="say warn">Đây là mật khẩu được cấp. Hãy đặt mật khẩu của riêng bạn trước khi làm việc.</p>`}
<form method="post" action="/password">${token(csrf)}
<label>Mật khẩu hiện tại<input name="old" type="password" autocomplete="current-password" required autofocus></label>
<label>Mật khẩu mới (ít nhất 12 ký tự)<input name="next" type="password" autocomplete="new-password" minlength="12" required></label>
<label>Nhập lại mật khẩu mới<input name="again" type="password" autocomplete="new-password" minlength="12" required></label>
<button class="main">Đổi mật khẩu</button></form></div>`,
});

const focusUnless = (elsewhere: boolean): Markup | null => (elsewhere ? null : html`autofocus`);
