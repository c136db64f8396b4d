// The composition root: keys, store and rooms come together here and answer the contract through one router.
// Every shell runs this same core, in a worker thread; it knows neither windows nor HTTP.
import { mkdirSync } from 'node:fs';
import type { Result } from '../shared/api/contract.ts';
import type { EventMessage, Method, Output } from '../shared/api/index.ts';
import { createFrames } from '../shared/sync/frames.ts';
import {
  type Access,
  model as accessModel,
  checkPassword,
  createFirstAdministrator,
  dropDraft,
  openAccess,
  verifierOf,
} from './access/index.ts';
import { keepFilesComing } from './clinic/keep-files-coming.ts';
import {
  clinicHandlers,
  clinicModels,
  handlersWithoutStore,
  isNamedFile,
  layOutWards,
  lookups,
  namedFiles,
} from './core/clinic.ts';
import { changedAreas, type Listener, openEvents } from './core/events.ts';
import { type FingerprintDesk, openFingerprintDesk } from './core/fingerprints.ts';
import { noSync } from './core/no-sync.ts';
import { openPapersDesk, type PapersDesk } from './core/papers.ts';
import { type AnyHandler, type AnyVisitorHandler, createRouter } from './core/router.ts';
import { keepStore } from './core/store-file.ts';
import { openSyncDesk, type SyncDesk, type TrainingSync } from './core/sync.ts';
import { noKeyStore, type SystemKeyStore } from './core/system-key.ts';
import { openUndo } from './core/undo.ts';
import { model as fingerprintModel } from './fingerprint/index.ts';
import type { StartHelper } from './fingerprint/readers/vendor/index.ts';
import type { ReaderFamily } from './fingerprint/types.ts';
import type { Press, Printers } from './print/index.ts';
import { model as signingModel } from './signing/desk/index.ts';
import { httpFetch } from './signing/judge/http-fetch.ts';
import type { StartHelper as StartTokenHelper, TokenDesk } from './signing/tokens/index.ts';
import type { CertificateJudge, Fetch } from './signing/types.ts';
import {
  type DeviceSources,
  keepStationKey,
  makeStationIdentity,
  openStation,
  realDevices,
  type Station,
  stationKeyOf,
  model as stationModel,
} from './station/index.ts';
import { blobsOf } from './store/blobs.ts';
import { type Argon2Cost, sha256 } from './store/crypto.ts';
import type { Log } from './store/room.ts';
import type { OpenStore } from './store/types.ts';
import { openSync, type SyncOptions } from './sync/open.ts';
import type { Sync } from './sync/types.ts';
import { pluggedInDrives } from './sync/usb-drives.ts';
import { zstd } from './sync/zstd.ts';
import { trainingCenter } from './training/center.ts';

export interface CoreOptions {
  readonly dataDir: string;
  readonly mode: 'real' | 'training';
  readonly appVersion: string;
  /** ms since 1970 UTC; the PC's clock when left out. */
  now?(): number;
  /** ms, counts through sleep and cannot be set by hand. */
  uptimeMs?(): number;
  readonly log: Log;
  /** Training mode only: who to log in as, shown on the login screen. */
  readonly trainingAccounts?: Output<'station.status'>['trainingAccounts'];
  readonly devices?: DeviceSources;
  /** Training mode only: the line to the province and the second station that staff may play with. */
  readonly training?: TrainingSync;
  /** Talks to nobody: for work of moments on the command line. */
  readonly offline?: boolean;
  /** Deadlines, dictionaries and networks other than the usual ones. */
  readonly sync?: SyncOptions;
  /** File of the store's upkeep thread; left out (command line), backup and checks run in this thread. */
  readonly upkeepWorker?: string;
  /** How helper processes for libraries of fingerprint readers are started; left out, there are no such readers. */
  readonly startReaderHelper?: StartHelper;
  /** File of the matching thread; left out (command line), fingers are matched in this thread. */
  readonly fingerprintWorker?: string;
  /** Fingerprint readers other than those plugged in; called when the first one is needed. */
  readonly fingerReaders?: () => readonly ReaderFamily[];
  /** What draws papers; left out, nothing can be frozen or printed. Closed with the core. */
  readonly press?: Press;
  /** The system's printers, lent by the shell. */
  readonly printers?: Printers;
  /** How the helper process for tokens is started; left out, there are no tokens. */
  readonly startTokenHelper?: StartTokenHelper;
  /** Tokens other than those plugged in. */
  readonly tokens?: () => TokenDesk;
  /** The program's folder of root certificates; left out, only those in the data folder's `trust`. */
  readonly trustFolder?: string;
  /** How time-stamps and revocation lists are asked for, other than over the line. */
  readonly signingFetch?: Fetch;
  /** Who says what a certificate is worth, other than the anchors of this program. */
  readonly judge?: CertificateJudge;
  /** The operating system's, lent by a shell that can reach one. */
  readonly keyStore?: SystemKeyStore;
  /** What locking the key with a password costs; a test that makes many accounts cannot pay the real price. */
  readonly keyCost?: Argon2Cost;
}

