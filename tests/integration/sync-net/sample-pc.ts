// What every PC of a tried center is made of, in this process or in one of its own: an encrypted store of the sample
// area, how others join with a copy of it, and the founding of a center.
import { randomUUID } from 'node:crypto';
import { openCenterFacts } from '../../../electron/station/center.ts';
import { makeStationIdentity } from '../../../electron/station/certificate.ts';
import { model as stationModel } from '../../../electron/station/index.ts';
import { openStore } from '../../../electron/store/open.ts';
import type { Log } from '../../../electron/store/room.ts';
import { adoptSnapshot, makeSnapshot } from '../../../electron/store/snapshot.ts';
import { recordTables } from '../../../electron/store/snapshot-copy.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import type { SyncNeeds } from '../../../electron/sync/index.ts';
import { ok } from '../../../shared/api/contract.ts';
import { centerSetup, stationEnrol } from '../../../shared/model/station.ts';
import { nobody, sampleArea, sampleMigrations } from '../../unit/store/sample-area.ts';

export const areas = [sampleArea, stationModel];
const storeKey = Buffer.alloc(32, 9);

export interface PcIdentity {
  readonly id: string;
  /** PEM of this PC's own key. */
  readonly key: string;
}

export interface SamplePc {
  /** What the sync room needs of the rest of the program. */
  readonly needs: SyncNeeds;
  store(): OpenStore | null;
  facts(): ReturnType<typeof openCenterFacts> | null;
  stationKey(): string | null;
  /** The store of a PC that was here before. */
  open(identity: PcIdentity): void;
  /** A new center with this PC as its first. */
  found(name: string): Promise<void>;
}

export function samplePc(parts: {
  readonly dataDir: string;
  readonly path: string;
  readonly now: () => number;
  readonly log: Log;
  readonly isQuiet?: () => boolean;
  /** False: whoever joins takes everything in as changes. */
  readonly snapshots?: boolean;
  /** Stands between the store and whoever uses it. */
  readonly over?: (made: OpenStore) => OpenStore;
  /** Who this PC is from now on; its store is not open yet. */
  readonly became: (identity: PcIdentity) => void;
  /** The store is open: sync may begin. */
  readonly opened: (store: OpenStore) => void;
}): SamplePc {
  const { path, now, log } = parts;
  let store: OpenStore | null = null;
  let facts: ReturnType<typeof openCenterFacts> | null = null;
  let stationKey: string | null = null;

  return {
    needs: {
      dataDir: parts.dataDir,
      mode: 'real',
      appVersion: '1.0.0-test',
      now,
      log,
      ...(parts.isQuiet && { isQuiet: parts.isQuiet }),
      center: () => facts?.center() ?? null,
      stations: () => facts?.stations() ?? [],
      stationKey: () => stationKey,
      makeIdentity: makeStationIdentity,
      ...(parts.snapshots !== false && {
        snapshot: (of: OpenStore, folder: string) =>
          makeSnapshot({
            folder,
            store: { path: of.path, key: storeKey },
            tables: recordTables(of.areas),
            origin: { station: of.station.id, logId: of.logId, at: now() },
          }),
      }),
      prepareJoin: async () =>
        ok({
          recoveryKey: 'KEY',
          async adopt(snapshot, station) {
            if (snapshot) {
              const adopted = adoptSnapshot({
                snapshot,
                storePath: path,
                storeKey,
                station: station.id,
                tables: recordTables(areas),
              });
              if (!adopted.ok) return adopted;
            }
            const identity = { id: station.id, key: station.keyPem };
            parts.became(identity);
            use(identity, snapshot === null);
            return ok(null);
          },
        }),
    },
    store: () => store,
    facts: () => facts,
    stationKey: () => stationKey,
    open: (identity) => use(identity, false),
    async found(name) {
      const id = randomUUID().replaceAll('-', '');
      const made = await makeStationIdentity({ id, name, centerName: 'Trung tâm', now: now() });
      const identity = { id, key: made.keyPem };
      parts.became(identity);
      use(identity, true, { id, name, certificate: made.certificatePem });
    },
  };

  function use({ id, key }: PcIdentity, create: boolean, first?: FirstPc): void {
    stationKey = key;
    const made = openStore({
      path,
      key: storeKey,
      areas,
      create,
      migrations: sampleMigrations,
      station: { id },
      appVersion: 'test',
      now,
      log,
    });
    if (!made.ok) throw new Error(made.error.code);
    store = parts.over?.(made.value) ?? made.value;
    if (first) writeCenter(store, first);
    facts = openCenterFacts(store);
    parts.opened(store);
  }
}

interface FirstPc {
  readonly id: string;
  readonly name: string;
  /** PEM */
  readonly certificate: string;
}

function writeCenter(store: OpenStore, pc: FirstPc): void {
  const written = store.write(nobody, (tx) => {
    tx.append(centerSetup, {
      id: randomUUID(),
      body: { name: 'Trung tâm Y tế', facilityCode: null, provinceCode: '66' },
    });
    tx.append(stationEnrol, {
      id: pc.id,
      body: { name: pc.name, code: '01', certificate: pc.certificate },
    });
    return ok(null);
  });
  if (!written.ok) throw new Error(written.error.code);
}
