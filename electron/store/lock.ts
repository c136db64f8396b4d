// Keeps a second program off the same store. The lock is the operating system's, held through SQLite on a
// file of its own, so a killed program leaves none behind.
import Database from 'better-sqlite3';
import { createPrivate } from './atomic-file.ts';

/** Answers how to let go, or null when another program, or another part of this one, has the store open. */
export function lockStore(storePath: string): (() => void) | null {
  createPrivate(`${storePath}.lock`);
  const lock = new Database(`${storePath}.lock`, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
    return () => lock.close();
  } catch (error) {
    lock.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
}
