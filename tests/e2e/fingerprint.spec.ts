// Fingerprints in one story, by keyboard, with training's pretend reader: a child is admitted, the child's and the mother's
// fingers are taken and checked, the child is found again by a finger, and what was taken is erased.
import { expect, type Page, test } from '@playwright/test';
import { ask } from './support/centers.ts';
import { inspect } from './support/inspect.ts';
import { field, type Keyboard, keyboardOf } from './support/keyboard.ts';
import { become, logIn } from './support/people.ts';
import { type Program, startProgram } from './support/program.ts';

test.describe.configure({ mode: 'serial' });

let program: Program;
let page: Page;
let keys: Keyboard;
test.beforeAll(async ({ browser }) => {
  program = await startProgram(browser, { start: 'small' });
  page = program.page;
  keys = keyboardOf(page);
});
test.afterAll(() => program?.close());
test.afterEach(() => program.expectQuiet());

const child = 'Lò Thị Mơ';
const mother = 'Quàng Thị Sen';

const says = (text: string | RegExp) => expect(page.getByText(text).first()).toBeVisible();
const toast = (text: string | RegExp) =>
  expect(page.getByRole('status').filter({ hasText: text }).first()).toBeVisible();
const dialog = (name: string | RegExp) => page.getByRole('dialog', { name });
const person = (name: string) => page.getByRole('article', { name });
const button = (name: string | RegExp) => page.getByRole('button', { name });
/** What came of it, in the dialog. */
const verdict = (text: string) =>
  expect(page.getByRole('dialog').getByRole('alert').filter({ hasText: text })).toBeVisible();
const shot = (name: string) => page.screenshot({ path: test.info().outputPath(`${name}.png`) });

/** The pretend reader gets a finger: well put on, of the person the dialog names, unless said otherwise. */
async function putOn({
  who,
  finger,
  how,
}: {
  who?: string;
  finger?: string;
  how?: string;
} = {}): Promise<void> {
  if (who) await keys.choose('Ai đặt tay', who);
  if (finger) await keys.choose('Ngón nào', finger);
  if (how) await keys.choose('Đặt thế nào', how);
  await keys.press('F8');
}

/** In the dialog of the three times: begins, and puts the finger on each time it is asked for. */
async function takeFinger(): Promise<void> {
  await expect(button(/^Lấy ngón này/)).toBeFocused();
  await keys.press('Enter');
  for (const n of [1, 2, 3]) {
    await expect(page.locator('li[data-now]', { hasText: `Lần ${n}` })).toBeVisible();
    await putOn();
  }
  await verdict('Đã lưu');
}

/** Tab to a group of choices, then down it; the first press of Space takes the one it stands on. */
async function mark(group: string, choice: string): Promise<void> {
  const radios = page.getByRole('radiogroup', { name: group }).getByRole('radio');
  await keys.tabTo(radios);
  await keys.press('Space');
  const wanted = page.getByRole('radiogroup', { name: group }).getByRole('radio', { name: choice });
  for (let at = 0; at < 10 && !(await wanted.isChecked()); at++) await keys.press('ArrowDown');
  await expect(wanted).toBeChecked();
}

async function consent(name: string): Promise<void> {
  await expect(dialog(`Đồng ý lấy vân tay: ${name}`)).toBeVisible();
  for (const purpose of [/^Nhận đúng người/, /^Tìm hồ sơ/, /^Xác nhận giấy tờ/]) {
    await keys.tabTo(page.getByRole('checkbox', { name: purpose }));
    await keys.press('Space');
  }
}

test('a child with her mother is admitted, and fingerprints are offered', async () => {
  await logIn(page, 'bsnoi');
  await keys.press('Control+N');
  await expect(field(page, 'Quét căn cước hoặc thẻ bảo hiểm')).toBeFocused();
  await inspect(page);
  await keys.fill('Họ và tên', child);
  await keys.choose('Giới tính', 'Nữ');
  await keys.fill('Ngày sinh', '5/6/2019');
  await keys.push('Thêm người nhà');
  await keys.fill('Họ và tên người nhà', mother);
  await keys.choose('Quan hệ với người bệnh', 'Mẹ');
  await keys.press('Control+S');
  await says(`✓ Đã lưu hồ sơ ${child}`);
  await keys.press('F4');
  await expect(dialog('Nhập viện')).toBeVisible();
  await keys.fill('Lý do vào nội trú', 'Sốt cao');
  await keys.tabTo(page.getByRole('checkbox', { name: 'Lấy vân tay ngay sau khi nhập viện' }));
  await keys.press('Space');
  await shot('admission');
  await keys.press('Control+S');
  await says('Đã nhập viện. Lấy vân tay người bệnh và một người nhà bây giờ, hoặc để sau.');
  await expect(person(child)).toContainText('Chưa hỏi');
  await expect(person(mother)).toContainText('Mẹ');
  await shot('page-empty');
  await inspect(page);
});

