// A stay's changes read as acts (in, moved, out, back in), takings-back and decisions: the words the fold thinks in.
import type * as z from 'zod';
import {
  admissionAdmit,
  admissionDiagnose,
  admissionDischarge,
  admissionReopen,
  admissionSettle,
  admissionSwap,
  admissionTransfer,
  admissionVoid,
} from '../../../shared/model/admissions.ts';
import { type Change, type ChangeKind, changeId, versionOf } from '../../../shared/model/change.ts';
import { inCausalOrder, type Stamped } from '../../../shared/sync/causality.ts';
import type { Act } from './transitions.ts';

export interface Place {
  readonly ward: string;
  readonly bed: string | null;
}

export interface Written extends Stamped {
  readonly id: string;
  readonly change: Change;
}

export interface ActWritten extends Written {
  readonly act: Act;
  readonly kind: 'admit' | 'transfer' | 'swap' | 'discharge' | 'reopen';
  readonly at: number;
  /** Null for a discharge: the patient leaves from where they are. */
  readonly place: Place | null;
  readonly reason: string | null;
  readonly discharge: Discharge | null;
}

export interface Discharge {
  readonly at: number;
  readonly type: string;
  readonly outcome: string;
  readonly diagnosis: string;
  readonly icd: string | null;
  readonly advice: string | null;
  readonly destination: string | null;
}

export interface DiagnosisWritten extends Written {
  readonly diagnosis: string | null;
  readonly icd: string | null;
  readonly reason: string | null;
}

export interface VoidWritten extends Written {
  readonly target: string;
  readonly reason: string | null;
}

export type SettleBody = z.output<typeof admissionSettle.body>;
export interface SettleWritten extends Written {
  readonly body: SettleBody;
}

export interface Reading {
  readonly admit: {
    readonly body: z.output<typeof admissionAdmit.body>;
    readonly written: ActWritten;
  } | null;
  /** Each after what its writer had seen, like all lists here; the admission first. */
  readonly acts: readonly ActWritten[];
  readonly diagnoses: readonly DiagnosisWritten[];
  readonly voids: readonly VoidWritten[];
  readonly settles: readonly SettleWritten[];
  readonly versions: ReadonlySet<string>;
}

/** What the stay began with, before any diagnosis that followed; null while the admission itself is not there. */
export function admissionDiagnosis(
  changes: readonly Change[],
): { readonly diagnosis: string | null; readonly icd: string | null } | null {
  const { admit } = readStay(changes);
  return admit && { diagnosis: admit.body.diagnosis, icd: admit.body.icd };
}

export function readStay(changes: readonly Change[]): Reading {
  let admit: Reading['admit'] = null;
  const acts: ActWritten[] = [];
  const diagnoses: DiagnosisWritten[] = [];
  const voids: VoidWritten[] = [];
  const settles: SettleWritten[] = [];
  for (const change of changes) {
    if (isOf(admissionAdmit, change)) {
      if (admit) continue;
      const { body } = change;
      const written = stamped(change, []);
      const act = { ...written, act: 'admit', kind: 'admit', ...placed(body), discharge: null } as const;
      admit = { body, written: act };
      acts.push(act);
      diagnoses.push({ ...written, diagnosis: body.diagnosis, icd: body.icd, reason: null });
    } else if (isOf(admissionTransfer, change)) {
      acts.push({ ...sawn(change), act: 'move', kind: 'transfer', ...placed(change.body), discharge: null });
    } else if (isOf(admissionSwap, change)) {
      acts.push({ ...sawn(change), act: 'move', kind: 'swap', ...placed(change.body), discharge: null });
    } else if (isOf(admissionReopen, change)) {
      acts.push({ ...sawn(change), act: 'reopen', kind: 'reopen', ...placed(change.body), discharge: null });
    } else if (isOf(admissionDischarge, change)) {
      const { saw: _saw, ...discharge } = change.body;
      acts.push({
        ...sawn(change),
        act: 'discharge',
        kind: 'discharge',
        at: discharge.at,
        place: null,
        reason: null,
        discharge,
      });
    } else if (isOf(admissionDiagnose, change)) {
      const { diagnosis, icd, reason } = change.body;
      diagnoses.push({ ...sawn(change), diagnosis, icd, reason });
    } else if (isOf(admissionVoid, change)) {
      voids.push({ ...sawn(change), target: change.body.change, reason: change.body.reason });
    } else if (isOf(admissionSettle, change)) {
      settles.push({ ...sawn(change), body: change.body });
    }
  }
  return {
    admit,
    acts: inCausalOrder(acts),
    diagnoses: inCausalOrder(diagnoses),
    voids: inCausalOrder(voids),
    settles: inCausalOrder(settles),
    versions: new Set(changes.map(versionOf)),
  };
}

/** What stands last of all that was written, each after what its writer had seen. */
export const lastWritten = ({ acts, diagnoses, voids, settles }: Reading): Written | undefined =>
  inCausalOrder<Written>([
    ...acts,
    ...diagnoses.filter((d) => d.change.kind !== admissionAdmit.kind),
    ...voids,
    ...settles,
  ]).at(-1);

function isOf<S extends z.ZodObject>(
  kind: ChangeKind<S>,
  change: Change,
): change is Change<z.output<S> & Record<string, unknown>> {
  return change.kind === kind.kind && change.v === kind.v;
}

const placed = (body: { ward: string; bed: string | null; at: number; reason: string | null }) => ({
  place: { ward: body.ward, bed: body.bed },
  at: body.at,
  reason: body.reason,
});

const sawn = (change: Change<{ saw: string[] }>): Written => stamped(change, change.body.saw);

const stamped = (change: Change<object>, saw: readonly string[]): Written => ({
  id: changeId(change),
  version: versionOf(change),
  saw,
  change: { ...change, body: { ...change.body } },
});
