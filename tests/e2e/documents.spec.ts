// Papers in one story, by keyboard: a consent to a procedure is written, survives a crash of the page, is finalised and
// confirmed by a mother's finger; another is signed on paper, changed as a new version, printed and voided.
// Inspected here is what only this story comes to; the rest by the walk over all places.
import { expect, type Page, test } from '@playwright/test';
import { ask, go } from './support/centers.ts';
import { inspect } from './support/inspect.ts';
import { field, type Keyboard, keyboardOf } from './support/keyboard.ts';
import { logIn } from './support/people.ts';
import { type Program, startProgram } from './support/program.ts';

test.describe.configure({ mode: 'serial' });

const child = 'Lò Thị Mơ';
/** As papers write names. */
const onPaper = child.toLocaleUpperCase('vi');
const mother = 'Quàng Thị Sen';
const consentTitle = 'Giấy cam kết chấp thuận phẫu thuật, thủ thuật và gây mê hồi sức';

let program: Program;
let page: Page;
let keys: Keyboard;
let patientId = '';
let admissionId = '';

test.beforeAll(async ({ browser }) => {
  program = await startProgram(browser, { start: 'small' });
  page = program.page;
  keys = keyboardOf(page);
  await logIn(page, 'bsnoi');
  const wards = (await page.evaluate(async () => {
    const answer = await fetch('rpc/beds.wards', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    return (await answer.json()).value;
  })) as readonly { wardId: string; name: string }[];
  const made = await ask(page, 'patients.register', {
    demographics: { fullName: child, sex: '2', birthDate: '2019-06-05' },
    relatives: [{ fullName: mother, relation: 'mother', phone: null, isGuardian: true }],
  });
  patientId = String(made.patientId);
  const stay = await ask(page, 'admissions.admit', {
    patientId,
    wardId: wards.find(({ name }) => name === 'Nội tổng hợp')?.wardId ?? '',
    bedId: null,
    at: Date.now() - 3_600_000,
    reason: 'Tràn dịch màng phổi',
    diagnosis: 'Tràn dịch màng phổi phải',
    icdCode: 'J90',
  });
  admissionId = String(stay.admissionId);
});
test.afterAll(() => program?.close());
test.afterEach(() => program.expectQuiet());

const says = (text: string | RegExp) => expect(page.getByText(text).first()).toBeVisible();
const toast = (text: string | RegExp) =>
  expect(page.getByRole('status').filter({ hasText: text }).first()).toBeVisible();
const dialog = (name: string | RegExp) => page.getByRole('dialog', { name });
const button = (name: string | RegExp) => page.getByRole('button', { name });
const shot = (name: string) => page.screenshot({ path: test.info().outputPath(`${name}.png`) });
/** The pages of a paper, once drawn; its words are there for who can't see them. */
const pageOf = (n: number) => page.getByRole('article', { name: `Trang ${n} trên` });
const drawn = (n: number) => expect(pageOf(n)).toHaveAttribute('data-drawn', 'true');

/** All pages from top to bottom, as one reads them out. */
async function readOut(): Promise<void> {
  await drawn(1);
  const confirm = button('Xác nhận bằng vân tay');
  await expect(confirm).toBeDisabled();
  await says('Đọc hết các trang cho người ký nghe rồi mới lấy vân tay được.');
  await keys.tabTo(page.getByRole('region', { name: `Trang giấy: ${consentTitle}` }));
  for (let n = 0; n < 40 && (await confirm.isDisabled()); n++) {
    await keys.press('PageDown');
    await page.waitForTimeout(120);
  }
  await expect(confirm).toBeEnabled();
}

/** One of a group of choices, by its words. */
async function choose(group: string, choice: string): Promise<void> {
  const wanted = page
    .getByRole('radiogroup', { name: group })
    .getByRole('radio', { name: choice, exact: true });
  await keys.tabTo(page.getByRole('radiogroup', { name: group }).getByRole('radio'));
  await keys.press('Space');
  for (let at = 0; at < 10 && !(await wanted.isChecked()); at++) await keys.press('ArrowDown');
  await expect(wanted).toBeChecked();
}

async function tick(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await keys.tabTo(page.getByRole('checkbox', { name, exact: true }).first());
    await keys.press('Space');
  }
}

test('the chart has a tab for papers, and a form is found by a few letters', async () => {
  await go(page, `/chart/${patientId}/documents`);
  await says('Đợt điều trị này chưa có giấy tờ.');
  await inspect(page);
  await keys.press('Alt+n');
  await expect(page.getByRole('combobox', { name: 'Tìm mẫu giấy' })).toBeFocused();
  await shot('choose-form');
  await keys.type('cam ket');
  await expect(page.getByRole('option')).toHaveCount(1);
  await keys.press('Enter');
  await expect(page.getByRole('heading', { name: consentTitle })).toBeVisible();
});

