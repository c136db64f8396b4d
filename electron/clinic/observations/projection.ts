// One set of vitals from its recording and corrections: latest value per vital, earlier versions kept,
// NEWS2 from the facts stored with the set and nothing else.
import type { VitalMethods, VitalValues } from '../../../shared/api/observations.ts';
import { type News2Basis, type Spo2Scale, scoreNews2 } from '../../../shared/codes/news2.ts';
import { hasRoundVital, noVitals } from '../../../shared/codes/vitals.ts';
import { type Change, versionOf } from '../../../shared/model/change.ts';
import { type MergeClass, type Merged, mergeWrites, type Write } from '../../../shared/sync/merge.ts';
import { formatDateTime } from '../../../shared/time/vietnam.ts';
import { statement } from '../../store/statement.ts';
import type { Projection } from '../../store/types.ts';
import { fieldConflicts, isStruckOut, standing, writeOf } from '../guarded.ts';

export const observationProjection: Projection = {
  subject: 'observation',
  tables: ['observation'],
  project(ctx, id, changes) {
    deleteObservation(ctx.sql).run(id);
    const first = changes.find((c) => c.kind === 'observation.record');
    if (!first?.patient) return {};
    const writes = changes.flatMap(toWrite);
    const merged = mergeWrites(writes, classOf);
    const versions = readingsOf(changes, writes);
    const present = versions[0];
    if (!present) return {};
    const version = versionOf(first);
    const voided = isStruckOut(merged, 'voided');
    insertObservation(ctx.sql).run({
      id,
      admission: first.body.admission,
      patient: first.patient,
      writtenAt: present.writtenAt,
      author: present.author,
      station: present.station,
      version,
      at: present.at,
      ...present.values,
      ...present.methods,
      note: present.note,
      isRound: hasRoundVital(present.values) ? 1 : 0,
      news2: JSON.stringify(scoreNews2(present.values, present.basis)),
      voided: voided ? 1 : 0,
      voidReason: voided ? (merged.values.voidReason ?? null) : null,
      reason: present.reason,
      history: JSON.stringify(versions.slice(1).map(toHistory)),
      versions: JSON.stringify(
        Object.fromEntries(Object.entries(merged.versions).filter(([, v]) => v !== version)),
      ),
    });
    const conflicts = fieldConflicts(merged, writes, changes, {
      patient: first.patient,
      subjectKey: (field) => `field.observation.${field}`,
      show: showField,
    });
    return { conflicts };
  },
};

/** A version of a set as stored in the history column. */
export interface StoredVersion {
  readonly values: VitalValues;
  readonly at: number;
  readonly writtenAt: number;
  readonly author: string | null;
  readonly reason: string | null;
}

/** Fields that merge one by one; upper and lower blood pressure are one reading. */
const plainVitals = [
  'pulse',
  'temperature',
  'respiration',
  'spo2',
  'oxygen',
  'consciousness',
  'weight',
  'height',
  'pain',
  'urine',
] as const;
const methodFields = ['temperatureSite', 'pressureSite', 'posture'] as const;
const guarded = new Set<string>([...plainVitals, 'pressure', 'at', 'voided']);

const classOf = (field: string): MergeClass => (guarded.has(field) ? 'guarded' : 'plain');

/** A recording writes every field, measured or not; a correction the fields it carries. */
export function toWrite(change: Change): Write[] {
  const body = change.body;
  const saw = seenOf(body.saw);
  switch (change.kind) {
    case 'observation.record':
      return [writeOf(change, { ...unmeasured, ...fieldsOf(body), voided: false })];
    case 'observation.correct':
      // A correction says as well that the set stands; one that only settles a value has no say in that.
      return [
        writeOf(change, { ...fieldsOf(body), ...(saw.voided !== undefined && { voided: false }) }, saw),
      ];
    case 'observation.void':
      return [writeOf(change, { voided: true, voidReason: body.reason }, saw)];
    case 'observation.restore':
      return [writeOf(change, { voided: false }, saw)];
    default:
      return [];
  }
}

const unmeasured: Record<string, unknown> = {
  ...Object.fromEntries([...plainVitals, ...methodFields, 'note'].map((f) => [f, null])),
  pressure: { systolic: null, diastolic: null },
};

function fieldsOf(body: Record<string, unknown>): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const f of [...plainVitals, ...methodFields, 'note', 'at'])
    if (body[f] !== undefined) fields[f] = body[f];
  if (body.systolic !== undefined || body.diastolic !== undefined)
    fields.pressure = { systolic: body.systolic ?? null, diastolic: body.diastolic ?? null };
  if (body.scale !== undefined)
    fields.basis = { scale: body.scale, ageYears: body.ageYears ?? null, pregnant: body.pregnant === true };
  return fields;
}

