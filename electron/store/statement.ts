// A named query: its text is written once, seen by the query-plan tests, and prepared once per open store.
import type { Database, Statement } from 'better-sqlite3';

export interface NamedStatement<P extends unknown[], R> {
  (sql: Database): Statement<P, R>;
  readonly text: string;
}

export function statement<P extends unknown[], R = unknown>(text: string): NamedStatement<P, R> {
  const ofStore = new WeakMap<Database, Statement<P, R>>();
  const prepare = (sql: Database): Statement<P, R> => {
    const known = ofStore.get(sql);
    if (known) return known;
    const fresh = sql.prepare<P, R>(text);
    ofStore.set(sql, fresh);
    return fresh;
  };
  return Object.assign(prepare, { text });
}
