// Takes the pictures of docs/guide from the training center, and those about sending from two PCs and a province, so that
// the guide shows the program as it is.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import './support/give-way.ts';
import {
  adminPassword,
  ask,
  doctorPassword,
  foundCenter,
  go as goTo,
  invite,
  joinCenter,
  type RunningProvince,
  startProvinceFor,
  typeInvitation,
} from './support/centers.ts';
import { become, goHome, logIn } from './support/people.ts';
import { door, lock, type Place, type Visit, visits } from './support/places.ts';
import { smallPng } from './support/png.ts';
import { type Program, startProgram } from './support/program.ts';
import { projectRoot } from './support/settings.ts';

const folder = join(projectRoot, 'docs', 'guide');
const largest = 150 * 1024;

let program: Program;
let who: string | null = null;
test.beforeAll(async ({ browser }) => {
  mkdirSync(folder, { recursive: true });
  program = await startProgram(browser, { start: 'full', withPrinters: true });
});
test.afterAll(() => program?.close());

shoot(null, door);
for (const visit of visits) for (const place of visit.places) shoot(visit, place);
// before the lock, and before the programs of the next part close the browser's pages
test.describe('fingerprints', () => {
  test.describe.configure({ mode: 'serial' });
  const fullName = 'Vi Thị Nhung';
  let patientId = '';
  /** Training's pretend reader gets the finger that is asked for. */
  const putOn = (page: Page, n: number) =>
    test.step(`time ${n}`, async () => {
      await expect(page.locator('li[data-now]', { hasText: `Lần ${n}` })).toBeVisible();
      await page.keyboard.press('F8');
    });

  test('taking a finger', async () => {
    const { page } = program;
    await arrive(page, { as: 'bsnoi' });
    const made = await ask(page, 'patients.register', {
      demographics: { fullName, sex: '2', birthDate: '1961-04-30' },
      relatives: [{ fullName: 'Vi Văn Toản', relation: 'child', phone: null, isGuardian: false }],
    });
    patientId = String(made.patientId);
    await ask(page, 'fingerprint.consent', {
      patientId,
      holder: { kind: 'patient' },
      purposes: ['recognise', 'find', 'confirm'],
      way: 'spoken',
    });
    await goTo(page, `#/prints/${patientId}`);
    for (const again of [false, true]) {
      await page.getByRole('button', { name: again ? 'Lấy thêm ngón khác' : /^Lấy vân tay/ }).click();
      if (!again) await save(page, 'finger-choose');
      await page.getByRole('button', { name: /^Lấy ngón này/ }).click();
      await putOn(page, 1);
      await putOn(page, 2);
      await expect(page.locator('li[data-now]', { hasText: 'Lần 3' })).toBeVisible();
      if (!again) await save(page, 'finger-take');
      await putOn(page, 3);
      await expect(page.getByRole('dialog')).toContainText('Đã lưu');
    }
    await page.getByRole('button', { name: /^Xong/ }).click();
    await expect(page.getByRole('article', { name: fullName })).toContainText('Ngón trỏ trái');
    await save(page, 'fingers');
  });

  test('finding somebody by a finger', async () => {
    const { page } = program;
    await goTo(page, '#/find');
    await page.getByRole('radio', { name: 'Người bệnh bất tỉnh' }).check();
    await page.getByRole('button', { name: /^Đặt ngón tay và tìm/ }).click();
    await page.getByLabel('Ai đặt tay').selectOption(fullName);
    await page.keyboard.press('F8');
    await expect(page.getByRole('listitem').filter({ hasText: fullName })).toBeVisible();
    await save(page, 'finger-find');
  });

  test('confirming a paper by a finger', async () => {
    const { page } = program;
    const form = 'cam-ket-phau-thuat-thu-thuat';
    const [ward] = Object.values(await ask(page, 'beds.wards', {})) as { wardId: string }[];
    const { admissionId } = await ask(page, 'admissions.admit', {
      ...{ patientId, wardId: ward?.wardId, bedId: null, at: Date.now() - 3_600_000 },
      ...{ reason: 'Tràn dịch màng phổi', diagnosis: 'Tràn dịch màng phổi phải', icdCode: 'J90' },
    });
    const about = { form, patientId, admissionId };
    const { values } = await ask(page, 'documents.fill', about);
    const { documentId } = await ask(page, 'documents.save', {
      ...{ ...about, documentId: null },
      values: {
        ...(values as object),
        ...{ loai: 'chuong_trinh', ten_pttt: 'Chọc hút dịch màng phổi phải', phuong_phap: 'thu_thuat' },
        ...{ da_tu_van: ['chan_doan', 'ly_do'], nguy_co: ['chay_mau'], y_kien: 'dong_y' },
      },
    });
    await ask(page, 'documents.freeze', { documentId, reason: null });
    await goTo(page, `#/paper/${documentId}`);
    const confirm = page.getByRole('button', { name: 'Xác nhận bằng vân tay' });
    await expect(page.getByRole('article', { name: /^Trang 1 trên/ })).toHaveAttribute('data-drawn', 'true');
    await page.getByRole('region', { name: /^Trang giấy: / }).focus();
    for (let n = 0; n < 40 && (await confirm.isDisabled()); n++) {
      await page.keyboard.press('PageDown');
      await page.waitForTimeout(60);
    }
    await confirm.click();
    await expect(page.getByRole('dialog')).toContainText(`Ai xác nhận: ${fullName}`);
    await save(page, 'paper-finger');
  });
});
shoot({ as: 'bsnoi' }, lock);

