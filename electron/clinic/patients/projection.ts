// Identity as it stands: per field the last write, guarded fields with their conflicts; numbers and relatives
// as they were added and ended.
import type * as z from 'zod';
import { Address } from '../../../shared/api/patients.ts';
import { formatPartialDate } from '../../../shared/identity/partial-date.ts';
import { type Change, versionOf } from '../../../shared/model/change.ts';
import { demographicClass, demographicFields, relativeFields } from '../../../shared/model/patients.ts';
import { type Merged, mergeWrites, type Write } from '../../../shared/sync/merge.ts';
import { fold } from '../../../shared/text/fold.ts';
import { formatDateTime } from '../../../shared/time/vietnam.ts';
import { statement } from '../../store/statement.ts';
import type { Projection } from '../../store/types.ts';
import { fieldConflicts, writeOf } from '../guarded.ts';
import { indexPatient } from './search-index.ts';
import { backwards, numberKey, phoneTail, searchWords } from './words.ts';

export const patientProjection: Projection = {
  subject: 'patient',
  tables: ['patient'],
  project(ctx, id, changes) {
    deletePatient(ctx.sql).run(id);
    const first = changes.find((c) => c.kind === 'patient.register');
    if (!first) return {};
    const { writes, merged } = mergePatient(changes);
    const { values } = merged;
    const fullName = textOf(values.fullName) ?? '';
    const birthDate = textOf(values.birthDate);
    const phone = textOf(values.phone);
    const recordNumber = textOf(first.body.recordNumber) ?? '';
    insertPatient(ctx.sql).run({
      id,
      recordNumber,
      recordTail: backwards(recordNumber),
      fullName,
      nameFolded: fold(fullName),
      sex: values.sex,
      birthDate,
      phone,
      phoneTail: phoneTail(phone),
      ethnicCode: textOf(values.ethnicCode),
      nationality: textOf(values.nationality),
      occupationCode: textOf(values.occupationCode),
      address: values.address ? JSON.stringify(values.address) : null,
      workplace: textOf(values.workplace),
      bloodGroup: textOf(values.bloodGroup),
      rhesus: textOf(values.rhesus),
      pregnant: values.pregnant === true ? 1 : 0,
      deceasedAt: values.deceasedAt ?? null,
      unidentified: values.unidentified === true ? 1 : 0,
      unidentifiedNote: textOf(first.body.unidentifiedNote),
      photo: textOf(values.photo),
      registeredAt: first.wall,
      registeredBy: first.author,
      versions: JSON.stringify(merged.versions),
    });
    indexPatient(ctx.sql, id, searchWords(fullName, birthDate), fullName);
    const conflicts = fieldConflicts(merged, writes, changes, {
      patient: id,
      subjectKey: (field) => `field.patient.${field}`,
      show,
    });
    return { conflicts };
  },
};

export const identifierProjection: Projection = {
  subject: 'identifier',
  tables: ['patient_identifier'],
  project(ctx, id, changes) {
    deleteIdentifier(ctx.sql).run(id);
    const first = changes.find((c) => c.kind === 'identifier.add');
    if (!first?.patient) return {};
    const ended = endOf(changes, 'identifier');
    const number = numberKey(textOf(first.body.value) ?? '');
    insertIdentifier(ctx.sql).run({
      id,
      patientId: first.patient,
      type: first.body.type,
      value: first.body.value,
      number,
      numberTail: backwards(number),
      issuedOn: textOf(first.body.issuedOn),
      validFrom: textOf(first.body.validFrom),
      validTo: textOf(first.body.validTo),
      facilityCode: textOf(first.body.facilityCode),
      recordedAt: first.wall,
      recordedBy: first.author,
      endedAt: ended?.wall ?? null,
      endReason: textOf(ended?.body.reason),
    });
    return {};
  },
};

