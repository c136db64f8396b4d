// One station for benchmarks: the program's own store and its own line to a place, without the rooms around them.
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { allModels } from '../../electron/core.ts';
import { upkeepWorkerFile } from '../../electron/shells/places.ts';
import { makeStationIdentity } from '../../electron/station/certificate.ts';
import { blobsOf } from '../../electron/store/blobs.ts';
import { changeStoreOf } from '../../electron/store/change-store.ts';
import { sha256Hex } from '../../electron/store/crypto.ts';
import { openStore } from '../../electron/store/open.ts';
import type { OpenStore } from '../../electron/store/types.ts';
import { type Upkeep, upkeepInThread } from '../../electron/store/upkeep.ts';
import { type Book, openBook } from '../../electron/sync/book.ts';
import { type Caller, keepCalling, WAITS } from '../../electron/sync/caller.ts';
import { dictionaries } from '../../electron/sync/dictionaries.ts';
import { enrolAt } from '../../electron/sync/enrol.ts';
import { DEADLINES, type Keys, type Tickets } from '../../electron/sync/line.ts';
import type { Ground } from '../../electron/sync/meeting.ts';
import type { Result } from '../../shared/api/contract.ts';
import { kindRegistry } from '../../shared/model/registry.ts';
import { derOf } from '../../shared/sync/certificate.ts';
import type { Dictionary } from '../../shared/sync/frames.ts';
import { feedKey } from '../../shared/sync/port.ts';
import { documentArea, documentMigrations } from './documents.ts';

export interface Station {
  readonly store: OpenStore;
  readonly book: Book;
  readonly ground: Ground;
  readonly keys: Keys;
  /** SHA-256 of this station's certificate, 64 hex digits; empty without TLS. */
  readonly ownFingerprint: string;
  /** Whom it calls, by the key that is expected there; null: nobody proves anything. */
  fingerprint: string | null;
  /** `province`, or the hub's station id. */
  peer: string;
  enrol(port: number, code: string, centerId: string): Promise<void>;
  /** Connects there from now on, and nowhere else. */
  connectTo(port: number): Promise<void>;
  /** Everything this station wrote is proven to be held there. */
  sent(): boolean;
  /** A session is up and has brought everything there is for us. */
  current(): boolean;
  counts(): { sessions: number; failures: number };
  /** The record as a file for a new PC. */
  snapshot(folder: string): ReturnType<Upkeep['snapshot']>;
  close(): Promise<void>;
}

const key = Buffer.alloc(32, 1);

export async function openStation(
  folder: string,
  options: {
    tls: boolean;
    dictionaries?: readonly Dictionary[];
    /** A center's own store, with all of the program's areas; left out, one of plain documents. */
    center?: { readonly key: Uint8Array };
    isQuiet?(): boolean;
  },
): Promise<Station> {
  const path = join(folder, 'record.db');
  mkdirSync(folder, { recursive: true });
  const opened = openStore({
    path,
    ...(options.center
      ? { key: options.center.key, areas: allModels }
      : { key, areas: [documentArea], migrations: documentMigrations }),
    create: !existsSync(path),
    station: { id: randomBytes(16).toString('hex') },
    appVersion: '0.1.0',
    writtenBackElsewhere: true,
  });
  const store = worth(opened);
  const upkeep = upkeepInThread({
    workerFile: upkeepWorkerFile(),
    store,
    registry: kindRegistry(store.areas.flatMap((area) => area.kinds)),
    key: options.center?.key ?? key,
    log() {},
  });
  const book = openBook(store);
  const keys: Keys = options.tls
    ? await makeStationIdentity({
        id: store.station.id,
        name: 'Máy đo',
        centerName: 'Trung tâm đo',
        now: Date.now(),
      })
    : { keyPem: '', certificatePem: '' };
  const ground: Ground = {
    store,
    changes: changeStoreOf(store, options.isQuiet),
    forks: {
      newIncarnation: async (shown) => worth(store.newIncarnation(shown)),
      displace: async (feed, fromSeq) => worth(store.displace(feed, fromSeq)),
    },
    book,
    blobs: blobsOf(store),
    blobsGrew() {},
    branchMoved() {},
    linesOf: () => 1,
    dictionaries: options.dictionaries ?? dictionaries,
    appVersion: '0.1.0',
    now: Date.now,
    log: (level, message, facts) => level === 'error' && console.error(message, facts),
  };
  const tickets: Tickets = new Map();
  let caller: Caller | null = null;
  let address = { host: '127.0.0.1', port: 0, plain: !options.tls };
  let sessions = 0;
  let failures = 0;
  const unsubscribe = store.onCommit(() => caller?.grew());

  const station: Station = {
    store,
    book,
    ground,
    keys,
    ownFingerprint: options.tls ? sha256Hex(derOf(keys.certificatePem) ?? new Uint8Array()) : '',
    fingerprint: null,
    peer: 'province',
    async enrol(port, code, centerId) {
      const enrolled = worth(
        await enrolAt({
          address: `127.0.0.1:${port}`,
          code,
          keys,
          station: { id: store.station.id, name: 'Máy đo' },
          center: { id: centerId, name: 'Trung tâm đo', facilityCode: null, provinceCode: '11' },
          training: false,
          deadlines: DEADLINES,
          signal: AbortSignal.timeout(60_000),
        }),
      );
      station.fingerprint = sha256Hex(derOf(enrolled.certificate) ?? new Uint8Array());
    },
    async connectTo(port) {
      if (caller && address.port === port) return;
      await caller?.close();
      address = { ...address, port };
      caller = keepCalling({
        ground,
        keys,
        tickets,
        deadlines: DEADLINES,
        waits: WAITS,
        random: Math.random,
        addresses: () => [address],
        expected: () => station.fingerprint,
        mode: () => 'both',
        who: (fingerprint) =>
          fingerprint === station.fingerprint ? { peer: station.peer, station: null } : null,
        already: () => false,
        began() {
          sessions += 1;
        },
        changed() {
          if (caller?.facts().end) failures += 1;
        },
        provinceHolds() {},
        asked: async () => new Uint8Array(),
      });
    },
    sent() {
      const held = new Map(book.held(station.peer).map((head) => [feedKey(head), head.seq]));
      return store.feeds().every((feed) => !feed.own || (held.get(feedKey(feedOf(feed))) ?? 0) >= feed.seq);
    },
    current: () => caller?.facts().meeting?.facts().caughtUp ?? false,
    counts() {
      const counted = { sessions, failures };
      sessions = 0;
      failures = 0;
      return counted;
    },
    snapshot: (into) => upkeep.snapshot(into, Date.now()),
    async close() {
      unsubscribe();
      await caller?.close();
      await upkeep.close();
      store.close();
    },
  };
  return station;
}

export const newCenterId = (): string => randomUUID();

function feedOf(feed: { station: string; incarnation: number; lane: number }) {
  return {
    station: feed.station,
    incarnation: feed.incarnation,
    lane: feed.lane === 0 ? (0 as const) : feed.lane === 1 ? (1 as const) : (2 as const),
  };
}

function worth<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}
