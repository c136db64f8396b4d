// Replaces a small file so that a cut at any moment leaves the old or the new one, never half of either.
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Keeps what was there before as `<path>.previous`, unless told that it is worth nothing. Readable by this user only. */
export function replaceFile(
  path: string,
  content: string,
  { keepOld = true }: { readonly keepOld?: boolean } = {},
): void {
  const fresh = `${path}.new`;
  const file = openSync(fresh, 'w', 0o600);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  if (keepOld && existsSync(path)) {
    copyFileSync(path, `${previousOf(path)}.new`);
    makePrivate(`${previousOf(path)}.new`);
    renameSync(`${previousOf(path)}.new`, previousOf(path));
  }
  renameSync(fresh, path);
  syncFolder(dirname(path));
}

export const previousOf = (path: string): string => `${path}.previous`;

/**
 * Makes an empty file this user alone can read, where there is none: SQLite takes it for a new database, and gives
 * the files it makes beside one the rights of that one. Windows keeps to the rights of the folder.
 */
export function createPrivate(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  makePrivate(path);
}

/** For what a copy or an older version left readable to others. */
export function makePrivate(path: string): void {
  try {
    chmodSync(path, 0o600);
  } catch {
    // not every file system keeps rights (a USB disk), and a backup there is better than none
  }
}

/** Makes a rename durable; Windows has no such call and needs none. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  syncFile(folder, 'r');
}

export function syncFile(path: string, mode: 'r' | 'r+' = 'r+'): void {
  const file = openSync(path, mode);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
