// What the pages ask about sync, answered from the sync room and the store's log: status, the sync page, where records
// are, sticks, joining. Half of it must answer before any store is open, so the desk is made first.
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { Output } from '../../shared/api/index.ts';
import { sentence } from '../../shared/api/sync-sentences.ts';
import { decodeChange } from '../../shared/sync/codec.ts';
import type { FrameMaker } from '../../shared/sync/drive.ts';
import { hlcMs, parseHlc } from '../../shared/time/hlc.ts';
import type { CenterFacts } from '../station/index.ts';
import { filesOnlyHere } from '../store/blobs.ts';
import { changeStoreOf } from '../store/change-store.ts';
import type { Caller, Context, HandlersOf, Log, People, VisitorHandlersOf } from '../store/room.ts';
import type { OpenStore } from '../store/types.ts';
import { onlyHere, placesOf } from '../sync/places.ts';
import { parkedSentence, peerSentence, refusedSentence, statusOf } from '../sync/status.ts';
import type { Joining, Sync, SyncFacts } from '../sync/types.ts';
import { type Carrier, exportFile, importFrom } from '../sync/usb.ts';
import { type AuthorNeeds, authorLines, sawAuthor } from './authors.ts';
import { isNamedFile } from './clinic.ts';

type Page = Output<'sync.page'>;
type VisitorMethod = 'sync.status' | 'sync.join' | 'sync.joining' | 'sync.found' | 'sync.line';
type OpenMethod =
  | 'sync.page'
  | 'sync.authors'
  | 'sync.sawAuthor'
  | 'sync.now'
  | 'sync.places'
  | 'sync.enrol'
  | 'sync.invite'
  | 'sync.revokeStation'
  | 'sync.saveHub'
  | 'sync.drives'
  | 'sync.export'
  | 'sync.import'
  | 'sync.lookup'
  | 'sync.setLine'
  | 'sync.secondStation';

/** What training mode adds, so that staff see sync work: made by the shell, given with CoreOptions. */
export interface TrainingSync {
  line(): Line;
  /** Takes effect at once, also on sessions under way. */
  setLine(line: Line): void;
  /** Here or at the second station. */
  onLine(listener: () => void): void;
  /**
   * Address of the second station's window, empty where the shell has opened one itself; it is started when it is not
   * running. `invite` makes a code for it to join this PC with.
   */
  secondStation(invite: Sync['invite']): Promise<Result<{ address: string }>>;
  /** The training center's store is open, and sync runs. */
  opened(sync: Pick<Sync, 'enrol' | 'saveHub' | 'facts' | 'now'>): void;
}
export type Line = 'good' | 'weak' | 'cut';

export interface SyncDeskNeeds {
  readonly sync: Sync;
  readonly appVersion: string;
  readonly people: People;
  /** Null until the store is open. */
  center(): CenterFacts | null;
  stationKey(store: OpenStore): string | null;
  store(): OpenStore | null;
  patientNames(ids: readonly string[]): ReadonlyMap<string, string>;
  /** Who has read of somebody, here of people of other centers. */
  logRead(caller: Caller, method: 'sync.lookup', patientId: null, breakGlass: boolean): void;
  readonly mode: 'real' | 'training';
  readonly training: TrainingSync | undefined;
  drives(): Promise<string[]>;
  frames(): FrameMaker;
  /** Something of what this desk answers has changed; told once a second at most. */
  changed(): void;
  now(): number;
  readonly log: Log;
}

export interface SyncDesk {
  readonly visitorHandlers: VisitorHandlersOf<VisitorMethod>;
  /** Once, when the store is open. */
  attach(store: OpenStore): HandlersOf<OpenMethod>;
  close(): void;
}

/** Ours: who looks after the PCs has seen it by then; the list on the sync page keeps it. */
const forkAlarmMs = 3 * 24 * 3_600_000;
const tellEveryMs = 1_000;

