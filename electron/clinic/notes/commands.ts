// Writing the treatment sheet. An entry is finished once, amended by further versions, withdrawn with a
// reason; the draft it was typed in goes in the same transaction.
import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { type Failure, fail, ok } from '../../../shared/api/contract.ts';
import { EntryId } from '../../../shared/api/ids.ts';
import type { EntryContent } from '../../../shared/api/notes.ts';
import { noteAmend, noteFinish, noteWithdraw } from '../../../shared/model/notes.ts';
import { sameValue } from '../../../shared/sync/merge.ts';
import { timeProblem } from '../../../shared/time/within-stay.ts';
import type { Context, Deps, HandlersOf } from '../../store/room.ts';
import { type AllergyState, allergyStatusOf } from '../allergies/index.ts';
import type { DraftNeeds, StayFacts, StayNeeds, VoidedStayNeeds } from '../needs.ts';
import { mayAmend } from './authors.ts';
import { contentOf, noteById, versionsOf } from './queries.ts';

export type NoteNeeds = Pick<StayNeeds, 'stayOf'> & VoidedStayNeeds & DraftNeeds;

export function commands(
  deps: Deps & NoteNeeds,
): HandlersOf<'notes.finish' | 'notes.amend' | 'notes.withdraw'> {
  const { store, people } = deps;
  return {
    'notes.finish': (input, ctx) =>
      store.write(ctx.caller, (tx) => {
        const stay = deps.stayOf(tx.sql, input.admissionId);
        if (!stay) return fail('not_found');
        if (stay.status === 'voided') return fail('not_admitted');
        const when = timeProblem(input.eventAt, stay, deps.now());
        if (when) return fail(when, { fields: { eventAt: `error.${when}` } });
        if (isEmpty(input.content)) return fail('nothing_recorded');
        const refused = ordersRefused(ctx, tx.sql, stay, '', input.content.orders);
        if (refused) return { ok: false, error: refused };

        const entryId = EntryId.parse(randomUUID());
        tx.append(noteFinish, {
          id: entryId,
          patient: stay.patientId,
          refs: [`admission:${stay.admissionId}`],
          body: {
            admission: stay.admissionId,
            eventAt: input.eventAt,
            ...input.content,
            wardName: stay.wardName,
            authorTitle: people.titleOf(ctx.caller.userId),
          },
        });
        if (input.draftKey !== undefined) deps.dropDraft(tx.sql, ctx.caller.userId, input.draftKey);
        return ok({ entryId });
      }),

    /** Late words about what happened during the stay are normal, so the discharge is no limit here. */
    'notes.amend': (input, ctx) =>
      store.write(ctx.caller, (tx) => {
        const row = noteById(tx.sql).get(input.entryId);
        if (!row) return fail('not_found');
        if (!mayAmend(ctx, row.owner)) return fail('not_allowed');
        if (row.withdrawn === 1) return fail('already_voided');
        const stay = deps.stayOf(tx.sql, row.admission_id);
        if (!stay) return fail('not_found');
        const when = timeProblem(input.eventAt, { ...stay, dischargedAt: null }, deps.now());
        if (when) return fail(when, { fields: { eventAt: `error.${when}` } });
        const before = contentOf(row);
        if (isEmpty(input.content)) return fail('nothing_recorded');
        if (sameValue(before, input.content) && input.eventAt === row.event_at)
          return fail('nothing_recorded');
        const refused = ordersRefused(ctx, tx.sql, stay, before.orders, input.content.orders);
        if (refused) return { ok: false, error: refused };

        const versions = versionsOf(row);
        tx.append(noteAmend, {
          id: row.id,
          patient: row.patient_id,
          body: {
            eventAt: input.eventAt,
            ...input.content,
            reason: input.reason,
            saw: { ...versions, ...(input.saw?.content && { content: input.saw.content }) },
            authorTitle: people.titleOf(ctx.caller.userId),
          },
        });
        if (input.draftKey !== undefined) deps.dropDraft(tx.sql, ctx.caller.userId, input.draftKey);
        return ok({ entryId: row.id });
      }),

    'notes.withdraw': (input, ctx) =>
      store.write(ctx.caller, (tx) => {
        const row = noteById(tx.sql).get(input.entryId);
        if (!row) return fail('not_found');
        if (!mayAmend(ctx, row.owner)) return fail('not_allowed');
        if (row.withdrawn === 1) return fail('already_voided');
        const { withdrawn } = versionsOf(row);
        tx.append(noteWithdraw, {
          id: row.id,
          patient: row.patient_id,
          body: { reason: input.reason, saw: withdrawn === undefined ? {} : { withdrawn } },
        });
        return ok({});
      }),
  };
}

const isEmpty = ({ progress, orders, care, careLevel, diet }: EntryContent): boolean =>
  progress === '' && orders === '' && care === '' && diet === '' && careLevel === null;

/** Orders are for those who may order, and never before somebody asked about allergies. */
function ordersRefused(
  ctx: Context,
  sql: Database,
  stay: StayFacts,
  before: string,
  after: string,
): Failure | null {
  if (before === after) return null;
  if (!ctx.can('orders.write'))
    return fail('not_allowed', { fields: { 'content.orders': 'error.not_allowed' } }).error;
  const status: AllergyState['status'] | undefined = allergyStatusOf(sql, [stay.patientId]).get(
    stay.patientId,
  )?.status;
  if (after !== '' && status !== 'has' && status !== 'none_known')
    return fail('allergy_not_asked', { fields: { 'content.orders': 'error.allergy_not_asked' } }).error;
  return null;
}
