// Sheets that go on from day to day: what the earlier ones of a stay hold already, so that a new one begins after it.
import type { Database } from 'better-sqlite3';
import type { FormTemplate } from '../../../shared/model/form-template.ts';
import { documentsOfPatient, valuesIn } from './rows.ts';

export interface EarlierSheets {
  /** Frozen ones of this form and stay. */
  readonly sheets: number;
  /** Latest moment in their tables, and in those this person wrote; ms since 1970 UTC. */
  readonly until: number;
  readonly ownUntil: number;
}

const never = Number.MIN_SAFE_INTEGER;

/** Drafts and void papers hold nothing yet, or no more. */
export function earlierSheets(
  sql: Database,
  template: FormTemplate,
  about: {
    readonly patientId: string;
    readonly admissionId: string | null;
    readonly user: { readonly userId: string };
  },
): EarlierSheets {
  if (about.admissionId === null) return { sheets: 0, until: never, ownUntil: never };
  const papers = documentsOfPatient(sql)
    .all(about.patientId)
    .filter(
      ({ form, admission_id, state }) =>
        form === template.id && admission_id === about.admissionId && state !== 'draft' && state !== 'void',
    );
  const tables = template.sections
    .flatMap(({ fields }) => fields)
    .filter(({ source }) => source?.startsWith('notes.') || source?.startsWith('vitals.'))
    .map(({ id }) => id);
  const latest = (of: typeof papers): number =>
    of
      .flatMap((paper) => {
        const values = valuesIn(paper);
        return tables.flatMap((table) => momentsIn(values[table]));
      })
      // not spread into Math.max: a sheet may have two thousand rows
      .reduce((last, at) => Math.max(last, at), never);
  return {
    sheets: papers.length,
    until: latest(papers),
    ownUntil: latest(papers.filter(({ created_by }) => created_by === about.user.userId)),
  };
}

const momentsIn = (rows: unknown): number[] =>
  Array.isArray(rows)
    ? rows.flatMap((row: { at?: unknown }) => (typeof row.at === 'number' ? [row.at] : []))
    : [];
