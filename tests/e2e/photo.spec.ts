// A patient's photo in one story, by keyboard, with Chromium's own pretend camera: taken when the person is registered,
// taken again, chosen from a file, taken away, seen in the chart and beside whom a finger finds. Then PCs without a camera.
import { join } from 'node:path';
import { type Browser, chromium, expect, type Page, test } from '@playwright/test';
import { TRAINING_PASSWORD } from '../../electron/training/center.ts';
import config from '../../playwright.config.ts';
import { inspect } from './support/inspect.ts';
import { field, type Keyboard, keyboardOf } from './support/keyboard.ts';
import { logIn } from './support/people.ts';
import { type Program, startProgram } from './support/program.ts';
import { projectRoot } from './support/settings.ts';

const launch = (...args: readonly string[]) => ({
  ...config.use?.launchOptions,
  args: [...(config.use?.launchOptions?.args ?? []), ...args],
});
const pretendCameras = '--use-fake-device-for-media-stream=device-count=2';
const sayYes = '--use-fake-ui-for-media-stream';

test.describe.configure({ mode: 'serial' });
test.use({ launchOptions: launch(pretendCameras, sayYes) });

const patient = 'Lò Thị Mơ';
const mother = 'Quàng Thị Sen';
const drawn = join(projectRoot, 'tests', 'fixtures', 'photos', 'baseline.jpg');

/** From now on: listening only from one moment to the next comes too late for a key pressed at once. */
const catchFileDialogs = (page: Page): void => void page.on('filechooser', () => {});

const dialogOf = (page: Page) => page.getByRole('dialog', { name: `Ảnh người bệnh: ${patient}` });

