// Answers a station that asks for a patient of another center. Reading another center's record is a read of the
// record: who asked, when, and whose record was answered is on disk before the answer leaves.
import { createHmac } from 'node:crypto';
import { compactNumber, readBhyt } from '../../shared/identity/bhyt.ts';
import type { LookupAnswer, LookupQuestion } from '../../shared/sync/lookup.ts';
import { fold } from '../../shared/text/fold.ts';
import { bytesOf, sha256 } from '../bytes.ts';
import type { Database, Row, Sql } from '../database/types.ts';
import type { Log, Lookup } from '../types.ts';
import { groupsOf } from './decisions.ts';
import { keyOf } from './person.ts';
import { allergiesOf, staysOf, wardNameOf } from './record.ts';
import { changesOf, keyText, ordered, type PersonKey, type PersonRow, peopleOf } from './rows.ts';
import { wardOwner } from './telling.ts';

type Found = LookupAnswer['people'][number];
type Because = Found['because'][number];

/** More than a person reads; whoever gets so many must ask more precisely. */
const mostPeople = 10;
const mostStays = 5;
/** Of one station: nobody types faster, a program that goes through a list of numbers does. */
const perMinute = 30;

export interface LookupParts {
  readonly db: Database;
  readonly log: Log;
  now(): number;
}

/** Null: asked for too often; the station says that nobody answered. */
export function lookupOf({ db, log, now }: LookupParts): Lookup {
  let secret: Promise<Buffer> | undefined;
  return async (center, station, question) => {
    secret ??= secretOf(db);
    const asked = { center, station, question, hash: hashOf(await secret, question), at: now() };
    if (await isTooOften(db, station, asked.at)) {
      await note(db, asked, [], false);
      log('warn', 'lookup_too_often', { center, station });
      return null;
    }
    const people = await answer(db, center, question);
    await note(
      db,
      asked,
      people.map(({ key }) => keyText(key)),
      true,
    );
    log('info', 'lookup', { center, station, people: people.length });
    return { people: people.map(({ found }) => found), at: asked.at };
  };
}

async function answer(
  db: Database,
  center: number,
  question: LookupQuestion,
): Promise<{ key: PersonKey; found: Found }[]> {
  const matches = await matchesOf(db, question);
  if (matches.size === 0) return [];
  const known = [...matches.values()];
  const groups = await groupsOf(
    db,
    known.map(({ key }) => key),
  );
  const refused = await refusedTo(
    db,
    known.map(({ key }) => key).filter((key) => key.center === center),
  );
  const chosen = new Map<string, { key: PersonKey; because: Set<Because> }>();
  for (const { key, because } of known) {
    for (const member of groups.get(keyText(key)) ?? []) {
      if (member.center === center) continue;
      const one = chosen.get(keyText(member)) ?? { key: member, because: new Set<Because>() };
      chosen.set(keyText(member), one);
      if (keyText(member) === keyText(key)) for (const reason of because) one.because.add(reason);
      else one.because.add('linked');
    }
  }
  const wanted = [...chosen.values()]
    .filter(({ key, because }) => because.has('linked') || !refused.has(keyText(key)))
    .sort((x, y) => weight(x.because) - weight(y.because))
    .slice(0, mostPeople);
  return await describe(db, wanted);
}

const weight = (because: ReadonlySet<Because>): number =>
  because.has('identifier') ? 0 : because.has('linked') ? 1 : 2;

interface Match {
  readonly key: PersonKey;
  readonly because: Set<Because>;
}

/** Everybody the question fits, the asking center's own patients too: whoever is linked with them is answered. */
async function matchesOf(sql: Sql, question: LookupQuestion): Promise<Map<string, Match>> {
  const matches = new Map<string, Match>();
  const add = (rows: readonly PersonKey[], because: Because): void => {
    for (const { center, patient } of rows) {
      const key = { center, patient };
      const one = matches.get(keyText(key)) ?? { key, because: new Set<Because>() };
      matches.set(keyText(key), one);
      one.because.add(because);
    }
  };
  const numbers = numbersAsked(question);
  if (numbers.length > 0)
    add(
      await sql.query<PersonKey & Row>(
        `select n.center, n.patient from unnest($1::text[], $2::text[]) k (type, number)
         join person_number n on n.number = k.number and n.type = k.type limit 50`,
        [numbers.map((n) => n.type), numbers.map((n) => n.number)],
      ),
      'identifier',
    );
  const name = fold(question.fullName ?? '');
  const birthDate = question.birthDate ?? '';
  if (name !== '' && /^\d{4}(-\d{2}){0,2}$/.test(birthDate))
    add(
      await sql.query<PersonKey & Row>(
        `select center, patient from person
         where folded = $1 and not unidentified and (birth_date = any ($2::text[]) or birth_date like $3) limit 50`,
        [name, partsOf(birthDate), `${birthDate}-%`],
      ),
      'name_and_birth',
    );
  return matches;
}

function numbersAsked({ cccd, bhyt }: LookupQuestion): { type: string; number: string }[] {
  const asked: { type: string; number: string }[] = [];
  const personal = compactNumber(cccd ?? '');
  if (personal !== '') asked.push({ type: 'cccd', number: personal });
  if (bhyt && readBhyt(bhyt)) asked.push(keyOf('bhyt', bhyt));
  return asked;
}

/** `1985-03-02` → itself, `1985-03` and `1985`: who is known by the year alone may be the one. */
const partsOf = (date: string): string[] =>
  [date, date.slice(0, 7), date.slice(0, 4)].filter((part, i, all) => all.indexOf(part) === i);

