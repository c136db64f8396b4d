import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataFolder, programRoot } from '../../../electron/shells/places.ts';
import { findBrowser, hasDisplay, windowArguments } from '../../../electron/shells/system-browser.ts';
import { appVersion } from '../../../electron/shells/version.ts';

describe('the data folder', () => {
  it('is where the system keeps program data, and never the same for training', () => {
    expect(dataFolder('real', { env: {}, platform: 'linux', home: '/home/an' })).toBe(
      '/home/an/.local/share/tram',
    );
    expect(dataFolder('training', { env: {}, platform: 'linux', home: '/home/an' })).toBe(
      '/home/an/.local/share/tram-training',
    );
    expect(dataFolder('real', { env: { XDG_DATA_HOME: '/d' }, platform: 'linux' })).toBe('/d/tram');
    expect(dataFolder('real', { env: { APPDATA: 'C:\\A' }, platform: 'win32' })).toBe(join('C:\\A', 'Tram'));
    expect(dataFolder('training', { env: { APPDATA: 'C:\\A' }, platform: 'win32' })).toBe(
      join('C:\\A', 'Tram-training'),
    );
  });

  it('can be named outright', () => {
    expect(dataFolder('training', { env: { TRAM_DATA: '/usb/tram' }, platform: 'linux' })).toBe('/usb/tram');
  });
});

it('finds its own package.json and version from any depth', () => {
  expect(programRoot(join(import.meta.dirname, 'fixtures'))).toBe(
    join(import.meta.dirname, '..', '..', '..'),
  );
  expect(appVersion()).toMatch(/^\d+\.\d+\.\d+$/);
});

describe('the browser window', () => {
  const on = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv, present: string[]) => ({
    platform,
    env,
    isRoot: false,
    exists: (path: string) => present.includes(path),
  });

  it('uses Chromium before Chrome before Edge on Linux, from the PATH', () => {
    const env = { PATH: '/usr/local/bin:/usr/bin' };
    expect(findBrowser(on('linux', env, ['/usr/bin/google-chrome', '/usr/bin/chromium']))).toBe(
      '/usr/bin/chromium',
    );
    expect(findBrowser(on('linux', env, ['/usr/bin/microsoft-edge']))).toBe('/usr/bin/microsoft-edge');
    expect(findBrowser(on('linux', env, []))).toBeNull();
  });

  it('uses Edge, which every Windows has, before Chrome', () => {
    const env = { ProgramFiles: 'P', 'ProgramFiles(x86)': 'P86', LOCALAPPDATA: 'L' };
    const edge = join('P86', 'Microsoft', 'Edge', 'Application', 'msedge.exe');
    const chrome = join('L', 'Google', 'Chrome', 'Application', 'chrome.exe');
    expect(findBrowser(on('win32', env, [chrome, edge]))).toBe(edge);
    expect(findBrowser(on('win32', env, [chrome]))).toBe(chrome);
  });

  it('uses the browser it is told to, or none', () => {
    expect(
      findBrowser(on('linux', { TRAM_BROWSER: '/opt/b', PATH: '/usr/bin' }, ['/usr/bin/chromium'])),
    ).toBeNull();
  });

  it('keeps its sandbox unless it runs as root, and has a profile of its own', () => {
    const asUser = windowArguments('http://127.0.0.1:1/', '/data/profile', { isRoot: false });
    expect(asUser).not.toContain('--no-sandbox');
    expect(asUser).toContain('--user-data-dir=/data/profile');
    expect(asUser).toContain('--disable-extensions');
    expect(asUser.find((argument) => argument.startsWith('--disable-features='))).toContain('Translate');
    expect(windowArguments('a', 'b', { isRoot: true })).toContain('--no-sandbox');
  });

  it('knows a PC without a screen', () => {
    expect(hasDisplay(on('linux', {}, []))).toBe(false);
    expect(hasDisplay(on('linux', { WAYLAND_DISPLAY: 'wayland-0' }, []))).toBe(true);
    expect(hasDisplay(on('win32', {}, []))).toBe(true);
  });
});