interface Reading extends StoredVersion {
  readonly station: string;
  readonly methods: VitalMethods;
  readonly note: string | null;
  readonly basis: News2Basis;
}

/** What stood there after each recording or correction, newest first. */
function readingsOf(changes: readonly Change[], writes: readonly Write[]): Reading[] {
  return changes
    .filter((c) => c.kind === 'observation.record' || c.kind === 'observation.correct')
    .map((change) => {
      const version = versionOf(change);
      const merged = mergeWrites(
        writes.filter((w) => w.version <= version),
        classOf,
      );
      return readingOf(merged, change);
    })
    .reverse();
}

function readingOf({ values: v }: Merged, change: Change): Reading {
  const values: Record<keyof VitalValues, unknown> = { ...noVitals };
  for (const f of plainVitals) values[f] = v[f] ?? null;
  const pressure: { systolic?: unknown; diastolic?: unknown } = isRecord(v.pressure) ? v.pressure : {};
  values.systolic = pressure.systolic ?? null;
  values.diastolic = pressure.diastolic ?? null;
  const basis = isRecord(v.basis) ? v.basis : {};
  const scale: Spo2Scale = basis.scale === 2 ? 2 : 1;
  return {
    // Bodies were checked by their schema before they were stored.
    values: values as VitalValues,
    methods: Object.fromEntries(methodFields.map((f) => [f, v[f] ?? null])) as VitalMethods,
    note: typeof v.note === 'string' ? v.note : null,
    at: typeof v.at === 'number' ? v.at : change.wall,
    basis: {
      scale,
      ageYears: typeof basis.ageYears === 'number' ? basis.ageYears : null,
      pregnant: basis.pregnant === true,
    },
    writtenAt: change.wall,
    author: change.author,
    station: change.station,
    reason: typeof change.body.reason === 'string' ? change.body.reason : null,
  };
}

const toHistory = ({ values, at, writtenAt, author, reason }: Reading): StoredVersion => ({
  values,
  at,
  writtenAt,
  author,
  reason,
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

export const seenOf = (saw: unknown): Record<string, string> =>
  isRecord(saw) ? Object.fromEntries(Object.entries(saw).map(([k, v]) => [k, String(v)])) : {};

function showField(field: string, value: unknown): string | null {
  if (field === 'voided') return standing(value);
  if (field === 'at') return typeof value === 'number' ? formatDateTime(value) : null;
  if (isRecord(value)) return value.systolic === null ? null : `${value.systolic}/${value.diastolic ?? '–'}`;
  return value === null ? null : String(value).replace('.', ',');
}

export const scaleProjection: Projection = {
  subject: 'news2_scale',
  tables: ['news2_scale'],
  project(ctx, id, changes) {
    deleteScale(ctx.sql).run(id);
    const writes = changes.map((c) => writeOf(c, { scale: c.body.scale }, seenOf(c.body.saw)));
    const merged = mergeWrites(writes, () => 'guarded');
    const winner = changes.find((c) => versionOf(c) === merged.versions.scale);
    if (!winner) return {};
    insertScale(ctx.sql).run({
      id,
      scale: winner.body.scale,
      writtenAt: winner.wall,
      author: winner.author,
      reason: winner.body.reason ?? null,
      version: versionOf(winner),
    });
    const conflicts = fieldConflicts(merged, writes, changes, {
      patient: winner.patient,
      subjectKey: () => 'field.observation.scale',
      show: (_field, value) => String(value),
    });
    return { conflicts };
  },
};

const deleteObservation = statement<[string]>('DELETE FROM observation WHERE id = ?');
const insertObservation = statement<[Record<string, unknown>]>(`
  INSERT INTO observation (
    id, admission_id, patient_id, at, written_at, author, station, version,
    pulse, temperature, systolic, diastolic, respiration, spo2, oxygen, consciousness,
    weight, height, pain, urine, temperature_site, pressure_site, posture, note,
    is_round, news2, voided, void_reason, reason, history, versions)
  VALUES (
    @id, @admission, @patient, @at, @writtenAt, @author, @station, @version,
    @pulse, @temperature, @systolic, @diastolic, @respiration, @spo2, @oxygen, @consciousness,
    @weight, @height, @pain, @urine, @temperatureSite, @pressureSite, @posture, @note,
    @isRound, @news2, @voided, @voidReason, @reason, @history, @versions)`);

const deleteScale = statement<[string]>('DELETE FROM news2_scale WHERE admission_id = ?');
const insertScale = statement<[Record<string, unknown>]>(`
  INSERT INTO news2_scale (admission_id, scale, written_at, author, reason, version)
  VALUES (@id, @scale, @writtenAt, @author, @reason, @version)`);
