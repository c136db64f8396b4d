// Both languages, put together from one file per area. English is typed to have exactly Vietnamese's keys.

import { admission as enAdmission } from './en/admission.ts';
import { allergies as enAllergies } from './en/allergies.ts';
import { audit as enAudit } from './en/audit.ts';
import { board as enBoard } from './en/board.ts';
import { chart as enChart } from './en/chart.ts';
import { common as enCommon } from './en/common.ts';
import { conflicts as enConflicts } from './en/conflicts.ts';
import { documents as enDocuments } from './en/documents.ts';
import { error as enError } from './en/error.ts';
import { field as enField } from './en/field.ts';
import { fingerprint as enFingerprint } from './en/fingerprint.ts';
import { firstRun as enFirstRun } from './en/first-run.ts';
import { frame as enFrame } from './en/frame.ts';
import { layout as enLayout } from './en/layout.ts';
import { login as enLogin } from './en/login.ts';
import { lookup as enLookup } from './en/lookup.ts';
import { notes as enNotes } from './en/notes.ts';
import { patient as enPatient } from './en/patient.ts';
import { people as enPeople } from './en/people.ts';
import { photo as enPhoto } from './en/photo.ts';
import { registration as enRegistration } from './en/registration.ts';
import { signing as enSigning } from './en/signing.ts';
import { station as enStation } from './en/station.ts';
import { sync as enSync } from './en/sync.ts';
import { syncSays as enSyncSays } from './en/sync-says.ts';
import { tasks as enTasks } from './en/tasks.ts';
import { timeline as enTimeline } from './en/timeline.ts';
import { training as enTraining } from './en/training.ts';
import { verdict as enVerdict } from './en/verdict.ts';
import { vitals as enVitals } from './en/vitals.ts';
import { admission } from './vi/admission.ts';
import { allergies } from './vi/allergies.ts';
import { audit } from './vi/audit.ts';
import { board } from './vi/board.ts';
import { chart } from './vi/chart.ts';
import { common } from './vi/common.ts';
import { conflicts } from './vi/conflicts.ts';
import { documents } from './vi/documents.ts';
import { error } from './vi/error.ts';
import { field } from './vi/field.ts';
import { fingerprint } from './vi/fingerprint.ts';
import { firstRun } from './vi/first-run.ts';
import { frame } from './vi/frame.ts';
import { layout } from './vi/layout.ts';
import { login } from './vi/login.ts';
import { lookup } from './vi/lookup.ts';
import { notes } from './vi/notes.ts';
import { patient } from './vi/patient.ts';
import { people } from './vi/people.ts';
import { photo } from './vi/photo.ts';
import { registration } from './vi/registration.ts';
import { signing } from './vi/signing.ts';
import { station } from './vi/station.ts';
import { sync } from './vi/sync.ts';
import { syncSays } from './vi/sync-says.ts';
import { tasks } from './vi/tasks.ts';
import { timeline } from './vi/timeline.ts';
import { training } from './vi/training.ts';
import { verdict } from './vi/verdict.ts';
import { vitals } from './vi/vitals.ts';

export const vi = {
  ...admission,
  ...allergies,
  ...audit,
  ...board,
  ...chart,
  ...common,
  ...conflicts,
  ...documents,
  ...error,
  ...field,
  ...fingerprint,
  ...firstRun,
  ...frame,
  ...layout,
  ...login,
  ...lookup,
  ...notes,
  ...patient,
  ...people,
  ...photo,
  ...registration,
  ...signing,
  ...station,
  ...sync,
  ...syncSays,
  ...tasks,
  ...timeline,
  ...training,
  ...verdict,
  ...vitals,
};

export type TextKey = keyof typeof vi;

export const en: Readonly<Record<TextKey, string>> = {
  ...enAdmission,
  ...enAllergies,
  ...enAudit,
  ...enBoard,
  ...enChart,
  ...enCommon,
  ...enConflicts,
  ...enDocuments,
  ...enError,
  ...enField,
  ...enFingerprint,
  ...enFirstRun,
  ...enFrame,
  ...enLayout,
  ...enLogin,
  ...enLookup,
  ...enNotes,
  ...enPatient,
  ...enPeople,
  ...enPhoto,
  ...enRegistration,
  ...enSigning,
  ...enStation,
  ...enSync,
  ...enSyncSays,
  ...enTasks,
  ...enTimeline,
  ...enTraining,
  ...enVerdict,
  ...enVitals,
};
