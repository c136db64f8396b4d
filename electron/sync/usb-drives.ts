// Memory sticks now plugged in, as folders a person can choose. A system that does not tell has none: the folder can
// always be typed.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

export async function pluggedInDrives(): Promise<string[]> {
  try {
    if (process.platform === 'win32') return drivesFromWindows(await askWindows());
    return drivesFromMounts(await readFile('/proc/self/mounts', 'utf8'));
  } catch {
    return [];
  }
}

/** Where desktops and people mount sticks on Linux. */
const stickFolders = /^\/(?:media|run\/media|mnt)(?:\/|$)/;

/** From `/proc/self/mounts`: device, folder, file system, options…; blanks in names are octal. */
export function drivesFromMounts(mounts: string): string[] {
  const folders = mounts.split('\n').flatMap((line) => {
    const [, folder, , options] = line.split(' ');
    if (!folder || !stickFolders.test(folder)) return [];
    return options?.split(',').includes('ro') ? [] : [unescaped(folder)];
  });
  return [...new Set(folders)].sort();
}

/** The kernel writes blanks, and some systems every byte beyond ASCII, as `\040`; names are UTF-8. */
const unescaped = (folder: string): string =>
  folder.replaceAll(/(?:\\[0-7]{3})+/g, (octals) =>
    Buffer.from(
      octals
        .slice(1)
        .split('\\')
        .map((octal) => Number.parseInt(octal, 8)),
    ).toString('utf8'),
  );

/** One drive letter with colon per line, as `askWindows` gets them. */
export function drivesFromWindows(output: string): string[] {
  const letters = output.split(/\r?\n/).map((line) => line.trim());
  return letters.filter((letter) => /^[A-Z]:$/i.test(letter)).map((letter) => `${letter.toUpperCase()}\\`);
}

/** DriveType 2 is "removable" (Win32_LogicalDisk). Takes a second at first; given up after eight. */
function askWindows(): Promise<string> {
  const question = "Get-CimInstance Win32_LogicalDisk -Filter 'DriveType=2' | ForEach-Object { $_.DeviceID }";
  return new Promise((resolve, reject) => {
    execFile(
      'powershell.exe',
      ['-NoProfile', '-NonInteractive', '-Command', question],
      { timeout: 8_000, windowsHide: true },
      (error, stdout) => (error ? reject(error) : resolve(stdout)),
    );
  });
}
