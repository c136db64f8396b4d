// What the person who decides sees: pairs that may be one patient, side by side, with what speaks for and against
// it, what was decided before, and whoever else hangs together with them.
import type { Database, Row } from '../database/types.ts';
import { type Decision, decisionsOf, groupsOf } from './decisions.ts';
import { bare, type Reason, readReasons } from './likeness.ts';
import { keyText, type Pair, type PersonKey, type PersonRow, peopleOf } from './rows.ts';

export type PairState = 'open' | 'linked' | 'refused';

export interface PersonSide extends PersonRow {
  readonly centerName: string;
}

export interface Suggestion extends Pair {
  readonly state: PairState;
  /** 0 to 100; null when nothing speaks for it any more but it was decided. */
  readonly score: number | null;
  readonly reasons: readonly (Reason | `-${Reason}`)[];
  readonly sides: readonly [PersonSide | null, PersonSide | null];
  /** Latest first. */
  readonly decisions: readonly Decision[];
  /** Of the two together, beyond the two. */
  readonly others: readonly PersonKey[];
}

interface PairRow extends Row {
  readonly a_center: number;
  readonly a_patient: string;
  readonly b_center: number;
  readonly b_patient: string;
  readonly score: number | null;
  readonly reasons: string | null;
}

const columns = 'x.a_center, x.a_patient, x.b_center, x.b_patient';
const samePair = `s.a_center = x.a_center and s.a_patient = x.a_patient
  and s.b_center = x.b_center and s.b_patient = x.b_patient`;

/** Open ones by score, decided ones by the latest decision. */
export async function suggestions(
  db: Database,
  state: PairState,
  limit: number,
  offset = 0,
): Promise<Suggestion[]> {
  const rows =
    state === 'open'
      ? await db.query<PairRow>(
          `select ${columns}, x.score, x.reasons from person_pair x
           where not exists (select 1 from person_standing s where ${samePair})
           order by x.score desc, x.a_center, x.a_patient, x.b_center, x.b_patient limit $1 offset $2`,
          [limit, offset],
        )
      : await db.query<PairRow>(
          `select ${columns}, s.score, s.reasons from person_standing x left join person_pair s on ${samePair}
           where x.linked = $3 order by x.decision desc limit $1 offset $2`,
          [limit, offset, state === 'linked'],
        );
  return await withSides(db, rows, state);
}

export async function countsOf(db: Database): Promise<Readonly<Record<PairState, number>>> {
  const [row] = await db.query<{ open: number; linked: number; refused: number }>(
    `select (select count(*) from person_pair x where not exists (select 1 from person_standing s where ${samePair}))::int4 as open,
       (select count(*) from person_standing where linked)::int4 as linked,
       (select count(*) from person_standing where not linked)::int4 as refused`,
  );
  return row ?? { open: 0, linked: 0, refused: 0 };
}

async function withSides(db: Database, rows: readonly PairRow[], state: PairState): Promise<Suggestion[]> {
  const pairs = rows.map((row) => ({
    a: { center: row.a_center, patient: row.a_patient },
    b: { center: row.b_center, patient: row.b_patient },
    score: row.score,
    reasons: readReasons(row.reasons ?? ''),
  }));
  const keys = pairs.flatMap(({ a, b }) => [a, b]);
  const people = await peopleOf(db, keys);
  const groups = await groupsOf(db, keys);
  const names = await namesOf(db, [...new Set(keys.map((key) => key.center))]);
  const side = (key: PersonKey): PersonSide | null => {
    const person = people.get(keyText(key));
    return person ? { ...person, centerName: names.get(key.center) ?? '' } : null;
  };
  const made: Suggestion[] = [];
  for (const { a, b, score, reasons } of pairs) {
    const members = new Map(
      [...(groups.get(keyText(a)) ?? []), ...(groups.get(keyText(b)) ?? [])].map((key) => [
        keyText(key),
        key,
      ]),
    );
    members.delete(keyText(a));
    members.delete(keyText(b));
    const decisions = await decisionsOf(db, { a, b });
    made.push({
      a,
      b,
      state,
      score,
      reasons,
      sides: [side(a), side(b)],
      decisions,
      others: [...members.values()],
    });
  }
  return made;
}

async function namesOf(db: Database, centers: readonly number[]): Promise<Map<number, string>> {
  const rows = await db.query<{ number: number; name: string }>(
    'select number, name from center where number = any ($1::int4[])',
    [centers],
  );
  return new Map(rows.map((row) => [row.number, row.name]));
}

export const speaksFor = (reasons: Suggestion['reasons']): Reason[] =>
  reasons.filter((reason) => !reason.startsWith('-')).map(bare);
export const speaksAgainst = (reasons: Suggestion['reasons']): Reason[] =>
  reasons.filter((reason) => reason.startsWith('-')).map(bare);

/** Changes of a center that could not be used, latest first. */
export async function poisoned(
  db: Database,
  center: number,
  limit: number,
): Promise<{ logNo: number; reason: string; at: number }[]> {
  const rows = await db.query<{ log_no: number; reason: string; at: number }>(
    'select log_no, reason, at from people_poison where center = $1 order by log_no desc limit $2',
    [center, limit],
  );
  return rows.map(({ log_no, ...row }) => ({ ...row, logNo: log_no }));
}
