// Who the person being registered may already be. Suggests with reasons, never decides: families share phones,
// and half a million people hold several of one name born on one day.
import type { Database } from 'better-sqlite3';
import type * as z from 'zod';
import type { duplicateReasons, Patient, RegisterPatient } from '../../../shared/api/patients.ts';
import { bhytKey } from '../../../shared/identity/bhyt.ts';
import { normalisePhone } from '../../../shared/identity/phone.ts';
import { fold, foldedWords } from '../../../shared/text/fold.ts';
import { readsSame } from '../../../shared/text/tone.ts';
import { namesWithinOneTypo } from '../../../shared/text/typos.ts';
import { statement } from '../../store/statement.ts';
import { readAddress } from './projection.ts';
import { type PatientRow, patientsByIds } from './queries.ts';
import { backwards, numberKey } from './words.ts';

export type Reason = (typeof duplicateReasons)[number];
export type Certainty = 'high' | 'medium' | 'low';
export interface Suspect {
  readonly patientId: string;
  readonly reasons: readonly Reason[];
  readonly certainty: Certainty;
}
type Demographics = Partial<z.output<typeof Patient>['demographics']>;
type Identifiers = z.output<typeof RegisterPatient>['identifiers'];

/** More than a person would read. */
const mostSuspects = 10;
/** Rows looked at per key; a phone or a birth date has a few dozen. */
const mostPerKey = 500;

/** Most certain first. Reads by indexes only, so that it can run each time a field is left. */
export function duplicatesOf(sql: Database, demographics: Demographics, identifiers: Identifiers): Suspect[] {
  const reasons = new Map<string, Set<Reason>>();
  const note = (id: string, reason: Reason): void => {
    const known = reasons.get(id);
    if (known) known.add(reason);
    else reasons.set(id, new Set([reason]));
  };
  for (const { type, value } of identifiers) sameNumber(sql, type, value, note);
  const phone = demographics.phone ? normalisePhone(demographics.phone)?.number : undefined;
  if (phone && phone.length >= 9)
    for (const row of withPhone(sql).all(phone, mostPerKey)) note(row.id, 'same_phone');
  if (demographics.fullName)
    sameOrSimilarName(sql, { ...demographics, fullName: demographics.fullName }, note);

  const rows = new Map(
    patientsByIds(sql)
      .all(JSON.stringify([...reasons.keys()]))
      .map((row) => [row.id, row]),
  );
  return [...reasons]
    .flatMap(([patientId, found]) => {
      const row = rows.get(patientId);
      return row
        ? [{ patientId, reasons: [...found], certainty: certaintyOf(found, demographics, row) }]
        : [];
    })
    .sort(
      (a, b) =>
        certainties.indexOf(a.certainty) - certainties.indexOf(b.certainty) ||
        b.reasons.length - a.reasons.length ||
        (a.patientId < b.patientId ? -1 : 1),
    )
    .slice(0, mostSuspects);
}

const certainties: readonly Certainty[] = ['high', 'medium', 'low'];
type Note = (patientId: string, reason: Reason) => void;

function sameNumber(sql: Database, type: string, value: string, note: Note): void {
  const number = numberKey(value);
  if (number === '') return;
  if (type === 'cccd' || type === 'cmnd') {
    for (const row of withNumber(sql).all(number, mostPerKey))
      if (row.type === type) note(row.patientId, type === 'cccd' ? 'same_cccd' : 'same_cmnd');
      // a personal number given as an insurance number
      else if (type === 'cccd' && row.type === 'bhyt') note(row.patientId, 'same_cccd');
  }
  if (type === 'bhyt') {
    const key = bhytKey(value);
    if (key === null) return;
    const tail = backwards(key);
    for (const row of withTail(sql).all(tail, `${tail}~`, mostPerKey)) {
      if (row.type === 'bhyt' && bhytKey(row.number) === key) note(row.patientId, 'same_bhyt');
      else if (row.type === 'cccd' && row.number === key) note(row.patientId, 'same_cccd');
    }
  }
}

