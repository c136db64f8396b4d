// Finds people by whatever is at hand. Every step reads a bounded number of rows, so that half a million people
// and the commonest name answer within a key press: of very many hits the latest registered are looked at,
// after those who lie in a bed, who are never left out.
import type { Database } from 'better-sqlite3';
import { spellings } from '../../../shared/text/fold.ts';
import { compareNames, givenName } from '../../../shared/text/names.ts';
import { slipsAllowed, slipsBetween } from '../../../shared/text/typos.ts';
import { statement } from '../../store/statement.ts';
import { parseQuery, type SearchQuery } from './search-query.ts';
import { correctionsOf, isNameWord, splitsOf } from './vocabulary.ts';
import { backwards, nameWords } from './words.ts';

export type Matched = 'name' | 'birth' | 'phone' | 'cccd' | 'bhyt' | 'record' | 'other';

export interface Found {
  readonly patientId: string;
  readonly matched: Matched;
  readonly admitted: boolean;
}

/** Lower is better. */
const rank = { exact: 0, words: 1, prefix: 2, short: 3, typo: 4 } as const;
type Rank = (typeof rank)[keyof typeof rank];
interface Candidate {
  readonly rank: Rank;
  readonly matched: Matched;
  /** Where the step that found it read it anyway. */
  readonly name?: string;
}

/** Two shortest words of names: fewer letters are one word mistyped. */
const shortestRunTogether = 4;

/** Rows read per step; enough to fill a screen many times over. */
const mostPerStep = 300;

export interface SearchOptions {
  readonly limit: number;
  readonly admittedOnly: boolean;
  readonly todayYear: number;
  /** Patients with an open stay: a few hundred at most. */
  readonly admitted: ReadonlySet<string>;
}

/** Best first: rank, then those in a bed, then by given name. Nothing typed finds nothing. */
export function search(sql: Database, typed: string, options: SearchOptions): Found[] {
  const query = parseQuery(typed, options.todayYear);
  const found = candidates(sql, query, options);
  const wanted = options.admittedOnly ? [...found].filter(([id]) => options.admitted.has(id)) : [...found];
  const names = namesOf(
    sql,
    wanted.flatMap(([id, c]) => (c.name === undefined ? [id] : [])),
  );
  return wanted
    .map(([patientId, c]) => {
      const name = c.name ?? names.get(patientId) ?? '';
      return { patientId, ...c, name, given: givenName(name), admitted: options.admitted.has(patientId) };
    })
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        Number(b.admitted) - Number(a.admitted) ||
        compareNames(a.given, b.given) ||
        compareNames(a.name, b.name) ||
        (a.patientId < b.patientId ? -1 : 1),
    )
    .slice(0, options.limit)
    .map(({ patientId, matched, admitted }) => ({ patientId, matched, admitted }));
}

function candidates(sql: Database, query: SearchQuery, options: SearchOptions): Map<string, Candidate> {
  const found = new Map<string, Candidate>();
  const { words, year, date, numbers } = query;
  // a year stands for itself only when nothing longer makes it part of a number
  const otherNumbers = numbers.filter((n) => n !== year);
  if (words.length > 0) {
    if (date !== null) byDate(sql, date, words, found);
    const pieces = otherNumbers.length > 0 ? otherNumbers : year !== null ? [year] : [];
    if (pieces.length > 0) byNumbers(sql, pieces, words, found, { forgiving: otherNumbers.length > 0 });
    // with a date or a number, names alone would only bury the person meant
    if (date === null && otherNumbers.length === 0) byName(sql, words, year, options, found);
    return found;
  }
  if (date !== null) byDate(sql, date, [], found);
  byNumbers(sql, numbers, [], found, { forgiving: false });
  if (year !== null && numbers.length === 1) byWords(sql, [year], rank.prefix, 'birth', found);
  return found;
}

