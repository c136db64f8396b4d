// Daily backups to the PC's own folder and, when the center names one, to a second folder or USB disk.
// A copy on the same disk survives a mistake, not the disk: the page shows the age of the better one.
import { existsSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { fail, type Result } from '../../shared/api/contract.ts';
import type { ErrorCode } from '../../shared/api/errors.ts';
import { errorCodes } from '../../shared/api/errors.ts';
import type { Output } from '../../shared/api/index.ts';
import { readLocal, writeLocal } from './local-settings.ts';
import type { BackupFile, StationNeeds } from './needs.ts';

const dayMs = 24 * 3_600_000;
/** A missing USB disk is looked for again, but not all the time. */
const retryMs = 3_600_000;

export interface Backups {
  /** Now, into this folder, else into the center's, else into the PC's own. */
  run(folder?: string): Promise<Result<BackupFile>>;
  /** Once in a while: makes the daily copies when they are due. */
  whenDue(): Promise<void>;
  state(): Output<'station.health'>['backup'];
}

export function openBackups(needs: StationNeeds): Backups {
  const ownFolder = join(needs.dataDir, 'backups');
  let running: Promise<unknown> = Promise.resolve();
  return { run, whenDue, state };

  function run(folder?: string): Promise<Result<BackupFile>> {
    const mine = running.then(() => backupInto(folder ?? secondFolder() ?? ownFolder));
    running = mine.catch(() => null);
    return mine;
  }

  async function whenDue(): Promise<void> {
    const store = needs.file.store();
    if (!store) return;
    const lastTry = readLocal(store, 'lastBackupTry');
    if (lastTry !== null && needs.now() >= lastTry && needs.now() - lastTry < retryMs) return;
    for (const folder of [ownFolder, secondFolder()]) {
      if (folder === null || !isDue(folder)) continue;
      const made = await run(folder);
      // closed while it was being made, as the program is when it ends: the next start makes it
      if (needs.file.store() !== store) return;
      if (!made.ok) needs.log('error', 'the daily backup failed', { code: made.error.code });
    }
  }

  async function backupInto(folder: string): Promise<Result<BackupFile>> {
    const store = needs.file.store();
    if (!store) return fail('store_closed');
    const made = await intoUsable(folder);
    // the program was closed meanwhile; there is nobody to tell and nothing to write it into
    if (needs.file.store() !== store) return made;
    writeLocal(store, 'lastBackupTry', needs.now());
    writeLocal(store, 'lastBackupError', made.ok ? null : made.error.code);
    return made;
  }

  async function intoUsable(folder: string): Promise<Result<BackupFile>> {
    // a folder that is not there is an unplugged disk: making it would fill the PC's own disk unnoticed
    if (folder !== ownFolder && !isFolder(folder))
      return fail('backup_failed', {
        messageKey: 'error.backup_folder_missing',
        fields: { folder: 'field.no_such_folder' },
      });
    return needs.file.backup(folder);
  }

  function state(): Output<'station.health'>['backup'] {
    const store = needs.file.store();
    const folder = secondFolder();
    const kept = [...needs.file.backupsIn(folder ?? ownFolder)];
    const last = kept.find(isSound) ?? needs.file.backupsIn(ownFolder).find(isSound) ?? null;
    return {
      folder,
      last,
      ageHours: last ? Math.max(0, (needs.now() - last.at) / 3_600_000) : null,
      lastError: store ? errorCode(readLocal(store, 'lastBackupError')) : null,
      kept,
    };
  }

  function isDue(folder: string): boolean {
    const last = needs.file.backupsIn(folder).find(isSound);
    return !last || needs.now() - last.at >= dayMs || last.at > needs.now();
  }

  function secondFolder(): string | null {
    const store = needs.file.store();
    return (store && readLocal(store, 'backupFolder')) || null;
  }
}

/** A copy cut short after it was made brings nothing back, so it neither counts as today's nor sets the age shown. */
const isSound = (copy: BackupFile): boolean => copy.verified;

/** A folder named by a person must be there and named in full. */
export const isFolder = (path: string): boolean =>
  isAbsolute(path) && existsSync(path) && statSync(path).isDirectory();

const errorCode = (text: string | null): ErrorCode | null => errorCodes.find((code) => code === text) ?? null;
