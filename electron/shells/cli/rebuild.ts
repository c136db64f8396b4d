// `tram rebuild`: empties and refills every table from the change log. The record itself is the log, so nothing is lost.
import { rebuildStore } from '../../maintenance.ts';
import { openLog } from '../log.ts';
import { appVersion } from '../version.ts';
import { exitCodes, type Job, refused } from './job.ts';

export async function rebuild(job: Job): Promise<number> {
  const { asked, say, secrets, print, complain } = job;
  const username = asked.user ?? (await secrets.line(say('username')));
  const password = username === null ? null : await secrets.secret(say('password'));
  if (username === null || password === null) {
    complain(say('noPassword'));
    return exitCodes.notOpened;
  }
  const done = await rebuildStore({
    dataDir: asked.dataDir,
    appVersion: appVersion(),
    log: openLog(asked.dataDir),
    username,
    password,
  });
  if (!done.ok) return refused(job, done.error);
  print(asked.json ? JSON.stringify(done.value) : say('rebuilt', { count: done.value.changes }));
  return exitCodes.good;
}
