// Papers drawn by Electron's own engine, in a window nobody sees: a session in memory that is given the sheet and nothing
// else, no script of the sheet's own, gone when the sheet is done. A window that dies or dawdles costs that sheet only.
import { BrowserWindow, type Session, session } from 'electron';
import { loadFonts, type Sheet } from '../../core/press.ts';
import type { Log } from '../log.ts';

export type DrawSheet = (sheet: Pick<Sheet, 'html' | 'paper' | 'landscape'>) => Promise<Uint8Array | null>;

const address = 'app://sheet/';
/** A session whose name has no `persist:` before it is kept in memory only. */
const partition = 'tram-print';

/** After the program is ready only. One sheet at a time. */
export function openWindowPress(log: Log, deadlineMs = 60_000): DrawSheet {
  const printing = session.fromPartition(partition);
  let html = '';
  wall(printing, () => html);
  let last: Promise<unknown> = Promise.resolve();

  return (sheet) => {
    const mine = last.then(() => drawNow(sheet));
    last = mine;
    return mine;
  };

  async function drawNow(sheet: Parameters<DrawSheet>[0]): Promise<Uint8Array | null> {
    html = sheet.html;
    const window = hiddenWindow(printing);
    const lost = Promise.withResolvers<never>();
    const timer = setTimeout(() => lost.reject(new Error('took too long')), deadlineMs);
    window.webContents.once('render-process-gone', (_event, { reason }) => lost.reject(new Error(reason)));
    try {
      return await Promise.race([drawIn(window), lost.promise]);
    } catch (fault) {
      log('error', 'a sheet could not be drawn', {
        fault: fault instanceof Error ? fault.message : 'unknown',
      });
      return null;
    } finally {
      clearTimeout(timer);
      html = '';
      if (!window.isDestroyed()) window.destroy();
    }
  }
}

async function drawIn(window: BrowserWindow): Promise<Uint8Array> {
  await window.loadURL(address);
  // in a world of its own: the sheet's policy lets no script run in the page's
  const loaded: unknown = await window.webContents.executeJavaScriptInIsolatedWorld(1, [{ code: loadFonts }]);
  if (loaded !== true) throw new Error('its fonts could not be loaded');
  return window.webContents.printToPDF({
    // sizes, margins and what stands in them come from the sheet's own rules
    preferCSSPageSize: true,
    printBackground: true,
    displayHeaderFooter: false,
    generateTaggedPDF: true,
  });
}

function hiddenWindow(printing: Session): BrowserWindow {
  return new BrowserWindow({
    show: false,
    webPreferences: {
      session: printing,
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

function wall(printing: Session, sheet: () => string): void {
  printing.protocol.handle('app', () => new Response(sheet(), { headers: { 'Content-Type': 'text/html' } }));
  printing.webRequest.onBeforeRequest(({ url }, answer) =>
    answer({ cancel: url !== address && !url.startsWith('data:') }),
  );
  printing.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  printing.setPermissionCheckHandler(() => false);
  printing.setDevicePermissionHandler(() => false);
}
