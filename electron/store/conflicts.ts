// Rows of the conflict table: replaced as a whole for the subject or key that found them.
import type { Database } from 'better-sqlite3';
import { compare } from '../../shared/model/change.ts';
import { sha256Hex } from './crypto.ts';
import type { ConflictRow } from './types.ts';

/** 128 bits that every store computes alike from what collides. */
export const conflictId = (owner: string, kind: string, key: string): string =>
  sha256Hex(JSON.stringify([owner, kind, key])).slice(0, 32);

export interface Conflicts {
  /**
   * Of several rows about the same sides the last holds: two people on two PCs may decide one conflict before
   * they hear of each other, and neither decision may keep the other's change from being taken in.
   */
  replace(owner: string, rows: readonly ConflictRow[]): void;
}

export function conflictsOf(sql: Database): Conflicts {
  const any = sql.prepare('select 1 from conflict where owner = ? limit 1');
  const remove = sql.prepare('delete from conflict where owner = ?');
  const insert = sql.prepare(
    `insert into conflict (id, owner, kind, key, patient, subject_key, since, sides, settled)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return {
    replace(owner, rows) {
      if (any.get(owner)) remove.run(owner);
      const byId = new Map(rows.map((row) => [conflictId(owner, row.kind, row.key), row]));
      for (const [id, row] of byId) {
        insert.run(
          id,
          owner,
          row.kind,
          row.key,
          row.patient,
          row.subjectKey,
          sinceOf(row),
          JSON.stringify(row.sides),
          row.settled ? JSON.stringify(row.settled) : null,
        );
      }
    },
  };
}

/** It became a conflict when the second side was written. */
function sinceOf(row: ConflictRow): number {
  const byTime = [...row.sides].sort((a, b) => compare(a.hlc, b.hlc));
  return (byTime[1] ?? byTime[0])?.wall ?? 0;
}
