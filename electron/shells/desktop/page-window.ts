// The one window. A page that crashes is loaded again once; drafts are in the core, so nothing typed is lost.
import { BrowserWindow, dialog } from 'electron';
import type { Log } from '../log.ts';
import { pageAddress } from './scheme.ts';
import { words } from './words.ts';

/** A second crash within this time is not answered by another reload. */
const crashWindowMs = 60_000;

export interface PageWindowOptions {
  readonly preloadFile: string;
  readonly iconFile: string;
  readonly inspector: boolean;
  readonly log: Log;
}

export function createPageWindow({
  preloadFile,
  iconFile,
  inspector,
  log,
}: PageWindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    width: 1366,
    height: 768,
    minWidth: 1024,
    minHeight: 640,
    show: false,
    title: words.title,
    icon: iconFile,
    backgroundColor: '#ffffff',
    webPreferences: {
      preload: preloadFile,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: inspector,
    },
  });
  window.setMenu(null);
  reloadOnceAfterCrash(window, log);
  return window;
}

export async function loadPage(window: BrowserWindow, { hidden }: { hidden: boolean }): Promise<void> {
  if (!hidden) window.once('ready-to-show', () => window.show());
  await window.loadURL(pageAddress);
}

function reloadOnceAfterCrash(window: BrowserWindow, log: Log): void {
  let lastCrash = Number.NEGATIVE_INFINITY;
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    log('error', 'the page process is gone', { reason, exitCode });
    const again = Date.now() - lastCrash < crashWindowMs;
    lastCrash = Date.now();
    if (again) dialog.showErrorBox(words.title, words.pageKeepsCrashing);
    else window.webContents.reload();
  });
}
