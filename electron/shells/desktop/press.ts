// Papers drawn by Electron's own engine, in a window nobody sees: an empty page in a session in memory that reaches
// nothing, into which the sheet is put by the engine's own protocol; gone when the sheet is done. A window that dies or
// dawdles costs that sheet only.
import { BrowserWindow, type Session, session } from 'electron';
import { prepareSheet, printing, type Sheet } from '../../core/press.ts';
import type { Log } from '../log.ts';

export type DrawSheet = (sheet: Pick<Sheet, 'html' | 'paper' | 'landscape'>) => Promise<Uint8Array | null>;

/** A session whose name has no `persist:` before it is kept in memory only. */
const partition = 'tram-print';

/** After the program is ready only. One sheet at a time. */
export function openWindowPress(log: Log, deadlineMs = 60_000): DrawSheet {
  const apart = session.fromPartition(partition);
  wall(apart);
  let last: Promise<unknown> = Promise.resolve();

  return (sheet) => {
    const mine = last.then(() => drawNow(sheet));
    last = mine;
    return mine;
  };

  async function drawNow(sheet: Parameters<DrawSheet>[0]): Promise<Uint8Array | null> {
    const window = hiddenWindow(apart);
    const lost = Promise.withResolvers<never>();
    const timer = setTimeout(() => lost.reject(new Error('took too long')), deadlineMs);
    window.webContents.once('render-process-gone', (_event, { reason }) => lost.reject(new Error(reason)));
    try {
      return await Promise.race([drawIn(window, sheet.html), lost.promise]);
    } catch (fault) {
      log('error', 'a sheet could not be drawn', {
        fault: fault instanceof Error ? fault.message : 'unknown',
      });
      return null;
    } finally {
      clearTimeout(timer);
      if (!window.isDestroyed()) window.destroy();
    }
  }
}

async function drawIn(window: BrowserWindow, html: string): Promise<Uint8Array> {
  await window.loadURL('about:blank');
  const { debugger: engine } = window.webContents;
  engine.attach();
  await prepareSheet((method, params) => engine.sendCommand(method, params), html);
  return window.webContents.printToPDF(printing);
}

function hiddenWindow(apart: Session): BrowserWindow {
  return new BrowserWindow({
    show: false,
    webPreferences: {
      session: apart,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      devTools: false,
      // nobody sees it, so it would be slowed down
      backgroundThrottling: false,
    },
  });
}

function wall(apart: Session): void {
  apart.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !url.startsWith('data:') }));
  apart.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  apart.setPermissionCheckHandler(() => false);
  apart.setDevicePermissionHandler(() => false);
}
