// Reading allergies. Whatever else was answered, one standing allergy makes the answer "has".
import type { Database } from 'better-sqlite3';
import type { AllergyInput } from '../../../shared/api/allergies.ts';
import { ok } from '../../../shared/api/contract.ts';
import type { AllergyId, PatientId } from '../../../shared/api/ids.ts';
import type { Deps, HandlersOf, Output } from '../../store/room.ts';
import { statement } from '../../store/statement.ts';

export const queries = ({ store, people }: Deps): HandlersOf<'allergies.get'> => ({
  'allergies.get': ({ patientId }) => {
    const rows = allergiesOfPatient(store.sql).all(patientId);
    const declared = declarationOf(store.sql).get(patientId);
    const asked = lastAnswer(rows, declared);
    return ok({
      status: statusOf(rows, declared !== undefined),
      askedAt: asked?.at ?? null,
      askedBy: asked ? people.nameOf(asked.by) : null,
      items: rows.map((row) => shown(row, people.nameOf)),
    });
  },
});

export type AllergyAnswer = Output<'allergies.get'>['status'];

export interface AllergyState {
  readonly status: AllergyAnswer;
  /** Standing ones, in the order they were recorded. */
  readonly items: readonly { readonly substance: string; readonly severity: AllergyInput['severity'] }[];
}

/** Every patient asked for is in the answer. */
export function allergyStatusOf(sql: Database, patientIds: readonly string[]): Map<string, AllergyState> {
  const ids = JSON.stringify(patientIds);
  const declared = new Set(
    declarationsOf(sql)
      .all(ids)
      .map((d) => d.patient_id),
  );
  const standing = Map.groupBy(standingAllergies(sql).all(ids), (row): string => row.patient_id);
  return new Map(
    patientIds.map((id) => {
      const rows = standing.get(id) ?? [];
      const items = rows.map(({ substance, severity }) => ({ substance, severity }));
      return [id, { status: statusOf(rows, declared.has(id)), items }];
    }),
  );
}

/** Allergies of a patient for a timeline, struck-out ones too. */
export const allergiesForTimeline = (sql: Database, patientId: string) =>
  allergiesOfPatient(sql)
    .all(patientId)
    .map((row) => ({
      id: row.id,
      at: row.recorded_at,
      author: row.recorded_by,
      station: row.station,
      substance: row.substance,
      severity: row.severity,
      refuted: row.refuted === 1,
    }));

/** Struck-out allergies alone are no answer: the question is asked again. */
const statusOf = (rows: readonly { refuted: 0 | 1 }[], declaredNone: boolean): AllergyAnswer =>
  rows.some((r) => r.refuted === 0) ? 'has' : declaredNone ? 'none_known' : 'not_asked';

function lastAnswer(rows: readonly AllergyRow[], declared: DeclarationRow | undefined) {
  const answers = rows.map((r) => ({ at: r.recorded_at, by: r.recorded_by }));
  if (declared) answers.push({ at: declared.declared_at, by: declared.declared_by });
  return answers.sort((a, b) => b.at - a.at)[0];
}

export interface AllergyRow {
  readonly id: AllergyId;
  readonly patient_id: PatientId;
  readonly substance: string;
  readonly class_code: string | null;
  readonly reaction: string;
  readonly severity: AllergyInput['severity'];
  readonly certainty: AllergyInput['certainty'];
  readonly note: string | null;
  readonly recorded_at: number;
  readonly recorded_by: string | null;
  readonly station: string;
  readonly refuted: 0 | 1;
  readonly refuted_at: number | null;
  readonly refuted_by: string | null;
  readonly refuted_reason: string | null;
  readonly versions: string;
}

interface DeclarationRow {
  readonly patient_id: string;
  readonly declared_at: number;
  readonly declared_by: string | null;
}

function shown(
  row: AllergyRow,
  nameOf: (id: string | null) => string,
): Output<'allergies.get'>['items'][number] {
  return {
    id: row.id,
    ...contentOf(row),
    recordedAt: row.recorded_at,
    recordedBy: nameOf(row.recorded_by),
    refuted:
      row.refuted === 1
        ? { at: row.refuted_at ?? 0, by: nameOf(row.refuted_by), reason: row.refuted_reason ?? '' }
        : null,
    versions: versionsOf(row),
  };
}

export const contentOf = (row: AllergyRow): AllergyInput => ({
  substance: row.substance,
  classCode: row.class_code,
  reaction: row.reaction,
  severity: row.severity,
  certainty: row.certainty,
  note: row.note,
});

export function versionsOf(row: AllergyRow): Record<string, string> {
  const versions: Record<string, string> = JSON.parse(row.versions);
  return versions;
}

export const allergyById = statement<[string], AllergyRow>('SELECT * FROM allergy WHERE id = ?');

export const allergiesOfPatient = statement<[patientId: string], AllergyRow>(
  'SELECT * FROM allergy WHERE patient_id = ? ORDER BY version',
);

export const standingAllergies = statement<
  [patientIds: string],
  Pick<AllergyRow, 'patient_id' | 'substance' | 'severity' | 'refuted'>
>(`
  SELECT patient_id, substance, severity, refuted FROM allergy
  WHERE patient_id IN (SELECT value FROM json_each(?)) AND refuted = 0
  ORDER BY version`);

export const declarationOf = statement<[patientId: string], DeclarationRow>(
  'SELECT patient_id, declared_at, declared_by FROM allergy_declaration WHERE patient_id = ?',
);

export const declarationsOf = statement<[patientIds: string], { patient_id: string }>(
  'SELECT patient_id FROM allergy_declaration WHERE patient_id IN (SELECT value FROM json_each(?))',
);
