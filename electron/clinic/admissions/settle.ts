// Carries out what a person decided about a conflict of stays: the chosen act holds, the others are taken
// back or lose the bed, and every stay concerned carries the decision.
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { admissionDiagnose, admissionSettle } from '../../../shared/model/admissions.ts';
import type { Context } from '../../store/room.ts';
import type { ConflictRow, Store, Tx } from '../../store/types.ts';
import { readStay } from './acts.ts';
import { seenNow } from './commands.ts';
import { stayOf } from './queries.ts';
import { losingBranch } from './stay.ts';

/** An open row of the conflict table. */
export interface OpenConflict {
  /** `admission:<id>`, `key:bed:<id>` or `key:patient:<id>` */
  readonly owner: string;
  readonly kind: ConflictRow['kind'];
  readonly subjectKey: string;
  readonly sides: readonly { readonly choice: string; readonly value: unknown }[];
}

/** `choice` is one of the sides; the caller has checked that. */
export function settle(
  store: Store,
  ctx: Context,
  conflict: OpenConflict,
  choice: string,
  reason: string | null,
): Result<null> {
  const decision = `${String(ctx.now()).padStart(15, '0')}-${randomUUID()}`;
  return store.write(ctx.caller, (tx) => {
    if (conflict.subjectKey === 'field.admission.diagnosis')
      return chooseDiagnosis(tx, store, conflict, choice, reason);
    for (const part of partsOf(store, conflict, choice)) {
      const stay = stayOf(tx.sql, part.admissionId);
      if (!stay) return fail('not_found');
      tx.append(admissionSettle, {
        id: part.admissionId,
        patient: stay.patientId,
        body: {
          kind: conflict.kind,
          about: conflict.owner.replace(/^key:/, ''),
          sides: conflict.sides.map((s) => s.choice).sort(),
          choice,
          voids: part.voids,
          unbeds: part.unbeds,
          decision,
          reason,
          saw: seenNow(store, part.admissionId),
        },
      });
    }
    return ok(null);
  });
}

interface Part {
  readonly admissionId: string;
  readonly voids: string[];
  readonly unbeds: string[];
}

/** The same losers are named on every stay, so that a later, other decision about them undoes all of this one. */
function partsOf(store: Store, { owner, kind, sides }: OpenConflict, choice: string): Part[] {
  const losers = sides.map((s) => s.choice).filter((id) => id !== choice);
  if (kind === 'double_bed' || kind === 'two_stays') {
    const stays = new Set(sides.flatMap((s) => StayOfSide.safeParse(s.value).data?.admission ?? []));
    return [...stays].sort().map((admissionId) => ({
      admissionId,
      voids: kind === 'two_stays' ? losers : [],
      unbeds: kind === 'double_bed' ? losers : [],
    }));
  }
  const admissionId = owner.slice('admission:'.length);
  const changes = store.changesOf('admission', admissionId);
  const voids = [...new Set(losers.flatMap((loser) => losingBranch(changes, choice, loser)))];
  return [{ admissionId, voids, unbeds: [] }];
}

const StayOfSide = z.object({ admission: z.string() });

/** Written anew by someone who had both on screen. */
function chooseDiagnosis(
  tx: Tx,
  store: Store,
  { owner }: OpenConflict,
  choice: string,
  reason: string | null,
): Result<null> {
  const admissionId = owner.slice('admission:'.length);
  const chosen = readStay(store.changesOf('admission', admissionId)).diagnoses.find((d) => d.id === choice);
  const stay = stayOf(tx.sql, admissionId);
  if (!chosen || !stay) return fail('not_found');
  tx.append(admissionDiagnose, {
    id: admissionId,
    patient: stay.patientId,
    body: { diagnosis: chosen.diagnosis, icd: chosen.icd, reason, saw: seenNow(store, admissionId) },
  });
  return ok(null);
}