export function openSyncDesk(needs: SyncDeskNeeds): SyncDesk {
  const { sync, training } = needs;
  const told = atMostEvery(tellEveryMs, needs.changed);
  const stopListening = sync.onChange(told.tell);
  training?.onLine(() => {
    // a cable plugged in again is noticed at once, too
    if (training.line() !== 'cut') sync.now();
    told.tell();
  });

  return {
    visitorHandlers: {
      'sync.status': () => ok(status()),
      'sync.join': (input) => (reachable(input.address) ? sync.join(input) : staysHere()),
      'sync.joining': () => ok(joiningOf(named(sync.joining()))),
      'sync.found': async () => ok({ hubs: [...(await sync.found())] }),
      'sync.line': () => ok({ line: training?.line() ?? null }),
    },
    attach,
    close() {
      stopListening();
      told.stop();
    },
  };

  function attach(store: OpenStore): HandlersOf<OpenMethod> {
    store.onCommit(told.tell);
    return {
      'sync.page': (_input, ctx) => ok(pageOf(store, ctx)),
      'sync.authors': () => ok({ authors: authorLines(authorNeeds(store)) }),
      'sync.sawAuthor': ({ stationId, mark }, { caller }) =>
        sawAuthor(authorNeeds(store), caller, stationId, mark),
      'sync.now': () => {
        sync.now();
        return ok({});
      },
      'sync.places': ({ subjects }) => ok({ places: placesOf(store.sql, subjects, sync.facts()) }),
      'sync.enrol': ({ address, code }, ctx) =>
        reachable(address) ? sync.enrol(ctx.caller, address, code) : staysHere(),
      'sync.invite': () => sync.invite(),
      'sync.revokeStation': ({ stationId, reason }, ctx) => {
        if (stationId === store.station.id)
          return fail('not_allowed', { messageKey: 'error.revoke_this_pc' });
        const done = sync.revokeStation(ctx.caller, stationId, reason);
        return done.ok ? ok({}) : done;
      },
      'sync.saveHub': async (set) => {
        const saved = await sync.saveHub(set);
        return saved.ok ? ok({}) : saved;
      },
      'sync.drives': async () => ok({ drives: await needs.drives() }),
      'sync.export': async ({ folder, what }) => {
        const carrier = carrierOf(store);
        if (!carrier) return fail('not_found');
        const [only, ...others] = folder === '' ? await needs.drives() : [folder];
        if (only === undefined || others.length > 0) return fail('no_such_folder');
        return exportFile(carrier, only, what);
      },
      'sync.import': async ({ path }) => {
        const carrier = carrierOf(store);
        return carrier ? importFrom(carrier, path) : fail('not_found');
      },
      async 'sync.lookup'(query, ctx) {
        const found = await sync.lookup({ ...query, user: ctx.caller.userId });
        // whom, is written down at the province, which showed them
        if (found.people.length > 0) needs.logRead(ctx.caller, 'sync.lookup', null, false);
        return ok(found);
      },
      'sync.setLine': ({ line }) => {
        if (!training) return fail('not_allowed');
        training.setLine(line);
        return ok({});
      },
      'sync.secondStation': async () =>
        training ? training.secondStation(sync.invite) : fail('not_allowed'),
    };
  }

  function authorNeeds(store: OpenStore): AuthorNeeds {
    return { store, facts: needs.center(), people: needs.people, now: needs.now() };
  }

  /** Invented people must never reach a real province or center; training has its own on this PC. */
  function reachable(address: string): boolean {
    return needs.mode === 'real' || /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i.test(address.trim());
  }

  /** Ready only once the record names this PC: before that it has no code for the numbers it gives to patients. */
  function named(joining: Joining): Joining {
    const store = needs.store();
    const isNamed =
      store &&
      needs
        .center()
        ?.stations()
        .some(({ id }) => id === store.station.id);
    return joining.state === 'ready' && !isNamed ? { ...joining, state: 'changes' } : joining;
  }

  function status(): Output<'sync.status'> {
    const facts = sync.facts();
    const store = needs.store();
    const now = needs.now();
    if (!store)
      return statusOf(facts, {
        now,
        lastSavedAt: null,
        onlyHere: { count: 0, since: null },
        filesOnlyHere: 0,
        lastOwnAt: null,
        forked: 0,
      });
    const lastStamp = hlcMs(parseHlc(store.lastStamp()));
    const own = onlyHere(store.sql, store.station.id, facts.held);
    return statusOf(facts, {
      now,
      lastSavedAt: lastStamp > 0 ? lastStamp : null,
      onlyHere: own,
      filesOnlyHere: filesOnlyHere(store.sql, isNamedFile),
      lastOwnAt: own.lastOwnAt,
      forked: forkedSince(store, now - forkAlarmMs),
    });
  }

  function pageOf(store: OpenStore, ctx: Context): Page {
    const facts = sync.facts();
    const now = needs.now();
    return {
      status: status(),
      lanes: ([0, 1, 2] as const).map((lane) => {
        const waiting = facts.target === null ? undefined : facts.waiting.find((w) => w.lane === lane);
        return { lane, waiting: waiting?.count ?? 0, since: waiting?.since ?? null };
      }),
      files: { ...facts.files },
      peers: facts.peers.map((peer) => ({
        id: peer.id,
        kind: peer.kind,
        name: peer.name,
        address: peer.address,
        state: peer.state,
        sentence: peerSentence(peer, now),
        lastContactAt: peer.lastContactAt,
        lastVerifiedAt: peer.lastVerifiedAt,
        clockOffsetMs: peer.clockOffsetMs,
        bytesPerSecond: peer.bytesPerSecond,
        version: peer.version,
      })),
      refused: refusedOf(store, facts, ctx),
      parked: store.parkedCounts().map(({ reason, count }) => ({ reason: parkedSentence(reason), count })),
      stations: (needs.center()?.stations() ?? []).map(({ id, name, code, revokedAt }) => {
        const peer = facts.peers.find((p) => p.id === id);
        const thisPc = id === store.station.id;
        return {
          id,
          name,
          code,
          thisPc,
          revokedAt,
          lastSeenAt: thisPc ? now : (peer?.lastContactAt ?? null),
          version: thisPc ? needs.appVersion : (peer?.version ?? null),
        };
      }),
      hub: { ...facts.hub, addresses: [...facts.typedAddresses] },
      province: facts.province && { ...facts.province },
      trustListAt: facts.trustListAt,
    };
  }

  /** What peers sent back, then what this PC set aside itself. */
  function refusedOf(store: OpenStore, facts: SyncFacts, ctx: Context): Page['refused'] {
    const nameOf = (id: string): string =>
      facts.peers.find((peer) => peer.id === id)?.name ?? needs.people.stationName(id);
    const byPeers = facts.refused.map((refused) => ({
      id: `${refused.where}/${refused.station}.${refused.incarnation}.${refused.lane}.${refused.seq}`,
      station: refused.station,
      where: refused.where === 'province' ? 'province' : nameOf(refused.where),
      reason: refusedSentence(refused),
      at: refused.at,
      stored: storedAt(store, refused),
    }));
    const here = setAsideHere(store).map(({ id, station, reason, at, stored }) => ({
      id: `here/${id}`,
      station,
      where: 'here',
      reason: refusedSentence({ reason }),
      at,
      stored,
    }));
    const all = [...byPeers, ...here].map((row) => ({ ...row, change: readStored(row.stored) }));
    const names = ctx.can('patient.read')
      ? needs.patientNames(all.flatMap(({ change }) => change?.patient ?? []))
      : new Map<string, string>();
    return all.map(({ id, at, station, where, reason, change }) => ({
      id,
      at: change?.wall ?? at,
      by: needs.people.nameOf(change?.author ?? null),
      station: needs.people.stationName(station),
      // trust inside: the store's patients have ids made by us; what is none is not shown as one
      patientId: (change?.patient ?? null) as Page['refused'][number]['patientId'],
      patientName: change?.patient ? (names.get(change.patient) ?? null) : null,
      what: `change.${change?.kind ?? 'unknown'}`,
      where,
      reason,
    }));
  }

  /** Null before the first run is complete. */
  function carrierOf(store: OpenStore): Carrier | null {
    const facts = needs.center();
    const center = facts?.center();
    const keyPem = needs.stationKey(store);
    const station = facts?.stations().find(({ id }) => id === store.station.id);
    if (!facts || !center || !keyPem || !station) return null;
    return {
      changes: changeStoreOf(store),
      frames: needs.frames,
      center: center.id,
      station: { id: station.id, code: station.code, keyPem },
      app: needs.appVersion,
      stations: facts.stations,
      provinceCertificate: sync.provinceCertificate,
      held: () => (sync.provinceCertificate() ? sync.facts().held.province : sync.facts().held.hub),
      provinceHolds: sync.provinceHolds,
      now: needs.now,
    };
  }
}

