// The promise of the program in one story: a newcomer's PC, no network, a keyboard. From the first start to the
// discharge of the first patient; every sentence is what the screen says.
import { expect, type Page, test } from '@playwright/test';
import { field, type Keyboard, keyboardOf } from './support/keyboard.ts';
import { type Program, startProgram } from './support/program.ts';

test.describe.configure({ mode: 'serial', timeout: 180_000 });

let program: Program;
let page: Page;
let keys: Keyboard;
test.beforeAll(async ({ browser }) => {
  program = await startProgram(browser, { start: 'empty' });
  page = program.page;
  keys = keyboardOf(page);
});
test.afterAll(() => program?.close());
test.afterEach(() => program.expectQuiet());

const says = (text: string | RegExp) => expect(page.getByText(text).first()).toBeVisible();
const heading = (text: string | RegExp) =>
  expect(page.getByRole('heading', { name: text }).first()).toBeVisible();
const toast = (text: string | RegExp) =>
  expect(page.getByRole('status').filter({ hasText: text }).first()).toBeVisible();
/** The first row of a list, marked: what Enter takes. */
const offered = async (name: string | RegExp) => {
  const first = page.getByRole('option', { name }).first();
  await expect(first).toBeVisible();
  // A list that arrives after the typing waits for the person to point at a row.
  if ((await first.getAttribute('data-combobox-selected')) === null) await keys.press('ArrowDown');
  await expect(first).toHaveAttribute('data-combobox-selected', 'true');
};
const card = (bed: string) => page.getByRole('article').filter({ hasText: new RegExp(`^Giường ${bed}\\D`) });
const banner = () => page.getByRole('region', { name: 'Người bệnh', exact: true });

const admin = { name: 'Trần Quốc Bảo', username: 'quantri', password: 'mười hai con gà' };
const doctor = { name: 'Lê Minh Đức', username: 'bs.duc', password: 'trời hôm nay nắng' };
const nurse = { name: 'Vi Thị Hoa', username: 'dd.hoa', password: 'sông Lam chảy xuôi' };

test('the first start asks for the center, its wards, this PC and an administrator', async () => {
  await heading('Thiết lập máy trạm mới');
  await expect(page.getByRole('button', { name: /^Trung tâm mới/ })).toBeFocused();
  await keys.press('Enter');
  await expect(field(page, 'Tên trung tâm y tế')).toBeFocused();
  await keys.type('Trung tâm Y tế Mường Lặng');
  await keys.press('Enter');
  await expect(field(page, 'Tỉnh, thành phố')).toBeFocused();
  await keys.type('nghe an');
  await offered('Nghệ An');
  await keys.press('Enter', 'Enter');
  await expect(field(page, 'Mã cơ sở khám chữa bệnh')).toBeFocused();
  await keys.type('40999');
  await keys.press('Enter');

  await heading('Khoa và giường');
  await addWard('noi tong hop', 'Nội tổng hợp', '4', '2');
  await says('Buồng 101: 1, 2 · Buồng 102: 3, 4');
  await addWard('ngoai tong hop', 'Ngoại tổng hợp', '2', '2');
  await says('Buồng 201: 1, 2');
  await keys.press('Control+S');

  await heading('Máy này');
  await keys.type('Phòng hành chính');
  await keys.press('Enter');

  await heading('Quản trị viên');
  await keys.type(admin.name);
  await keys.fill('Tên đăng nhập', admin.username);
  await keys.fill('Mật khẩu', admin.password);
  await keys.fill('Nhập lại mật khẩu mới', 'nhầm một chữ');
  await keys.press('Control+S');
  await says('Hai lần nhập không giống nhau.');
  await keys.fill('Nhập lại mật khẩu mới', admin.password);
  await keys.press('Enter');
});

async function addWard(typed: string, name: string, beds: string, perRoom: string): Promise<void> {
  const before = await field(page, 'Loại khoa').count();
  await keys.push('Thêm khoa');
  await expect(field(page, 'Loại khoa').nth(before)).toBeFocused();
  await keys.type(typed);
  await offered(name);
  await keys.press('Enter', 'Enter');
  await expect(field(page, 'Tên khoa').nth(before)).toHaveValue(name);
  await keys.press('Enter');
  await expect(field(page, 'Số giường').nth(before)).toBeFocused();
  await keys.press('Control+A');
  await keys.type(beds);
  await keys.press('Enter', 'Control+A');
  await expect(field(page, 'Giường mỗi buồng').nth(before)).toBeFocused();
  await keys.type(perRoom);
}