function byName(
  sql: Database,
  words: readonly string[],
  year: string | null,
  options: SearchOptions,
  found: Map<string, Candidate>,
): void {
  const years = year === null ? [] : [year];
  const enough = (): boolean => found.size >= options.limit;
  for (const row of admittedNamed(sql, words, year, options.admitted))
    better(found, row.patientId, { rank: rankOf(row.words, words), matched: 'name', name: row.fullName });
  const last = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  // who is not in a bed comes after all of equal rank who are, so a full page of better ones ends the search
  if (!options.admittedOnly) {
    byWords(sql, [...words, ...years], rank.words, 'name', found, { asTyped: words });
    if (!enough()) byWords(sql, [...before, ...years], rank.prefix, 'name', found, { prefix: last });
    if (!enough() && words.length === 1 && last.length > 1)
      byWords(sql, years, rank.short, 'name', found, { prefix: `0${last}` });
  }
  if (found.size === 0) runTogether(sql, words, years, found);
  if (found.size === 0) withOneTypo(sql, words, years, found);
}

/** A name typed without its spaces, whole or in part. */
function runTogether(
  sql: Database,
  words: readonly string[],
  years: readonly string[],
  found: Map<string, Candidate>,
): void {
  const at = words.findIndex((w) => w.length >= shortestRunTogether && !isNameWord(sql, w));
  if (at === -1) return;
  for (const split of splitsOf(sql, words[at] ?? '')) {
    const apart = words.toSpliced(at, 1, ...split);
    byWords(sql, [...apart, ...years], rank.words, 'name', found, { asTyped: apart });
  }
}

/** All words whole, in any order; `prefix` is the beginning of one more; exact when they are the name `asTyped`. */
function byWords(
  sql: Database,
  words: readonly string[],
  r: Rank,
  matched: Matched,
  found: Map<string, Candidate>,
  more: { prefix?: string; asTyped?: readonly string[] } = {},
): void {
  const terms = words.map((w) => anyOf(spellings(w)));
  if (more.prefix !== undefined) terms.push(`${quoted(more.prefix)} *`);
  for (const row of matching(sql, terms)) {
    const exact = more.asTyped && nameWords(row.words).join(' ') === more.asTyped.join(' ');
    better(found, row.patientId, { rank: exact ? rank.exact : r, matched, name: row.fullName });
  }
}

/** One word replaced by what it may have meant; a word that is part of no name is the one, two such words are no name. */
function withOneTypo(
  sql: Database,
  words: readonly string[],
  years: readonly string[],
  found: Map<string, Candidate>,
): void {
  const unknown = words.flatMap((w, i) => (spellings(w).some((s) => isNameWord(sql, s)) ? [] : [i]));
  if (unknown.length > 1) return;
  const suspects = unknown.length === 1 ? unknown : words.map((_, i) => i);
  for (const i of suspects) {
    const meant = correctionsOf(sql, words[i] ?? '');
    if (meant.length === 0) continue;
    const others = words.filter((_, j) => j !== i);
    const terms = [...others, ...years].map((w) => anyOf(spellings(w)));
    for (const row of matching(sql, [...terms, anyOf(meant)]))
      better(found, row.patientId, { rank: rank.typo, matched: 'name', name: row.fullName });
  }
}

function matching(sql: Database, terms: readonly string[]): SearchRow[] {
  return terms.length === 0 ? [] : byTerms(sql).all(terms.join(' AND '), mostPerStep);
}

/** Those in a bed, by words or their beginnings: so few that they are read one by one. */
function admittedNamed(
  sql: Database,
  words: readonly string[],
  year: string | null,
  admitted: ReadonlySet<string>,
): SearchRow[] {
  if (admitted.size === 0) return [];
  return wordsOfMany(sql)
    .all(JSON.stringify([...admitted]))
    .filter((row) => hasWords(row.words, words) && (year === null || row.words.split(' ').includes(year)));
}

