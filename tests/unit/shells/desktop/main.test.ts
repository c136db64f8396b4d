// The desktop program with the real core in its thread and a stand-in for Electron: what it sets up,
// in which order, and what a page can't do. The stand-in can't show that Electron obeys; types and fuses cover the rest.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ok } from '../../../../shared/api/contract.ts';
import * as electron from './fake-electron.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'tram-desktop-'));
const { app, session, windows, trays, menus, ipcHandlers, calls } = electron;
const page = () => windows[0]!;
const contents = () => page().webContents;
const walls = session.defaultSession;

beforeAll(async () => {
  vi.stubEnv('TRAM_DATA', dataDir);
  await import('../../../../electron/shells/desktop/main.ts');
  app.ready.resolve();
  await vi.waitFor(() => expect(windows[0]?.loaded.length).toBe(1), 10_000);
});
afterAll(async () => {
  menus[0]!.find(({ label }) => label === 'Thoát')!.click!({ checked: false });
  // Quitting closes the core first, then ends with success.
  await vi.waitFor(() => expect(app.exitCode).toBe(0), 10_000);
  vi.unstubAllEnvs();
});

describe('starting', () => {
  it('turns the sandbox on, registers the scheme and takes the single-instance lock before it is ready', () => {
    expect(calls.slice(0, 5)).toEqual([
      'enableSandbox',
      'registerSchemesAsPrivileged',
      'setPath',
      'requestSingleInstanceLock',
      'whenReady',
    ]);
    expect(electron.schemes).toEqual([
      {
        scheme: 'app',
        privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
      },
    ]);
  });

  it('keeps Electron files, and with them the lock, inside the data folder', () => {
    expect(app.paths.userData).toBe(join(dataDir, 'desktop'));
  });

  it('opens one window on our own scheme, isolated and sandboxed', () => {
    expect(windows).toHaveLength(1);
    expect(page().loaded).toEqual(['app://tram/']);
    expect(page().options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      devTools: false,
    });
  });
});

describe('calls', () => {
  const invoke = (event: unknown, method: unknown, input: unknown = {}) =>
    ipcHandlers.get('tram:invoke')!(event as never, method as never, input as never);
  const frame = (url: string, parent: unknown = null) => ({
    sender: contents(),
    senderFrame: { url, parent },
  });

  it('of our page reach the real core', async () => {
    const answer = await invoke(frame('app://tram/#/ward/1'), 'station.status');
    expect(answer).toMatchObject({ ok: true, value: { phase: 'first_run', mode: 'real' } });
  });

  it('to what is not in the contract are answered by the core', async () => {
    expect(await invoke(frame('app://tram/'), '__proto__')).toMatchObject({
      error: { code: 'unknown_method' },
    });
  });

  it.each([
    ['another scheme', 'https://tram/'],
    ['another custom scheme, whose origin is also "null"', 'evil://tram/'],
    ['another host of our scheme', 'app://other/'],
    ['a file', 'file:///etc/passwd'],
    ['an empty page', 'about:blank'],
    ['no address', ''],
  ])('from %s are refused', async (_name, url) => {
    expect(await invoke(frame(url), 'station.status')).toMatchObject({ error: { code: 'not_allowed' } });
  });

  it('from a frame inside our page, a closed frame or an unknown window are refused', async () => {
    expect(await invoke(frame('app://tram/', {}), 'station.status')).toMatchObject({ ok: false });
    expect(await invoke({ sender: contents(), senderFrame: null }, 'station.status')).toMatchObject({
      ok: false,
    });
    const stranger = { sender: {}, senderFrame: { url: 'app://tram/', parent: null } };
    expect(await invoke(stranger, 'station.status')).toMatchObject({ ok: false });
  });

  it('whose method is no text are refused', async () => {
    expect(await invoke(frame('app://tram/'), { toString: 1 })).toMatchObject({
      error: { code: 'not_allowed' },
    });
  });
});

