// Two real PCs of one center on one network, as people see them: joining by a code, marks, two people writing different
// things while the line is cut, one key to settle it, a PC losing its right.
import { expect, type Page, test } from '@playwright/test';
import {
  adminPassword,
  ask,
  doctorPassword,
  foundCenter,
  go,
  invite,
  joinCenter,
  typeInvitation,
} from './support/centers.ts';
import { inspect } from './support/inspect.ts';
import { become, logIn } from './support/people.ts';
import { type Program, startProgram } from './support/program.ts';

test.describe.configure({ mode: 'serial' });

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

const line = (page: Page) => page.getByRole('contentinfo');

test('the first PC of a center lets another one in by a code shown large', async () => {
  const { page } = office;
  await foundCenter(page);
  await logIn(page, 'quantri', adminPassword);
  const { code, address } = await invite(page);
  await inspect(page);
  await page.keyboard.press('Escape');
  await typeInvitation(ward.page, address, code, 'Khoa Nội');
  await joinCenter(ward.page);
  // It was typed and is heard as well, and is one PC all the same.
  await expect(page.getByText('Đang phục vụ 1 máy', { exact: true })).toBeVisible();
  const waiting = page.getByRole('region', { name: 'Đang chờ gửi' });
  await expect(waiting.getByText('đã gửi hết')).toHaveCount(4, { timeout: 30_000 });
});

test('what one PC writes is on the other, marked as held there, and the line says the PC may be switched off', async () => {
  await become(office.page, 'bs.duc', doctorPassword);
  const made = await ask(office.page, 'patients.register', {
    demographics: { fullName: patientName, sex: '1', birthDate: '1960-05-01' },
  });
  patientId = String(made.patientId);
  await go(office.page, `#/patient/${patientId}`);
  await expect(
    office.page.getByRole('img', { name: 'Đã có ở máy khác trong trung tâm' }).first(),
  ).toBeVisible({ timeout: 30_000 });
  await logIn(ward.page, 'bs.duc', doctorPassword);
  await go(ward.page, `#/patient/${patientId}`);
  await expect(ward.page.getByRole('heading', { level: 1, name: patientName })).toBeVisible({
    timeout: 30_000,
  });
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
  await logIn(boss, 'quantri', adminPassword);
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
  await become(page, 'quantri', adminPassword);
  await page.keyboard.press('F7');
  await page.getByRole('button', { name: 'Thu hồi máy “Khoa Nội”' }).click();
  const dialog = page.getByRole('dialog', { name: 'Thu hồi máy “Khoa Nội”?' });
  await page.keyboard.press('Control+S');
  await expect(dialog.getByText('Ghi lý do rồi lưu lại.')).toBeVisible();
  await inspect(page);
  await dialog.getByRole('button', { name: 'Máy bị mất cắp' }).click();
  await page.keyboard.press('Control+S');
  await expect(page.getByText(/^Đã thu hồi \d\d\/\d\d\/\d{4}$/)).toBeVisible();
  await expect(line(ward.page)).toContainText('Máy này đã bị thu hồi', { timeout: 60_000 });
  await ward.page.keyboard.press('F7');
  await expect(ward.page.getByRole('heading', { name: 'Đang chờ gửi' })).toBeVisible();
  await inspect(ward.page);
});
