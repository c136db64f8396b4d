// What each source can fill, so that a form that asks the impossible is refused before anyone writes on it.
import { dischargeTypes, outcomes, sexes } from '../../../shared/codes/value-sets.ts';
import type { FormField, FormSource } from '../../../shared/model/form-template.ts';

type Kind = FormField['kind'];
type ColumnKind = NonNullable<FormField['columns']>[number]['kind'];

export interface SourceKind {
  readonly kinds: readonly Kind[];
  /** Of a source for `choice`: every code it may give. */
  readonly codes?: readonly string[];
  /** Of a source for `rows`: its columns and what a cell of each may be shown as. */
  readonly columns?: Readonly<Record<string, readonly ColumnKind[]>>;
}

const words: SourceKind = { kinds: ['text', 'long'] };
const count: SourceKind = { kinds: ['number', 'text'] };
const moment: SourceKind = { kinds: ['moment', 'date', 'text'] };
const day: SourceKind = { kinds: ['date', 'text'] };
const diagnosis: SourceKind = { kinds: ['diagnosis', 'text', 'long'] };
const oneOf = (list: readonly { readonly code: string }[]): SourceKind => ({
  kinds: ['choice', 'text'],
  codes: list.map(({ code }) => code),
});
const textual: readonly ColumnKind[] = ['text', 'long'];
const entry = { at: ['moment'], progress: textual, author: textual } as const;

export const sourceKinds: { readonly [S in FormSource]: SourceKind } = {
  'center.name': words,
  'center.parent': words,
  'center.code': words,
  'center.address': words,
  'center.phone': words,
  'patient.fullName': words,
  'patient.recordNumber': words,
  'patient.birthDate': words,
  'patient.age': words,
  'patient.sex': oneOf(sexes),
  'patient.ethnicGroup': words,
  'patient.nationality': words,
  'patient.occupation': words,
  'patient.workplace': words,
  'patient.address': words,
  'patient.phone': words,
  'patient.citizenId': words,
  'patient.citizenIdIssuedOn': day,
  'patient.insuranceNumber': words,
  'patient.insuranceFrom': day,
  'patient.insuranceTo': day,
  'patient.bloodGroup': words,
  'patient.relative': words,
  'patient.relativePhone': words,
  'patient.parents': words,
  'patient.allergies': words,
  'stay.number': words,
  'stay.ward': words,
  'stay.room': words,
  'stay.bed': words,
  'stay.careType': words,
  'stay.reason': words,
  'stay.admittedAt': moment,
  'stay.dischargedAt': moment,
  'stay.days': count,
  'stay.admissionDiagnosis': diagnosis,
  'stay.diagnosis': diagnosis,
  'stay.icd': words,
  'stay.outcome': oneOf(outcomes),
  'stay.dischargeType': oneOf(dischargeTypes),
  'stay.advice': words,
  'stay.destination': words,
  'stay.moves[]': {
    kinds: ['rows'],
    columns: { ward: textual, from: ['moment', 'date'], to: ['moment', 'date'], days: ['number'] },
  },
  'vitals.atAdmission': words,
  'vitals.atAdmission.pulse': count,
  'vitals.atAdmission.temperature': count,
  'vitals.atAdmission.pressure': words,
  'vitals.atAdmission.respiration': count,
  'vitals.atAdmission.spo2': count,
  'vitals.atAdmission.weight': count,
  'vitals.atAdmission.height': count,
  'vitals.latest': words,
  'vitals.rows[]': {
    kinds: ['rows'],
    columns: {
      at: ['moment'],
      pulse: ['number'],
      temperature: ['number'],
      pressure: textual,
      respiration: ['number'],
      spo2: ['number'],
      oxygen: textual,
      consciousness: textual,
      weight: ['number'],
      height: ['number'],
      pain: ['number'],
      urine: ['number'],
      news2: ['number'],
      note: textual,
      by: textual,
    },
  },
  'notes.rows[]': { kinds: ['rows'], columns: { ...entry, orders: textual } },
  'notes.care[]': { kinds: ['rows'], columns: { ...entry, care: textual } },
  'notes.course': words,
  'sheet.number': count,
  today: day,
  now: moment,
  'author.name': words,
  'author.title': words,
};