describe('the page is kept from', () => {
  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])('%s', (event) => {
    const preventDefault = vi.fn();
    contents().emit(event, { preventDefault, url: 'app://tram/elsewhere' });
    expect(preventDefault).toHaveBeenCalledOnce();
  });

  it('framing anything but the field for a PIN', () => {
    const tried = (url: string, isMainFrame: boolean) => {
      const preventDefault = vi.fn();
      contents().emit('will-frame-navigate', { preventDefault, url, isMainFrame });
      return preventDefault.mock.calls.length === 0 ? 'let in' : 'refused';
    };
    expect(tried('app://tram/pin.html', false)).toBe('let in');
    expect(tried('app://tram/pin.html', true)).toBe('refused');
    expect(tried('app://tram/pin.html?a', false)).toBe('refused');
    expect(tried('app://tram/', false)).toBe('refused');
    expect(tried('http://tram/pin.html', false)).toBe('refused');
  });

  it('opening windows', () => {
    expect(contents().openHandler?.()).toEqual({ action: 'deny' });
  });

  it('downloads, but for a paper it holds itself', () => {
    const tried = (address: string, type: string) => {
      const preventDefault = vi.fn();
      walls.emit('will-download', { preventDefault }, { getURL: () => address, getMimeType: () => type });
      return preventDefault.mock.calls.length === 0 ? 'let through' : 'refused';
    };
    expect(tried('blob:app://tram/0d2f', 'application/pdf')).toBe('let through');
    expect(tried('blob:app://tram/0d2f', 'application/x-msdownload')).toBe('refused');
    expect(tried('blob:app://elsewhere/0d2f', 'application/pdf')).toBe('refused');
    expect(tried('http://tram/a.pdf', 'application/pdf')).toBe('refused');
  });

  it.each([
    'media',
    'geolocation',
    'notifications',
    'usb',
    'serial',
    'hid',
    'fullscreen',
    'openExternal',
    'clipboard-read',
  ])('the permission %s', (permission) => {
    expect(may(permission, {})).toEqual([false, false]);
  });

  it('sound, and the camera to anything but the page itself', () => {
    expect(may('media', { video: true })).toEqual([true, true]);
    expect(may('media', { audio: true })).toEqual([false, false]);
    expect(may('media', { video: true, audio: true })).toEqual([false, false]);
    expect(may('media', { video: true, isMainFrame: false })).toEqual([false, false]);
    expect(may('media', { video: true, origin: 'https://evil.example/' })).toEqual([false, false]);
  });

  /** Asked for, and looked at beforehand: the two ways in which the engine asks. */
  function may(
    permission: string,
    {
      video = false,
      audio = false,
      isMainFrame = true,
      origin = 'app://tram/',
    }: { video?: boolean; audio?: boolean; isMainFrame?: boolean; origin?: string },
  ): unknown[] {
    const mediaTypes = [...(video ? ['video'] : []), ...(audio ? ['audio'] : [])];
    const answer = vi.fn();
    const asking = { getURL: () => origin };
    walls.permissionRequest!(
      asking as never,
      permission as never,
      answer as never,
      { isMainFrame, mediaTypes } as never,
    );
    const mediaType = audio ? 'audio' : video ? 'video' : 'unknown';
    const check = { isMainFrame, mediaType };
    return [
      answer.mock.calls[0]?.[0],
      walls.permissionCheck!(asking as never, permission as never, origin as never, check as never),
    ];
  }

  it('devices and the screen', () => {
    expect(walls.devicePermission!()).toBe(false);
    const answer = vi.fn();
    walls.displayMedia!({} as never, answer as never);
    expect(answer).toHaveBeenCalledWith({});
  });

  it('copying only as another page: our own may copy what it shows', () => {
    const check = (origin: string) =>
      walls.permissionCheck!(
        contents() as never,
        'clipboard-sanitized-write' as never,
        origin as never,
        { isMainFrame: true } as never,
      );
    expect(check('app://tram/')).toBe(true);
    expect(check('https://evil.example/')).toBe(false);
  });

  it.each([
    'https://example.org/',
    'http://127.0.0.1/',
    'ws://h/',
    'file:///etc/passwd',
    'ftp://h/',
    'devtools://x/',
    'no address',
  ])('loading %s', (url) => {
    const answer = vi.fn();
    walls.beforeRequest!({ url }, answer);
    expect(answer).toHaveBeenCalledWith({ cancel: true });
  });

  it('nothing of its own', () => {
    const answer = vi.fn();
    walls.beforeRequest!({ url: 'app://tram/assets/a.js' }, answer);
    expect(answer).toHaveBeenCalledWith({ cancel: false });
  });

  it('sending what is typed to a spelling service', () => {
    expect(walls.spellChecker).toBe(false);
  });
});

