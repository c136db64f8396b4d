// Real centers as sync's tests need them: a first PC, further PCs joined by a code, a province. What is asked of the core
// directly is what no test is about.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, type Page } from '@playwright/test';

export const centerName = 'Trung tâm Y tế Mường Lặng';
export const adminPassword = 'mười hai con gà';
export const doctorPassword = 'mười hai con vịt';

interface Answer {
  readonly ok: boolean;
  readonly value: Readonly<Record<string, unknown>>;
}

/** What the page itself asks the core, where how it is asked is not what is tested. */
export async function ask(page: Page, method: string, input: object): Promise<Answer['value']> {
  const answer = await page.evaluate(
    async ([name, body]): Promise<Answer> => {
      const response = await fetch(`rpc/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      return response.json();
    },
    [method, JSON.stringify(input)] as const,
  );
  expect(answer, method).toMatchObject({ ok: true });
  return answer.value;
}

export const go = (page: Page, hash: string): Promise<void> =>
  page.evaluate((to) => {
    window.location.hash = to;
  }, hash);

/** A center with one ward, its administrator logged in, and a doctor `bs.duc` whose password is set. */
export async function foundCenter(page: Page, name = centerName): Promise<void> {
  await ask(page, 'station.firstRun', {
    centerName: name,
    provinceCode: '40',
    stationName: 'Phòng hành chính',
    wards: [{ name: 'Khoa Nội', departmentCode: 'K03', rooms: [{ name: 'Buồng 101', beds: ['1', '2'] }] }],
    admin: { username: 'quantri', fullName: 'Trần Quốc Bảo', password: adminPassword },
  });
  const first = 'tạm thời 1';
  await ask(page, 'access.login', { username: 'quantri', password: adminPassword });
  await ask(page, 'access.createUser', {
    username: 'bs.duc',
    fullName: 'Lê Minh Đức',
    title: null,
    password: first,
    roles: ['truong_khoa'],
    wards: [],
  });
  await ask(page, 'access.logout', {});
  await ask(page, 'access.login', { username: 'bs.duc', password: first });
  await ask(page, 'access.changePassword', { current: first, next: doctorPassword });
  await ask(page, 'access.logout', {});
  await page.goto(new URL('/', page.url()).href);
}

/** The administrator, on the sync page, gets a code for a further PC, which stands in the dialog that is left open. */
export async function invite(page: Page): Promise<{ code: string; address: string }> {
  await page.keyboard.press('F7');
  await page.getByRole('button', { name: 'Thêm máy mới' }).click();
  const dialog = page.getByRole('dialog', { name: 'Mã cho máy mới' });
  await expect(dialog.getByRole('timer')).toContainText('Còn dùng được');
  const code = await dialog
    .locator('p')
    .filter({ hasText: /^[0-9A-Z]{8,}$/ })
    .innerText();
  const [address = ''] = await dialog.locator('code').allTextContents();
  return { code, address: `127.0.0.1:${address.split(':').at(-1)}` };
}

/** On a PC started for the first time: types address, code and name, but does not send them off. */
export async function typeInvitation(page: Page, address: string, code: string, name: string): Promise<void> {
  await page.getByRole('button', { name: /^Máy thêm/ }).click();
  await page.getByLabel(/^Địa chỉ của máy kia/).fill(address);
  await page.getByLabel(/^Mã cho máy mới/).fill(code.replace(/\s+/g, ' ').toLowerCase());
  await page.getByLabel(/^Tên máy trạm/).fill(name);
}

/** Sends off what was typed, keeps the recovery key, and waits for the whole record. */
export async function joinCenter(page: Page, name = centerName): Promise<void> {
  await page.keyboard.press('Control+S');
  const typed = page.getByLabel(/^Nhập nhóm cuối/);
  await expect(typed).toBeFocused();
  const groups = await page.locator('section[aria-label="Khóa khôi phục"] span').allTextContents();
  await typed.fill(groups.at(-1) ?? '');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Tới màn hình đăng nhập' }).click({ timeout: 60_000 });
  await expect(page.getByRole('heading', { name })).toBeVisible();
}

export interface RunningProvince {
  readonly address: string;
  /** One code for each center, in the order they were named. */
  readonly codes: readonly string[];
  close(): Promise<void>;
}

export async function startProvinceFor(...centers: readonly string[]): Promise<RunningProvince> {
  const folder = mkdtempSync(join(tmpdir(), 'tram-e2e-province-'));
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'province-process.ts'), folder, ...centers],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for await (const line of createInterface(child.stdout))
    return {
      ...(JSON.parse(line) as { address: string; codes: string[] }),
      async close() {
        child.kill('SIGTERM');
        await gone;
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      },
    };
  throw new Error('the province ended without saying where it is');
}
