// "Chờ tôi ký": papers whose open step is mine, by role on my wards or because somebody asked me in person.
import type { Database } from 'better-sqlite3';
import { ContentId } from '../../../shared/api/documents.ts';
import type { Output } from '../../../shared/api/index.ts';
import type { Caller } from '../../store/room.ts';
import type { DocumentNeeds } from './needs.ts';
import { falsified, rowsByIds, rowsOfAuthor, stepsIn, type WaitingRow, waitingFor } from './rows.ts';
import type { SeenPapers } from './seen.ts';
import { headsOf } from './shown.ts';

/** Shown at most: more than anybody signs at a sitting. */
const MOST = 200;

export function queueOf(
  sql: Database,
  caller: Caller,
  deps: DocumentNeeds & { readonly seen: SeenPapers },
): Output<'signing.queue'> {
  const mine = waitingForCaller(sql, caller, deps);
  const others = (['signing', 'refused'] as const)
    .flatMap((state) => rowsOfAuthor(sql, caller.userId, state, MOST))
    .filter((row) => !mine.some((one) => one.document_id === row.id));
  const rows = rowsByIds(sql, [...new Set(mine.map((one) => one.document_id))]);
  const heads = new Map(headsOf(sql, rows, deps).map((head) => [String(head.documentId), head]));
  const labels = new Map(
    rows.flatMap((row) => stepsIn(row).map((step) => [`${row.id}/${step.id}`, step.label])),
  );
  return {
    mine: mine.flatMap((one) => {
      const document = heads.get(one.document_id);
      if (!document) return [];
      return [
        {
          document,
          content: ContentId.parse(one.content),
          step: one.step,
          stepLabel: labels.get(`${one.document_id}/${one.step}`) ?? one.step,
          since: one.since,
          seen: deps.seen.hasRead(caller.sessionId, one.content),
          delegatedBy: one.delegated_by && deps.people.nameOf(one.delegated_by),
        },
      ];
    }),
    others: headsOf(sql, others, deps),
  };
}

/**
 * On a paper with something false on it: what it keeps from waiting waits after all, and what waited for the step after it
 * does not.
 */
function waitingOnFalsified(sql: Database, { userId, roles }: Caller): Map<string, WaitingRow[]> {
  const ids = falsified(sql)
    .all()
    .map((one) => one.document_id);
  return new Map(
    rowsByIds(sql, ids).map((row) => [
      row.id,
      stepsIn(row).flatMap((step): WaitingRow[] => {
        const asked = step.delegated?.to === userId;
        const whose = asked
          ? userId
          : step.optional
            ? undefined
            : step.roles.find((role) => roles.includes(role));
        if (row.state !== 'signing' || step.state !== 'waiting' || step.kind === 'person' || !row.content)
          return [];
        if (whose === undefined) return [];
        return [
          {
            document_id: row.id,
            step: step.id,
            who: asked ? `user:${userId}` : `role:${whose}`,
            content: row.content,
            admission_id: row.admission_id,
            delegated_by: asked ? (step.delegated?.by ?? null) : null,
            since: step.since ?? 0,
          },
        ];
      }),
    ]),
  );
}

/** Oldest first, each step once. */
function waitingForCaller(
  sql: Database,
  caller: Caller,
  { stayOf }: Pick<DocumentNeeds, 'stayOf'>,
): WaitingRow[] {
  const { userId, roles, wards } = caller;
  const falsified = waitingOnFalsified(sql, caller);
  const wardOf = new Map<string, string | null>();
  const onMyWards = ({ admission_id: id }: WaitingRow): boolean => {
    if (wards.length === 0 || id === null) return true;
    if (!wardOf.has(id)) wardOf.set(id, stayOf(sql, id)?.wardId ?? null);
    return wards.includes(wardOf.get(id) ?? '');
  };
  const found = new Map<string, WaitingRow>();
  for (const who of [`user:${userId}`, ...roles.map((role) => `role:${role}`)]) {
    let taken = 0;
    for (const row of waitingFor(sql).iterate(who)) {
      if (taken >= MOST) break;
      if (falsified.has(row.document_id)) continue;
      // whoever was asked in person signs for any ward
      if (!who.startsWith('user:') && !onMyWards(row)) continue;
      taken += 1;
      const key = `${row.document_id}/${row.step}`;
      if (!found.has(key)) found.set(key, row);
    }
  }
  for (const row of [...falsified.values()].flat())
    if (row.who.startsWith('user:') || onMyWards(row)) found.set(`${row.document_id}/${row.step}`, row);
  return [...found.values()].sort((a, b) => a.since - b.since).slice(0, MOST);
}