describe('the scheme', () => {
  const ask = (url: string, method = 'GET') =>
    walls.protocolHandlers.get('app')!(new Request(url, { method }));

  it.each([
    'app://tram/../package.json',
    'app://tram/%2e%2e/package.json',
    'app://tram/..%2fpackage.json',
    'app://other/',
  ])('answers 404 for %s', async (url) => {
    expect((await ask(url)).status).toBe(404);
  });

  it('answers 404 to anything but GET', async () => {
    expect((await ask('app://tram/', 'POST')).status).toBe(404);
  });
});

describe('the window', () => {
  it('loads a crashed page again once, then says what to do', () => {
    contents().emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
    expect(contents().reloads).toBe(1);
    contents().emit('render-process-gone', {}, { reason: 'oom', exitCode: 5 });
    expect(contents().reloads).toBe(1);
    expect(electron.dialog.errors).toHaveLength(1);
  });

  it('hides instead of closing while the tray can bring it back', () => {
    const preventDefault = vi.fn();
    page().emit('close', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
    expect(page().visible).toBe(false);
    trays[0]!.emit('click');
    expect(page().visible).toBe(true);
  });

  it('is brought up by a second start', () => {
    page().hide();
    app.emit('second-instance');
    expect(page().visible).toBe(true);
  });
});

describe('the built-in preload', () => {
  it('gives the page one key with two functions, and never the event object', async () => {
    await import('../../../../electron/shells/desktop/preload.ts');
    expect([...electron.exposed.keys()]).toEqual(['tram']);
    const tram = electron.exposed.get('tram')!;
    expect(Object.keys(tram).sort()).toEqual(['invoke', 'subscribe']);

    const heard = vi.fn();
    const stop = tram.subscribe!(heard as never) as () => void;
    electron.ipcRenderer.emit('tram:event', { sender: 'secret' }, { event: 'changed' });
    stop();
    electron.ipcRenderer.emit('tram:event', {}, { event: 'changed' });
    expect(heard.mock.calls).toEqual([[{ event: 'changed' }]]);

    await tram.invoke!('station.status' as never, { a: 1 } as never);
    expect(electron.ipcRenderer.invoked).toEqual([['tram:invoke', 'station.status', { a: 1 }]]);
  });
});

describe('a page file', () => {
  it('is served with its policy and a nonce of its own', async () => {
    const { servePage } = await import('../../../../electron/shells/desktop/scheme.ts');
    const folder = join(dataDir, 'page');
    await mkdir(folder);
    writeFileSync(join(folder, 'index.html'), '<meta nonce="__CSP_NONCE__">');
    servePage(walls as never, folder);
    const response = await walls.protocolHandlers.get('app')!(new Request('app://tram/'));
    expect(response.status).toBe(200);
    const nonce = /nonce="([\w-]{24})"/.exec(await response.text())?.[1];
    expect(response.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('a second window, of training’s second station', () => {
  it('reaches its own core and hears nothing of the other one', async () => {
    const { openPageBridge } = await import('../../../../electron/shells/desktop/bridge.ts');
    const bridge = openPageBridge(() => {});
    const stations = ['first', 'second'].map((name) => {
      const listeners: ((client: string | null, message: never) => void)[] = [];
      const contents = new electron.WebContents();
      bridge.add(contents as never, {
        invoke: async () => ok(name),
        subscribe(listener) {
          listeners.push(listener);
          return () => listeners.splice(0);
        },
      });
      return { name, contents, listeners };
    });
    for (const { name, contents } of stations) {
      const event = { sender: contents, senderFrame: { url: 'app://tram/', parent: null } };
      const invoke = ipcHandlers.get('tram:invoke')!;
      expect(await invoke(event as never, 'station.status' as never, {} as never)).toEqual(ok(name));
    }
    const [first, second] = stations;
    first!.listeners[0]!(null, { event: 'changed' } as never);
    expect(first!.contents.sent).toHaveLength(1);
    expect(second!.contents.sent).toHaveLength(0);
    second!.contents.emit('destroyed');
    expect(second!.listeners).toHaveLength(0);
  });
});
