// One headless browser, started for printing only: its profile is an empty folder that goes with it, it can reach no
// network, and it is spoken to over pipes.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { openPipe, type Pipe } from './pipe.ts';

export interface Browser {
  readonly pipe: Pipe;
  /** Of its main process. */
  readonly pid: number | undefined;
  isAlive(): boolean;
  /** Ends it and takes its folder away. */
  close(): Promise<void>;
}

/** Node's own way to a child process; named so that a test can look at what a browser was started with. */
export type Spawn = typeof spawn;

export async function startBrowser(program: string, isRoot: boolean): Promise<Browser> {
  await clearLeftProfiles();
  const profile = await mkdtemp(join(tmpdir(), `${folderOfProfile}${process.pid}-`));
  const child = spawn(program, browserArguments(profile, isRoot), {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    // a group of its own, because a browser is many processes and all of them must go
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const pipe = openPipe(child.stdio[3] as Writable, child.stdio[4] as Readable);
  const gone = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  let alive = true;
  void gone.then(() => {
    alive = false;
    pipe.end('the browser ended');
  });
  return {
    pipe,
    pid: child.pid,
    isAlive: () => alive,
    async close() {
      if (alive)
        await Promise.race([pipe.ask('Browser.close').then(() => gone), after(politeMs)]).catch(() => {});
      killAll(child);
      await Promise.race([gone, after(politeMs)]);
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }).catch(() => {});
    },
  };
}

const folderOfProfile = 'tram-print-';

/** Folders of programs that were killed: nothing of a paper is in them, but they would gather. */
async function clearLeftProfiles(): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const owner = Number(new RegExp(`^${folderOfProfile}(\\d+)-`).exec(name)?.[1]);
    if (owner > 0 && owner !== process.pid && !runs(owner))
      await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {});
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    // it runs, but is somebody else's
    return fault instanceof Error && 'code' in fault && fault.code === 'EPERM';
  }
}

/** How long it may take to end by itself. */
const politeMs = 2_000;

export function browserArguments(profile: string, isRoot: boolean): string[] {
  return [
    '--headless',
    '--remote-debugging-pipe',
    `--user-data-dir=${profile}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-gpu',
    '--disable-extensions',
    '--disable-sync',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-domain-reliability',
    '--disable-breakpad',
    '--disable-crash-reporter',
    '--no-pings',
    '--metrics-recording-only',
    // No name can be looked up and no proxy asked: the sheet needs nothing, so nothing gets out.
    '--host-resolver-rules=MAP * ~NOTFOUND',
    '--no-proxy-server',
    '--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider,SpareRendererForSitePerProcess',
    '--password-store=basic',
    '--use-mock-keychain',
    '--font-render-hinting=none',
    '--lang=vi',
    '--mute-audio',
    // Chromium refuses to start its sandbox as root; nobody else goes without it.
    ...(isRoot ? ['--no-sandbox'] : []),
    'about:blank',
  ];
}

function killAll(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    // its group: below Windows' level there are no orphans of it
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
  } catch {
    // all of them have ended by themselves
  }
}

const after = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
