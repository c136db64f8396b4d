// Stub libraries, compiled once, and the family that speaks to them through real helper processes.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  forkHelper,
  type HelperProcess,
  openVendorReaders,
  type VendorReadersOptions,
} from '../../../electron/fingerprint/readers/vendor/index.ts';
import { vendors } from '../../../electron/fingerprint/readers/vendor/makers/index.ts';
import type { VendorName } from '../../../electron/fingerprint/readers/vendor/vendor.ts';
import type { CaptureOptions, ReaderFamily } from '../../../electron/fingerprint/types.ts';

const home = join(import.meta.dirname, '..', '..', '..');
export const helperFile = join(home, 'electron/fingerprint/readers/vendor/helper.ts');

export interface Behaviour {
  readers: number;
  finger: number;
  crash: 0 | 1 | 2 | 3;
  hang: 0 | 1 | 2 | 3;
  answer: number;
  waitMs: number;
}
export const inInit = 1;
export const inOpen = 2;
export const inLook = 3;

export interface Stub {
  readonly vendor: VendorName;
  /** Has the library and nothing else. */
  readonly folder: string;
  behave(how: Partial<Behaviour>): void;
}

/** One behaviour file for all, found by the libraries through the environment. */
export function buildStubs(): (vendor: VendorName) => Stub {
  const folder = mkdtempSync(join(tmpdir(), 'tram-stubs-'));
  const behaviour = join(folder, 'behaviour');
  process.env.STUB_BEHAVIOUR = behaviour;
  return (vendor) => {
    const own = join(folder, vendor);
    mkdirSync(own, { recursive: true });
    const file = join(own, vendors[vendor].files.linux[0]!);
    const source = join(import.meta.dirname, 'stubs', `${vendor}.c`);
    execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-Wall', '-Wextra', '-o', file, source, '-lm']);
    return {
      vendor,
      folder: own,
      behave(how) {
        const b = { readers: 1, finger: 0, crash: 0, hang: 0, answer: 0, waitMs: 5, ...how };
        // never seen half-written
        writeFileSync(
          `${behaviour}.new`,
          `${b.readers} ${b.finger} ${b.crash} ${b.hang} ${b.answer} ${b.waitMs}`,
        );
        renameSync(`${behaviour}.new`, behaviour);
      },
    };
  };
}

export interface Line {
  readonly message: string;
  readonly detail: unknown;
}

export interface Bench {
  readonly family: ReaderFamily;
  readonly helpers: HelperProcess[];
  readonly log: Line[];
}

export function openBench(
  { vendor, folder }: Stub,
  options: Partial<VendorReadersOptions> = {},
  file: string = helperFile,
): Bench {
  const helpers: HelperProcess[] = [];
  const log: Line[] = [];
  const start = forkHelper(file);
  const family = openVendorReaders({
    start() {
      const helper = start();
      if (helper) helpers.push(helper);
      return helper;
    },
    folder,
    vendors: [vendors[vendor]],
    usb: { vendorIds: async () => [], watch: () => () => {} },
    deadlines: { beginMs: 20_000, countMs: 3_000, openMs: 3_000, silenceMs: 1_500, closeMs: 500 },
    log: (_level, message, detail) => void log.push({ message, detail }),
    ...options,
  });
  return { family, helpers, log };
}

export function asking(waitMs = 5_000): CaptureOptions & { cancel(): void; seen: string[] } {
  const controller = new AbortController();
  const seen: string[] = [];
  return {
    signal: controller.signal,
    waitMs,
    progress: (now) => void seen.push(now.step),
    cancel: () => controller.abort(),
    seen,
  };
}

/** As stub.h draws it. */
export function rings(finger: number): Uint8Array {
  const [width, height] = [300, 400];
  return Uint8Array.from({ length: width * height }, (_, at) => {
    const [dx, dy] = [(at % width) - width / 2, Math.floor(at / width) - height / 2];
    return (Math.floor(Math.sqrt(dx * dx + dy * dy)) + finger) % 9 < 4 ? 60 : 200;
  });
}

/** A dead process that nobody has looked after yet (the thread that started it is gone) is dead all the same. */
export const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

/** A program of its own, or a thread like the core's, that is taking a picture; `helper` is its helper's pid. */
export async function startProgram(
  kind: 'process' | 'thread',
  { vendor, folder }: Stub,
): Promise<{ readonly helper: number; kill(): Promise<void> }> {
  const file = join(import.meta.dirname, 'program.ts');
  const { promise, resolve } = Promise.withResolvers<number>();
  if (kind === 'thread') {
    const thread = new Worker(file, { workerData: { vendor, folder } });
    thread.on('message', resolve);
    return { helper: await promise, kill: async () => void (await thread.terminate()) };
  }
  const child = spawn(process.execPath, [file, vendor, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.on('data', (text) => resolve(Number(text)));
  return { helper: await promise, kill: async () => void child.kill('SIGKILL') };
}