const staysHere = () => fail('not_allowed', { messageKey: 'error.training_stays_here' });

function joiningOf({ state, doneBytes, totalBytes, changes, problem }: Joining): Output<'sync.joining'> {
  const told = { state, doneBytes, totalBytes, changes };
  if (problem === null)
    return {
      ...told,
      sentence: state === 'none' || state === 'failed' ? null : sentence(`sync.join.${state}`),
    };
  const ownWords = problem === 'peer_unreachable' || problem === 'file_damaged' || problem === 'disk_full';
  return { ...told, sentence: sentence(ownWords ? `sync.join.${problem}` : `sync.end.${problem}`) };
}

// --- changes set aside ---

interface SetAside {
  id: number;
  station: string;
  reason: string;
  at: number;
  stored: Buffer;
}

/** Asked with every status, so the rows are counted where they are: a branch set aside may have thousands. */
const forkedSince = (store: OpenStore, at: number): number =>
  store.sql
    .prepare<[number], number>(
      `SELECT count(*) FROM quarantine q WHERE q.at > ? AND q.reason IN ('fork', 'broken_chain')
       -- a branch that was set aside may have come back
       AND NOT EXISTS (SELECT 1 FROM change_log l WHERE l.feed = q.feed AND l.seq = q.seq AND l.hash = q.hash)`,
    )
    .pluck()
    .get(at) ?? 0;

