// The browser shell's start: one host, one core, one window; ends when its last window is closed.
// Usage: node out/browser.mjs [--training] [--data DIR] [--no-open] [--alone]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startCore } from '../core-client.ts';
import { type Log, openLog } from '../log.ts';
import { coreWorkerFile, dataFolder, type Mode, pageFolder, trainingProvinceFile } from '../places.ts';
import { findBrowser, hasDisplay, openWindow } from '../system-browser.ts';
import { openTrainingPlace, type TrainingPlace } from '../training-place.ts';
import { appVersion } from '../version.ts';
import { type Host, startHost } from './host.ts';
import { announce, newSecret, windowOfRunningHost, withdraw } from './single.ts';

/** A closed window may be a reload or a second one opening: wait this long before ending. */
const lingerMs = 5_000;

const { values: options } = parseArgs({
  options: {
    training: { type: 'boolean', default: false },
    data: { type: 'string' },
    'no-open': { type: 'boolean', default: false },
    // training without its province and second station
    alone: { type: 'boolean', default: false },
  },
});
const mode: Mode = options.training ? 'training' : 'real';
const dataDir = options.data ?? dataFolder(mode);
const profileDir = join(dataDir, 'browser-profile');
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

await main();

async function main(): Promise<void> {
  const running = await windowOfRunningHost(dataDir);
  if (running) {
    say('Trạm đang chạy: mở thêm một cửa sổ.');
    show(running);
    return;
  }
  await serve();
}

async function serve(): Promise<void> {
  const log = openLog(dataDir);
  const training = mode === 'training' && !options.alone ? trainingPlace(log) : null;
  const core = startCore({
    dataDir,
    mode,
    appVersion: appVersion(),
    workerFile: coreWorkerFile(),
    onPreparing: () => {
      say('Đang chuẩn bị trung tâm tập huấn (chỉ lần đầu, dưới một phút)…');
      void core.ready.then((made) => made && say('Trung tâm tập huấn đã sẵn sàng.'));
    },
    ...(training && { training: training.shell }),
    log,
  });
  const instanceSecret = newSecret();
  const host = await startHost({ core, pageFolder: pageFolder(), log, instanceSecret });
  announce(dataDir, { port: host.port, pid: process.pid, secret: instanceSecret });

  let ending = false;
  const end = async (exitCode: number): Promise<void> => {
    if (ending) return;
    ending = true;
    withdraw(dataDir, instanceSecret);
    await host.close();
    await Promise.all([core.close(), training?.close()]);
    process.exit(exitCode);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));
  process.on('unhandledRejection', (bug) => {
    log('error', 'unhandled rejection', bug);
    void end(1);
  });

  const window = show(host.address());
  if (window) endWithLastWindow(host, window.closed, () => void end(0));
}

/** The second station is one more host, whose pages a browser keeps apart by their port. */
function trainingPlace(log: Log): TrainingPlace {
  return openTrainingPlace({
    dataDir,
    appVersion: appVersion(),
    coreWorkerFile: coreWorkerFile(),
    provinceFile: trainingProvinceFile(),
    async openSecond(core) {
      const host = await startHost({ core, pageFolder: pageFolder(), log, instanceSecret: newSecret() });
      return {
        // by this program, because a host turns away what another page, even of this PC, wants to open
        address: () => (show(host.address()) ? '' : host.address()),
        close: () => host.close(),
      };
    },
    log,
  });
}

/** Opens a window on the address, or prints it where there is no screen or no browser. */
function show(address: string): { closed: Promise<void> } | null {
  const browser = findBrowser();
  if (options['no-open'] || !hasDisplay() || !browser) {
    if (!options['no-open'])
      say(
        hasDisplay()
          ? 'Không tìm thấy Chromium, Chrome hay Edge. Hãy cài một trong ba, hoặc mở địa chỉ dưới đây.'
          : 'Máy này không có màn hình: mở địa chỉ dưới đây bằng trình duyệt trên chính máy này (dùng được một lần).',
      );
    say(`Trạm: ${address}`);
    return null;
  }
  const child = openWindow(browser, address, profileDir);
  const closed = new Promise<void>((resolve) => {
    child.on('error', () => {
      say(`Không mở được ${browser}.`);
      say(`Trạm: ${address}`);
    });
    child.on('exit', () => resolve());
  });
  say(`Trạm đang chạy trong ${browser}. Đóng cửa sổ để kết thúc.`);
  return { closed };
}

/** The browser's process ends with its last window; other pages (opened by hand) keep the host alive. */
function endWithLastWindow(host: Host, windowClosed: Promise<void>, end: () => void): void {
  let seen = host.pages.count() > 0;
  let windowGone = false;
  let timer: NodeJS.Timeout | undefined;
  const consider = (): void => {
    clearTimeout(timer);
    if (windowGone && host.pages.count() === 0) timer = setTimeout(end, lingerMs);
  };
  host.pages.onCount((open) => {
    seen ||= open > 0;
    consider();
  });
  void windowClosed.then(() => {
    windowGone = true;
    if (seen) consider();
    else say(`Cửa sổ đã đóng trước khi trang mở xong. Trạm: ${host.address()}`);
  });
}