test('what the record knows is filled in and marked, and is offered again when it was changed', async () => {
  const name = field(page, 'Họ và tên người bệnh');
  await expect(name).toHaveValue(onPaper);
  await says('✓ từ hồ sơ');
  await keys.fill('Họ và tên người bệnh', 'Lò Thị Mận');
  await says(`Hồ sơ ghi: ${onPaper}`);
  await says(/Hồ sơ ghi khác ở 1 ô/);
  await expect(name, 'nothing is forced').toHaveValue('Lò Thị Mận');
  await shot('differs');
  await inspect(page);
  await keys.push('Lấy theo hồ sơ: Họ và tên người bệnh');
  await expect(name).toHaveValue(onPaper);
  await expect(page.getByText(/Hồ sơ ghi khác/)).toHaveCount(0);
});

test('fields that are missing are named before anything is finalised', async () => {
  await keys.press('Control+Enter');
  await says('Còn ô bắt buộc chưa điền. Điền các ô được đánh dấu rồi chốt lại.');
  await expect(page.getByRole('radiogroup', { name: 'Mức độ' })).toHaveAccessibleDescription(
    'Cần điền ô này.',
  );
  await expect(page.getByRole('radio', { name: 'Cấp cứu' })).toBeFocused();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await inspect(page);
});

test('what was typed survives the page going away', async () => {
  await keys.fill('Tên phẫu thuật, thủ thuật', 'Chọc hút dịch màng phổi phải');
  await says(/^Đã lưu nháp/);
  await expect.poll(async () => JSON.stringify(await ask(page, 'drafts.list', {}))).toContain('phổi phải');
  await page.reload();
  await says(/^Có phần đang viết dở/);
  await keys.push('Viết tiếp');
  await expect(field(page, 'Tên phẫu thuật, thủ thuật')).toHaveValue('Chọc hút dịch màng phổi phải');
});

test('the pages stand beside the fields when asked for, and say when they are old', async () => {
  await choose('Mức độ', 'Chương trình, phiên');
  await tick('Chẩn đoán', 'Lý do phẫu thuật, thủ thuật');
  await choose('Phương pháp phẫu thuật, thủ thuật dự kiến', 'Thủ thuật');
  await tick('Phản ứng thuốc', 'Nhiễm trùng');
  await choose('Ý kiến', '1. Đồng ý phẫu thuật, thủ thuật, gây mê hồi sức');
  await keys.press('Control+p');
  await drawn(1);
  await expect(pageOf(1)).toContainText('Chọc hút dịch màng phổi phải');
  await says(/^Trang in lúc \d\d:\d\d$/);
  await shot('preview');
  await keys.fill('Nhân viên chứng kiến', 'Lô Thị Mai Thảo');
  await says(/đã gõ thêm sau đó/);
  await keys.press('Control+p');
  await says(/^Trang in lúc \d\d:\d\d$/);
  await keys.push('Đóng trang in');
});

test('saving keeps the caret where it is; finalising asks once and then stands', async () => {
  await keys.tabTo(field(page, 'Nhân viên chứng kiến'), 'Shift+Tab');
  await keys.press('Control+s');
  await toast('Đã lưu. Giấy chưa chốt để ký.');
  await expect(field(page, 'Nhân viên chứng kiến')).toBeFocused();
  await keys.press('Control+Enter');
  await expect(dialog(/^Chốt để ký/)).toContainText('Người bệnh hoặc thân nhân người bệnh');
  await shot('freeze');
  await inspect(page);
  await keys.press('Enter');
  await toast('Đã chốt. Giấy đang chờ ký.');
  await says('Chờ xác nhận: Người bệnh hoặc thân nhân người bệnh');
  await drawn(1);
  await expect(pageOf(1)).toContainText('Chọc hút dịch màng phổi phải');
  await shot('paper');
});

test('nobody confirms by finger who has not consented to it', async () => {
  await readOut();
  await keys.push('Xác nhận bằng vân tay');
  await says(/Chưa ai cho phép dùng vân tay để xác nhận giấy tờ/);
  await inspect(page);
  await keys.press('Enter');
  await expect(page.getByRole('article', { name: mother })).toContainText('Chưa hỏi');
});

test('the mother consents, gives a finger, and confirms the paper with it', async () => {
  await keys.tabTo(
    page.getByRole('article', { name: mother }).getByRole('button', { name: 'Hỏi và ghi đồng ý' }),
  );
  await keys.press('Enter');
  await keys.tabTo(page.getByRole('checkbox', { name: /^Xác nhận giấy tờ/ }));
  await keys.press('Space');
  await keys.press('Control+s');
  await expect(button(/^Lấy ngón này/)).toBeFocused();
  await keys.press('Enter');
  for (const n of [1, 2, 3]) {
    await expect(page.locator('li[data-now]', { hasText: `Lần ${n}` })).toBeVisible();
    await keys.press('F8');
  }
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('Đã lưu');
  await keys.press('Escape');
  await page.goBack();
  await readOut();
  await keys.push('Xác nhận bằng vân tay');
  await expect(page.getByRole('dialog')).toContainText(`Ai xác nhận: ${mother} (Mẹ)`);
  await shot('finger-ask');
  await inspect(page);
  await keys.push('Đặt ngón tay');
  await expect(page.locator('li[data-now]')).toBeVisible();
  await keys.choose('Ai đặt tay', 'Một người lạ');
  await keys.press('F8');
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText(`Không khớp với ${mother}`);
  await keys.press('Enter');
  await expect(page.locator('li[data-now]')).toBeVisible();
  await keys.press('F8');
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText(`${mother} đã xác nhận`);
  await shot('finger-done');
  await inspect(page);
  await keys.press('Enter');
  await says(`${mother} (mẹ)`);
  await says('Chờ ký: Phẫu thuật viên, bác sĩ thực hiện thủ thuật');
});

