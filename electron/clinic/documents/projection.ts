// One paper from all its changes: fields merged one by one, the version that stands, where each step of it is. The steps
// are read from the freeze itself, so a program that does not know the form shows the same.
import type { Database } from 'better-sqlite3';
import type * as z from 'zod';
import { type Change, versionOf } from '../../../shared/model/change.ts';
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
import { type ContainerReader, type SignAct, signActs } from './acts.ts';
import { type OfKind, ofKind } from './of-kind.ts';
import { type Attempts, chosen, type Done, type StepNow, stateOf, stepsNow } from './steps.ts';

export { type OfKind, ofKind } from './of-kind.ts';

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

export const documentProjection = (containers: ContainerReader): Projection => ({
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
    const standing = freezes.findLast(
      ({ body, change }) =>
        body.content === merged.values[CONTENT] && versionOf(change) === merged.versions[CONTENT],
    );
    // frozen once more with the same content, it is the same paper: what it says was said the first time
    const stands = freezes.find(({ body }) => body.content === standing?.body.content);
    const versions = versionsIn(freezes);
    const acts = signActs(id, changes, versions, containers);
    const voided = ofKind(changes, documentVoid)[0];
    const attempts = stands ? attemptsAt(stands.body, changes, acts) : new Map<string, Attempts>();
    const steps = stands
      ? stepsNow(stands.body.steps, chosen(attempts, nothingFalse), frozenAt(versions, stands.body.content))
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
      attempts: JSON.stringify([...attempts]),
      frozen: JSON.stringify(versions),
      voidReason: voided?.body.reason ?? null,
    });
    if (state === 'signing' && stands) insertWaiting(ctx.sql, id, made.admission, stands, steps);
    insertSignatures(ctx.sql, id, changes, acts);
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
});

const nothingFalse = (): boolean => false;

/** When the version was frozen first, ms since 1970 UTC. */
export const frozenAt = (versions: readonly FrozenVersion[], content: string): number =>
  versions.find((one) => one.content === content)?.at ?? 0;

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

/** What would do each step of this version, and what was answered to it instead. */
function attemptsAt(
  { steps, content }: z.output<typeof documentFreeze.body>,
  changes: readonly Change[],
  acts: readonly SignAct[],
): Map<string, Attempts> {
  const signed = new Map(acts.map((one) => [one.change, one]));
  const attempts = new Map<string, Done[]>(steps.map(({ id }) => [id, []]));
  const isPersons = new Map(steps.map(({ id, kind }) => [id, kind === 'person']));
  for (const [n, change] of changes.entries()) {
    const { author: by, wall: at } = change;
    const act = signed.get(change);
    if (act?.addsUp && act.body.content === content && act.body.over === 'content') {
      const { step, signer: name } = act.body;
      // the version's name is the hash of the bytes it is signed by
      if (act.body.digest !== content || isPersons.get(step) !== false) continue;
      const { container } = act;
      attempts.get(step)?.push({ by, name, relation: null, at, container, evidence: null, act: act.act, n });
    }
    if (change.kind !== documentConfirm.kind) continue;
    const body = documentConfirm.body.parse(change.body);
    if (body.content !== content || !isPersons.get(body.step)) continue;
    const { name, relation } = body;
    const evidence = sha256Hex(body.evidence);
    attempts.get(body.step)?.push({ by, name, relation, at, container: null, evidence, act: null, n });
  }
  const refusals = ofKind(changes, documentRefuse).filter(({ body }) => body.content === content);
  const asked = ofKind(changes, documentDelegate).filter(({ body }) => body.content === content);
  return new Map(
    [...attempts].map(([step, each]) => {
      const refused = refusals.findLast(({ body }) => body.step === step);
      const delegated = asked.findLast(({ body }) => body.step === step);
      return [
        step,
        {
          attempts: each,
          refused: refused
            ? { by: refused.change.author, at: refused.change.wall, reason: refused.body.reason }
            : null,
          delegated: delegated ? { to: delegated.body.to, by: delegated.change.author } : null,
        },
      ];
    }),
  );
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

function insertSignatures(
  sql: Database,
  id: string,
  changes: readonly Change[],
  acts: readonly SignAct[],
): void {
  const stampedPdf = new Map(
    ofKind(changes, documentEvidence).flatMap(({ body }) =>
      body.signedPdf ? [[body.container, body.signedPdf] as const] : [],
    ),
  );
  for (const { change, body, n, act, container, judged, addsUp, asked } of acts) {
    const { content, step, over, digest, certificate, signer, signedPdf } = body;
    insertSignature(sql).run({
      ...{ id, n, act, container, judged, content, step, over, digest, certificate, signer },
      addsUp: addsUp ? 1 : 0,
      asked: asked ? 1 : 0,
      signedPdf: signedPdf && (stampedPdf.get(container) ?? signedPdf),
      author: change.author,
      at: change.wall,
      stamped: judged === container ? 0 : 1,
    });
  }
}

/** As it stands, whatever its field is. */
export function asText(value: unknown): string | null {
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
    created_at, changed_at, created_by, fields, versions, steps, attempts, frozen, void_reason)
  VALUES (
    @id, @patient, @admission, @form, @formVersion, @title, @state, @content, @pdf, @pages, @signedPdf, @changedSince,
    @createdAt, @changedAt, @createdBy, @fields, @versions, @steps, @attempts, @frozen, @voidReason)`);
const insertOneWaiting = statement<[Record<string, unknown>]>(`
  INSERT INTO document_waiting (document_id, step, who, content, admission_id, delegated_by, since)
  VALUES (@id, @step, @who, @content, @admission, @delegatedBy, @since)`);
const insertSignature = statement<[Record<string, unknown>]>(`
  INSERT INTO document_signature (
    document_id, n, act, container, judged, adds_up, asked, content, step, over, digest, certificate, signer, author, at,
    signed_pdf, stamped)
  VALUES (
    @id, @n, @act, @container, @judged, @addsUp, @asked, @content, @step, @over, @digest, @certificate, @signer, @author, @at,
    @signedPdf, @stamped)`);
const insertFile = statement<[string, string, string]>(
  'INSERT INTO document_file (document_id, hash, patient_id) VALUES (?, ?, ?)',
);
