// One paper from all its changes: fields merged one by one, the version that stands, where each step of it is. The steps
// are read from the freeze itself, so a program that does not know the form shows the same.
import type { Database } from 'better-sqlite3';
import type * as z from 'zod';
import { type Change, type ChangeKind, versionOf } from '../../../shared/model/change.ts';
import {
  documentConfirm,
  documentDelegate,
  documentEvidence,
  documentFreeze,
  documentRefuse,
  documentSign,
  documentVoid,
  documentWrite,
} from '../../../shared/model/documents.ts';
import type { FormStep, FormValue } from '../../../shared/model/form-template.ts';
import { mergeWrites, type Write } from '../../../shared/sync/merge.ts';
import { canonicalJson, type Json } from '../../../shared/text/canonical-json.ts';
import { sha256Hex } from '../../store/crypto.ts';
import { statement } from '../../store/statement.ts';
import type { Projection } from '../../store/types.ts';
import { fieldConflicts, writeOf } from '../guarded.ts';
import { type Acts, type Done, type StepNow, stateOf, stepsNow } from './steps.ts';

/** Beside the fields of the form, whose names begin with a letter. */
export const CONTENT = '@content';

/** A frozen version as kept in the column `frozen`. */
export interface FrozenVersion {
  readonly content: string;
  readonly pdf: string;
  readonly pages: number;
  readonly title: string;
  readonly steps: readonly FormStep[];
  /** See `valuesSha256`. */
  readonly values: string;
  readonly at: number;
  readonly by: string | null;
  readonly reason: string | null;
}

export const documentProjection: Projection = {
  subject: 'document',
  tables: ['document', 'document_waiting', 'document_signature', 'document_file'],
  project(ctx, id, changes) {
    for (const empty of emptied) empty(ctx.sql).run(id);
    const first = changes.find((c) => c.kind === documentWrite.kind);
    if (!first?.patient) return {};
    const made = documentWrite.body.parse(first.body);
    const freezes = ofKind(changes, documentFreeze);
    const writes = writesOf(changes);
    const merged = mergeWrites(writes, () => 'guarded');
    const { [CONTENT]: _standing, ...values } = merged.values;
    const stands = freezes.findLast(
      ({ body, change }) =>
        body.content === merged.values[CONTENT] && versionOf(change) === merged.versions[CONTENT],
    );
    const firstFreeze = freezes.find(({ body }) => body.content === stands?.body.content);
    const voided = ofKind(changes, documentVoid)[0];
    const steps = stands
      ? stepsNow(
          stands.body.steps,
          actsAt(changes, stands.body.content),
          firstFreeze?.change.wall ?? stands.change.wall,
        )
      : [];
    const state = voided ? 'void' : stands ? stateOf(steps) : 'draft';
    insertDocument(ctx.sql).run({
      id,
      patient: first.patient,
      admission: made.admission,
      form: made.form,
      formVersion: made.formVersion,
      title: stands?.body.title ?? null,
      state,
      content: stands?.body.content ?? null,
      pdf: stands?.body.pdf ?? null,
      pages: stands?.body.pages ?? null,
      signedPdf: stands?.body.signedPdf ? 1 : 0,
      changedSince: stands && stands.body.values !== valuesSha256(values) ? 1 : 0,
      createdAt: first.wall,
      changedAt: Math.max(...changes.map((c) => c.wall)),
      createdBy: first.author,
      fields: JSON.stringify(values),
      versions: JSON.stringify(merged.versions),
      steps: JSON.stringify(steps),
      frozen: JSON.stringify(versionsIn(freezes)),
      voidReason: voided?.body.reason ?? null,
    });
    if (state === 'signing' && stands) insertWaiting(ctx.sql, id, made.admission, stands, steps);
    insertSignatures(ctx.sql, id, changes);
    const files = new Set([
      ...freezes.flatMap(({ body }) => [body.content, body.pdf]),
      ...ofKind(changes, documentSign).flatMap(({ body }) => body.signedPdf ?? []),
      ...ofKind(changes, documentEvidence).flatMap(({ body }) =>
        body.signedPdf === null ? body.crl : [...body.crl, body.signedPdf],
      ),
    ]);
    for (const hash of files) insertFile(ctx.sql).run(id, hash, first.patient);
    return {
      conflicts: fieldConflicts(merged, writes, changes, {
        patient: first.patient,
        subjectKey: (field) => (field === CONTENT ? 'field.document.content' : 'field.document.values'),
        show: (field, value) => (field === CONTENT ? String(value).slice(0, 12) : asText(value)),
      }),
    };
  },
};

