// Reading papers: those of a patient, one of them, its frozen pages, and what waits for whoever asks.
import { fail, ok } from '../../../shared/api/contract.ts';
import type { HandlersOf } from '../../store/room.ts';
import { currentForm, draftBody } from './body.ts';
import { signersFor } from './delegates.ts';
import type { DocumentNeeds } from './needs.ts';
import { queueOf } from './queue.ts';
import { documentsOfPatient, frozenIn, rowOf, signedPdfName, stepsIn } from './rows.ts';
import type { SeenPapers } from './seen.ts';
import { headsOf, pageOf } from './shown.ts';

type Methods =
  | 'documents.forms'
  | 'documents.ofPatient'
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
      const rows = documentsOfPatient(sql)
        .all(patientId)
        .filter((row) => stays === null || (row.admission_id !== null && stays.includes(row.admission_id)));
      return ok({ documents: headsOf(sql, rows, deps) });
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
      const hash = signed ? (signedPdfName(store.sql, documentId, content) ?? version.pdf) : version.pdf;
      const pdf = await deps.blobs().get(hash);
      if (!pdf) return fail('document_not_here');
      seen.fetched(ctx.caller.sessionId, content, version.pages);
      return ok({ pdf: pdf.toString('base64'), sha256: hash, pages: version.pages });
    },

    'documents.preview': async ({ form, patientId, admissionId, values }, ctx) => {
      const template = currentForm(deps, form);
      if (!template) return fail('form_unknown');
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
