// The tables of people and of pairs: written as pure functions of the changes, read by the worker, look-ups and the page.
import type { Change } from '../../shared/model/change.ts';
import type { Row, Sql } from '../database/types.ts';
import { likeness, numberTypes } from './likeness.ts';
import { type Person, type PersonNumber, personOf } from './person.ts';
import { identityKindsRead, kindsRead, tellingOf } from './telling.ts';

/** A patient of a center: the center's number and the patient's id there. */
export interface PersonKey {
  readonly center: number;
  readonly patient: string;
}

export const keyText = ({ center, patient }: PersonKey): string => `${center}/${patient}`;

export interface PersonRow extends Person, PersonKey {}

/** Pairs are found by whoever comes last; of two who come at once one must wait, else neither sees the other. */
const pairLock = 7_214_955;
/** A number that is written down for hundreds (zeros, the clinic's own telephone) says nothing. */
const candidatesPerNumber = 20;
const pairsPerPerson = 20;

/** Writes anew who these patients are and with whom they may be one. Inside a transaction. */
export async function writePeople(tx: Sql, center: number, patients: readonly string[]): Promise<void> {
  if (patients.length === 0) return;
  const changes = await changesOf(tx, center, patients, 'identity');
  const people = patients.flatMap((patient): PersonRow[] => {
    const person = personOf(changes.get(patient) ?? []);
    return person ? [{ ...person, center, patient }] : [];
  });
  // carriers may have brought changes of somebody whose registration is not here yet: no row then
  await tx.query('delete from person_number where center = $1 and patient = any ($2::text[])', [
    center,
    patients,
  ]);
  await tx.query('delete from person where center = $1 and patient = any ($2::text[])', [center, patients]);
  await insertPeople(tx, center, people);
  await tx.query('select pg_advisory_xact_lock($1)', [pairLock]);
  await writePairs(tx, center, patients, people);
}

async function insertPeople(tx: Sql, center: number, people: readonly PersonRow[]): Promise<void> {
  if (people.length === 0) return;
  await tx.query(
    `insert into person (center, patient, full_name, folded, birth_date, sex, commune, address, record_number,
       unidentified, written_at)
     select $1, p.* from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
       $9::text[], $10::bool[], $11::int8[]) p`,
    [
      center,
      people.map((p) => p.patient),
      people.map((p) => p.fullName),
      people.map((p) => p.folded),
      people.map((p) => p.birthDate),
      people.map((p) => p.sex),
      people.map((p) => p.commune),
      people.map((p) => p.address),
      people.map((p) => p.recordNumber),
      people.map((p) => p.unidentified),
      people.map((p) => p.writtenAt),
    ],
  );
  const numbers = people.flatMap((p) => p.numbers.map((n) => ({ ...n, patient: p.patient })));
  await tx.query(
    `insert into person_number (center, patient, type, number, shown, ended)
     select $1, n.* from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bool[]) n`,
    [
      center,
      numbers.map((n) => n.patient),
      numbers.map((n) => n.type),
      numbers.map((n) => n.number),
      numbers.map((n) => n.shown),
      numbers.map((n) => n.ended),
    ],
  );
}

/** Everything known of these owners: `identity` only what says who they are. */
export async function changesOf(
  sql: Sql,
  center: number,
  owners: readonly string[],
  what: 'identity' | 'all',
): Promise<Map<string, Change[]>> {
  const places = await sql.query<{ owner: string; log_no: number }>(
    'select owner, log_no from people_change where center = $1 and owner = any ($2::text[])',
    [center, owners],
  );
  // numbers are asked one by one instead of joined: without statistics (PGlite gathers none) a join reads the whole log
  const rows = await sql.query<{ log_no: number; stored: Uint8Array }>(
    `select log_no, stored from change_log
     where center = $1 and lane = 0 and log_no = any ($2::int8[]) and kind = any ($3::text[])`,
    [center, places.map((place) => place.log_no), what === 'identity' ? identityKindsRead : kindsRead],
  );
  const byNumber = new Map(rows.map(({ log_no, stored }) => [log_no, stored]));
  const map = new Map<string, Change[]>();
  for (const { owner, log_no } of places) {
    const stored = byNumber.get(log_no);
    if (!stored) continue;
    const told = tellingOf(stored);
    if (!told || !('telling' in told) || (what === 'identity' && !told.telling.isIdentity)) continue;
    const list = map.get(owner);
    if (list) list.push(told.telling.change);
    else map.set(owner, [told.telling.change]);
  }
  return map;
}

// --- pairs ---