/** SHA-256 of the canonical values: empty fields say as much as fields that are not there. */
export function valuesSha256(values: Readonly<Record<string, unknown>>): string {
  const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => !isEmpty(value)));
  return sha256Hex(canonicalJson(filled as { readonly [name: string]: Json }));
}

export const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

export const writesOf = (changes: readonly Change[]): Write[] => {
  const freezes = ofKind(changes, documentFreeze);
  return changes.flatMap((change) => writesIn(change, freezes));
};

/** What a change says of the fields and of the version that stands, for merging. */
export function writesIn(change: Change, freezes: readonly OfKind<typeof documentFreeze.body>[]): Write[] {
  if (change.kind === documentWrite.kind) {
    const { values, saw } = documentWrite.body.parse(change.body);
    return [writeOf(change, values, saw)];
  }
  if (change.kind !== documentFreeze.kind) return [];
  const { content, previous } = documentFreeze.body.parse(change.body);
  // whoever froze had the version before on screen; freezing the same content once more settles which one stands
  const seen = freezes
    .filter((one) => one.change !== change && [previous, content].includes(one.body.content))
    .map((one) => versionOf(one.change))
    .filter((version) => version < versionOf(change));
  return [writeOf(change, { [CONTENT]: content }, { [CONTENT]: seen.join(',') })];
}

export interface OfKind<S extends z.ZodObject> {
  readonly change: Change;
  readonly body: z.output<S>;
}

/** In canonical order. */
export function ofKind<S extends z.ZodObject>(changes: readonly Change[], kind: ChangeKind<S>): OfKind<S>[] {
  return changes
    .filter((change) => change.kind === kind.kind)
    .map((change) => ({ change, body: kind.body.parse(change.body) }));
}

/** What happened at each step of this version; of two signatures at one step, made apart, the earlier counts. */
function actsAt(changes: readonly Change[], content: string): Map<string, Acts> {
  const acts = new Map<string, Acts>();
  const note = (step: string, more: Partial<Acts>): void => {
    acts.set(step, { ...(acts.get(step) ?? { done: null, refused: null, delegated: null }), ...more });
  };
  const done = (step: string, one: Done): void => {
    if (!acts.get(step)?.done) note(step, { done: one });
  };
  for (const { change, body } of ofKind(changes, documentSign)) {
    if (body.content !== content || body.over !== 'content') continue;
    const container = sha256Hex(body.container);
    const { author: by, wall: at } = change;
    done(body.step, { by, name: body.signer, relation: null, at, container, evidence: null });
  }
  for (const { change, body } of ofKind(changes, documentConfirm)) {
    if (body.content !== content) continue;
    const { author: by, wall: at } = change;
    const { name, relation } = body;
    done(body.step, { by, name, relation, at, container: null, evidence: sha256Hex(body.evidence) });
  }
  for (const { change, body } of ofKind(changes, documentRefuse))
    if (body.content === content)
      note(body.step, { refused: { by: change.author, at: change.wall, reason: body.reason } });
  for (const { change, body } of ofKind(changes, documentDelegate))
    if (body.content === content) note(body.step, { delegated: { to: body.to, by: change.author } });
  return acts;
}

/** Newest first; a content frozen twice stands once. */
function versionsIn(freezes: readonly OfKind<typeof documentFreeze.body>[]): FrozenVersion[] {
  const byContent = new Map<string, FrozenVersion>();
  for (const { change, body } of freezes) {
    if (byContent.has(body.content)) continue;
    const { content, pdf, pages, title, steps, values, reason } = body;
    const { wall: at, author: by } = change;
    byContent.set(content, { content, pdf, pages, title, steps, values, at, by, reason });
  }
  return [...byContent.values()].reverse();
}

/**
 * A first signature waits for the one who froze it, where that is one who may give it. One that is not required waits
 * for whoever is asked by name: a council's members are not everybody of their rank. Others may sign all the same.
 */
