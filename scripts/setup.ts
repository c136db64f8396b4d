// Gets what `npm ci` can't bring: a browser (and for tests a virtual screen), and Electron's own program
// if it can be had. On Debian as root it installs; elsewhere it names the one line to type.
// Usage: node scripts/setup.ts --for run|test
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { findBrowser } from '../electron/shells/system-browser.ts';
import { electronBinary, electronPackage, electronVersion } from './electron-binary.ts';

const root = join(import.meta.dirname, '..');
/** One try at Electron may not hold up a first start for longer. */
const electronDeadlineMs = 20_000;
/** After a failed try the next starts don't wait again; a new try after this long, or with a mirror set. */
const retryAfterMs = 7 * 86_400_000;
const triedFile = join(root, 'node_modules', '.cache', 'electron-tried.json');

interface Need {
  readonly what: string;
  readonly packages: readonly string[];
  readonly for: readonly ('run' | 'test')[];
  present(): boolean;
}

const onPath = (name: string): boolean =>
  (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, name)));

const needs: readonly Need[] = [
  {
    what: 'trình duyệt',
    packages: ['chromium'],
    for: ['run', 'test'],
    present: () => findBrowser() !== null,
  },
  {
    what: 'màn hình ảo',
    packages: ['xvfb', 'xauth'],
    for: ['test'],
    present: () => onPath('Xvfb') && onPath('xauth'),
  },
];

const { values } = parseArgs({ options: { for: { type: 'string', default: 'run' } } });
const purpose = values.for === 'test' ? 'test' : 'run';
installMissing();
tryElectron();

function installMissing(): void {
  const missing = needs.filter((need) => need.for.includes(purpose) && !need.present());
  // A virtual screen is a matter of Linux; Windows and macOS have a real one.
  const wanted =
    process.platform === 'linux' ? missing : missing.filter(({ what }) => what === 'trình duyệt');
  if (wanted.length === 0) return;
  const packages = wanted.flatMap((need) => need.packages);
  const names = wanted.map((need) => need.what).join(', ');
  const line = installLine(packages);
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) {
    console.log(`Còn thiếu ${names}. Hãy chạy: ${line}`);
    return;
  }
  console.log(`Cài ${names} (${packages.join(' ')})…`);
  if (!apt(['update', '-qq']) || !apt(['install', '-y', '-qq', '--no-install-recommends', ...packages]))
    console.log(`Không cài được. Hãy chạy: ${line}`);
}

function installLine(packages: readonly string[]): string {
  if (process.platform === 'win32') return 'winget install --id Microsoft.Edge';
  if (process.platform === 'darwin') return 'brew install --cask chromium';
  if (existsSync('/usr/bin/apt-get')) return `sudo apt-get install -y ${packages.join(' ')}`;
  if (existsSync('/usr/bin/dnf')) return 'sudo dnf install -y chromium xorg-x11-server-Xvfb xauth';
  return `cài các gói ${packages.join(', ')} bằng trình quản lý gói của máy`;
}

function apt(args: readonly string[]): boolean {
  const { status } = spawnSync('apt-get', args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 600_000,
  });
  return status === 0;
}

/** One try with Electron's own installer; it checks what it gets against the checksums in its package. */
function tryElectron(): void {
  if (electronBinary() || process.env.ELECTRON_SKIP_BINARY_DOWNLOAD) return;
  if (triedLately()) return;
  console.log('Thử tải Electron một lần (tối đa 20 giây)…');
  const { status } = spawnSync(process.execPath, [join(electronPackage, 'install.js')], {
    stdio: 'ignore',
    timeout: electronDeadlineMs,
    killSignal: 'SIGKILL',
  });
  if (status === 0 && electronBinary()) {
    rmSync(triedFile, { force: true });
    console.log('Đã có Electron.');
    return;
  }
  mkdirSync(dirname(triedFile), { recursive: true });
  writeFileSync(triedFile, JSON.stringify({ version: electronVersion(), source: source(), at: Date.now() }));
  console.log('Chưa tải được Electron: dùng trình duyệt thay thế (cách khác: docs/operations/install.md).');
}

function triedLately(): boolean {
  try {
    const tried = JSON.parse(readFileSync(triedFile, 'utf8'));
    return (
      tried.version === electronVersion() && tried.source === source() && Date.now() - tried.at < retryAfterMs
    );
  } catch {
    return false;
  }
}

/** A try counts for the place it was made against. */
function source(): string {
  return process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'default';
}
