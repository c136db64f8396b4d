// Changes of allergies. Each allergy is a subject of its own and so is a patient's "none known",
// so that no answer from another PC can ever hide an allergy (add-wins).
import * as z from 'zod';
import { AllergyInput } from '../api/allergies.ts';

import { defineKind } from './change.ts';

/** Field → version(s) the writer had on screen, comma-separated when it settles several. */
const saw = z.record(z.string().max(60), z.string().max(4000));

export const allergyAdd = defineKind('allergy.add', {
  lane: 0,
  subject: 'allergy',
  creates: true,
  body: AllergyInput,
});

export const allergyUpdate = defineKind('allergy.update', {
  lane: 0,
  subject: 'allergy',
  body: AllergyInput.partial().extend({ saw, reason: z.string().max(300).nullable().optional() }),
});

/** Struck out, still shown. Null reason: taken back within seconds by the person who wrote it. */
export const allergyRefute = defineKind('allergy.refute', {
  lane: 0,
  subject: 'allergy',
  body: z.object({ reason: z.string().max(300).nullable(), saw }),
});

export const allergyRestore = defineKind('allergy.restore', {
  lane: 0,
  subject: 'allergy',
  body: z.object({ reason: z.string().max(300).nullable(), saw }),
});

/** Subject id = patient id: somebody asked and the answer was "none known". */
export const allergyDeclareNone = defineKind('allergy.declareNone', {
  lane: 0,
  subject: 'allergy_declaration',
  creates: true,
  body: z.object({}),
});

export const allergyWithdrawNone = defineKind('allergy.withdrawNone', {
  lane: 0,
  subject: 'allergy_declaration',
  body: z.object({}),
});
