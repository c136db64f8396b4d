// `tram rebuild`: empties and refills every table from the change log. The record itself is the log, so nothing is lost.
import { rebuildStore } from '../../maintenance.ts';
import { openLog } from '../log.ts';
import { appVersion } from '../version.ts';
import { askUnlock, exitCodes, type Job, refused } from './job.ts';

export async function rebuild(job: Job): Promise<number> {
  const { asked, say, print } = job;
  const unlock = await askUnlock(job);
  if (!unlock) return exitCodes.notOpened;
  const done = await rebuildStore({
    dataDir: asked.dataDir,
    appVersion: appVersion(),
    log: openLog(asked.dataDir),
    unlock,
  });
  if (!done.ok) return refused(job, done.error);
  print(asked.json ? JSON.stringify(done.value) : say('rebuilt', { count: done.value.changes }));
  return exitCodes.good;
}
