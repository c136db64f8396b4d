// Fills a form from the record: each source says what it gives in words and, where there is one, as a code, number or
// moment; the field takes the shape it holds. What the record does not know stays out, for a person to write.
import type { Database } from 'better-sqlite3';
import { ethnicGroups } from '../../../shared/codes/ethnic-groups.ts';
import { occupations } from '../../../shared/codes/occupations.ts';
import { provinces } from '../../../shared/codes/provinces.ts';
import { careTypes, dischargeTypes, outcomes, sexes } from '../../../shared/codes/value-sets.ts';
import { formatPartialDate } from '../../../shared/identity/partial-date.ts';
import type {
  FormField,
  FormSource,
  FormTemplate,
  FormValue,
  FormValues,
} from '../../../shared/model/form-template.ts';
import { dayStart, formatDate, formatDayTime } from '../../../shared/time/vietnam.ts';
import { type Facts, type Filling, factsOf, type SourceNeeds, type Ward } from './facts.ts';
import {
  ageOnPaper,
  consciousnessNames,
  momentInWords,
  nameIn,
  oxygen,
  pressure,
  relationNames,
  severityNames,
  vitalsInWords,
} from './words.ts';

export type { CenterOnPaper, Filling, SourceNeeds } from './facts.ts';

/** Fields with a source and something to fill them; nothing is said of the others. */
export function fill(
  needs: SourceNeeds,
  sql: Database,
  template: FormTemplate,
  filling: Filling,
): FormValues {
  const facts = factsOf(sql, needs, template, filling);
  const filled = template.sections.flatMap(({ fields }) =>
    fields.flatMap((field): [string, FormValue][] => {
      const value = field.source ? shaped(field, sources[field.source](facts)) : null;
      return value === null ? [] : [[field.id, value]];
    }),
  );
  return Object.fromEntries(filled);
}

type Row = Readonly<Record<string, string | number | null>>;

interface Given {
  readonly text?: string | null;
  readonly code?: string | null;
  readonly number?: number | null;
  /** ms since 1970 UTC */
  readonly moment?: number | null;
  /** `2026-11-22` */
  readonly date?: string | null;
  readonly rows?: readonly Row[];
}

const words = (text: string | null | undefined): Given => ({ text: text || null });
const count = (n: number | null | undefined): Given => ({
  number: n ?? null,
  text: n === null || n === undefined ? null : String(n).replace('.', ','),
});
const moment = (at: number | null | undefined): Given => ({
  moment: at ?? null,
  text: at === null || at === undefined ? null : momentInWords(at),
});
const day = (date: string | null | undefined): Given => ({
  date: date || null,
  text: date ? formatPartialDate(date) : null,
});
const coded = (list: Parameters<typeof nameIn>[0], code: string | null | undefined): Given => ({
  code: code ?? null,
  text: nameIn(list, code),
});

