// A PC of a center as the sync room sees it: a real encrypted store, a real sync room, real TLS on loopback.
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type multicastDns from 'multicast-dns';
import { onTestFinished } from 'vitest';
import { changeStoreOf } from '../../../electron/store/change-store.ts';
import { sha256 } from '../../../electron/store/crypto.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import { openSync, type Sync, type SyncFacts } from '../../../electron/sync/index.ts';
import type { Tuning } from '../../../electron/sync/running.ts';
import { ok } from '../../../shared/api/contract.ts';
import { feedKey } from '../../../shared/sync/port.ts';
import { vectorDigest } from '../../../shared/sync/vector.ts';
import { nobody, thingNote, thingOpen } from '../../unit/store/sample-area.ts';
import { type PcIdentity, samplePc } from './sample-pc.ts';

export { areas } from './sample-pc.ts';

/** Short waits, so that a test of a reconnect takes moments; deadlines as they are unless told. */
const quick: Partial<Tuning> = {
  waits: { firstMs: 20, mostMs: 200, goodMs: 500, pollMs: 200 },
  deadlines: { connectMs: 2_000, handshakeMs: 3_000, answerMs: 2_000, exchangeMs: 10_000 },
  watchMs: 60_000,
  port: 0,
};

export interface Pc {
  readonly sync: Sync;
  readonly dataDir: string;
  store(): OpenStore;
  facts(): SyncFacts;
  readonly logged: { level: string; message: string; detail: unknown }[];
  /** Writes `count` notes; answers their ids. */
  write(count: number): string[];
  writeThing(name: string): string;
  notes(): number;
  vector(): Promise<string>;
  keys(): { keyPem: string; certificatePem: string };
  /** Port this PC serves at. */
  port(): number;
  address(): string;
  invite(): Promise<string>;
  close(): Promise<void>;
}

export async function openPc(options: {
  readonly name: string;
  /** Left out: as new, waiting to join. */
  readonly founds?: boolean;
  readonly dataDir?: string;
  readonly tuning?: Partial<Tuning>;
  readonly snapshots?: boolean;
  readonly now?: () => number;
  /** Folder of the PC whose disk this one is a clone of. */
  readonly sameAs?: string;
  /** PCs on one LAN hear each other's multicast. */
  readonly lan?: Lan;
}): Promise<Pc> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'tram-pc-'));
  const logged: Pc['logged'] = [];
  const made = samplePc({
    dataDir,
    path: join(dataDir, 'record.db'),
    now: options.now ?? Date.now,
    log: (level, message, detail) => logged.push({ level, message, detail }),
    isQuiet: () => false,
    snapshots: options.snapshots !== false,
    became: (identity) => kept.set(dataDir, identity),
    opened(store) {
      store.sql.pragma('synchronous = OFF');
      sync.attach(store);
    },
  });
  const sync = openSync(made.needs, {
    tuning: { ...quick, ...options.tuning },
    multicast: () => cardOn(options.lan ?? newLan()),
  });

  if (options.sameAs) kept.set(dataDir, kept.get(options.sameAs)!);
  const before = kept.get(dataDir);
  if (before) made.open(before);
  else if (options.founds) await made.found(options.name);

  let closed = false;
  const pc: Pc = {
    sync,
    dataDir,
    logged,
    store: opened,
    facts: () => sync.facts(),
    write(count) {
      const ids = Array.from({ length: count }, () => randomUUID());
      opened().write(nobody, (tx) => {
        for (const id of ids) tx.append(thingNote, { id, body: { text: `ghi chú ${id.slice(0, 4)}` } });
        return ok(null);
      });
      return ids;
    },
    writeThing(name) {
      const id = randomUUID();
      opened().write(nobody, (tx) => {
        tx.append(thingOpen, { id, body: { name } });
        return ok(null);
      });
      return id;
    },
    notes: () => opened().sql.prepare<[], number>('select count(*) from sample_note').pluck().get() ?? 0,
    vector: async () => vectorDigest(await changeStoreOf(opened()).heads(), sha256),
    keys: () => ({
      keyPem: made.stationKey()!,
      certificatePem: made
        .facts()!
        .stations()
        .find((one) => one.id === opened().station.id)!.certificate,
    }),
    port: () => Number(sync.facts().hub.addresses[0]?.split(':')[1]),
    address: () => `127.0.0.1:${pc.port()}`,
    async invite() {
      const invited = await sync.invite();
      if (!invited.ok) throw new Error(invited.error.code);
      return invited.value.code;
    },
    async close() {
      if (closed) return;
      closed = true;
      await sync.close();
      const store = made.store();
      if (store?.sql.open) store.close();
    },
  };
  alive.push(pc);
  onTestFinished(async () => {
    alive.splice(alive.indexOf(pc), 1);
    await pc.close();
    kept.delete(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  });
  return pc;

  function opened(): OpenStore {
    const store = made.store();
    if (!store) throw new Error('no store yet');
    return store;
  }
}

/** Station and key by folder: a PC opened again on its folder is the same PC. */
const kept = new Map<string, PcIdentity>();

/** Two PCs of one center: the first serves, the second has joined through it and is caught up. */
export async function openPair(tuning?: Partial<Tuning>): Promise<{ hub: Pc; other: Pc }> {
  const hub = await openPc({ name: 'Máy 1', founds: true, ...(tuning && { tuning }) });
  const code = await hub.invite();
  const other = await openPc({ name: 'Máy 2', ...(tuning && { tuning }) });
  const joined = await other.sync.join({ address: hub.address(), code, stationName: 'Máy 2' });
  if (!joined.ok) throw new Error(joined.error.code);
  await until(() => other.sync.joining().state === 'ready', 'joined');
  return { hub, other };
}

/** Fails with `what` after 10 s. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  withinMs = 10_000,
): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`never: ${what}\n${alive.map(describe).join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What a person looking for the fault would want to see. */
function describe(pc: Pc): string {
  const { peers, waiting, hub } = pc.facts();
  return JSON.stringify(
    { joining: pc.sync.joining(), peers, waiting, hub, logged: pc.logged.slice(-2) },
    (_k, v) => (v instanceof Error ? v.stack : v),
  );
}
const alive: Pc[] = [];

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Everything the first PC's own feeds hold is known to be held by the other. */
export const holdsAll = (pc: Pc, place: 'hub' | 'province'): boolean =>
  pc
    .store()
    .feeds()
    .every(
      (feed) =>
        (pc.facts().held[place].get(feedKey({ ...feed, lane: feed.lane as 0 | 1 | 2 })) ?? 0) >= feed.seq,
    );

/** Multicast of one LAN; one nobody else is on is silent. */
export type Lan = Set<EventEmitter>;
export const newLan = (): Lan => new Set();

function cardOn(lan: Lan): ReturnType<typeof multicastDns> {
  const card = new EventEmitter();
  lan.add(card);
  const toOthers = (event: string, packet: unknown): void => {
    for (const one of lan)
      if (one !== card) setImmediate(() => one.emit(event, packet, { address: '127.0.0.1' }));
  };
  const socket = Object.assign(card, {
    query: (questions: unknown) => toOthers('query', { questions }),
    respond: (answers: unknown) => toOthers('response', { answers, additionals: [] }),
    destroy(done?: () => void) {
      lan.delete(card);
      done?.();
    },
  });
  return socket as unknown as ReturnType<typeof multicastDns>;
}
