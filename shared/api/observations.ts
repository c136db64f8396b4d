// Vital signs: one set per patient and moment, corrected by a new version, never overwritten.
import * as z from 'zod';
import { News2Result } from './beds.ts';
import { command, query } from './contract.ts';
import {
  AdmissionId,
  BedId,
  Instant,
  ObservationId,
  PatientId,
  required,
  Seen,
  text,
  undoable,
  WardId,
} from './ids.ts';

/** Units and limits of each: shared/codes/vitals.ts. Null = not measured. */
export const VitalValues = z.object({
  /** beats/min */ pulse: z.number().nullable(),
  /** °C, one decimal */ temperature: z.number().nullable(),
  /** mmHg */ systolic: z.number().nullable(),
  /** mmHg */ diastolic: z.number().nullable(),
  /** breaths/min */ respiration: z.number().nullable(),
  /** % */ spo2: z.number().nullable(),
  /** L/min; 0 = room air; null = not noted */ oxygen: z.number().nullable(),
  /** A alert, C new confusion, V voice, P pain, U unresponsive */
  consciousness: z.enum(['A', 'C', 'V', 'P', 'U']).nullable(),
  /** kg */ weight: z.number().nullable(),
  /** cm */ height: z.number().nullable(),
  /** 0–10 */ pain: z.number().nullable(),
  /** mL since the last set */ urine: z.number().nullable(),
});
export type VitalValues = z.output<typeof VitalValues>;

export const VitalMethods = z.object({
  temperatureSite: z.enum(['axillary', 'oral', 'ear', 'forehead', 'rectal']).nullable(),
  pressureSite: z.enum(['left_arm', 'right_arm', 'leg']).nullable(),
  posture: z.enum(['lying', 'sitting', 'standing']).nullable(),
});

export type VitalMethods = z.output<typeof VitalMethods>;

const Measured = z.object({
  values: VitalValues.partial(),
  methods: VitalMethods.partial().default({}),
  note: text(300).nullable().default(null),
  /** Fields the person confirmed although outside the usual range; beyond the possible range nothing helps. */
  confirmed: z.array(z.string().max(20)).max(12).default([]),
});

export const Observation = z.object({
  observationId: ObservationId,
  admissionId: AdmissionId,
  patientId: PatientId,
  at: Instant,
  writtenAt: Instant,
  by: z.string(),
  values: VitalValues,
  methods: VitalMethods,
  note: z.string().nullable(),
  news2: News2Result,
  voided: z.boolean(),
  /** Null when voided: taken back within seconds by the person who wrote it. */
  voidReason: z.string().nullable(),
  /** Why this version replaced the one before; null for the first recording. */
  reason: z.string().nullable(),
  /** Field → version, to be sent back as `saw` with a correction. Blood pressure is one field, `pressure`. */
  versions: z.record(z.string(), z.string()),
  /** Earlier versions, newest first; the first recording is last. */
  history: z.array(
    z.object({
      values: VitalValues,
      at: Instant,
      writtenAt: Instant,
      by: z.string(),
      reason: z.string().nullable(),
    }),
  ),
});

export const RoundRow = z.object({
  admissionId: AdmissionId,
  patientId: PatientId,
  fullName: z.string(),
  recordNumber: z.string(),
  birthDate: z.string().nullable(),
  bedId: BedId.nullable(),
  bedLabel: z.string().nullable(),
  last: z.object({ at: Instant, values: VitalValues, news2: News2Result }).nullable(),
  dueAt: Instant.nullable(),
  overdue: z.boolean(),
});

export const observations = {
  'observations.record': command(
    'vitals.write',
    Measured.extend({ admissionId: AdmissionId, at: Instant }),
    undoable({ observationId: ObservationId, news2: News2Result }),
  ),
  /** A whole round: each row stands alone, so one bad value does not hold back the others. */
  'observations.recordRound': command(
    'vitals.write',
    z.object({
      wardId: WardId,
      at: Instant,
      rows: z
        .array(Measured.extend({ admissionId: AdmissionId }))
        .min(1)
        .max(120),
    }),
    z.object({
      rows: z.array(
        z.object({
          admissionId: AdmissionId,
          observationId: ObservationId.nullable(),
          news2: News2Result.nullable(),
          error: z
            .object({
              code: z.string(),
              messageKey: z.string(),
              params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
              fields: z.record(z.string(), z.string()).optional(),
            })
            .nullable(),
        }),
      ),
      undo: z.string().optional(),
    }),
  ),
  /** A vital or method left out stays as it was; null empties it. Without `saw`, what this PC holds counts as seen. */
  'observations.correct': command(
    'vitals.write',
    Measured.extend({
      observationId: ObservationId,
      at: Instant,
      reason: required(300),
      saw: Seen.optional(),
    }),
    z.object({ news2: News2Result }),
  ),
  'observations.void': command(
    'vitals.write',
    z.object({ observationId: ObservationId, reason: required(300) }),
    undoable({}),
  ),
  /** Also what was measured in stays voided in favour of this one: those sets name their own stay. */
  'observations.list': query(
    'chart.read',
    z.object({ admissionId: AdmissionId, from: Instant.optional(), to: Instant.optional() }),
    z.array(Observation),
    { logsRead: true },
  ),
  /** SpO2 scale of NEWS2 for this stay; scale 2 (target 88–92 %) is a doctor's decision and needs a reason. */
  'observations.setScale': command(
    'orders.write',
    z.object({
      admissionId: AdmissionId,
      scale: z.union([z.literal(1), z.literal(2)]),
      reason: text(300).nullable(),
    }),
    undoable({}),
  ),
  'observations.scale': query(
    'chart.read',
    z.object({ admissionId: AdmissionId }),
    z.object({
      scale: z.union([z.literal(1), z.literal(2)]),
      /** Null while nobody has decided: scale 1. */
      decided: z.object({ at: Instant, by: z.string(), reason: z.string().nullable() }).nullable(),
    }),
    { logsRead: true },
  ),
  'observations.round': query('chart.read', z.object({ wardId: WardId }), z.array(RoundRow)),
};