test('the recovery key must be on paper before work begins', async () => {
  await heading('Khóa khôi phục');
  await says(/Trang này chỉ hiện một lần/);
  const groups = await page.locator('section[aria-label="Khóa khôi phục"] span').allTextContents();
  expect(groups.length).toBeGreaterThan(4);
  await expect(field(page, 'Nhập nhóm cuối của khóa')).toBeFocused();
  await keys.type('KHÔNG');
  await keys.press('Enter');
  await says('Chưa đúng nhóm cuối. So lại với tờ giấy.');
  await keys.press('Control+A');
  await keys.type(groups.at(-1) ?? '');
  await keys.press('Enter');

  await expect(field(page, 'Tên đăng nhập')).toHaveValue(admin.username);
  await expect(field(page, 'Mật khẩu hoặc mã PIN')).toBeFocused();
  await keys.type(admin.password);
  await keys.press('Enter');
  await expect(page.getByRole('navigation', { name: 'Các màn hình' })).toBeVisible();
  await says('Trung tâm Y tế Mường Lặng · Phòng hành chính');
  await says('Chưa nối với tỉnh hay máy khác — mọi thứ đã lưu trên máy này');
});

test('the administrator makes an account for a doctor and a nurse', async () => {
  await keys.press('F2');
  await keys.type('nhan su');
  // Faster than the list: what is beyond doubt opens all the same.
  await keys.press('Enter');
  await heading('Nhân sự và vai trò');
  await makeAccount(doctor, 'Bác sĩ điều trị');
  await makeAccount(nurse, 'Điều dưỡng, hộ sinh');
  await says('3 tài khoản đang dùng');
});

async function makeAccount(person: typeof doctor, role: string): Promise<void> {
  await keys.push('Thêm người');
  await expect(page.getByRole('dialog', { name: 'Tài khoản mới' })).toBeVisible();
  await expect(field(page, 'Họ và tên')).toBeFocused();
  await keys.type(person.name);
  await keys.fill('Tên đăng nhập', person.username);
  await keys.tabTo(page.getByRole('checkbox', { name: role, exact: true }));
  await keys.press('Space');
  await keys.fill('Mật khẩu ban đầu', 'tạm thời 1');
  await keys.press('Control+S');
  await toast(`Đã lưu tài khoản ${person.name}.`);
}

test('the doctor takes over the PC and sets a password of their own', async () => {
  await takeOver(doctor);
  await heading('Nội tổng hợp');
  await says('0 người bệnh');
  await says('4 trống');
});

async function takeOver(person: typeof doctor): Promise<void> {
  await keys.press('F12');
  await expect(page.getByRole('dialog', { name: 'Màn hình đang khóa' })).toBeVisible();
  await keys.push('Người khác đăng nhập');
  await keys.tabTo(field(page, 'Tên đăng nhập'), 'Shift+Tab');
  await keys.press('Control+A');
  await keys.type(person.username);
  await keys.press('Enter');
  await expect(field(page, 'Mật khẩu hoặc mã PIN')).toBeFocused();
  await keys.type('tạm thời 1');
  await keys.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Đổi mật khẩu' })).toBeVisible();
  await says(/Mật khẩu này do quản trị viên cấp/);
  await keys.fill('Mật khẩu hiện tại', 'tạm thời 1');
  await keys.fill('Mật khẩu mới', person.password);
  await keys.fill('Nhập lại mật khẩu mới', person.password);
  await keys.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Đổi mật khẩu' })).toBeHidden();
}

test('a scanned identity card fills the form, and the rest is typed', async () => {
  await keys.press('Control+N');
  await heading('Đăng ký người bệnh');
  await expect(field(page, 'Quét căn cước hoặc thẻ bảo hiểm')).toBeFocused();
  await keys.scan(
    '040085001234|182345678|Nguyễn Văn An|02031985|Nam|Xóm 3, Xã Mẫu, Huyện Mẫu, Nghệ An|15062021',
  );
  await says('✓ Đã lấy thông tin từ căn cước. Đối chiếu với người bệnh.');
  await expect(field(page, 'Họ và tên')).toHaveValue('Nguyễn Văn An');
  await expect(field(page, 'Giới tính')).toHaveValue('1');
  await expect(field(page, 'Ngày sinh')).toHaveValue('02/03/1985');
  await expect(field(page, 'Số căn cước')).toHaveValue('040085001234');
  await expect(field(page, 'Số CMND cũ')).toHaveValue('182345678');
  await says('Tuổi: 41 tuổi');
  await says('✓ Chưa thấy ai giống.');

  await keys.fill('Điện thoại', '0912345678');
  await keys.tabTo(field(page, 'Tỉnh, thành phố'));
  await keys.type('nghe an');
  await offered('Nghệ An');
  await keys.press('Enter', 'Enter');
  await expect(field(page, 'Xã, phường, đặc khu')).toBeFocused();
  await keys.type('anh son');
  await offered(/Anh Sơn/);
  await keys.press('Enter');
  await keys.push('Thêm người nhà');
  await keys.fill('Họ và tên người nhà', 'Phan Thị Lan');
  await keys.choose('Quan hệ với người bệnh', 'Vợ, chồng');
  await keys.press('Control+S');
  await heading('✓ Đã lưu hồ sơ Nguyễn Văn An');
});

