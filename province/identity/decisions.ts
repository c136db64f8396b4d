// What people decide about a pair of records: link, refuse, or take the last decision back. Every decision stays
// with its reason, the last one of a pair counts, and a group is whoever hangs together by links that count.
import { fail, ok, type Result } from '../../shared/api/contract.ts';
import type { Database, Row, Sql } from '../database/types.ts';
import { keyText, type Pair, type PersonKey } from './rows.ts';

export type Action = 'link' | 'refuse' | 'take_back';

export interface Decision extends Pair {
  readonly id: number;
  /** ms since 1970 UTC */
  readonly at: number;
  readonly by: string;
  readonly action: Action;
  readonly reason: string;
}

export interface NewDecision extends Pair {
  readonly action: Action;
  readonly reason: string;
  /** Last decision about this pair that the person had before their eyes; null: none. */
  readonly saw: number | null;
}

const decisionLock = 7_214_956;
const longestReason = 400;

/** reason_required · not_found · stale: somebody decided meanwhile · nothing_recorded: it already stands so. */
export async function decide(
  db: Database,
  by: string,
  { a, b, action, reason, saw }: NewDecision,
  now: number,
): Promise<Result<{ decision: number }>> {
  const said = reason.trim().slice(0, longestReason);
  if (said === '') return fail('reason_required');
  return await db.transaction(async (tx): Promise<Result<{ decision: number }>> => {
    // few people decide, and rarely: one after the other, so that the order of ids is the order of commits
    await tx.query('select pg_advisory_xact_lock($1)', [decisionLock]);
    const pair = [a.center, a.patient, b.center, b.patient];
    const [there] = await tx.query<{ n: number }>(
      `select count(*)::int4 as n from person
       where (center = $1 and patient = $2) or (center = $3 and patient = $4)`,
      pair,
    );
    if (there?.n !== 2) return fail('not_found');
    const last = await lastOf(tx, { a, b });
    if ((last?.id ?? null) !== saw) return fail('stale');
    if (!changesAnything(last?.action ?? 'take_back', action)) return fail('nothing_recorded');
    const [made] = await tx.query<{ id: number }>(
      `insert into person_decision (at, by, action, reason, a_center, a_patient, b_center, b_patient)
       values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
      [now, by, action, said, ...pair],
    );
    if (!made) throw new Error('a decision was not written');
    await stand(tx, { a, b }, action, made.id);
    // the reason may name the patient and stays with the decision
    await tx.query('insert into audit (at, by, action, subject, detail) values ($1, $2, $3, $4, $5)', [
      now,
      by,
      `person.${action}`,
      `${keyText(a)} ${keyText(b)}`,
      String(made.id),
    ]);
    return ok({ decision: made.id });
  });
}

const changesAnything = (stands: Action, wanted: Action): boolean => stands !== wanted;

async function stand(tx: Sql, { a, b }: Pair, action: Action, decision: number): Promise<void> {
  const pair = [a.center, a.patient, b.center, b.patient];
  if (action === 'take_back')
    await tx.query(
      'delete from person_standing where a_center = $1 and a_patient = $2 and b_center = $3 and b_patient = $4',
      pair,
    );
  else
    await tx.query(
      `insert into person_standing (a_center, a_patient, b_center, b_patient, linked, decision)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (a_center, a_patient, b_center, b_patient)
         do update set linked = excluded.linked, decision = excluded.decision`,
      [...pair, action === 'link', decision],
    );
}

export async function lastOf(sql: Sql, { a, b }: Pair): Promise<{ id: number; action: Action } | null> {
  const [row] = await sql.query<{ id: number; action: Action }>(
    `select id, action from person_decision
     where a_center = $1 and a_patient = $2 and b_center = $3 and b_patient = $4 order by id desc limit 1`,
    [a.center, a.patient, b.center, b.patient],
  );
  return row ?? null;
}

interface DecisionRow extends Row {
  readonly id: number;
  readonly at: number;
  readonly by: string;
  readonly action: Action;
  readonly reason: string;
  readonly a_center: number;
  readonly a_patient: string;
  readonly b_center: number;
  readonly b_patient: string;
}

/** Latest first. */
export async function decisionsOf(sql: Sql, { a, b }: Pair): Promise<Decision[]> {
  const rows = await sql.query<DecisionRow>(
    `select * from person_decision where a_center = $1 and a_patient = $2 and b_center = $3 and b_patient = $4
     order by id desc`,
    [a.center, a.patient, b.center, b.patient],
  );
  return rows.map(({ id, at, by, action, reason }) => ({ id, at, by, action, reason, a, b }));
}

/** For each of these its group: everyone linked with it through any number of links, itself among them. */
export async function groupsOf(
  sql: Sql,
  roots: readonly PersonKey[],
): Promise<ReadonlyMap<string, readonly PersonKey[]>> {
  if (roots.length === 0) return new Map();
  const rows = await sql.query<{ root: string; center: number; patient: string }>(
    `with recursive member (root, center, patient) as (
       select k.center || '/' || k.patient, k.center, k.patient from unnest($1::int4[], $2::text[]) k (center, patient)
       union
       select m.root, n.center, n.patient from member m cross join lateral (
         select b_center as center, b_patient as patient from person_standing
           where a_center = m.center and a_patient = m.patient and linked
         union all
         select a_center, a_patient from person_standing
           where b_center = m.center and b_patient = m.patient and linked) n)
     select root, center, patient from member order by center, patient`,
    [roots.map((key) => key.center), roots.map((key) => key.patient)],
  );
  const groups = new Map<string, PersonKey[]>();
  for (const { root, ...key } of rows) {
    const group = groups.get(root);
    if (group) group.push(key);
    else groups.set(root, [key]);
  }
  return groups;
}
