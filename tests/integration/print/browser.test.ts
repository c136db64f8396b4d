// The browser that draws: what it may reach, what it leaves behind, and what becomes of a sheet when it dies.
import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { type BrowserPressOptions, openBrowserPress } from '../../../electron/print/index.ts';
import { layout } from '../../../electron/print/layout/layout.ts';
import { bodyOf, formOf, hash } from '../../unit/print/papers.ts';
import { ask, pressOptions } from './drawn.ts';

// a folder of its own for what is left behind: other tests draw at the same time
process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'tram-browser-test-'));

const form = formOf();
const sheet = layout(form, bodyOf(form), { bodySha256: hash, draft: false });
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function open(more: Partial<BrowserPressOptions> = {}) {
  const log = vi.fn();
  const press = openBrowserPress({ ...pressOptions, log, ...more });
  closing.push(() => press.close());
  return { press, log };
}
const failed = { ok: false, error: { code: 'print_failed' } };
const isAlive = (pid: number): boolean =>
  existsSync(`/proc/${pid}/status`) && !/State:\s+Z/.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
/** A process and all it started, and they. */
function familyOf(pid: number): number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return (
          Number(
            readFileSync(`/proc/${name}/stat`, 'utf8')
              .replace(/^.*\) \S /s, '')
              .split(' ')[0],
          ) === pid
        );
      } catch {
        return false;
      }
    });
  return [pid, ...children.flatMap((child) => familyOf(Number(child)))];
}
const profiles = (): string[] => globSync(join(tmpdir(), 'tram-print-*'));

it('is kept for the next sheet, one at a time, and is gone with its folder when none comes', async () => {
  const before = profiles();
  const { press } = open({ idleMs: 1_500 });
  const answers = await Promise.all([press.draw(sheet), press.draw(sheet), press.draw(sheet)]);
  expect(answers.map(({ ok }) => ok)).toEqual([true, true, true]);
  const pid = press.pid()!;
  const family = familyOf(pid);
  expect(family.length).toBeGreaterThan(1);
  expect(profiles().length).toBe(before.length + 1);
  await press.draw(sheet);
  expect(press.pid()).toBe(pid);
  await vi.waitFor(() => expect(press.pid()).toBeUndefined(), 10_000);
  await vi.waitFor(() => expect(family.filter(isAlive)).toEqual([]), 10_000);
  await vi.waitFor(() => expect(profiles()).toEqual(before), 10_000);
  expect((await press.draw(sheet)).ok).toBe(true);
});

it('leaves nothing of a sheet in files', async () => {
  const { press } = open();
  const before = profiles();
  await press.draw(sheet);
  const [folder] = profiles().filter((one) => !before.includes(one));
  const files = globSync(join(folder!, '**'), { withFileTypes: true }).filter((one) => one.isFile());
  expect(files.length).toBeGreaterThan(0);
  const said = ['Hoài Thương', 'HOÀI THƯƠNG', '2601A00123'].flatMap((words) => [
    Buffer.from(words),
    Buffer.from(words, 'utf16le'),
  ]);
  for (const file of files) {
    const bytes = readFileSync(join(file.parentPath, file.name));
    expect([file.name, said.some((words) => bytes.includes(words))]).toEqual([file.name, false]);
  }
});

