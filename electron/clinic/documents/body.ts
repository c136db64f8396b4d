// What a version says of itself: the body that is drawn, hashed and signed, from the paper, the record and who writes.
import type { Database } from 'better-sqlite3';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import type { DocumentBody, DocumentContent } from '../../../shared/model/document-body.ts';
import type { FormTemplate, FormValues } from '../../../shared/model/form-template.ts';
import { canonicalJson, type Json } from '../../../shared/text/canonical-json.ts';
import { sha256Hex } from '../../store/crypto.ts';
import type { Caller } from '../../store/room.ts';
import type { DocumentNeeds, Drawn } from './needs.ts';
import { isEmpty } from './projection.ts';

export interface Drafted {
  readonly patientId: string;
  readonly admissionId: string | null;
  readonly values: FormValues;
  readonly caller: Pick<Caller, 'userId' | 'fullName'>;
  readonly documentId?: string;
  readonly previous?: string | null;
  readonly reason?: string | null;
}

/** A new paper is written on the newest version of its form. */
export const currentForm = (
  { templates }: Pick<DocumentNeeds, 'templates'>,
  form: string,
): FormTemplate | null =>
  templates()
    .filter((one) => one.id === form)
    .sort((a, b) => b.version - a.version)[0] ?? null;

/** not_found: no such patient, or a stay of somebody else. */
export function draftBody(
  deps: DocumentNeeds,
  sql: Database,
  template: FormTemplate,
  { patientId, admissionId, values, caller, documentId, previous, reason }: Drafted,
): Result<DocumentBody> {
  const patient = deps.identitiesOf(sql, [patientId]).get(patientId);
  const stay = admissionId === null ? null : deps.stayOf(sql, admissionId);
  if (!patient || (admissionId !== null && stay?.patientId !== patientId)) return fail('not_found');
  const center = deps.center();
  const { id, version, title, number } = template;
  return ok({
    type: 'tram.document.body',
    version: 1,
    document: documentId ?? '',
    previous: previous ?? null,
    reason: reason ?? null,
    form: { id, version, title, number },
    patient: {
      id: patientId,
      recordNumber: patient.recordNumber,
      name: patient.fullName,
      birthDate: patient.birthDate,
      sex: patient.sex,
    },
    admission: stay && { id: stay.admissionId, number: stay.admissionNumber, ward: stay.wardName },
    values: Object.fromEntries(Object.entries(values).filter(([, value]) => !isEmpty(value))),
    author: { id: caller.userId, name: caller.fullName, title: deps.people.titleOf(caller.userId) },
    at: new Date(deps.now()).toISOString(),
    center: center && { id: center.id, name: center.name, facilityCode: center.facilityCode },
    station: {
      id: deps.store.station.id,
      name: deps.people.stationName(deps.store.station.id),
    },
    steps: stepsOf(template),
    training: deps.training,
  });
}

/** Who keeps the facility's own certificate, where the form does not say; ours. */
const facilityRoles = ['giam_doc', 'khth'];

const stepsOf = ({ steps }: FormTemplate): FormTemplate['steps'] =>
  steps.map((step) => ({
    ...step,
    roles: step.kind === 'facility' && step.roles.length === 0 ? [...facilityRoles] : [...step.roles],
  }));

/** Canonical, as it is hashed. */
export const canonicalBody = (body: DocumentBody): string => canonicalJson(asJson(body));

/** The bytes that are signed, and their name. */
export function contentOf(
  body: DocumentBody,
  drawn: Drawn,
): { readonly bytes: Buffer; readonly hash: string } {
  const content: DocumentContent = {
    type: 'tram.document',
    version: 1,
    body,
    bodySha256: sha256Hex(canonicalBody(body)),
    pdf: {
      sha256: sha256Hex(drawn.pdf),
      bytes: drawn.pdf.length,
      pages: drawn.pages,
      boxes: drawn.boxes.map(({ step, page, x, y, width, height }) => ({ step, page, x, y, width, height })),
    },
  };
  const bytes = Buffer.from(canonicalJson(asJson(content)));
  return { bytes, hash: sha256Hex(bytes) };
}

// a body is made of JSON's own values; an interface has no index signature to say so
const asJson = (value: DocumentBody | DocumentContent): Json => value as unknown as Json;
