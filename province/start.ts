// Puts a province together and runs it in this process: database, identity, logs, doors. Everything it knows is in
// the database, so that a second process beside it is nothing special.

import { join } from 'node:path';
import type { ChangeStore, Taken } from '../shared/sync/port.ts';
import { adminOf } from './admin.ts';
import { isCurrent } from './database/migrate.ts';
import { openDatabase } from './database/open.ts';
import type { Database } from './database/types.ts';
import { dictionaries } from './doors/dictionaries.ts';
import { openPageDoor } from './doors/page-door.ts';
import { sessionsOf } from './doors/sessions.ts';
import { sendSnapshot } from './doors/snapshot.ts';
import { type Door, type DoorParts, openDoor } from './doors/station-door.ts';
import { followLogs, lookupOf } from './identity/index.ts';
import { followGrowth } from './log/growth.ts';
import { checkHistory, newLogs } from './log/log-id.ts';
import { changeStoreOf } from './log/store.ts';
import { openWitness } from './log/witness.ts';
import { adminPage } from './page/index.ts';
import { histogram } from './page/metrics.ts';
import { followPapers, openOpenssl, type PapersFollowing } from './signatures/index.ts';
import { firstAdministrator } from './trust/administrators.ts';
import { enrol } from './trust/codes.ts';
import { openIdentity } from './trust/identity.ts';
import { type KnownStation, stationByFingerprint, stationById } from './trust/stations.ts';
import { ticketKey } from './trust/tickets.ts';
import { watchAuthors } from './trust/watch-authors.ts';
import type { Limits, Log, PageAnswer, Province, ProvinceOptions } from './types.ts';
import { version } from './version.ts';

export const defaultLimits: Limits = {
  connections: 2_000,
  handshakesPerSecond: 60,
  sessions: 1_500,
  handshakeMs: 30_000,
  headersMs: 20_000,
  idleMs: 90_000,
  exchangeMs: 120_000,
  messageBytes: 8 * 1024 * 1024,
};

const defaultName = 'Trạm tỉnh';
/** Running sessions get so long to finish what they are writing. */
const farewellMs = 8_000;
const ticketsEveryMs = 3_600_000;
const witnessEveryMs = 5_000;

/** Throws when the database cannot be reached or is not ours, or a port is taken. */
export async function startProvince(options: ProvinceOptions): Promise<Province> {
  const now = options.now ?? Date.now;
  const log: Log = options.log ?? (() => {});
  if (options.training && options.databaseUrl) throw new Error('a province of training takes no database');
  const limits = { ...defaultLimits, ...options.limits };
  const db = await openDatabase(options, (event, error) =>
    log('error', event, { error: error.name, ...('code' in error && { code: error.code }) }),
  );
  const closing: (() => Promise<void> | void)[] = [() => db.close()];
  const closeAll = async (): Promise<void> => {
    for (const close of closing.reverse()) await close();
  };
  try {
    return await assemble(options, { now, log, limits, db, closing, closeAll });
  } catch (error) {
    await closeAll();
    throw error;
  }
}

interface Parts {
  now(): number;
  readonly log: Log;
  readonly limits: Limits;
  readonly db: Database;
  /** What to close, in the order of opening. */
  readonly closing: (() => Promise<void> | void)[];
  closeAll(): Promise<void>;
}