function shoot(visit: Omit<Visit, 'places'> | null, { name, picture, go }: Place): void {
  if (picture === undefined) return;
  test(name, async () => {
    const { page } = program;
    await arrive(page, visit);
    await go(page);
    await save(page, picture);
  });
}

test.describe('a center of two PCs and its province', () => {
  test.describe.configure({ mode: 'serial' });
  const person = { fullName: 'Lô Thị Xuân', sex: '2', birthDate: '1972-08-14' };
  const elsewhere = 'Trung tâm Y tế Quỳ Hợp';
  let province: RunningProvince;
  let office: Program;
  let ward: Program;
  let other: Program;
  let patientId = '';

  test.beforeAll(async ({ browser }) => {
    province = await startProvinceFor('Trung tâm Y tế Mường Lặng', elsewhere);
    office = await startProgram(browser, { start: 'empty' });
    ward = await startProgram(browser, { start: 'empty' });
    await foundCenter(office.page);
    await logIn(office.page, 'quantri', adminPassword);
  });
  test.afterAll(async () => {
    await office?.close();
    await ward?.close();
    await other?.close();
    await province?.close();
  });

  test('joining the province', async () => {
    const { page } = office;
    await page.keyboard.press('F7');
    const address = page.getByLabel(/^Địa chỉ máy chủ của tỉnh/);
    // As it stands on paper; where the real one is would say nothing to a reader.
    await address.fill('benhan.tinh.gov.vn');
    await page.getByLabel(/^Mã kết nối/).fill('QXR5-NX9E-06WT-WER3-RD3Y');
    await save(page, 'enrol');
    await ask(page, 'sync.enrol', { address: province.address, code: province.codes[0] });
  });

  test('a further PC', async () => {
    const { code, address } = await invite(office.page);
    await save(office.page, 'invite');
    await office.page.keyboard.press('Escape');
    await typeInvitation(ward.page, address, code, 'Khoa Nội');
    // Others on this network may run a center of this name too.
    const port = address.split(':').at(-1);
    await ward.page.getByRole('button', { name: new RegExp(`Phòng hành chính .*:${port}$`) }).click();
    await save(ward.page, 'join');
    await joinCenter(ward.page);
  });

  test('everything is where it belongs', async () => {
    const { page } = ward;
    await logIn(page, 'bs.duc', doctorPassword);
    const made = await ask(page, 'patients.register', { demographics: person });
    patientId = String(made.patientId);
    await page.keyboard.press('F7');
    await expect(page.getByRole('contentinfo')).toContainText('Có thể tắt máy: tỉnh đã có đủ', {
      timeout: 60_000,
    });
    await expect(page.getByText('Hai bên có như nhau', { exact: false })).toHaveCount(2, { timeout: 60_000 });
    await save(page, 'sync');
    await page.getByRole('button', { name: 'Ghi ra USB' }).click();
    await expect(page.getByRole('dialog', { name: 'Ghi ra USB' })).toBeVisible();
    await save(page, 'stick');
    await page.keyboard.press('Escape');
  });

  test('asking the province', async ({ browser }) => {
    other = await startProgram(browser, { start: 'empty' });
    await foundCenter(other.page, elsewhere);
    await ask(other.page, 'access.login', { username: 'quantri', password: adminPassword });
    await ask(other.page, 'sync.enrol', { address: province.address, code: province.codes[1] });
    await ask(other.page, 'access.logout', {});
    await ask(other.page, 'access.login', { username: 'bs.duc', password: doctorPassword });
    await ask(other.page, 'patients.register', { demographics: person });
    const { page } = ward;
    await goTo(page, `#/patient/${patientId}`);
    const answer = page.getByRole('region', { name: 'Hồ sơ ở trung tâm khác' });
    await expect(async () => {
      await page.getByRole('button', { name: /^Hỏi (tỉnh|lại)$/ }).click();
      await expect(answer).toContainText(elsewhere, { timeout: 6_000 });
    }).toPass({ timeout: 60_000 });
    await save(page, 'lookup');
  });
});

async function arrive(page: Page, visit: Omit<Visit, 'places'> | null): Promise<void> {
  if (visit === null) await page.goto(new URL('/', page.url()).href);
  else if (visit.as === who) await goHome(page);
  else await become(page, visit.as);
  who = visit?.as ?? null;
}

async function save(page: Page, name: string): Promise<void> {
  const file = join(folder, `${name}.png`);
  await page.evaluate(() => document.fonts.ready);
  writeFileSync(file, smallPng(await page.screenshot({ animations: 'disabled', caret: 'hide' })));
  expect(statSync(file).size, `bytes of ${name}.png`).toBeLessThan(largest);
}