function insertWaiting(
  sql: Database,
  id: string,
  admission: string | null,
  { change, body }: OfKind<typeof documentFreeze.body>,
  steps: readonly StepNow[],
): void {
  const firstSignature = steps.find((step) => step.kind !== 'person')?.id;
  for (const step of steps) {
    if (step.state !== 'waiting' || step.kind === 'person') continue;
    const ownFirst = step.id === firstSignature && body.writerSigns && change.author !== null;
    const own = ownFirst
      ? [`user:${change.author}`]
      : step.optional
        ? []
        : step.roles.map((role) => `role:${role}`);
    const asked = step.delegated ? [`user:${step.delegated.to}`] : [];
    for (const who of new Set([...asked, ...own]))
      insertOneWaiting(sql).run({
        id,
        step: step.id,
        who,
        content: body.content,
        admission,
        delegatedBy: asked.includes(who) ? (step.delegated?.by ?? null) : null,
        since: step.since ?? 0,
      });
  }
}

function insertSignatures(sql: Database, id: string, changes: readonly Change[]): void {
  const evidence = ofKind(changes, documentEvidence);
  const stamped = new Set(evidence.flatMap(({ body }) => (body.stamped ? [body.container] : [])));
  const stampedPdf = new Map(
    evidence.flatMap(({ body }) => (body.signedPdf ? [[body.container, body.signedPdf] as const] : [])),
  );
  const kept = new Set<string>();
  for (const { change, body } of ofKind(changes, documentSign)) {
    const container = sha256Hex(body.container);
    if (kept.has(container)) continue;
    const n = kept.size;
    kept.add(container);
    const { content, step, over, digest, certificate, signer, signedPdf } = body;
    insertSignature(sql).run({
      ...{ id, container, n, content, step, over, digest, certificate, signer },
      signedPdf: signedPdf && (stampedPdf.get(container) ?? signedPdf),
      author: change.author,
      at: change.wall,
      stamped: stamped.has(container) ? 1 : 0,
    });
  }
}

/** As the inbox shows it beside the other side. */
function asText(value: unknown): string | null {
  const one = value as FormValue | undefined;
  if (one === null || one === undefined) return null;
  if (typeof one !== 'object') return String(one);
  if (!Array.isArray(one)) return one.code === null ? one.text : `${one.text} (${one.code})`;
  return one
    .map((part) =>
      typeof part === 'string'
        ? part
        : Object.values(part)
            .filter((cell) => !isEmpty(cell))
            .join(' · '),
    )
    .join('\n');
}

const emptied = [
  statement<[string]>('DELETE FROM document WHERE id = ?'),
  statement<[string]>('DELETE FROM document_waiting WHERE document_id = ?'),
  statement<[string]>('DELETE FROM document_signature WHERE document_id = ?'),
  statement<[string]>('DELETE FROM document_file WHERE document_id = ?'),
];
const insertDocument = statement<[Record<string, unknown>]>(`
  INSERT INTO document (
    id, patient_id, admission_id, form, form_version, title, state, content, pdf, pages, signed_pdf, changed_since,
    created_at, changed_at, created_by, fields, versions, steps, frozen, void_reason)
  VALUES (
    @id, @patient, @admission, @form, @formVersion, @title, @state, @content, @pdf, @pages, @signedPdf, @changedSince,
    @createdAt, @changedAt, @createdBy, @fields, @versions, @steps, @frozen, @voidReason)`);
const insertOneWaiting = statement<[Record<string, unknown>]>(`
  INSERT INTO document_waiting (document_id, step, who, content, admission_id, delegated_by, since)
  VALUES (@id, @step, @who, @content, @admission, @delegatedBy, @since)`);
const insertSignature = statement<[Record<string, unknown>]>(`
  INSERT INTO document_signature (
    document_id, container, n, content, step, over, digest, certificate, signer, author, at, signed_pdf, stamped)
  VALUES (@id, @container, @n, @content, @step, @over, @digest, @certificate, @signer, @author, @at, @signedPdf, @stamped)`);
const insertFile = statement<[string, string, string]>(
  'INSERT INTO document_file (document_id, hash, patient_id) VALUES (?, ?, ?)',
);
