// Settling two amendments that did not see each other: one of the two texts, written once more.
import { fail, ok } from '../../../shared/api/contract.ts';
import { noteAmend, noteRestore, noteWithdraw } from '../../../shared/model/notes.ts';
import { chosenOf, type Settler } from '../guarded.ts';
import { toWrite } from './projection.ts';

/** For conflicts of subject type `note`. */
export const settleNote: Settler = (tx, decision, changes) => {
  const chosen = chosenOf(decision, changes, toWrite);
  if (!chosen) return fail('not_found');
  const { field, value, saw, first } = chosen;
  const about = { id: decision.id, patient: first.patient };
  if (field === 'withdrawn') {
    const kind = value === true ? noteWithdraw : noteRestore;
    tx.append(kind, { ...about, body: { reason: decision.reason ?? '', saw } });
    return ok({});
  }
  const body = noteAmend.body.safeParse({
    ...Object(value),
    reason: decision.reason ?? '',
    saw,
    authorTitle: null,
  });
  if (!body.success) return fail('not_found');
  tx.append(noteAmend, { ...about, body: body.data });
  return ok({});
};
