// What a paper form is: data in resources/forms, one file for each version, read by the core, the printer and the page.
// A version that was ever used is never edited: papers filled with it must look tomorrow as they were signed.
import * as z from 'zod';

/**
 * Facts of the record a field can fill itself with. What a source gives: text as it is printed, or for those ending in
 * `[]` rows for a field of kind `rows`.
 */
export const formSources = [
  'center.name',
  'center.parent',
  'center.code',
  'center.address',
  'center.phone',
  'patient.fullName',
  'patient.recordNumber',
  'patient.birthDate',
  'patient.age',
  'patient.sex',
  'patient.ethnicGroup',
  'patient.nationality',
  'patient.occupation',
  'patient.workplace',
  'patient.address',
  'patient.phone',
  'patient.citizenId',
  'patient.citizenIdIssuedOn',
  'patient.insuranceNumber',
  'patient.insuranceFrom',
  'patient.insuranceTo',
  'patient.bloodGroup',
  'patient.relative',
  'patient.relativePhone',
  'patient.parents',
  'patient.allergies',
  'stay.number',
  'stay.ward',
  'stay.room',
  'stay.bed',
  'stay.careType',
  'stay.reason',
  'stay.admittedAt',
  'stay.dischargedAt',
  'stay.days',
  'stay.admissionDiagnosis',
  'stay.diagnosis',
  'stay.icd',
  'stay.outcome',
  'stay.dischargeType',
  'stay.advice',
  'stay.destination',
  'stay.moves[]',
  'vitals.atAdmission',
  'vitals.atAdmission.pulse',
  'vitals.atAdmission.temperature',
  'vitals.atAdmission.pressure',
  'vitals.atAdmission.respiration',
  'vitals.atAdmission.spo2',
  'vitals.atAdmission.weight',
  'vitals.atAdmission.height',
  'vitals.latest',
  'vitals.rows[]',
  'notes.rows[]',
  'notes.care[]',
  'notes.course',
  'sheet.number',
  'today',
  'now',
  'author.name',
  'author.title',
] as const;
export type FormSource = (typeof formSources)[number];

const id = z.string().regex(/^[a-z][a-z0-9_-]{0,59}$/);

export const FormField = z.strictObject({
  id,
  label: z.string().max(160),
  /**
   * text: one line · long: a paragraph · number · date (`2026-11-22`) · moment (ms since 1970 UTC) · choice (a code of
   * `choices`) · choices (several) · flag · diagnosis (text and ICD code) · rows (a table with `columns`) · heading: no value · statement: no value, `text` is
   * printed as it stands (what a person declares by signing).
   */
  kind: z.enum([
    'text',
    'long',
    'number',
    'date',
    'moment',
    'choice',
    'choices',
    'flag',
    'diagnosis',
    'rows',
    'heading',
    'statement',
  ]),
  /** Words of a statement. */
  text: z.string().max(3000).optional(),
  /** In small italics behind the label, as the paper forms explain what belongs there. */
  hint: z.string().max(300).optional(),
  /** Filled from the record; what a person typed over it wins. */
  source: z.enum(formSources).optional(),
  /** Must be there before the paper is frozen. */
  required: z.boolean().default(false),
  max: z.number().int().min(1).max(20_000).optional(),
  unit: z.string().max(20).optional(),
  choices: z.array(z.strictObject({ code: z.string().max(40), label: z.string().max(160) })).optional(),
  columns: z
    .array(
      z.strictObject({
        id,
        label: z.string().max(80),
        kind: z.enum(['text', 'long', 'number', 'date', 'moment']),
        /** Twelfths of the width. */
        width: z.number().int().min(1).max(12),
      }),
    )
    .optional(),
  /** Twelfths of the page's width; 12 when left out. */
  width: z.number().int().min(1).max(12).default(12),
  /** Empty lines to write on by hand when there is no value. */
  lines: z.number().int().min(0).max(20).default(0),
  /**
   * Of rows: drawn as curves above the table. `x` is a column of moments, each line a column of numbers with the ends
   * of its own scale.
   */
  chart: z
    .strictObject({
      x: id,
      lines: z
        .array(
          z.strictObject({
            column: id,
            label: z.string().max(40),
            min: z.number(),
            max: z.number(),
            /** Between two marks of the scale. */
            step: z.number().positive(),
            style: z.enum(['solid', 'dashed']),
          }),
        )
        .min(1)
        .max(3),
    })
    .optional(),
});

export const FormStep = z.strictObject({
  id,
  /** As printed above the signature's box, "Bác sĩ điều trị". */
  label: z.string().max(120),
  /** staff: with a token · person: the patient or who signs for them, by finger or on paper · facility: the facility's own certificate. */
  kind: z.enum(['staff', 'person', 'facility']),
  /** Roles (shared/codes/roles.ts) that may sign at this step; empty for `person`. */
  roles: z.array(z.string().max(40)).default([]),
  /** The paper counts as signed without it. */
  optional: z.boolean().default(false),
  /** Where its box stands among the others, counted from the left; left out, who signs later stands further left. */
  place: z.number().int().min(1).max(20).optional(),
});

export const FormTemplate = z.strictObject({
  id,
  version: z.number().int().min(1),
  title: z.string().max(160),
  /** "MS: 02/BV-02" as printed at the top right; null where no number is confirmed. */
  number: z.string().max(40).nullable(),
  /** The regulation the form stands on. */
  basis: z.string().max(300),
  /** False where the drawn form was not seen: the layout is then ours. */
  drawnFormSeen: z.boolean(),
  /** stay: one stay's paper · patient: any time. */
  scope: z.enum(['stay', 'patient']),
  paper: z.enum(['A4', 'A5']),
  landscape: z.boolean().default(false),
  /** Whose permission writing it takes. */
  writtenBy: z.enum(['orders.write', 'notes.write', 'vitals.write']),
  /** Leaves the house as a file: the PDF itself is signed too (PAdES), not only the content. */
  signedPdf: z.boolean(),
  /**
   * The head of the first page. Fields named here are printed there instead of in their section: `left` at the top left
   * (those with a source `center.…` without their label), `right` at the top right under the number. `motto`: the
   * national name and motto stand at the top.
   */
  head: z
    .strictObject({
      motto: z.boolean().default(false),
      left: z.array(id).default([]),
      right: z.array(id).default([]),
    })
    .default({ motto: false, left: [], right: [] }),
  /** In the order in which they sign. */
  steps: z.array(FormStep).min(1),
  sections: z
    .array(
      z.strictObject({
        id,
        title: z.string().max(160).nullable(),
        fields: z.array(FormField).min(1),
        /** Starts on a new page. */
        newPage: z.boolean().default(false),
      }),
    )
    .min(1),
  /** Printed in small type at the end. */
  footnote: z.string().max(600).nullable().default(null),
});

export type FormField = z.output<typeof FormField>;
export type FormStep = z.output<typeof FormStep>;
export type FormTemplate = z.output<typeof FormTemplate>;

const Cell = z.union([z.string().max(20_000), z.number(), z.null()]);
/** What one field holds; by kind: text, number, codes, true, {text, code} of a diagnosis, rows. */
export const FormValue = z.union([
  z.string().max(20_000),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string().max(40)).max(60),
  z.strictObject({ text: z.string().max(1000), code: z.string().max(20).nullable() }),
  z.array(z.record(id, Cell)).max(2000),
]);
export type FormValue = z.output<typeof FormValue>;
export const FormValues = z.record(id, FormValue);
export type FormValues = z.output<typeof FormValues>;
