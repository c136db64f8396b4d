// Papers drawn by Electron's own engine: what the hidden window is made of, and what becomes of a sheet when it fails.
import { expect, it, vi } from 'vitest';
import { openWindowPress } from '../../../../electron/shells/desktop/press.ts';
import * as electron from './fake-electron.ts';

const sheet = { html: '<p>Nguyễn</p>', paper: 'A4', landscape: false } as const;
const printing = () => electron.session.partitions.get('tram-print')!;
const last = () => electron.windows.at(-1)!;

it('draws in a window nobody sees, which is given the sheet, nothing else, and is gone afterwards', async () => {
  const draw = openWindowPress(() => {});
  const printed = Promise.withResolvers<void>();
  electron.printing.until = printed.promise;
  const drawn = draw(sheet);
  await vi.waitFor(() => expect(last()?.loaded).toEqual(['about:blank']));
  const window = last();
  expect(window.options).toMatchObject({
    show: false,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false },
  });
  expect(window.options.webPreferences).not.toHaveProperty('preload');
  expect(window.options.webPreferences.session).toBe(printing());
  printed.resolve();
  expect(Buffer.from((await drawn)!).toString()).toBe('%PDF');
  expect(window.webContents.printed).toEqual([
    { preferCSSPageSize: true, printBackground: true, displayHeaderFooter: false, generateTaggedPDF: true },
  ]);
  expect(window.webContents.asked.map(([method]) => method)).toEqual([
    'Emulation.setScriptExecutionDisabled',
    'Page.getFrameTree',
    'Page.setDocumentContent',
    'Runtime.evaluate',
  ]);
  expect(window.webContents.asked[2]![1]).toEqual({ frameId: 'main', html: sheet.html });
  expect(window.visible).toBe(false);
  expect(window.destroyed).toBe(true);
});

it('lets the sheet ask for nothing but what it carries', async () => {
  await openWindowPress(() => {})(sheet);
  const asked = (url: string): boolean => {
    let allowed = false;
    printing().beforeRequest!({ url }, ({ cancel }) => {
      allowed = !cancel;
    });
    return allowed;
  };
  expect(['data:font/woff2;base64,AA'].map(asked)).toEqual([true]);
  expect(
    [
      'https://example.org/',
      'http://127.0.0.1/',
      'app://tram/',
      'app://sheet/other',
      'file:///etc/passwd',
    ].map(asked),
  ).toEqual([false, false, false, false, false]);
  expect(printing().permissionCheck!()).toBe(false);
});

it('draws one sheet at a time', async () => {
  const before = electron.windows.length;
  const draw = openWindowPress(() => {});
  const order: string[] = [];
  await Promise.all([
    draw(sheet).then(() => order.push(`one of ${electron.windows.length - before}`)),
    draw(sheet).then(() => order.push(`two of ${electron.windows.length - before}`)),
  ]);
  expect(order).toEqual(['one of 1', 'two of 2']);
});

it.each([
  [
    'its page dies',
    () => last().webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 }),
  ],
  ['it takes too long', () => {}],
])('gives up a sheet when %s, and draws the next', async (_why, happen) => {
  const log = vi.fn();
  const draw = openWindowPress(log, 60);
  electron.printing.until = new Promise(() => {});
  const lost = draw(sheet);
  await vi.waitFor(() => expect(last().loaded).toEqual(['about:blank']));
  happen();
  expect(await lost).toBeNull();
  expect(last().destroyed).toBe(true);
  expect(JSON.stringify(log.mock.calls)).not.toContain('Nguyễn');
  electron.printing.until = null;
  expect(await draw(sheet)).not.toBeNull();
});

it('gives up a sheet whose fonts are not there', async () => {
  electron.printing.fontsLoad = false;
  expect(await openWindowPress(() => {})(sheet)).toBeNull();
  electron.printing.fontsLoad = true;
});