export const relativeProjection: Projection = {
  subject: 'relative',
  tables: ['patient_relative'],
  project(ctx, id, changes) {
    deleteRelative(ctx.sql).run(id);
    const first = changes.find((c) => c.kind === 'relative.add');
    if (!first?.patient) return {};
    const { values, versions } = mergeWrites(writesOf(changes, relativeFields), () => 'plain');
    insertRelative(ctx.sql).run({
      id,
      patientId: first.patient,
      fullName: values.fullName,
      relation: values.relation,
      phone: textOf(values.phone),
      cccd: textOf(values.cccd),
      address: textOf(values.address),
      isGuardian: values.isGuardian === true ? 1 : 0,
      note: textOf(values.note),
      endedAt: endOf(changes, 'relative')?.wall ?? null,
      versions: JSON.stringify(versions),
    });
    return {};
  },
};

/** Guarded fields as text; a code as the i18n key of its word. */
function show(field: string, value: unknown): string | null {
  if (typeof value === 'number') return formatDateTime(value);
  if (typeof value !== 'string') return null;
  if (field === 'birthDate') return formatPartialDate(value);
  return field === 'sex' ? `common.sex${value}` : value;
}

/** Also used to settle: the heads of an open conflict are found the same way they were shown. */
export function mergePatient(changes: readonly Change[]): { writes: Write[]; merged: Merged } {
  const writes = writesOf(changes, [...demographicFields, 'unidentified', 'photo']);
  return { writes, merged: mergeWrites(writes, demographicClass) };
}

function writesOf(changes: readonly Change[], fields: readonly string[]): Write[] {
  return changes.flatMap((change) => {
    const said = fields.filter((f) => change.body[f] !== undefined);
    if (said.length === 0) return [];
    return [writeOf(change, Object.fromEntries(said.map((f) => [f, change.body[f]])), sawOf(change))];
  });
}

function sawOf(change: Change): Record<string, string> {
  const { saw } = change.body;
  if (saw === null || typeof saw !== 'object') return {};
  return Object.fromEntries(
    Object.entries(saw).filter((e): e is [string, string] => typeof e[1] === 'string'),
  );
}

/** The end that nothing later took back. */
function endOf(changes: readonly Change[], type: 'identifier' | 'relative'): Change | null {
  const last = changes
    .filter((c) => c.kind === `${type}.end` || c.kind === `${type}.resume`)
    .reduce<Change | null>((latest, c) => (latest && versionOf(latest) > versionOf(c) ? latest : c), null);
  return last?.kind === `${type}.end` ? last : null;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Address column → Address; null when there is none or it is not one any more. */
export function readAddress(json: string | null): z.output<typeof Address> | null {
  if (json === null) return null;
  const parsed = Address.safeParse(JSON.parse(json));
  return parsed.success ? parsed.data : null;
}

const deletePatient = statement<[string]>('delete from patient where id = ?');
const insertPatient = statement<[Record<string, unknown>]>(`
  insert into patient (id, record_number, record_tail, full_name, name_folded, sex, birth_date, phone, phone_tail,
    ethnic_code, nationality, occupation_code, address, workplace, blood_group, rhesus, pregnant, deceased_at,
    unidentified, unidentified_note, photo, registered_at, registered_by, versions)
  values (@id, @recordNumber, @recordTail, @fullName, @nameFolded, @sex, @birthDate, @phone, @phoneTail,
    @ethnicCode, @nationality, @occupationCode, @address, @workplace, @bloodGroup, @rhesus, @pregnant, @deceasedAt,
    @unidentified, @unidentifiedNote, @photo, @registeredAt, @registeredBy, @versions)`);
const deleteIdentifier = statement<[string]>('delete from patient_identifier where id = ?');
const insertIdentifier = statement<[Record<string, unknown>]>(`
  insert into patient_identifier (id, patient_id, type, value, number, number_tail, issued_on, valid_from, valid_to,
    facility_code, recorded_at, recorded_by, ended_at, end_reason)
  values (@id, @patientId, @type, @value, @number, @numberTail, @issuedOn, @validFrom, @validTo,
    @facilityCode, @recordedAt, @recordedBy, @endedAt, @endReason)`);
const deleteRelative = statement<[string]>('delete from patient_relative where id = ?');
const insertRelative = statement<[Record<string, unknown>]>(`
  insert into patient_relative (id, patient_id, full_name, relation, phone, cccd, address, is_guardian, note, ended_at, versions)
  values (@id, @patientId, @fullName, @relation, @phone, @cccd, @address, @isGuardian, @note, @endedAt, @versions)`);
