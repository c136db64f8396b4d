// Starting with the PC, and secrets in the key store of the operating system.
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { autoStartOf } from '../../../../electron/shells/desktop/auto-start.ts';
import { openKeyStore } from '../../../../electron/shells/desktop/key-store.ts';
import { createTray } from '../../../../electron/shells/desktop/tray.ts';
import { app, keyring, menus, Tray } from './fake-electron.ts';

const tempFolder = () => mkdtempSync(join(tmpdir(), 'tram-parts-'));

describe('starting with the PC', () => {
  it('is an entry in the autostart folder on Linux, gone when switched off', () => {
    app.paths.appData = tempFolder();
    app.paths.exe = '/opt/Trạm $HOME/tram';
    const autoStart = autoStartOf(app as never, 'linux');
    const file = join(app.paths.appData, 'autostart', 'vn.tram.desktop');
    expect(autoStart.isOn()).toBe(false);
    autoStart.set(true);
    expect(autoStart.isOn()).toBe(true);
    // A path is data: a shell must not read anything into it.
    expect(readFileSync(file, 'utf8')).toContain('Exec="/opt/Trạm \\$HOME/tram" --hidden');
    autoStart.set(false);
    expect(existsSync(file)).toBe(false);
  });

  it('is the login item on Windows', () => {
    const autoStart = autoStartOf(app as never, 'win32');
    autoStart.set(true);
    expect(app.loginItem).toEqual({ args: ['--hidden'], openAtLogin: true });
    expect(autoStart.isOn()).toBe(true);
  });
});

describe('the tray', () => {
  it('switches starting with the PC and says what it is', () => {
    const set = vi.fn();
    const tray = createTray({
      iconFile: 'i',
      title: 'Trạm',
      autoStart: { isOn: () => true, set },
      open: vi.fn(),
      quit: vi.fn(),
    });
    const item = menus.at(-1)!.find(({ label }) => label === 'Tự chạy khi mở máy')!;
    expect(item.checked).toBe(true);
    item.click!({ checked: false });
    expect(set).toHaveBeenCalledWith(false);
    expect(tray).not.toBeNull();
  });

  it('is done without where the desktop has none', () => {
    Tray.refused = true;
    const actions = {
      iconFile: 'i',
      title: 't',
      autoStart: { isOn: () => false, set: vi.fn() },
      open: vi.fn(),
      quit: vi.fn(),
    };
    expect(createTray(actions)).toBeNull();
    Tray.refused = false;
  });
});

describe('the key store', () => {
  const secret = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
  beforeEach(() => Object.assign(keyring, { available: true, backend: 'gnome_libsecret', broken: false }));

  it('opens what it sealed, and the sealed bytes do not show the secret', async () => {
    const store = openKeyStore('linux');
    expect(await store.state()).toBe('ready');
    const sealed = Buffer.from((await store.seal(secret))!);
    expect(sealed.includes(secret)).toBe(false);
    expect(sealed.toString()).not.toContain(secret.toString('base64'));
    expect(await store.unseal(sealed)).toEqual(secret);
  });

  it('seals and opens nothing where the backend is basic_text, which protects nothing', async () => {
    const sealed = await openKeyStore('linux').seal(secret);
    keyring.backend = 'basic_text';
    const store = openKeyStore('linux');
    expect(await store.state()).toBe('unprotected');
    expect(await store.seal(secret)).toBeNull();
    expect(await store.unseal(sealed!)).toBeNull();
  });

  it('seals nothing where the OS has no encryption', async () => {
    keyring.available = false;
    expect(await openKeyStore('win32').state()).toBe('unprotected');
    expect(await openKeyStore('win32').seal(secret)).toBeNull();
  });

  it('gives nothing back when the OS will not open it, so the password is asked', async () => {
    const store = openKeyStore('win32');
    const sealed = await store.seal(secret);
    keyring.broken = true;
    expect(await store.unseal(sealed!)).toBeNull();
  });
});