test('somebody similar is pointed out before a second record is made', async () => {
  await keys.press('Control+N');
  await expect(field(page, 'Quét căn cước hoặc thẻ bảo hiểm')).toBeFocused();
  await keys.fill('Họ và tên', 'Nguyễn Văn An');
  await keys.choose('Giới tính', 'Nam');
  await keys.fill('Ngày sinh', '2/3/1985');
  await keys.press('Tab');
  await says('1 người giống. Hỏi người bệnh rồi chọn.');
  await says('Trùng họ tên và ngày sinh');
  await keys.press('Control+S');
  await says(/Có 1 người rất giống\./);
  await keys.push('Đúng người này');
  await heading('Nguyễn Văn An');
  await says('Chưa nằm viện lần nào.');
  await says('Phan Thị Lan');
});

test('the patient is admitted to a bed', async () => {
  await keys.press('F4');
  await expect(page.getByRole('dialog', { name: 'Nhập viện' })).toBeVisible();
  await keys.press('Control+S');
  await says('Ghi lý do cần nằm viện.');
  await keys.choose('Khoa', 'Nội tổng hợp');
  await keys.choose('Giường', '1 ');
  await keys.fill('Lý do vào nội trú', 'Sốt cao, ho đờm ba ngày');
  await keys.tabTo(field(page, 'Tìm mã ICD-10'));
  await keys.type('J18');
  await expect(page.getByRole('option', { name: /^J18/ }).first()).toBeVisible();
  await keys.press('ArrowDown', 'Enter');
  await keys.fill('Chẩn đoán', 'Viêm phổi cộng đồng');
  await keys.press('Control+S');
  await toast(/Đã nhập viện Nguyễn Văn An, số vào viện/);
  await expect(banner()).toContainText('Nội tổng hợp');
  await expect(banner()).toContainText('Buồng 101 giường 1');
  await expect(banner()).toContainText('Ngày thứ 1');
  await expect(banner()).toContainText('Chưa hỏi dị ứng');
});

test('allergies are asked', async () => {
  await keys.tabTo(page.getByRole('link', { name: 'Dị ứng', exact: true }));
  await keys.press('Enter');
  await says('Chưa hỏi dị ứng. Hỏi người bệnh trước khi ra y lệnh.');
  await keys.push('Có dị ứng, ghi thêm');
  await expect(field(page, 'Dị ứng với')).toBeFocused();
  await keys.type('Penicillin');
  await keys.fill('Phản ứng', 'nổi mề đay');
  await keys.press('Control+S');
  await toast('Đã ghi dị ứng: Penicillin.');
  await expect(banner()).toContainText('Dị ứng: Penicillin');
});

test('a vital sign that cannot be is refused, one that is unusual is asked about', async () => {
  await keys.press('F9');
  await expect(field(page, 'Mạch')).toBeFocused();
  await keys.type('104');
  await keys.press('Enter');
  await keys.type('401');
  await keys.press('Enter');
  await keys.type('120/80');
  await keys.press('Enter');
  await keys.type('22');
  await keys.press('Enter');
  await keys.type('95');
  await keys.press('Control+S');
  await says(/Ý là 40,1\?|Phải trong khoảng/);
  await says('Chưa đo dấu hiệu sinh tồn lần nào.');
  await keys.tabTo(field(page, 'Nhiệt độ'), 'Shift+Tab');
  await keys.press('Control+A');
  await keys.type('41,2');
  await keys.press('Control+S');
  await says(/Có trị số khác thường\. Nếu đã đo đúng như vậy, nhấn Ctrl\+S lần nữa để lưu\./);
  await says('Chưa đo dấu hiệu sinh tồn lần nào.');
  await keys.press('Control+S');
  await toast('Đã lưu dấu hiệu sinh tồn.');
  const row = page.getByRole('row').filter({ hasText: doctor.name });
  await expect(row).toContainText('41,2');
  await expect(row).toContainText('120/80');
});

