// Which reader this PC uses, in the store's local table: never synced, never part of the record.
import type { OpenStore } from '../store/types.ts';

const NAME = 'fingerprintReader';

/** As readers/desk-choice.ts wrote it; null when nobody has chosen, or no store is open. */
export function rememberedReader(store: OpenStore | null): string | null {
  const text = store?.sql
    .prepare<[string], string>('SELECT value FROM local_setting WHERE name = ?')
    .pluck()
    .get(NAME);
  const value: unknown = text === undefined ? null : JSON.parse(text);
  return typeof value === 'string' ? value : null;
}

export function rememberReader(store: OpenStore | null, value: string | null): void {
  store?.local((sql) =>
    sql
      .prepare(
        `INSERT INTO local_setting (name, value) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      )
      .run(NAME, JSON.stringify(value)),
  );
}
