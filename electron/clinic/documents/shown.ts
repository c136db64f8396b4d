// A paper as the page shows it: names for ids, and for each signature how it stands by what this PC last found out.
import type { Database } from 'better-sqlite3';
import type * as z from 'zod';
import {
  ContentId,
  type DocumentHead,
  type DocumentPage,
  type StepState,
} from '../../../shared/api/documents.ts';
import type { FormTemplate } from '../../../shared/model/form-template.ts';
import type { DocumentNeeds, Standing } from './needs.ts';
import {
  attemptsIn,
  type DocumentRow,
  frozenIn,
  type SignatureRow,
  signaturesOf,
  stepsIn,
  valuesIn,
  versionsIn,
} from './rows.ts';
import type { StepNow } from './steps.ts';

type Head = z.output<typeof DocumentHead>;
type Needs = Pick<DocumentNeeds, 'identitiesOf' | 'people' | 'templates' | 'standingOf'>;

/** In the order given. */
export function headsOf(sql: Database, rows: readonly DocumentRow[], needs: Needs): Head[] {
  const patients = needs.identitiesOf(sql, [...new Set(rows.map((row) => row.patient_id))]);
  const signatures = signaturesOf(
    sql,
    rows.map((row) => row.id),
  );
  const standing = needs.standingOf(
    sql,
    [...signatures.values()]
      .flat()
      .filter((one) => one.adds_up === 1)
      .map(({ document_id: documentId, act }) => ({ documentId, act })),
  );
  return rows.map((row) => ({
    documentId: row.id,
    patientId: row.patient_id,
    patientName: patients.get(row.patient_id)?.fullName ?? '',
    admissionId: row.admission_id,
    form: row.form,
    formVersion: row.form_version,
    title: row.title ?? templateOf(needs, row)?.title ?? row.form,
    state: row.state,
    content: row.content === null ? null : ContentId.parse(row.content),
    pages: row.pages,
    changedSince: row.changed_since === 1,
    createdAt: row.created_at,
    createdBy: needs.people.nameOf(row.created_by),
    changedAt: row.changed_at,
    steps: stepsIn(row).map((step) => stepShown(step, row, signatures.get(row.id) ?? [], standing, needs)),
  }));
}

export function pageOf(sql: Database, row: DocumentRow, needs: Needs): z.output<typeof DocumentPage> {
  const [head] = headsOf(sql, [row], needs);
  if (!head) throw new Error('a row gives a head');
  return {
    ...head,
    values: valuesIn(row),
    versions: versionsIn(row),
    frozen: frozenIn(row).map(({ content, pages, at, by, reason }) => ({
      content: ContentId.parse(content),
      pages,
      at,
      by: needs.people.nameOf(by),
      reason,
    })),
  };
}

/** The form a paper was written on; null when this program does not have it. */
export const templateOf = (
  needs: Pick<DocumentNeeds, 'templates'>,
  { form, form_version: version }: Pick<DocumentRow, 'form' | 'form_version'>,
): FormTemplate | null => needs.templates().find((one) => one.id === form && one.version === version) ?? null;

function stepShown(
  step: StepNow,
  row: DocumentRow,
  signatures: readonly SignatureRow[],
  standing: ReadonlyMap<string, Standing>,
  { people }: Needs,
): z.output<typeof StepState> {
  const { id, label, kind, optional, state, done, refused, delegated } = step;
  // a confirmation has no signature of its own: it stands as its seal stands
  const seals = signatures.filter(
    (one) =>
      one.over === 'evidence' &&
      one.adds_up === 1 &&
      one.content === row.content &&
      done?.evidence === one.digest,
  );
  // and where nothing did the step, what was false is shown there
  const shown =
    (done?.container ? done : null) ??
    seals.find(({ act }) => standing.get(act)?.state !== 'invalid') ??
    seals[0] ??
    (done
      ? undefined
      : attemptsIn(row)
          .get(id)
          ?.attempts.findLast((one) => one.container !== null));
  const container = shown?.container ?? undefined;
  const found = shown?.act ? standing.get(shown.act) : undefined;
  return {
    step: id,
    label,
    kind,
    optional,
    state,
    delegatedTo: delegated && people.nameOf(delegated.to),
    by: done
      ? kind === 'person'
        ? done.name
        : people.nameOf(done.by) || done.name
      : refused && people.nameOf(refused.by),
    relation: done?.relation ?? null,
    at: done?.at ?? refused?.at ?? null,
    signature:
      container === undefined
        ? null
        : {
            container,
            state: found?.state ?? 'undetermined',
            reasons: [...(found?.reasons ?? [])],
            stampedAt: found?.stampedAt ?? null,
          },
    reason: refused?.reason ?? null,
  };
}
