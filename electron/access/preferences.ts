// Text size, language and home ward of a person on this PC: the right size depends on the screen, so it is not synced.

import { Session } from '../../shared/api/access.ts';
import { ok } from '../../shared/api/contract.ts';
import type { Output } from '../../shared/api/index.ts';
import type { Store } from '../store/types.ts';

export type Preferences = NonNullable<Output<'access.session'>['session']>['preferences'];

const standard: Preferences = { textScale: 100, language: 'vi', homeWard: null };

/** What this program can't read falls back to the standard, member by member. */
export function preferencesOf(store: Store | null, userId: string): Preferences {
  const saved = store?.sql
    .prepare<[string], string>('SELECT preferences FROM user_preference WHERE user_id = ?')
    .pluck()
    .get(userId);
  if (!saved) return standard;
  const parsed = Session.shape.preferences.partial().safeParse(JSON.parse(saved));
  return parsed.success ? { ...standard, ...parsed.data } : standard;
}

export function savePreferences(store: Store, userId: string, set: Partial<Preferences>) {
  const next = { ...preferencesOf(store, userId), ...set };
  store.local((sql) =>
    sql
      .prepare(
        `INSERT INTO user_preference (user_id, preferences) VALUES (?, ?)
         ON CONFLICT (user_id) DO UPDATE SET preferences = excluded.preferences`,
      )
      .run(userId, JSON.stringify(next)),
  );
  return ok(next);
}
