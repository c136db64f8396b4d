// Every screen, drawer and dialog of the program, how a person gets there, and as whom. The accessibility test visits
// all of them; the guide takes its pictures from those with a picture's name.
import { expect, type Page } from '@playwright/test';
import { field } from './keyboard.ts';
import { paperPlaces, signingSettings } from './paper-places.ts';

export interface Place {
  readonly name: string;
  /** File in docs/guide, without its ending. */
  readonly picture?: string;
  /** Starts at the ward board, freshly loaded. */
  readonly go: (page: Page) => Promise<void>;
}

export interface Visit {
  readonly as: string;
  readonly places: readonly Place[];
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
/** A part of a segmented control or the words of a switch: what people press. */
const label = (page: Page, text: string) => page.locator('label', { hasText: text });
const heading = (page: Page, name: string | RegExp) =>
  expect(page.getByRole('heading', { name }).first()).toBeVisible();
const press = (page: Page, key: string) => page.keyboard.press(key);
const rail = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Các màn hình' }).getByRole('link', { name }).click();

/** The ward as a board of beds; the way of looking at it is remembered between visits. */
export const board = async (page: Page): Promise<void> => {
  const beds = page.getByRole('radio', { name: 'Giường' });
  await expect(beds).toBeAttached();
  if (!(await beds.isChecked())) await label(page, 'Giường').click();
  await expect(page.getByRole('article').first()).toBeVisible();
};

/** The chart of somebody who has been here a while, by the name on the card. */
async function chart(page: Page, tab?: string): Promise<void> {
  await board(page);
  await page
    .getByRole('article')
    .filter({ hasText: /Ngày thứ ([5-9]|1\d)/ })
    .filter({ hasText: 'NEWS2' })
    .first()
    .locator('[data-main]')
    .first()
    .click();
  await expect(page.getByRole('navigation', { name: 'Các phần của bệnh án' })).toBeVisible();
  if (tab) await page.getByRole('link', { name: tab, exact: true }).click();
  await expect(page.getByText('Đang mở…')).toHaveCount(0);
}

/** A treatment sheet with entries of the doctor logged in; whose patients are first depends on the hour of the day. */
async function ownSheet(page: Page): Promise<void> {
  await board(page);
  const cards = page
    .getByRole('article')
    .filter({ hasText: /Ngày thứ ([5-9]|1\d)/ })
    .filter({ hasText: 'NEWS2' });
  const count = await cards.count();
  for (let n = 0; n < count; n++) {
    await board(page);
    await cards.nth(n).locator('[data-main]').first().click();
    await page.getByRole('link', { name: 'Tờ điều trị', exact: true }).click();
    await expect(page.getByRole('columnheader', { name: 'Y lệnh' })).toBeVisible();
    if (await button(page, 'Sửa').first().isVisible()) return;
    await press(page, 'Alt+Home');
  }
  throw new Error('none of these patients has an entry of this doctor');
}

async function bedMenu(page: Page, card: RegExp | string): Promise<void> {
  await board(page);
  await page
    .getByRole('article')
    .filter({ hasText: card })
    .first()
    .getByRole('button', { name: /^Việc với/ })
    .click();
  await expect(page.getByRole('menu')).toBeVisible();
}

async function drawer(page: Page, step: string, title: string): Promise<void> {
  await bedMenu(page, /^Giường G.*Ngày thứ/);
  await page.getByRole('menuitem', { name: step }).first().click();
  await expect(page.getByRole('dialog', { name: title })).toBeVisible();
  await expect(page.getByRole('dialog').getByText('Đang mở…')).toHaveCount(0);
}

async function stayMenu(page: Page): Promise<void> {
  await chart(page);
  await press(page, 'F4');
  await expect(page.getByRole('menu')).toBeVisible();
}

async function registration(page: Page): Promise<void> {
  await press(page, 'Control+N');
  await heading(page, 'Đăng ký người bệnh');
  const drop = button(page, 'Bỏ bản nháp');
  await expect(page.getByLabel('Quét căn cước hoặc thẻ bảo hiểm')).toBeVisible();
  if (await drop.isVisible()) await drop.click();
}

export const visits: readonly Visit[] = [
  {
    as: 'bsnoi',
    places: [
      { name: 'ward board', picture: 'board', go: board },
      {
        name: 'ward board as a list',
        picture: 'board-list',
        async go(page) {
          await label(page, 'Danh sách').click();
          await expect(page.getByRole('columnheader', { name: 'Họ và tên, mã người bệnh' })).toBeVisible();
        },
      },
      {
        name: 'ward board, nobody matches',
        async go(page) {
          await label(page, 'Giường').click();
          await board(page);
          await press(page, 'Control+F');
          await page.keyboard.type('qqqq');
          await expect(page.getByText('Không có ai khớp với bộ lọc')).toBeVisible();
        },
      },
      { name: 'menu of a bed', picture: 'bed-menu', go: (page) => bedMenu(page, /^Giường G.*Ngày thứ/) },
      {
        name: 'palette, empty',
        async go(page) {
          await press(page, 'F2');
          await expect(page.getByRole('listbox')).toBeVisible();
        },
      },
      {
        name: 'palette with people',
        picture: 'find',
        async go(page) {
          await press(page, 'Control+K');
          await page.keyboard.type('nguyen thi');
          await expect(page.getByText(/\d+ kết quả/)).toBeVisible();
        },
      },
      {
        name: 'palette, nothing found',
        async go(page) {
          await press(page, 'F2');
          await page.keyboard.type('zzqqxx');
          await expect(page.getByText('Không thấy “zzqqxx”.')).toBeVisible();
        },
      },
      { name: 'chart, summary', picture: 'chart', go: (page) => chart(page) },
      { name: 'chart, vital signs', picture: 'vitals', go: (page) => chart(page, 'Dấu hiệu sinh tồn') },
      { name: 'chart, treatment sheet', picture: 'sheet', go: (page) => chart(page, 'Tờ điều trị') },
      { name: 'chart, allergies', picture: 'allergies', go: (page) => chart(page, 'Dị ứng') },
      {
        name: 'chart, timeline',
        picture: 'timeline',
        async go(page) {
          await chart(page, 'Dòng thời gian');
          await expect(page.getByText('Nhập viện', { exact: true }).first()).toBeVisible();
        },
      },
      {
        name: 'vital signs form',
        picture: 'vitals-form',
        async go(page) {
          await chart(page);
          await press(page, 'F9');
          await heading(page, 'Ghi một lần đo');
          await page.getByLabel('Mạch', { exact: true }).fill('96');
          await page.getByLabel('Nhiệt độ', { exact: true }).fill('73');
          await page.getByLabel('Huyết áp', { exact: true }).fill('135/80');
          await page.getByLabel('Nhịp thở', { exact: true }).fill('20');
          await page.getByLabel('SpO₂', { exact: true }).fill('96');
          await press(page, 'Control+S');
          await expect(page.getByText(/Phải trong khoảng|Ý là/)).toBeVisible();
        },
      },
      {
        name: 'vital signs form found again as a draft',
        async go(page) {
          await chart(page);
          await press(page, 'F9');
          await page.getByLabel('Cân nặng', { exact: true }).fill('52');
          await expect(page.getByText(/Đã lưu nháp/)).toBeVisible();
          await page.reload();
          await expect(button(page, /^Ghi lần đo/)).toBeVisible();
          await press(page, 'F9');
          await heading(page, 'Ghi một lần đo');
          await expect(button(page, 'Viết tiếp')).toBeVisible();
          await button(page, 'Bỏ bản nháp').scrollIntoViewIfNeeded();
        },
      },
      {
        name: 'correcting vital signs',
        async go(page) {
          await chart(page, 'Dấu hiệu sinh tồn');
          await button(page, 'Sửa').first().click();
          await heading(page, 'Sửa lần đo');
        },
      },
      {
        name: 'voiding vital signs',
        async go(page) {
          await chart(page, 'Dấu hiệu sinh tồn');
          await button(page, 'Hủy').first().click();
          await expect(page.getByRole('dialog', { name: 'Hủy lần đo này?' })).toBeVisible();
        },
      },
      {
        name: 'treatment sheet entry',
        picture: 'entry',
        async go(page) {
          await chart(page);
          await press(page, 'F8');
          await heading(page, 'Ghi tờ điều trị');
          const drop = button(page, 'Bỏ bản nháp');
          if (await drop.isVisible()) await drop.click();
          await page
            .getByLabel('Diễn biến', { exact: true })
            .fill('Bệnh nhân tỉnh, đỡ mệt, ăn được nửa suất. Không sốt, phổi còn ít ran ẩm đáy phải.');
          const copy = button(page, /^Chép y lệnh lần trước/);
          if (await copy.isVisible()) await copy.click();
          await expect(page.getByText(/Đã lưu nháp/)).toBeVisible();
        },
      },
      {
        name: 'amending an entry',
        async go(page) {
          await ownSheet(page);
          await button(page, 'Sửa').first().click();
          await heading(page, 'Sửa tờ điều trị đã ghi');
        },
      },
      {
        name: 'withdrawing an entry',
        async go(page) {
          await ownSheet(page);
          await button(page, 'Rút lại').first().click();
          await expect(page.getByRole('dialog', { name: 'Rút lại tờ điều trị này?' })).toBeVisible();
        },
      },
      {
        name: 'allergy form',
        picture: 'allergy-form',
        async go(page) {
          await chart(page, 'Dị ứng');
          await button(page, /^Có dị ứng, ghi thêm/).click();
          await expect(field(page, 'Dị ứng với')).toBeFocused();
        },
      },
      { name: 'steps of a stay', go: stayMenu },
      {
        name: 'transfer drawer',
        picture: 'transfer',
        go: (page) => drawer(page, 'Chuyển giường, chuyển khoa', 'Chuyển khoa, chuyển giường'),
      },
      { name: 'swap drawer', go: (page) => drawer(page, 'Đổi giường với người khác', 'Đổi giường cho nhau') },
      {
        name: 'discharge drawer',
        picture: 'discharge',
        go: (page) => drawer(page, 'Cho ra viện', 'Kết thúc đợt điều trị'),
      },
      {
        name: 'discharge drawer with what is missing',
        async go(page) {
          await drawer(page, 'Cho ra viện', 'Kết thúc đợt điều trị');
          await press(page, 'Control+S');
          await expect(page.getByText('Chọn kết quả điều trị.')).toBeVisible();
        },
      },
      {
        name: 'who is to lie in this bed',
        async go(page) {
          await anyFreeBed(page);
          await expect(page.getByRole('dialog', { name: 'Ai nằm giường này?' })).toBeVisible();
        },
      },
      {
        name: 'admission drawer',
        picture: 'admit',
        async go(page) {
          await anyFreeBed(page);
          await page.keyboard.type('tran van');
          await expect(page.getByRole('option').filter({ hasText: 'Không nằm viện' }).first()).toBeVisible();
          await page.getByRole('option').filter({ hasText: 'Không nằm viện' }).first().click();
          await expect(page.getByRole('dialog', { name: 'Nhập viện' })).toBeVisible();
          await expect(page.getByRole('dialog').getByText(/Mã \d/)).toBeVisible();
        },
      },
      {
        name: 'admission drawer with what is missing',
        async go(page) {
          await anyFreeBed(page);
          await page.keyboard.type('tran van');
          await page.getByRole('option').filter({ hasText: 'Không nằm viện' }).first().click();
          await expect(page.getByRole('dialog', { name: 'Nhập viện' })).toBeVisible();
          await press(page, 'Control+S');
          await expect(page.getByText('Ghi lý do cần nằm viện.')).toBeVisible();
        },
      },
      {
        name: 'round of vital signs',
        picture: 'round',
        async go(page) {
          await board(page);
          await press(page, 'F9');
          await heading(page, /^Đo dấu hiệu sinh tồn cả khoa/);
          await expect(page.getByRole('rowheader').first()).toBeVisible();
        },
      },
      {
        name: 'round with a mistake and an unusual value',
        async go(page) {
          await board(page);
          await press(page, 'F9');
          await expect(page.getByRole('rowheader').first()).toBeVisible();
          await page
            .getByLabel(/^Mạch, /)
            .nth(0)
            .fill('800');
          await page
            .getByLabel(/^Mạch, /)
            .nth(1)
            .fill('180');
          await press(page, 'Control+S');
          await expect(page.getByText(/có ô sai, chưa lưu/)).toBeVisible();
        },
      },
      {
        name: 'tasks of the shift',
        picture: 'tasks',
        async go(page) {
          await rail(page, 'Việc');
          await heading(page, 'Việc trong ca');
          await expect(page.getByRole('listitem').filter({ hasText: 'Mở' }).first()).toBeVisible();
        },
      },
      {
        name: 'registration, empty',
        go: registration,
      },
      {
        name: 'registration with mistakes',
        async go(page) {
          await registration(page);
          await press(page, 'Control+S');
          await expect(
            page.getByText('Điền họ và tên, hoặc đánh dấu chưa rõ danh tính.').first(),
          ).toBeVisible();
        },
      },
      {
        name: 'registration with possible duplicates',
        picture: 'register',
        async go(page) {
          await board(page);
          // Somebody who is in the record already, registered once more.
          const card = page
            .getByRole('article')
            .filter({ hasText: /Ngày thứ/ })
            .nth(3);
          await card.locator('[data-main]').first().click();
          await expect(page.getByRole('navigation', { name: 'Các phần của bệnh án' })).toBeVisible();
          const name =
            (await page
              .getByRole('region', { name: 'Người bệnh', exact: true })
              .getByRole('heading')
              .first()
              .textContent()) ?? '';
          await press(page, 'F4');
          await page.getByRole('menuitem', { name: 'Hồ sơ hành chính' }).click();
          const born =
            (await page.locator('dt', { hasText: 'Ngày sinh' }).locator('+ dd').textContent()) ?? '';
          const sex =
            (await page.locator('dt', { hasText: 'Giới tính' }).locator('+ dd').textContent()) ?? 'Nam';
          await registration(page);
          await field(page, 'Họ và tên').fill(name.trim());
          await field(page, 'Giới tính').selectOption({ label: sex });
          await page.getByLabel('Ngày sinh', { exact: true }).fill(born.split(' ')[0] ?? '');
          await page.getByLabel('Số căn cước', { exact: true }).focus();
          await expect(button(page, 'Đúng người này').first()).toBeVisible();
        },
      },
      {
        name: 'patient, identity',
        picture: 'patient',
        async go(page) {
          await chart(page);
          await press(page, 'F4');
          await page.getByRole('menuitem', { name: 'Hồ sơ hành chính' }).click();
          await heading(page, 'Thông tin người bệnh');
        },
      },
      {
        name: 'patient, correcting identity',
        async go(page) {
          await chart(page);
          await press(page, 'F4');
          await page.getByRole('menuitem', { name: 'Hồ sơ hành chính' }).click();
          await heading(page, 'Thông tin người bệnh');
          await press(page, 'Control+E');
          await heading(page, 'Sửa thông tin người bệnh');
        },
      },
      {
        name: 'patient, adding a paper and a relative',
        async go(page) {
          await chart(page);
          await press(page, 'F4');
          await page.getByRole('menuitem', { name: 'Hồ sơ hành chính' }).click();
          await button(page, 'Thêm giấy tờ').click();
          await button(page, 'Thêm người nhà').click();
          await expect(page.getByLabel('Loại giấy tờ')).toBeVisible();
        },
      },
      {
        name: 'training page',
        picture: 'training',
        async go(page) {
          await rail(page, 'Tập huấn');
          await heading(page, 'Một ca trực đầu tiên, chừng một giờ');
        },
      },
      {
        name: 'help',
        picture: 'help',
        async go(page) {
          await press(page, 'F1');
          await heading(page, 'Phím tắt và cách dùng');
        },
      },
      {
        name: 'account menu',
        async go(page) {
          await button(page, /^Tài khoản/).click();
          await expect(page.getByRole('menuitem', { name: 'Đặt mã PIN' })).toBeVisible();
        },
      },
      {
        name: 'setting a PIN',
        async go(page) {
          await button(page, /^Tài khoản/).click();
          await page.getByRole('menuitem', { name: 'Đặt mã PIN' }).click();
          await expect(page.getByRole('dialog', { name: 'Đặt mã PIN' })).toBeVisible();
        },
      },
      {
        name: 'changing a password',
        async go(page) {
          await button(page, /^Tài khoản/).click();
          await page.getByRole('menuitem', { name: 'Đổi mật khẩu' }).click();
          await expect(page.getByRole('dialog', { name: 'Đổi mật khẩu' })).toBeVisible();
        },
      },
      ...paperPlaces,
    ],
  },
  {
    as: 'ddtruong',
    places: [
      {
        name: 'conflicts',
        picture: 'conflicts',
        async go(page) {
          await rail(page, 'Ghi trùng');
          await heading(page, 'Ghi trùng chờ xử lý');
          await expect(button(page, /^Chọn bản này/).first()).toBeVisible();
        },
      },
      {
        name: 'conflicts, none settled yet',
        async go(page) {
          await rail(page, 'Ghi trùng');
          await label(page, 'Xem chỗ đã xử lý').click();
          await expect(page.getByText('Chưa xử lý chỗ nào')).toBeVisible();
        },
      },
      {
        name: 'allowing a shared bed',
        async go(page) {
          await bedMenu(page, /^Giường G.*Ngày thứ/);
          await page.getByRole('menuitem', { name: /nằm ghép/ }).click();
          await expect(page.getByRole('dialog')).toBeVisible();
        },
      },
    ],
  },
  {
    as: 'quantri',
    places: [
      {
        name: 'station',
        picture: 'station',
        async go(page) {
          await rail(page, 'Máy trạm');
          await heading(page, 'Sao lưu');
          await expect(page.getByText('Đang mở…')).toHaveCount(0);
        },
      },
      signingSettings,
      {
        name: 'sending and receiving',
        async go(page) {
          await press(page, 'F7');
          await heading(page, 'Đang chờ gửi');
        },
      },
      {
        name: 'writing to a stick',
        async go(page) {
          await press(page, 'F7');
          await button(page, 'Ghi ra USB').click();
          await expect(page.getByRole('dialog', { name: 'Ghi ra USB' })).toBeVisible();
        },
      },
      {
        name: 'reading from a stick that is not there',
        async go(page) {
          await press(page, 'F7');
          await button(page, 'Nhận từ USB').click();
          await label(page, 'Thư mục khác').click();
          await page.getByLabel('Thư mục hoặc tệp').fill('/khong/co/thu/muc/nay');
          await press(page, 'Control+S');
          await expect(page.getByText(/^Không thấy thư mục hoặc tệp này/)).toBeVisible();
        },
      },
      {
        name: 'joining a province without having typed anything',
        async go(page) {
          await press(page, 'F7');
          await heading(page, 'Nối với tỉnh');
          const join = button(page, 'Nối với tỉnh');
          if (!(await join.isVisible())) return;
          await join.click();
          await expect(page.getByText('Cần điền ô này.').first()).toBeVisible();
        },
      },
      {
        name: 'wards, rooms and beds',
        picture: 'layout',
        async go(page) {
          await rail(page, 'Khoa, buồng');
          await heading(page, 'Khoa, buồng, giường');
          await expect(page.getByRole('list', { name: 'Các khoa' })).toBeVisible();
        },
      },
      {
        name: 'adding a ward',
        async go(page) {
          await rail(page, 'Khoa, buồng');
          await heading(page, 'Khoa, buồng, giường');
          await button(page, /^Thêm khoa/)
            .first()
            .click();
          await expect(page.getByRole('textbox').first()).toBeVisible();
        },
      },
      {
        name: 'new recovery key',
        async go(page) {
          await rail(page, 'Máy trạm');
          await button(page, 'Cấp khóa khôi phục mới').click();
          await expect(page.getByRole('dialog')).toBeVisible();
        },
      },
      {
        name: 'people',
        picture: 'people',
        async go(page) {
          await rail(page, 'Nhân sự');
          await expect(page.getByRole('rowheader').first()).toBeVisible();
        },
      },
      {
        name: 'roles',
        async go(page) {
          await rail(page, 'Nhân sự');
          await label(page, 'Các vai trò').click();
          await heading(page, 'Bác sĩ điều trị');
        },
      },
      {
        name: 'new account',
        picture: 'account',
        async go(page) {
          await rail(page, 'Nhân sự');
          await button(page, 'Thêm người').click();
          await expect(page.getByRole('dialog', { name: 'Tài khoản mới' })).toBeVisible();
        },
      },
      {
        name: 'changing an account',
        async go(page) {
          await rail(page, 'Nhân sự');
          await button(page, /^Sửa tài khoản/)
            .first()
            .click();
          await expect(page.getByRole('dialog', { name: 'Sửa tài khoản' })).toBeVisible();
        },
      },
      {
        name: 'chart that may not be opened',
        picture: 'break-glass',
        async go(page) {
          await press(page, 'F2');
          await page.keyboard.type('tran');
          await expect(page.getByText(/\d+ kết quả/)).toBeVisible();
          await press(page, 'Enter');
          await button(page, 'Mở khẩn cấp').click();
          await expect(page.getByRole('dialog', { name: 'Mở khẩn cấp' })).toBeVisible();
        },
      },
    ],
  },
  {
    as: 'giamdoc',
    places: [
      {
        name: 'audit trail',
        picture: 'audit',
        async go(page) {
          await rail(page, 'Nhật ký');
          await expect(page.getByRole('row').nth(1)).toBeVisible();
        },
      },
    ],
  },
];

/** Opens the first ward in the list that has a bed ready, and that bed. */
async function anyFreeBed(page: Page): Promise<void> {
  const wards = page.getByLabel('Khoa', { exact: true });
  const free = page.getByRole('article').filter({ hasText: 'Bấm để nhập viện' });
  await board(page);
  for (const index of (await wards.locator('option').all()).keys()) {
    await wards.selectOption({ index });
    const ward = (await wards.locator('option').nth(index).textContent())?.replace(/ \(.*/, '') ?? '';
    await heading(page, ward);
    await board(page);
    if ((await free.count()) === 0) continue;
    await free.first().locator('[data-main]').click();
    return;
  }
  throw new Error('no bed is free anywhere');
}

export const door: Place = {
  name: 'the door',
  picture: 'login',
  go: (page) => expect(page.getByLabel('Tên đăng nhập', { exact: true })).toBeVisible(),
};

export const lock: Place = {
  name: 'the lock',
  picture: 'lock',
  async go(page) {
    await board(page);
    await press(page, 'F12');
    await expect(page.getByRole('dialog', { name: 'Màn hình đang khóa' })).toBeVisible();
  },
};