function rankOf(indexed: string, words: readonly string[]): Rank {
  const names = nameWords(indexed);
  if (names.join(' ') === words.join(' ')) return rank.exact;
  return words.every((w) => spellings(w).some((s) => names.includes(s))) ? rank.words : rank.prefix;
}

function byDate(sql: Database, date: string, words: readonly string[], found: Map<string, Candidate>): void {
  const rows = bornOn(sql).all(date, `${date}~`, mostPerStep);
  for (const row of named(rows, words))
    better(found, row.patientId, { rank: row.slipped ? rank.typo : rank.words, matched: 'birth' });
}

/** People who have all these numbers or pieces, and all these words; see `named` for what is forgiven. */
function byNumbers(
  sql: Database,
  numbers: readonly string[],
  words: readonly string[],
  found: Map<string, Candidate>,
  { forgiving }: { forgiving: boolean },
): void {
  const sets = numbers.map((n) => withNumber(sql, n));
  const [smallest, ...rest] = sets.sort((a, b) => a.size - b.size);
  if (!smallest) return;
  const ids = [...smallest.keys()].filter((id) => rest.every((set) => set.has(id)));
  if (words.length === 0) {
    for (const id of ids) better(found, id, smallest.get(id) ?? { rank: rank.prefix, matched: 'other' });
    return;
  }
  for (const row of named(wordsOfMany(sql).all(JSON.stringify(ids)), words)) {
    const candidate = smallest.get(row.patientId);
    if (candidate && (forgiving || !row.slipped))
      better(found, row.patientId, row.slipped ? { ...candidate, rank: rank.typo } : candidate);
  }
}

/** Those who have all these words; when nobody does, those of whom one word was mistyped or the spaces left out. */
function named<R extends { words: string }>(
  rows: readonly R[],
  words: readonly string[],
): (R & { slipped: boolean })[] {
  const exact = rows.filter((row) => hasWords(row.words, words));
  if (exact.length > 0 || words.length === 0) return exact.map((row) => ({ ...row, slipped: false }));
  return rows
    .filter((row) => hasWordsButOne(row.words, words) || nameWords(row.words).join('') === words.join(''))
    .map((row) => ({ ...row, slipped: true }));
}

const matchedOf: Readonly<Record<string, Matched>> = { cccd: 'cccd', bhyt: 'bhyt' };
/** Beginnings of fewer characters are shared by whole provinces and operators. */
const shortestBeginning = 6;
const insuranceDigits = 10;

function withNumber(sql: Database, number: string): Map<string, Candidate> {
  const found = new Map<string, Candidate>();
  const add = (rows: readonly { patientId: string; type: string; whole: number }[]): void => {
    for (const { patientId, type, whole } of rows) {
      const matched = type === 'phone' || type === 'record' ? type : (matchedOf[type] ?? 'other');
      better(found, patientId, { rank: whole === 1 ? rank.exact : rank.prefix, matched });
    }
  };
  const tail = backwards(number);
  add(tailOfIdentifier(sql).all({ number, from: tail, to: `${tail}~`, most: mostPerStep }));
  add(tailOfPatient(sql).all({ number, from: tail, to: `${tail}~`, most: mostPerStep }));
  if (number.length >= shortestBeginning) {
    add(headOfIdentifier(sql).all({ number, from: number, to: `${number}~`, most: mostPerStep }));
    add(headOfPatient(sql).all({ number, from: number, to: `${number}~`, most: mostPerStep }));
  }
  // a card of fifteen finds who gave only the ten digits printed on new cards
  if (number.length === 15) {
    const ten = number.slice(-insuranceDigits);
    add(headOfIdentifier(sql).all({ number: ten, from: ten, to: ten, most: mostPerStep }));
  }
  return found;
}

/** Every word there whole, or, for the last one typed, its beginning. */
function hasWords(indexed: string, words: readonly string[]): boolean {
  const names = nameWords(indexed);
  return words.every((word, i) =>
    names.some((n) => spellings(word).includes(n) || (i === words.length - 1 && n.startsWith(word))),
  );
}

