// The page in the system's own browser, started with the very arguments the browser shell gives it; only without a
// screen. What a person does goes in as keys; what they would see is timed inside the page.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test';
import { findBrowser, here, windowArguments } from '../../electron/shells/system-browser.ts';
import { TRAINING_PASSWORD } from '../../electron/training/center.ts';

export interface Window {
  readonly pid: number;
  readonly page: Page;
  /** 1: this PC as it is; 6: six times slower. */
  slowDown(factor: number): Promise<void>;
  close(): Promise<void>;
}

export async function openWindow(address: string): Promise<Window> {
  const program = findBrowser();
  if (!program) throw new Error('no Chromium, Chrome or Edge on this PC');
  const profile = mkdtempSync(join(tmpdir(), 'tram-bench-profile-'));
  const child = spawn(
    program,
    [
      ...windowArguments(address, profile, here),
      '--headless=new',
      '--remote-debugging-port=0',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
    { stdio: 'ignore' },
  );
  const browser = await connect(child, join(profile, 'DevToolsActivePort'));
  const page = await firstPage(browser);
  const cdp: CDPSession = await page.context().newCDPSession(page);
  await page.addInitScript(watchPaints);
  await page.evaluate(watchPaints);
  return {
    pid: child.pid ?? 0,
    page,
    slowDown: async (factor) => {
      await cdp.send('Emulation.setCPUThrottlingRate', { rate: factor });
    },
    async close() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      await browser.close();
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await gone;
      }
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function connect(child: ChildProcess, portFile: string): Promise<Browser> {
  for (let waited = 0; waited < 30_000; waited += 20) {
    if (child.exitCode !== null) throw new Error(`the browser ended with ${child.exitCode}`);
    const port = existsSync(portFile) ? readFileSync(portFile, 'utf8').split('\n')[0] : '';
    if (port) return chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
    await sleep(20);
  }
  throw new Error('the browser did not open its debugging port');
}

async function firstPage(browser: Browser): Promise<Page> {
  for (let waited = 0; waited < 30_000; waited += 20) {
    const page = browser.contexts()[0]?.pages()[0];
    if (page) return page;
    await sleep(20);
  }
  throw new Error('the browser showed no window');
}

/** Types name and password, then answers how long from Enter until the ward board was painted, ms. */
export async function logIn(page: Page, username: string): Promise<number> {
  await page.getByLabel('Tên đăng nhập', { exact: true }).fill(username);
  await page.getByLabel(/^Mật khẩu( hoặc mã PIN)?$/).fill(TRAINING_PASSWORD);
  return enterUntil(page, 'nav [aria-current="page"]', 'article');
}

/** Whoever is logged in here goes, and this person comes. */
export async function become(page: Page, username: string): Promise<void> {
  await page.evaluate(async () => {
    await fetch('/rpc/access.logout', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
  });
  await page.goto(new URL('/', page.url()).href);
  await page.getByLabel('Tên đăng nhập', { exact: true }).waitFor();
  await logIn(page, username);
}

/** Presses Enter where the focus is; ms from the key until all of these are painted, by the page's own clock. */
export async function enterUntil(page: Page, ...selectors: readonly string[]): Promise<number> {
  return keyUntil(page, 'Enter', selectors);
}

export async function keyUntil(page: Page, key: string, selectors: readonly string[]): Promise<number> {
  await page.evaluate((wanted) => globalThis.tramBench.expect(wanted), selectors);
  await page.keyboard.press(key);
  return page.evaluate(() => globalThis.tramBench.painted);
}

/** Changes the address as a link does; ms until all of these are painted. */
export async function goUntil(page: Page, hash: string, ...selectors: readonly string[]): Promise<number> {
  return page.evaluate(
    ([to, wanted]) => {
      const { tramBench } = globalThis;
      tramBench.expect(wanted);
      tramBench.begin();
      location.hash = to;
      return tramBench.painted;
    },
    [hash, selectors] as const,
  );
}

const personPaceMs = 180;

/**
 * Types at a person's pace and answers, key by key, ms from the key until the next paint after its handlers (Event
 * Timing); what is too short to be reported (under 16 ms) counts as 16.
 */
export async function typePainted(page: Page, text: readonly string[]): Promise<number[]> {
  await page.evaluate(() => globalThis.tramBench.forgetKeys());
  const pressedAt: number[] = [];
  for (const key of text) {
    const started = performance.now();
    pressedAt.push(await page.evaluate(() => performance.now()));
    await page.keyboard.press(key);
    await sleep(Math.max(0, personPaceMs - (performance.now() - started)));
  }
  await sleep(1_000);
  const entries = await page.evaluate(() => globalThis.tramBench.keys);
  return pressedAt.map((from, i) => {
    const until = pressedAt[i + 1] ?? Number.POSITIVE_INFINITY;
    const mine = entries.filter((e) => e.at >= from && e.at < until);
    return Math.max(16, ...mine.map((e) => e.ms));
  });
}

interface InPage {
  expect(selectors: readonly string[]): void;
  begin(): void;
  painted: Promise<number>;
  keys: { at: number; ms: number }[];
  forgetKeys(): void;
}
declare global {
  var tramBench: InPage;
}

/** Runs inside the page. */
function watchPaints(): void {
  if ('tramBench' in globalThis) return;
  let from = 0;
  let resolve: (ms: number) => void = () => {};
  let wanted: readonly string[] = [];
  const look = (): void => {
    const there = wanted.every((selector) => document.querySelector(selector) !== null);
    const waiting = document.querySelector('[role="status"][class*="loading"]') !== null;
    if (!there || waiting) {
      requestAnimationFrame(look);
      return;
    }
    // a message posted in a frame is delivered after that frame is painted
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => resolve(performance.now() - from);
      after.port2.postMessage(null);
    });
  };
  const bench: InPage = {
    painted: Promise.resolve(0),
    keys: [],
    forgetKeys() {
      bench.keys = [];
    },
    expect(selectors) {
      wanted = selectors;
      bench.painted = new Promise((done, fail) => {
        resolve = done;
        setTimeout(() => fail(new Error(`not painted within 20 s: ${selectors.join(' ')}`)), 20_000);
      });
      addEventListener('keydown', bench.begin, { capture: true, once: true });
    },
    begin() {
      removeEventListener('keydown', bench.begin, { capture: true });
      from = performance.now();
      // the old screen still shows what is waited for until the handlers have run
      setTimeout(() => requestAnimationFrame(look));
    },
  };
  globalThis.tramBench = bench;
  new PerformanceObserver((list) => {
    for (const { name, startTime, duration } of list.getEntries())
      if (/^key|^input$|^beforeinput$/.test(name)) bench.keys.push({ at: startTime, ms: duration });
  }).observe({ type: 'event', durationThreshold: 16, buffered: false } as PerformanceObserverInit);
}
