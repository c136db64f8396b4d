// Feeds written by hand, and centers' logs on a database of their own, for tests of the province.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesOf, sha256, zeroHash } from '../../../province/bytes.ts';
import { openDatabase } from '../../../province/database/open.ts';
import type { Database } from '../../../province/database/types.ts';
import { makeCenter } from '../../../province/log/centers.ts';
import { changeStoreOf, type StoreParts } from '../../../province/log/store.ts';
import type { Change, ChangeKind, Lane } from '../../../shared/model/change.ts';
import { centerSettings } from '../../../shared/model/station.ts';
import { encodeChange } from '../../../shared/sync/codec.ts';
import type { ChangeStore, FeedName, Run } from '../../../shared/sync/port.ts';
import { makeHlc } from '../../../shared/time/hlc.ts';

export const t0 = Date.UTC(2026, 10, 2, 1);
/** `station(1)`: 32 hex digits. */
export const station = (n: number): string => n.toString(16).padStart(32, '0');

export interface Writer {
  readonly feed: FeedName;
  /** Stored forms so far; number n is at n − 1. */
  readonly stored: Uint8Array[];
  /** Writes `count` changes and answers the run of them. */
  write(
    count: number,
    over?: Partial<Omit<Change, 'hash' | 'body'>> & { body?: object },
    kind?: ChangeKind,
  ): Run;
  run(firstSeq: number, lastSeq?: number): Run;
  hash(seq: number): string;
  /** A copy of the store that goes on by itself. */
  clone(): Writer;
}

export function writer(of: string, incarnation = 1, lane: Lane = 2, stored: Uint8Array[] = []): Writer {
  const feed = { station: of, incarnation, lane };
  const hash = (seq: number): string => (seq === 0 ? zeroHash : sha256(stored[seq - 1]!).toString('hex'));
  const run = (firstSeq: number, lastSeq = stored.length): Run => ({
    feed,
    firstSeq,
    stored: stored.slice(firstSeq - 1, lastSeq),
    before: stored[firstSeq - 2] ?? null,
  });
  return {
    feed,
    stored,
    hash,
    run,
    write(count, over = {}, kind = centerSettings) {
      const firstSeq = stored.length + 1;
      for (let i = 0; i < count; i++) {
        const seq = stored.length + 1;
        const change: Omit<Change, 'hash'> = {
          ...feed,
          seq,
          prev: hash(seq - 1),
          hlc: makeHlc(t0 + seq, 0),
          wall: t0 + seq,
          author: null,
          session: null,
          app: '0.1.0',
          kind: kind.kind,
          v: kind.v,
          subject: { type: kind.subject, id: randomUUID() },
          patient: null,
          refs: [],
          body: { set: { autoLockMinutes: 5 + (seq % 50) }, saw: {} },
          ...over,
        } as Omit<Change, 'hash'>;
        stored.push(encodeChange(change, kind));
      }
      return run(firstSeq);
    },
    clone: () => writer(of, incarnation, lane, [...stored]),
  };
}

export interface TestCenter {
  readonly center: number;
  readonly store: ChangeStore;
  readonly grown: number[];
}

export interface TestDatabase {
  readonly db: Database;
  clock: number;
  center(name?: string): Promise<TestCenter>;
  storeOf(center: number, grown?: number[]): ChangeStore;
  storeOn(db: Database, center: number): ChangeStore;
  close(): Promise<void>;
}

let shared: Promise<Database> | undefined;

/** Starting PGlite takes seconds, so all files of a worker share one; every test has centers of its own. */
function sharedDatabase(): Promise<Database> {
  shared ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tram-province-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    return await openDatabase({ folder }, () => {});
  })();
  return shared;
}

/** On PGlite, or on a PostgreSQL given. */
export async function openTestDatabase(databaseUrl?: string): Promise<TestDatabase> {
  const db = databaseUrl
    ? await openDatabase({ databaseUrl, folder: tmpdir() }, () => {})
    : await sharedDatabase();
  const test: TestDatabase = {
    db,
    clock: t0 + 3_600_000,
    async center(name = 'Trung tâm') {
      const center = await db.transaction((tx) =>
        makeCenter(tx, { name, facilityCode: null, provinceCode: '01' }, test.clock),
      );
      const grown: number[] = [];
      return { center, store: test.storeOf(center, grown), grown };
    },
    storeOf: (center, grown = []) =>
      changeStoreOf({
        ...standalone,
        db,
        center,
        now: () => test.clock,
        grew: (end) => grown.push(end),
      }),
    storeOn: (on, center) =>
      changeStoreOf({ ...standalone, db: on, center, now: () => test.clock, grew: () => {} }),
    async close() {
      if (databaseUrl) await db.close();
    },
  };
  return test;
}

const standalone: Pick<StoreParts, 'took' | 'trustChanged' | 'inLine'> = {
  took: () => {},
  trustChanged: () => {},
  inLine: (work) => work(),
};

export const lots = { changes: 1000, bytes: 1 << 20 };
export const hex = (text: string): Buffer => bytesOf(text);
