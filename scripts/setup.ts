// Gets what `npm ci` can't bring: a browser (for tests also a virtual screen and a serial line), and Electron's own
// program if it can be had. On Debian as root it installs; elsewhere it names the one line to type.
// Usage: node scripts/setup.ts --for run|test
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { installLine, missingFor } from './components.ts';
import { electronBinary, electronPackage, electronVersion } from './electron-binary.ts';

const root = join(import.meta.dirname, '..');
/** One try at Electron may not hold up a first start for longer. */
const electronDeadlineMs = 20_000;
/** After a failed try the next starts don't wait again; a new try after this long, or with a mirror set. */
const retryAfterMs = 7 * 86_400_000;
const triedFile = join(root, 'node_modules', '.cache', 'electron-tried.json');

const { values } = parseArgs({ options: { for: { type: 'string', default: 'run' } } });
const purpose = values.for === 'test' ? 'test' : 'run';
installMissing();
tryElectron();

function installMissing(): void {
  const missing = missingFor(purpose);
  if (missing.length === 0) return;
  const packages = missing.map((component) => component.package);
  const names = missing.map((component) => component.what).join(', ');
  const line = installLine(packages);
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) {
    console.log(`Còn thiếu ${names}. Hãy chạy: ${line}`);
    return;
  }
  console.log(`Cài ${names} (${packages.join(' ')})…`);
  if (!apt(['update', '-qq']) || !apt(['install', '-y', '-qq', '--no-install-recommends', ...packages]))
    console.log(`Không cài được. Hãy chạy: ${line}`);
}

function apt(args: readonly string[]): boolean {
  // A PC without a network is told so within a minute, not after apt's own patience.
  const patience = [
    '-o',
    'Acquire::http::Timeout=20',
    '-o',
    'Acquire::https::Timeout=20',
    '-o',
    'Acquire::Retries=1',
  ];
  const { status } = spawnSync('apt-get', [...patience, ...args], {
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
  rememberTry();
  console.log('Chưa tải được Electron: dùng trình duyệt thay thế (cách khác: docs/operations/install.md).');
}

/** In a folder of someone else's the next start tries again: slower, not wrong. */
function rememberTry(): void {
  try {
    mkdirSync(dirname(triedFile), { recursive: true });
    writeFileSync(
      triedFile,
      JSON.stringify({ version: electronVersion(), source: source(), at: Date.now() }),
    );
  } catch {}
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
