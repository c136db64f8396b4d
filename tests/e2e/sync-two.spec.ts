// Two real PCs of one center on one network, as people see them: joining by a code, marks, two people writing different
// things while the line is cut, one key to settle it, a PC losing its right.
import { expect, type Page, test } from '@playwright/test';
import { type Program, startProgram } from './support/program.ts';

test.describe.configure({ mode: 'serial' });

const password = 'mười hai con gà';
const own = 'mười hai con vịt';
const patientName = 'Lê Văn Tám';

let office: Program;
let ward: Program;
let patientId = '';

test.beforeAll(async ({ browser }) => {
  office = await startProgram(browser, { start: 'empty' });
  ward = await startProgram(browser, { start: 'empty' });
});
test.afterAll(async () => {
  await office?.close();
  await ward?.close();
});

interface Answer {
  readonly ok: boolean;
  readonly value: Readonly<Record<string, unknown>>;
}

/** What the page itself asks the core, where how it is asked is not what is tested. */
async function ask(page: Page, method: string, input: object): Promise<Answer['value']> {
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

async function logIn(page: Page, username: string, secret: string): Promise<void> {
  await page.goto(new URL('/', page.url()).href);
  await page.getByLabel('Tên đăng nhập', { exact: true }).fill(username);
  await page.getByLabel(/^Mật khẩu( hoặc mã PIN)?$/).fill(secret);
  await page.getByRole('button', { name: 'Vào làm việc' }).click();
  await expect(page.getByRole('navigation', { name: 'Các màn hình' })).toBeVisible();
}

const line = (page: Page) => page.getByRole('contentinfo');
const go = (page: Page, hash: string) =>
  page.evaluate((to) => {
    window.location.hash = to;
  }, hash);

test('the first PC of a center lets another one in by a code shown large', async () => {
  const { page } = office;
  await ask(page, 'station.firstRun', {
    centerName: 'Trung tâm Y tế Mường Lặng',
    provinceCode: '40',
    stationName: 'Phòng hành chính',
    wards: [{ name: 'Khoa Nội', departmentCode: 'K03', rooms: [{ name: 'Buồng 101', beds: ['1', '2'] }] }],
    admin: { username: 'quantri', fullName: 'Trần Quốc Bảo', password },
  });
  await logIn(page, 'quantri', password);
  await ask(page, 'access.createUser', {
    username: 'bs.duc',
    fullName: 'Lê Minh Đức',
    title: null,
    password: 'tạm thời 1',
    roles: ['truong_khoa'],
    wards: [],
  });
  await page.keyboard.press('F7');
  await page.getByRole('button', { name: 'Thêm máy mới' }).click();
  const dialog = page.getByRole('dialog', { name: 'Mã cho máy mới' });
  await expect(dialog.getByRole('timer')).toContainText('Còn dùng được');
  const code = await dialog
    .locator('p')
    .filter({ hasText: /^[0-9A-Z]{8,}$/ })
    .innerText();
  const [address = ''] = await dialog.locator('code').allTextContents();
  await page.keyboard.press('Escape');

  const other = ward.page;
  await other.getByRole('button', { name: /^Máy thêm/ }).click();
  await other.getByLabel(/^Địa chỉ của máy kia/).fill(`127.0.0.1:${address.split(':').at(-1)}`);
  await other.getByLabel(/^Mã cho máy mới/).fill(code.replace(/\s+/g, ' ').toLowerCase());
  await other.getByLabel(/^Tên máy trạm/).fill('Khoa Nội');
  await other.keyboard.press('Control+S');
  const typed = other.getByLabel(/^Nhập nhóm cuối/);
  await expect(typed).toBeFocused();
  const groups = await other.locator('section[aria-label="Khóa khôi phục"] span').allTextContents();
  await typed.fill(groups.at(-1) ?? '');
  await other.keyboard.press('Enter');
  await other.getByRole('button', { name: 'Tới màn hình đăng nhập' }).click({ timeout: 60_000 });
  await expect(other.getByRole('heading', { name: 'Trung tâm Y tế Mường Lặng' })).toBeVisible();
});

test('what one PC writes is on the other, marked as held there, and the line says the PC may be switched off', async () => {
  await ask(office.page, 'access.logout', {});
  await logIn(office.page, 'bs.duc', 'tạm thời 1');
  await ask(office.page, 'access.changePassword', { current: 'tạm thời 1', next: own });
  const made = await ask(office.page, 'patients.register', {
    demographics: { fullName: patientName, sex: '1', birthDate: '1960-05-01' },
  });
  patientId = String(made.patientId);
  await go(office.page, `#/patient/${patientId}`);
  await expect(
    office.page.getByRole('img', { name: 'Đã có ở máy khác trong trung tâm' }).first(),
  ).toBeVisible({ timeout: 30_000 });
  await logIn(ward.page, 'bs.duc', own);
  await go(ward.page, `#/patient/${patientId}`);
  await expect(ward.page.getByRole('heading', { name: patientName })).toBeVisible({ timeout: 30_000 });
  await expect(line(ward.page)).toContainText(/Có thể tắt máy: Phòng hành chính đã có đủ/, {
    timeout: 30_000,
  });
});

test('two people who write different things without seeing each other find both kept, and one key settles it on both PCs', async () => {
  const write = (page: Page, bloodGroup: string) =>
    ask(page, 'patients.update', {
      patientId,
      set: { bloodGroup },
      saw: {},
      reason: 'Xét nghiệm tại giường',
    });
  const boss = await office.anotherWindow();
  await logIn(boss, 'quantri', password);
  await ask(boss, 'sync.saveHub', { serving: false });
  await expect(line(ward.page)).toContainText('Không gặp Phòng hành chính', { timeout: 60_000 });
  await write(office.page, 'A');
  await write(ward.page, 'O');
  await expect(line(ward.page)).toContainText(/1 việc từ \d\d:\d\d chỉ có ở đây/);
  await ask(boss, 'sync.saveHub', { serving: true });
  await ask(ward.page, 'sync.now', {});
  for (const { page } of [office, ward]) {
    await go(page, '#/conflicts');
    await expect(page.getByRole('heading', { name: `${patientName} — Nhóm máu` })).toBeVisible({
      timeout: 30_000,
    });
    const sides = page.getByRole('article');
    await expect(sides).toHaveCount(2);
    for (const [value, station] of [
      ['A', 'Phòng hành chính'],
      ['O', 'Khoa Nội'],
    ] as const)
      await expect(sides.filter({ hasText: `Tại máy: ${station}` })).toContainText(value);
    await expect(sides.first()).toContainText('Người ghi: Lê Minh Đức');
  }
  // the keys wait until what they decide has been there to read
  await ward.page.waitForTimeout(1_000);
  await ward.page.keyboard.press('2');
  for (const { page } of [ward, office])
    await expect(page.getByText('Không có chỗ nào ghi trùng')).toBeVisible({ timeout: 30_000 });
});

test('a PC that is revoked with a reason is told so, and keeps what it has', async () => {
  const { page } = office;
  await ask(page, 'access.logout', {});
  await logIn(page, 'quantri', password);
  await page.keyboard.press('F7');
  await page.getByRole('button', { name: 'Thu hồi máy “Khoa Nội”' }).click();
  const dialog = page.getByRole('dialog', { name: 'Thu hồi máy “Khoa Nội”?' });
  await page.keyboard.press('Control+S');
  await expect(dialog.getByText('Ghi lý do rồi lưu lại.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Máy bị mất cắp' }).click();
  await page.keyboard.press('Control+S');
  await expect(page.getByText(/^Đã thu hồi \d\d\/\d\d\/\d{4}$/)).toBeVisible();
  await expect(line(ward.page)).toContainText('Máy này đã bị thu hồi', { timeout: 60_000 });
});