test('an entry of the treatment sheet with orders', async () => {
  await keys.press('F8');
  await expect(field(page, 'Diễn biến')).toBeFocused();
  await keys.type('Bệnh nhân tỉnh, sốt cao, phổi phải nhiều ran ẩm.');
  await says(/Đã lưu nháp/);
  await keys.tabTo(field(page, 'Y lệnh'));
  await keys.type('Levofloxacin 500 mg x 1 viên, uống sáng');
  await keys.press('Enter');
  await keys.type('Paracetamol 500 mg khi sốt trên 38,5');
  await keys.press('Control+S');
  await toast('Đã ghi vào tờ điều trị.');
  const row = page.getByRole('row').filter({ hasText: 'phổi phải nhiều ran ẩm' });
  await expect(row).toContainText('Levofloxacin 500 mg x 1 viên, uống sáng');
  await expect(row).toContainText(doctor.name);
});

test('the patient goes to another ward', async () => {
  await keys.press('F4');
  await keys.pick('Chuyển khoa, chuyển giường');
  await expect(page.getByRole('dialog', { name: 'Chuyển khoa, chuyển giường' })).toBeVisible();
  await keys.choose('Khoa', 'Ngoại tổng hợp');
  await keys.choose('Giường', '2 ');
  await keys.press('Control+S');
  await says(/lý do/i);
  await keys.fill('Lý do chuyển', 'Áp xe phổi, cần dẫn lưu');
  await keys.press('Control+S');
  await toast('Đã chuyển Nguyễn Văn An.');
  await expect(banner()).toContainText('Ngoại tổng hợp');
  await expect(banner()).toContainText('Buồng 201 giường 2');
});

test('found again without accents and with a slip of the finger', async () => {
  for (const [key, typed] of [
    ['Control+K', 'ngueyn van an'],
    ['F2', 'nguyn an 1985'],
  ] as const) {
    await keys.press('Alt+Home');
    await expect(page.getByRole('article').first()).toBeVisible();
    await keys.press(key);
    await keys.type(typed);
    const hit = page.getByRole('option').filter({ hasText: 'Nguyễn Văn An' });
    await expect(hit).toContainText('Đang nằm: Ngoại tổng hợp');
    await keys.press('Enter');
    await expect(banner()).toContainText('040085001234');
  }
});

test('the patient is discharged', async () => {
  // the third entry, by a hand that does not wait for the menu to be drawn
  await keys.rush('F4', 'ArrowDown', 'ArrowDown', 'Enter');
  await expect(page.getByRole('dialog', { name: 'Kết thúc đợt điều trị' })).toBeVisible();
  await says('✓ Không còn bản nháp; hôm nay đã có tờ điều trị.');
  await expect(field(page, 'Chẩn đoán ra viện')).toHaveValue('Viêm phổi cộng đồng');
  await keys.choose('Kết quả điều trị', 'Đỡ');
  await keys.fill('Lời dặn, hẹn khám', 'Khám lại sau một tuần');
  await keys.press('Control+S');
  await toast('Đã cho Nguyễn Văn An ra viện.');
  await expect(banner()).toContainText(/ra viện \d/);
});

test('the bed is reported clean and taken back within eight seconds', async () => {
  await keys.press('F2');
  await keys.type('ngoai');
  await expect(page.getByRole('option')).toHaveCount(1);
  await keys.press('Enter');
  await heading('Ngoại tổng hợp');
  await expect(card('2')).toContainText('Đang dọn');
  await keys.tabTo(card('1').locator('[data-main]'));
  await keys.press('ArrowRight');
  await expect(card('2').locator('[data-main]')).toBeFocused();
  await keys.press('F4');
  await keys.pick('Đã dọn xong, sẵn sàng');
  await toast('Giường 2 đã sẵn sàng.');
  await expect(card('2')).toContainText('Trống');
  await keys.press('Control+Z');
  await toast('Đã hoàn tác.');
  await expect(card('2')).toContainText('Đang dọn');
});

test('what the record holds at the end', async () => {
  await keys.press('F2');
  await keys.type('0912345678');
  await expect(page.getByRole('option').filter({ hasText: 'Nguyễn Văn An' })).toContainText('Không nằm viện');
  await keys.press('Enter');
  await keys.tabTo(page.getByRole('link', { name: 'Dòng thời gian', exact: true }));
  await keys.press('Enter');
  for (const event of [
    'Ra viện',
    'Chuyển đến Ngoại tổng hợp',
    'Vào Nội tổng hợp',
    'Dị ứng Penicillin',
    'Mạch 104 · T° 41,2 · HA 120/80 · NT 22 · SpO₂ 95',
    'Đăng ký, mã người bệnh',
  ])
    await says(new RegExp(event.replace(/[·°]/g, '.')));
});
