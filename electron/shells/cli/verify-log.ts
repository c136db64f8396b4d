// `tram verify-log`: the file's pages and the chain of hashes, naming the first broken link; then, per PC, how much of
// what stands under its name it has signed itself.
import type { Output } from '../../../shared/api/index.ts';
import { shortMoment } from '../../../shared/time/vietnam.ts';
import { exitCodes, type Job, refused, withLogin } from './job.ts';
import { inWords } from './sync.ts';

type Author = Output<'sync.authors'>['authors'][number];

/** A signature that is missing is told and is no fault of the record; one that says something else is. */
export function verifyLog(job: Job): Promise<number> {
  return withLogin(job, async (desk) => {
    const checked = await desk.call('station.check', {});
    if (!checked.ok) return refused(job, checked.error);
    const signed = await desk.call('sync.authors', {});
    if (!signed.ok) return refused(job, signed.error);
    return tell(job, checked.value, signed.value.authors);
  });
}

type Telling = Pick<Job, 'asked' | 'say' | 'print'>;

/** Answers the exit code: a contradiction stays a problem also when an administrator has looked into it. */
export function tell(job: Telling, checked: Output<'station.check'>, authors: readonly Author[]): number {
  const { asked, say, print } = job;
  const { ok, detail, checked: count } = checked;
  if (asked.json) print(JSON.stringify({ ...checked, authors }));
  else {
    print(
      `${say(ok ? 'good' : 'problem')}: ${say('integrity')}, ${say('checkedLinks', { count })}${detail ? `\n  ${detail}` : ''}`,
    );
    for (const author of authors) for (const line of authorLines(job, author)) print(line);
  }
  return ok && authors.every(({ state }) => state !== 'contradicted') ? exitCodes.good : exitCodes.problem;
}

function authorLines({ say, asked }: Telling, author: Author): string[] {
  const { name, state, changes, unvouched: count, since, from } = author;
  const words = {
    name,
    changes,
    count,
    from: from ?? '',
    since: since === null ? '?' : shortMoment(since, Date.now()),
  };
  const line = say(
    state === 'contradicted'
      ? 'authorContradicted'
      : state === 'unvouched'
        ? 'authorUnvouched'
        : 'authorVouched',
    words,
  );
  const { sentence, seen } = author;
  return [
    line,
    ...(sentence ? [`  ${inWords(sentence, asked.language)}`] : []),
    ...(seen ? [`  ${say('authorSeen', { by: seen.by, when: shortMoment(seen.at, Date.now()) })}`] : []),
  ];
}
