// Settling two corrections that did not see each other: one more correction, which names both as seen.
import { fail, ok } from '../../../shared/api/contract.ts';
import {
  observationCorrect,
  observationRestore,
  observationSetScale,
  observationVoid,
} from '../../../shared/model/observations.ts';
import { chosenOf, type Settler, writeOf } from '../guarded.ts';
import { seenOf, toWrite } from './projection.ts';

/** For conflicts of subject type `observation`. */
export const settleObservation: Settler = (tx, decision, changes) => {
  const chosen = chosenOf(decision, changes, toWrite);
  if (!chosen) return fail('not_found');
  const { field, value, saw, first } = chosen;
  const about = { id: decision.id, patient: first.patient };
  if (field === 'voided') {
    const kind = value === true ? observationVoid : observationRestore;
    tx.append(kind, { ...about, body: { reason: decision.reason, saw } });
    return ok({});
  }
  const fields = field === 'pressure' ? value : { [field]: value };
  const body = observationCorrect.body.safeParse({ ...Object(fields), reason: decision.reason ?? '', saw });
  if (!body.success) return fail('not_found');
  tx.append(observationCorrect, { ...about, body: body.data });
  return ok({});
};

/** For conflicts of subject type `news2_scale`. */
export const settleScale: Settler = (tx, decision, changes) => {
  const chosen = chosenOf(decision, changes, (c) => [
    writeOf(c, { scale: c.body.scale }, seenOf(c.body.saw)),
  ]);
  if (!chosen) return fail('not_found');
  tx.append(observationSetScale, {
    id: decision.id,
    patient: chosen.first.patient,
    body: { scale: chosen.value === 2 ? 2 : 1, reason: decision.reason, saw: chosen.saw },
  });
  return ok({});
};