const sources: { readonly [S in FormSource]: (facts: Facts) => Given } = {
  'center.name': ({ center }) => words(center?.name),
  'center.parent': ({ center }) => words(center?.parent ?? healthDepartment(center?.provinceCode)),
  'center.code': ({ center }) => words(center?.facilityCode),
  'center.address': ({ center }) => words(center?.address),
  'center.phone': ({ center }) => words(center?.phone),
  'patient.fullName': ({ patient }) => words(patient?.demographics.fullName.toLocaleUpperCase('vi')),
  'patient.recordNumber': ({ patient }) => words(patient?.recordNumber),
  'patient.birthDate': ({ patient }) =>
    words(patient?.demographics.birthDate && formatPartialDate(patient.demographics.birthDate)),
  'patient.age': ({ patient, today }) =>
    words(patient?.demographics.birthDate && ageOnPaper(patient.demographics.birthDate, today)),
  'patient.sex': ({ patient }) => coded(sexes, patient?.demographics.sex),
  'patient.ethnicGroup': ({ patient }) => words(nameIn(ethnicGroups, patient?.demographics.ethnicCode)),
  'patient.nationality': ({ patient }) => words(patient?.demographics.nationality),
  'patient.occupation': ({ patient }) => words(nameIn(occupations, patient?.demographics.occupationCode)),
  'patient.workplace': ({ patient }) => words(patient?.demographics.workplace),
  'patient.address': ({ patient }) => words(patient?.demographics.address?.text),
  'patient.phone': ({ patient }) => words(patient?.demographics.phone),
  'patient.citizenId': (facts) => words(personalNumber(facts)?.value),
  'patient.citizenIdIssuedOn': (facts) => day(personalNumber(facts)?.issuedOn),
  'patient.insuranceNumber': (facts) => words(inUse(facts, 'bhyt')?.value),
  'patient.insuranceFrom': (facts) => day(inUse(facts, 'bhyt')?.validFrom),
  'patient.insuranceTo': (facts) => day(inUse(facts, 'bhyt')?.validTo),
  'patient.bloodGroup': ({ patient }) => words(bloodGroup(patient?.demographics)),
  'patient.relative': (facts) => words(relative(facts)),
  'patient.relativePhone': ({ patient }) => words(patient?.relatives.find(isToBeTold)?.phone),
  'patient.parents': (facts) => words(parents(facts)),
  'patient.allergies': ({ allergies }) => words(allergiesInWords(allergies)),
  'stay.number': ({ stay }) => words(stay?.admissionNumber),
  'stay.ward': ({ stay }) => words(stay?.wardName),
  'stay.room': ({ room }) => words(room),
  'stay.bed': ({ bed }) => words(bed),
  'stay.careType': ({ stay }) => words(nameIn(careTypes, stay?.careType)),
  'stay.reason': ({ stay }) => words(stay?.reason),
  'stay.admittedAt': ({ stay }) => moment(stay?.admittedAt),
  'stay.dischargedAt': ({ stay }) => moment(stay?.dischargedAt),
  'stay.days': (facts) => count(daysOfTreatment(facts)),
  'stay.admissionDiagnosis': ({ admissionDiagnosis: first }) => diagnosis(first?.diagnosis, first?.icd),
  'stay.diagnosis': ({ stay }) =>
    stay?.dischargeDiagnosis
      ? diagnosis(stay.dischargeDiagnosis, stay.dischargeIcd)
      : diagnosis(stay?.diagnosis, stay?.icdCode),
  'stay.icd': ({ stay }) => words(stay?.dischargeDiagnosis ? stay.dischargeIcd : stay?.icdCode),
  'stay.outcome': ({ stay }) => coded(outcomes, stay?.outcome),
  'stay.dischargeType': ({ stay }) => coded(dischargeTypes, stay?.dischargeType),
  'stay.advice': ({ stay }) => words(stay?.advice),
  'stay.destination': ({ stay }) => words(stay?.destination),
  'stay.moves[]': ({ wards }) => ({ rows: wards.map(wardRow) }),
  'vitals.atAdmission': ({ sets }) => words(sets[0] && vitalsInWords(sets[0].values)),
  'vitals.atAdmission.pulse': ({ sets }) => count(sets[0]?.values.pulse),
  'vitals.atAdmission.temperature': ({ sets }) => count(sets[0]?.values.temperature),
  'vitals.atAdmission.pressure': ({ sets }) => words(sets[0] && pressure(sets[0].values)),
  'vitals.atAdmission.respiration': ({ sets }) => count(sets[0]?.values.respiration),
  'vitals.atAdmission.spo2': ({ sets }) => count(sets[0]?.values.spo2),
  // children are often weighed and measured a while after the first set
  'vitals.atAdmission.weight': ({ sets }) => count(sets.find((s) => s.values.weight !== null)?.values.weight),
  'vitals.atAdmission.height': ({ sets }) => count(sets.find((s) => s.values.height !== null)?.values.height),
  'vitals.latest': ({ sets }) => words(latestVitals(sets.at(-1))),
  'vitals.rows[]': (facts) => ({ rows: vitalRows(facts) }),
  'notes.rows[]': (facts) => ({ rows: treatmentRows(facts) }),
  'notes.care[]': (facts) => ({ rows: careRows(facts) }),
  'notes.course': (facts) => words(course(facts)),
  'sheet.number': ({ earlier }) => count(earlier.sheets + 1),
  today: ({ today }) => day(today),
  now: ({ filling }) => moment(filling.now),
  'author.name': ({ filling }) => words(filling.user.fullName),
  'author.title': ({ authorTitle }) => words(authorTitle),
};