test.describe('with a camera', () => {
  let program: Program;
  let page: Page;
  let keys: Keyboard;
  test.beforeAll(async ({ browser }) => {
    program = await startProgram(browser, { start: 'small' });
    page = program.page;
    keys = keyboardOf(page);
    catchFileDialogs(page);
  });
  test.afterAll(() => program?.close());
  test.afterEach(() => program.expectQuiet());

  const says = (text: string | RegExp) => expect(page.getByText(text).first()).toBeVisible();
  const toast = (text: string | RegExp) =>
    expect(page.getByRole('status').filter({ hasText: text }).first()).toBeVisible();
  const photo = () => page.getByRole('img', { name: `Ảnh của ${patient}` });
  const dialog = () => dialogOf(page);
  const shot = (name: string) => page.screenshot({ path: test.info().outputPath(`${name}.png`) });

  /** As the core keeps it. */
  async function kept(): Promise<{ bytes: number; width: number; height: number }> {
    const source = await photo().first().getAttribute('src');
    const [width, height] = await photo()
      .first()
      .evaluate((img: HTMLImageElement) => [img.naturalWidth, img.naturalHeight]);
    const base64 = source?.replace('data:image/jpeg;base64,', '') ?? '';
    return { bytes: Buffer.from(base64, 'base64').length, width: width ?? 0, height: height ?? 0 };
  }

  test('is taken while the person still stands at the desk', async () => {
    await logIn(page, 'bsnoi');
    await keys.press('Control+N');
    await expect(field(page, 'Quét căn cước hoặc thẻ bảo hiểm')).toBeFocused();
    await keys.fill('Họ và tên', patient);
    await keys.choose('Giới tính', 'Nữ');
    await keys.fill('Ngày sinh', '5/6/1989');
    await keys.push('Thêm người nhà');
    await keys.fill('Họ và tên người nhà', mother);
    await keys.choose('Quan hệ với người bệnh', 'Mẹ');
    await keys.press('Control+S');
    await says(`✓ Đã lưu hồ sơ ${patient}`);
    await says('Chưa có ảnh');
    await shot('registered');
    await inspect(page);

    await keys.press('F8');
    await expect(dialog()).toBeVisible();
    await says('Máy ảnh đã sẵn sàng.');
    await expect(dialog().getByRole('button', { name: /^Chụp/ })).toBeFocused();
    await shot('live');
    await inspect(page);
    // held a little long: the second Enter keeps nothing
    await keys.press('Enter', 'Enter');
    await says('Nhìn kỹ trước khi giữ.');
    await expect(dialog().locator('video')).toHaveCount(0);
    await shot('taken');
    await inspect(page);
    await keys.press('F8');
    await says('Máy ảnh đã sẵn sàng.');
    await keys.press('Enter');
    await says('Nhìn kỹ trước khi giữ.');
    await keys.press('Control+S');
    await toast(`Đã lưu ảnh của ${patient}.`);
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(photo()).toBeVisible();
    const { bytes, width, height } = await kept();
    expect(width).toBeLessThanOrEqual(480);
    expect(height).toBeLessThanOrEqual(640);
    expect(width / height).toBeCloseTo(3 / 4, 1);
    expect(bytes).toBeLessThanOrEqual(60_000);
    await shot('registered-with-photo');
    await inspect(page);
  });

  test('goes off when the page locks, and comes on again', async () => {
    await keys.press('F8');
    await says('Máy ảnh đã sẵn sàng.');
    const running = () =>
      page.locator('video').evaluate((video: HTMLVideoElement) => {
        const { srcObject } = video;
        return srcObject instanceof MediaStream && srcObject.getTracks().some((t) => t.readyState === 'live');
      });
    expect(await running()).toBe(true);
    await page.evaluate(() =>
      fetch('rpc/access.lock', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      }),
    );
    await expect(page.getByRole('dialog', { name: 'Màn hình đang khóa' })).toBeVisible();
    await expect.poll(running).toBe(false);
    await shot('locked');
    await field(page, 'Mật khẩu hoặc mã PIN').fill(TRAINING_PASSWORD);
    await page.getByRole('button', { name: /Mở khóa/ }).click();
    await says('Máy ảnh đã sẵn sàng.');
    expect(await running()).toBe(true);
    await keys.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });

  test('is on the patient page, where a file does as well', async () => {
    await keys.press('Control+E');
    await expect(page.getByRole('heading', { name: patient, level: 1 })).toBeVisible();
    await expect(photo()).toBeVisible();
    await shot('page');
    await inspect(page);
    const before = await kept();
    await keys.press('F8');
    await says('Máy ảnh đã sẵn sàng.');
    await expect(field(page, 'Máy ảnh')).toBeVisible();
    await expect(field(page, 'Máy ảnh').locator('option')).toHaveCount(2);
    const choosing = page.waitForEvent('filechooser');
    await keys.press('Control+O');
    await (await choosing).setFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('không') });
    await says('Không đọc được tệp này.');
    await shot('unreadable');
    await inspect(page);
    const again = page.waitForEvent('filechooser');
    await keys.press('Control+O');
    await (await again).setFiles(drawn);
    await says('Nhìn kỹ trước khi giữ.');
    await shot('chosen');
    await keys.press('Control+S');
    await toast(`Đã lưu ảnh của ${patient}.`);
    await expect.poll(kept).toMatchObject({ width: 120, height: 160 });
    expect(before.width).not.toBe(120);
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await keys.press('Control+Z');
    await expect.poll(kept).toEqual(before);
  });

  test('is taken away for a reason, and that is taken back', async () => {
    await keys.push('Bỏ ảnh');
    await expect(page.getByRole('dialog', { name: `Bỏ ảnh của ${patient}?` })).toBeVisible();
    await keys.press('Control+S');
    await says(/lý do/i);
    await keys.push('Ảnh mờ, không nhận ra');
    await shot('remove');
    await inspect(page);
    await keys.press('Control+S');
    await toast(`Đã bỏ ảnh của ${patient}.`);
    await expect(photo()).toHaveCount(0);
    await says('Chưa có ảnh');
    await shot('page-without');
    await inspect(page);
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await keys.press('Control+Z');
    await expect(photo()).toBeVisible();
  });

  test('is small in the banner of the chart', async () => {
    await keys.press('F4');
    await expect(page.getByRole('dialog', { name: 'Nhập viện' })).toBeVisible();
    await keys.fill('Lý do vào nội trú', 'Sốt cao');
    await keys.press('Control+S');
    await expect(page.getByRole('button', { name: /^Nhập – chuyển – ra/ })).toBeVisible();
    await expect(photo()).toBeVisible();
    await shot('chart');
    await inspect(page);
    await keys.press('F2');
    await keys.type('nguyen thi');
    await page.getByRole('option').filter({ hasText: 'Đang nằm' }).first().click();
    const banner = page.getByRole('region', { name: 'Người bệnh', exact: true });
    await expect(banner).toContainText('Chưa có ảnh');
    await shot('chart-without');
    await inspect(page);
    await page.goBack();
    await expect(photo()).toBeVisible();
  });

  test('stands beside the candidate whom a finger finds; a relative has none', async () => {
    const id = /#\/chart\/([0-9a-f-]+)/.exec(page.url())?.[1];
    await page.evaluate((patientId) => {
      window.location.hash = `/patient/${patientId}`;
    }, id);
    await takeFinger(patient);
    await takeFinger(mother);
    for (const who of [patient, mother]) {
      await page.evaluate(() => {
        window.location.hash = '/find';
      });
      await expect(page.getByRole('heading', { name: 'Tìm bằng vân tay' })).toBeVisible();
      const radios = page.getByRole('radiogroup', { name: 'Vì sao phải tìm' }).getByRole('radio');
      await radios.first().check();
      await keys.press('Enter');
      await says('Đặt ngón tay lên mặt kính');
      await keys.choose('Ai đặt tay', who);
      await keys.choose('Ngón nào', 'Ngón trỏ phải');
      await keys.press('F8');
      await says(/Một ngón tay chưa đủ để chắc/);
      const card = page.getByRole('listitem').filter({ hasText: who }).first();
      await expect(card).toContainText('Rất giống');
      if (who === patient) {
        await expect(card.getByRole('img', { name: `Ảnh của ${patient}` })).toBeVisible();
        await expect(card).toContainText('1989');
      } else {
        await expect(card).toContainText('Chưa có ảnh');
        await expect(card).toContainText(`Người nhà (mẹ) của người bệnh ${patient}`);
        await expect(card).not.toContainText('1989');
        await expect(card.getByRole('img')).toHaveCount(0);
      }
      await shot(who === patient ? 'found' : 'found-relative');
      await inspect(page);
      await page.evaluate(() => {
        window.location.hash = '/';
      });
      await expect(page.getByRole('heading', { name: 'Tìm bằng vân tay' })).toHaveCount(0);
    }
  });

  /** On the patient page: consent, then the first finger three times. */
  async function takeFinger(who: string): Promise<void> {
    const person = page.getByRole('article', { name: who });
    await person.getByRole('button', { name: 'Hỏi và ghi đồng ý' }).click();
    await expect(page.getByRole('dialog', { name: `Đồng ý lấy vân tay: ${who}` })).toBeVisible();
    for (const purpose of [/^Nhận đúng người/, /^Tìm hồ sơ/])
      await page.getByRole('checkbox', { name: purpose }).check();
    await keys.press('Control+S');
    await expect(page.getByRole('button', { name: /^Lấy ngón này/ })).toBeFocused();
    await keys.press('Enter');
    for (const n of [1, 2, 3]) {
      await expect(page.locator('li[data-now]', { hasText: `Lần ${n}` })).toBeVisible();
      await keys.press('F8');
    }
    await expect(page.getByRole('dialog').getByRole('alert').filter({ hasText: 'Đã lưu' })).toBeVisible();
    await keys.press('Enter');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
});

