// Settling two edits of one allergy that did not see each other.
import { fail, ok } from '../../../shared/api/contract.ts';
import { allergyRefute, allergyRestore, allergyUpdate } from '../../../shared/model/allergies.ts';
import { chosenOf, type Settler } from '../guarded.ts';
import { toWrite } from './projection.ts';

/** For conflicts of subject type `allergy`. */
export const settleAllergy: Settler = (tx, decision, changes) => {
  const chosen = chosenOf(decision, changes, toWrite);
  if (!chosen) return fail('not_found');
  const { field, value, saw, first } = chosen;
  const about = { id: decision.id, patient: first.patient };
  if (field === 'refuted') {
    const kind = value === true ? allergyRefute : allergyRestore;
    tx.append(kind, { ...about, body: { reason: decision.reason, saw } });
    return ok({});
  }
  const body = allergyUpdate.body.safeParse({ [field]: value, reason: decision.reason, saw });
  if (!body.success) return fail('not_found');
  tx.append(allergyUpdate, { ...about, body: body.data });
  return ok({});
};