/** Whom people have said not to be any of the asker's own matching patients. */
async function refusedTo(sql: Sql, own: readonly PersonKey[]): Promise<ReadonlySet<string>> {
  const counts = new Map<string, number>();
  for (const key of own) {
    const rows = await sql.query<{ center: number; patient: string }>(
      `select b_center as center, b_patient as patient from person_standing
         where a_center = $1 and a_patient = $2 and not linked
       union all
       select a_center, a_patient from person_standing where b_center = $1 and b_patient = $2 and not linked`,
      [key.center, key.patient],
    );
    for (const row of rows) {
      const other = ordered(key, row);
      const text = keyText(other.a.center === key.center ? other.b : other.a);
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
  }
  return new Set([...counts].filter(([, count]) => count === own.length).map(([text]) => text));
}

// --- what is told of each ---

async function describe(
  db: Database,
  wanted: readonly { readonly key: PersonKey; readonly because: ReadonlySet<Because> }[],
): Promise<{ key: PersonKey; found: Found }[]> {
  const people = await peopleOf(
    db,
    wanted.map(({ key }) => key),
  );
  const centers = await centersOf(db, [...new Set(wanted.map(({ key }) => key.center))]);
  const byCenter = Map.groupBy(wanted, ({ key }) => key.center);
  const clinical = new Map<string, Pick<Found, 'allergies' | 'stays'>>();
  for (const [center, ofCenter] of byCenter)
    for (const [patient, told] of await clinicalOf(
      db,
      center,
      ofCenter.map(({ key }) => key.patient),
    ))
      clinical.set(keyText({ center, patient }), told);
  return wanted.flatMap(({ key, because }) => {
    const person = people.get(keyText(key));
    const center = centers.get(key.center);
    if (!person || !center) return [];
    const told = clinical.get(keyText(key)) ?? { allergies: [], stays: [] };
    return [{ key, found: { ...demographics(person), ...told, ...center, because: [...because] } }];
  });
}

function demographics(
  person: PersonRow,
): Pick<Found, 'fullName' | 'sex' | 'birthDate' | 'address' | 'identifiers'> {
  const { fullName, sex, birthDate, address } = person;
  const identifiers = person.numbers
    .filter((number) => !number.ended)
    .map(({ type, shown }) => ({ kind: type, value: shown }));
  return { fullName, sex, birthDate, address, identifiers };
}

async function clinicalOf(
  db: Database,
  center: number,
  patients: readonly string[],
): Promise<Map<string, Pick<Found, 'allergies' | 'stays'>>> {
  const changes = await changesOf(db, center, patients, 'all');
  const known = [...changes].map(([patient, all]) => ({
    patient,
    allergies: allergiesOf(all),
    stays: staysOf(all).slice(0, mostStays),
  }));
  const wards = [...new Set(known.flatMap(({ stays }) => stays.flatMap(({ ward }) => ward ?? [])))];
  const ofWards = wards.length > 0 ? await changesOf(db, center, wards.map(wardOwner), 'all') : new Map();
  return new Map(
    known.map(({ patient, allergies, stays }) => [
      patient,
      {
        allergies,
        stays: stays.map(({ ward, ...stay }) => ({
          ...stay,
          wardName: ward === null ? null : wardNameOf(ofWards.get(wardOwner(ward)) ?? []),
        })),
      },
    ]),
  );
}

/** While the log is still being read the answer is only as new as what was read. */
async function centersOf(
  sql: Sql,
  centers: readonly number[],
): Promise<Map<number, Pick<Found, 'centerName' | 'asOf'>>> {
  const rows = await sql.query<{ number: number; name: string; as_of: number | null }>(
    `select c.number, c.name,
       case when p.log_no >= c.last_no then c.last_change_at else p.read_at end as as_of
     from center c left join people_progress p on p.center = c.number where c.number = any ($1::int4[])`,
    [centers],
  );
  return new Map(rows.map((row) => [row.number, { centerName: row.name, asOf: row.as_of ?? 0 }]));
}

// --- who asked ---

interface Asked {
  readonly center: number;
  readonly station: string;
  readonly question: LookupQuestion;
  readonly hash: Buffer;
  readonly at: number;
}

const askable = ['cccd', 'bhyt', 'fullName', 'birthDate'] as const satisfies (keyof LookupQuestion)[];

async function note(
  db: Database,
  asked: Asked,
  answered: readonly string[],
  allowed: boolean,
): Promise<void> {
  // a transaction of its own, because only those are on the disk when they are over
  await db.transaction((tx) =>
    tx.query(
      `insert into person_lookup (at, center, station, asked_by, asked, answered, allowed, user_id)
       values ($1, $2, $3, $4, $5, $6::text[], $7, $8)`,
      [
        asked.at,
        asked.center,
        bytesOf(asked.station),
        askable.filter((field) => asked.question[field]).join(' '),
        asked.hash,
        answered,
        allowed,
        asked.question.user?.replaceAll('\0', '') ?? null,
      ],
    ),
  );
}

async function isTooOften(sql: Sql, station: string, now: number): Promise<boolean> {
  const [row] = await sql.query<{ n: number }>(
    'select count(*)::int4 as n from person_lookup where station = $1 and at > $2',
    [bytesOf(station), now - 60_000],
  );
  return (row?.n ?? 0) >= perMinute;
}

/** A personal number has twelve digits: a plain hash of one is guessed in seconds. */
function hashOf(secret: Buffer, question: LookupQuestion): Buffer {
  const asked = askable.map((field) => question[field]?.normalize('NFC') ?? null);
  return createHmac('sha256', secret).update(JSON.stringify(asked)).digest();
}

async function secretOf(sql: Sql): Promise<Buffer> {
  const [row] = await sql.query<{ key: string }>('select key from province');
  if (!row) throw new Error('there is no province');
  return sha256('person lookups', row.key);
}