test.describe('without', () => {
  const inBrowser = async (
    args: readonly string[],
    work: (page: Page, browser: Browser) => Promise<void>,
  ) => {
    const browser = await chromium.launch(launch(...args));
    const program = await startProgram(browser, { start: 'small' });
    try {
      await logIn(program.page, 'bsnoi');
      await work(program.page, browser);
      program.expectQuiet();
    } finally {
      await program.close();
      await browser.close();
    }
  };
  const openDialog = async (page: Page) => {
    const keys = keyboardOf(page);
    catchFileDialogs(page);
    await keys.press('Control+N');
    await keys.fill('Họ và tên', patient);
    await keys.choose('Giới tính', 'Nữ');
    await keys.press('Control+S');
    await expect(page.getByText(`✓ Đã lưu hồ sơ ${patient}`)).toBeVisible();
    await keys.press('F8');
  };

  test('a camera, a file does', async () => {
    await inBrowser([sayYes], async (page) => {
      await openDialog(page);
      await expect(page.getByText('Không thấy máy ảnh nào.')).toBeVisible();
      await page.screenshot({ path: test.info().outputPath('missing.png') });
      await inspect(page);
      const choosing = page.waitForEvent('filechooser');
      await keyboardOf(page).press('Control+O');
      await (await choosing).setFiles(drawn);
      await expect(page.getByText('Nhìn kỹ trước khi giữ.')).toBeVisible();
      await keyboardOf(page).press('Control+S');
      await expect(page.getByRole('img', { name: `Ảnh của ${patient}` })).toBeVisible();
    });
  });

  test('leave to use it, the page says where leave is given', async () => {
    await inBrowser([pretendCameras], async (page) => {
      await openDialog(page);
      await expect(page.getByText('Chưa được phép dùng máy ảnh.')).toBeVisible();
      await page.screenshot({ path: test.info().outputPath('refused.png') });
      await inspect(page);
    });
  });
});
