// Starts the program the way a user does (browser host, core in its worker) and talks to it as the page does.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { TRAINING_PASSWORD } from '../../electron/training/center.ts';
import type { Result } from '../../shared/api/contract.ts';
import type { Input, Method, Output } from '../../shared/api/index.ts';

const root = join(import.meta.dirname, '..', '..');

export interface RunningHost {
  readonly pid: number;
  /** One-time address of a page. */
  readonly address: string;
  /** ms from the start of the process until the address was printed. */
  readonly startMs: number;
  /** One-time address of one more page, as starting the program again gives. */
  anotherAddress(): Promise<string>;
  stop(): Promise<void>;
}

export async function startHost(dataDir: string): Promise<RunningHost> {
  const run = (): ChildProcess =>
    spawn(
      process.execPath,
      [join(root, 'out', 'browser.mjs'), '--training', '--data', dataDir, '--no-open'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
  const started = performance.now();
  const child = run();
  const address = await printedAddress(child);
  const startMs = performance.now() - started;
  return {
    pid: child.pid ?? 0,
    address,
    startMs,
    anotherAddress: () => printedAddress(run()),
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

function printedAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\S+/.exec(printed);
      if (found) resolve(found[0]);
    });
    child.once('exit', (code) => reject(new Error(`the host ended with ${code}: ${printed}`)));
  });
}

export interface Page {
  /** Throws when the answer is a failure: a bench has no use for one. */
  call<M extends Method>(method: M, input: Input<M>): Promise<Output<M>>;
}

/** A page without a browser: the same requests, the same gate. Somebody who may do everything bedside is logged in. */
export async function openPage(address: string, username = 'bstruc'): Promise<Page> {
  const page = await openPageOfNobody(address);
  await page.call('access.login', { username, password: TRAINING_PASSWORD });
  return page;
}

async function openPageOfNobody(address: string): Promise<Page> {
  const { origin } = new URL(address);
  const opened = await fetch(address, { redirect: 'manual' });
  const cookie = opened.headers.get('set-cookie')?.split(';')[0];
  if (!cookie) throw new Error(`no cookie from ${address}: ${opened.status}`);
  return {
    async call<M extends Method>(method: M, input: Input<M>): Promise<Output<M>> {
      const answer = await fetch(`${origin}/rpc/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin, cookie, 'sec-fetch-site': 'same-origin' },
        body: JSON.stringify(input),
      });
      const result = (await answer.json()) as Result<Output<M>>;
      if (!result.ok) throw new Error(`${method}: ${result.error.code}`);
      return result.value;
    },
  };
}
