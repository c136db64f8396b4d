// Puts the parts of an open store together and owns its transactions: a change is checked, stamped,
// chained, stored and shown in one of them, and what was answered `ok` is on the disk.
import { statfsSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import type * as z from 'zod';
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { Change, ChangeKind } from '../../shared/model/change.ts';
import { kindRegistry } from '../../shared/model/registry.ts';
import { decodeChange, encodeChange } from '../../shared/sync/codec.ts';
import { stepsAtOpening } from '../../shared/sync/forks.ts';
import { makeBackup } from './backup.ts';
import { storeClock } from './clock.ts';
import { withLargeCache } from './connection.ts';
import { sha256Hex } from './crypto.ts';
import { displaceOf } from './displace.ts';
import { failureOf } from './faults.ts';
import { identityOf } from './identity.ts';
import { ingestOf } from './ingest.ts';
import { changeLogOf } from './log.ts';
import { storeMetaOf } from './meta.ts';
import { noticeCopy } from './origin.ts';
import { parkingOf } from './parking.ts';
import { projectionsOf } from './projections.ts';
import { rebuildTables, refreshTables } from './rebuild.ts';
import { openStateDigest } from './state-digest.ts';
import { storeState } from './state-repair.ts';
import type { AreaModel, Author, FeedHead, NewChange, OpenStore, StoreLog, Tx } from './types.ts';
import { checkIntegrity, verifyLog } from './verify.ts';

export interface StoreParts {
  readonly sql: Database;
  readonly path: string;
  /** Copies are proven by opening them. */
  readonly key: Uint8Array;
  readonly areas: readonly AreaModel[];
  readonly station: { readonly id: string; readonly incarnation?: number };
  readonly app: string;
  readonly machineId: string | null;
  now(): number;
  uptimeMs(): number;
  readonly log: StoreLog;
  readonly schema: string;
  release(): void;
}

export function assembleStore(parts: StoreParts): OpenStore {
  const { sql, areas, now } = parts;
  const db = drizzle(sql);
  const registry = kindRegistry(areas.flatMap((a) => a.kinds));
  const meta = storeMetaOf(sql);
  const log = changeLogOf(sql, registry);
  const parking = parkingOf(sql, log, registry);
  const state = openStateDigest(sql, areas);
  const projections = projectionsOf(sql, db, log, parking, areas, parts.log, state.empty);
  const clock = storeClock(sql, now, parts.uptimeMs);
  const identity = identityOf({ meta, log, fresh: parts.station, report: parts.log });
  noticeCopy({
    sql,
    meta,
    path: parts.path,
    machineId: parts.machineId,
    goOn: () => identity.startIncarnation(),
    report: parts.log,
  });
  const listeners = new Set<Parameters<OpenStore['onCommit']>[0]>();
  let touched = { types: new Set<string>(), patients: new Set<string>() };

  // --- transactions ---

  /** Expected failures (disk full, damaged…) become values; anything else stays thrown. Both roll back. */
  const transaction = <T>(work: () => Result<T>): Result<T> => {
    if (sql.inTransaction) throw new Error('a write inside a write: use the tx you were given');
    let result: Result<T>;
    try {
      clock.check();
      sql.exec('begin immediate');
      result = work();
      if (result.ok) {
        state.flush();
        sql.exec('commit');
      } else undo();
    } catch (error) {
      undo();
      const failure = failureOf(error);
      if (!failure) throw error;
      parts.log('error', 'a write failed', { code: failure.code });
      return { ok: false, error: failure };
    }
    if (result.ok) announce();
    return result;
  };
  const undo = () => {
    if (sql.inTransaction) sql.exec('rollback');
    projections.discard();
    parking.forget();
    identity.reread();
    touched = { types: new Set(), patients: new Set() };
  };
  const announce = () => {
    const what = touched;
    touched = { types: new Set(), patients: new Set() };
    if (what.types.size === 0) return;
    for (const listener of listeners) {
      try {
        listener(what);
      } catch (bug) {
        // it is saved all the same, and the writer must hear that
        parts.log('error', 'a listener failed', { name: bug instanceof Error ? bug.name : 'unknown' });
      }
    }
  };
  const show = (change: Change) => {
    touched.types.add(change.subject.type);
    if (change.patient !== null) touched.patients.add(change.patient);
    projections.touch(change);
  };

  // --- writing ---

  const append = <S extends z.ZodObject>(
    author: Author,
    kind: ChangeKind<S>,
    input: NewChange<S>,
  ): Change<z.output<S>> => {
    if (registry.find(kind.kind, kind.v) !== kind)
      throw new Error(`kind ${kind.kind} is not part of this store`);
    const body = kind.body.parse(input.body);
    const name = { ...identity.name(), lane: kind.lane };
    const feed = log.feedOrNew(name);
    const draft = {
      ...name,
      seq: feed.seq + 1,
      prev: feed.head,
      ...clock.tick(),
      author: author.userId,
      session: author.sessionId,
      app: parts.app,
      kind: kind.kind,
      v: kind.v,
      subject: { type: kind.subject, id: input.id },
      patient: input.patient ?? null,
      refs: input.refs ?? [],
      body,
    };
    const stored = encodeChange(draft, kind);
    const change = { ...draft, hash: sha256Hex(stored) };
    // what the bytes say, so that it shows here exactly as it will elsewhere and after a rebuild
    const seen = parking.look(decodeChange(stored, change.hash, registry.find));
    if ('reason' in seen)
      throw new Error(
        `${kind.kind} cannot be shown here: ${seen.reason} ${seen.waitingFor ?? seen.detail ?? ''}`,
      );
    log.insert(feed, change, stored);
    log.setHead(feed.id, change.seq, change.hash);
    for (const shown of parking.letIn(seen)) show(shown);
    return change;
  };
  const ingest = ingestOf({
    sql,
    registry,
    log,
    clock,
    parking,
    now,
    ownFeedGrew: () => identity.startIncarnation(),
    isOwn: (station, incarnation) => {
      const own = identity.name();
      return station === own.station && incarnation === own.incarnation;
    },
    show,
  });
  const displace = displaceOf({
    sql,
    registry,
    log,
    clock,
    parking,
    identity,
    app: parts.app,
    now,
    show,
    touch(subject) {
      touched.types.add(subject.type);
      projections.touchSubject(subject);
    },
    report: parts.log,
  });
  const takingIn = <T>(work: () => T): Result<T> =>
    transaction(() => {
      projections.defer();
      const report = work();
      projections.flush();
      return ok(report);
    });
  const txFor = (author: Author): Tx => ({ sql, db, append: (kind, input) => append(author, kind, input) });

  refreshTables({
    sql,
    areas,
    registry,
    log,
    parking,
    projections,
    meta,
    app: parts.app,
    state,
    report: parts.log,
  });
  state.complete();
  clock.check();
  // a copy of this store that was made unnoticed must not stamp alike, even where both are ahead of their clocks
  clock.skip(stepsAtOpening(Math.random()));

  return {
    sql,
    db,
    path: parts.path,
    areas,
    get station() {
      const { station: id, incarnation } = identity.name();
      return { id, incarnation };
    },
    get logId() {
      return identity.logId();
    },
    write: (author, work) => transaction(() => work(txFor(author))),
    bulk(work) {
      sql.pragma('synchronous = NORMAL');
      try {
        return withLargeCache(sql, () =>
          transaction(() => {
            projections.defer();
            const result = work(txFor);
            if (result.ok) projections.flush({ own: true });
            return result;
          }),
        );
      } finally {
        sql.pragma('synchronous = FULL');
      }
    },
    changesOf: log.ofSubject,
    local(work) {
      // a failing disk is thrown here; the door above turns it into its failure (failureOf)
      return sql.inTransaction ? work(sql) : sql.transaction(() => work(sql)).immediate();
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ingest: (batch) => takingIn(() => ingest.loose(batch)),
    take(runs, { via, durable = true, also }) {
      // an earlier commit reaches the disk with the next one that is flushed: the WAL is one file
      const flushing = sql.pragma('synchronous', { simple: true });
      if (!durable && flushing === FULL) sql.pragma('synchronous = NORMAL');
      try {
        return takingIn(() => {
          const taken = ingest.runs(runs, via);
          also?.(sql, taken);
          return taken;
        });
      } finally {
        sql.pragma(`synchronous = ${String(flushing)}`);
      }
    },
    displace: (feed, fromSeq) => takingIn(() => displace(feed, fromSeq)),
    feeds: (): FeedHead[] =>
      log
        .feeds()
        .filter((f) => f.seq > 0)
        .map(({ station, incarnation, lane, seq, head }) => ({
          station,
          incarnation,
          lane,
          seq,
          head,
          own: station === identity.name().station,
        })),
    storedAfter(name, seq, limit) {
      if (name.lane !== 0 && name.lane !== 1 && name.lane !== 2) return [];
      const feed = log.feed({ ...name, lane: name.lane });
      return feed ? log.storedAfter(feed.id, seq, limit) : [];
    },
    rebuild: () =>
      withLargeCache(sql, () =>
        transaction(() =>
          ok(
            rebuildTables({
              sql,
              areas,
              registry,
              log,
              parking,
              projections,
              meta,
              app: parts.app,
              state,
              report: parts.log,
            }),
          ),
        ),
      ),
    verifyLog: () => verifyLog(sql, registry.find),
    integrityCheck: () => checkIntegrity(sql),
    parkedCounts: () => parking.counts(),
    quarantined: () =>
      sql
        .prepare<[], QuarantineRow>(
          `select f.station, f.incarnation, f.lane, q.seq, q.reason, lower(hex(q.hash)) as hash,
                  lower(hex(q.kept_hash)) as keptHash, q.at
           from quarantine q join feed f on f.id = q.feed
           -- a branch that was set aside may have come back
           where not exists (select 1 from change_log l where l.feed = q.feed and l.seq = q.seq and l.hash = q.hash)
           order by q.id`,
        )
        .all(),
    lastStamp: () => clock.last(),
    checkClock: () => clock.check(),
    clockAlarms: () => clock.alarms(),
    acknowledgeClockAlarm: (id, userId) => (clock.acknowledge(id, userId) ? ok(null) : fail('not_found')),
    newIncarnation: (shown = 0) => transaction(() => ok(identity.startIncarnation(shown))),
    backup: (folder) =>
      makeBackup(
        {
          sql,
          path: parts.path,
          key: parts.key,
          kindOf: registry.find,
          station: { id: identity.name().station, incarnation: identity.name().incarnation },
          at: Math.floor(now()),
          log: parts.log,
        },
        folder,
      ),
    stateDigest: () => ({ fingerprint: state.fingerprint, digest: state.digest() }),
    state: storeState({
      sql,
      areas,
      state,
      projections,
      now,
      transaction,
      touched: (type) => touched.types.add(type),
      log: parts.log,
    }),
    versions: () => ({ schema: parts.schema, ...engineVersions(sql) }),
    close() {
      sql.close();
      parts.release();
    },
  };
}

/** PRAGMA synchronous */
const FULL = 2;

interface QuarantineRow {
  station: string;
  incarnation: number;
  lane: number;
  seq: number;
  reason: 'fork' | 'broken_chain' | 'displaced';
  hash: string;
  keptHash: string;
  at: number;
}

function engineVersions(sql: Database): { sqlite: string; cipher: string } {
  const row = sql
    .prepare<[], { sqlite: string; cipher: string }>(
      'select sqlite_version() as sqlite, sqlite3mc_version() as cipher',
    )
    .get();
  return { sqlite: row?.sqlite ?? '', cipher: row?.cipher ?? '' };
}

/** Bytes left on the disk the store lies on. */
export function freeBytes(path: string): number {
  const disk = statfsSync(path);
  return disk.bavail * disk.bsize;
}
