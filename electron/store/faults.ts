// Turns what SQLite throws into the failure a person is shown. Anything not listed is a bug and stays thrown.
import Database from 'better-sqlite3';
import { type Failure, fail } from '../../shared/api/contract.ts';
import type { ErrorCode } from '../../shared/api/errors.ts';

const codes: readonly (readonly [prefix: string, code: ErrorCode])[] = [
  ['SQLITE_FULL', 'disk_full'],
  ['SQLITE_READONLY', 'store_read_only'],
  ['SQLITE_CANTOPEN', 'store_read_only'],
  ['SQLITE_PERM', 'store_read_only'],
  ['SQLITE_CORRUPT', 'store_damaged'],
  ['SQLITE_NOTADB', 'store_damaged'],
  ['SQLITE_IOERR', 'store_damaged'],
  ['SQLITE_BUSY', 'store_in_use'],
  ['SQLITE_LOCKED', 'store_in_use'],
];
const systemCodes: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'disk_full',
  EDQUOT: 'disk_full',
  EROFS: 'store_read_only',
  EACCES: 'store_read_only',
  EPERM: 'store_read_only',
};

/** The expected failure behind an error of SQLite or the file system, or null when it is none. */
export function failureOf(error: unknown): Failure | null {
  if (error instanceof Database.SqliteError) {
    const found = codes.find(([prefix]) => error.code.startsWith(prefix));
    return found ? fail(found[1]).error : null;
  }
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const code = systemCodes[error.code];
    return code ? fail(code).error : null;
  }
  return null;
}
