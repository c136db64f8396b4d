// Signing in one story, with training's pretend token: a doctor reads four papers, mistypes the PIN, loses the token half
// way, goes on, asks the head of the department to sign another; the director signs last, and other programs find both
// signatures in the file that comes out.
// Inspected here is what only this story comes to; the rest by the walk over all places.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { trainingPin } from '../../electron/signing/training/tokens.ts';
import { trainingStaff } from '../../electron/training/center.ts';
import { ask, go } from './support/centers.ts';
import { inspect } from './support/inspect.ts';
import { field, type Keyboard, keyboardOf } from './support/keyboard.ts';
import { become, hire } from './support/people.ts';
import { type Program, startProgram } from './support/program.ts';

test.describe.configure({ mode: 'serial' });

const title = 'Giấy ra viện';
const nameOf = (account: string) =>
  trainingStaff.find(({ username }) => username === account)?.fullName ?? '';
const headOfDepartment = nameOf('truongkhoa');
const director = nameOf('giamdoc');
interface Hit {
  readonly patientId: string;
  readonly fullName: string;
  readonly admission: { readonly admissionId: string } | null;
}

let program: Program;
let page: Page;
let keys: Keyboard;
/** Papers in the order of the queue. */
let papers: readonly { readonly documentId: string; readonly patient: string }[] = [];
/** Everything the page sent to the core. */
const sent: string[] = [];

test.beforeAll(async ({ browser }) => {
  program = await startProgram(browser, { start: 'small' });
  page = program.page;
  keys = keyboardOf(page);
  page.on('request', (request) => {
    sent.push(`${request.url()} ${request.postData() ?? ''}`);
  });
  // somebody new, who has not signed anything yet
  await hire(page, 'bsmoi', 'Kha Thị Liên', 'bac_si_dieu_tri');
  const hits = (await page.evaluate(async () => {
    const answer = await fetch('rpc/patients.search', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'nguyen', limit: 40 }),
    });
    return (await answer.json()).value;
  })) as readonly Hit[];
  const made = [];
  for (const { patientId, fullName, admission } of hits) {
    if (!admission || made.length === 5) continue;
    const { admissionId } = admission;
    const about = { form: 'giay-ra-vien', patientId, admissionId };
    const { values } = await ask(page, 'documents.fill', about);
    const written = Object.assign({}, values, {
      ra_vien: Date.now(),
      phuong_phap: 'Truyền dịch, hạ sốt',
      chan_doan: { text: 'Sốt xuất huyết', code: 'A97.0' },
      dia_chi: 'Bản Huồi Giảng',
      gioi: '1',
    });
    const { documentId } = await ask(page, 'documents.save', { ...about, documentId: null, values: written });
    await ask(page, 'documents.freeze', { documentId, reason: null });
    made.push({ documentId: String(documentId), patient: fullName });
  }
  papers = made;
});
test.afterAll(() => program?.close());
test.afterEach(() => program.expectQuiet());

const says = (text: string | RegExp) => expect(page.getByText(text).first()).toBeVisible();
const toast = (text: string | RegExp) =>
  expect(page.getByRole('status').filter({ hasText: text }).first()).toBeVisible();
const dialog = (name: string | RegExp) => page.getByRole('dialog', { name });
const shot = (name: string) => page.screenshot({ path: test.info().outputPath(`${name}.png`) });
const options = () => page.getByRole('listbox', { name: 'Chờ tôi ký' }).getByRole('option');
/** This story's own papers; others of the training center wait beside them. */
const paper = (n: number) =>
  options()
    .filter({ hasText: papers[n]?.patient ?? '' })
    .filter({ hasText: title });
const pin = () => page.frameLocator('iframe[title="Mã PIN của USB ký số"]').locator('input');

/** Reads the paper on the screen to its end by the space bar, as people do. */
async function readOn(): Promise<void> {
  await expect(page.getByRole('article', { name: /^Trang 1 trên/ })).toHaveAttribute('data-drawn', 'true');
  const read = page.getByText('✓ Đã xem hết các trang');
  for (let n = 0; n < 60 && !(await read.isVisible()); n++) {
    await keys.press('Space');
    await page.waitForTimeout(60);
  }
  await expect(read).toBeVisible();
}

