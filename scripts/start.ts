// `npm start`: the desktop program where Electron is there and can show a window, else the browser shell.
// Says which and why. Arguments go through to the shell: --training, --data DIR, --no-open.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasDisplay } from '../electron/shells/system-browser.ts';
import { electronBinary } from './electron-binary.ts';

const out = join(import.meta.dirname, '..', 'out');
const shells = ['desktop', 'browser'] as const;

const { shell, why, command } = choose();
if (!existsSync(join(out, `${shell}.mjs`))) {
  console.error('Chưa có bản dựng: chạy `npm run build` trước.');
  process.exit(1);
}
console.log(
  `Trạm mở bằng ${shell === 'desktop' ? 'chương trình máy bàn (Electron)' : 'trình duyệt'}: ${why}`,
);

const child = spawn(command, [join(out, `${shell}.mjs`), ...process.argv.slice(2)], { stdio: 'inherit' });
// Ctrl+C reaches the child by itself; this program waits for it to close its store.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (signal !== 'SIGINT') child.kill(signal);
  });
child.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  process.exitCode = signal ? 130 : (code ?? 1);
});

function choose(): { shell: (typeof shells)[number]; why: string; command: string } {
  const browser = (why: string) => ({ shell: 'browser' as const, why, command: process.execPath });
  const binary = electronBinary();
  if (process.argv.includes('--no-open')) return browser('chỉ phục vụ, không mở cửa sổ (--no-open).');
  if (!binary) return browser('máy này chưa có Electron (xem docs/operations/install.md).');
  if (!hasDisplay()) return browser('máy này không có màn hình.');
  if (process.getuid?.() === 0) return browser('Electron không chạy an toàn dưới quyền root.');
  return { shell: 'desktop', why: 'tìm thấy Electron.', command: binary };
}
