// Reading the treatment sheet: newest first, each entry with all its versions.
import type { Database } from 'better-sqlite3';
import { ok } from '../../../shared/api/contract.ts';
import type { AdmissionId, EntryId, PatientId } from '../../../shared/api/ids.ts';
import type { EntryContent } from '../../../shared/api/notes.ts';
import type { Context, Deps, HandlersOf, Output } from '../../store/room.ts';
import { statement } from '../../store/statement.ts';
import type { VoidedStayNeeds } from '../needs.ts';
import { mayAmend } from './authors.ts';
import type { StoredText } from './projection.ts';

export const queries = (deps: Deps & VoidedStayNeeds): HandlersOf<'notes.list'> => ({
  'notes.list': ({ admissionId }, ctx) => {
    const { sql } = deps.store;
    const rows = deps.withVoidedFor(sql, admissionId).map((id) => entriesOfStay(sql).all(id));
    return ok(
      rows
        .flat()
        .sort((a, b) => b.event_at - a.event_at || (a.version < b.version ? 1 : -1))
        .map((row) => shown(row, deps, ctx)),
    );
  },
});

/** Standing entries whose event is at or after `since`; every stay asked for is in the answer. */
export function entriesSince(
  sql: Database,
  admissionIds: readonly string[],
  since: number,
): Map<string, number> {
  const counts = new Map(admissionIds.map((id) => [id, 0]));
  for (const row of entryCounts(sql).all(JSON.stringify(admissionIds), since))
    counts.set(row.admission_id, row.n);
  return counts;
}

/** Entries of these stays for a timeline, newest first, withdrawn ones too. */
export const entriesForTimeline = (sql: Database, admissionIds: readonly string[], limit: number) =>
  timelineEntries(sql)
    .all(JSON.stringify(admissionIds), limit)
    .map((row) => ({
      id: row.id,
      admissionId: row.admission_id,
      at: row.event_at,
      writtenAt: row.written_at,
      author: row.author,
      authorTitle: row.author_title,
      station: row.station,
      content: contentOf(row),
      amended: row.history !== '[]',
      withdrawn: row.withdrawn === 1,
    }));

export interface NoteRow {
  readonly id: EntryId;
  readonly admission_id: AdmissionId;
  readonly patient_id: PatientId;
  readonly event_at: number;
  readonly written_at: number;
  readonly author: string | null;
  readonly author_title: string | null;
  readonly station: string;
  readonly owner: string | null;
  readonly ward_name: string | null;
  readonly progress: string;
  readonly orders: string;
  readonly care: string;
  readonly care_level: EntryContent['careLevel'];
  readonly diet: string;
  readonly reason: string | null;
  readonly history: string;
  readonly version: string;
  readonly withdrawn: 0 | 1;
  readonly withdrawn_at: number | null;
  readonly withdrawn_by: string | null;
  readonly withdrawn_reason: string | null;
  readonly versions: string;
}

function shown(row: NoteRow, { people }: Pick<Deps, 'people'>, ctx: Context): Output<'notes.list'>[number] {
  const history = historyOf(row);
  return {
    entryId: row.id,
    admissionId: row.admission_id,
    patientId: row.patient_id,
    eventAt: row.event_at,
    writtenAt: row.written_at,
    author: people.nameOf(row.author),
    authorTitle: row.author_title,
    station: people.stationName(row.station),
    wardName: row.ward_name,
    content: contentOf(row),
    amended: history.length > 0,
    reason: row.reason,
    mayAmend: mayAmend(ctx, row.owner),
    versions: versionsOf(row),
    history: history.map(({ content, eventAt, writtenAt, author, reason }) => ({
      content,
      eventAt,
      writtenAt,
      author: people.nameOf(author),
      reason,
    })),
    withdrawn:
      row.withdrawn === 1
        ? {
            at: row.withdrawn_at ?? 0,
            by: people.nameOf(row.withdrawn_by),
            reason: row.withdrawn_reason ?? '',
          }
        : null,
  };
}

export const contentOf = (row: NoteRow): EntryContent => ({
  progress: row.progress,
  orders: row.orders,
  care: row.care,
  careLevel: row.care_level,
  diet: row.diet,
});

export function versionsOf(row: NoteRow): Record<string, string> {
  const versions: Record<string, string> = JSON.parse(row.versions);
  return versions;
}

function historyOf(row: NoteRow): StoredText[] {
  const history: StoredText[] = JSON.parse(row.history);
  return history;
}

export const noteById = statement<[string], NoteRow>('SELECT * FROM note WHERE id = ?');

export const entriesOfStay = statement<[admissionId: string], NoteRow>(
  'SELECT * FROM note WHERE admission_id = ? ORDER BY event_at DESC, version DESC',
);

export const entryCounts = statement<
  [admissionIds: string, since: number],
  { admission_id: string; n: number }
>(`
  SELECT n.admission_id, count(*) AS n FROM json_each(?) stay
  JOIN note n ON n.admission_id = stay.value AND n.event_at >= ? AND n.withdrawn = 0
  GROUP BY n.admission_id`);

export const timelineEntries = statement<[admissionIds: string, limit: number], NoteRow>(`
  SELECT * FROM note WHERE admission_id IN (SELECT value FROM json_each(?))
  ORDER BY event_at DESC, version DESC LIMIT ?`);
