// Changes of vital signs. Fields are flat and absent when not measured, so that a set costs few bytes on the line.
import * as z from 'zod';
import { Instant } from '../api/ids.ts';
import { VitalMethods, VitalValues } from '../api/observations.ts';
import { defineKind } from './change.ts';

/** Field → version(s) the writer had on screen, comma-separated when it settles several. */
const saw = z.record(z.string().max(60), z.string().max(4000));

/** What NEWS2 was scored with, as known at that moment: the record shows later what was shown then. */
const basis = {
  scale: z.union([z.literal(1), z.literal(2)]),
  /** Completed years; absent when unknown. */
  ageYears: z.number().int().nullable().optional(),
  pregnant: z.boolean(),
  /** Version of the table. */
  table: z.string().max(20),
};
const measured = {
  ...VitalValues.partial().shape,
  ...VitalMethods.partial().shape,
  note: z.string().max(300).nullable().optional(),
  /** Vitals that the person confirmed although unusual. */
  confirmed: z.array(z.string().max(20)).max(12).optional(),
};

export const observationRecord = defineKind('observation.record', {
  lane: 1,
  subject: 'observation',
  creates: true,
  body: z.object({ admission: z.guid(), at: Instant, ...basis, ...measured }),
});

/** Carries only what differs; null empties a vital. Also settles a conflict, by a `saw` that names all its sides. */
export const observationCorrect = defineKind('observation.correct', {
  lane: 1,
  subject: 'observation',
  body: z.object({
    reason: z.string().max(300),
    saw,
    at: Instant.optional(),
    ...z.object(basis).partial().shape,
    ...measured,
  }),
});

export const observationVoid = defineKind('observation.void', {
  lane: 1,
  subject: 'observation',
  /** Null reason: taken back within seconds by the person who wrote it. */
  body: z.object({ reason: z.string().max(300).nullable(), saw }),
});

/** Takes a void back. */
export const observationRestore = defineKind('observation.restore', {
  lane: 1,
  subject: 'observation',
  body: z.object({ reason: z.string().max(300).nullable(), saw }),
});

/** Which SpO2 scale counts for a stay; subject id = admission id. */
export const observationSetScale = defineKind('observation.setScale', {
  lane: 1,
  subject: 'news2_scale',
  creates: true,
  body: z.object({
    scale: z.union([z.literal(1), z.literal(2)]),
    reason: z.string().max(300).nullable(),
    saw,
  }),
});
