// Stands in for the `electron` module (aliased in vitest.config.ts): it records what the desktop program
// sets up and lets a test play the browser engine's part. Only what we use exists, so an unknown call fails.
import { EventEmitter } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Handler = (...args: never[]) => unknown;

export const calls: string[] = [];
export const windows: BrowserWindow[] = [];
export const trays: Tray[] = [];
export const menus: { label?: string; click?: (item: { checked: boolean }) => void; checked?: boolean }[][] =
  [];
export const exposed = new Map<string, Record<string, Handler>>();
export const ipcHandlers = new Map<string, Handler>();
export const schemes: unknown[] = [];
/** How printing goes. */
export const printing = { until: null as Promise<void> | null, fontsLoad: true };
export const keyring = { available: true, backend: 'gnome_libsecret', broken: false };

class Frame {
  parent: Frame | null = null;
  url: string;
  constructor(url: string) {
    this.url = url;
  }
}

export class WebContents extends EventEmitter {
  openHandler: (() => { action: string }) | null = null;
  sent: [string, unknown][] = [];
  reloads = 0;
  mainFrame = new Frame('app://tram/');
  setWindowOpenHandler(handler: () => { action: string }): void {
    this.openHandler = handler;
  }
  send(channel: string, message: unknown): void {
    this.sent.push([channel, message]);
  }
  reload(): void {
    this.reloads++;
  }
  printed: unknown[] = [];
  asked: [method: string, params: unknown][] = [];
  debugger = {
    attached: false,
    attach: (): void => {
      this.debugger.attached = true;
    },
    sendCommand: async (method: string, params: unknown): Promise<unknown> => {
      if (!this.debugger.attached) throw new Error('not attached');
      this.asked.push([method, params]);
      if (method === 'Page.getFrameTree') return { frameTree: { frame: { id: 'main' } } };
      return method === 'Runtime.evaluate' ? { result: { value: printing.fontsLoad } } : {};
    },
  };
  async printToPDF(options: unknown): Promise<Buffer> {
    this.printed.push(options);
    await printing.until;
    return Buffer.from('%PDF');
  }
  getURL(): string {
    return this.mainFrame.url;
  }
  isDestroyed(): boolean {
    return false;
  }
}

