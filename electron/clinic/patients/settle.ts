// How a conflict of two values of one field of identity is decided: the chosen side is written once more, having
// seen them all.
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { type DemographicField, demographicFields, patientUpdate } from '../../../shared/model/patients.ts';
import type { Context, Deps } from '../../store/room.ts';
import { mergePatient } from './projection.ts';
import type { DemographicValues } from './queries.ts';

/** `choice` is the change id of the side to keep, which names the field too when only one field of it is in conflict. */
export function settlePatient(
  deps: Deps,
  ctx: Context,
  conflict: { readonly patientId: string; readonly subjectKey: string },
  choice: string,
  reason: string | null,
): Result<unknown> {
  const field = demographicFields.find((f) => conflict.subjectKey === `field.patient.${f}`);
  if (!field) return fail('not_found');
  return deps.store.write(ctx.caller, (tx) => {
    const { merged } = mergePatient(deps.store.changesOf('patient', conflict.patientId));
    const open = merged.conflicts.find((c) => c.field === field);
    if (!open) return fail('already_settled');
    const chosen = open.heads.find((h) => h.changeId === choice);
    if (!chosen) return fail('stale');
    tx.append(patientUpdate, {
      id: conflict.patientId,
      patient: conflict.patientId,
      refs: [`patient:${conflict.patientId}`],
      body: {
        ...oneField(field, chosen.values),
        reason,
        saw: { [field]: open.heads.map((h) => h.version).join(',') },
      },
    });
    return ok({});
  });
}

/** The log's own value of one field; appending checks it against the kind again. */
function oneField(
  field: DemographicField,
  values: Readonly<Record<string, unknown>>,
): Partial<DemographicValues> {
  const parsed = patientUpdate.body.partial().parse({ [field]: values[field] });
  return { [field]: parsed[field] };
}