/** What a field of this kind holds of what was given; null when that is nothing. */
function shaped(field: FormField, given: Given): FormValue {
  switch (field.kind) {
    case 'text':
    case 'long':
      return given.text ? clipped(given.text, field.max) : null;
    case 'number':
      return given.number ?? null;
    case 'moment':
      return given.moment ?? null;
    case 'date':
      return given.date ?? (given.moment ? isoDay(given.moment) : null);
    case 'choice':
      return field.choices?.find(({ code }) => code === given.code)?.code ?? null;
    case 'diagnosis':
      return given.text ? { text: clipped(given.text, 1000), code: given.code ?? null } : null;
    case 'rows':
      return given.rows?.length ? given.rows.map((row) => cellsOf(field, row)) : null;
    case 'choices':
    case 'flag':
    case 'heading':
    case 'statement':
      return null;
  }
}

const cellsOf = (field: FormField, row: Row): Record<string, string | number | null> =>
  Object.fromEntries((field.columns ?? []).map(({ id }) => [id, row[id] ?? null]));

/** Cut after a whole line where there is one, so that no sentence ends in another meaning. */
function clipped(text: string, max = 20_000): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 1);
  const line = cut.lastIndexOf('\n');
  return `${line > 0 ? cut.slice(0, line) : cut}…`;
}

// ── wording and rows ────────────────────────────────────────────────────────

const diagnosis = (text: string | null | undefined, code: string | null | undefined): Given => ({
  text: text || null,
  code: code || null,
});

/** A center's authority, where it wrote none down: the health department of its province (ours). */
function healthDepartment(provinceCode: string | null | undefined): string | null {
  const province = provinces.find(({ code }) => code === provinceCode);
  return province
    ? `Sở Y tế ${province.fullName.charAt(0).toLowerCase()}${province.fullName.slice(1)}`
    : null;
}

/** The last added of those in use. */
const inUse = ({ patient }: Facts, type: string) =>
  patient?.identifiers.findLast((one) => one.type === type && one.endedAt === null);

/** The forms ask for the personal number, or a passport in its place. */
const personalNumber = (facts: Facts) => inUse(facts, 'cccd') ?? inUse(facts, 'passport');

const bloodGroup = (
  of: { readonly bloodGroup: string | null; readonly rhesus: string | null } | undefined,
): string | null => (of?.bloodGroup ? `${of.bloodGroup}${of.rhesus ? ` Rh(${of.rhesus})` : ''}` : null);

const isToBeTold = (one: { readonly endedAt?: number | null }): boolean => !one.endedAt;

function relative({ patient }: Facts): string | null {
  const one = patient?.relatives.find(isToBeTold);
  if (!one) return null;
  return [`${one.fullName} (${relationNames[one.relation]})`, one.address].filter(Boolean).join(', ');
}

function parents({ patient }: Facts): string | null {
  const standing = patient?.relatives.filter(isToBeTold) ?? [];
  const named = (['father', 'mother'] as const).flatMap((relation) => {
    const one = standing.find((r) => r.relation === relation);
    return one ? [`${relation === 'father' ? 'Cha' : 'Mẹ'}: ${one.fullName}`] : [];
  });
  const guardian = standing.find((r) => r.isGuardian && r.relation !== 'father' && r.relation !== 'mother');
  if (guardian) named.push(`Người giám hộ: ${guardian.fullName}`);
  return named.join('; ') || null;
}

