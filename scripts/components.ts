// What `npm ci` can't bring and the operating system must: one list, used to install, to advise and to check.
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findBrowser } from '../electron/shells/system-browser.ts';

export type Purpose = 'run' | 'test';

export interface Component {
  readonly what: string;
  /** Debian's name. */
  readonly package: string;
  readonly for: readonly Purpose[];
  readonly present: () => boolean;
}

/**
 * Missing on this PC. A virtual screen, a serial line, a USB device and a card reader in software are matters of Linux
 * tests.
 */
export const missingFor = (purpose: Purpose): readonly Component[] =>
  components.filter(
    (component) =>
      component.for.includes(purpose) &&
      (process.platform === 'linux' || component.package === 'chromium') &&
      !component.present(),
  );

const onPath = (name: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));

const components: readonly Component[] = [
  {
    what: 'trình duyệt (Chromium, Chrome hoặc Edge)',
    package: 'chromium',
    for: ['run', 'test'],
    present: () => findBrowser() !== null,
  },
  { what: 'màn hình ảo', package: 'xvfb', for: ['test'], present: () => onPath('Xvfb') },
  { what: 'cổng nối tiếp ảo', package: 'socat', for: ['test'], present: () => onPath('socat') },
  { what: 'trình biên dịch C', package: 'gcc', for: ['test'], present: () => onPath('gcc') },
  { what: 'thư viện C để biên dịch', package: 'libc6-dev', for: ['test'], present: hasCHeaders },
  {
    what: 'thiết bị USB ảo',
    package: 'umockdev',
    for: ['test'],
    present: () => onPath('umockdev-run'),
  },
  { what: 'PostgreSQL', package: 'postgresql', for: ['test'], present: hasPostgres },
  {
    what: 'USB ký số ảo (SoftHSM)',
    package: 'softhsm2',
    for: ['test'],
    present: () => onPath('softhsm2-util') && existsSync('/usr/lib/softhsm/libsofthsm2.so'),
  },
  {
    what: 'OpenSC',
    package: 'opensc',
    for: ['test'],
    present: () => onPath('pkcs11-tool') && existsSync('/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so'),
  },
  {
    what: 'dịch vụ đọc thẻ PC/SC',
    package: 'pcscd',
    for: ['test'],
    present: () => onPath('pcscd') || existsSync('/usr/sbin/pcscd'),
  },
  {
    what: 'đầu đọc thẻ ảo',
    package: 'vsmartcard-vpcd',
    for: ['test'],
    present: () => existsSync('/usr/lib/pcsc/drivers/serial/libifdvpcd.so'),
  },
  { what: 'OpenSSL', package: 'openssl', for: ['test'], present: () => onPath('openssl') },
  { what: 'qpdf', package: 'qpdf', for: ['test'], present: () => onPath('qpdf') },
  { what: 'xmlsec1', package: 'xmlsec1', for: ['test'], present: () => onPath('xmlsec1') },
  {
    what: 'công cụ PDF (pdfsig, pdftotext)',
    package: 'poppler-utils',
    for: ['test'],
    present: () => onPath('pdfsig') && onPath('pdftotext'),
  },
  // the server's program is not on everybody's path
  {
    what: 'hệ thống in CUPS',
    package: 'cups-daemon',
    for: ['test'],
    present: () => existsSync('/usr/sbin/cupsd'),
  },
  { what: 'GnuTLS (certtool)', package: 'gnutls-bin', for: ['test'], present: () => onPath('certtool') },
  { what: 'kho chứng thư NSS', package: 'libnss3-tools', for: ['test'], present: () => onPath('pk12util') },
  { what: 'lệnh in của CUPS', package: 'cups-client', for: ['test'], present: () => onPath('lp') },
];

/** The one line to type for them, with what this system installs programs by. */
export function installLine(packages: readonly string[]): string {
  if (process.platform === 'win32') return 'winget install --id Microsoft.Edge';
  if (process.platform === 'darwin') return 'brew install --cask chromium';
  if (existsSync('/usr/bin/apt-get')) return `sudo apt-get install -y ${packages.join(' ')}`;
  if (existsSync('/usr/bin/dnf'))
    return `sudo dnf install -y ${packages.join(' ').replace('xvfb', 'xorg-x11-server-Xvfb')}`;
  return `cài ${packages.join(', ')} bằng trình quản lý gói của máy`;
}

/** Debian's package; other systems bring them with the compiler. */
function hasCHeaders(): boolean {
  return existsSync('/usr/include/stdio.h');
}

/** Where Debian keeps the server's programs, one folder for each version. */
function hasPostgres(): boolean {
  const home = '/usr/lib/postgresql';
  return (
    existsSync(home) && readdirSync(home).some((version) => existsSync(join(home, version, 'bin', 'initdb')))
  );
}
