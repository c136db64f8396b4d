// Writing allergies: add, edit, strike out with a reason, or the answer "none known".
import { randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { AllergyId } from '../../../shared/api/ids.ts';
import {
  allergyAdd,
  allergyDeclareNone,
  allergyRefute,
  allergyRestore,
  allergyUpdate,
  allergyWithdrawNone,
} from '../../../shared/model/allergies.ts';
import type { Context, Deps, HandlersOf } from '../../store/room.ts';
import type { Tx } from '../../store/types.ts';
import type { IdentityNeeds } from '../needs.ts';
import { allergyFields } from './projection.ts';
import {
  type AllergyRow,
  allergyById,
  allergyStatusOf,
  contentOf,
  declarationOf,
  versionsOf,
} from './queries.ts';

export function commands(
  deps: Deps & AllergyNeeds,
): HandlersOf<'allergies.declareNone' | 'allergies.add' | 'allergies.update' | 'allergies.refute'> {
  const { store } = deps;
  return {
    'allergies.declareNone': ({ patientId }, ctx) =>
      store.write(ctx.caller, (tx) => {
        if (!isKnown(deps, tx, patientId)) return fail('not_found');
        const status = allergyStatusOf(tx.sql, [patientId]).get(patientId)?.status;
        if (status === 'has') return fail('illegal_transition', { messageKey: 'error.has_allergies' });
        const wasDeclared = declarationOf(tx.sql).get(patientId) !== undefined;
        const about = { id: patientId, patient: patientId, refs: [`patient:${patientId}`] as const };
        tx.append(allergyDeclareNone, { ...about, body: {} });
        const undo = ctx.undo((c) =>
          store.write(c.caller, (again) => {
            if (!wasDeclared) again.append(allergyWithdrawNone, { ...about, body: {} });
            return ok({});
          }),
        );
        return ok({ undo });
      }),

    'allergies.add': ({ patientId, allergy }, ctx) =>
      store.write(ctx.caller, (tx) => {
        if (!isKnown(deps, tx, patientId)) return fail('not_found');
        const id = AllergyId.parse(randomUUID());
        tx.append(allergyAdd, { id, patient: patientId, refs: [`patient:${patientId}`], body: allergy });
        return ok({ id, undo: ctx.undo((c) => takeBack(deps, c, id)) });
      }),

    'allergies.update': (input, ctx) =>
      store.write(ctx.caller, (tx) => {
        const row = ownAllergy(tx, input);
        if (!row.ok) return row;
        const before = contentOf(row.value);
        const changed = allergyFields.filter((f) => input.set[f] !== undefined && input.set[f] !== before[f]);
        if (changed.length === 0) return fail('nothing_recorded');
        const set = Object.fromEntries(changed.map((f) => [f, input.set[f]]));
        update(tx, row.value, set, input.saw);
        const undo = ctx.undo((c) =>
          store.write(c.caller, (again) => {
            const now = allergyById(again.sql).get(input.id);
            if (!now) return fail('not_found');
            update(again, now, Object.fromEntries(changed.map((f) => [f, before[f]])), {});
            return ok({});
          }),
        );
        return ok({ undo });
      }),

    'allergies.refute': (input, ctx) =>
      store.write(ctx.caller, (tx) => {
        const row = ownAllergy(tx, input);
        if (!row.ok) return row;
        strikeOut(tx, row.value, input.reason);
        return ok({ undo: ctx.undo((c) => restore(deps, c, input.id)) });
      }),
  };
}

export type AllergyNeeds = IdentityNeeds;

const isKnown = (deps: AllergyNeeds, tx: Tx, patientId: string): boolean =>
  deps.identitiesOf(tx.sql, [patientId]).has(patientId);

/** The standing allergy of this patient; one struck out takes no more edits. */
function ownAllergy(tx: Tx, input: { id: string; patientId: string }): Result<AllergyRow> {
  const row = allergyById(tx.sql).get(input.id);
  if (row?.patient_id !== input.patientId) return fail('not_found');
  return row.refuted === 1 ? fail('already_voided') : ok(row);
}

/** What the page did not send counts as seen in the state this PC holds. */
function update(
  tx: Tx,
  row: AllergyRow,
  set: Record<string, unknown>,
  saw: Readonly<Record<string, string>>,
): void {
  const versions = versionsOf(row);
  const fields = [...Object.keys(set), 'refuted'];
  const seen = Object.fromEntries(fields.flatMap((f) => ((v) => (v ? [[f, v]] : []))(saw[f] ?? versions[f])));
  tx.append(allergyUpdate, { id: row.id, patient: row.patient_id, body: { ...set, saw: seen } });
}

const strikeOut = (tx: Tx, row: AllergyRow, reason: string | null) =>
  tx.append(allergyRefute, { id: row.id, patient: row.patient_id, body: { reason, saw: sawState(row) } });

const takeBack = (deps: Deps, ctx: Context, id: string): Result<unknown> =>
  deps.store.write(ctx.caller, (tx) => {
    const row = allergyById(tx.sql).get(id);
    if (row?.refuted === 0) strikeOut(tx, row, null);
    return ok({});
  });

const restore = (deps: Deps, ctx: Context, id: string): Result<unknown> =>
  deps.store.write(ctx.caller, (tx) => {
    const row = allergyById(tx.sql).get(id);
    if (!row) return fail('not_found');
    tx.append(allergyRestore, { id, patient: row.patient_id, body: { reason: null, saw: sawState(row) } });
    return ok({});
  });

function sawState(row: AllergyRow): Record<string, string> {
  const { refuted } = versionsOf(row);
  return refuted === undefined ? {} : { refuted };
}
