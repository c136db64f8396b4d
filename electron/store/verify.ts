// Proves that nothing in the record was altered: every feed's chain of hashes, and SQLite's own structures.
import type { Database } from 'better-sqlite3';
import { CodecError, decodeChange, type FieldNames } from '../../shared/sync/codec.ts';
import { shownBy } from './carried.ts';
import { sha256Hex } from './crypto.ts';
import { failureOf } from './faults.ts';
import { NO_HASH } from './log.ts';
import type { CheckReport } from './types.ts';

interface Row {
  seq: number;
  hash: Buffer;
  hlc: string;
  kind: string;
  v: number;
  subject_type: string;
  subject_id: string;
  patient: string | null;
  author: string | null;
  wall: number;
  stored: Buffer;
}

/**
 * Walks every feed from its first change; `detail` names the first broken link. Sees one moment of the store,
 * however long it takes and whatever another connection writes meanwhile.
 */
export function verifyLog(sql: Database, kindOf: FieldNames): CheckReport {
  return sql.transaction(() => walkFeeds(sql, kindOf))();
}

function walkFeeds(sql: Database, kindOf: FieldNames): CheckReport {
  let checked = 0;
  try {
    const feeds = sql
      .prepare<
        [],
        { id: number; station: string; incarnation: number; lane: number; seq: number; head: Buffer }
      >('select id, station, incarnation, lane, seq, head from feed order by station, incarnation, lane')
      .all();
    const slice = sql.prepare<[number, number], Row>(
      'select * from change_log where feed = ? and seq > ? order by seq limit 200',
    );
    for (const feed of feeds) {
      const name = `${feed.station}.${feed.incarnation}.${feed.lane}`;
      let prev = NO_HASH;
      let seq = 0;
      for (let rows = slice.all(feed.id, seq); rows.length > 0; rows = slice.all(feed.id, seq)) {
        for (const row of rows) {
          if (row.seq !== seq + 1)
            return { ok: false, checked, detail: `feed ${name}: change ${seq + 1} is missing` };
          const fault = faultOf(row, prev, name, kindOf);
          if (fault) return { ok: false, checked, detail: `feed ${name}, change ${row.seq}: ${fault}` };
          prev = row.hash.toString('hex');
          seq = row.seq;
          checked += 1;
        }
      }
      if (seq > feed.seq)
        return { ok: false, checked, detail: `feed ${name}: goes on behind its head ${feed.seq}` };
      if (seq < feed.seq) return { ok: false, checked, detail: `feed ${name}: change ${seq + 1} is missing` };
      if (prev !== feed.head.toString('hex'))
        return { ok: false, checked, detail: `feed ${name}: its head is not the hash of change ${seq}` };
    }
    return { ok: true, checked };
  } catch (error) {
    const failure = failureOf(error);
    if (!failure) throw error;
    return {
      ok: false,
      checked,
      detail: `the file cannot be read after ${checked} changes (${failure.code})`,
    };
  }
}

/** What differs in one link, or null. */
function faultOf(row: Row, prev: string, feed: string, kindOf: FieldNames): string | null {
  const hash = sha256Hex(row.stored);
  if (hash !== row.hash.toString('hex')) return 'its bytes were altered: the hash differs';
  try {
    const c = decodeChange(row.stored, hash, kindOf);
    if (c.prev !== prev) return 'it does not follow the change before it: prev differs';
    if (`${c.station}.${c.incarnation}.${c.lane}` !== feed) return 'it belongs to another feed';
    // the columns are for finding: they tell of what is shown, of the rest what was written
    const shown = shownBy(c, kindOf) ?? c;
    const columns: [string, unknown, unknown][] = [
      ['seq', row.seq, c.seq],
      ['hlc', row.hlc, shown.hlc],
      ['kind', row.kind, shown.kind],
      ['v', row.v, shown.v],
      ['subject_type', row.subject_type, c.subject.type],
      ['subject_id', row.subject_id, c.subject.id],
      ['patient', row.patient, c.patient],
      ['author', row.author, shown.author],
      ['wall', row.wall, shown.wall],
    ];
    const differing = columns.find(([, column, own]) => column !== own);
    return differing ? `the column ${differing[0]} was altered` : null;
  } catch (error) {
    if (error instanceof CodecError) return `it cannot be read: ${error.message}`;
    throw error;
  }
}

/** SQLite's pages, indexes, constraints and foreign keys. */
export function checkIntegrity(sql: Database): CheckReport {
  try {
    const rows = sql.prepare<[], string>('pragma integrity_check(1)').pluck().all();
    const pages = Number(sql.pragma('page_count', { simple: true }));
    if (rows[0] !== 'ok') return { ok: false, checked: pages, detail: rows[0] ?? 'no answer' };
    const orphans = sql.pragma('foreign_key_check');
    if (Array.isArray(orphans) && orphans.length > 0)
      return { ok: false, checked: pages, detail: `${orphans.length} rows without the row they refer to` };
    return { ok: true, checked: pages };
  } catch (error) {
    const failure = failureOf(error);
    if (!failure) throw error;
    return { ok: false, checked: 0, detail: `the file cannot be read (${failure.code})` };
  }
}
