// Going in as somebody, where how one goes in is not what is tested.
import { expect, type Page } from '@playwright/test';
import { TRAINING_PASSWORD } from '../../../electron/training/center.ts';

export async function logIn(page: Page, username: string, password = TRAINING_PASSWORD): Promise<void> {
  const name = page.getByLabel('Tên đăng nhập', { exact: true });
  await name.fill(username);
  await page.getByLabel(/^Mật khẩu( hoặc mã PIN)?$/).fill(password);
  await page.getByRole('button', { name: 'Vào làm việc' }).click();
  await expect(page.getByRole('navigation', { name: 'Các màn hình' })).toBeVisible();
}

/** Whoever is logged in here goes, and this person comes. */
export async function become(page: Page, username: string, password?: string): Promise<void> {
  await page.goto(new URL('/', page.url()).href);
  const account = page.getByRole('button', { name: /^Tài khoản/ });
  const door = page.getByLabel('Tên đăng nhập', { exact: true });
  await expect(account.or(door)).toBeVisible();
  if (await account.isVisible()) {
    await account.click();
    await page.getByRole('menuitem', { name: 'Đăng xuất' }).click();
  }
  await logIn(page, username, password);
}

/** The administrator makes an account; whoever it is for comes in and, where the program asks, sets a password of their own. */
export async function hire(page: Page, username: string, fullName: string, role: string): Promise<void> {
  await become(page, 'quantri');
  const first = 'tạm thời 1';
  const made = await page.evaluate(
    async (body) => {
      const answer = await fetch('rpc/access.createUser', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return answer.json();
    },
    { username, fullName, title: null, password: first, roles: [role], wards: [] },
  );
  expect(made).toMatchObject({ ok: true });
  await become(page, username, first);
  const own = page.getByRole('dialog', { name: 'Đổi mật khẩu' });
  // Training accounts keep the password they were given.
  if (!(await own.isVisible())) return;
  await page.getByLabel('Mật khẩu hiện tại').fill(first);
  await page.getByLabel('Mật khẩu mới', { exact: true }).fill(TRAINING_PASSWORD);
  await page.getByLabel('Nhập lại mật khẩu mới').fill(TRAINING_PASSWORD);
  await own.getByRole('button', { name: 'Lưu' }).click();
  await expect(own).toBeHidden();
}

/** Opens the page anew, as the person logged in: where every visit starts. */
export async function goHome(page: Page): Promise<void> {
  await page.goto(new URL('/', page.url()).href);
  await expect(page.getByRole('navigation', { name: /^(Các màn hình|Screens)$/ })).toBeVisible();
}
