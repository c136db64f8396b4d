// Is Electron's own program on this PC, and where? It never comes with `npm ci`: its package
// downloads it on first use, from a place many centers can't reach.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
export const electronPackage = join(root, 'node_modules', 'electron');

const programNames: Partial<Record<NodeJS.Platform, string>> = {
  win32: 'electron.exe',
  linux: 'electron',
  darwin: 'Electron.app/Contents/MacOS/Electron',
};

/** Path of the Electron program, or null. `ELECTRON_OVERRIDE_DIST_PATH` names an unzipped one. */
export function electronBinary(): string | null {
  const name = programNames[process.platform];
  if (!name) return null;
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const file = join(override ?? join(electronPackage, 'dist'), name);
  return existsSync(file) ? file : null;
}

export function electronVersion(): string {
  const { version } = JSON.parse(readFileSync(join(electronPackage, 'package.json'), 'utf8'));
  return String(version);
}
