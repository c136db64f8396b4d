// A shell's end of the core's worker thread: calls, events, and what happens when the thread dies.
// A dead core never leaves a call hanging: everything pending answers `core_stopped`, and the core is started again.
import { Worker } from 'node:worker_threads';
import { fail, type Result } from '../../shared/api/contract.ts';
import type { EventMessage } from '../../shared/api/index.ts';
import type { CoreSettings, FromCore, ToCore } from './core-protocol.ts';
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
  /** More deaths than this within `deathWindowMs` and the core stays down until the program is started again. */
  readonly maxDeaths?: number;
  readonly deathWindowMs?: number;
  readonly closeTimeoutMs?: number;
  readonly now?: () => number;
}

export function startCore({
  workerFile,
  log,
  maxDeaths = 3,
  deathWindowMs = 60_000,
  closeTimeoutMs = 10_000,
  now = Date.now,
  ...settings
}: CoreClientOptions): CoreClient {
  const listeners = new Set<CoreListener>();
  const pending = new Map<number, (result: Result<unknown>) => void>();
  const deaths: number[] = [];
  const ready = Promise.withResolvers<boolean>();
  const ended = Promise.withResolvers<void>();
  let nextId = 1;
  let closing = false;
  let worker: Worker | null = null;
  start();

  function start(): void {
    const mine = new Worker(workerFile, { workerData: settings });
    worker = mine;
    mine.on('message', (message: FromCore) => receive(message));
    mine.on('error', (bug) => log('error', 'the core threw', bug));
    mine.on('exit', (code) => {
      worker = null;
      stopPending();
      if (closing) ended.resolve();
      else revive(code);
    });
  }

  function receive(message: FromCore): void {
    switch (message.type) {
      case 'ready':
        ready.resolve(true);
        return;
      case 'answer':
        pending.get(message.id)?.(message.result);
        pending.delete(message.id);
        return;
      case 'event':
        for (const listener of listeners) listener(message.client, message.message);
        return;
      case 'closed':
        return;
      default:
        message satisfies never;
    }
  }

  function stopPending(): void {
    for (const answer of pending.values()) answer(fail('core_stopped'));
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
    for (const listener of listeners) listener(null, { event: 'session', payload: { reason: 'ended' } });
  }

  function send(message: ToCore): void {
    worker?.postMessage(message);
  }

  return {
    ready: ready.promise,
    invoke(client, method, input) {
      if (!worker || closing) return Promise.resolve(fail('core_stopped'));
      const id = nextId++;
      const { promise, resolve } = Promise.withResolvers<Result<unknown>>();
      pending.set(id, resolve);
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
      send({ type: 'close' });
      const force = setTimeout(() => {
        log('error', 'the core did not close in time', { closeTimeoutMs });
        void dying.terminate();
      }, closeTimeoutMs);
      await ended.promise;
      clearTimeout(force);
    },
  };
}