/** Also where a colleague has left theirs in. */
async function plugIn(): Promise<void> {
  const left = page.getByText('Chứng thư mang tên người khác');
  await expect(left.or(page.getByText('Cắm USB ký số vào máy này')).first()).toBeVisible();
  if (await left.isVisible()) {
    await inspect(page);
    await keys.press('F8');
  }
  await says('Cắm USB ký số vào máy này');
  await keys.press('F8');
  await expect(pin()).toBeFocused();
}

/** Asked once of everybody; the training center's own people have signed before. */
async function claim(): Promise<void> {
  const own = page.getByRole('checkbox', { name: /^Đây là chữ ký số của tôi/ });
  if (await own.isVisible()) await own.check();
  await pin().focus();
}

async function typePin(text: string): Promise<void> {
  await expect(pin()).toBeFocused();
  await keys.type(text);
  await keys.press('Enter');
}

test('nothing can be ticked that was not read to its end', async () => {
  await go(page, '/sign');
  for (const n of papers.keys()) await expect(paper(n)).toHaveCount(1);
  await expect(page.getByRole('link', { name: /Chờ ký.*\d giấy chờ bạn ký/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Đánh dấu để ký/ })).toBeDisabled();
  await keys.press('End');
  await expect(options().last()).toHaveAttribute('aria-current', 'true');
  await keys.press('Home');
  await expect(options().first()).toHaveAttribute('aria-selected', 'false');
  await shot('unread');
  const refused = await page.evaluate(
    async ([documentId, content]) => {
      const answer = await fetch('rpc/signing.sign', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ items: [{ documentId, content, step: 'nguoi_hanh_nghe' }] }),
      });
      return (await answer.json()).error?.code;
    },
    [
      papers[0]?.documentId,
      (await ask(page, 'documents.open', { documentId: papers[0]?.documentId })).content,
    ],
  );
  expect(refused, 'the core does not believe the page').toMatch(/^(?:not_read|token_missing|token_locked)$/);
});

test('four papers are read and ticked by the space bar', async () => {
  await keys.tabTo(page.getByRole('listbox', { name: 'Chờ tôi ký' }));
  await keys.press('Home');
  for (const n of [0, 1, 2, 3]) {
    for (let at = 0; at < 20 && (await paper(n).getAttribute('aria-current')) !== 'true'; at++)
      await keys.press(at % 2 === 0 ? 'j' : 'ArrowDown');
    await expect(paper(n)).toHaveAttribute('aria-current', 'true');
    await readOn();
    // the last press of reading on may have been the first that ticks
    if ((await paper(n).getAttribute('aria-selected')) !== 'true') await keys.press('Space');
    await expect(paper(n)).toHaveAttribute('aria-selected', 'true');
  }
  await shot('ticked');
  await inspect(page);
});

test('the PIN is typed where the page can not look, and nothing of it is sent', async () => {
  await keys.press('Control+Enter');
  await expect(dialog('Ký 4 giấy')).toBeVisible();
  await shot('no-token');
  await inspect(page);
  await plugIn();
  await says('Nơi cấp: CA tập huấn của Trạm');
  await shot('pin');
  await keys.type(trainingPin);
  const seen = await page.evaluate(() => {
    const frame = document.querySelector('iframe');
    let inside = 'closed';
    try {
      inside = frame?.contentWindow?.document.querySelector('input')?.value ?? 'empty';
    } catch {
      inside = 'closed';
    }
    return { inside, document: frame?.contentDocument ?? null };
  });
  expect(seen).toEqual({ inside: 'closed', document: null });
  await keys.press('Enter');
  await says('Đánh dấu ô này trước.');
  await expect(pin(), 'cleared at once').toHaveValue('');
});

test('a wrong PIN, the last try and its warning each have their sentence', async () => {
  await keys.tabTo(page.getByRole('checkbox', { name: /^Đây là chữ ký số của tôi/ }), 'Shift+Tab');
  await keys.press('Space');
  await keys.press('Tab');
  await typePin('135791');
  await says(/^▲ Mã PIN chưa đúng/);
  await says('Vừa có người gõ sai mã PIN');
  await typePin('135792');
  await says('Chỉ còn MỘT lần thử');
  await shot('last-try');
  await inspect(page);
  await typePin(trainingPin);
  await says('Đánh dấu ô này trước.');
  await keys.tabTo(page.getByRole('checkbox', { name: /^Tôi biết chỉ còn một lần thử/ }), 'Shift+Tab');
  await keys.press('Space');
});

