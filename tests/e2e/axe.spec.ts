// Every screen, drawer and dialog can be used by somebody with poor eyes or without a mouse: no violation of WCAG 2.2
// AA that a machine can find, at 100 % and 150 % text, nothing running off the screen, no error in the page.
import { rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import './support/give-way.ts';
import { expectFocusSeen, expectNoSidewaysScroll, inspect, textSize } from './support/inspect.ts';
import { field } from './support/keyboard.ts';
import { become, goHome } from './support/people.ts';
import { door, lock, type Place, type Visit, visits } from './support/places.ts';
import { type Program, startProgram } from './support/program.ts';

test.describe('a training center', () => {
  let program: Program;
  let who: string | null = null;
  test.beforeAll(async ({ browser }) => {
    who = null;
    program = await startProgram(browser, { start: 'small', withPrinters: true });
  });
  test.afterAll(() => program?.close());
  test.afterEach(() => program.expectQuiet());

  const arrive = async (visit: Omit<Visit, 'places'> | null): Promise<Page> => {
    const { page } = program;
    if (visit === null) await page.goto(new URL('/', page.url()).href);
    else if (visit.as === who) await goHome(page);
    else await become(page, visit.as);
    who = visit?.as ?? null;
    return page;
  };
  const visited = (visit: Omit<Visit, 'places'> | null, { name, go }: Place) =>
    test(name, async () => {
      const page = await arrive(visit);
      await go(page);
      await inspect(page);
    });

  visited(null, door);
  for (const visit of visits) for (const place of visit.places) visited(visit, place);

  test('the focus is seen wherever Tab leads', async () => {
    const page = await arrive({ as: 'bsnoi' });
    for (const name of [
      'ward board',
      'chart, summary',
      'vital signs form found again as a draft',
      'registration, empty',
      'tasks of the shift',
    ]) {
      await goHome(page);
      await visits[0]?.places.find((place) => place.name === name)?.go(page);
      await expectFocusSeen(page, 16);
    }
  });

  test('in English nothing runs off the screen either', async () => {
    const page = await arrive({ as: 'truongkhoa' });
    await page.getByRole('button', { name: /^Tài khoản/ }).click();
    await page.getByRole('menuitem', { name: 'English' }).click();
    await expect(page.getByRole('navigation', { name: 'Screens' })).toBeVisible();
    for (const path of ['/', '/register', '/find', '/tasks', '/conflicts', '/sync', '/training', '/help'])
      for (const size of [100, 150]) {
        await page.goto(new URL(`/#${path}`, page.url()).href);
        await textSize(page, size);
        await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
        await expectNoSidewaysScroll(page, size);
        // A Vietnamese letter outside names and data would be a sentence nobody translated.
        const buttons = await page.getByRole('main').getByRole('button').allInnerTexts();
        const words = buttons.filter((text) =>
          /^(Lưu|Thêm|Bỏ|Mở|Việc|Tìm|Đóng|Sửa|Gửi|Ghi|Nhận|Nối)/.test(text),
        );
        expect(words, `untranslated buttons on ${path}`).toEqual([]);
      }
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('menuitem', { name: 'Tiếng Việt' }).click();
    await expect(page.getByRole('navigation', { name: 'Các màn hình' })).toBeVisible();
  });

  visited({ as: 'bsnoi' }, lock);
});

test.describe('the first day', () => {
  let program: Program;
  test.beforeAll(async ({ browser }) => {
    program = await startProgram(browser, { start: 'empty' });
  });
  test.afterAll(() => program?.close());
  test.afterEach(() => program.expectQuiet());

  test('each step of the first start, with and without mistakes', async () => {
    const { page } = program;
    const next = () => page.keyboard.press('Control+S');
    await expect(page.getByRole('button', { name: /^Trung tâm mới/ })).toBeFocused();
    await inspect(page);
    await page.getByRole('button', { name: /^Máy thêm/ }).click();
    await expect(page.getByText('Các máy thấy trong mạng')).toBeVisible();
    await next();
    await expect(page.getByText('Cần điền ô này.').first()).toBeVisible();
    await inspect(page);
    await page.getByRole('button', { name: 'Quay lại' }).click();
    await page.getByRole('button', { name: /^Trung tâm mới/ }).click();
    await expect(field(page, 'Tên trung tâm y tế')).toBeFocused();
    await inspect(page);
    await next();
    await inspect(page);
    await field(page, 'Tên trung tâm y tế').fill('Trung tâm Y tế Mường Lặng');
    await field(page, 'Tỉnh, thành phố').fill('nghe an');
    await page.getByRole('option', { name: 'Nghệ An' }).click();
    await next();
    await expect(page.getByRole('heading', { name: 'Khoa và giường' })).toBeVisible();
    await next();
    await expect(page.getByText('Cần ít nhất một khoa')).toBeVisible();
    await page.getByRole('button', { name: 'Thêm khoa' }).click();
    await field(page, 'Loại khoa').fill('noi tong hop');
    await page.getByRole('option', { name: 'Nội tổng hợp' }).first().click();
    await inspect(page);
    await next();
    await expect(field(page, 'Tên máy trạm')).toBeFocused();
    await inspect(page);
    await field(page, 'Tên máy trạm').fill('Tiếp đón');
    await next();
    await expect(field(page, 'Họ và tên')).toBeFocused();
    await next();
    await inspect(page);
    await field(page, 'Họ và tên').fill('Trần Quốc Bảo');
    await field(page, 'Tên đăng nhập').fill('quantri');
    await field(page, 'Mật khẩu').fill('mười hai con gà');
    await field(page, 'Nhập lại mật khẩu mới').fill('mười hai con gà');
    await next();
    await expect(page.getByRole('heading', { name: 'Khóa khôi phục' })).toBeVisible();
    await inspect(page);
  });
});

const problems: readonly { title: string; prepare: (dataDir: string) => void }[] = [
  { title: 'Không thấy kho hồ sơ', prepare: (dir) => rmSync(join(dir, 'record.db')) },
  { title: 'Thiếu tệp chìa khóa', prepare: (dir) => rmKeyring(dir) },
  {
    title: 'Tệp chìa khóa bị hỏng',
    prepare(dir) {
      rmKeyring(dir, '.previous');
      truncateSync(join(dir, 'keyring.json'), 100);
    },
  },
];

function rmKeyring(dir: string, only?: string): void {
  for (const ending of ['', '.previous'])
    if (only === undefined || only === ending) rmSync(join(dir, `keyring.json${ending}`), { force: true });
}

for (const { title, prepare } of problems)
  test(`store problem: ${title}`, async ({ browser }) => {
    const program = await startProgram(browser, { start: 'small', asReal: true, prepare });
    try {
      await expect(program.page.getByRole('heading', { name: title })).toBeVisible();
      await expect(program.page.getByText('Làm lần lượt')).toBeVisible();
      await inspect(program.page);
      program.expectQuiet();
    } finally {
      await program.close();
    }
  });
