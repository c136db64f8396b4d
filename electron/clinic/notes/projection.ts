// One entry from its finishing and amendments. The text merges as a whole and every version is kept with
// its author and time (TT 32/2023 Art. 52).
import { EntryContent } from '../../../shared/api/notes.ts';
import { type Change, versionOf } from '../../../shared/model/change.ts';
import { mergeWrites, type Write } from '../../../shared/sync/merge.ts';
import { statement } from '../../store/statement.ts';
import type { Projection } from '../../store/types.ts';
import { fieldConflicts, isStruckOut, standing, writeOf } from '../guarded.ts';

export const noteProjection: Projection = {
  subject: 'note',
  tables: ['note'],
  project(ctx, id, changes) {
    deleteNote(ctx.sql).run(id);
    const first = changes.find((c) => c.kind === 'note.finish');
    if (!first?.patient) return {};
    const writes = changes.flatMap(toWrite);
    const merged = mergeWrites(writes, () => 'guarded');
    const texts = changes.filter((c) => c.kind === 'note.finish' || c.kind === 'note.amend').map(versionIn);
    const present = texts.find((t) => t.version === merged.versions.content);
    if (!present) return {};
    const withdrawn = isStruckOut(merged, 'withdrawn');
    const by = withdrawn ? changes.find((c) => versionOf(c) === merged.versions.withdrawn) : undefined;
    insertNote(ctx.sql).run({
      id,
      admission: first.body.admission,
      patient: first.patient,
      eventAt: present.eventAt,
      writtenAt: present.writtenAt,
      author: present.author,
      authorTitle: present.authorTitle,
      station: present.station,
      owner: first.author,
      wardName: first.body.wardName ?? null,
      ...present.content,
      reason: present.reason,
      history: JSON.stringify(texts.filter((t) => t !== present).reverse()),
      withdrawn: withdrawn ? 1 : 0,
      withdrawnAt: by?.wall ?? null,
      withdrawnBy: by?.author ?? null,
      withdrawnReason: by?.body.reason ?? null,
      version: versionOf(first),
      versions: JSON.stringify(merged.versions),
    });
    const conflicts = fieldConflicts(merged, writes, changes, {
      patient: first.patient,
      subjectKey: (field) => `field.note.${field}`,
      show: (field, value) => (field === 'content' ? asText(value) : standing(value)),
    });
    return { conflicts };
  },
};

/** An amendment says as well that the entry stands; one that only settles the text has no say in that. */
export function toWrite(change: Change): Write[] {
  const { body } = change;
  const saw = Object.fromEntries(Object.entries(Object(body.saw)).map(([f, v]) => [f, String(v)]));
  switch (change.kind) {
    case 'note.finish':
      return [writeOf(change, { content: textIn(body), withdrawn: false })];
    case 'note.amend':
      return [
        writeOf(
          change,
          { content: textIn(body), ...(saw.withdrawn !== undefined && { withdrawn: false }) },
          saw,
        ),
      ];
    case 'note.withdraw':
      return [writeOf(change, { withdrawn: true }, saw)];
    case 'note.restore':
      return [writeOf(change, { withdrawn: false }, saw)];
    default:
      return [];
  }
}

/** A version of an entry as stored in the history column. */
export interface StoredText {
  readonly content: EntryContent;
  readonly eventAt: number;
  readonly writtenAt: number;
  readonly author: string | null;
  readonly authorTitle: string | null;
  readonly station: string;
  readonly reason: string | null;
  readonly version: string;
}

const versionIn = (change: Change): StoredText => ({
  content: contentIn(change.body),
  eventAt: typeof change.body.eventAt === 'number' ? change.body.eventAt : change.wall,
  writtenAt: change.wall,
  author: change.author,
  authorTitle: typeof change.body.authorTitle === 'string' ? change.body.authorTitle : null,
  station: change.station,
  reason: typeof change.body.reason === 'string' ? change.body.reason : null,
  version: versionOf(change),
});

const textIn = (body: Record<string, unknown>) => ({ ...contentIn(body), eventAt: body.eventAt });

const contentIn = (body: Record<string, unknown>): EntryContent => EntryContent.parse(body);

/** Both texts side by side is what the inbox needs; labels come from the paper form's order. */
const asText = (value: unknown): string => {
  const { progress, orders, care, diet } = contentIn(Object(value));
  return [progress, orders, care, diet].filter((part) => part !== '').join('\n\n');
};

const deleteNote = statement<[string]>('DELETE FROM note WHERE id = ?');
const insertNote = statement<[Record<string, unknown>]>(`
  INSERT INTO note (
    id, admission_id, patient_id, event_at, written_at, author, author_title, station, owner, ward_name,
    progress, orders, care, care_level, diet, reason, history,
    withdrawn, withdrawn_at, withdrawn_by, withdrawn_reason, version, versions)
  VALUES (
    @id, @admission, @patient, @eventAt, @writtenAt, @author, @authorTitle, @station, @owner, @wardName,
    @progress, @orders, @care, @careLevel, @diet, @reason, @history,
    @withdrawn, @withdrawnAt, @withdrawnBy, @withdrawnReason, @version, @versions)`);
