// Wires the clinical areas: what one needs of another is handed over here, so that none imports its neighbour's inside.
import * as z from 'zod';
import { ok, type Result } from '../../shared/api/contract.ts';
import * as admissions from '../clinic/admissions/index.ts';
import * as allergies from '../clinic/allergies/index.ts';
import * as beds from '../clinic/beds/index.ts';
import { handlers as catalogues } from '../clinic/catalogues/index.ts';
import { handlers as chart } from '../clinic/chart/index.ts';
import * as conflicts from '../clinic/conflicts/index.ts';
import * as documents from '../clinic/documents/index.ts';
import type { Settler as FieldSettler } from '../clinic/guarded.ts';
import type { NamedFiles } from '../clinic/keep-files-coming.ts';
import * as notes from '../clinic/notes/index.ts';
import * as observations from '../clinic/observations/index.ts';
import * as patients from '../clinic/patients/index.ts';
import * as tasks from '../clinic/tasks/index.ts';
import { paperOfJob } from '../print/index.ts';
import { addsUp, isStampedCopy } from '../signing/cms/index.ts';
import type { WardLayouts } from '../station/index.ts';
import type { IsNamed } from '../store/blobs.ts';
import type { Deps, Handlers } from '../store/room.ts';
import type { AreaModel, OpenStore, Store, Tx } from '../store/types.ts';

export const clinicModels: readonly AreaModel[] = [
  patients.model,
  beds.model,
  admissions.model,
  observations.model,
  allergies.model,
  notes.model,
  tasks.model,
  documents.model({ addsUp, isStampedCopy }),
];

/** What the record names and other stations may have. */
export const namedFiles: readonly NamedFiles[] = [documents.paperFiles, patients.photoFiles];
export const isNamedFile: IsNamed = namedFiles.map(({ isNamed }) => isNamed).join(' OR ');

export interface ClinicNeeds extends Deps, patients.PhotoNeeds {
  /** `01A`: station code and incarnation letter. */
  numberPrefix(): string;
  overdueHours(): number;
  dropDraft(sql: Store['sql'], userId: string, key: string): void;
}

/** Code lists, which the first run needs before there is a store. */
export const handlersWithoutStore: () => Partial<Handlers> = catalogues;

/** Everything the areas answer with an open store. */
export function clinicHandlers(needs: ClinicNeeds): Partial<Handlers> {
  const deps = {
    ...needs,
    identitiesOf: patients.identitiesOf,
    stayOf: admissions.stayOf,
    staysOfPatient: admissions.staysOfPatient,
    withVoidedFor: admissions.withVoidedFor,
    openStaysOf: admissions.openStaysOf,
    openStaysOfWard: admissions.openStaysOfWard,
    openPatientIds: admissions.openPatientIds,
    occupantsOf: admissions.occupantsOf,
    occupancyOfWards: admissions.occupancyOfWards,
    wardsById: beds.wardsById,
    bedsToClean: beds.bedsToClean,
    latestOf: observations.latestOf,
    lastWeightOf: observations.lastWeightOf,
    allergyStatusOf: allergies.allergyStatusOf,
    entriesSince: notes.entriesSince,
    patientsInConflict: conflicts.patientsInConflict,
    settlers: settlersOf(needs),
    paperOf: (documentId: string, key: string) =>
      documents.inConflict(needs.store, documents.templates, documentId, key),
  };
  return {
    ...patients.handlers(deps),
    ...beds.handlers(deps),
    ...admissions.handlers(deps),
    ...observations.handlers(deps),
    ...allergies.handlers(deps),
    ...notes.handlers(deps),
    ...tasks.handlers(deps),
    ...conflicts.handlers(deps),
    ...chart(deps),
  };
}

/** Who carries out a decision, by the type of the subject whose fields collide. */
function settlersOf(deps: Deps): Readonly<Record<string, conflicts.Settler>> {
  const { store } = deps;
  const ofField =
    (type: string, settle: FieldSettler): conflicts.Settler =>
    (ctx, { owner, key }, choice, reason) => {
      const id = idOf(owner);
      const changes = store.changesOf(type, id);
      return store.write(ctx.caller, (tx) => settle(tx, { id, key, choice, reason }, changes));
    };
  return {
    ward: ofField('ward', beds.settleName('ward')),
    room: ofField('room', beds.settleName('room')),
    bed: ofField('bed', beds.settleName('bed')),
    patient: (ctx, { owner, subjectKey }, choice, reason) =>
      patients.settlePatient(deps, ctx, { patientId: idOf(owner), subjectKey }, choice, reason),
    admission: (ctx, conflict, choice, reason) => admissions.settle(store, ctx, conflict, choice, reason),
    allergy: ofField('allergy', allergies.settleAllergy),
    observation: ofField('observation', observations.settleObservation),
    news2_scale: ofField('news2_scale', observations.settleScale),
    note: ofField('note', notes.settleNote),
    document: ofField('document', documents.settleDocument),
  };
}

const idOf = (owner: string): string => owner.slice(owner.indexOf(':') + 1);

/** For the first run: all wards in the transaction that founds the center. */
export function layOutWards(tx: Tx, wards: WardLayouts): Result<null> {
  for (const ward of wards) beds.layOutWard(tx, ward);
  return ok(null);
}

const Subject = z.object({
  patientId: z.string().optional(),
  admissionId: z.string().nullish(),
  documentId: z.string().nullish(),
  jobId: z.string().optional(),
});

/** What the fingerprint room asks of the areas. */
export const ofFingers = {
  patientOf: patients.nameOf,
  relativesOf: patients.relativesOf,
  addressOf: patients.addressOf,
  patientsLike: patients.patientsLike,
  identitiesOf: patients.identitiesOf,
  patientOfStay: (sql: Store['sql'], admissionId: string): string | null =>
    admissions.stayOf(sql, admissionId)?.patientId ?? null,
};

/** What papers ask of the other areas. */
export const papersLookups = {
  identitiesOf: patients.identitiesOf,
  stayOf: admissions.stayOf,
  withVoidedFor: admissions.withVoidedFor,
};

/** What the core itself asks of the areas. */
export const lookups = {
  patientNames: (store: OpenStore, ids: readonly string[]): ReadonlyMap<string, string> =>
    new Map([...patients.identitiesOf(store.sql, ids)].map(([id, { fullName }]) => [id, fullName])),

  countPatients: (store: OpenStore): number =>
    store.sql.prepare<[], number>('SELECT count(*) FROM patient').pluck().get() ?? 0,

  /** The patient a parsed input is about. A stay, a paper, a print job name theirs: an input can't claim another. */
  patientOf(store: OpenStore | null, input: unknown): string | null {
    const subject = Subject.safeParse(input);
    if (!store || !subject.success) return null;
    const { patientId, admissionId, jobId } = subject.data;
    const documentId = jobId === undefined ? subject.data.documentId : paperOfJob(store.sql, jobId);
    const named = [
      ...(patientId === undefined ? [] : [patientId]),
      ...(isGiven(admissionId) ? [admissions.stayOf(store.sql, admissionId)?.patientId ?? null] : []),
      ...(isGiven(documentId) ? [documents.patientOfDocument(store.sql, documentId)] : []),
    ];
    const [first = null] = named;
    return named.every((one) => one === first) ? first : null;
  },
};

const isGiven = (id: string | null | undefined): id is string => id !== null && id !== undefined;
