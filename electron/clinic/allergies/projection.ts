// An allergy is never lost: a strike-out that someone contradicted without seeing it does not hold,
// and a "none known" lives in a table of its own that no allergy ever looks at.
import type { AllergyInput } from '../../../shared/api/allergies.ts';
import { allergyClassByCode } from '../../../shared/codes/allergy-classes.ts';
import { type Change, versionOf } from '../../../shared/model/change.ts';
import { type MergeClass, mergeWrites, type Write } from '../../../shared/sync/merge.ts';
import { statement } from '../../store/statement.ts';
import type { Projection } from '../../store/types.ts';
import { fieldConflicts, isStruckOut, standing, writeOf } from '../guarded.ts';

/** What a doctor acts on is guarded; how the reaction is worded is not. */
const classes: { readonly [F in keyof AllergyInput]: MergeClass } = {
  substance: 'guarded',
  classCode: 'guarded',
  reaction: 'plain',
  severity: 'guarded',
  certainty: 'guarded',
  note: 'plain',
};
const classOf = (field: string): MergeClass =>
  field === 'refuted' || Object.entries(classes).some(([f, c]) => f === field && c === 'guarded')
    ? 'guarded'
    : 'plain';

export const allergyFields = ['substance', 'classCode', 'reaction', 'severity', 'certainty', 'note'] as const;

export const allergyProjection: Projection = {
  subject: 'allergy',
  tables: ['allergy'],
  project(ctx, id, changes) {
    deleteAllergy(ctx.sql).run(id);
    const first = changes.find((c) => c.kind === 'allergy.add');
    if (!first?.patient) return {};
    const writes = changes.flatMap(toWrite);
    const merged = mergeWrites(writes, classOf);
    const refuted = isStruckOut(merged, 'refuted');
    const by = refuted ? changes.find((c) => versionOf(c) === merged.versions.refuted) : undefined;
    insertAllergy(ctx.sql).run({
      id,
      patient: first.patient,
      ...Object.fromEntries(allergyFields.map((f) => [f, merged.values[f] ?? null])),
      recordedAt: first.wall,
      recordedBy: first.author,
      station: first.station,
      version: versionOf(first),
      refuted: refuted ? 1 : 0,
      refutedAt: by?.wall ?? null,
      refutedBy: by?.author ?? null,
      refutedReason: by?.body.reason ?? null,
      versions: JSON.stringify(merged.versions),
    });
    const conflicts = fieldConflicts(merged, writes, changes, {
      patient: first.patient,
      subjectKey: (field) => `field.allergy.${field}`,
      show: showField,
    });
    return { conflicts };
  },
};

/** An edit says as well that the allergy stands; one that only settles a value has no say in that. */
export function toWrite(change: Change): Write[] {
  const { body } = change;
  const saw = Object.fromEntries(Object.entries(Object(body.saw)).map(([f, v]) => [f, String(v)]));
  switch (change.kind) {
    case 'allergy.add':
      return [writeOf(change, { ...written(body), refuted: false })];
    case 'allergy.update':
      return [
        writeOf(change, { ...written(body), ...(saw.refuted !== undefined && { refuted: false }) }, saw),
      ];
    case 'allergy.refute':
      return [writeOf(change, { refuted: true }, saw)];
    case 'allergy.restore':
      return [writeOf(change, { refuted: false }, saw)];
    default:
      return [];
  }
}

function showField(field: string, value: unknown): string | null {
  if (field === 'refuted') return standing(value);
  if (value === null || value === undefined) return null;
  const text = String(value);
  if (field === 'classCode') return allergyClassByCode.get(text)?.name ?? text;
  return field === 'severity' || field === 'certainty' ? `allergies.${field}.${text}` : text;
}

const written = (body: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(allergyFields.filter((f) => body[f] !== undefined).map((f) => [f, body[f]]));

export const declarationProjection: Projection = {
  subject: 'allergy_declaration',
  tables: ['allergy_declaration'],
  project(ctx, patientId, changes) {
    deleteDeclaration(ctx.sql).run(patientId);
    const last = changes.at(-1);
    if (last?.kind !== 'allergy.declareNone') return {};
    insertDeclaration(ctx.sql).run(patientId, last.wall, last.author, versionOf(last));
    return {};
  },
};

const deleteAllergy = statement<[string]>('DELETE FROM allergy WHERE id = ?');
const insertAllergy = statement<[Record<string, unknown>]>(`
  INSERT INTO allergy (
    id, patient_id, substance, class_code, reaction, severity, certainty, note,
    recorded_at, recorded_by, station, version, refuted, refuted_at, refuted_by, refuted_reason, versions)
  VALUES (
    @id, @patient, @substance, @classCode, @reaction, @severity, @certainty, @note,
    @recordedAt, @recordedBy, @station, @version, @refuted, @refutedAt, @refutedBy, @refutedReason, @versions)`);
const deleteDeclaration = statement<[string]>('DELETE FROM allergy_declaration WHERE patient_id = ?');
const insertDeclaration = statement<[string, number, string | null, string]>(
  'INSERT INTO allergy_declaration (patient_id, declared_at, declared_by, version) VALUES (?, ?, ?, ?)',
);
