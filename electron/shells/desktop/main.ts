// The desktop program: the only part of Trạm that knows Electron. Thin on purpose: it opens a window
// on the page, carries its calls to the core's thread, and keeps the page from everything else.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, type BrowserWindow, powerMonitor, session } from 'electron';
import { type CoreClient, startCore } from '../core-client.ts';
import { openLog } from '../log.ts';
import {
  coreWorkerFile,
  dataFolder,
  fingerprintHelperFile,
  type Mode,
  pageFolder,
  programRoot,
  tokenHelperFile,
  trainingProvinceFile,
} from '../places.ts';
import { openTrainingPlace, type SecondStation } from '../training-place.ts';
import { appVersion } from '../version.ts';
import { autoStartOf, hiddenArgument } from './auto-start.ts';
import { openPageBridge } from './bridge.ts';
import { openKeyStore } from './key-store.ts';
import { createPageWindow, loadPage } from './page-window.ts';
import { openWindowPress } from './press.ts';
import { registerScheme, servePage } from './scheme.ts';
import { createTray } from './tray.ts';
import { utilityHelper } from './utility-helper.ts';
import { wallEveryPage, wallSession } from './walls.ts';
import { words } from './words.ts';

const mode: Mode = process.argv.includes('--training') ? 'training' : 'real';
const dataDir = dataFolder(mode);
const root = programRoot();
const iconFile = join(root, 'resources', 'icons', 'tram.png');
const inspector = !app.isPackaged;
const log = openLog(dataDir);

// Before ready: both are refused later.
app.enableSandbox();
registerScheme();
// Electron's own files, and with them the single-instance lock, belong to this data folder.
mkdirSync(dataDir, { recursive: true, mode: 0o700 });
app.setPath('userData', join(dataDir, 'desktop'));
process.on('unhandledRejection', (bug) => {
  log('error', 'unhandled rejection', bug);
  app.exit(1);
});

if (app.requestSingleInstanceLock()) void app.whenReady().then(run);
else app.quit();

async function run(): Promise<void> {
  wallEveryPage(app, log);
  wallSession(session.defaultSession, { inspector });
  servePage(session.defaultSession, pageFolder(root));

  const bridge = openPageBridge(log);
  const newWindow = (): BrowserWindow =>
    createPageWindow({ preloadFile: join(root, 'out', 'preload.cjs'), iconFile, inspector, log });
  const drawSheet = openWindowPress(log);
  const training =
    mode === 'training'
      ? openTrainingPlace({
          dataDir,
          appVersion: appVersion(root),
          coreWorkerFile: coreWorkerFile(root),
          provinceFile: trainingProvinceFile(root),
          openSecond,
          log,
        })
      : null;
  const core = startCore({
    dataDir,
    mode,
    appVersion: appVersion(root),
    workerFile: coreWorkerFile(root),
    keyStore: openKeyStore(),
    startHelpers: {
      reader: utilityHelper(fingerprintHelperFile(root), 'Tram fingerprint reader'),
      token: utilityHelper(tokenHelperFile(root), 'Tram tokens'),
    },
    drawSheet,
    ...(training && { training: training.shell }),
    log,
  });
  const window = newWindow();
  bridge.add(window.webContents, core);

  let quitting = false;
  const quit = (): void => {
    if (quitting) return;
    quitting = true;
    void Promise.all([core.close(), training?.close()]).finally(() => app.exit(0));
  };
  const tray = createTray({
    iconFile,
    title: mode === 'training' ? words.trainingTitle : words.title,
    autoStart: autoStartOf(app),
    open: () => bringUp(window),
    quit,
  });

  app.on('second-instance', () => bringUp(window));
  app.on('activate', () => bringUp(window));
  app.on('before-quit', (event) => {
    event.preventDefault();
    quit();
  });
  // Closing hides: backups go on. Whoever was logged in is locked out of the window, not thrown out of their work.
  window.on('close', (event) => {
    if (quitting) return;
    event.preventDefault();
    void bridge.lockAll();
    if (tray) window.hide();
    else quit();
  });
  powerMonitor.on('lock-screen', () => void bridge.lockAll());
  powerMonitor.on('suspend', () => void bridge.lockAll());

  await loadPage(window, { hidden: process.argv.includes(hiddenArgument) && tray !== null });

  /** A window of its own; closing it switches the second station off, as one would a PC. */
  async function openSecond(second: CoreClient, switchedOff: () => void): Promise<SecondStation> {
    const its = newWindow();
    bridge.add(its.webContents, second);
    its.once('closed', switchedOff);
    await loadPage(its, { hidden: false });
    return {
      address() {
        bringUp(its);
        return '';
      },
      async close() {
        if (!its.isDestroyed()) its.destroy();
      },
    };
  }
}

function bringUp(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
