// A center and its province, as people see them: joining by the code on paper, how far an entry has come, what another
// center knows of a person, and work going on when nobody answers. The province is a real one on this PC.
import { expect, test } from '@playwright/test';
import {
  adminPassword,
  ask,
  doctorPassword,
  foundCenter,
  go,
  type RunningProvince,
  startProvinceFor,
} from './support/centers.ts';
import { expectNoSidewaysScroll, inspect, textSize } from './support/inspect.ts';
import { become, logIn } from './support/people.ts';
import { type Program, startProgram } from './support/program.ts';

test.describe.configure({ mode: 'serial' });

const centers = ['Trung tâm Y tế Mường Lặng', 'Trung tâm Y tế Quỳ Hợp'] as const;
const person = { fullName: 'Lô Thị Xuân', sex: '2', birthDate: '1972-08-14' };

let province: RunningProvince;
let here: Program;
let there: Program;
let patientId = '';

test.beforeAll(async ({ browser }) => {
  province = await startProvinceFor(...centers);
  here = await startProgram(browser, { start: 'empty' });
  there = await startProgram(browser, { start: 'empty' });
  await foundCenter(here.page, centers[0]);
  await foundCenter(there.page, centers[1]);
});
test.afterAll(async () => {
  await here?.close();
  await there?.close();
  await province?.close();
});

const line = () => here.page.getByRole('contentinfo');
const lookup = () => here.page.getByRole('region', { name: 'Hồ sơ ở trung tâm khác' });

test('address and code from the paper join the province, and the form goes', async () => {
  const { page } = here;
  await logIn(page, 'quantri', adminPassword);
  await page.keyboard.press('F7');
  await page.getByLabel(/^Địa chỉ máy chủ của tỉnh/).fill(province.address);
  await page.keyboard.press('Enter');
  await expect(page.getByLabel(/^Mã kết nối/)).toBeFocused();
  await page.keyboard.type((province.codes[0] ?? '').replaceAll('-', ' ').toLowerCase());
  await page.keyboard.press('Enter');
  await expect(page.getByText('Đã nối với Sở Y tế Nghệ An.')).toBeVisible();
  await expect(page.getByLabel(/^Mã kết nối/)).toHaveCount(0);
  await expect(line()).toContainText('Có thể tắt máy: tỉnh đã có đủ', { timeout: 60_000 });
  await inspect(page);
});

test('what is written is marked as sent once the province holds it', async () => {
  const { page } = here;
  await become(page, 'bs.duc', doctorPassword);
  const made = await ask(page, 'patients.register', { demographics: person });
  patientId = String(made.patientId);
  await go(page, `#/patient/${patientId}`);
  await expect(page.getByRole('img', { name: 'Đã gửi tỉnh' }).first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('heading', { level: 1, name: person.fullName })).toBeVisible();
});

test('the province tells what another center knows of a person, and up to when', async () => {
  const other = there.page;
  await logIn(other, 'quantri', adminPassword);
  await ask(other, 'sync.enrol', { address: province.address, code: province.codes[1] });
  await become(other, 'bs.duc', doctorPassword);
  await ask(other, 'patients.register', { demographics: person });
  await expect(other.getByRole('contentinfo')).toContainText('Có thể tắt máy: tỉnh đã có đủ', {
    timeout: 60_000,
  });
  // The province reads the logs for people a moment after it has them.
  await expect(async () => {
    await here.page.getByRole('button', { name: /^Hỏi (tỉnh|lại)$/ }).click();
    await expect(lookup()).toContainText('1 nơi có hồ sơ có thể là người này', { timeout: 6_000 });
  }).toPass({ timeout: 60_000 });
  await expect(lookup()).toContainText(centers[1]);
  await expect(lookup()).toContainText('Trùng họ tên và ngày sinh');
  await expect(lookup()).toContainText('Vẫn phải hỏi lại người bệnh');
  await inspect(here.page);
});

test('when the province is gone work goes on, the question ends by itself, and nothing is called sent', async () => {
  const { page } = here;
  await province.close();
  await expect(line()).toContainText('Không gặp Sở Y tế Nghệ An', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Hỏi lại' }).click();
  await expect(lookup()).toContainText('Tỉnh chưa trả lời');
  await ask(page, 'patients.update', {
    patientId,
    set: { bloodGroup: 'A' },
    saw: {},
    reason: 'Xét nghiệm tại giường',
  });
  await expect(page.getByRole('img', { name: 'Mới có trên máy này' }).first()).toBeVisible();
  await expect(line()).toContainText(/việc từ \d\d:\d\d chỉ có ở đây/);
  await page.keyboard.press('F7');
  await expect(page.getByRole('cell', { name: '1', exact: true }).first()).toBeVisible();
  await inspect(page);
});

test('in English the page of a center that waits for its province stays in its place', async () => {
  const { page } = here;
  await page.getByRole('button', { name: /^Tài khoản/ }).click();
  await page.getByRole('menuitem', { name: 'English' }).click();
  await expect(page.getByRole('heading', { name: 'Sending and receiving' })).toBeVisible();
  await expect(line()).toContainText('No contact with Sở Y tế Nghệ An');
  for (const size of [100, 150]) {
    await textSize(page, size);
    await expectNoSidewaysScroll(page, size);
  }
});
