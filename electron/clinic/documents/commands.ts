// Writing a paper, freezing it, taking it out of use. From its freezing on a version's bytes stand; what is typed later
// is for the next one.
import { randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { ContentId, DocumentId } from '../../../shared/api/documents.ts';
import { documentFreeze, documentVoid, documentWrite } from '../../../shared/model/documents.ts';
import type { FormTemplate, FormValues } from '../../../shared/model/form-template.ts';
import { sameValue } from '../../../shared/sync/merge.ts';
import { sha256Hex } from '../../store/crypto.ts';
import type { Context, HandlersOf, ParsedInput } from '../../store/room.ts';
import { canonicalBody, contentOf, currentForm, draftBody } from './body.ts';
import type { DocumentNeeds } from './needs.ts';
import { CONTENT, isEmpty, valuesSha256 } from './projection.ts';
import { type DocumentRow, rowOf, signaturesOf, valuesIn, versionsIn } from './rows.ts';
import { templateOf } from './shown.ts';
import { holdsRole } from './steps.ts';
import { faultsOf, missingIn } from './values.ts';

/** Corrects what others of the department wrote, as with entries of the treatment sheet. */
const correctsOthers = ['truong_khoa'];

export function commands(
  deps: DocumentNeeds,
): HandlersOf<'documents.save' | 'documents.freeze' | 'documents.void'> {
  const { store } = deps;
  return {
    'documents.save': (input, ctx) => (input.documentId === null ? create(input, ctx) : edit(input, ctx)),

    'documents.freeze': async ({ documentId, reason }, ctx) => {
      const row = rowOf(store.sql, documentId);
      if (!row) return fail('not_found');
      const template = templateOf(deps, row);
      const refused = refusal(row, template, ctx);
      if (refused) return refused;
      if (!template) return fail('form_unknown');
      if (!mayReplace(row, ctx)) return fail('not_allowed');
      const again = row.content !== null;
      if (again && row.changed_since === 0 && row.state !== 'refused') return fail('document_frozen');
      if (again && !reason) return fail('reason_required', { fields: { reason: 'field.required' } });
      const values = valuesIn(row);
      const missing = missingIn(template, values);
      if (Object.keys(missing).length > 0) return fail('field_missing', { fields: missing });
      const body = draftBody(deps, store.sql, template, {
        patientId: row.patient_id,
        admissionId: row.admission_id,
        values,
        caller: ctx.caller,
        documentId,
        previous: row.content,
        reason: again ? reason : null,
      });
      if (!body.ok) return body;
      const bodySha256 = sha256Hex(canonicalBody(body.value));
      const drawn = await deps.draw(template, body.value, { draft: false, bodySha256 });
      if (!drawn.ok) return drawn;
      const { pdf, pages } = drawn.value;
      const content = contentOf(body.value, drawn.value);
      // the bytes are here to stay before anything names them
      for (const bytes of [pdf, content.bytes]) {
        const kept = await deps.blobs().put(bytes);
        if (!kept.ok) return kept;
      }
      return store.write(ctx.caller, (tx) => {
        const now = rowOf(tx.sql, documentId);
        // somebody typed or froze while the pages were made
        if (!now || now.fields !== row.fields || now.content !== row.content || now.state === 'void')
          return fail('stale');
        if (!mayReplace(now, ctx)) return fail('not_allowed');
        tx.append(documentFreeze, {
          id: documentId,
          patient: row.patient_id,
          body: {
            content: content.hash,
            pdf: sha256Hex(pdf),
            pages,
            previous: row.content,
            reason: again ? reason : null,
            title: template.title,
            steps: body.value.steps.map((step) => ({ ...step })),
            signedPdf: template.signedPdf,
            values: valuesSha256(values),
            writerSigns: writesAndSigns(template, ctx),
          },
        });
        return ok({ content: ContentId.parse(content.hash), pages });
      });
    },

    'documents.void': ({ documentId, reason }, ctx) =>
      store.write(ctx.caller, (tx) => {
        const row = rowOf(tx.sql, documentId);
        if (!row) return fail('not_found');
        if (row.state === 'void') return fail('already_voided');
        if (!ownOrHead(row, ctx)) return fail('not_allowed');
        tx.append(documentVoid, { id: row.id, patient: row.patient_id, body: { reason } });
        return ok(null);
      }),
  };

  function create(input: ParsedInput<'documents.save'>, ctx: Context): Result<{ documentId: DocumentId }> {
    const template = currentForm(deps, input.form);
    if (!template) return fail('form_unknown');
    if (!ctx.can(template.writtenBy)) return fail('not_allowed');
    const faults = faultsOf(template, input.values);
    if (Object.keys(faults).length > 0) return fail('bad_input', { fields: faults });
    return store.write(ctx.caller, (tx) => {
      const { patientId, admissionId } = input;
      if (!deps.identitiesOf(tx.sql, [patientId]).has(patientId)) return fail('not_found');
      const stay = admissionId === null ? null : deps.stayOf(tx.sql, admissionId);
      if (admissionId !== null && stay?.patientId !== patientId) return fail('not_found');
      if (template.scope === 'stay' && !stay) return fail('not_admitted');
      if (stay?.status === 'voided') return fail('not_admitted');
      const documentId = DocumentId.parse(randomUUID());
      tx.append(documentWrite, {
        id: documentId,
        patient: patientId,
        refs: [`patient:${patientId}`, ...(stay ? ([`admission:${stay.admissionId}`] as const) : [])],
        body: {
          form: template.id,
          formVersion: template.version,
          admission: stay?.admissionId ?? null,
          values: filled(input.values),
          saw: {},
        },
      });
      return ok({ documentId });
    });
  }

  function edit(input: ParsedInput<'documents.save'>, ctx: Context): Result<{ documentId: DocumentId }> {
    return store.write(ctx.caller, (tx) => {
      const row = input.documentId && rowOf(tx.sql, input.documentId);
      if (!row || row.patient_id !== input.patientId) return fail('not_found');
      const template = templateOf(deps, row);
      const refused = refusal(row, template, ctx);
      if (refused) return refused;
      if (!template) return fail('form_unknown');
      const faults = faultsOf(template, input.values);
      if (Object.keys(faults).length > 0) return fail('bad_input', { fields: faults });
      const before = valuesIn(row);
      const versions = versionsIn(row);
      const changed = Object.entries(input.values).filter(
        ([field, value]) => !sameValue(blank(before[field]), blank(value)),
      );
      if (changed.length === 0) return ok({ documentId: row.id });
      tx.append(documentWrite, {
        id: row.id,
        patient: row.patient_id,
        body: {
          form: row.form,
          formVersion: row.form_version,
          admission: row.admission_id,
          values: Object.fromEntries(changed),
          saw: Object.fromEntries(
            changed.flatMap(([field]) => {
              const seen = input.saw[field] ?? versions[field];
              return seen === undefined || field === CONTENT ? [] : [[field, seen]];
            }),
          ),
        },
      });
      return ok({ documentId: row.id });
    });
  }

  /** A version that anybody has signed stands until its writer or the head of department puts another in its place. */
  function mayReplace(row: DocumentRow, ctx: Context): boolean {
    return ownOrHead(row, ctx) || !signaturesOf(store.sql, [row.id]).has(row.id);
  }

  function refusal(row: DocumentRow, template: FormTemplate | null, ctx: Context): Result<never> | null {
    if (!template) return fail('form_unknown');
    if (!ctx.can(template.writtenBy)) return fail('not_allowed');
    return row.state === 'void' ? fail('document_void') : null;
  }
}

const ownOrHead = (row: DocumentRow, { caller }: Context): boolean =>
  row.created_by === caller.userId || caller.roles.some((role) => correctsOthers.includes(role));

const filled = (values: FormValues): FormValues =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => !isEmpty(value)));

const blank = (value: FormValues[string] | undefined): FormValues[string] =>
  value === undefined || isEmpty(value) ? null : value;

const writesAndSigns = (template: FormTemplate, { caller }: Context): boolean => {
  const first = template.steps.find((step) => step.kind !== 'person');
  return first !== undefined && holdsRole(first, caller.roles);
};
