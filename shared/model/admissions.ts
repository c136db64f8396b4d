// The stay and everything that happens to it. Each change says which changes of the stay its store held
// (`saw`, see shared/sync/causality.ts): that is how two people who acted without knowing of each other are found.
import * as z from 'zod';
import { CareType, DischargeType, Outcome } from '../api/admissions.ts';
import { Instant } from '../api/ids.ts';
import { defineKind } from './change.ts';

const id = z.string().min(1).max(64);
const changeId = z.string().min(1).max(120);
const note = (max: number) => z.string().max(max).nullable();
const saw = z.array(z.string().max(80)).max(256);

const place = {
  ward: id,
  /** Null: on the ward, no bed yet. */
  bed: id.nullable(),
  /** When it happened, ms since 1970 UTC. */
  at: Instant,
};

export const admissionAdmit = defineKind('admission.admit', {
  lane: 0,
  subject: 'admission',
  creates: true,
  body: z.object({
    number: z.string().min(1).max(20),
    patient: id,
    ...place,
    careType: CareType,
    reason: z.string().max(500),
    diagnosis: note(500),
    icd: note(8),
  }),
});

export const admissionTransfer = defineKind('admission.transfer', {
  lane: 0,
  subject: 'admission',
  body: z.object({ ...place, reason: note(300), saw }),
});

/** One half of a swap; the other stay gets the same with the beds exchanged, in the same transaction. */
export const admissionSwap = defineKind('admission.swap', {
  lane: 0,
  subject: 'admission',
  body: z.object({ ...place, with: id, reason: note(300), saw }),
});

export const admissionDischarge = defineKind('admission.discharge', {
  lane: 0,
  subject: 'admission',
  body: z.object({
    at: Instant,
    type: DischargeType,
    outcome: Outcome,
    diagnosis: z.string().max(500),
    icd: note(8),
    advice: note(2000),
    destination: note(200),
    saw,
  }),
});

export const admissionReopen = defineKind('admission.reopen', {
  lane: 0,
  subject: 'admission',
  body: z.object({ ...place, reason: z.string().max(300), saw }),
});

export const admissionDiagnose = defineKind('admission.diagnose', {
  lane: 0,
  subject: 'admission',
  body: z.object({ diagnosis: note(500), icd: note(8), reason: note(300), saw }),
});

/** Takes one earlier change of this stay back; voiding the admission voids the stay. */
export const admissionVoid = defineKind('admission.void', {
  lane: 0,
  subject: 'admission',
  body: z.object({ change: changeId, reason: note(300), saw }),
});

/** How a person settled a conflict. Written on every stay it is about, so that each can be read on its own. */
export const admissionSettle = defineKind('admission.settle', {
  lane: 0,
  subject: 'admission',
  body: z.object({
    kind: z.enum(['field', 'illegal_transition', 'double_bed', 'two_stays', 'two_discharges']),
    /** What the conflict was about: `bed:<id>`, `patient:<id>`, or this stay: `admission:<id>`. */
    about: z.string().max(120),
    /** Changes that collided, sorted. */
    sides: z.array(changeId).min(1),
    choice: changeId,
    /** Changes that no longer count. */
    voids: z.array(changeId),
    /** Changes that keep their ward but lose the bed. */
    unbeds: z.array(changeId),
    /** Sorts by time; of several decisions about the same sides the highest holds, on every stay alike. */
    decision: z.string().max(80),
    reason: note(300),
    saw,
  }),
});

export const admissionKinds = [
  admissionAdmit,
  admissionTransfer,
  admissionSwap,
  admissionDischarge,
  admissionReopen,
  admissionDiagnose,
  admissionVoid,
  admissionSettle,
];