export interface Core {
  /** Never rejects. `client` names a page; sessions belong to it. */
  invoke(client: string, method: string, input: unknown): Promise<Result<unknown>>;
  /** `client: null` is for every page. */
  subscribe(listener: Listener): () => void;
  close(): Promise<void>;
}

/** What every area's model adds to a store; also for tools that open one without a core. */
export const allModels = [...clinicModels, accessModel, stationModel, fingerprintModel, signingModel];

export async function openCore(options: CoreOptions): Promise<Core> {
  const { dataDir, mode, appVersion, log } = options;
  const now = options.now ?? Date.now;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });

  const events = openEvents();
  const undo = openUndo(now);
  let handlers = byMethod<AnyHandler>(handlersWithoutStore());
  let lastClient: string | null = null;
  let stopFetching: (() => void) | null = null;

  const kept = keepStore({
    dataDir,
    appVersion,
    areas: allModels,
    upkeepWorker: options.upkeepWorker,
    opened: attach,
    keepStationKey,
    recentUsers: () => access.recentUsers(),
    now,
    uptimeMs: options.uptimeMs,
    keyStore: options.keyStore ?? noKeyStore,
    keyCost: options.keyCost,
    log,
  });
  const access: Access = openAccess({
    dataDir,
    mode,
    vault: kept.vault,
    autoLockMinutes: () => station.facts()?.settings().autoLockMinutes ?? 10,
    stationName: (id) => station.facts()?.stationName(id) ?? '',
    patientNames: (ids) => lookups.patientNames(store(), ids),
    tell(client, reason) {
      events.emit(client, { event: 'session', payload: { reason } });
      papers.sweep();
    },
    now,
    log,
  });
  const station: Station = openStation({
    dataDir,
    mode,
    appVersion,
    file: kept.file,
    trainingAccounts: mode === 'training' ? options.trainingAccounts : undefined,
    devices: options.devices ?? realDevices,
    checkPassword,
    verifierOf,
    createFirstAdministrator,
    layOutWards,
    recoverAccount: access.recover,
    confirmsPassword: access.confirms,
    countPatients: lookups.countPatients,
    scanned,
    now,
    log,
  });

  // invented people stay on this PC; training that shows how sync works brings its own province
  const alone = options.offline || (mode === 'training' && !options.training);
  const sync: Sync = alone
    ? noSync()
    : openSync(
        {
          dataDir,
          mode,
          appVersion,
          center: () => station.facts()?.center() ?? null,
          stations: () => station.facts()?.stations() ?? [],
          stationKey: stationKeyOf,
          makeIdentity: makeStationIdentity,
          personKeys: () => fingerprints.keyPlace(),
          isNamedFile,
          isQuiet: () => !access.anyoneAtWork(),
          prepareJoin: kept.prepareJoin,
          snapshot: (_store, folder) => kept.snapshot(folder),
          now,
          log,
        },
        options.sync,
      );
  // a page that waits for the frozen bytes of a paper asks again when files have come
  let filesWaiting = 0;
  const stopCounting = sync.onChange(() => {
    const { waiting } = sync.facts().files;
    if (waiting < filesWaiting) {
      events.emit(null, { event: 'changed', payload: { areas: ['signing'] } });
      papers.filesCame();
    }
    filesWaiting = waiting;
  });
  const desk: SyncDesk = openSyncDesk({
    sync,
    appVersion,
    people: access.people,
    center: station.facts,
    stationKey: stationKeyOf,
    store: kept.file.store,
    patientNames: (ids) => lookups.patientNames(store(), ids),
    logRead: access.logRead,
    mode,
    training: options.training,
    drives: pluggedInDrives,
    frames: () => createFrames({ codec: zstd, dictionary: null, sha256 }),
    changed: () => events.emit(null, { event: 'changed', payload: { areas: ['sync'] } }),
    now,
    log,
  });

  const fingerprints: FingerprintDesk = openFingerprintDesk({
    dataDir,
    mode,
    worker: options.fingerprintWorker,
    startReaderHelper: options.startReaderHelper,
    readers: options.fingerReaders,
    store: kept.file.store,
    center: station.facts,
    people: access.people,
    clientOf: access.clientOf,
    tell: (client, payload) => events.emit(client, { event: 'capture', payload }),
    changed: () => events.emit(null, { event: 'changed', payload: { areas: ['fingerprints'] } }),
    now,
    log,
  });

  const papers: PapersDesk = openPapersDesk({
    mode,
    press: options.press,
    startTokenHelper: options.startTokenHelper,
    tokens: options.tokens,
    judge: options.judge,
    dataDir,
    trustFolder: options.trustFolder,
    printers: options.printers,
    // invented papers ask nobody
    fetch: options.signingFetch ?? (options.offline || mode === 'training' ? null : httpFetch()),
    center: station.facts,
    people: access.people,
    accounts: access.accounts,
    blobs: sync.blobs,
    confirmBytes: fingerprints.confirmBytes,
    clientAtWork(sessionId) {
      const client = access.clientOf(sessionId);
      return client !== null && access.signedIn(client)?.locked === false ? client : null;
    },
    tell: (client, payload) => events.emit(client, { event: 'signing', payload }),
    changed: (area) => events.emit(null, { event: 'changed', payload: { areas: [area] } }),
    now,
    log,
  });

  const visitorHandlers = byMethod<AnyVisitorHandler>({
    ...access.visitorHandlers,
    ...station.visitorHandlers,
    ...desk.visitorHandlers,
  });
  const route = createRouter({
    visitorHandler: (method) => visitorHandlers.get(method),
    handler: (method) => handlers.get(method),
    storeIsOpen: () => kept.vault.store() !== null,
    signedIn: access.signedIn,
    touch: access.touch,
    patientOf: (input) => lookups.patientOf(kept.file.store(), input),
    glassBroken: access.glassBroken,
    logRead: access.logRead,
    undo: undo.register,
    now,
    log,
  });
  await kept.openWithoutPassword();
  const stopTimers = startTimers({
    sweep: access.sweep,
    lookAtClock: station.lookAtClock,
    keepUp: station.keepUp,
    log,
  });

  return {
    invoke(client, method, input) {
      lastClient = client;
      return route(client, method, input);
    },
    subscribe: events.subscribe,
    async close() {
      stopTimers();
      stopCounting();
      stopFetching?.();
      desk.close();
      await papers.close();
      await sync.close();
      await fingerprints.close();
      await options.press?.close();
      await station.close();
      await kept.close();
    },
  };

  function attach(opened: OpenStore, keyFor: (purpose: string) => Buffer): void {
    const stationHandlers = station.attach(opened);
    const accessHandlers = access.attach(opened);
    const syncHandlers = desk.attach(opened);
    const fingerprintHandlers = fingerprints.attach(opened, keyFor);
    const paperHandlers = papers.attach(opened);
    const ownFiles = blobsOf(opened);
    // those of the sync room offer at once what is put there
    const blobs = () => sync.blobs() ?? ownFiles;
    stopFetching?.();
    stopFetching = keepFilesComing({ store: opened, blobs, named: namedFiles, log });
    handlers = byMethod<AnyHandler>({
      ...stationHandlers,
      ...accessHandlers,
      ...syncHandlers,
      ...fingerprintHandlers,
      ...paperHandlers,
      ...undo.handlers,
      ...handlersWithoutStore(),
      ...clinicHandlers({
        store: opened,
        people: access.people,
        now,
        numberPrefix: () => station.facts()?.numberPrefix() ?? '00A',
        overdueHours: () => station.facts()?.settings().overdueVitalsHours ?? 12,
        dropDraft,
        blobs,
      }),
    });
    opened.onCommit(({ types, patients }) => {
      const [patientId, ...others] = patients;
      const payload = {
        areas: changedAreas(types),
        ...(patientId && others.length === 0 ? { patientId } : {}),
      };
      if (payload.areas.length > 0) events.emit(null, { event: 'changed', payload });
    });
    events.emit(null, { event: 'changed', payload: { areas: ['station'] } });
    // a real record opened under training's banner by mistake must not travel, nor meet training's province
    if (mode === 'real' || station.facts()?.center()?.facilityCode === trainingCenter.facilityCode) {
      sync.attach(opened);
      options.training?.opened(sync);
    } else log('warn', 'not the training center: sync stays off');
    // not inside the opening: whoever logs in waits for it
    if (mode === 'training') setImmediate(() => void papers.layOut());
  }

  function store(): OpenStore {
    const opened = kept.file.store();
    if (!opened) throw new Error('no store is open');
    return opened;
  }

  /** A scan holds a person's identity: it goes only to the page somebody is working at. */
  function scanned(raw: string): void {
    if (lastClient === null) return;
    const session = access.signedIn(lastClient);
    if (session && !session.locked) events.emit(lastClient, { event: 'scan', payload: { raw } });
  }
}

