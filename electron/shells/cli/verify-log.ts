// `tram verify-log`: the file's pages and the chain of hashes; names the first broken link.
import { exitCodes, type Job, refused, withLogin } from './job.ts';

export function verifyLog(job: Job): Promise<number> {
  const { asked, say, print } = job;
  return withLogin(job, async (desk) => {
    const checked = await desk.call('station.check', {});
    if (!checked.ok) return refused(job, checked.error);
    const { ok, detail, checked: count } = checked.value;
    if (asked.json) print(JSON.stringify(checked.value));
    else
      print(
        `${say(ok ? 'good' : 'problem')}: ${say('integrity')}, ${say('checkedLinks', { count })}${detail ? `\n  ${detail}` : ''}`,
      );
    return ok ? exitCodes.good : exitCodes.problem;
  });
}
