// The matching thread: the only place where templates lie open. Bundled as one CJS file, like the upkeep thread's.
import { parentPort } from 'node:worker_threads';
import type { FromMatching, ToMatching } from './matching-thread.ts';
import { type MatchingJobs, type MatchingWork, openMatchingWork } from './matching-work.ts';

const port = parentPort;
if (!port) throw new Error('matching-worker runs as a worker thread only');

const work = openMatchingWork();
// Trust inside: only the fingerprint room starts this thread.
port.on('message', (message: ToMatching) => {
  if (message.job === 'close') {
    work.wipe(null);
    port.close();
    return;
  }
  const give = done(work, message.job, message.take);
  port.postMessage({ id: message.id, give } satisfies FromMatching);
});

const done = <J extends keyof MatchingJobs>(
  all: MatchingWork,
  job: J,
  take: MatchingJobs[J]['take'],
): MatchingJobs[J]['give'] => all[job](take);
