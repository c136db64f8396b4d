// The core in a thread of its own, so that reports, key derivation and backups never hold up a window.
// Bundled as one CJS file: a worker inside app.asar can't resolve ESM chunks.
import { parentPort, workerData } from 'node:worker_threads';
import { fail } from '../../shared/api/contract.ts';
import { openCore } from '../core.ts';
import { ensureTrainingCenter, trainingAccounts } from '../training/create.ts';
import type { CoreSettings, FromCore, ToCore } from './core-protocol.ts';
import { openLog } from './log.ts';
import { upkeepWorkerFile } from './places.ts';

const port = parentPort;
if (!port) throw new Error('core-worker runs as a worker thread only');
const tell = (message: FromCore): void => port.postMessage(message);

// Trust inside: the shell that starts this thread is the only one who can send here.
const settings = workerData as CoreSettings;
const log = openLog(settings.dataDir);

async function run(): Promise<void> {
  const training = settings.mode === 'training';
  if (training) {
    const ready = await ensureTrainingCenter({ ...settings, now: Date.now(), log });
    if (!ready.ok) log('error', 'the training center could not be made', ready.error.code);
  }
  const core = await openCore({
    ...settings,
    ...(training && { trainingAccounts }),
    upkeepWorker: upkeepWorkerFile(),
    log,
  });
  core.subscribe((client, message) => tell({ type: 'event', client, message }));
  port?.on('message', (message: ToCore) => {
    if (message.type === 'invoke') void answer(message);
    else void close();
  });
  tell({ type: 'ready' });

  async function answer({ id, client, method, input }: Extract<ToCore, { type: 'invoke' }>): Promise<void> {
    const result = await core.invoke(client, method, input).catch((bug: unknown) => {
      log('error', 'a call escaped the router', { method, bug });
      return fail('internal');
    });
    tell({ type: 'answer', id, result });
  }

  async function close(): Promise<void> {
    await core.close();
    tell({ type: 'closed' });
    port?.close();
  }
}

run().catch((bug: unknown) => {
  log('error', 'the core could not start', bug);
  throw bug;
});