test('a change makes a new version with a reason, and what was confirmed counts for the old one only', async () => {
  await keys.push('Sửa thành bản mới');
  await keys.fill('Tên phẫu thuật, thủ thuật', 'Chọc hút dịch màng phổi trái');
  await keys.press('Control+Enter');
  const asked = dialog(/^Chốt để ký/);
  await expect(asked).toContainText('Chữ ký ở bản cũ không tính cho bản mới');
  await keys.press('Control+s');
  await expect(asked).toContainText('Ghi lý do rồi lưu lại.');
  await keys.fill('Lý do có bản mới', 'Ghi nhầm bên');
  await keys.press('Control+s');
  await toast('Đã chốt. Giấy đang chờ ký.');
  const versions = page.getByRole('region', { name: 'Các bản đã chốt' });
  await expect(versions.getByRole('listitem')).toHaveCount(2);
  await expect(versions).toContainText('Lý do: Ghi nhầm bên');
  await says('Chờ xác nhận: Người bệnh hoặc thân nhân người bệnh');
  await drawn(1);
  await expect(pageOf(1)).toContainText('màng phổi trái');
  await keys.push('Xem bản 1');
  await says('Đang xem bản cũ, không phải bản đang dùng.');
  await drawn(1);
  await expect(pageOf(1)).toContainText('màng phổi phải');
  await inspect(page);
  await keys.push('Xem bản đang dùng');
});

test('who signed by hand is noted with the witness who saw it', async () => {
  await readOut();
  await keys.push('Đã ký trên giấy');
  await keys.choose('Ai đã ký', 'Mẹ');
  await expect(field(page, 'Họ và tên người ký')).toHaveValue(mother);
  await keys.press('Control+s');
  await says('Cần điền ô này.');
  await keys.fill('Họ và tên người làm chứng', 'Lò Văn Pánh');
  await shot('on-paper');
  await inspect(page);
  await keys.press('Control+s');
  await toast(`Đã ghi: ${mother} ký trên giấy.`);
  await says('Đã xác nhận, chưa được ký niêm. Chữ ký số tiếp theo sẽ khóa xác nhận này lại.');
});

test('printing says when there is no printer, and the paper can be kept as a file', async () => {
  await keys.press('Control+p');
  await expect(dialog(/^In: /)).toBeVisible();
  await shot('print');
  const [download] = await Promise.all([page.waitForEvent('download'), keys.push('Lưu thành tệp PDF')]);
  expect(download.suggestedFilename()).toBe(`${consentTitle} - ${child}.pdf`);
  await keys.press('Escape');
});

test('a voided paper leaves the list but not the record', async () => {
  await keys.push('Hủy giấy này');
  await keys.push('Lập hai lần');
  await inspect(page);
  await keys.press('Control+s');
  await toast('Đã hủy giấy.');
  await keys.push('Danh sách giấy tờ');
  await says('Đợt điều trị này chưa có giấy tờ.');
  await keys.tabTo(page.getByRole('checkbox', { name: 'Hiện cả giấy đã hủy (1)' }));
  await keys.press('Space');
  await expect(page.getByRole('row', { name: new RegExp(consentTitle) })).toContainText('Đã hủy');
  await shot('list');
});

test('a table is typed in by Enter alone, cell after cell and row after row', async () => {
  await go(page, `/write/${patientId}/phieu-theo-doi-chuc-nang-song/${admissionId}`);
  await expect(page.getByRole('heading', { name: 'Phiếu theo dõi chức năng sống' })).toBeVisible();
  await keys.push('Thêm dòng');
  const rows = page.getByRole('row');
  const before = await rows.count();
  const cells = rows.last().getByRole('textbox');
  await expect(cells.first()).toBeFocused();
  for (let at = 0; at < (await cells.count()); at++) {
    await keys.type('7:05');
    await keys.press('Enter');
  }
  await expect(rows).toHaveCount(before + 1);
  await inspect(page);
});

test('every form is shown filled, page by page', async () => {
  await go(page, '/forms');
  const forms = page.getByRole('navigation', { name: 'Các mẫu giấy' }).getByRole('button');
  await expect(forms.first()).toBeVisible();
  const count = await forms.count();
  expect(count).toBeGreaterThanOrEqual(9);
  for (let at = 0; at < count; at++) {
    await forms.nth(at).press('Enter');
    await drawn(1);
    await expect(pageOf(1), 'a form has words').toContainText(/\p{L}{3}/u);
  }
  await shot('forms');
});