async function writePairs(
  tx: Sql,
  center: number,
  patients: readonly string[],
  people: readonly PersonRow[],
): Promise<void> {
  await tx.query(
    `delete from person_pair where (a_center = $1 and a_patient = any ($2::text[]))
       or (b_center = $1 and b_patient = any ($2::text[]))`,
    [center, patients],
  );
  const candidates = await candidatesOf(tx, center, patients);
  const others = await peopleOf(tx, [...candidates.values()].flat());
  const pairs = people.flatMap((person) =>
    (candidates.get(person.patient) ?? [])
      .flatMap((key) => {
        const other = others.get(keyText(key));
        const alike = other ? likeness(person, other) : null;
        return other && alike ? [{ ...ordered(person, other), ...alike }] : [];
      })
      .sort((x, y) => y.score - x.score)
      .slice(0, pairsPerPerson),
  );
  if (pairs.length === 0) return;
  await tx.query(
    `insert into person_pair (a_center, a_patient, b_center, b_patient, score, reasons)
     select * from unnest($1::int4[], $2::text[], $3::int4[], $4::text[], $5::int2[], $6::text[])
     on conflict (a_center, a_patient, b_center, b_patient) do update set score = excluded.score, reasons = excluded.reasons`,
    [
      pairs.map((p) => p.a.center),
      pairs.map((p) => p.a.patient),
      pairs.map((p) => p.b.center),
      pairs.map((p) => p.b.patient),
      pairs.map((p) => p.score),
      pairs.map((p) => p.reasons.join(' ')),
    ],
  );
}

export interface Pair {
  readonly a: PersonKey;
  readonly b: PersonKey;
}

/** The smaller center number first. Throws for two of one center: such pairs are the center's own business. */
export function ordered(x: PersonKey, y: PersonKey): Pair {
  if (x.center === y.center) throw new RangeError('a pair is of two centers');
  const [a, b] = x.center < y.center ? [x, y] : [y, x];
  const key = ({ center, patient }: PersonKey): PersonKey => ({ center, patient });
  return { a: key(a), b: key(b) };
}

async function candidatesOf(
  tx: Sql,
  center: number,
  patients: readonly string[],
): Promise<Map<string, PersonKey[]>> {
  const rows = await tx.query<{ mine: string; center: number; patient: string }>(
    `select m.patient as mine, o.center, o.patient from person_number m
     cross join lateral (select center, patient from person_number
       where number = m.number and type = m.type and center <> $1 limit ${candidatesPerNumber}) o
     where m.center = $1 and m.patient = any ($2::text[]) and m.type = any ($3::text[])
     union
     select m.patient, o.center, o.patient from person m
     cross join lateral (select center, patient from person
       where folded = m.folded and birth_date = m.birth_date and center <> $1 and not unidentified
       limit ${candidatesPerNumber}) o
     where m.center = $1 and m.patient = any ($2::text[]) and length(m.birth_date) = 10 and not m.unidentified`,
    [center, patients, numberTypes],
  );
  const map = new Map<string, PersonKey[]>();
  for (const { mine, ...key } of rows) {
    const list = map.get(mine);
    if (list) list.push(key);
    else map.set(mine, [key]);
  }
  return map;
}

interface StoredPerson extends Row {
  readonly center: number;
  readonly patient: string;
  readonly full_name: string;
  readonly folded: string;
  readonly birth_date: string | null;
  readonly sex: string | null;
  readonly commune: string | null;
  readonly address: string | null;
  readonly record_number: string;
  readonly unidentified: boolean;
  readonly written_at: number;
}

export async function peopleOf(sql: Sql, keys: readonly PersonKey[]): Promise<Map<string, PersonRow>> {
  if (keys.length === 0) return new Map();
  const wanted = [keys.map((key) => key.center), keys.map((key) => key.patient)];
  const rows = await sql.query<StoredPerson>(
    `select p.* from (select distinct * from unnest($1::int4[], $2::text[]) k (center, patient)) k
     join person p on p.center = k.center and p.patient = k.patient`,
    wanted,
  );
  const numbers = await sql.query<PersonNumber & PersonKey & Row>(
    `select n.* from (select distinct * from unnest($1::int4[], $2::text[]) k (center, patient)) k
     join person_number n on n.center = k.center and n.patient = k.patient order by n.type, n.number`,
    wanted,
  );
  const byPerson = Map.groupBy(numbers, keyText);
  return new Map(
    rows.map((row) => [
      keyText(row),
      {
        center: row.center,
        patient: row.patient,
        fullName: row.full_name,
        folded: row.folded,
        birthDate: row.birth_date,
        sex: row.sex,
        commune: row.commune,
        address: row.address,
        recordNumber: row.record_number,
        unidentified: row.unidentified,
        writtenAt: row.written_at,
        numbers: byPerson.get(keyText(row)) ?? [],
      },
    ]),
  );
}
