// The room's end of the matching thread. It is started when first needed and again after it died; whatever was asked
// of a dead one is answered `core_stopped`, and who keeps a gallery there sees from `lost` that it is gone.
import { Worker } from 'node:worker_threads';
import { fail } from '../../shared/api/contract.ts';
import type { Log } from '../store/room.ts';
import { oneInAt } from './chances.ts';
import type { KeyedFinger, Matcher } from './matcher.ts';
import { thresholds } from './matching/thresholds.ts';
import { type MatchingJobs, type MatchingWork, openMatchingWork } from './matching-work.ts';
import { within } from './readers/within.ts';
import { ALGORITHM } from './template.ts';
import type { FingerImage } from './types.ts';

type Job = keyof MatchingJobs;
/** Each job with what it takes. */
type Order = { [J in Job]: { readonly job: J; readonly take: MatchingJobs[J]['take'] } }[Job];
export type ToMatching = (Order & { readonly id: number }) | { readonly job: 'close' };
export interface FromMatching {
  readonly id: number;
  readonly give: MatchingJobs[Job]['give'];
}

export interface MatchingMatcher extends Matcher {
  /** Training mode: an invented finger as the simulated reader sees it. Null when the thread died over it. */
  draw(who: string, finger: number, impression: number): Promise<FingerImage | null>;
}

/** Null when the thread died before it answered. */
type Ask = <J extends Job>(
  job: J,
  take: MatchingJobs[J]['take'],
  moved?: readonly ArrayBuffer[],
) => Promise<MatchingJobs[J]['give'] | null>;

/** In the caller's own thread, for the command line and for tests. */
export function matcherHere(): MatchingMatcher {
  let work: MatchingWork | null = null;
  return matcherOf({
    ask: async (job, take) => {
      work ??= openMatchingWork();
      return work[job](take);
    },
    lost: () => 0,
    end: async () => {
      work?.wipe(null);
      work = null;
    },
  });
}

/** Loading a gallery part takes a second on the oldest PC; what takes this long is stuck. */
const STUCK_MS = 60_000;
const CLOSE_WAIT_MS = 1_000;
/** A thread that does not run has nothing of this to do. */
const withoutThread: ReadonlySet<Job> = new Set<Job>(['forget', 'remove', 'stats', 'wipe']);

export function matcherInThread(options: {
  readonly workerFile: string;
  readonly log: Log;
  readonly stuckMs?: number;
}): MatchingMatcher {
  const { workerFile, log, stuckMs = STUCK_MS } = options;
  let thread: Worker | null = null;
  let closed = false;
  let lost = 0;
  let lastId = 0;
  const waiting = new Map<number, (message: FromMatching | null) => void>();

  const ask: Ask = async (job, take, moved = []) => {
    if (closed || (!thread && withoutThread.has(job))) return null;
    const id = ++lastId;
    const { promise, resolve } = Promise.withResolvers<FromMatching | null>();
    waiting.set(id, resolve);
    const asked = thread ?? start();
    asked.postMessage({ id, job, take }, [...moved]);
    const stuck = setTimeout(() => {
      log('error', 'the matching thread is stuck', { job });
      void asked.terminate();
    }, stuckMs);
    const answer = await promise;
    clearTimeout(stuck);
    waiting.delete(id);
    // trust inside: the thread answers each job with what this job gives
    return answer && (answer.give as MatchingJobs[typeof job]['give']);
  };

  return matcherOf({
    ask,
    lost: () => lost,
    async end() {
      closed = true;
      const dying = thread;
      if (!dying) return;
      const gone = new Promise<void>((resolve) => dying.once('exit', () => resolve()));
      dying.postMessage({ job: 'close' } satisfies ToMatching);
      await within(gone, CLOSE_WAIT_MS);
      await dying.terminate();
    },
  });

  function start(): Worker {
    const mine = new Worker(workerFile);
    // it must not keep a program alive that has nothing else to do
    mine.unref();
    mine.on('message', (message: FromMatching) => waiting.get(message.id)?.(message));
    mine.on('error', (bug) =>
      log('error', 'the matching thread threw', { name: bug.name, message: bug.message }),
    );
    mine.on('exit', () => {
      if (thread === mine) thread = null;
      lost++;
      for (const answer of waiting.values()) answer(null);
    });
    thread = mine;
    return mine;
  }
}

function matcherOf({
  ask,
  lost,
  end,
}: {
  readonly ask: Ask;
  lost(): number;
  end(): Promise<void>;
}): MatchingMatcher {
  return {
    algorithm: ALGORITHM,
    oneIn: oneInAt(thresholds.verify),
    lost,
    async judge(capture, image) {
      // the reader's own bytes are wiped by the desk; these are the thread's to wipe
      const pixels = copyOf(image.pixels);
      const judged = await ask('judge', { capture, image: { ...image, pixels } }, [pixels.buffer]);
      return judged ?? fail('core_stopped');
    },
    forget: (capture) => void ask('forget', { capture }),
    async enrol(captures, { others, ...of }) {
      const key = copyOf(of.key);
      const copies = handedOver(others);
      const asked = { ...of, captures, others: copies.entries, key };
      return (await ask('enrol', asked, [key.buffer, ...copies.moved])) ?? fail('core_stopped');
    },
    async compare(capture, fingers) {
      const { entries, moved } = handedOver(fingers);
      return (await ask('compare', { capture, fingers: entries }, moved)) ?? fail('core_stopped');
    },
    async load(fingers) {
      const { entries, moved } = handedOver(fingers);
      return (await ask('load', { entries }, moved)) ?? { unreadable: 0 };
    },
    async remove(person, finger) {
      await ask('remove', { person, finger: finger ?? null });
    },
    async search(capture, among, most) {
      return (await ask('search', { capture, among, most })) ?? fail('core_stopped');
    },
    stats: async () => (await ask('stats', null)) ?? { fingers: 0, bytes: 0 },
    draw: (who, finger, impression) => ask('draw', { who, finger, impression }),
    close: end,
  };
}

/** Keys of their own, which go to the thread for good. */
function handedOver(fingers: readonly KeyedFinger[]): {
  readonly entries: readonly KeyedFinger[];
  readonly moved: readonly ArrayBuffer[];
} {
  const copies = fingers.map((entry) => ({ ...entry, key: copyOf(entry.key) }));
  return { entries: copies, moved: copies.map(({ key }) => key.buffer) };
}

/** In memory of its own: a Buffer's may be shared with others, and is not ours to hand over. */
const copyOf = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy;
};