test('nothing is taken before consent, which a representative may give', async () => {
  await keys.press('F6');
  await expect(dialog(`Đồng ý lấy vân tay: ${child}`)).toBeVisible();
  await keys.press('Control+S');
  await says('Đánh dấu ít nhất một việc người đó đồng ý.');
  await consent(child);
  await mark('Ai đồng ý', 'Người đại diện đồng ý thay');
  await keys.fill('Họ và tên người đại diện', mother);
  await shot('consent');
  await inspect(page);
  await keys.press('Control+S');
  await expect(dialog(`Lấy vân tay: ${child}`)).toBeVisible();
});

test('a finger is chosen by its number and taken three times', async () => {
  await says('Đang chọn: Ngón trỏ phải');
  await keys.tabTo(page.getByRole('radio', { name: 'Ngón trỏ phải' }));
  await keys.press('4');
  await says('Đang chọn: Ngón trỏ trái');
  await keys.press('ArrowLeft');
  await says('Đang chọn: Ngón giữa trái');
  await keys.press('7');
  await says('Đang chọn: Ngón trỏ phải');
  await shot('choose');
  await inspect(page);
  await keys.tabTo(button(/^Lấy ngón này/));
  await keys.press('Enter');
  await says('Đặt ngón trỏ phải lên mặt kính');
  await shot('capture');
  await inspect(page);
  // what the reader can't use is said in words, and the capture goes on
  await putOn({ how: 'Lệch ra mép' });
  await expect(page.locator('p[data-hint]')).toBeVisible();
  await shot('capture-edge');
  await keys.choose('Đặt thế nào', 'Đặt đúng');
  for (const n of [1, 2, 3]) {
    await expect(page.locator('li[data-now]', { hasText: `Lần ${n}` })).toBeVisible();
    await putOn();
    if (n === 1) {
      await says('Tốt. Nhấc ngón tay ra rồi đặt lại đúng ngón đó');
      await expect(page.getByRole('img', { name: 'Hình vân tay máy vừa đọc' })).toBeVisible();
      await shot('capture-second');
    }
  }
  await verdict(`Đã lưu ngón trỏ phải của ${child}`);
  await shot('saved');
  await inspect(page);
  await keys.push('Lấy thêm ngón khác');
  await says('Đang chọn: Ngón trỏ trái');
  await takeFinger();
  await keys.press('Enter');
  await expect(person(child)).toContainText('Ngón trỏ trái');
  await expect(person(child)).toContainText('Ngón trỏ phải');
});

test('a reader that is unplugged and a person who changes their mind leave nothing behind', async () => {
  await keys.press('F6');
  await expect(button(/^Lấy ngón này/)).toBeFocused();
  await keys.press('Enter');
  await says('Đặt ngón cái phải lên mặt kính');
  await putOn({ how: 'Rút dây máy đọc' });
  await says('Máy đọc vân tay đã bị rút. Cắm lại rồi lấy vân tay lại từ đầu.');
  await shot('unplugged');
  await inspect(page);
  await keys.tabTo(button(/^Thử lại/));
  await keys.press('Enter');
  await says('Không thấy máy đọc vân tay. Cắm lại dây rồi thử lại.');
  await inspect(page);
  // plugged in again with the finger on it
  await putOn();
  await says(/^Đã đặt: /);
  await keys.tabTo(button(/^Thử lại/));
  await keys.press('Enter');
  await expect(page.locator('li[data-now]', { hasText: 'Lần 2' })).toBeVisible();
  await keys.press('Escape');
  await says('Đang chọn: Ngón cái phải');
  // a finger that can't be had leads to the next one
  await keys.push('Không lấy được');
  await mark('Vì sao', 'Ngón tay bị thương');
  await keys.press('Control+S');
  await says('Đang chọn: Ngón cái trái');
  await keys.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(person(child)).not.toContainText('Ngón cái phải');
});

