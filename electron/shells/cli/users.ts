// `tram users`: who has an account. `tram users reset NAME`: a new password with the printed recovery key.
import { exitCodes, type Job, refused, withCore, withLogin } from './job.ts';

export function users(job: Job): Promise<number> {
  const [what, name] = job.asked.rest;
  if (what === undefined || what === 'list') return list(job);
  if (what === 'reset' && name !== undefined) return reset(job, name);
  job.complain(job.say('badUsage'));
  return Promise.resolve(exitCodes.usage);
}

function list(job: Job): Promise<number> {
  const { asked, say, print } = job;
  return withLogin(job, async (desk) => {
    const all = await desk.call('access.users', {});
    if (!all.ok) return refused(job, all.error);
    if (asked.json) print(JSON.stringify(all.value));
    else
      for (const { username, fullName, roles, active } of all.value)
        print(
          say('userLine', {
            username,
            fullName,
            roles: roles.join(', '),
            inactive: active ? '' : say('inactive'),
          }),
        );
    return exitCodes.good;
  });
}

function reset(job: Job, username: string): Promise<number> {
  const { say, secrets, print, complain } = job;
  return withCore(job, async (desk) => {
    const recoveryKey = await secrets.secret(say('recoveryKey'));
    const newPassword = await secrets.secret(say('newPassword'));
    const again = await secrets.secret(say('newPasswordAgain'));
    if (recoveryKey === null || newPassword === null) {
      complain(say('noPassword'));
      return exitCodes.notOpened;
    }
    if (again !== null && again !== newPassword) {
      complain(say('passwordsDiffer'));
      return exitCodes.usage;
    }
    const done = await desk.call('station.recover', { recoveryKey, username, newPassword });
    if (!done.ok) return refused(job, done.error);
    print(say('passwordReset', { username }));
    return exitCodes.good;
  });
}
