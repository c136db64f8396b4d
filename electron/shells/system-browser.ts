// Opens the page in the system's own Chromium, Chrome or Edge as a window without address bar.
// Always with a profile folder of our own: cookies ignore ports, extensions read pages, and
// the person's own browser must not carry a patient's record.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly isRoot: boolean;
  exists(path: string): boolean;
}

export const here: Surroundings = {
  platform: process.platform,
  env: process.env,
  isRoot: process.getuid?.() === 0,
  exists: existsSync,
};

/** The first browser found, in order of preference; `TRAM_BROWSER` names one outright. */
export function findBrowser({ platform, env, exists }: Surroundings = here): string | null {
  const candidates = env.TRAM_BROWSER
    ? [env.TRAM_BROWSER]
    : platform === 'win32'
      ? windowsBrowsers(env)
      : platform === 'darwin'
        ? macBrowsers
        : linuxBrowsers(env);
  return candidates.find(exists) ?? null;
}

/** Is there a screen to open a window on? */
export function hasDisplay({ platform, env }: Surroundings = here): boolean {
  return platform === 'win32' || platform === 'darwin' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

export function openWindow(browser: string, address: string, profileDir: string): ChildProcess {
  return spawn(browser, windowArguments(address, profileDir, here), { stdio: 'ignore' });
}

export function windowArguments(
  address: string,
  profileDir: string,
  { isRoot }: Pick<Surroundings, 'isRoot'>,
): string[] {
  return [
    `--app=${address}`,
    `--user-data-dir=${profileDir}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-extensions',
    '--disable-sync',
    '--disable-background-networking',
    '--disable-component-update',
    // No second renderer kept warm: this program has one page, and old PCs no memory to spare.
    '--disable-features=Translate,PasswordManagerOnboarding,AutofillServerCommunication,SpareRendererForSitePerProcess',
    '--password-store=basic',
    '--lang=vi',
    '--window-size=1366,768',
    '--start-maximized',
    // Chromium refuses to start its sandbox as root; nobody else goes without it. `--test-type` takes away the bar
    // that then warns of it in every window and covers the page's own: docs/operations says not to run as root.
    ...(isRoot ? ['--no-sandbox', '--test-type'] : []),
  ];
}

function windowsBrowsers(env: NodeJS.ProcessEnv): string[] {
  const roots = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA].filter(
    (root) => root !== undefined,
  );
  // Edge first: every Windows 10 and 11 has it.
  const programs = [
    ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
    ['Google', 'Chrome', 'Application', 'chrome.exe'],
    ['Chromium', 'Application', 'chrome.exe'],
  ];
  return programs.flatMap((program) => roots.map((root) => join(root, ...program)));
}

function linuxBrowsers(env: NodeJS.ProcessEnv): string[] {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

const macBrowsers = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];
