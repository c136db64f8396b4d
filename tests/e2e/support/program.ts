// Starts the program as a newcomer does and opens its page in a browser that can reach nothing else. What a test must
// hear about even when it asks nothing: errors in the page, and any attempt to leave this PC.
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { centerFolder, projectRoot, timeZone } from './settings.ts';

export interface Program {
  readonly page: Page;
  readonly dataDir: string;
  /** Another window of the same host with nobody logged in. */
  anotherWindow(): Promise<Page>;
  /** A window on an address that the program has told. */
  open(address: string): Promise<Page>;
  /** Fails when the page reported an error, or page or host tried to reach anything but each other. */
  expectQuiet(): void;
  close(): Promise<void>;
}

export interface ProgramOptions {
  /** The training center, in full or small, or a PC on its first day. */
  readonly start: 'full' | 'small' | 'empty';
  /** Runs on the training center's data but without training mode's banner and list of passwords. */
  readonly asReal?: boolean;
  /** Training with its province and second station; most tests have no use for what that costs. */
  readonly withProvince?: boolean;
  /** A PC with printers; otherwise those of the PC the tests run on. */
  readonly withPrinters?: boolean;
  /** Changes the data folder before the start. */
  readonly prepare?: (dataDir: string) => void;
}

export async function startProgram(browser: Browser, options: ProgramOptions): Promise<Program> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tram-e2e-'));
  const attempts = join(dataDir, 'attempts.txt');
  if (options.start !== 'empty') cpSync(join(centerFolder, options.start), dataDir, { recursive: true });
  options.prepare?.(dataDir);
  const training = options.start !== 'empty' && !options.asReal;
  const run = () =>
    spawn(
      process.execPath,
      [
        join(projectRoot, 'out', 'browser.mjs'),
        '--data',
        dataDir,
        '--no-open',
        ...(training ? ['--training'] : []),
        ...(training && !options.withProvince ? ['--alone'] : []),
      ],
      {
        cwd: projectRoot,
        stdio: ['ignore', 'pipe', 'inherit'],
        env: {
          ...process.env,
          TZ: timeZone,
          TRAM_E2E_ATTEMPTS: attempts,
          ...(options.withPrinters && { PATH: `${printers}${delimiter}${process.env.PATH}` }),
          NODE_OPTIONS: `--require ${join(import.meta.dirname, 'no-network.cjs')}`,
        },
      },
    );
  const host = run();
  const address = await addressOf(host);
  const errors: string[] = [];
  const outside: string[] = [];
  const open = async (at: string): Promise<Page> => {
    const context = await browser.newContext();
    const { origin } = new URL(at);
    await context.route(
      (url) => url.origin !== origin && url.protocol !== 'data:' && url.protocol !== 'blob:',
      (route) => {
        outside.push(route.request().url());
        return route.abort('internetdisconnected');
      },
    );
    context.on('weberror', ({ error }) => void errors.push(String(error())));
    context.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
    });
    const page = await context.newPage();
    await page.goto(at);
    return page;
  };
  const page = await open(address);
  return {
    page,
    dataDir,
    open,
    // Starting the program again asks the running host for one more window.
    anotherWindow: async () => open(await addressOf(run())),
    expectQuiet() {
      expect(errors, 'errors in the page').toEqual([]);
      expect(outside, 'requests of the page to anywhere else').toEqual([]);
      const tried = existsSync(attempts) ? readFileSync(attempts, 'utf8') : '';
      expect(tried, 'connections of the host to anywhere else').toBe('');
    },
    async close() {
      for (const context of browser.contexts()) await context.close();
      await ended(host);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Stands for the programs of CUPS. */
const printers = join(import.meta.dirname, 'printers');

async function addressOf(host: ChildProcess): Promise<string> {
  if (!host.stdout) throw new Error('the host has no output');
  for await (const line of createInterface(host.stdout)) {
    const address = /^Trạm: (http:\S+)$/u.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error('the host ended without an address');
}

function ended(host: ChildProcess): Promise<void> {
  if (host.exitCode !== null) return Promise.resolve();
  const gone = new Promise<void>((resolve) => host.once('exit', () => resolve()));
  host.kill('SIGTERM');
  return gone;
}
