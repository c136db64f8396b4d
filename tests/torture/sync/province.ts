// A province that tests start, ask, kill and start again: the same folder, the same ports, another process.
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Limits, SealedDelivery } from '../../../province/index.ts';
import type { FeedName, Head } from '../../../shared/sync/port.ts';
import { freePort } from '../../integration/province/postgres.ts';

/** before append: rows not written yet · before commit: written, not committed · after commit: not acknowledged yet. */
export type ProvincePoint = 'before append' | 'before commit' | 'after commit';
export const PROVINCE_POINTS: readonly ProvincePoint[] = ['before append', 'before commit', 'after commit'];

export interface ProvinceSettings {
  readonly folder: string;
  readonly databaseUrl?: string;
  readonly port: number;
  readonly plainPort?: number;
  readonly pagePort?: number;
  readonly limits?: Partial<Limits>;
}

export type ProvinceQuestion =
  | { readonly what: 'center' | 'facts' | 'memory' | 'stop' }
  | { readonly what: 'code' | 'heads' | 'quarantined' | 'sealed'; readonly center: number }
  | {
      readonly what: 'hashesAt';
      readonly center: number;
      readonly feed: FeedName;
      readonly seqs: readonly number[];
    }
  | { readonly what: 'revoke' | 'release'; readonly station: string }
  | { readonly what: 'arm'; readonly point: ProvincePoint; readonly nth: number };

export interface ProvinceProcess {
  readonly port: number;
  readonly plainPort: number | null;
  readonly pagePort: number;
  readonly fingerprint: string;
  readonly pid: () => number;
  center(): Promise<number>;
  code(center: number): Promise<string>;
  heads(center: number): Promise<Head[]>;
  hashesAt(center: number, feed: FeedName, seqs: readonly number[]): Promise<(string | null)[]>;
  quarantined(center: number): Promise<number>;
  sealed(center: number): Promise<SealedDelivery[]>;
  revoke(station: string): Promise<void>;
  release(station: string): Promise<void>;
  memory(): Promise<{ rss: number; maxRss: number }>;
  /** From now on it dies at the nth time it comes there. */
  arm(point: ProvincePoint, nth: number): Promise<void>;
  /** Resolves when it has died by itself. */
  died(): Promise<void>;
  isAlive(): boolean;
  kill(): Promise<void>;
  start(): Promise<void>;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  close(): Promise<void>;
}

export async function openProvince(
  folder: string,
  options: { databaseUrl?: string; plain?: boolean; limits?: Partial<Limits> } = {},
): Promise<ProvinceProcess> {
  const { plain, ...others } = options;
  const settings: ProvinceSettings = {
    ...others,
    folder,
    port: await freePort(),
    pagePort: await freePort(),
    ...(plain && { plainPort: await freePort() }),
  };
  let child: ChildProcess | null = null;
  let gone: Promise<void> = Promise.resolve();
  let fingerprint = '';
  let asks = 0;

  await start();
  return {
    port: settings.port,
    plainPort: settings.plainPort ?? null,
    pagePort: settings.pagePort ?? 0,
    get fingerprint() {
      return fingerprint;
    },
    pid: () => child?.pid ?? 0,
    center: () => ask({ what: 'center' }),
    code: (center) => ask({ what: 'code', center }),
    heads: (center) => ask({ what: 'heads', center }),
    hashesAt: (center, feed, seqs) => ask({ what: 'hashesAt', center, feed, seqs }),
    quarantined: (center) => ask({ what: 'quarantined', center }),
    sealed: (center) => ask({ what: 'sealed', center }),
    revoke: (station) => ask({ what: 'revoke', station }),
    release: (station) => ask({ what: 'release', station }),
    memory: () => ask({ what: 'memory' }),
    arm: (point, nth) => ask({ what: 'arm', point, nth }),
    died: () => gone,
    isAlive: () => child !== null,
    async kill() {
      child?.kill('SIGKILL');
      await gone;
    },
    start,
    signal: (signal) => child?.kill(signal),
    async close() {
      if (child) {
        child.kill('SIGCONT');
        child.kill('SIGKILL');
      }
      await gone;
    },
  };

  async function start(): Promise<void> {
    if (child) return;
    const started = fork(join(import.meta.dirname, 'province-process.ts'), [JSON.stringify(settings)], {
      // not the test runner's own settings
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child = started;
    gone = new Promise((resolve) =>
      started.once('exit', () => {
        child = null;
        resolve();
      }),
    );
    fingerprint = await new Promise<string>((resolve, reject) => {
      started.on('message', (message: { ready?: { fingerprint: string } }) => {
        if (message.ready) resolve(message.ready.fingerprint);
      });
      started.once('exit', (code, signal) => reject(new Error(`the province ended: ${code} ${signal}`)));
    });
  }

  function ask<T>(question: ProvinceQuestion): Promise<T> {
    const running = child;
    if (!running) return Promise.reject(new Error('the province is not running'));
    const number = ++asks;
    return new Promise<T>((resolve, reject) => {
      const hear = (message: { ask?: number; value?: T; error?: string }): void => {
        if (message.ask !== number) return;
        running.off('message', hear);
        running.off('exit', left);
        if (message.error === undefined) resolve(message.value as T);
        else reject(new Error(message.error));
      };
      const left = (): void => reject(new Error('the province died before it answered'));
      running.on('message', hear);
      running.once('exit', left);
      running.send({ ...question, ask: number });
    });
  }
}