/** All but one word there; that one within the slips allowed for its length. */
function hasWordsButOne(indexed: string, words: readonly string[]): boolean {
  const names = nameWords(indexed);
  const missing = words.filter((word) => !names.some((n) => spellings(word).includes(n)));
  const [word] = missing;
  if (word === undefined || missing.length > 1) return false;
  const most = slipsAllowed(word.length);
  return most > 0 && names.some((n) => slipsBetween(word, n, most) !== null);
}

function better(found: Map<string, Candidate>, id: string, candidate: Candidate): void {
  const known = found.get(id);
  if (!known || candidate.rank < known.rank) found.set(id, candidate);
}

function namesOf(sql: Database, ids: readonly string[]): Map<string, string> {
  return new Map(
    fullNames(sql)
      .all(JSON.stringify(ids))
      .map((r) => [r.id, r.fullName]),
  );
}

/** Words are folded, so nothing in them means anything to the full-text syntax; quotes make sure. */
const quoted = (word: string): string => `"${word.replaceAll('"', '')}"`;
const anyOf = (words: readonly string[]): string =>
  words.length === 1 ? quoted(words[0] ?? '') : `(${words.map(quoted).join(' OR ')})`;

interface SearchRow {
  readonly patientId: string;
  readonly words: string;
  readonly fullName: string;
}
const byTerms = statement<[string, number], SearchRow>(`
  select s.patient_id as patientId, s.words, s.full_name as fullName
  from patient_fts f join patient_search s on s.key = f.rowid
  where patient_fts match ? order by f.rowid desc limit ?`);
const wordsOfMany = statement<[string], SearchRow>(`
  select s.patient_id as patientId, s.words, s.full_name as fullName
  from json_each(?) j join patient_search s on s.patient_id = j.value`);
const bornOn = statement<[string, string, number], { patientId: string; words: string }>(`
  select p.id as patientId, s.words from patient p join patient_search s on s.patient_id = p.id
  where p.birth_date between ? and ? limit ?`);
const fullNames = statement<[string], { id: string; fullName: string }>(
  'select p.id, p.full_name as fullName from json_each(?) j join patient p on p.id = j.value',
);

interface NumberRange {
  readonly number: string;
  readonly from: string;
  readonly to: string;
  readonly most: number;
}
interface NumberHit {
  readonly patientId: string;
  readonly type: string;
  readonly whole: number;
}
const tailOfIdentifier = statement<[NumberRange], NumberHit>(`
  select patient_id as patientId, type, number = @number as whole from patient_identifier
  where number_tail between @from and @to limit @most`);
const headOfIdentifier = statement<[NumberRange], NumberHit>(`
  select patient_id as patientId, type, number = @number as whole from patient_identifier
  where number between @from and @to limit @most`);
const tailOfPatient = statement<[NumberRange], NumberHit>(`
  select * from (select id as patientId, 'phone' as type, phone = @number as whole from patient
    where phone_tail between @from and @to limit @most)
  union all
  select * from (select id, 'record', record_number = @number from patient
    where record_tail between @from and @to limit @most)`);
/** Lengths a record number that begins so can have; a range would read every number of those lengths. */
const lengths = [0, 1, 2, 3, 4, 5, 6].map((more) => `length(@number) + ${more}`).join(', ');
const headOfPatient = statement<[NumberRange], NumberHit>(`
  select * from (select id as patientId, 'phone' as type, phone = @number as whole from patient
    where phone between @from and @to limit @most)
  union all
  select * from (select id, 'record', record_number = @number from patient
    where length(record_number) in (${lengths}) and record_number between @from and @to limit @most)`);

/** For the query-plan test. */
export const searchStatements = {
  byTerms,
  wordsOfMany,
  bornOn,
  fullNames,
  tailOfIdentifier,
  headOfIdentifier,
  tailOfPatient,
  headOfPatient,
};