async function assemble(options: ProvinceOptions, parts: Parts): Promise<Province> {
  const { now, log, limits, db, closing } = parts;
  const training = options.training ?? false;
  const identity = await openIdentity(db, options.name ?? defaultName, now());
  await renewLogsIfPutBack(parts, options.folder);
  const firstPassword = await firstAdministrator(db, now());
  const counts = { accepted: 0, duplicates: 0, refused: 0 };
  const startedAt = now();

  const growth = await followGrowth({
    db,
    watched: () => sessions.centers(),
    reconnected: () => renewLogsIfPutBack(parts, options.folder),
    onTrouble: (error) => log('warn', 'growth_not_told', { error: String(error) }),
  });
  closing.push(() => growth.close());

  const lines = new Map<number, Promise<unknown>>();
  const stores = new Map<number, ChangeStore>();
  const storeOf = (center: number): ChangeStore => {
    const known = stores.get(center);
    if (known) return known;
    const store = changeStoreOf({
      db,
      center,
      now,
      grew: (end) => growth.grew(center, end),
      took: (taken, via) => noteTaken(center, taken, via),
      trustChanged: () => growth.trustChanged(center),
      inLine: (work) => inLine(lines, center, work),
    });
    const timed: ChangeStore = { ...store, take: (runs, via) => timing(() => store.take(runs, via)) };
    stores.set(center, timed);
    return timed;
  };
  const takes = histogram();
  const timing = async <T>(work: () => Promise<T>): Promise<T> => {
    const from = performance.now();
    try {
      return await work();
    } finally {
      takes.saw((performance.now() - from) / 1000);
    }
  };

  let papers: PapersFollowing | null = null;
  const ownLookup = lookupOf({ db, log, now });
  const sessions = sessionsOf({
    db,
    identity,
    app: version,
    dictionaries,
    log,
    now,
    storeOf,
    lookup: () => options.lookup?.(province) ?? ownLookup,
    logRenewed: (center) => growth.trustChanged(center),
    fileCame: () => papers?.soon(),
  });
  growth.onGrew((center) => sessions.grew(center));
  growth.onTrust((center) => {
    const stillTrusted = async (station: string, deliver: boolean): Promise<boolean> => {
      const known = await stationById(db, station);
      // one taken at its word at the plain door is not in the list at all
      return !known || known.status === 'active' || deliver;
    };
    sessions
      .recheck(center, stillTrusted)
      .catch((error: unknown) => log('error', 'trust_not_checked', { center, error: String(error) }));
  });

  const authors = watchAuthors({ db, self: identity, log, now, onGrew: growth.onGrew });
  closing.push(() => authors.close());

  const doorParts: DoorParts = {
    sessions,
    limits,
    log,
    byFingerprint: (fingerprint) => stationByFingerprint(db, fingerprint),
    byName: (station) => atItsWord(db, station),
    async enrol(request, fingerprint) {
      const enrolled = await enrol(db, identity, request, fingerprint, now(), training);
      log(enrolled.ok ? 'info' : 'warn', 'enrolment', {
        station: request.station,
        code: request.code,
        ...(enrolled.ok ? { center: enrolled.center } : { refused: enrolled.refusal }),
      });
      if (enrolled.ok && enrolled.isNew) growth.trustChanged(enrolled.center);
      return enrolled;
    },
    snapshot: (center, request, response) =>
      sendSnapshot({ db, store: storeOf(center), center, now }, request, response),
  };
  const doors: Door[] = [];
  let port: number | null = null;
  let plainPort: number | null = null;
  if (options.listen) {
    const { key, certificate } = identity;
    const tls = { key, certificate, ticketKey: await ticketKey(db, now()) };
    const door = await openDoor(options.listen, tls, doorParts);
    port = door.port;
    doors.push(door);
    every(ticketsEveryMs, async () => door.setTicketKey(await ticketKey(db, now())));
  }
  if (options.plain) {
    const door = await openDoor({ host: '127.0.0.1', port: options.plain.port }, null, doorParts);
    plainPort = door.port;
    doors.push(door);
  }
  closing.push(async () => {
    for (const door of doors) door.stop();
    await Promise.race([
      sessions.endAll('closed'),
      new Promise((resolve) => setTimeout(resolve, farewellMs).unref()),
    ]);
    await Promise.all(doors.map((door) => door.close()));
  });

  const witness = openWitness(options.folder);
  every(witnessEveryMs, async () => witness.saw(await endsOf(db)));
  closing.push(async () => witness.saw(await endsOf(db)));

  const openssl = await openOpenssl({
    ...options.papers,
    anchors: options.papers?.anchors ?? null,
    folder: join(options.folder, 'checking'),
  });

  let page: PageAnswer | null = null;
  const pageDoor = options.page
    ? await openPageDoor(options.page, {
        log,
        healthy: async () => !closed && (await isCurrent(db)),
        page: () => page,
      })
    : null;
  if (pageDoor) closing.push(() => pageDoor.close());

  let closed = false;
  let closedDone: Promise<void> | null = null;
  const province: Province = {
    id: identity.id,
    name: identity.name,
    port,
    plainPort,
    pagePort: pageDoor?.port ?? null,
    fingerprint: identity.fingerprint,
    firstPassword,
    database: db,
    admin: adminOf({
      db,
      provinceId: identity.id,
      key: identity.key,
      authors,
      training,
      app: version,
      now,
      grew: growth.grew,
      trustChanged: growth.trustChanged,
    }),
    storeOf,
    onGrew: growth.onGrew,
    facts: () => ({
      ...counts,
      connections: doors.reduce((n, door) => n + door.facts().open, 0),
      turnedAway: doors.reduce((n, door) => n + door.facts().turnedAway, 0),
      sessions: sessions.count(),
      startedAt,
      takeSeconds: takes.read(),
      openssl: openssl.version,
    }),
    close() {
      closed = true;
      closedDone ??= parts.closeAll();
      return closedDone;
    },
  };
  page =
    options.answerPage?.(province) ??
    adminPage(province, { now, log, metricsToken: options.metricsToken ?? null });
  if (options.followPeople !== false) {
    const following = followLogs({ db, log, now, onGrew: (listener) => growth.onGrew(listener) });
    closing.push(() => following.close());
    papers = followPapers({
      db,
      openssl,
      log,
      now,
      onGrew: (listener) => growth.onGrew(listener),
      wanted: (center) => sessions.wanted(center),
    });
    closing.push(() => papers?.close());
  }
  log('info', 'started', { province: identity.id, database: db.kind, port, plainPort, version });
  return province;

  function noteTaken(center: number, taken: Taken, via: string): void {
    counts.accepted += taken.accepted;
    counts.duplicates += taken.duplicates;
    counts.refused += taken.refused.length;
    if (taken.accepted > 0)
      log('debug', 'took', { center, via, accepted: taken.accepted, duplicates: taken.duplicates });
    if (taken.parked > 0) log('warn', 'not_understood', { center, via, changes: taken.parked });
    if (taken.ahead > 0) log('warn', 'clock_ahead', { center, via, changes: taken.ahead });
    for (const { station, incarnation, lane, seq, reason } of taken.refused)
      if (reason !== 'gap')
        log('warn', 'set_aside', { center, via, station, incarnation, lane, seq, reason });
  }

  function every(ms: number, work: () => Promise<void>): void {
    const timer = setInterval(() => {
      work().catch((error: unknown) => log('warn', 'upkeep_failed', { error: String(error) }));
    }, ms);
    timer.unref();
    closing.push(() => clearInterval(timer));
  }
}

