// The door of the sync room: running while a store is open, listening and joining while there is none.
import { fail } from '../../shared/api/contract.ts';
import type { Dictionary } from '../../shared/sync/frames.ts';
import type { OpenStore } from '../store/types.ts';
import { spellAddress } from './address.ts';
import { dictionaries } from './dictionaries.ts';
import { type Discovery, deafAndDumb, type OpenMulticast, openDiscovery } from './discovery.ts';
import { noFacts } from './facts.ts';
import { openJoining } from './joining.ts';
import { type Running, run, TUNING, type Tuning } from './running.ts';
import { openSnapshots } from './snapshots.ts';
import type { Joining, Sync, SyncNeeds } from './types.ts';

/** How often listeners are told at most. */
const TELL_EVERY_MS = 250;

export interface SyncOptions {
  readonly tuning?: Partial<Tuning>;
  readonly dictionaries?: readonly Dictionary[];
  /** Stands in for the network's own multicast. */
  readonly multicast?: OpenMulticast;
}

export function openSync(needs: SyncNeeds, options: SyncOptions = {}): Sync {
  const tuning: Tuning = { ...TUNING, ...options.tuning };
  const listeners = new Set<() => void>();
  let telling: NodeJS.Timeout | null = null;
  let running: Running | null = null;
  let ending: Promise<void> = Promise.resolve();
  let discovery: Discovery | null = null;
  const joining = openJoining({ needs, tuning, changed });
  const snapshots = openSnapshots(needs);

  return {
    attach(store: OpenStore) {
      if (running) return;
      running = run({
        needs,
        store,
        discovery: listenToLan(),
        dictionaries: options.dictionaries ?? dictionaries,
        tuning,
        arrival: joining.arrival(store.station.id),
        snapshot: (request, response) => snapshots.serve(store, request, response),
        changed,
      });
      changed();
    },
    async detach() {
      const stopped = running;
      running = null;
      ending = stopped?.close() ?? Promise.resolve();
      await ending;
      changed();
    },
    facts: () => running?.facts() ?? noFacts,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    now() {
      running?.now();
      joining.nudge();
    },
    enrol: async (author, address, code) =>
      running ? running.enrol(author, address, code) : fail('store_closed'),
    invite: async () => (running ? running.invite() : fail('store_closed')),
    saveHub: async (set) => (running ? running.saveHub(set) : fail('store_closed')),
    revokeStation: (author, stationId, reason) =>
      running ? running.revokeStation(author, stationId, reason) : fail('store_closed'),
    lookup: async (query) =>
      running ? running.lookup(query) : { state: 'not_enrolled', people: [], at: null },
    provinceCertificate: () => running?.provinceCertificate() ?? null,
    provinceHolds: async (heads) => running?.provinceHolds(heads) ?? 0,
    async found() {
      return listenToLan()
        .heard()
        .map(({ host, port, centerName, stationName }) => ({
          address: spellAddress({ host, port, plain: false }),
          centerName,
          stationName,
        }));
    },
    join: (input) => joining.join(input),
    joining: lookAtJoining,
    blobs: () => running?.blobs() ?? null,
    async close() {
      await joining.close();
      await running?.close();
      running = null;
      await discovery?.close();
      await snapshots.close();
      if (telling) clearTimeout(telling);
      listeners.clear();
    },
  };

  function listenToLan(): Discovery {
    // invented people are nobody else's business
    if (needs.mode === 'training') discovery ??= deafAndDumb;
    discovery ??= openDiscovery({
      now: needs.now,
      changed: () => {
        running?.now();
        changed();
      },
      log: needs.log,
      ...(options.multicast && { multicast: options.multicast }),
    });
    return discovery;
  }

  function lookAtJoining(): Joining {
    return joining.facts(running?.facts() ?? null, running?.grownBy() ?? 0);
  }

  function changed(): void {
    telling ??= setTimeout(() => {
      telling = null;
      lookAtJoining();
      for (const listener of listeners) listener();
    }, TELL_EVERY_MS).unref();
  }
}
