// `tram sync status|now|export|import` and `tram enrol`: what the sync page does, for a PC that nobody sits at.
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Failure } from '../../../shared/api/contract.ts';
import type { Output } from '../../../shared/api/index.ts';
import { syncSaysEn } from '../../../shared/text/sync-says-en.ts';
import { syncSaysVi } from '../../../shared/text/sync-says-vi.ts';
import { shortMoment } from '../../../shared/time/vietnam.ts';
import type { Asked } from './arguments.ts';
import { type Desk, exitCodes, type Job, sizeInWords, withLogin } from './job.ts';

type Page = Output<'sync.page'>;
type Sentence = Page['status']['sentence'];

export function sync(job: Job): Promise<number> {
  const [what, path, ...more] = job.asked.rest;
  const asked = { ...job, failure: failureWords(job) };
  if (what === 'status' && path === undefined) return withLogin(asked, (desk) => status(asked, desk));
  if (what === 'now' && path === undefined) return withLogin(asked, (desk) => now(asked, desk));
  if (what === 'export' && path !== undefined && more.length === 0)
    return withLogin(asked, (desk) => exportTo(asked, desk, resolve(path)));
  if (what === 'import' && path !== undefined && more.length === 0)
    return withLogin(asked, (desk) => importFrom(asked, desk, resolve(path)));
  job.complain(job.say('badUsage'));
  return Promise.resolve(exitCodes.usage);
}

export function enrol(job: Job): Promise<number> {
  const [code, ...more] = job.asked.rest;
  const { address } = job.asked;
  if (code === undefined || address === null || more.length > 0) {
    job.complain(job.say('enrolHow'));
    return Promise.resolve(exitCodes.usage);
  }
  const asked = { ...job, failure: failureWords(job) };
  return withLogin(asked, async (desk) => {
    const joined = await desk.call('sync.enrol', { address, code });
    if (!joined.ok) return notDone(asked, joined.error);
    const { provinceName } = joined.value;
    job.print(job.asked.json ? JSON.stringify(joined.value) : job.say('enrolled', { name: provinceName }));
    return exitCodes.good;
  });
}

async function status(job: Job, desk: Desk): Promise<number> {
  const page = await desk.call('sync.page', {});
  if (!page.ok) return notDone(job, page.error);
  if (job.asked.json) job.print(JSON.stringify(page.value));
  else for (const line of pageLines(job, page.value)) job.print(line);
  return page.value.status.state === 'attention' ? exitCodes.problem : exitCodes.good;
}

function pageLines({ asked, say }: Job, page: Page): string[] {
  const word = (sentence: Sentence): string => inWords(sentence, asked.language);
  const at = (instant: number): string => shortMoment(instant, Date.now());
  const waiting = page.lanes.filter((lane) => lane.waiting > 0);
  return [
    word(page.status.sentence),
    word(page.status.switchOff.sentence),
    ...(page.status.lastContactAt === null
      ? []
      : [say('lastContact', { when: at(page.status.lastContactAt) })]),
    ...waiting.map(({ lane, waiting: count, since }) =>
      say('laneWaiting', { lane: say(laneNames[lane]), count, since: since === null ? '?' : at(since) }),
    ),
    ...page.peers.map((peer) =>
      say('peerLine', { name: peer.name, address: peer.address ?? '', state: word(peer.sentence) }),
    ),
    ...page.refused.map((refused) =>
      say('refusedLine', { by: refused.by, when: at(refused.at), reason: word(refused.reason) }),
    ),
  ];
}

const laneNames = ['lane0', 'lane1', 'lane2'] as const;

/** Ours: longer than any try of a line takes, shorter than an IT person's patience. */
const giveUpMs = 60_000;
const lookEveryMs = 500;

/** Stays until both ends are proven equal, or until nothing has moved for a minute. */
async function now(job: Job, desk: Desk): Promise<number> {
  const { asked, print } = job;
  const called = await desk.call('sync.now', {});
  if (!called.ok) return notDone(job, called.error);
  let said = '';
  for (let lastMove = Date.now(); ; await pause(lookEveryMs)) {
    const looked = await desk.call('sync.status', {});
    if (!looked.ok) return notDone(job, looked.error);
    const { state, sentence } = looked.value;
    const words = inWords(sentence, asked.language);
    if (words !== said) {
      lastMove = Date.now();
      said = words;
      if (!asked.json) print(words);
    }
    const done = state === 'current';
    if (!done && state !== 'standalone' && state !== 'attention' && Date.now() - lastMove < giveUpMs)
      continue;
    if (asked.json) print(JSON.stringify(looked.value));
    else print(inWords(looked.value.switchOff.sentence, asked.language));
    return done ? exitCodes.good : exitCodes.problem;
  }
}

async function exportTo(job: Job, desk: Desk, folder: string): Promise<number> {
  const { asked, say, print } = job;
  const made = await desk.call('sync.export', { folder, what: asked.all ? 'all' : 'outbox' });
  if (!made.ok) return notDone(job, made.error);
  const { path, changes, bytes } = made.value;
  if (asked.json) print(JSON.stringify(made.value));
  else
    print(
      changes === 0 ? say('nothingToExport') : say('exported', { path, changes, size: sizeInWords(bytes) }),
    );
  return exitCodes.good;
}

async function importFrom(job: Job, desk: Desk, path: string): Promise<number> {
  const { asked, say, print } = job;
  const taken = await desk.call('sync.import', { path });
  if (!taken.ok) return notDone(job, taken.error);
  const { accepted, duplicates, refused, complete } = taken.value;
  if (asked.json) print(JSON.stringify(taken.value));
  else {
    print(say('imported', { accepted, duplicates }));
    if (refused > 0) print(say('importRefused', { refused }));
    if (!complete) print(say('importCut'));
  }
  return refused > 0 || !complete ? exitCodes.problem : exitCodes.good;
}

/** The store opened and the person may; what they asked for did not work out. */
function notDone({ complain, failure, say }: Job, error: Failure): number {
  complain(failure(error.code));
  const kept = Number(error.params?.accepted ?? 0);
  if (error.code === 'file_damaged' && kept > 0) complain(say('damagedKept', { accepted: kept }));
  return error.code === 'internal' ? exitCodes.bug : exitCodes.problem;
}

/** The program is running: everything this command does is on a page of its window. */
const failureWords =
  (job: Job): Job['failure'] =>
  (code) =>
    code === 'store_in_use' ? job.say('syncInWindow') : job.failure(code);

/** Numbers that are instants as moments of the PC's day; see shared/api/sync-sentences.ts. */
export function inWords({ key, params = {} }: Sentence, language: Asked['language']): string {
  const words: Readonly<Record<string, string>> = language === 'vi' ? syncSaysVi : syncSaysEn;
  const clock = Date.now();
  return (words[key] ?? key).replaceAll(/\{(\w+)\}/g, (_blank, name: string) => {
    const value = params[name] ?? '';
    return typeof value === 'number' && value > earliestInstant ? shortMoment(value, clock) : String(value);
  });
}
/** Smaller numbers are counts. */
const earliestInstant = Date.UTC(2001, 8, 9);
