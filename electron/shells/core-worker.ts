// The core in a thread of its own, so that reports, key derivation and backups never hold up a window.
// Bundled as one CJS file: a worker inside app.asar can't resolve ESM chunks.
import { parentPort, workerData } from 'node:worker_threads';
import { fail } from '../../shared/api/contract.ts';
import { type Core, forkHelper, openBrowserPress, openCore, systemPrinters } from '../core.ts';
import { ensureTrainingCenter, hasTrainingCenter, trainingAccounts } from '../training/create.ts';
import { borrowKeyStore } from './borrowed-key-store.ts';
import { borrowPress } from './borrowed-press.ts';
import type { CoreStart, FromCore, ToCore } from './core-protocol.ts';
import { borrowHelpers } from './lent-helpers.ts';
import { openLog } from './log.ts';
import {
  fingerprintHelperFile,
  fingerprintWorkerFile,
  tokenHelperFile,
  trustFolder,
  upkeepWorkerFile,
} from './places.ts';
import { findBrowser, here } from './system-browser.ts';
import { openTrainingDesk } from './training-desk.ts';

const port = parentPort;
if (!port) throw new Error('core-worker runs as a worker thread only');
const tell = (message: FromCore): void => port.postMessage(message);

// Trust inside: the shell that starts this thread is the only one who can send here.
const { hasKeyStore, hasHelpers, hasPress, training: trainingStart, ...settings } = workerData as CoreStart;
const log = openLog(settings.dataDir);
const { keyStore, answered } = borrowKeyStore(tell);
const helpers = borrowHelpers(tell);
const borrowedPress = borrowPress(tell);
const trainingDesk = trainingStart ? openTrainingDesk(trainingStart, tell, log) : null;

async function run(): Promise<void> {
  const training = settings.mode === 'training';
  // the second station of training gets its record from the first
  if (training && !trainingStart?.hub && !hasTrainingCenter(settings.dataDir)) {
    tell({ type: 'preparing' });
    const made = await ensureTrainingCenter({ ...settings, now: Date.now(), log });
    if (!made.ok) log('error', 'the training center could not be made', made.error.code);
  }
  // Calls that come while the core is opening wait for it; what the key store answers is needed to open it.
  const opening = openCore({
    ...settings,
    ...(training && { trainingAccounts }),
    ...(hasKeyStore && { keyStore }),
    ...(trainingDesk && { training: trainingDesk.sync }),
    upkeepWorker: upkeepWorkerFile(),
    fingerprintWorker: fingerprintWorkerFile(),
    startReaderHelper: hasHelpers ? helpers.start('reader') : forkHelper(fingerprintHelperFile()),
    startTokenHelper: hasHelpers ? helpers.start('token') : forkHelper(tokenHelperFile()),
    press: hasPress
      ? borrowedPress.press
      : openBrowserPress({ program: findBrowser, isRoot: here.isRoot, log }),
    printers: systemPrinters(),
    trustFolder: trustFolder(),
    log,
  });
  port?.on('message', (message: ToCore) => {
    if (message.type === 'keyStore') answered(message.id, message.answer);
    else if (message.type === 'helper') helpers.heard(message.id, message.news);
    else if (message.type === 'drawn') borrowedPress.drawn(message.id, message.pdf);
    else if (message.type === 'trainingAnswer' || message.type === 'trainingNews')
      trainingDesk?.heard(message);
    else void opening.then((core) => (message.type === 'invoke' ? answer(core, message) : close(core)));
  });
  const core = await opening;
  core.subscribe((client, message) => tell({ type: 'event', client, message }));
  tell({ type: 'ready' });
  await trainingDesk?.started(core);
}

async function answer(
  core: Core,
  { id, client, method, input }: Extract<ToCore, { type: 'invoke' }>,
): Promise<void> {
  const result = await core.invoke(client, method, input).catch((bug: unknown) => {
    log('error', 'a call escaped the router', { method, bug });
    return fail('internal');
  });
  tell({ type: 'answer', id, result });
}

async function close(core: Core): Promise<void> {
  await core.close();
  tell({ type: 'closed' });
  port?.close();
}

run().catch((bug: unknown) => {
  log('error', 'the core could not start', bug);
  throw bug;
});
