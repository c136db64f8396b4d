// Both languages, put together from one file per area. English is typed to have exactly Vietnamese's keys.

import { admission as enAdmission } from './en/admission.ts';
import { allergies as enAllergies } from './en/allergies.ts';
import { chart as enChart } from './en/chart.ts';
import { common as enCommon } from './en/common.ts';
import { error as enError } from './en/error.ts';
import { field as enField } from './en/field.ts';
import { frame as enFrame } from './en/frame.ts';
import { notes as enNotes } from './en/notes.ts';
import { patient as enPatient } from './en/patient.ts';
import { registration as enRegistration } from './en/registration.ts';
import { timeline as enTimeline } from './en/timeline.ts';
import { vitals as enVitals } from './en/vitals.ts';
import { admission } from './vi/admission.ts';
import { allergies } from './vi/allergies.ts';
import { chart } from './vi/chart.ts';
import { common } from './vi/common.ts';
import { error } from './vi/error.ts';
import { field } from './vi/field.ts';
import { frame } from './vi/frame.ts';
import { notes } from './vi/notes.ts';
import { patient } from './vi/patient.ts';
import { registration } from './vi/registration.ts';
import { timeline } from './vi/timeline.ts';
import { vitals } from './vi/vitals.ts';

export const vi = {
  ...timeline,
  ...allergies,
  ...notes,
  ...vitals,
  ...chart,
  ...admission,
  ...patient,
  ...registration,
  ...common,
  ...error,
  ...field,
  ...frame,
};

export type TextKey = keyof typeof vi;

export const en: Readonly<Record<TextKey, string>> = {
  ...enTimeline,
  ...enAllergies,
  ...enNotes,
  ...enVitals,
  ...enChart,
  ...enAdmission,
  ...enPatient,
  ...enRegistration,
  ...enCommon,
  ...enError,
  ...enField,
  ...enFrame,
};