test('pulled out half way, what is signed stays signed and the rest goes on later', async () => {
  await keys.tabTo(page.locator('iframe'));
  await pin().focus();
  await typePin(trainingPin);
  await expect(page.getByRole('progressbar')).toBeVisible();
  await says(/^Đã ký 1 trên 4/);
  await keys.press('F8');
  await says(/USB ký số đã bị rút. Giấy đã ký xong vẫn giữ nguyên/);
  await shot('pulled');
  await inspect(page);
  const left = await page.getByRole('button', { name: /^Ký tiếp \d giấy/ }).innerText();
  expect(left).toMatch(/Ký tiếp [1-3] giấy/);
  await keys.press('Enter');
  await plugIn();
  await typePin(trainingPin);
  await says(/^✓ Đã ký xong/);
  await shot('done');
  await inspect(page);
  await keys.push('Khóa USB ký số ngay');
  await toast('Đã khóa. Lần ký sau phải gõ mã PIN.');
  await keys.push('Xong');
  for (const n of [0, 1, 2, 3]) await expect(paper(n)).toHaveCount(0);
  await says('Giấy tôi lập, chờ người khác');
  await paper(4).click();
});

test('another paper is handed to the head of the department, who signs it', async () => {
  const { people } = await ask(page, 'documents.signersFor', {
    documentId: papers[4]?.documentId,
    step: 'nguoi_hanh_nghe',
  });
  const head = (people as { name: string; role: string }[]).find(({ name }) => name === headOfDepartment);
  expect(head, 'may be asked').toBeDefined();
  await keys.push('Nhờ người khác ký');
  await expect(dialog(/^Nhờ người khác ký/)).toBeVisible();
  await keys.press('Control+s');
  await says('Cần điền ô này.');
  await shot('delegate');
  await field(page, 'Nhờ ai').fill(headOfDepartment);
  await page.getByRole('option', { name: `${headOfDepartment} – Trưởng khoa` }).click();
  await keys.press('Control+s');
  await says('Ghi lý do rồi lưu lại.');
  await field(page, 'Lý do').fill('Tôi nghỉ từ ngày mai');
  await keys.press('Control+s');
  await toast(`Đã nhờ ${headOfDepartment} ký.`);

  await become(page, 'truongkhoa');
  await go(page, '/sign');
  await paper(4).click();
  await page.getByRole('listbox').focus();
  await readOn();
  if ((await paper(4).getAttribute('aria-selected')) !== 'true') await keys.press('Space');
  await keys.press('Control+Enter');
  await plugIn();
  await claim();
  await typePin(trainingPin);
  await says(/^✓ Đã ký xong 1 trên 1/);
  await keys.press('Enter');
});

test('the director sends one back with a reason, and its writer reads why', async () => {
  await become(page, 'giamdoc');
  await go(page, '/sign');
  await paper(3).click();
  await keys.push('Trả lại');
  await keys.push('Còn thiếu thông tin');
  await shot('refuse');
  await keys.press('Control+s');
  await toast(`Đã trả lại: ${title}.`);
  await expect(paper(3)).toHaveCount(0);
});

test('the director signs last, from the paper itself, and the paper is signed by all', async () => {
  await go(page, `/paper/${papers[0]?.documentId}`);
  await says('Xem hết các trang rồi mới ký được.');
  await expect(page.getByRole('button', { name: 'Ký', exact: true })).toBeDisabled();
  const pages = page.getByRole('region', { name: `Trang giấy: ${title}` });
  await expect(page.getByRole('article', { name: /^Trang 1 trên/ })).toHaveAttribute('data-drawn', 'true');
  await keys.tabTo(pages);
  for (let n = 0; n < 40 && (await page.getByRole('button', { name: 'Ký', exact: true }).isDisabled()); n++) {
    await keys.press('PageDown');
    await page.waitForTimeout(120);
  }
  await keys.press('Control+Enter');
  await plugIn();
  await claim();
  await typePin(trainingPin);
  await says(/^✓ Đã ký xong 1 trên 1/);
  await keys.press('Enter');
  await says(/^Đã ký đủ/);
  await says('Chữ ký tập huấn, không có giá trị thật.');
  await shot('signed');
  await inspect(page);
  await keys.push('Kiểm tra lại chữ ký');
  await expect(dialog('Kết quả kiểm tra chữ ký')).toContainText(director);
  await shot('checked');
  await inspect(page);
  await keys.press('Escape');
});

