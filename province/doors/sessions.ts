// One session with one station: first words, the driver between the center's log and the line, and what is noted
// about the station on the way. Nothing durable is kept per station but that.
import type { Drive, Wire } from '../../shared/sync/drive.ts';
import { drive, noMemory, type Told } from '../../shared/sync/drive.ts';
import { agreedDictionary, createFrames, type Dictionary } from '../../shared/sync/frames.ts';
import { answerHello } from '../../shared/sync/greet.ts';
import { decodeQuestion, encodeAnswer } from '../../shared/sync/lookup.ts';
import type { ChangeStore } from '../../shared/sync/port.ts';
import { createSession } from '../../shared/sync/session.ts';
import type { EndCode, Hello, Welcome } from '../../shared/sync/session-types.ts';
import type { Database } from '../database/types.ts';
import { blobStoreOf } from '../log/blobs.ts';
import { newLogs } from '../log/log-id.ts';
import { sealedStoreOf } from '../log/sealed.ts';
import type { Identity } from '../trust/identity.ts';
import { type KnownStation, noteContact, noteDigest } from '../trust/stations.ts';
import type { Log, Lookup } from '../types.ts';
import { servicesFor, sha256Of, zstd } from './line.ts';

export interface SessionsParts {
  readonly db: Database;
  readonly identity: Identity;
  readonly app: string;
  readonly dictionaries: readonly Dictionary[];
  readonly log: Log;
  now(): number;
  storeOf(center: number): ChangeStore;
  /** Read when asked: whoever runs the province may set it up last. */
  lookup(): Lookup | null;
  /** A log got a new id: other processes' sessions of this center are of the past too. */
  logRenewed(center: number): void;
  /** A file of a center is whole. */
  fileCame(): void;
}

export interface Greeting {
  readonly station: KnownStation;
  readonly hello: Hello;
  readonly welcome: Welcome;
  readonly store: ChangeStore;
}

export interface Sessions {
  /** Works out the answer to first words; a code when there will be no session. */
  greet(station: KnownStation, hello: Hello): Promise<Greeting | { readonly end: EndCode }>;
  begin(greeting: Greeting, wire: Wire, transport: 'websocket' | 'post'): Drive;
  grew(center: number): void;
  /** Files are wanted: whoever of the center is on the line is asked. */
  wanted(center: number): void;
  /** Ends what somebody who is not trusted any more has open; `stillTrusted` is asked for each. */
  recheck(
    center: number,
    stillTrusted: (station: string, deliver: boolean) => Promise<boolean>,
  ): Promise<void>;
  count(): number;
  centers(): readonly number[];
  endAll(code: EndCode): Promise<void>;
}

interface Running {
  readonly station: KnownStation;
  readonly deliver: boolean;
  readonly logId: string;
  readonly drive: Drive;
}

