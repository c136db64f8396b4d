// Papers as they lie in the tables, and the statements that find them.
import type { Database } from 'better-sqlite3';
import type { DocumentId, documentStates } from '../../../shared/api/documents.ts';
import type { AdmissionId, PatientId } from '../../../shared/api/ids.ts';
import type { FormValues } from '../../../shared/model/form-template.ts';
import { statement } from '../../store/statement.ts';
import type { NamedFiles } from '../keep-files-coming.ts';
import { type FrozenVersion, frozenAt } from './projection.ts';
import { type Attempts, chosen, type StepNow, stateOf, stepsNow } from './steps.ts';

export interface DocumentRow {
  readonly id: DocumentId;
  readonly patient_id: PatientId;
  readonly admission_id: AdmissionId | null;
  readonly form: string;
  readonly form_version: number;
  readonly title: string | null;
  readonly state: (typeof documentStates)[number];
  readonly content: string | null;
  readonly pdf: string | null;
  readonly pages: number | null;
  readonly signed_pdf: 0 | 1;
  readonly changed_since: 0 | 1;
  readonly created_at: number;
  readonly changed_at: number;
  readonly created_by: string | null;
  readonly fields: string;
  readonly versions: string;
  readonly steps: string;
  readonly attempts: string;
  readonly frozen: string;
  readonly void_reason: string | null;
}

/** As it lies in the table, beside what this PC found false of it: JSON, names of acts. */
interface FoundRow extends DocumentRow {
  readonly false_acts: string;
}

export interface SignatureRow {
  readonly document_id: string;
  readonly n: number;
  readonly act: string;
  readonly container: string;
  readonly judged: string;
  readonly adds_up: 0 | 1;
  readonly asked: 0 | 1;
  readonly content: string;
  readonly step: string;
  readonly over: 'content' | 'evidence';
  readonly digest: string;
  readonly certificate: string;
  readonly signer: string;
  readonly author: string | null;
  readonly at: number;
  readonly signed_pdf: string | null;
  readonly stamped: 0 | 1;
}

/** With steps and state as they are without what is known to be false. */
export function rowOf(sql: Database, documentId: string): DocumentRow | null {
  const row = documentById(sql).get(documentId);
  return row ? judged(row) : null;
}
export const rowsOfPatient = (sql: Database, patientId: string): DocumentRow[] =>
  documentsOfPatient(sql).all(patientId).map(judged);
export const rowsByIds = (sql: Database, documentIds: readonly string[]): DocumentRow[] =>
  documentsByIds(sql).all(JSON.stringify(documentIds)).map(judged);
export const rowsOfAuthor = (sql: Database, author: string, state: string, limit: number): DocumentRow[] =>
  documentsOfAuthor(sql).all(author, state, limit).map(judged);

/** A signature that is known to be false does no step, and keeps nobody from signing there. */
function judged(row: FoundRow): DocumentRow {
  if (row.false_acts === '[]' || row.content === null) return row;
  const known: string[] = JSON.parse(row.false_acts);
  const attempts = new Map<string, Attempts>(JSON.parse(row.attempts));
  const acts = chosen(attempts, (act) => known.includes(act));
  const steps = stepsNow(stepsIn(row), acts, frozenAt(frozenIn(row), row.content));
  return { ...row, steps: JSON.stringify(steps), state: row.state === 'void' ? 'void' : stateOf(steps) };
}

/** Everything that would do a step of the version that stands. */
export const attemptsIn = (row: Pick<DocumentRow, 'attempts'>): ReadonlyMap<string, Attempts> =>
  new Map(JSON.parse(row.attempts));

// written by the projection from parsed changes, so what is read back has these shapes
export function stepsIn(row: Pick<DocumentRow, 'steps'>): StepNow[] {
  const steps: StepNow[] = JSON.parse(row.steps);
  return steps;
}
export function valuesIn(row: Pick<DocumentRow, 'fields'>): FormValues {
  const values: FormValues = JSON.parse(row.fields);
  return values;
}
export function versionsIn(row: Pick<DocumentRow, 'versions'>): Record<string, string> {
  const versions: Record<string, string> = JSON.parse(row.versions);
  return versions;
}
export function frozenIn(row: Pick<DocumentRow, 'frozen'>): FrozenVersion[] {
  const frozen: FrozenVersion[] = JSON.parse(row.frozen);
  return frozen;
}

