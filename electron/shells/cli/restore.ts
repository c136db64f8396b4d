// `tram restore FILE`: puts a backup in the store's place. The present store is kept beside it, never overwritten,
// and the restored one begins a new incarnation so that it can't repeat numbers it has already given out.
import { resolve } from 'node:path';
import { restoreStore } from '../../maintenance.ts';
import { openLog } from '../log.ts';
import { appVersion } from '../version.ts';
import { askUnlock, exitCodes, type Job, refused } from './job.ts';

export async function restore(job: Job): Promise<number> {
  const { asked, say, print, complain } = job;
  const file = asked.rest[0];
  if (file === undefined) {
    complain(say('restoreWhich'));
    return exitCodes.usage;
  }
  const unlock = await askUnlock(job);
  if (!unlock) return exitCodes.notOpened;
  const path = resolve(file);
  const done = await restoreStore({
    dataDir: asked.dataDir,
    appVersion: appVersion(),
    log: openLog(asked.dataDir),
    unlock,
    backup: path,
  });
  if (!done.ok) return refused(job, done.error);
  const { kept } = done.value;
  print(
    asked.json
      ? JSON.stringify(done.value)
      : kept === null
        ? say('restoredFresh', { path })
        : say('restored', { path, kept }),
  );
  return exitCodes.good;
}
