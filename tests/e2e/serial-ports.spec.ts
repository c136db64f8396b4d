// A serial fingerprint module nobody finds by looking, named by the administrator.
import { expect, test } from '@playwright/test';
import { adminPassword, foundCenter, go } from './support/centers.ts';
import { inspect } from './support/inspect.ts';
import { logIn } from './support/people.ts';
import { startProgram } from './support/program.ts';

test('an administrator names the port, by keyboard, and finds it again without its password', async ({
  browser,
}) => {
  const program = await startProgram(browser, { start: 'empty' });
  const { page } = program;
  await foundCenter(page);
  await logIn(page, 'quantri', adminPassword);
  await go(page, '#/station');
  await page.getByRole('button', { name: 'Cổng nối tiếp…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Cổng nối tiếp của máy đọc vân tay' });
  await expect(dialog.getByLabel('Tên cổng')).toBeFocused();
  await dialog.getByLabel('Tên cổng').fill('/dev/ttyUSB7');
  await dialog.getByLabel('Tốc độ (baud)').fill('300');
  await page.keyboard.press('Control+S');
  await expect(dialog.getByText('Tốc độ là số từ 9600 đến 921600.')).toBeVisible();
  await inspect(page);
  await page.screenshot({ path: test.info().outputPath('ports.png') });
  await dialog.getByLabel('Tốc độ (baud)').fill('115200');
  await dialog.getByLabel(/^Mật khẩu/).fill('1234ABCD');
  await page.keyboard.press('Control+S');
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: 'Cổng nối tiếp…' }).click();
  await expect(dialog.getByLabel('Tên cổng')).toHaveValue('/dev/ttyUSB7');
  await expect(dialog.getByLabel(/đã ghi; để trống là giữ/)).toHaveValue('');
  await program.close();
});
