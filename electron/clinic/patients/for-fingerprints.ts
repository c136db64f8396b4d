// What the fingerprint room asks about people, whose fingers it keeps without their names.
import type { Database } from 'better-sqlite3';
import { statement } from '../../store/statement.ts';
import { readAddress } from './projection.ts';
import { patientById, relativesOfPatient } from './queries.ts';

export const nameOf = (sql: Database, patientId: string): { readonly fullName: string } | null => {
  const row = patientById(sql).get(patientId);
  return row ? { fullName: row.full_name } : null;
};

export const addressOf = (sql: Database, patientId: string): string | null =>
  readAddress(patientById(sql).get(patientId)?.address ?? null)?.text || null;

export const relativesOf = (sql: Database, patientId: string) =>
  relativesOfPatient(sql)
    .all(patientId)
    .map((row) => ({ id: row.id, fullName: row.full_name, relation: row.relation, endedAt: row.ended_at }));

/** Who may be it: sex 3 is "not known", and a birth date may be missing. Years, both ends included; null asks nothing. */
export const patientsLike = (
  sql: Database,
  asked: { readonly sex: string | null; readonly bornFrom: number | null; readonly bornTo: number | null },
): ReadonlySet<string> =>
  new Set(
    likely(sql)
      .all(asked)
      .map(({ id }) => id),
  );

const likely = statement<
  [{ sex: string | null; bornFrom: number | null; bornTo: number | null }],
  { id: string }
>(`
  SELECT id FROM patient WHERE (@sex IS NULL OR sex = @sex OR sex = '3')
    AND (birth_date IS NULL OR (CAST(substr(birth_date, 1, 4) AS INTEGER)
      BETWEEN coalesce(@bornFrom, 0) AND coalesce(@bornTo, 9999)))`);
