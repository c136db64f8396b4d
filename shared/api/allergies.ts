// Allergies: "none known" is an answer somebody got, "not asked" is the lack of one.
import * as z from 'zod';
import { command, query } from './contract.ts';
import { AllergyId, Instant, PatientId, required, Seen, text, undoable } from './ids.ts';

export const AllergyInput = z.object({
  substance: required(120),
  /** Key of shared/codes/allergy-classes.ts, or null. */
  classCode: text(40).nullable(),
  reaction: text(300),
  severity: z.enum(['mild', 'moderate', 'severe', 'unknown']),
  certainty: z.enum(['confirmed', 'suspected']),
  note: text(300).nullable(),
});

export type AllergyInput = z.output<typeof AllergyInput>;

export const Allergies = z.object({
  status: z.enum(['not_asked', 'none_known', 'has']),
  askedAt: Instant.nullable(),
  askedBy: z.string().nullable(),
  items: z.array(
    AllergyInput.extend({
      id: AllergyId,
      recordedAt: Instant,
      recordedBy: z.string(),
      refuted: z.object({ at: Instant, by: z.string(), reason: z.string() }).nullable(),
      versions: z.record(z.string(), z.string()),
    }),
  ),
});

export const allergies = {
  'allergies.get': query('chart.read', z.object({ patientId: PatientId }), Allergies, {
    logsRead: true,
  }),
  'allergies.declareNone': command('allergy.write', z.object({ patientId: PatientId }), undoable({})),
  'allergies.add': command(
    'allergy.write',
    z.object({ patientId: PatientId, allergy: AllergyInput }),
    undoable({ id: AllergyId }),
  ),
  'allergies.update': command(
    'allergy.write',
    z.object({ patientId: PatientId, id: AllergyId, set: AllergyInput.partial(), saw: Seen }),
    undoable({}),
  ),
  /** Struck out with a reason, still shown: an allergy is never lost. */
  'allergies.refute': command(
    'allergy.write',
    z.object({ patientId: PatientId, id: AllergyId, reason: required(300) }),
    undoable({}),
  ),
};
