// `tram fingerprint …`: is the reader well, what does a picture give, how good is the matching here. Pictures and
// templates are never printed and never kept.
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Failure, fail } from '../../../shared/api/contract.ts';
import type { CaptureNews } from '../../../shared/api/fingerprints.ts';
import type { Output } from '../../../shared/api/index.ts';
import {
  benchFolder,
  compareFiles,
  factsOfFile,
  pictureReader,
  readFingerFile,
  writeIsoFile,
} from '../../core/fingerprint-tools.ts';
import { type FingerWords, fingerWordsIn } from './fingerprint-words.ts';
import { type Desk, exitCodes, type Job, withLogin } from './job.ts';

interface FingerJob extends Job, Omit<FingerWords, 'failure'> {}

export function fingerprint(job: Job): Promise<number> {
  const words = fingerWordsIn(job.asked.language);
  const failure: Job['failure'] = (code) => words.failure(code) ?? job.failure(code);
  const asked: FingerJob = { ...job, ...words, failure };
  const [what, one, other, ...more] = job.asked.rest;
  if (what === 'readers' && one === undefined) return withLogin(asked, (desk) => readers(asked, desk));
  if (what === 'capture' && one === undefined) return withLogin(asked, (desk) => capture(asked, desk));
  if (what === 'extract' && one !== undefined && more.length === 0)
    return Promise.resolve(extract(asked, resolve(one), other === undefined ? null : resolve(other)));
  if (what === 'bench' && one !== undefined && other === undefined)
    return Promise.resolve(bench(asked, resolve(one)));
  if (what === 'identify' && one !== undefined && other === undefined) return identify(asked, resolve(one));
  if (what === 'match' && one !== undefined && other !== undefined && more.length === 0)
    return Promise.resolve(match(asked, resolve(one), resolve(other)));
  job.complain(job.say('badUsage'));
  return Promise.resolve(exitCodes.usage);
}

async function readers(job: FingerJob, desk: Desk): Promise<number> {
  const { asked, print, word } = job;
  const found = await desk.call('fingerprint.readers', {});
  if (!found.ok) return notDone(job, found.error);
  const all = found.value.readers;
  if (asked.json) print(JSON.stringify(all));
  else if (all.length === 0) print(word('none'));
  else
    for (const { id, model, place, chosen } of all)
      print(word('reader', { id, model, place, chosen: chosen ? '*' : ' ' }));
  return all.length > 0 ? exitCodes.good : exitCodes.problem;
}

async function capture(job: FingerJob, desk: Desk): Promise<number> {
  const taken = await captured(job, desk);
  if (typeof taken !== 'string') return notDone(job, taken);
  // tried, not used
  await desk.call('fingerprint.stopCapture', { captureId: taken });
  return exitCodes.good;
}

async function identify(job: FingerJob, file: string): Promise<number> {
  const image = readFingerFile(file);
  if (!image.ok) return notDone(job, image.error);
  const fingerReaders = () => [pictureReader(image.value, job.asked.mode)];
  return withLogin(
    job,
    async (desk) => {
      const taken = await captured(job, desk);
      if (typeof taken !== 'string') return notDone(job, taken);
      const found = await desk.call('fingerprint.search', { captureId: taken, reason: 'been_here' });
      if (!found.ok) return notDone(job, found.error);
      const { candidates, searched, withoutKey } = found.value;
      const { asked, print, word } = job;
      if (asked.json) print(JSON.stringify({ searched, withoutKey, candidates }));
      else {
        print(word('searched', { searched }));
        if (withoutKey > 0) print(word('withoutKey', { withoutKey }));
        if (candidates.length === 0) print(word('nobody'));
        candidates.forEach(({ kind, name, patientName, birthDate, recordNumber, likeness, score }, at) => {
          const who = { name, patientName, birthDate: birthDate ?? '', recordNumber: recordNumber ?? '' };
          const how = { rank: at + 1, likeness: word(likeness), score: score.toFixed(3) };
          print(word(kind === 'patient' ? 'candidate' : 'relative', { ...who, ...how }));
        });
        if (candidates.length > 0) print(word('oneFinger'));
      }
      return candidates.length > 0 ? exitCodes.good : exitCodes.problem;
    },
    { fingerReaders },
  );
}

/** `record`: where the finger is wanted for another program. */
function extract(job: FingerJob, file: string, record: string | null): number {
  const { asked, print, word, hint } = job;
  const facts = factsOfFile(file);
  if (!facts.ok) return notDone(job, facts.error);
  if (record !== null && existsSync(record)) {
    job.complain(word('exists'));
    return exitCodes.problem;
  }
  const written = record === null ? null : writeIsoFile(file, record);
  if (written?.ok === false) return notDone(job, written.error);
  const { width, height, dpi, score, minutiae, cylinders, hints, usable } = facts.value;
  if (asked.json) print(JSON.stringify(facts.value));
  else {
    print(word('facts', { width, height, dpi, score, minutiae, cylinders }));
    for (const one of hints) print(word('hint', { hint: hint(one) }));
    if (!usable) print(word('unusable'));
  }
  return usable ? exitCodes.good : exitCodes.problem;
}

function match(job: FingerJob, one: string, other: string): number {
  const { asked, print, word } = job;
  const alike = compareFiles(one, other);
  if (!alike.ok) return notDone(job, alike.error);
  const { matched, oneIn } = alike.value;
  const score = alike.value.score.toFixed(3);
  if (asked.json) print(JSON.stringify(alike.value));
  else print(matched ? word('same', { score, oneIn }) : word('different', { score }));
  return matched ? exitCodes.good : exitCodes.problem;
}

/** JSON always: what it prints goes into tables. */
function bench(job: FingerJob, folder: string): number {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    job.complain(job.failure('no_such_folder'));
    return exitCodes.problem;
  }
  const figures = benchFolder(folder);
  if (figures.sets.length === 0) {
    job.complain(job.word('noPictures'));
    return exitCodes.problem;
  }
  job.print(JSON.stringify(figures, null, 2));
  return exitCodes.good;
}

/** A capture with this PC's reader, told as it goes on; its id, or why there is none. */
async function captured(job: FingerJob, desk: Desk): Promise<CaptureId | Failure> {
  const { promise: ended, resolve: end } = Promise.withResolvers<CaptureNews>();
  const stop = desk.onCapture((news) => {
    tell(job, news);
    if (news.step === 'done' || news.step === 'failed') end(news);
  });
  const begun = await desk.call('fingerprint.capture', {});
  if (!begun.ok) {
    stop();
    return begun.error;
  }
  // nobody but this command can put a finger on training's reader
  if (job.asked.mode === 'training') await desk.call('fingerprint.trainingPlace', { who: 'Trạm', finger: 2 });
  const { code } = await ended;
  stop();
  return code === undefined ? begun.value.captureId : fail(code).error;
}

type CaptureId = Output<'fingerprint.capture'>['captureId'];

/** To standard error, so that output for machines stays clean. */
function tell({ complain, word, hint }: FingerJob, news: CaptureNews): void {
  if (news.step === 'failed' || (news.step === 'judging' && news.picture !== undefined)) return;
  complain(
    word(news.step, {
      percent: Math.round((news.done ?? 0) * 100),
      hint: hint(news.hint ?? ''),
      quality: news.quality ?? 0,
    }),
  );
}

/** The store opened and the person may; what they asked for did not work out. */
function notDone({ complain, failure }: FingerJob, error: Failure): number {
  complain(failure(error.code));
  return error.code === 'internal' ? exitCodes.bug : exitCodes.problem;
}
