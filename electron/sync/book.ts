// What this PC remembers of other places from one session, and one day, to the next. In the store's own file, so that
// a restored copy remembers exactly as much of its peers as it holds of the record.
import type { Database } from 'better-sqlite3';
import { feedKey, type Head } from '../../shared/sync/port.ts';
import type { OpenStore } from '../store/types.ts';
import { type ProvinceWord, provinceWord } from './province-word.ts';
import { writeSetting } from './settings.ts';
import type { RefusedFact } from './types.ts';

export interface PeerEntry {
  readonly id: string;
  readonly name: string;
  readonly address: string | null;
  /** PEM; province only */
  readonly certificate: string | null;
  /** Province only */
  readonly station: string | null;
  readonly enrolledAt: number | null;
  readonly logId: string | null;
  readonly cursors: readonly [number, number, number];
  readonly rate: number | null;
  readonly lastContactAt: number | null;
  readonly lastVerifiedAt: number | null;
  readonly offsetMs: number | null;
  readonly version: string | null;
  readonly statesDifferAt: number | null;
}

/** Columns that are set one by one as a session goes. */
export type PeerNews = Partial<
  Pick<
    PeerEntry,
    | 'name'
    | 'address'
    | 'certificate'
    | 'station'
    | 'enrolledAt'
    | 'rate'
    | 'lastContactAt'
    | 'lastVerifiedAt'
    | 'offsetMs'
    | 'version'
    | 'statesDifferAt'
  >
>;

export interface Book extends ProvinceWord {
  peer(id: string): PeerEntry | null;
  peers(): PeerEntry[];
  /** Adds the peer when it is not there. */
  note(id: string, news: PeerNews): void;
  /** Before any first words: see below. */
  forgetCursorsOfAnotherCopy(): void;
  /** Cursors are for this copy of its log from now on; those for another one mean nothing any more. */
  startLog(id: string, logId: string): void;
  cursor(id: string, lane: number, at: number): void;
  held(id: string): Head[];
  /** The peer holds these; only what this log holds with the same hash, and no lower number than before, is believed. */
  addHeld(id: string, heads: readonly Head[]): void;
  /** The peer was restored: it holds no more than this of these feeds. */
  lowerHeld(id: string, heads: readonly Head[]): void;
  /** The branch from this number on is not ours any more. */
  forgetHeldFrom(feed: Pick<Head, 'station' | 'incarnation' | 'lane'>, seq: number): void;
  refuse(refusal: RefusedFact): void;
  /** Not what the peer took in later, as one does that has been updated. */
  refused(): RefusedFact[];
  forget(id: string): void;
}

const columns: Readonly<Record<keyof PeerNews, string>> = {
  name: 'name',
  address: 'address',
  certificate: 'certificate',
  station: 'station',
  enrolledAt: 'enrolled_at',
  rate: 'rate',
  lastContactAt: 'last_contact_at',
  lastVerifiedAt: 'last_verified_at',
  offsetMs: 'offset_ms',
  version: 'version',
  statesDifferAt: 'states_differ_at',
};

/** PRAGMA synchronous */
const FULL = 2;