export function sessionsOf(parts: SessionsParts): Sessions {
  const { db, identity, log, now } = parts;
  const running = new Map<number, Set<Running>>();
  const byStation = new Map<string, Running>();

  return {
    async greet(station, hello) {
      const deliver = station.status === 'revoked' || hello.mode === 'deliver';
      const center = parts.storeOf(station.center);
      await renewIfPutBack(station.center, center, hello);
      const store =
        station.status === 'revoked' ? sealedStoreOf(db, station.center, center, now, station.id) : center;
      const answer = await answerHello(
        hello,
        {
          station: identity.id,
          isProvince: true,
          store,
          dictionaries: parts.dictionaries.map((one) => one.id),
          app: parts.app,
          mode: deliver ? 'deliver' : 'both',
          wall: now,
        },
        sha256Of,
      );
      if ('end' in answer) return answer;
      const backlog = hello.ownSeqs.reduce(
        (n, seq, lane) => n + Math.max(0, seq - (answer.welcome.heldSeqs[lane] ?? 0)),
        0,
      );
      await noteContact(db, station.id, { at: now(), app: hello.app, backlog });
      return { station, hello, welcome: answer.welcome, store };
    },

    begin({ station, hello, welcome, store }, wire, transport) {
      const services = servicesFor(log);
      const session = createSession({
        role: 'responder',
        hello,
        welcome,
        held: [],
        rate: null,
        now: services.now(),
        wall: now,
        sha256: sha256Of,
      });
      const startedAt = now();
      const driven = drive({
        session,
        store,
        wire,
        frames: createFrames({
          codec: zstd,
          dictionary: agreedDictionary(hello.dictionaries, welcome.dictionaries, parts.dictionaries),
          sha256: sha256Of,
          now: services.now,
        }),
        memory: noMemory,
        services,
        peer: station.id,
        // what a revoked station sends is sealed, and files have no seal
        ...(station.status === 'active' && { blobs: blobStoreOf(db, station.center) }),
        told: (effect) => told(station, effect, (id, answer) => driven.tell({ type: 'found', id, answer })),
      });
      const one: Running = {
        station,
        deliver: welcome.mode === 'deliver',
        logId: welcome.logId,
        drive: driven,
      };
      if (transport === 'websocket') {
        // a station that comes again has lost its line before this end noticed
        byStation.get(station.id)?.drive.close('closed', 'came again');
        byStation.set(station.id, one);
      }
      const peers = running.get(station.center) ?? new Set();
      running.set(station.center, peers.add(one));
      log('info', 'session_begun', { ...named(station), app: hello.app, transport, mode: welcome.mode });
      void driven.ended.then(({ code, detail }) => {
        peers.delete(one);
        if (peers.size === 0 && running.get(station.center) === peers) running.delete(station.center);
        if (byStation.get(station.id) === one) byStation.delete(station.id);
        log('info', 'session_ended', { ...named(station), code, detail, ms: now() - startedAt });
        noteContact(db, station.id, { at: now() }).catch((error: unknown) =>
          log('warn', 'contact_not_noted', { ...named(station), error: String(error) }),
        );
      });
      return driven;
    },

    grew(center) {
      for (const { drive: one } of running.get(center) ?? []) one.grew();
    },
    wanted(center) {
      for (const { drive: one } of running.get(center) ?? []) one.tell({ type: 'blobsGrew' });
    },
    async recheck(center, stillTrusted) {
      const peers = [...(running.get(center) ?? [])];
      if (peers.length === 0) return;
      const logId = await parts.storeOf(center).logId();
      for (const { station, deliver, logId: begun, drive: one } of peers) {
        if (!(await stillTrusted(station.id, deliver))) one.close('revoked');
        else if (begun !== logId) one.close('closed', 'log renewed');
      }
    },
    count: () => [...running.values()].reduce((n, peers) => n + peers.size, 0),
    centers: () => [...running.keys()],
    async endAll(code) {
      const all = [...running.values()].flatMap((peers) => [...peers]);
      for (const { drive: one } of all) one.close(code, 'shutting down');
      await Promise.all(all.map(({ drive: one }) => one.ended));
    },
  };

  /** A cursor beyond the log's end: the database was put back, and everybody's cursors are of another past. */
  async function renewIfPutBack(center: number, store: ChangeStore, hello: Hello): Promise<void> {
    if (hello.logId === null || hello.logId !== (await store.logId())) return;
    const end = await store.end();
    if (hello.cursors.every((cursor) => cursor <= end)) return;
    const renewed = await db.transaction(async (tx) => {
      // another process may have been told the same a moment ago
      const [row] = await tx.query<{ same: boolean }>(
        `select encode(log_id, 'hex') = $2 as same from center where number = $1 for update`,
        [center, hello.logId],
      );
      return row?.same === true && (await newLogs(tx, center)) === 1;
    });
    if (!renewed) return;
    log('error', 'log_put_back', { center, station: hello.station, end, cursors: hello.cursors });
    parts.logRenewed(center);
  }

  async function told(
    station: KnownStation,
    effect: Told,
    found: (id: number, answer: Uint8Array) => void,
  ): Promise<void> {
    switch (effect.type) {
      case 'caughtUp':
        if (effect.direction === 'down') await noteContact(db, station.id, { at: now(), backlog: 0 });
        break;
      case 'offset':
        await noteContact(db, station.id, { at: now(), clockOffsetMs: effect.ms });
        break;
      case 'digest':
        if (effect.theirs !== null) await compareStates(station, { vector: effect.vector, ...effect.theirs });
        break;
      case 'lookup':
        // not awaited: the answer may take seconds, and frames wait behind
        void answerLookup(station, effect.question).then((answer) => found(effect.id, answer));
        break;
      case 'refused':
      case 'forked':
        log('warn', effect.type, { ...named(station), feed: effect.feed, seq: effect.seq });
        break;
      case 'blobComplete':
        parts.fileCame();
        break;
      case 'heldByProvince':
      case 'verified':
      case 'regressed':
      case 'found':
      case 'amnesia':
        break;
    }
  }

  async function compareStates(
    station: KnownStation,
    said: { vector: string; fingerprint: string; digest: string },
  ): Promise<void> {
    const others = await noteDigest(db, station, said, now());
    if (others.length > 0) log('error', 'states_differ', { ...named(station), others });
  }

  async function answerLookup(station: KnownStation, question: Uint8Array): Promise<Uint8Array> {
    const lookup = parts.lookup();
    const asked = decodeQuestion(question);
    if (!lookup || !asked || station.status !== 'active') return nobody;
    try {
      const answer = await lookup(station.center, station.id, asked);
      return answer ? encodeAnswer(answer) : nobody;
    } catch (error) {
      log('error', 'lookup_failed', {
        ...named(station),
        error: error instanceof Error ? error.name : 'unknown',
      });
      return nobody;
    }
  }
}

/** Reads as "nobody here can say" on the other end. */
const nobody = new Uint8Array();

const named = (station: KnownStation): Record<string, unknown> => ({
  station: station.id,
  center: station.center,
});
