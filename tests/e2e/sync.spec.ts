// What a person sees of sending and receiving on a PC that belongs to no province yet: never more than is true,
// and the record carried by hand works all the same.
import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { become } from './support/people.ts';
import { type Program, startProgram } from './support/program.ts';

let program: Program;
let page: Page;
const stick = mkdtempSync(join(tmpdir(), 'tram-stick-'));

test.beforeAll(async ({ browser }) => {
  program = await startProgram(browser, { start: 'small', asReal: true });
  page = program.page;
});
test.afterAll(async () => {
  await program?.close();
  rmSync(stick, { recursive: true, force: true });
});
test.afterEach(() => program.expectQuiet());

const line = () => page.getByRole('contentinfo');

/** Opens the dialog of a stick and types a folder: this PC may have sticks of its own plugged in. */
async function openStick(name: 'Ghi ra USB' | 'Nhận từ USB', path: string): Promise<void> {
  await page.getByRole('button', { name }).click();
  const dialog = page.getByRole('dialog', { name });
  await dialog.locator('label', { hasText: 'Thư mục khác' }).click();
  await dialog.getByRole('textbox').fill(path);
  await page.keyboard.press('Control+S');
}

test('the bottom line stands on the login screen too, and promises nothing while the store is closed', async () => {
  await expect(line()).toContainText('Kho hồ sơ đang đóng');
  await expect(line()).toContainText('Chưa biết đã gửi đủ chưa');
});

test('F7 opens the page from anywhere; a PC without other places is told that its record is only here', async () => {
  await become(page, 'quantri');
  await expect(line()).toContainText('Chưa nối với tỉnh hay máy khác');
  await expect(line()).toContainText('hồ sơ chỉ có ở đây');
  await page.keyboard.press('F7');
  await expect(page.getByRole('heading', { name: 'Gửi và nhận hồ sơ' })).toBeVisible();
  const waiting = page.getByRole('region', { name: 'Đang chờ gửi' });
  await expect(waiting.getByText('chưa có nơi nhận')).toHaveCount(4);
  await expect(waiting.getByText('đã gửi hết')).toHaveCount(0);
});

test('what changes is announced once, not with every minute that passes', async () => {
  const spoken = line().getByRole('status');
  await expect(spoken).toContainText('Chưa nối với tỉnh hay máy khác');
  await spoken.evaluate((element) => {
    const observer = new MutationObserver(() => element.setAttribute('data-said-again', 'true'));
    observer.observe(element, { childList: true, characterData: true, subtree: true });
  });
  await page.keyboard.press('Alt+Home');
  await page.keyboard.press('F7');
  await expect(page.getByRole('heading', { name: 'Đang chờ gửi' })).toBeVisible();
  await expect(spoken).not.toHaveAttribute('data-said-again', 'true');
});

test('the record goes onto a stick and what comes back is told in words', async () => {
  await openStick('Ghi ra USB', stick);
  await expect(page.getByText(/^Đã ghi [\d.]+ việc \(.+\) vào .*tram-/)).toBeVisible();
  expect(readdirSync(stick)).toHaveLength(1);
  await page.keyboard.press('Escape');
  await openStick('Nhận từ USB', stick);
  await expect(page.getByText('Tệp đọc tốt, nhưng không có gì mới')).toBeVisible();
  await page.keyboard.press('Escape');
});

test('a file cut short on the stick is called so, with what to do next', async () => {
  const [name = ''] = readdirSync(stick);
  truncateSync(join(stick, name), 600);
  await openStick('Nhận từ USB', join(stick, name));
  await expect(page.getByText('Tệp bị cắt ngang, nên chỉ nhận được phần đầu.')).toBeVisible();
  await expect(page.getByText('Đã nhận 0 việc mới.')).toBeVisible();
  await page.keyboard.press('Escape');
});

test('a mistyped code and a province out of reach are told under their fields, with the cursor there', async () => {
  const address = page.getByLabel(/^Địa chỉ máy chủ của tỉnh/);
  await address.fill('127.0.0.1:9');
  const code = page.getByLabel(/^Mã kết nối/);
  await code.fill('QXR5-NX9E-06WT-WER3-RD3X');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^Mã chưa đúng/)).toBeVisible();
  await expect(code).toBeFocused();
  // The check character at its end fits this one; nobody has ever given it out.
  await code.fill('QXR5-NX9E-06WT-WER3-RD3Y');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^Chưa gặp được nơi kia/)).toBeVisible();
  await expect(address).toBeFocused();
});

test('entries carry no mark where there is no other place to come to', async () => {
  await become(page, 'bsnoi');
  await page.getByRole('article').filter({ hasText: 'NEWS2' }).first().locator('[data-main]').first().click();
  await page.getByRole('link', { name: 'Dấu hiệu sinh tồn', exact: true }).click();
  await expect(page.getByRole('columnheader', { name: 'NEWS2' })).toBeVisible();
  await expect(page.locator('[data-place]')).toHaveCount(0);
  await expect(page.getByText('Hồ sơ ở trung tâm khác')).toHaveCount(0);
});
