// Settling what two people wrote into one field, or which of two versions frozen apart is the one that stands.
import { fail, ok } from '../../../shared/api/contract.ts';
import { changeId } from '../../../shared/model/change.ts';
import { documentFreeze, documentWrite } from '../../../shared/model/documents.ts';
import { chosenOf, type Settler } from '../guarded.ts';
import { CONTENT, ofKind, writesIn } from './projection.ts';

/** For conflicts of subject type `document`. */
export const settleDocument: Settler = (tx, decision, changes) => {
  const freezes = ofKind(changes, documentFreeze);
  const chosen = chosenOf(decision, changes, (change) => writesIn(change, freezes));
  if (!chosen) return fail('not_found');
  const about = { id: decision.id, patient: chosen.first.patient };
  if (chosen.field !== CONTENT) {
    const made = documentWrite.body.safeParse({
      ...chosen.first.body,
      values: { [chosen.field]: chosen.value },
      saw: chosen.saw,
    });
    if (!made.success) return fail('not_found');
    tx.append(documentWrite, { ...about, body: made.data });
    return ok({});
  }
  const stays = freezes.find(({ change }) => changeId(change) === decision.choice);
  const sides = decision.key.slice(decision.key.indexOf(':') + 1).split(',');
  const gives = freezes.find(
    ({ change, body }) => sides.includes(changeId(change)) && body.content !== chosen.value,
  );
  if (!stays || !gives) return fail('not_found');
  // the same bytes once more, in place of the other ones: what was signed over them counts
  tx.append(documentFreeze, {
    ...about,
    body: { ...stays.body, previous: gives.body.content, reason: decision.reason },
  });
  return ok({});
};