function sameOrSimilarName(sql: Database, who: Demographics & { fullName: string }, note: Note): void {
  const folded = fold(who.fullName);
  const words = foldedWords(who.fullName);
  // one word is a given name: hundreds share it
  if (folded === '') return;
  const birth = who.birthDate ?? null;
  const fullBirth = birth?.length === 10 ? birth : null;

  if (fullBirth !== null) {
    for (const row of bornOn(sql).all(fullBirth, mostPerKey)) {
      if (row.nameFolded === folded) note(row.id, 'same_name_birth');
      else if (similar(words, row.nameFolded)) note(row.id, 'similar_name_birth');
    }
    // day and month exchanged by whoever typed it
    const [y, m, d] = fullBirth.split('-');
    if (m !== d)
      for (const row of bornOn(sql).all(`${y}-${d}-${m}`, mostPerKey))
        if (row.nameFolded === folded) note(row.id, 'similar_name_birth');
  }
  const year = birth?.slice(0, 4);
  if (year !== undefined) {
    // one of the two knows only the year or month: they may be the same day
    for (const row of namedInYear(sql).all(folded, year, `${year}~`, mostPerKey))
      if (
        row.birthDate !== null &&
        (row.birthDate.startsWith(birth ?? '') || birth?.startsWith(row.birthDate)) &&
        row.birthDate !== fullBirth
      )
        note(row.id, 'same_name_year');
  }
  if (who.address) {
    for (const row of namedAddresses(sql).all(folded, mostPerKey))
      if (sameAddress(who.address, readAddress(row.address))) note(row.id, 'same_name_address');
  }
}

type Address = NonNullable<Demographics['address']>;

/** The same commune of the same list, or the same words. */
function sameAddress(a: Address, b: Address | null): boolean {
  if (b === null) return false;
  if (a.communeCode && a.communeCode === b.communeCode && a.listVersion === b.listVersion) return true;
  return a.text !== '' && fold(a.text) === fold(b.text);
}

/** One word mistyped, or one middle word left out. */
function similar(words: readonly string[], otherFolded: string): boolean {
  const others = otherFolded.split(' ');
  if (namesWithinOneTypo(words, others)) return true;
  const [long, short] = words.length > others.length ? [words, others] : [others, words];
  if (short.length < 2 || long.length - short.length !== 1) return false;
  return long.some((_, skipped) => long.filter((__, i) => i !== skipped).join(' ') === short.join(' '));
}

const certain: ReadonlySet<Reason> = new Set(['same_cccd', 'same_bhyt', 'same_cmnd']);

function certaintyOf(reasons: ReadonlySet<Reason>, who: Demographics, row: PatientRow): Certainty {
  if ([...reasons].some((r) => certain.has(r))) return 'high';
  const nameAndBirth = reasons.has('same_name_birth');
  const supported = reasons.has('same_phone') || reasons.has('same_name_address');
  const sameSex = who.sex === undefined || who.sex === row.sex;
  // accents and all: in a district two people of one full name and one birth date are rare, returning patients are not
  if (nameAndBirth && sameSex && (supported || readsSame(who.fullName ?? '', row.full_name))) return 'high';
  if (nameAndBirth || reasons.has('similar_name_birth')) return supported && sameSex ? 'high' : 'medium';
  if (reasons.has('same_name_year')) return supported ? 'medium' : 'low';
  if (reasons.has('same_name_address') && reasons.has('same_phone')) return 'medium';
  if (reasons.has('same_phone') && fold(who.fullName ?? '') === row.name_folded) return 'medium';
  return 'low';
}

const withNumber = statement<[string, number], { patientId: string; type: string }>(
  'select patient_id as patientId, type from patient_identifier where number = ? limit ?',
);
const withTail = statement<[string, string, number], { patientId: string; type: string; number: string }>(`
  select patient_id as patientId, type, number from patient_identifier where number_tail between ? and ? limit ?`);
const withPhone = statement<[string, number], { id: string }>(
  'select id from patient where phone = ? limit ?',
);
const bornOn = statement<[string, number], { id: string; nameFolded: string }>(
  'select id, name_folded as nameFolded from patient where birth_date = ? limit ?',
);
const namedInYear = statement<[string, string, string, number], { id: string; birthDate: string | null }>(`
  select id, birth_date as birthDate from patient
  where name_folded = ? and birth_date between ? and ? limit ?`);
const namedAddresses = statement<[string, number], { id: string; address: string | null }>(
  'select id, address from patient where name_folded = ? and address is not null limit ?',
);

/** For the query-plan test. */
export const duplicateStatements = { withNumber, withTail, withPhone, bornOn, namedInYear, namedAddresses };
