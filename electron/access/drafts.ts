// Unfinished typing, kept per person on this PC. Part of the encrypted file but never of the record: not synced, not
// signed, gone when the entry is finished or thrown away. Survives lock, logout, user switch and a crash.
import type { Database } from 'better-sqlite3';
import { fail, ok } from '../../shared/api/contract.ts';
import type { Output } from '../../shared/api/index.ts';
import type { HandlersOf } from '../store/room.ts';
import type { Store } from '../store/types.ts';

/** Per person; far beyond a shift's work, small beside the store. */
const mostDrafts = 200;
const mostCharacters = 2_000_000;

type Draft = Output<'drafts.list'>[number];

export function draftHandlers(deps: {
  store: Store;
  patientNames(patientIds: readonly string[]): ReadonlyMap<string, string>;
}): HandlersOf<'drafts.save' | 'drafts.list' | 'drafts.discard'> {
  const { store } = deps;
  return {
    'drafts.save': ({ key, admissionId, patientId, content }, ctx) => {
      const others = store.sql
        .prepare<[string, string], { n: number; characters: number | null }>(
          'SELECT count(*) AS n, sum(length(content)) AS characters FROM draft WHERE user_id = ? AND key <> ?',
        )
        .get(ctx.caller.userId, key);
      if ((others?.n ?? 0) >= mostDrafts || (others?.characters ?? 0) + content.length > mostCharacters)
        return fail('too_large', { messageKey: 'error.too_many_drafts' });
      const savedAt = ctx.now();
      store.local((sql) =>
        sql
          .prepare(
            `INSERT INTO draft (user_id, key, admission_id, patient_id, content, saved_at) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (user_id, key) DO UPDATE SET admission_id = excluded.admission_id,
               patient_id = excluded.patient_id, content = excluded.content, saved_at = excluded.saved_at`,
          )
          .run(ctx.caller.userId, key, admissionId, patientId, content, savedAt),
      );
      return ok({ savedAt });
    },

    'drafts.list': (_input, ctx) => {
      const rows = store.sql
        .prepare<[string], Omit<Draft, 'patientName'>>(
          `SELECT key, admission_id AS admissionId, patient_id AS patientId, content, saved_at AS savedAt
             FROM draft WHERE user_id = ? ORDER BY saved_at DESC`,
        )
        .all(ctx.caller.userId);
      // reception keeps drafts of registrations: a name is shown only to whom it may be shown
      const names = ctx.can('patient.read')
        ? deps.patientNames(rows.flatMap((r) => r.patientId ?? []))
        : new Map<string, string>();
      return ok(
        rows.map((r) => ({ ...r, patientName: r.patientId ? (names.get(r.patientId) ?? null) : null })),
      );
    },

    'drafts.discard': ({ key }, ctx) => {
      store.local((sql) => dropDraft(sql, ctx.caller.userId, key));
      return ok({});
    },
  };
}

/** Also inside the transaction that finishes the text, so that it is never both kept and written, nor lost. */
export function dropDraft(sql: Database, userId: string, key: string): void {
  sql.prepare('DELETE FROM draft WHERE user_id = ? AND key = ?').run(userId, key);
}