async function renewLogsIfPutBack({ db, log }: Parts, folder: string): Promise<void> {
  const history = await checkHistory(db);
  if (history === null) log('warn', 'history_not_visible');
  else if (history.renewed > 0) log('error', 'database_put_back', { renewed: history.renewed });
  const behind = openWitness(folder).behind(await endsOf(db));
  if (behind.length === 0) return;
  await db.transaction(async (tx) => {
    for (const center of behind) await newLogs(tx, center);
  });
  log('error', 'database_put_back', { centers: behind });
}

interface End {
  readonly center: number;
  readonly logId: string;
  readonly end: number;
}

async function endsOf(db: Database): Promise<End[]> {
  const rows = await db.query<{ number: number; log_id: string; last_no: number }>(
    `select number, encode(log_id, 'hex') as log_id, last_no from center order by number`,
  );
  return rows.map((row) => ({ center: row.number, logId: row.log_id, end: row.last_no }));
}

/** Work of one center, one after another in this process. */
function inLine<T>(lines: Map<number, Promise<unknown>>, center: number, work: () => Promise<T>): Promise<T> {
  const before = lines.get(center) ?? Promise.resolve();
  const mine = before.then(work, work);
  lines.set(center, mine);
  const forget = (): void => {
    if (lines.get(center) === mine) lines.delete(center);
  };
  mine.then(forget, forget);
  return mine;
}

async function atItsWord(db: Database, station: string): Promise<KnownStation | null> {
  const known = await stationById(db, station);
  if (known) return known;
  const centers = await db.query<{ number: number }>('select number from center limit 2');
  const [only, other] = centers;
  return only && !other ? { id: station, center: only.number, status: 'active' } : null;
}
