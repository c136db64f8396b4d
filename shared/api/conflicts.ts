// What two people wrote without seeing each other, waiting for one of them to decide.
import * as z from 'zod';
import { command, query } from './contract.ts';
import { DocumentId } from './documents.ts';
import { ConflictId, Instant, PatientId, text } from './ids.ts';

export const ConflictSide = z.object({
  /** Change id of the write. */
  choice: z.string(),
  /** Value as text in the reader's words, or an i18n key where it is a code; null = emptied. */
  value: z.string().nullable(),
  at: Instant,
  by: z.string(),
  station: z.string(),
  current: z.boolean(),
  /** What the writer did, where the sides are acts of a stay; null where they are values of a field. */
  act: z.enum(['admit', 'transfer', 'bed', 'swap', 'discharge', 'reopen', 'void', 'diagnose']).nullable(),
});

export const Conflict = z.object({
  id: ConflictId,
  kind: z.enum(['field', 'illegal_transition', 'double_bed', 'two_stays', 'two_discharges']),
  patientId: PatientId.nullable(),
  patientName: z.string().nullable(),
  /** Everyone it is about: the patient, or all who were put into the one bed. */
  people: z.array(z.string()),
  /** i18n key of what is in conflict, e.g. `field.patient.bloodGroup`. */
  subjectKey: z.string(),
  /** The paper it is about, and the name of the field on it; null: the version that stands. */
  paper: z.object({ documentId: DocumentId, title: z.string(), field: z.string().nullable() }).nullable(),
  since: Instant,
  sides: z.array(ConflictSide).min(1),
  settled: z
    .object({ at: Instant, by: z.string(), choice: z.string(), reason: z.string().nullable() })
    .nullable(),
});

export const conflicts = {
  'conflicts.list': query(
    'conflict.settle',
    z.object({ settled: z.boolean().default(false), patientId: PatientId.optional() }),
    z.array(Conflict),
  ),
  'conflicts.settle': command(
    'conflict.settle',
    z.object({ id: ConflictId, choice: z.string().max(120), reason: text(300).nullable() }),
    z.object({}),
  ),
};