/** Newest first; more than a screen's worth says nothing new. */
const setAsideHere = (store: OpenStore): SetAside[] =>
  store.sql
    .prepare<[], SetAside>(
      `SELECT q.id, f.station, q.reason, q.at, q.stored
       FROM quarantine q JOIN feed f ON f.id = q.feed ORDER BY q.id DESC LIMIT 200`,
    )
    .all();

const storedAt = (
  store: OpenStore,
  change: { station: string; incarnation: number; lane: number; seq: number },
): Buffer | null =>
  store.sql
    .prepare<[string, number, number, number], Buffer>(
      `SELECT l.stored FROM feed f JOIN change_log l ON l.feed = f.id
       WHERE f.station = ? AND f.incarnation = ? AND f.lane = ? AND l.seq = ?`,
    )
    .pluck()
    .get(change.station, change.incarnation, change.lane, change.seq) ?? null;

/** Its header; null for what is not held here any more or was never readable. */
function readStored(stored: Buffer | null) {
  if (!stored) return null;
  try {
    return decodeChange(stored, '', () => undefined);
  } catch {
    return null;
  }
}

/** At once the first time, then again when the time is up if anything came meanwhile. */
function atMostEvery(ms: number, run: () => void): { tell(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let again = false;
  const tell = (): void => {
    if (timer) {
      again = true;
      return;
    }
    run();
    timer = setTimeout(() => {
      timer = null;
      if (!again) return;
      again = false;
      tell();
    }, ms);
    timer.unref();
  };
  return {
    tell,
    stop() {
      if (timer) clearTimeout(timer);
    },
  };
}
