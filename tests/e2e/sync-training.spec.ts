// What staff learn about sync in training mode, by keyboard: the line cut, weak and whole again, and a second station.
// Province, line and second station are the real ones that `npm run training` starts.
import { expect, type Locator, type Page, test } from '@playwright/test';
import { type Keyboard, keyboardOf } from './support/keyboard.ts';
import { logIn } from './support/people.ts';
import { type Program, startProgram } from './support/program.ts';

test.describe.configure({ mode: 'serial' });

/** Ours: the small center, while other programs keep the PC busy. */
const allSentMs = 120_000;

let program: Program;
let first: Page;
let second: Page;
let chart = '';

test.beforeAll(async ({ browser }) => {
  program = await startProgram(browser, { start: 'small', withProvince: true });
  first = program.page;
});
test.afterAll(() => program?.close());
test.afterEach(() => program.expectQuiet());

const says = (page: Page) => page.getByRole('contentinfo');
/** The newest set with this pulse: they stand newest first, and the curve's own table has no score. */
const rowOf = (page: Page, pulse: string): Locator =>
  page
    .getByRole('row')
    .filter({ hasText: 'NEWS2', has: page.getByRole('cell', { name: pulse, exact: true }) })
    .first();
const mark = (page: Page, pulse: string, name: string): Locator =>
  rowOf(page, pulse).getByRole('img', { name });

async function turn(page: Page, line: 'Tốt' | 'Yếu' | 'Đứt'): Promise<void> {
  const keys = keyboardOf(page);
  await keys.tabTo(page.getByRole('button', { name: /^Mạng: / }));
  await keys.press('Enter');
  await keys.pick(line);
  await expect(page.getByRole('button', { name: `Mạng: ${line}` })).toBeVisible();
}

async function measure(page: Page, keys: Keyboard, pulse: string): Promise<void> {
  await keys.press('F9');
  await expect(page.getByLabel('Mạch', { exact: true })).toBeFocused();
  await keys.type(pulse);
  await keys.press('Control+S');
  await expect(rowOf(page, pulse)).toBeVisible();
  await expect(page.getByText('Đã lưu dấu hiệu sinh tồn.').first()).toBeVisible();
}

test('a province is there by itself soon after the first login', async () => {
  await expect(first.getByText('CHẾ ĐỘ TẬP HUẤN').first()).toBeVisible();
  await logIn(first, 'ddnoi');
  await expect(first.getByRole('button', { name: 'Mạng: Tốt' })).toBeVisible();
  await expect(says(first)).toContainText(/Tỉnh đã có đủ/, { timeout: allSentMs });
  await expect(says(first)).toContainText('Có thể tắt máy');
});

test('with the line cut, what is saved stays here and says since when', async () => {
  const keys = keyboardOf(first);
  await turn(first, 'Đứt');
  const card = first.getByRole('article').filter({ hasText: 'NEWS2' }).first();
  const [number = ''] = /\d{4}[A-Z]\d{5}/.exec(await card.innerText()) ?? [];
  await keys.press('F2');
  await keys.type(number);
  await expect(first.getByRole('option').filter({ hasText: number })).toBeVisible();
  await keys.press('Enter');
  await keys.tabTo(first.getByRole('link', { name: 'Dấu hiệu sinh tồn', exact: true }));
  await keys.press('Enter');
  chart = new URL(first.url()).hash;
  await measure(first, keys, '111');
  await expect(mark(first, '111', 'Mới có trên máy này')).toBeVisible();
  await expect(says(first)).toContainText(/việc chờ gửi từ/);
  await expect(says(first)).toContainText(/mới có ở đây|chỉ có ở đây/);
  await expect(mark(first, '111', 'Đã gửi tỉnh')).toBeHidden();
  await first.screenshot({ path: test.info().outputPath('cut.png') });
});

test('weak, it arrives some seconds later; good, the province has everything', async () => {
  await turn(first, 'Yếu');
  await expect(mark(first, '111', 'Đã gửi tỉnh')).toBeVisible({ timeout: 60_000 });
  await turn(first, 'Tốt');
  await expect(says(first)).toContainText(/Tỉnh đã có đủ/, { timeout: 60_000 });
  await first.screenshot({ path: test.info().outputPath('good.png') });
});

test('a second station opens with the same people, and says in the banner which PC it is', async () => {
  const keys = keyboardOf(first);
  await keys.tabTo(
    first.getByRole('navigation', { name: 'Các màn hình' }).getByRole('link', { name: 'Tập huấn' }),
  );
  await keys.press('Enter');
  await keys.push('Mở máy thứ hai');
  const address = first.getByLabel(/^Địa chỉ máy thứ hai/);
  await expect(address).toBeVisible({ timeout: 60_000 });
  second = await program.open(await address.inputValue());
  await logIn(second, 'ddnoi');
  await expect(second.getByRole('banner')).toContainText('Máy thứ hai');
  await expect(first.getByRole('banner')).toContainText('Máy tập huấn');
  await first.screenshot({ path: test.info().outputPath('training-page.png') });
});

test('what one of them writes the other shows, in both directions, with the line to the province cut', async () => {
  for (const page of [first, second])
    await page.evaluate((to) => {
      window.location.hash = to;
    }, chart);
  await turn(second, 'Đứt');
  await expect(first.getByRole('button', { name: 'Mạng: Đứt' })).toBeVisible();
  await measure(first, keyboardOf(first), '112');
  await expect(rowOf(second, '112')).toBeVisible();
  await measure(second, keyboardOf(second), '113');
  await expect(rowOf(first, '113')).toBeVisible();
  await expect(mark(second, '113', 'Đã có ở máy khác trong trung tâm')).toBeVisible();
  await second.screenshot({ path: test.info().outputPath('second.png') });
  await turn(second, 'Tốt');
  await expect(mark(second, '113', 'Đã gửi tỉnh')).toBeVisible({ timeout: 60_000 });
});
