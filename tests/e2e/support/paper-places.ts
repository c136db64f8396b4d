// Where papers are written, read, printed, signed and checked: for the doctor of the training center, whose own papers
// were laid out when it was first opened.
import { expect, type Page } from '@playwright/test';
import { ask } from './centers.ts';
import type { Place } from './places.ts';

interface Head {
  readonly documentId: string;
  readonly content: string | null;
  readonly form: string;
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });
const press = (page: Page, key: string) => page.keyboard.press(key);
/** The first page of what is shown, once it can be read. */
const drawn = (page: Page) =>
  expect(page.getByRole('article', { name: /^Trang 1 trên/ })).toHaveAttribute('data-drawn', 'true');

/** "Chờ tôi ký", once everything training lays out is there. */
async function queue(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Các màn hình' }).getByRole('link', { name: 'Chờ ký' }).click();
  const others = page.getByRole('region', { name: 'Giấy tôi lập, chờ người khác' });
  await expect(others.getByText('Bị trả lại, cần sửa')).toBeVisible({ timeout: 60_000 });
  await drawn(page);
}

/** A paper of this doctor's that waits for somebody else, or came back. */
async function ownPaper(page: Page, title: string, state: string): Promise<void> {
  await queue(page);
  await page
    .getByRole('region', { name: 'Giấy tôi lập, chờ người khác' })
    .getByRole('listitem')
    .filter({ hasText: title })
    .filter({ hasText: state })
    .first()
    .getByRole('link')
    .click();
  await drawn(page);
}
const consent = (page: Page) => ownPaper(page, 'Giấy cam kết', 'Chờ xác nhận');

async function papersOfStay(page: Page): Promise<void> {
  await queue(page);
  await page.locator('main h2 a').first().click();
  await expect(page.getByRole('table', { name: /^\d+ giấy$/ })).toBeVisible();
}

/** The first paper of the queue, read to its end by the space bar and ticked. */
async function tickFirst(page: Page): Promise<void> {
  await queue(page);
  const read = page.getByText('✓ Đã xem hết các trang');
  for (let n = 0; n < 60 && !(await read.isVisible()); n++) {
    await press(page, 'Space');
    await page.waitForTimeout(60);
  }
  const first = page.getByRole('listbox', { name: 'Chờ tôi ký' }).getByRole('option').first();
  if ((await first.getAttribute('aria-selected')) !== 'true') await press(page, 'Space');
  await expect(first).toHaveAttribute('aria-selected', 'true');
}

const pin = (page: Page) =>
  page.frameLocator('iframe[title="Mã PIN của USB ký số"]').getByRole('textbox', { name: /PIN/ });

/** A discharge paper with a signature in it, as it leaves the house; and the signature alone. */
async function signedFiles(page: Page): Promise<{ pdf: Buffer; signature: Buffer }> {
  await queue(page);
  const { others } = await ask(page, 'signing.queue', {});
  const paper = (others as readonly Head[]).find(({ form }) => form === 'giay-ra-vien');
  const { documentId, content } = paper ?? {};
  const { pdf } = await ask(page, 'documents.pdf', { documentId, content, signed: true });
  const { files } = await ask(page, 'signing.proof', { documentId });
  const signature = (files as readonly { name: string; bytes: string }[]).find(({ name }) =>
    name.endsWith('.p7s'),
  );
  return {
    pdf: Buffer.from(String(pdf), 'base64'),
    signature: Buffer.from(signature?.bytes ?? '', 'base64'),
  };
}

async function check(page: Page, name: string, buffer: Buffer, answer: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Các màn hình' }).getByRole('link', { name: 'Chờ ký' }).click();
  await page.getByRole('link', { name: 'Kiểm tra tệp đã ký' }).click();
  const mimeType = 'application/octet-stream';
  await page.getByLabel('Chọn tệp', { exact: true }).setInputFiles({ name, mimeType, buffer });
  await expect(page.getByRole('status').filter({ hasText: answer })).toBeVisible();
}

