// Builds the desktop package once around the placeholder and unpacks it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractAll } from '@electron/asar';

export const root = join(import.meta.dirname, '..', '..', '..');
export const unpackedDir = join(
  root,
  'dist',
  process.platform === 'win32' ? 'win-unpacked' : 'linux-unpacked',
);
export const program = join(unpackedDir, process.platform === 'win32' ? 'tram.exe' : 'tram');
export const archive = join(unpackedDir, 'resources', 'app.asar');

export function buildPackage(): void {
  for (const script of ['scripts/build.ts', 'scripts/package-placeholder.ts']) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, script)], {
      cwd: root,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${script} failed:\n${stdout}\n${stderr}`);
  }
}

/** Everything inside app.asar, unpacked files included. */
export function unpack(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tram-package-'));
  extractAll(archive, folder);
  return folder;
}

/** Files below a folder, with `/`, sorted. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}