export function openBook(store: OpenStore, now: () => number = Date.now): Book {
  const { sql } = store;
  const write = (work: (sql: Database) => void): void => store.local(work);
  /**
   * On the disk with the next thing that is flushed: an answer to every frame would cost the disk more than taking it
   * in. What a power cut takes back of it, the peer says or sends again after the next greeting.
   */
  const noteDown = (work: (sql: Database) => void): void => {
    const flushing = !sql.inTransaction && sql.pragma('synchronous', { simple: true }) === FULL;
    if (flushing) sql.pragma('synchronous = NORMAL');
    try {
      write(work);
    } finally {
      if (flushing) sql.pragma('synchronous = FULL');
    }
  };
  const peers = sql.prepare<[], PeerRow>(`${selectPeer} ORDER BY id`);
  const peer = sql.prepare<[string], PeerRow>(`${selectPeer} WHERE id = ?`);
  const add = sql.prepare(
    `INSERT INTO sync_peer (id, name, cursor0, cursor1, cursor2) VALUES (?, '', 0, 0, 0)
     ON CONFLICT (id) DO NOTHING`,
  );
  const held = sql.prepare<[string], Head>(
    'SELECT station, incarnation, lane, seq, hash FROM sync_held WHERE peer = ?',
  );
  const isOurs = sql
    .prepare<[number, string, number, number, Buffer], number>(
      `SELECT 1 FROM feed f JOIN change_log l ON l.feed = f.id AND l.seq = ?
        WHERE f.station = ? AND f.incarnation = ? AND f.lane = ? AND l.hash = ?`,
    )
    .pluck();
  const raise = sql.prepare(
    `INSERT INTO sync_held (peer, station, incarnation, lane, seq, hash) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (peer, station, incarnation, lane) DO UPDATE SET seq = excluded.seq, hash = excluded.hash
       WHERE excluded.seq > seq`,
  );

  forgetCursorsOfAnotherCopy(store);

  return {
    ...provinceWord(store, now, () => sql.prepare("DELETE FROM sync_held WHERE peer = 'province'").run()),
    forgetCursorsOfAnotherCopy: () => forgetCursorsOfAnotherCopy(store),
    peer: (id) => {
      const row = peer.get(id);
      return row ? entryOf(row) : null;
    },
    peers: () => peers.all().map(entryOf),
    note(id, news) {
      const entries = Object.entries(news).filter(([, value]) => value !== undefined);
      // whom to trust was decided once and is told by nobody again
      const keep = news.certificate === undefined ? noteDown : write;
      keep((sql) => {
        add.run(id);
        for (const [name, value] of entries) {
          const column = isColumn(name) ? columns[name] : null;
          if (column)
            sql
              .prepare(`UPDATE sync_peer SET ${column} = ? WHERE id = ?`)
              .run(typeof value === 'number' ? Math.round(value) : value, id);
        }
      });
    },
    startLog(id, logId) {
      noteDown((sql) => {
        add.run(id);
        sql
          .prepare(
            `UPDATE sync_peer SET log_id = ?, cursor0 = 0, cursor1 = 0, cursor2 = 0
              WHERE id = ? AND log_id IS NOT ?`,
          )
          .run(logId, id, logId);
      });
    },
    cursor(id, lane, at) {
      const column = `cursor${lane === 0 || lane === 1 ? lane : 2}`;
      noteDown((sql) =>
        sql
          .prepare(`UPDATE sync_peer SET ${column} = ? WHERE id = ? AND ${column} < ?`)
          .run(Math.floor(at), id, Math.floor(at)),
      );
    },
    held: (id) => held.all(id),
    addHeld(id, heads) {
      if (heads.length === 0) return;
      noteDown(() => {
        // answers for a branch that was set aside while they were on their way say nothing about the one that stays
        for (const h of heads)
          if (isOurs.get(h.seq, h.station, h.incarnation, h.lane, Buffer.from(h.hash, 'hex')) === 1)
            raise.run(id, h.station, h.incarnation, h.lane, h.seq, h.hash);
      });
    },
    lowerHeld(id, heads) {
      write((sql) => {
        const drop = sql.prepare(
          'DELETE FROM sync_held WHERE peer = ? AND station = ? AND incarnation = ? AND lane = ?',
        );
        for (const h of heads) {
          drop.run(id, h.station, h.incarnation, h.lane);
          if (h.seq > 0) raise.run(id, h.station, h.incarnation, h.lane, h.seq, h.hash);
        }
      });
    },
    forgetHeldFrom(feed, seq) {
      write((sql) =>
        sql
          .prepare('DELETE FROM sync_held WHERE station = ? AND incarnation = ? AND lane = ? AND seq >= ?')
          .run(feed.station, feed.incarnation, feed.lane, seq),
      );
    },
    refuse(r) {
      write((sql) =>
        sql
          .prepare(
            `INSERT INTO sync_refused (peer, station, incarnation, lane, seq, reason, at)
             VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
          )
          .run(r.where, r.station, r.incarnation, r.lane, r.seq, r.reason, Math.floor(r.at)),
      );
    },
    refused: () =>
      sql
        .prepare<[], RefusedFact>(
          `SELECT peer AS "where", station, incarnation, lane, seq, reason, at FROM sync_refused r
            WHERE NOT EXISTS (SELECT 1 FROM sync_held h WHERE h.peer = r.peer AND h.station = r.station
              AND h.incarnation = r.incarnation AND h.lane = r.lane AND h.seq >= r.seq)
            ORDER BY at DESC LIMIT 1000`,
        )
        .all(),
    forget(id) {
      write((sql) => {
        if (id === 'province') writeSetting(store, 'syncProvinceLog', null);
        for (const [table, key] of [
          ['sync_peer', 'id'],
          ['sync_held', 'peer'],
          ['sync_refused', 'peer'],
        ])
          sql.prepare(`DELETE FROM ${table} WHERE ${key} = ?`).run(id);
      });
    },
  };
}

/** feedKey → last number. */
export const seqsOf = (heads: readonly Head[]): Map<string, number> =>
  new Map(heads.map((head) => [feedKey(head), head.seq]));

const selectPeer = `SELECT id, name, address, certificate, station, enrolled_at AS enrolledAt, log_id AS logId,
    cursor0, cursor1, cursor2, rate, last_contact_at AS lastContactAt, last_verified_at AS lastVerifiedAt,
    offset_ms AS offsetMs, version, states_differ_at AS statesDifferAt
  FROM sync_peer`;

interface PeerRow extends Omit<PeerEntry, 'cursors'> {
  readonly cursor0: number;
  readonly cursor1: number;
  readonly cursor2: number;
}

const entryOf = ({ cursor0, cursor1, cursor2, ...rest }: PeerRow): PeerEntry => ({
  ...rest,
  cursors: [cursor0, cursor1, cursor2],
});

const isColumn = (name: string): name is keyof PeerNews => Object.hasOwn(columns, name);

/**
 * A cursor promises that this copy of the log holds all that came before it. One restored from a backup, or gone on
 * under a new incarnation, can't: peers skip what it once wrote or brought itself, so it must ask by vectors.
 */
function forgetCursorsOfAnotherCopy(store: OpenStore): void {
  const own = JSON.stringify(store.logId);
  const kept = store.sql
    .prepare<[], string>("SELECT value FROM local_setting WHERE name = 'syncCursorsOf'")
    .pluck();
  if (kept.get() === own) return;
  store.local((sql) => {
    sql.exec('UPDATE sync_peer SET log_id = NULL, cursor0 = 0, cursor1 = 0, cursor2 = 0');
    sql
      .prepare(
        `INSERT INTO local_setting (name, value) VALUES ('syncCursorsOf', ?)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      )
      .run(own);
  });
}