test('the mother consents for herself and gives a finger', async () => {
  await keys.tabTo(person(mother).getByRole('button', { name: 'Hỏi và ghi đồng ý' }));
  await keys.press('Enter');
  await consent(mother);
  await keys.press('Control+S');
  await takeFinger();
  await keys.press('Enter');
  await expect(person(mother)).toContainText('Ngón trỏ phải');
  await expect(person(mother).getByRole('button', { name: 'Lấy vân tay' })).toBeFocused();
  await shot('page-taken');
  await inspect(page);
});

test('before a transfusion it is the child, and not a stranger', async () => {
  await keys.press('Control+Enter');
  await expect(button(/^Nhập – chuyển – ra/)).toBeVisible();
  await keys.press('F4');
  await keys.pick('Kiểm tra vân tay');
  await expect(dialog('Kiểm tra đúng người')).toBeVisible();
  await mark('Trước khi làm gì', 'Truyền máu');
  await shot('check');
  await inspect(page);
  await keys.press('Enter');
  await says(/Đặt một trong các ngón đã lấy/);
  await putOn();
  await verdict(`Đúng người: ${child}`);
  await shot('check-right');
  await inspect(page);
  await keys.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(button(/^Nhập – chuyển – ra/)).toBeFocused();

  await keys.press('F4');
  await keys.pick('Kiểm tra vân tay');
  await mark('Kiểm tra ai', mother);
  await mark('Trước khi làm gì', 'Ký giấy');
  await keys.press('Enter');
  await says(/Đặt một trong các ngón đã lấy/);
  await putOn({ who: 'Một người lạ' });
  await verdict(`Không khớp với ${mother}`);
  await shot('check-wrong');
  await inspect(page);
  await keys.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('whoever has no finger left since the page last looked is not offered', async () => {
  const patientId = page.url().split('/').at(-1);
  const { people } = await ask(page, 'fingerprint.ofPatient', { patientId });
  const [, { personId }] = people as [unknown, { personId: string }];
  await ask(page, 'fingerprint.drop', { patientId, personId, finger: 2, reason: null });
  await keys.press('F4');
  await keys.pick('Kiểm tra vân tay');
  await expect(page.getByRole('dialog')).toContainText(`Kiểm tra ai: ${child} (người bệnh)`);
  await expect(page.getByRole('radio', { name: 'Truyền máu' })).toBeFocused();
  await keys.press('Escape');
});

test('a finger whose key is still at another PC is shown as waiting, and nobody is checked with it', async () => {
  // As the core tells it of such a finger; here it made all keys itself.
  await page.route('**/rpc/fingerprint.ofPatient', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({
      response: answer,
      body: (await answer.text()).replaceAll('"usable":true', '"usable":false'),
    });
  });
  await keys.press('F4');
  await keys.pick('Kiểm tra vân tay');
  await says(/^Chưa ai vừa có vân tay dùng được ở máy này/);
  await shot('nobody');
  await inspect(page);
  await expect(button(/^Mở trang Vân tay/)).toBeFocused();
  await keys.press('Enter');
  await expect(person(child)).toContainText('Chưa dùng được ở máy này');
  await expect(person(child).getByRole('button', { name: /^Kiểm tra đúng người/ })).toHaveCount(0);
  await shot('key-waiting');
  await inspect(page);
  await page.unroute('**/rpc/fingerprint.ofPatient');
});

test('the child is found by one finger and made sure of by a second', async () => {
  await keys.press('F2');
  await expect(page.getByRole('combobox')).toBeFocused();
  await keys.type('van tay');
  await says(/\d+ kết quả/);
  await expect(page.getByRole('option', { selected: true })).toContainText('Tìm bằng vân tay');
  await keys.press('Enter');
  await expect(page.getByRole('heading', { name: 'Tìm bằng vân tay' })).toBeVisible();
  await expect(page.getByRole('radio', { name: 'Người bệnh bất tỉnh' })).toBeFocused();
  // and from registration, where nobody knows the name
  await keys.press('Control+N');
  await expect(button(/^Tìm bằng vân tay/)).toBeVisible();
  await keys.press('F6');
  await expect(page.getByRole('heading', { name: 'Tìm bằng vân tay' })).toBeVisible();
  await mark('Vì sao phải tìm', 'Người bệnh bất tỉnh');
  await shot('find');
  await inspect(page);
  await keys.press('Enter');
  await says('Đặt ngón tay lên mặt kính');
  await putOn({ who: child, finger: 'Ngón trỏ phải' });
  await says(/Một ngón tay chưa đủ để chắc/);
  const card = page.getByRole('listitem').filter({ hasText: child });
  await expect(card).toContainText('Rất giống');
  await expect(card).toContainText('05/06/2019');
  await shot('found');
  await inspect(page);
  await keys.tabTo(card.getByRole('button', { name: /Kiểm tra bằng ngón thứ hai/ }));
  await keys.press('Enter');
  await expect(dialog(`Ngón thứ hai: ${child}`)).toBeVisible();
  await keys.push('Bắt đầu');
  await putOn({ finger: 'Ngón trỏ phải' });
  await says('Cần thêm một ngón tay thứ hai để xác nhận.');
  await keys.press('Enter');
  await putOn({ finger: 'Ngón trỏ trái' });
  await verdict(`Hai ngón đều khớp với ${child}`);
  await shot('confirmed');
  await inspect(page);
  await expect(page).toHaveURL(/#\/find/);
  await keys.press('Enter');
  await expect(page.getByRole('heading', { name: child, level: 1 })).toBeVisible();
});

test('what can not be taken is written down with what stands in for it', async () => {
  await keys.tabTo(person(mother).getByRole('button', { name: 'Không lấy được' }));
  await keys.press('Enter');
  await keys.choose('Ngón nào', 'Ngón cái phải');
  await mark('Vì sao', 'Tay băng bó, bó bột');
  await mark('Thay bằng', 'Người làm chứng');
  await keys.press('Control+S');
  await expect(field(page, 'Họ và tên người làm chứng')).toHaveAttribute('aria-invalid', 'true');
  await keys.fill('Họ và tên người làm chứng', 'Lò Văn Pánh');
  await shot('unable');
  await inspect(page);
  await keys.press('Control+S');
  await toast(`Đã ghi lý do không lấy được vân tay của ${mother}.`);
  await expect(person(mother)).toContainText('người làm chứng: Lò Văn Pánh');
});

test('one finger is dropped, then everything of the mother is erased for good', async () => {
  await keys.tabTo(person(child).getByRole('button', { name: 'Bỏ ngón này: Ngón trỏ trái' }));
  await keys.press('Enter');
  await keys.push('Lấy nhầm tay');
  await keys.press('Control+S');
  await toast(`Đã bỏ ngón trỏ trái của ${child}.`);
  await expect(person(child)).not.toContainText('Ngón trỏ trái');

  await keys.tabTo(person(mother).getByRole('button', { name: 'Rút đồng ý và xóa' }));
  await keys.press('Enter');
  await says(/Xóa rồi không lấy lại được/);
  await keys.push('Người đó yêu cầu xóa');
  await shot('withdraw');
  await inspect(page);
  await keys.press('Control+S');
  await toast(`Đã xóa vân tay của ${mother} trên máy này.`);
  await expect(person(mother)).toContainText('Đã rút đồng ý');
  await expect(person(mother).getByRole('button', { name: 'Hỏi và ghi đồng ý' })).toBeFocused();
  await expect(person(mother)).toContainText(/✓ Máy tập huấn: đã xóa lúc/);
  await shot('patient-page');
  await inspect(page);
});

test('the person in charge tests the reader and reads what a finger can promise', async () => {
  await become(page, 'quantri');
  await page.evaluate(() => {
    window.location.hash = '/station';
  });
  await says('Đang dùng ở máy này');
  await says(/một ngón của người lạ lọt qua chừng một lần trong/);
  await keys.push('Thử máy đọc');
  await keys.push('Bắt đầu');
  await putOn({ how: 'Lệch ra mép' });
  await expect(page.locator('p[data-hint]')).toBeVisible();
  await inspect(page);
  await putOn({ how: 'Đặt đúng' });
  await says(/Máy đọc làm việc tốt/);
  await shot('reader-test');
  await inspect(page);
  await putOn({ how: 'Rút dây máy đọc' });
  await keys.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await says(/^Không thấy máy đọc nào/);
  await page.getByRole('heading', { name: 'Vân tay của trung tâm' }).scrollIntoViewIfNeeded();
  await shot('station');
  await inspect(page);
});