/** Nobody asked: nothing is said, because "none" would be a statement. */
function allergiesInWords(allergies: Facts['allergies']): string | null {
  if (!allergies || allergies.status === 'not_asked') return null;
  if (allergies.status === 'none_known') return 'Không có dị ứng đã biết';
  return allergies.items
    .map(({ substance, severity }) => {
      const how = severityNames[severity];
      return how ? `${substance} (${how})` : substance;
    })
    .join('; ');
}

/**
 * SO_NGAY_DTRI (QD 130/QD-BYT): day out minus day in plus one; none for stays under four hours. Null while the patient
 * is here.
 */
function daysOfTreatment({ stay }: Facts): number | null {
  if (!stay || stay.dischargedAt === null) return null;
  if (stay.careType === '09') return 0;
  return midnights(stay.admittedAt, stay.dischargedAt) + 1;
}

const midnights = (from: number, to: number): number =>
  Math.round((dayStart(to) - dayStart(from)) / 86_400_000);

/** Days of the wards add up to those of the stay: the day of a move counts for the ward one comes to (ours). */
const wardRow = ({ ward, from, to }: Ward, i: number, all: readonly Ward[]): Row => ({
  ward,
  from,
  to,
  days: to === null ? null : midnights(from, to) + (i === all.length - 1 ? 1 : 0),
});

const latestVitals = (set: Facts['sets'][number] | undefined): string | null => {
  const said = set && vitalsInWords(set.values);
  return said ? `Lúc ${momentInWords(set.at)}: ${said}` : null;
};

/** Whoever measured: one sheet goes on where the one before ended. */
const vitalRows = ({ sets, earlier, nameOf }: Facts): Row[] =>
  sets
    .filter(({ at }) => at > earlier.until)
    .map(({ at, values, news2, note, author }) => ({
      ...values,
      at,
      pressure: pressure(values),
      oxygen: oxygen(values),
      consciousness: values.consciousness && consciousnessNames[values.consciousness],
      news2: news2.total,
      note,
      by: nameOf(author),
    }));

/** Whoever signs a sheet signs for what they wrote themselves: others sign theirs. */
const ownEntries = ({ entries, filling, earlier }: Facts) =>
  entries.filter(({ author, at }) => author === filling.user.userId && at > earlier.ownUntil);

const treatmentRows = (facts: Facts): Row[] =>
  ownEntries(facts).map(({ at, content, author, authorTitle }) => ({
    at,
    progress: content.progress,
    orders: lines([
      content.orders,
      content.care && `Theo dõi, chăm sóc: ${content.care}`,
      content.careLevel && `Chăm sóc cấp ${content.careLevel}`,
      content.diet && `Chế độ ăn: ${content.diet}`,
    ]),
    author: lines([facts.nameOf(author), authorTitle]),
  }));

const careRows = (facts: Facts): Row[] =>
  ownEntries(facts).map(({ at, content, author, authorTitle }) => ({
    at,
    progress: content.progress,
    care: lines([content.care, content.orders]),
    author: lines([facts.nameOf(author), authorTitle]),
  }));

const lines = (parts: readonly (string | null)[]): string => parts.filter(Boolean).join('\n');

/** The progress notes of everybody, one line each: what the doctor shortens into a course. */
const course = ({ entries }: Facts): string =>
  entries
    .filter(({ content }) => content.progress.trim() !== '')
    .map(({ at, content }) => `${formatDayTime(at)}: ${content.progress.trim().replace(/\s*\n\s*/g, '; ')}`)
    .join('\n');

const isoDay = (at: number): string => formatDate(at).split('/').reverse().join('-');