/** Whose paper it is; null when there is none. */
export const patientOfDocument = (sql: Database, documentId: string): string | null =>
  patientById(sql).get(documentId)?.patient_id ?? null;

/** Document → its signatures, in the order in which they were made. */
export function signaturesOf(sql: Database, documentIds: readonly string[]): Map<string, SignatureRow[]> {
  return Map.groupBy(signaturesByDocument(sql).all(JSON.stringify(documentIds)), (row) => row.document_id);
}

// one PC's own findings beside what all PCs have
const found = `SELECT d.*, (
  SELECT json_group_array(v.act) FROM signature_verdict v WHERE v.document_id = d.id AND v.state = 'invalid') AS false_acts
  FROM document d`;
export const documentById = statement<[string], FoundRow>(`${found} WHERE d.id = ?`);
const patientById = statement<[string], { patient_id: string }>(
  'SELECT patient_id FROM document WHERE id = ?',
);
export const documentsOfPatient = statement<[string], FoundRow>(
  `${found} WHERE d.patient_id = ? ORDER BY d.created_at DESC`,
);
export const documentsByIds = statement<[ids: string], FoundRow>(
  `${found} WHERE d.id IN (SELECT value FROM json_each(?))`,
);
/** By the beginning of the standing version's name. At the command line only, so no index is kept for it. */
export const documentsOfCode = statement<[from: string, before: string], { id: DocumentId }>(
  'SELECT id FROM document WHERE content >= ? AND content < ? LIMIT 2',
);
export const documentsOfAuthor = statement<[author: string, state: string, limit: number], FoundRow>(
  `${found} WHERE d.created_by = ? AND d.state = ? ORDER BY d.changed_at DESC LIMIT ?`,
);
/** Papers with something false on them: what waits there is not among what waits. */
export const falsified = statement<[], { document_id: string }>(
  "SELECT DISTINCT document_id FROM signature_verdict WHERE state = 'invalid'",
);
export const signaturesByDocument = statement<[ids: string], SignatureRow>(
  `SELECT s.* FROM json_each(?) d JOIN document_signature s ON s.document_id = d.value
   ORDER BY s.document_id, s.n`,
);

export interface WaitingRow {
  readonly document_id: string;
  readonly step: string;
  readonly who: string;
  readonly content: string;
  readonly admission_id: string | null;
  readonly delegated_by: string | null;
  readonly since: number;
}

/** Of one role or person, oldest first. */
export const waitingFor = statement<[who: string], WaitingRow>(
  'SELECT * FROM document_waiting WHERE who = ? ORDER BY since',
);

/** Signatures without a time-stamp, oldest first. */
export const unstamped = statement<[limit: number], SignatureRow>(
  'SELECT * FROM document_signature WHERE stamped = 0 AND adds_up = 1 ORDER BY at LIMIT ?',
);
export const countUnstamped = statement<[], { n: number; oldest: number | null }>(
  'SELECT count(*) AS n, min(at) AS oldest FROM document_signature WHERE stamped = 0 AND adds_up = 1',
);

/** Files of these patients' papers that are not among the files here, and were not asked for yet. */
export const filesToFetch = statement<[patients: string], { hash: string }>(
  `SELECT DISTINCT f.hash FROM json_each(?) p JOIN document_file f ON f.patient_id = p.value
   WHERE NOT EXISTS (SELECT 1 FROM blob b WHERE b.hash = unhex(f.hash))`,
);
/** The same for everybody: once, when the store is opened. */
export const allFilesToFetch = statement<[], { hash: string }>(
  `SELECT DISTINCT f.hash FROM document_file f
   WHERE NOT EXISTS (SELECT 1 FROM blob b WHERE b.hash = unhex(f.hash))`,
);
/** Frozen versions and signed PDFs, which somebody may be waiting to read or sign. */
export const paperFiles: NamedFiles = {
  subject: 'document',
  later: false,
  missing: (sql) => allFilesToFetch(sql).all(),
  missingOf: (sql, patients) => filesToFetch(sql).all(JSON.stringify(patients)),
  isNamed: 'EXISTS (SELECT 1 FROM document_file f WHERE f.hash = m.hash)',
};
