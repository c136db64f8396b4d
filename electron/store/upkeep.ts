// The long looks at a whole store – backup and check – and the writing back of its WAL, in a thread of their
// own: each takes seconds to minutes on a store of years, and a save waits for none of them.
import { Worker } from 'node:worker_threads';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { KindRegistry } from '../../shared/model/registry.ts';
import type { BackupCopy } from './backup.ts';
import type { CheckReport, OpenStore, StoreLog } from './types.ts';
import type { BackupOrder, FromUpkeep, ToUpkeep, UpkeepSettings } from './upkeep-jobs.ts';

export interface Upkeep {
  /** backup_failed · store_closed when the store is closed meanwhile. */
  backup(folder: string, at: number): Promise<Result<BackupCopy>>;
  /** SQLite's own check, then every hash of every feed. core_stopped · store_closed. */
  check(): Promise<Result<CheckReport>>;
  /** Gives up what is running and answers `store_closed` for it. */
  close(): Promise<void>;
}

/** In the caller's own thread, for a command line with nobody waiting at a screen. */
export function upkeepHere(store: OpenStore): Upkeep {
  return {
    backup: (folder) => store.backup(folder),
    async check() {
      const pages = store.integrityCheck();
      return ok(pages.ok ? store.verifyLog() : pages);
    },
    close: async () => {},
  };
}

/** SQLite can't be interrupted within one statement; leaving it behind is harmless, it only reads the store. */
const closeWaitMs = 1_000;

/** Until then the few saves find room in the WAL. */
const firstStartMs = 15_000;

/** One job at a time; started when first needed, and again after it died. */
export function upkeepInThread(options: {
  workerFile: string;
  store: Pick<OpenStore, 'path' | 'station'>;
  registry: KindRegistry;
  /** Copied for each hand-over; the thread wipes what it gets. */
  key: Uint8Array;
  log: StoreLog;
}): Upkeep {
  const { store, registry, key, log } = options;
  let thread: Worker | null = null;
  let closed = false;
  let answerTo: ((answer: FromUpkeep | null) => void) | null = null;
  let last: Promise<unknown> = Promise.resolve();
  // not while somebody waits for the first screen
  const late = setTimeout(() => thread ?? start(), firstStartMs).unref();

  return {
    async backup(folder, at) {
      const order: BackupOrder = { folder, at, station: store.station };
      const answer = await oneByOne((keyCopy) => ({ type: 'backup', order, key: keyCopy }));
      if (answer?.type === 'backup') return answer.result;
      return fail(closed ? 'store_closed' : 'backup_failed');
    },
    async check() {
      const answer = await oneByOne(() => ({ type: 'check' }));
      if (answer?.type === 'check') return ok(answer.report);
      return fail(closed ? 'store_closed' : 'core_stopped');
    },
    async close() {
      closed = true;
      clearTimeout(late);
      const dying = thread;
      if (!dying) return;
      const gone = new Promise((resolve) => dying.once('exit', resolve));
      dying.postMessage({ type: 'close' } satisfies ToUpkeep);
      if (answerTo) void dying.terminate();
      answerTo?.(null);
      await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, closeWaitMs).unref())]);
    },
  };

  function oneByOne(job: (key: Uint8Array<ArrayBuffer>) => ToUpkeep): Promise<FromUpkeep | null> {
    const mine = last.then(() => run(job));
    last = mine;
    return mine;
  }

  /** Null when the thread ended before it answered. */
  function run(job: (key: Uint8Array<ArrayBuffer>) => ToUpkeep): Promise<FromUpkeep | null> {
    if (closed) return Promise.resolve(null);
    const { promise, resolve } = Promise.withResolvers<FromUpkeep | null>();
    answerTo = (answer) => {
      answerTo = null;
      resolve(answer);
    };
    const handed = copyOf(key);
    (thread ?? start()).postMessage(job(handed), [handed.buffer]);
    return promise;
  }

  function start(): Worker {
    const handed = copyOf(key);
    const workerData: UpkeepSettings = {
      path: store.path,
      key: handed,
      kinds: registry.all.map(({ kind, v, fields }) => ({ kind, v, fields: [...fields] })),
    };
    const mine = new Worker(options.workerFile, { workerData, transferList: [handed.buffer] });
    // it must not keep a program alive that has nothing else to do
    mine.unref();
    mine.on('message', (message: FromUpkeep) => {
      if (message.type === 'log') log(message.level, message.message, message.facts);
      else answerTo?.(message);
    });
    mine.on('error', (bug) =>
      log('error', 'the upkeep thread threw', { name: bug.name, message: bug.message }),
    );
    mine.on('exit', () => {
      if (thread === mine) thread = null;
      answerTo?.(null);
    });
    thread = mine;
    return mine;
  }
}

/** In memory of its own, so that handing it over leaves nothing behind. */
const copyOf = (key: Uint8Array): Uint8Array<ArrayBuffer> => {
  const copy = new Uint8Array(key.length);
  copy.set(key);
  return copy;
};
