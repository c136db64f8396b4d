// `tram backup [--to DIR]`: a verified copy now, to the folder given or the one in the settings.
import { resolve } from 'node:path';
import { exitCodes, type Job, refused, sizeInWords, withLogin } from './job.ts';

export function backup(job: Job): Promise<number> {
  const { asked, say, print } = job;
  return withLogin(job, async (desk) => {
    const made = await desk.call('station.backup', asked.to === null ? {} : { folder: resolve(asked.to) });
    if (!made.ok) return refused(job, made.error);
    const { path, sizeBytes, verified } = made.value;
    print(asked.json ? JSON.stringify(made.value) : say('backedUp', { path, size: sizeInWords(sizeBytes) }));
    return verified ? exitCodes.good : exitCodes.problem;
  });
}
