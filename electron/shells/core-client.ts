// A shell's end of the core's worker thread: calls, events, and what happens when the thread dies.
// A dead core never leaves a call hanging: everything pending answers `core_stopped`, and the core is started again.
// A core that is busy making the training center is answered for, so that the page can say what is going on.
import { Worker } from 'node:worker_threads';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { EventMessage, Output } from '../../shared/api/index.ts';
import type { Sheet } from '../core/press.ts';
import { noKeyStore, type SystemKeyStore } from '../core/system-key.ts';
import type { StartHelper } from '../core.ts';
import type {
  CoreSettings,
  CoreStart,
  FromCore,
  HelperKind,
  KeyStoreAnswer,
  KeyStoreQuestion,
  ToCore,
  TrainingNews,
  TrainingQuestion,
  TrainingStart,
} from './core-protocol.ts';
import { lendHelpers } from './lent-helpers.ts';
import type { Log } from './log.ts';

export type CoreListener = (client: string | null, message: EventMessage) => void;

export interface CoreClient {
  /** Resolves when the core answers its first call; false when it gave up starting. */
  readonly ready: Promise<boolean>;
  invoke(client: string, method: string, input: unknown): Promise<Result<unknown>>;
  subscribe(listener: CoreListener): () => void;
  /** Lets the core finish and close the store; ends it by force after `closeTimeoutMs`. */
  close(): Promise<void>;
}

export interface CoreClientOptions extends CoreSettings {
  readonly workerFile: string;
  readonly log: Log;
  /** The operating system's, where the shell can reach one. */
  readonly keyStore?: SystemKeyStore;
  /** How this shell starts helpers for makers' libraries; left out, the core starts children of Node. */
  readonly startHelpers?: Readonly<Record<HelperKind, StartHelper>>;
  /** How this shell draws papers; left out, the core does with a browser of this PC. Null: it could not. */
  readonly drawSheet?: (sheet: Pick<Sheet, 'html' | 'paper' | 'landscape'>) => Promise<Uint8Array | null>;
  /** Training mode: who keeps the province and the second station. Left out, there are none. */
  readonly training?: TrainingShell;
  /** Making the training center has begun: a first start takes longer than others. */
  readonly onPreparing?: () => void;
  /** More deaths than this within `deathWindowMs` and the core stays down until the program is started again. */
  readonly maxDeaths?: number;
  readonly deathWindowMs?: number;
  readonly closeTimeoutMs?: number;
  readonly now?: () => number;
}

/** The shell's side of what a core in training mode asks. */
export interface TrainingShell {
  /** What a core is started with, now and whenever it is started again. */
  start(): TrainingStart;
  /** Told once; `tell` reaches whichever thread is the core at that moment. */
  connect(tell: (news: TrainingNews) => void): void;
  asked(question: TrainingQuestion): Promise<Result<{ address: string }>>;
}

/** The core's answers are small and short-lived; V8's own choice costs tens of MB that an old PC lacks. */
const maxYoungGenerationSizeMb = 12;