let file = '';
test('other programs find both signatures in the file that comes out', async () => {
  await keys.press('Control+p');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Lưu thành tệp PDF' }).click(),
  ]);
  file = test.info().outputPath('signed.pdf');
  await download.saveAs(file);
  // its exit code says nothing; its words do
  const found = execFileSync('pdfsig', ['-nocert', file], { encoding: 'utf8' });
  expect(found.match(/Signature is Valid/g)).toHaveLength(2);
  expect(found).toContain(director);
  expect(found.match(/Total document signed/g)?.length).toBeGreaterThanOrEqual(1);
  execFileSync('qpdf', ['--check', file]);
  expect(execFileSync('pdftotext', [file, '-'], { encoding: 'utf8' })).toContain('GIẤY RA VIỆN');
  await keys.press('Escape');
});

test('what proves the paper is saved as one file', async () => {
  const [download] = await Promise.all([page.waitForEvent('download'), keys.push('Xuất bằng chứng')]);
  expect(download.suggestedFilename()).toMatch(/^chung-cu-[0-9a-f]{16}\.zip$/);
  const zip = test.info().outputPath('proof.zip');
  await download.saveAs(zip);
  await toast(
    `Đã lưu ${download.suggestedFilename()}. Bên trong có giấy, chữ ký và cách kiểm tra không cần Trạm.`,
  );
  const bytes = readFileSync(zip);
  for (const name of ['content.json', 'paper-signed.pdf', '02-dai_dien.p7s', 'README.txt'])
    expect(bytes.includes(name)).toBe(true);
});

test('the page for files from elsewhere believes the file, and not one that was touched', async () => {
  await go(page, '/verify');
  await expect(page.getByRole('heading', { name: 'Kiểm tra tệp đã ký' })).toBeVisible();
  await inspect(page);
  await page.getByLabel('Chọn tệp').setInputFiles(file);
  await says(director);
  await shot('verify');
  const touched = readFileSync(file);
  const at = touched.length >> 2;
  touched[at] = (touched[at] ?? 0) ^ 1;
  const other = test.info().outputPath('touched.pdf');
  writeFileSync(other, touched);
  await page.getByLabel('Chọn tệp').setInputFiles(other);
  await says('✕ Không hợp lệ');
  await shot('touched');
});

test('its writer sees who sent a paper back and why, and can correct it', async () => {
  // in training an account keeps the password it was given
  await become(page, 'bsmoi', 'tạm thời 1');
  await go(page, '/sign');
  await says('Lý do: Còn thiếu thông tin');
  await go(page, `/paper/${papers[3]?.documentId}`);
  await says(`${director} trả lại`);
  await shot('refused');
  await keys.push('Sửa lại');
  await expect(page.getByRole('button', { name: /^Chốt để ký/ })).toBeVisible();
});

test('the person in charge sets the service for time-stamps and sees whom the center trusts', async () => {
  await become(page, 'quantri');
  await go(page, '/station');
  const panel = page
    .locator('section', { has: page.getByRole('heading', { name: 'Ký số', exact: true }) })
    .last();
  await panel.getByLabel('Địa chỉ dịch vụ dấu thời gian').fill('tsa');
  await says('Địa chỉ bắt đầu bằng http hoặc https.');
  await panel.getByLabel('Địa chỉ dịch vụ dấu thời gian').fill('');
  await panel.getByLabel('USB tự khóa sau số phút không ký').fill('7');
  await panel.getByRole('button', { name: 'Lưu cài đặt ký số' }).click();
  await toast('Đã lưu trên máy này.');
  await panel.scrollIntoViewIfNeeded();
  await shot('settings');
});

test('no PIN ever left the page in the clear', () => {
  expect(sent.some((line) => line.includes('signing.unlock'))).toBe(true);
  expect(sent.filter((line) => line.includes(trainingPin) || line.includes('135791'))).toEqual([]);
});
