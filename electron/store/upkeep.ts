// The long looks at a whole store – backup and check – and the writing back of its WAL, in a thread of their
// own: each takes seconds to minutes on a store of years, and a save waits for none of them.
import { Worker } from 'node:worker_threads';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { KindRegistry } from '../../shared/model/registry.ts';
import type { BackupCopy } from './backup.ts';
import {
  type AdoptOrder,
  adoptSnapshot,
  makeSnapshot,
  type Snapshot,
  type SnapshotOrder,
  type SnapshotOrigin,
} from './snapshot.ts';
import { recordTables } from './snapshot-copy.ts';
import { summedNames, withState } from './state-digest.ts';
import type { CheckReport, OpenStore, StoreLog } from './types.ts';
import type { AdoptJob, BackupOrder, FromUpkeep, ToUpkeep, UpkeepSettings } from './upkeep-jobs.ts';

export interface Upkeep {
  /** backup_failed · store_closed when the store is closed meanwhile. */
  backup(folder: string, at: number): Promise<Result<BackupCopy>>;
  /**
   * SQLite's own check, then every hash of every feed, then the rows made of them; rows that are not what was written
   * are written anew from the log and reported as a fault all the same. core_stopped · store_closed.
   */
  check(): Promise<Result<CheckReport>>;
  /** The record as a file for a new PC; see snapshot.ts. disk_full · core_stopped · store_closed. */
  snapshot(folder: string, at: number): Promise<Result<Snapshot>>;
  /** Gives up what is running and answers `store_closed` for it. */
  close(): Promise<void>;
}

/** In the caller's own thread, for a command line with nobody waiting at a screen. */
export function upkeepHere(store: OpenStore, key: Uint8Array): Upkeep {
  return {
    backup: (folder) => store.backup(folder),
    async check() {
      const pages = store.integrityCheck();
      const log = pages.ok ? store.verifyLog() : pages;
      return log.ok ? healed(store, withState(log, store.state.check())) : ok(log);
    },
    snapshot: (folder, at) =>
      makeSnapshot({ ...orderOf(store, folder, at), store: { path: store.path, key } }),
    close: async () => {},
  };
}

/** SQLite can't be interrupted within one statement; leaving it behind is harmless, it only reads the store. */
const closeWaitMs = 1_000;

/** Until then the few saves find room in the WAL. */
const firstStartMs = 5_000;

/** One job at a time; started when first needed, and again after it died. */
export function upkeepInThread(options: {
  workerFile: string;
  store: SnapshotSource & Pick<OpenStore, 'path' | 'state'>;
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
      if (answer?.type === 'check') return healed(store, answer.report);
      return fail(closed ? 'store_closed' : 'core_stopped');
    },
    async snapshot(folder, at) {
      const order = orderOf(store, folder, at);
      const answer = await oneByOne((keyCopy) => ({ type: 'snapshot', order, key: keyCopy }));
      if (answer?.type === 'snapshot') return answer.result;
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
      summed: summedNames(store.areas),
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

/** Makes a snapshot a store in a thread that lives for it alone; without `workerFile` in the caller's own. */
export async function adoptInThread(
  workerFile: string | undefined,
  adopt: AdoptOrder,
  log: StoreLog,
): Promise<Result<SnapshotOrigin>> {
  if (workerFile === undefined) return adoptSnapshot(adopt, log);
  const { promise, resolve } = Promise.withResolvers<Result<SnapshotOrigin>>();
  const workerData: AdoptJob = { adopt };
  const thread = new Worker(workerFile, { workerData });
  thread.on('message', (message: FromUpkeep) => {
    if (message.type === 'log') log(message.level, message.message, message.facts);
    if (message.type !== 'adopted') return;
    resolve(message.result);
    void thread.terminate();
  });
  thread.on('error', (bug) => log('error', 'adopting threw', { name: bug.name, message: bug.message }));
  thread.on('exit', () => resolve(fail('core_stopped')));
  return promise;
}

type SnapshotSource = Pick<OpenStore, 'station' | 'logId' | 'areas'>;

const orderOf = (store: SnapshotSource, folder: string, at: number): Omit<SnapshotOrder, 'store'> => ({
  folder,
  tables: recordTables(store.areas),
  origin: { station: store.station.id, logId: store.logId, at },
});

/** What the check found wrong in the tables is made good; the report says what was found. */
async function healed(
  store: Pick<OpenStore, 'state'>,
  { tables = [], ...report }: CheckReport & { readonly tables?: readonly string[] },
): Promise<Result<CheckReport>> {
  const found = tables.map((table) => ({ table, keys: null }));
  if (found.length > 0) await store.state.repair(found, { found: 'check', peer: null });
  return ok(report);
}

/** In memory of its own, so that handing it over leaves nothing behind. */
const copyOf = (key: Uint8Array): Uint8Array<ArrayBuffer> => {
  const copy = new Uint8Array(key.length);
  copy.set(key);
  return copy;
};