export function startCore({
  workerFile,
  log,
  maxDeaths = 3,
  deathWindowMs = 60_000,
  closeTimeoutMs = 10_000,
  now = Date.now,
  keyStore,
  startHelpers,
  drawSheet,
  onPreparing,
  training,
  ...settings
}: CoreClientOptions): CoreClient {
  const listeners = new Set<CoreListener>();
  const pending = new Map<number, Call>();
  const deaths: number[] = [];
  const ready = Promise.withResolvers<boolean>();
  const ended = Promise.withResolvers<void>();
  let nextId = 1;
  let closing = false;
  let preparing = false;
  let worker: Worker | null = null;
  const helpers = lendHelpers(startHelpers, send);
  training?.connect((news) => send({ type: 'trainingNews', news }));
  start();

  function start(): void {
    const mine = new Worker(workerFile, {
      workerData: {
        ...settings,
        hasKeyStore: keyStore !== undefined,
        hasHelpers: startHelpers !== undefined,
        hasPress: drawSheet !== undefined,
        training: training?.start() ?? null,
      } satisfies CoreStart,
      resourceLimits: { maxYoungGenerationSizeMb },
    });
    worker = mine;
    mine.on('message', (message: FromCore) => receive(message));
    mine.on('error', (bug) => log('error', 'the core threw', bug));
    mine.on('exit', (code) => {
      worker = null;
      preparing = false;
      helpers.endAll();
      stopPending();
      if (closing) ended.resolve();
      else revive(code);
    });
  }

  function receive(message: FromCore): void {
    switch (message.type) {
      case 'preparing':
        preparing = true;
        onPreparing?.();
        for (const [id, { method }] of pending) answer(id, whilePreparing(method));
        return;
      case 'ready':
        if (preparing) emit({ event: 'changed', payload: { areas: ['station'] } });
        preparing = false;
        ready.resolve(true);
        return;
      case 'answer':
        answer(message.id, message.result);
        return;
      case 'event':
        emit(message.message, message.client);
        return;
      case 'keyStore':
        void askKeyStore(message).then((found) => send({ type: 'keyStore', id: message.id, answer: found }));
        return;
      case 'helper':
        helpers.asked(message.id, message.order);
        return;
      case 'sheet':
        void askPress(message.sheet).then((pdf) => send({ type: 'drawn', id: message.id, pdf }));
        return;
      case 'training':
        void askTraining(message.question).then((answered) =>
          send({ type: 'trainingAnswer', id: message.id, answer: answered }),
        );
        return;
      case 'closed':
        return;
      default:
        message satisfies never;
    }
  }

  /** Null: this call waits for the core. */
  function whilePreparing(method: string): Result<unknown> | null {
    if (method === 'access.session') return ok({ session: null } satisfies Output<'access.session'>);
    if (method !== 'station.status') return null;
    const { mode, appVersion } = settings;
    return ok({
      mode,
      phase: 'preparing',
      version: appVersion,
      users: [],
    } satisfies Output<'station.status'>);
  }

  function answer(id: number, result: Result<unknown> | null): void {
    if (!result) return;
    pending.get(id)?.resolve(result);
    pending.delete(id);
  }

  function emit(message: EventMessage, client: string | null = null): void {
    for (const listener of listeners) listener(client, message);
  }

  async function askKeyStore(question: KeyStoreQuestion): Promise<KeyStoreAnswer> {
    const store = keyStore ?? noKeyStore;
    try {
      return question.ask === 'state' ? await store.state() : await store[question.ask](question.bytes);
    } catch (bug) {
      log('error', 'the key store failed', { name: bug instanceof Error ? bug.name : '' });
      return null;
    }
  }

  async function askPress(sheet: Parameters<NonNullable<typeof drawSheet>>[0]): Promise<Uint8Array | null> {
    try {
      return (await drawSheet?.(sheet)) ?? null;
    } catch (bug) {
      log('error', 'the press failed', { name: bug instanceof Error ? bug.name : '' });
      return null;
    }
  }

  async function askTraining(question: TrainingQuestion): Promise<Result<{ address: string }>> {
    try {
      return (await training?.asked(question)) ?? fail('not_allowed');
    } catch (bug) {
      log('error', 'training mode failed', { about: question.about, bug });
      return fail('internal');
    }
  }

  function stopPending(): void {
    for (const { resolve } of pending.values()) resolve(fail('core_stopped'));
    pending.clear();
  }

  /** Sessions live in the core's memory, so every page must log in again. */
  function revive(code: number): void {
    const at = now();
    deaths.push(at);
    while (deaths[0] !== undefined && deaths[0] <= at - deathWindowMs) deaths.shift();
    if (deaths.length > maxDeaths) {
      log('error', 'the core keeps stopping and is left down', { code });
      ready.resolve(false);
      return;
    }
    log('error', 'the core stopped and is started again', { code });
    start();
    emit({ event: 'session', payload: { reason: 'ended' } });
  }

  function send(message: ToCore): void {
    worker?.postMessage(message);
  }

  return {
    ready: ready.promise,
    invoke(client, method, input) {
      if (!worker || closing) return Promise.resolve(fail('core_stopped'));
      const early = preparing ? whilePreparing(method) : null;
      if (early) return Promise.resolve(early);
      const id = nextId++;
      const { promise, resolve } = Promise.withResolvers<Result<unknown>>();
      pending.set(id, { method, resolve });
      send({ type: 'invoke', id, client, method, input });
      return promise;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      if (closing) return ended.promise;
      closing = true;
      const dying = worker;
      if (!dying) return;
      // Half a training center counts for nothing and is begun anew next time; there is no store to close yet.
      if (preparing) void dying.terminate();
      else send({ type: 'close' });
      const force = setTimeout(() => {
        log('error', 'the core did not close in time', { closeTimeoutMs });
        void dying.terminate();
      }, closeTimeoutMs);
      await ended.promise;
      clearTimeout(force);
    },
  };
}

interface Call {
  readonly method: string;
  resolve(result: Result<unknown>): void;
}