export class BrowserWindow extends EventEmitter {
  webContents = new WebContents();
  loaded: string[] = [];
  visible = false;
  destroyed = false;
  options: Record<string, unknown> & { webPreferences: Record<string, unknown> };
  constructor(options: BrowserWindow['options']) {
    super();
    this.options = options;
    windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  setMenu(): void {}
  async loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    this.emit('ready-to-show');
  }
  show(): void {
    this.visible = true;
  }
  hide(): void {
    this.visible = false;
  }
  focus(): void {}
  restore(): void {}
  isMinimized(): boolean {
    return false;
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  destroy(): void {
    this.destroyed = true;
  }
}

class App extends EventEmitter {
  isPackaged = true;
  isFirst = true;
  exitCode: number | null = null;
  readonly paths: Record<string, string> = {};
  loginItem: Record<string, unknown> = { openAtLogin: false };
  readonly ready = Promise.withResolvers<void>();
  enableSandbox(): void {
    calls.push('enableSandbox');
  }
  setPath(name: string, path: string): void {
    calls.push('setPath');
    this.paths[name] = path;
  }
  getPath(name: string): string {
    return this.paths[name] ?? join(tmpdir(), name);
  }
  requestSingleInstanceLock(): boolean {
    calls.push('requestSingleInstanceLock');
    return this.isFirst;
  }
  whenReady(): Promise<void> {
    calls.push('whenReady');
    return this.ready.promise;
  }
  quit(): void {
    calls.push('quit');
  }
  exit(code: number): void {
    this.exitCode = code;
  }
  getLoginItemSettings(): Record<string, unknown> {
    return this.loginItem;
  }
  setLoginItemSettings(settings: Record<string, unknown>): void {
    this.loginItem = settings;
  }
}
export const app = new App();

class Session extends EventEmitter {
  protocolHandlers = new Map<string, (request: Request) => Promise<Response>>();
  protocol = {
    handle: (scheme: string, handler: (request: Request) => Promise<Response>): void => {
      calls.push('protocol.handle');
      this.protocolHandlers.set(scheme, handler);
    },
  };
  permissionRequest: Handler | null = null;
  permissionCheck: Handler | null = null;
  devicePermission: Handler | null = null;
  displayMedia: Handler | null = null;
  beforeRequest: ((details: { url: string }, answer: (answer: { cancel: boolean }) => void) => void) | null =
    null;
  spellChecker = true;
  setPermissionRequestHandler(handler: Handler): void {
    this.permissionRequest = handler;
  }
  setPermissionCheckHandler(handler: Handler): void {
    this.permissionCheck = handler;
  }
  setDevicePermissionHandler(handler: Handler): void {
    this.devicePermission = handler;
  }
  setDisplayMediaRequestHandler(handler: Handler): void {
    this.displayMedia = handler;
  }
  setSpellCheckerEnabled(on: boolean): void {
    this.spellChecker = on;
  }
  webRequest = {
    onBeforeRequest: (handler: NonNullable<Session['beforeRequest']>): void => {
      this.beforeRequest = handler;
    },
  };
}
export const session = {
  defaultSession: new Session(),
  partitions: new Map<string, Session>(),
  fromPartition(name: string): Session {
    const found = this.partitions.get(name) ?? new Session();
    this.partitions.set(name, found);
    return found;
  },
};

export const protocol = {
  registerSchemesAsPrivileged(list: unknown[]): void {
    calls.push('registerSchemesAsPrivileged');
    schemes.push(...list);
  },
};

export const ipcMain = {
  handle(channel: string, handler: Handler): void {
    ipcHandlers.set(channel, handler);
  },
};

export const ipcRenderer = Object.assign(new EventEmitter(), {
  invoked: [] as unknown[][],
  async invoke(...args: unknown[]): Promise<unknown> {
    this.invoked.push(args);
    return { ok: true, value: null };
  },
});

export const contextBridge = {
  exposeInMainWorld(key: string, api: Record<string, Handler>): void {
    exposed.set(key, api);
  },
};

export const Menu = {
  buildFromTemplate(template: (typeof menus)[number]): unknown {
    menus.push(template);
    return template;
  },
};

export class Tray extends EventEmitter {
  static refused = false;
  toolTip = '';
  constructor(_icon: string) {
    super();
    if (Tray.refused) throw new Error('no tray on this desktop');
    trays.push(this);
  }
  setToolTip(text: string): void {
    this.toolTip = text;
  }
  setContextMenu(): void {}
}

export const dialog = {
  errors: [] as string[],
  showErrorBox(_title: string, text: string): void {
    this.errors.push(text);
  },
};

/** A helper process that a test speaks for. */
class UtilityProcess extends EventEmitter {
  pid: number | undefined = undefined;
  readonly posted: unknown[] = [];
  postMessage(message: unknown): void {
    this.posted.push(message);
  }
}
export const utilityProcess = {
  forked: [] as { file: string; options: Record<string, unknown>; child: UtilityProcess }[],
  fork(file: string, _args: string[], options: Record<string, unknown>): UtilityProcess {
    const child = new UtilityProcess();
    this.forked.push({ file, options, child });
    return child;
  },
};

export const powerMonitor = new EventEmitter();

/** Reverses the bytes: enough to see that what is on disk is not what was given. */
export const safeStorage = {
  async isAsyncEncryptionAvailable(): Promise<boolean> {
    return keyring.available;
  },
  getSelectedStorageBackend(): string {
    return keyring.backend;
  },
  async encryptStringAsync(text: string): Promise<Buffer> {
    return Buffer.from(text).reverse();
  },
  async decryptStringAsync(sealed: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> {
    if (keyring.broken) throw new Error('the keyring is another one');
    return { result: Buffer.from(sealed).reverse().toString(), shouldReEncrypt: false };
  },
};

export { Frame };
