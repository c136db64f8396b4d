// Rows of the store's conflict table, read back as what the areas found.
import type { Database } from 'better-sqlite3';
import * as z from 'zod';
import { statement } from '../../store/statement.ts';

const Side = z.object({
  choice: z.string(),
  value: z.unknown(),
  hlc: z.string(),
  wall: z.number(),
  author: z.string().nullable(),
  station: z.string(),
  current: z.boolean(),
});
const Settled = z.object({
  hlc: z.string(),
  wall: z.number(),
  author: z.string().nullable(),
  choice: z.string(),
  reason: z.string().nullable(),
});
const Row = z.object({
  id: z.string(),
  /** `<type>:<id>` of the subject, or `key:<key>`, that found it. */
  owner: z.string(),
  kind: z.enum(['field', 'illegal_transition', 'double_bed', 'two_stays', 'two_discharges']),
  key: z.string(),
  patient: z.string().nullable(),
  subjectKey: z.string(),
  since: z.number(),
  sides: z.string().transform((text) => z.array(Side).parse(JSON.parse(text))),
  settled: z
    .string()
    .nullable()
    .transform((text) => (text === null ? null : Settled.parse(JSON.parse(text)))),
});

export type Conflict = z.output<typeof Row>;

/** Open ones oldest first, they have waited longest; settled ones newest first. */
export function conflictsOf(sql: Database, settled: boolean): Conflict[] {
  const rows = (settled ? settledConflicts : openConflicts)(sql).all();
  return rows.map((row) => Row.parse(row));
}

export const conflictOf = (sql: Database, id: string): Conflict | null => {
  const row = oneConflict(sql).get(id);
  return row === undefined ? null : Row.parse(row);
};

/** The board marks both people of a double bed. */
export const patientsInConflict = (sql: Database): Set<string> =>
  new Set(conflictsOf(sql, false).flatMap(patientsOf));

/** The patient it is about, or the patients of its sides. */
export function patientsOf(conflict: Pick<Conflict, 'patient' | 'sides'>): string[] {
  const ofSides = conflict.sides.flatMap((s) => WithPatient.safeParse(s.value).data?.patient ?? []);
  return [...new Set([...(conflict.patient === null ? [] : [conflict.patient]), ...ofSides])];
}
const WithPatient = z.object({ patient: z.string() });

const columns = 'id, owner, kind, key, patient, subject_key AS subjectKey, since, sides, settled';
export const openConflicts = statement<[]>(
  `SELECT ${columns} FROM conflict WHERE settled IS NULL ORDER BY since, id`,
);
export const settledConflicts = statement<[]>(
  `SELECT ${columns} FROM conflict WHERE settled IS NOT NULL ORDER BY since DESC, id LIMIT 500`,
);
export const oneConflict = statement<[string]>(`SELECT ${columns} FROM conflict WHERE id = ?`);
