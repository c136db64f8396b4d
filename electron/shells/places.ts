// Where things are: the program's own files (source tree, bundle or package alike) and the data of this PC.
// Real and training data never share a folder, so training can't touch a real record.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export type Mode = 'real' | 'training';

/** The folder with the program's package.json, found upwards from this file. */
export function programRoot(from: string = import.meta.dirname): string {
  let folder = from;
  while (!existsSync(join(folder, 'package.json'))) {
    const up = dirname(folder);
    if (up === folder) throw new Error(`no package.json above ${from}`);
    folder = up;
  }
  return folder;
}

/** The built page. */
export const pageFolder = (root: string = programRoot()): string => join(root, 'out', 'renderer');

/** The core's worker: the bundle when we are one, else the source, which Node 24 runs as it is. */
export function coreWorkerFile(root: string = programRoot()): string {
  return import.meta.filename.endsWith('.ts')
    ? join(import.meta.dirname, 'core-worker.ts')
    : join(root, 'out', 'core-worker.cjs');
}

/** The store's upkeep thread, found in the same way. */
export function upkeepWorkerFile(root: string = programRoot()): string {
  return import.meta.filename.endsWith('.ts')
    ? join(import.meta.dirname, '..', 'store', 'upkeep-worker.ts')
    : join(root, 'out', 'upkeep-worker.cjs');
}

/** The thread that alone sees fingers, likewise. */
export function fingerprintWorkerFile(root: string = programRoot()): string {
  return import.meta.filename.endsWith('.ts')
    ? join(import.meta.dirname, '..', 'fingerprint', 'matching-worker.ts')
    : join(root, 'out', 'fingerprint-worker.cjs');
}

/** The thread of training's province, likewise. */
export function trainingProvinceFile(root: string = programRoot()): string {
  return import.meta.filename.endsWith('.ts')
    ? join(import.meta.dirname, 'training-province.ts')
    : join(root, 'out', 'training-province.cjs');
}

/** The process that alone loads libraries of fingerprint readers' makers, likewise. */
export function fingerprintHelperFile(root: string = programRoot()): string {
  return import.meta.filename.endsWith('.ts')
    ? join(import.meta.dirname, '..', 'fingerprint', 'readers', 'vendor', 'helper.ts')
    : join(root, 'out', 'fingerprint-helper.cjs');
}

/** The process that alone loads modules of tokens' makers, likewise. */
export function tokenHelperFile(root: string = programRoot()): string {
  return import.meta.filename.endsWith('.ts')
    ? join(import.meta.dirname, '..', 'signing', 'tokens', 'helper.ts')
    : join(root, 'out', 'token-helper.cjs');
}

/** Roots beside the program, where it runs from its sources; a PC's own are in `trust` of its data folder. */
export const trustFolder = (root: string = programRoot()): string => join(root, 'resources', 'trust');

/**
 * Data folder of this PC: `%APPDATA%\Tram`, `$XDG_DATA_HOME/tram` or `~/.local/share/tram`;
 * training has its own beside it. `TRAM_DATA` (or `--data`) names another one outright.
 */
export function dataFolder(
  mode: Mode,
  {
    env = process.env,
    platform = process.platform,
    home = homedir(),
  }: { env?: NodeJS.ProcessEnv; platform?: NodeJS.Platform; home?: string } = {},
): string {
  if (env.TRAM_DATA) return resolve(env.TRAM_DATA);
  const suffix = mode === 'training' ? '-training' : '';
  if (platform === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), `Tram${suffix}`);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', `Tram${suffix}`);
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), `tram${suffix}`);
}