/** What frames are compressed with beside what was sent before; peers that have another go without. */

/** Own members only, so that a method named after something every object has finds nothing. */
function byMethod<H>(handlers: { readonly [M in Method]?: unknown }): ReadonlyMap<string, H> {
  // each handler was checked against its own method's types where it was made; the router parses before it calls
  return new Map(Object.entries(handlers) as [string, H][]);
}

const sweepMs = 5_000;
const clockMs = 60_000;
const keepUpMs = 10 * 60_000;
/** Not while somebody waits for the first screen. */
const firstKeepUpMs = 90_000;

function startTimers(work: {
  sweep(): void;
  lookAtClock(): void;
  keepUp(): Promise<void>;
  log: Log;
}): () => void {
  const safely = (what: string, run: () => void | Promise<void>) => () => {
    Promise.resolve()
      .then(run)
      .catch((bug: unknown) => work.log('error', `${what} failed`, { bug }));
  };
  const keepUp = safely('the daily round', work.keepUp);
  const timers = [
    setInterval(safely('the auto-lock', work.sweep), sweepMs),
    setInterval(safely('the clock check', work.lookAtClock), clockMs),
    setInterval(keepUp, keepUpMs),
    setTimeout(keepUp, firstKeepUpMs),
  ];
  for (const timer of timers) timer.unref();
  return () => {
    for (const timer of timers) clearTimeout(timer);
  };
}

export { forkHelper, type HelperProcess, type StartHelper } from './fingerprint/readers/vendor/index.ts';
export { openBrowserPress, type Press, systemPrinters } from './print/index.ts';
export type { EventMessage, TrainingSync };