it('asks nothing of anybody and runs nothing, whatever the sheet says', async () => {
  const asked: string[] = [];
  const server = createServer((request, answer) => {
    asked.push(request.url ?? '');
    answer.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // without the sheet's own policy, which would forbid all of it already
  const html = `<html><head><link rel="stylesheet" href="${at}/css"><link rel="prefetch" href="${at}/prefetch">
<link rel="preconnect" href="${at}"><style>@font-face{font-family:f;src:url(${at}/font)} body{font-family:f;background:url(${at}/background)}
@page { @bottom-left { content: url(${at}/margin) } }</style>
<script>document.title='changed';fetch('${at}/fetch');document.write('SCRIPT RAN')</script></head>
<body>x<img src="${at}/img" onerror="document.body.append('SCRIPT RAN')"><iframe src="${at}/frame"></iframe>
<object data="${at}/object"></object><meta http-equiv="refresh" content="0;url=${at}/refresh"></body></html>`;
  const { press } = open();
  // a sheet that wants a font from elsewhere, or wants to be another page, is not drawn at all
  expect(await press.draw({ ...sheet, html })).toMatchObject(failed);
  const without = html.replace(/@font-face\{[^}]*\}/, '').replace(/<meta [^>]*>/, '');
  const drawn = await press.draw({ ...sheet, html: without });
  if (!drawn.ok) throw new Error('not drawn');
  const file = join(mkdtempSync(join(tmpdir(), 'tram-drawn-')), 'x.pdf');
  writeFileSync(file, drawn.value);
  expect(ask('pdftotext', [file, '-'])).not.toContain('SCRIPT RAN');
  expect(asked).toEqual([]);
  server.close();
});

const long = { ...sheet, html: sheet.html.replace('</body>', `${'<p>dài</p>'.repeat(6_000)}</body>`) };

it('begins a sheet anew when the browser that was kept dies in the middle of it', async () => {
  const { press } = open();
  await press.draw(sheet);
  const pid = press.pid()!;
  const drawing = press.draw(long);
  await new Promise((resolve) => setTimeout(resolve, 150));
  process.kill(pid, 'SIGKILL');
  expect((await drawing).ok).toBe(true);
  expect(press.pid()).not.toBe(pid);
});

it('says print_failed when it dies in the middle of its first sheet, and draws the next with a new one', async () => {
  const { press, log } = open();
  const lost = press.draw(long);
  const pid = await vi.waitFor(() => press.pid() ?? Promise.reject(new Error('not started')), 10_000);
  process.kill(pid, 'SIGKILL');
  expect(await lost).toMatchObject(failed);
  expect((await press.draw(sheet)).ok).toBe(true);
  expect(press.pid()).not.toBe(pid);
  expect(JSON.stringify(log.mock.calls)).not.toMatch(/Thương|2601A00123/);
});

it('draws with a new one when it died between two sheets', async () => {
  const { press } = open();
  await press.draw(sheet);
  process.kill(press.pid()!, 'SIGKILL');
  expect((await press.draw(sheet)).ok).toBe(true);
});

it('gives a sheet up at its deadline and leaves no process behind', async () => {
  const { press } = open({ deadlineMs: 6_000 });
  await press.draw(sheet);
  const family = familyOf(press.pid()!);
  process.kill(press.pid()!, 'SIGSTOP');
  const began = Date.now();
  expect(await press.draw(sheet)).toMatchObject(failed);
  expect(Date.now() - began).toBeLessThan(14_000);
  await vi.waitFor(() => expect(family.filter(isAlive)).toEqual([]), 10_000);
  expect((await press.draw(sheet)).ok).toBe(true);
});

it.each([
  ['there is none', () => null],
  ['it cannot be started', () => '/nonexistent/browser'],
  ['it is another program', () => '/bin/true'],
])('says print_failed when %s', async (_why, program) => {
  const { press } = open({ program, deadlineMs: 5_000 });
  expect(await press.draw(sheet)).toMatchObject(failed);
});

it('refuses a browser too old to number pages', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tram-old-'));
  const program = join(folder, 'old-browser');
  writeFileSync(
    program,
    `#!/bin/sh\nprintf '{"id":1,"result":{"product":"Chrome/109.0.5414.120"}}\\0' >&4\nsleep 60 <&3\n`,
  );
  chmodSync(program, 0o700);
  const { press, log } = open({ program: () => program });
  expect(await press.draw(sheet)).toMatchObject(failed);
  expect(JSON.stringify(log.mock.calls)).toContain('browser 109 is older than 131');
});

it('goes with the program that started it, even when that is killed', async () => {
  const root = join(import.meta.dirname, '../../..');
  const script = `
    import { openBrowserPress } from '${root}/electron/print/index.ts';
    const press = openBrowserPress({ program: () => ${JSON.stringify(pressOptions.program())}, isRoot: ${pressOptions.isRoot}, log: () => {} });
    await press.draw({ html: '<p>x</p>', paper: 'A4', landscape: false });
    console.log(press.pid());
    setInterval(() => {}, 1000);`;
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = await new Promise<string>((resolve) =>
    child.stdout!.once('data', (bytes: Buffer) => resolve(String(bytes))),
  );
  const family = familyOf(Number(said));
  expect(family.length).toBeGreaterThan(1);
  child.kill('SIGKILL');
  await vi.waitFor(() => expect(family.filter(isAlive)).toEqual([]), 15_000);

  // its folder is taken away by whoever prints next
  const left = profiles().filter((one) => one.includes(`-${child.pid}-`));
  expect(left).toHaveLength(1);
  await open().press.draw(sheet);
  expect(profiles().filter((one) => left.includes(one))).toEqual([]);
});