export const paperPlaces: readonly Place[] = [
  { name: 'papers that wait for my signature', picture: 'sign-queue', go: queue },
  { name: 'papers of a stay', picture: 'papers', go: papersOfStay },
  {
    name: 'choosing a form',
    picture: 'paper-choose',
    async go(page) {
      await papersOfStay(page);
      await press(page, 'Alt+n');
      await expect(page.getByRole('option').nth(5)).toBeVisible();
    },
  },
  {
    name: 'writing a paper, its pages beside it',
    picture: 'paper-write',
    async go(page) {
      await papersOfStay(page);
      await press(page, 'Alt+n');
      await expect(page.getByRole('option').nth(5)).toBeVisible();
      await page.keyboard.type('cam ket');
      await press(page, 'Enter');
      await page.getByLabel('Tên phẫu thuật, thủ thuật').fill('Chọc hút dịch màng phổi phải');
      await press(page, 'Control+p');
      await drawn(page);
    },
  },
  {
    name: 'a paper that was sent back',
    picture: 'paper-refused',
    go: (page) => ownPaper(page, 'Bệnh án nội khoa', 'Bị trả lại'),
  },
  {
    name: 'finalising a paper',
    picture: 'paper-freeze',
    async go(page) {
      await ownPaper(page, 'Bệnh án nội khoa', 'Bị trả lại');
      await button(page, 'Sửa lại').click();
      await expect(button(page, /^Chốt để ký/)).toBeVisible();
      await press(page, 'Control+Enter');
      await expect(dialog(page, /^Chốt để ký/)).toBeVisible();
    },
  },
  { name: 'a consent that waits for the patient', picture: 'paper', go: consent },
  {
    name: 'printing a paper, and what waits for the printer',
    picture: 'print',
    async go(page) {
      await consent(page);
      const { others } = await ask(page, 'signing.queue', {});
      for (const [at, printer] of ['Canon_LBP2900', 'HP_P1102_phong_KHTH'].entries()) {
        const { documentId, content } = (others as readonly Head[])[at] ?? {};
        await ask(page, 'print.add', { documentId, content, copies: 1, printer });
      }
      await press(page, 'Control+p');
      await expect(dialog(page, /^In: /)).toContainText('Chưa in được');
    },
  },
  {
    name: 'the PIN of a token',
    picture: 'sign-pin',
    async go(page) {
      await tickFirst(page);
      await press(page, 'Control+Enter');
      await expect(dialog(page, /^Ký \d+ giấy/)).toBeVisible();
      const plugIn = page.getByText('Cắm USB ký số vào máy này');
      await expect(plugIn.or(page.locator('iframe')).first()).toBeVisible();
      if (await plugIn.isVisible()) await press(page, 'F8');
      await expect(pin(page)).toBeFocused();
    },
  },
  {
    name: 'sending a paper back',
    picture: 'sign-refuse',
    async go(page) {
      await queue(page);
      await button(page, 'Trả lại').click();
      await button(page, 'Còn thiếu thông tin').click();
    },
  },
  {
    name: 'asking a colleague to sign',
    picture: 'sign-delegate',
    async go(page) {
      await queue(page);
      await button(page, 'Nhờ người khác ký').click();
      await expect(dialog(page, /^Nhờ người khác ký/)).toBeVisible();
    },
  },
  {
    name: 'a file from elsewhere that holds',
    picture: 'verify',
    go: async (page) => check(page, 'Giấy ra viện.pdf', (await signedFiles(page)).pdf, '✓ Hợp lệ'),
  },
  {
    name: 'a file from elsewhere that was touched',
    picture: 'verify-touched',
    async go(page) {
      const { pdf } = await signedFiles(page);
      const at = pdf.length >> 2;
      pdf[at] = (pdf[at] ?? 0) ^ 1;
      await check(page, 'Giấy ra viện (nhận qua Zalo).pdf', pdf, '✕ Không hợp lệ');
    },
  },
  {
    name: 'a signature from elsewhere without what it signs',
    async go(page) {
      const { signature } = await signedFiles(page);
      await check(page, 'chu-ky.p7s', signature, '? Chưa xác thực được');
    },
  },
  {
    name: 'every form, filled',
    picture: 'forms',
    async go(page) {
      await papersOfStay(page);
      await page.getByRole('link', { name: 'Xem các mẫu giấy' }).click();
      await drawn(page);
    },
  },
];

/** For the person in charge of the PC. */
export const signingSettings: Place = {
  name: 'settings of signing',
  picture: 'sign-settings',
  async go(page) {
    await page
      .getByRole('navigation', { name: 'Các màn hình' })
      .getByRole('link', { name: 'Máy trạm' })
      .click();
    await expect(page.getByText('Nơi cấp gốc được tin')).toBeVisible();
    await page
      .getByRole('heading', { name: 'Ký số', exact: true })
      .last()
      .evaluate((panel) => panel.scrollIntoView({ block: 'start' }));
  },
};
