// What people answer at a step other than signing: refuse, ask somebody else to sign, confirm by finger or on paper.
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { documentConfirm, documentDelegate, documentRefuse } from '../../../shared/model/documents.ts';
import { canonicalJson } from '../../../shared/text/canonical-json.ts';
import { sha256Hex } from '../../store/crypto.ts';
import type { Context, HandlersOf } from '../../store/room.ts';
import { mayStandIn } from './delegates.ts';
import type { DocumentNeeds } from './needs.ts';
import { provenVersion } from './proven.ts';
import { type DocumentRow, rowOf, stepsIn } from './rows.ts';
import type { SeenPapers } from './seen.ts';
import type { StepOfPaper } from './signatures.ts';
import { holdsRole, mayAct, type StepNow } from './steps.ts';

type Methods = 'signing.refuse' | 'signing.delegate' | 'signing.confirmByFinger' | 'signing.confirmOnPaper';

export function answers(deps: DocumentNeeds & { readonly seen: SeenPapers }): HandlersOf<Methods> {
  const { store } = deps;
  return {
    'signing.refuse': (input, ctx) =>
      store.write(ctx.caller, (tx) => {
        const found = open(input);
        if (!found.ok) return found;
        const { row, step } = found.value;
        const may = step.kind === 'person' ? mayRecord(ctx) : mayAct(step, ctx.caller);
        if (!may) return fail('not_allowed');
        tx.append(documentRefuse, {
          id: row.id,
          patient: row.patient_id,
          body: { content: input.content, step: step.id, reason: input.reason },
        });
        return ok(null);
      }),

    'signing.delegate': (input, ctx) =>
      store.write(ctx.caller, (tx) => {
        const found = open(input);
        if (!found.ok) return found;
        const { row, step } = found.value;
        const to = deps.accounts().find((account) => account.id === input.to);
        // whoever was asked may sign or refuse, not pass it on; the writer may ask by name one who may sign anyway
        const asks = row.created_by === ctx.caller.userId && to !== undefined && holdsRole(step, to.roles);
        if (step.kind === 'person' || !(asks || holdsRole(step, ctx.caller.roles)))
          return fail('not_allowed');
        if (!to || to.id === ctx.caller.userId || !mayStandIn(to, stepsIn(row), step.id))
          return fail('not_allowed', { fields: { to: 'error.not_allowed' } });
        tx.append(documentDelegate, {
          id: row.id,
          patient: row.patient_id,
          body: { content: input.content, step: step.id, to: to.id, reason: input.reason },
        });
        return ok(null);
      }),

    'signing.confirmByFinger': async (input, ctx) => {
      const found = person(input, ctx);
      if (!found.ok) return found;
      const { row } = found.value;
      const confirmBytes = deps.confirmBytes();
      if (!confirmBytes) return fail('store_closed');
      const pages = await pagesRead(row, ctx);
      if (!pages.ok) return pages;
      const pdf = pages.value;
      const confirmed = await confirmBytes(
        {
          personId: input.personId,
          patientId: row.patient_id,
          captureId: input.captureId,
          admissionId: input.admissionId ?? row.admission_id,
          title: row.title ?? row.form,
          mediaType: 'application/pdf',
          witness: input.witness === '' ? null : input.witness,
          document: pdf,
        },
        ctx,
      );
      if (!confirmed.ok) return confirmed;
      const { evidence } = confirmed.value;
      if (!confirmed.value.matched || evidence === null) return ok({ matched: false });
      const { name, relation } = whoIn(evidence);
      const kept = keep(input, ctx, {
        way: 'finger',
        evidence,
        name,
        relation,
        witness: input.witness === '' ? null : input.witness,
      });
      return kept.ok ? ok({ matched: true }) : kept;
    },

    'signing.confirmOnPaper': async (input, ctx) => {
      const found = person(input, ctx);
      if (!found.ok) return found;
      const { row } = found.value;
      const pages = await pagesRead(row, ctx);
      if (!pages.ok) return pages;
      const pdf = pages.value;
      const relation = input.relation === '' ? null : input.relation;
      const center = deps.center();
      const patient = deps.identitiesOf(store.sql, [row.patient_id]).get(row.patient_id);
      const evidence = canonicalJson({
        type: 'tram.paper.evidence',
        version: 1,
        document: {
          title: row.title ?? row.form,
          mediaType: 'application/pdf',
          bytes: pdf.length,
          sha256: sha256Hex(pdf),
        },
        content: input.content,
        step: input.step,
        at: new Date(deps.now()).toISOString(),
        center: center && { id: center.id, name: center.name },
        station: { id: store.station.id, name: deps.people.stationName(store.station.id) },
        operator: { id: ctx.caller.userId, name: ctx.caller.fullName },
        patient: { id: row.patient_id, name: patient?.fullName ?? '' },
        person: { name: input.name, relation },
        witness: input.witness,
      });
      return keep(input, ctx, { way: 'paper', evidence, name: input.name, relation, witness: input.witness });
    },
  };

  function open({
    documentId,
    content,
    step: name,
  }: StepOfPaper): Result<{ readonly row: DocumentRow; readonly step: StepNow }> {
    const row = rowOf(store.sql, documentId);
    if (!row) return fail('not_found');
    if (row.state === 'void') return fail('document_void');
    if (row.content !== content) return fail('stale');
    const step = stepsIn(row).find((one) => one.id === name);
    if (!step) return fail('not_found');
    if (step.state === 'done') return fail('already_signed');
    if (step.state !== 'waiting') return fail('not_your_turn');
    return ok({ row, step });
  }

  /** The frozen pages, once this session had all of them on screen. not_read · document_not_here · document_altered */
  async function pagesRead(row: DocumentRow, ctx: Context): Promise<Result<Buffer>> {
    const { content, pdf } = row;
    if (content === null || pdf === null) return fail('not_found');
    if (!deps.seen.hasRead(ctx.caller.sessionId, content)) return fail('not_read');
    const [bytes, pages] = [await deps.blobs().get(content), await deps.blobs().get(pdf)];
    if (!bytes || !pages) return fail('document_not_here');
    const proven = provenVersion(row, content, bytes);
    return proven.ok ? ok(pages) : proven;
  }

  function person(one: StepOfPaper, ctx: Context): ReturnType<typeof open> {
    if (!mayRecord(ctx)) return fail('not_allowed');
    const found = open(one);
    return found.ok && found.value.step.kind !== 'person' ? fail('not_found') : found;
  }

  function keep(
    one: StepOfPaper,
    ctx: Context,
    body: {
      readonly way: 'finger' | 'paper';
      readonly evidence: string;
      readonly name: string;
      readonly relation: string | null;
      readonly witness: string | null;
    },
  ): Result<null> {
    return store.write(ctx.caller, (tx) => {
      // somebody may have confirmed, or the version been replaced, while the finger was compared
      const still = person(one, ctx);
      if (!still.ok) return still;
      const { row } = still.value;
      tx.append(documentConfirm, {
        id: row.id,
        patient: row.patient_id,
        body: { content: one.content, step: one.step, ...body },
      });
      return ok(null);
    });
  }
}

/** Who talks with the patient at the bedside. */
const mayRecord = (ctx: Pick<Context, 'can'>): boolean => ctx.can('notes.write') || ctx.can('orders.write');

/** The person the fingerprint room proved, from the package it made. */
function whoIn(evidence: string): { readonly name: string; readonly relation: string | null } {
  const parcel: { person?: { name?: unknown; relation?: unknown } } = JSON.parse(evidence);
  const { name, relation } = parcel.person ?? {};
  return {
    name: typeof name === 'string' ? name.slice(0, 120) : '',
    relation: typeof relation === 'string' ? relation.slice(0, 60) : null,
  };
}
