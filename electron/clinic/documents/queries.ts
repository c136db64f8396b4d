// Reading papers: those of a patient, one of them, its frozen pages, and what waits for whoever asks.
import { fail, ok } from '../../../shared/api/contract.ts';
import type { HandlersOf } from '../../store/room.ts';
import { currentForm, draftBody } from './body.ts';
import { signersFor } from './delegates.ts';
import type { DocumentNeeds } from './needs.ts';
import { provenVersion } from './proven.ts';
import { queueOf } from './queue.ts';
import { documentsOfCode, frozenIn, rowOf, rowsOfPatient, stepsIn } from './rows.ts';
import type { SeenPapers } from './seen.ts';
import { headsOf, pageOf } from './shown.ts';
import { signedPdfOf } from './signed-pdf.ts';
import { faultsOf } from './values.ts';

type Methods =
  | 'documents.forms'
  | 'documents.ofPatient'
  | 'documents.ofCode'
  | 'documents.open'
  | 'documents.fill'
  | 'documents.pdf'
  | 'documents.preview'
  | 'documents.sample'
  | 'documents.signersFor'
  | 'signing.queue'
  | 'signing.seen';

export function queries(deps: DocumentNeeds & { readonly seen: SeenPapers }): HandlersOf<Methods> {
  const { store, seen } = deps;
  return {
    'documents.forms': () => ok({ forms: [...deps.templates()] }),

    'documents.ofPatient': ({ patientId, admissionId }) => {
      const { sql } = store;
      const stays = admissionId === null ? null : deps.withVoidedFor(sql, admissionId);
      const rows = rowsOfPatient(sql, patientId).filter(
        (row) => stays === null || (row.admission_id !== null && stays.includes(row.admission_id)),
      );
      return ok({ documents: headsOf(sql, rows, deps) });
    },

    'documents.ofCode': ({ code }) => {
      const [found, ...others] = documentsOfCode(store.sql).all(code, `${code}g`);
      return found && others.length === 0 ? ok({ documentId: found.id }) : fail('not_found');
    },

    'documents.open': ({ documentId }) => {
      const row = rowOf(store.sql, documentId);
      return row ? ok(pageOf(store.sql, row, deps)) : fail('not_found');
    },

    'documents.fill': ({ form, patientId, admissionId }, ctx) => {
      const template = currentForm(deps, form);
      if (!template) return fail('form_unknown');
      if (!isStayOf(admissionId, patientId)) return fail('not_found');
      const { caller } = ctx;
      const filling = { patientId, admissionId, user: caller, now: deps.now() };
      return ok({ values: deps.fill(store.sql, template, filling) });
    },

    'documents.pdf': async ({ documentId, content, signed }, ctx) => {
      const row = rowOf(store.sql, documentId);
      const version = row && frozenIn(row).find((one) => one.content === content);
      if (!row || !version) return fail('not_found');
      const bytes = await deps.blobs().get(content);
      if (!bytes) return fail('document_not_here');
      // nobody reads one paper and signs another
      const proven = provenVersion(row, content, bytes);
      if (!proven.ok) return proven;
      const found = signed && row.signed_pdf === 1 ? await signedPdfOf(deps, row, content) : null;
      if (found?.fault === 'content_missing') return fail('document_not_here');
      const hash = found?.name ?? version.pdf;
      const pdf = found?.bytes ?? (await deps.blobs().get(hash));
      if (!pdf) return fail('document_not_here');
      seen.fetched(ctx.caller.sessionId, content, version.pages);
      return ok({ pdf: pdf.toString('base64'), sha256: hash, pages: version.pages });
    },

    'documents.preview': async ({ form, patientId, admissionId, values }, ctx) => {
      const template = currentForm(deps, form);
      if (!template) return fail('form_unknown');
      // it is what freezing would draw, so it is for those who may write it, with what the fields hold
      if (!ctx.can(template.writtenBy)) return fail('not_allowed');
      const faults = faultsOf(template, values);
      if (Object.keys(faults).length > 0) return fail('bad_input', { fields: faults });
      const body = draftBody(deps, store.sql, template, {
        patientId,
        admissionId,
        values,
        caller: ctx.caller,
      });
      if (!body.ok) return body;
      const drawn = await deps.draw(template, body.value, { draft: true, bodySha256: '' });
      if (!drawn.ok) return drawn;
      return ok({ pdf: Buffer.from(drawn.value.pdf).toString('base64'), pages: drawn.value.pages });
    },

    'documents.sample': async ({ form }) => {
      const template = currentForm(deps, form);
      if (!template) return fail('form_unknown');
      const drawn = await deps.draw(template, deps.sampleBody(template), { draft: true, bodySha256: '' });
      if (!drawn.ok) return drawn;
      return ok({ pdf: Buffer.from(drawn.value.pdf).toString('base64'), pages: drawn.value.pages });
    },

    'documents.signersFor': ({ documentId, step }, ctx) => {
      const row = rowOf(store.sql, documentId);
      const one = row && stepsIn(row).find(({ id }) => id === step);
      if (!row || !one) return fail('not_found');
      return ok({ people: [...signersFor(deps, stepsIn(row), step, ctx.caller.userId)] });
    },

    'signing.queue': (_input, ctx) => ok(queueOf(store.sql, ctx.caller, deps)),

    'signing.seen': ({ documentId, content, pages }, ctx) => {
      const row = rowOf(store.sql, documentId);
      if (!row || !frozenIn(row).some((one) => one.content === content)) return fail('not_found');
      return seen.read(ctx.caller.sessionId, content, pages) ? ok(null) : fail('not_read');
    },
  };

  function isStayOf(admissionId: string | null, patientId: string): boolean {
    return admissionId === null || deps.stayOf(store.sql, admissionId)?.patientId === patientId;
  }
}
