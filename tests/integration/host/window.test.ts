// Starting and ending as a person meets it: a real Chromium on a virtual screen, a second start, the last window
// closed; and a PC without a screen.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { findBrowser } from '../../../electron/shells/system-browser.ts';
import { startHostProcess } from './process.ts';
import { rawRequest } from './support.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'tram-window-'));
  return () => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

const address = /Trạm: (http:\/\/127\.0\.0\.1:(\d+))(\/open\?ticket=\S+)/;

describe('on a PC with a screen', () => {
  let screen: { display: string; end(): void };
  beforeAll(async () => {
    screen = await openVirtualScreen();
  });
  afterAll(() => screen.end());

  it('opens a window of its own on the page, another one at a second start, and ends with the last', async () => {
    const env = { DISPLAY: screen.display, TRAM_BROWSER: watchableBrowser(dataDir) };
    const first = startHostProcess(['--data', dataDir], env);
    const windows = await windowsOf(dataDir);
    await expect.poll(async () => (await windows()).length).toBe(1);
    const [page] = await windows();
    await page!.getByRole('heading').first().waitFor();
    expect(page!.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/(?:#.*)?$/);
    // Neither an address bar nor a bar of warnings takes room from the page.
    const lost = await page!.evaluate(() => window.outerHeight - window.innerHeight);
    expect(lost).toBeLessThan(40);

    const second = startHostProcess(['--data', dataDir], env);
    await second.printed(/mở thêm một cửa sổ/);
    expect(await second.ended).toBe(0);
    await expect.poll(async () => (await windows()).length).toBe(2);
    const [one, two] = await windows();
    await two!.getByRole('heading').first().waitFor();
    expect(new URL(two!.url()).origin).toBe(new URL(one!.url()).origin);

    await one!.close();
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect(first.child.exitCode).toBeNull();
    await two!.close();
    expect(await first.ended).toBe(0);
    expect(existsSync(join(dataDir, 'host.json'))).toBe(false);
    expect(first.output()).not.toMatch(/Error|^\s+at /m);
  });
});

describe('on a PC without a screen', () => {
  it('prints an address that opens once, keeps serving, and tidies up when told to end', async () => {
    const host = startHostProcess(['--data', dataDir]);
    const [, , port, path] = await host.printed(address);
    const opened = await rawRequest(Number(port), path!, {});
    expect(opened.status).toBe(303);
    expect((await rawRequest(Number(port), path!, {})).status).toBe(401);
    expect(existsSync(join(dataDir, 'host.json'))).toBe(true);
    host.child.kill('SIGTERM');
    expect(await host.ended).toBe(0);
    expect(existsSync(join(dataDir, 'host.json'))).toBe(false);
  });

  it('answers while the training center is being made, says so, and names who to log in as afterwards', async () => {
    const host = startHostProcess(['--training', '--data', dataDir]);
    const [, origin, port, path] = await host.printed(address);
    const opened = await rawRequest(Number(port), path!, {});
    const cookie = String(opened.headers['set-cookie']?.[0]).split(';')[0]!;
    const status = async () => {
      const answer = await rawRequest(Number(port), '/rpc/station.status', {
        method: 'POST',
        headers: { cookie, origin: origin!, 'content-type': 'application/json' },
        body: '{}',
      });
      return JSON.parse(answer.body).value;
    };
    await host.printed(/Đang chuẩn bị trung tâm tập huấn/);
    expect(await status()).toMatchObject({ mode: 'training', phase: 'preparing', users: [] });
    await host.printed(/Trung tâm tập huấn đã sẵn sàng/, 90_000);
    const ready = await status();
    expect(ready).toMatchObject({ phase: 'closed', mode: 'training' });
    expect(ready.trainingAccounts.length).toBeGreaterThan(3);
  });

  it('ends at once while the center is being made, and begins anew at the next start', async () => {
    const host = startHostProcess(['--training', '--data', dataDir]);
    await host.printed(/Đang chuẩn bị/);
    host.child.kill('SIGTERM');
    expect(await host.ended).toBe(0);
    expect(existsSync(join(dataDir, 'record.db'))).toBe(false);
    await startHostProcess(['--training', '--data', dataDir]).printed(/Đang chuẩn bị/);
  });
});

/** A screen of its own, so that no window of these tests appears on anybody's desk. */
async function openVirtualScreen(): Promise<{ display: string; end(): void }> {
  const server: ChildProcess = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1366x768x24', '-nolisten', 'tcp'],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    },
  );
  const number = await new Promise<string>((resolve, reject) => {
    server.on('error', () => reject(new Error('Xvfb is missing: apt-get install -y xvfb')));
    server.on('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
    server.stdio[3]?.on('data', (bytes: Buffer) => resolve(bytes.toString().trim()));
  });
  return { display: `:${number}`, end: () => server.kill() };
}

/** The system's browser, which additionally lets this test look at its windows. */
function watchableBrowser(folder: string): string {
  const file = join(folder, 'watchable-browser');
  writeFileSync(file, `#!/bin/sh\nexec "${findBrowser()}" --remote-debugging-port=0 "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}

/** Attaches to the browser that the host has started; answers its windows now. */
async function windowsOf(folder: string): Promise<() => Promise<Page[]>> {
  const portFile = join(folder, 'browser-profile', 'DevToolsActivePort');
  await expect.poll(() => existsSync(portFile), { timeout: 20_000 }).toBe(true);
  const [port, path] = readFileSync(portFile, 'utf8').trim().split('\n');
  const browser = await chromium.connectOverCDP(`ws://127.0.0.1:${port}${path}`);
  onTestFinished(() => browser.close().catch(() => undefined));
  return async () => browser.contexts().flatMap((context) => context.pages());
}
