// The rules of the house as they stand, and the module files an administrator of this PC added to the known ones.
import type { Database } from 'better-sqlite3';
import { fail, ok, type Result } from '../../../shared/api/contract.ts';
import { signingRules } from '../../../shared/model/signing.ts';
import { statement } from '../../store/statement.ts';
import type { Author, Store } from '../../store/types.ts';
import { standardIdleMinutes } from './projections.ts';

export interface Rules {
  readonly timeStampUrl: string | null;
  readonly idleMinutes: number;
  readonly versions: Readonly<Record<string, string>>;
}

export function rulesOf(sql: Database, centerId: string | null): Rules {
  const row = centerId === null ? undefined : ruleRow(sql).get(centerId);
  if (!row) return { timeStampUrl: null, idleMinutes: standardIdleMinutes, versions: {} };
  // written by the projection
  const versions: Record<string, string> = JSON.parse(row.versions);
  return { timeStampUrl: row.time_stamp_url, idleMinutes: row.idle_minutes, versions };
}

export function saveRules(
  store: Store,
  author: Author,
  centerId: string | null,
  wanted: Pick<Rules, 'timeStampUrl' | 'idleMinutes'>,
): Result<null> {
  if (centerId === null) return fail('not_found');
  const { versions, ...now } = rulesOf(store.sql, centerId);
  const set = {
    ...(wanted.timeStampUrl !== now.timeStampUrl && { timeStampUrl: wanted.timeStampUrl }),
    ...(wanted.idleMinutes !== now.idleMinutes && { idleMinutes: wanted.idleMinutes }),
  };
  if (Object.keys(set).length === 0) return ok(null);
  return store.write(author, (tx) => {
    tx.append(signingRules, { id: centerId, body: { set, saw: { ...versions } } });
    return ok(null);
  });
}

const MODULES = 'signingModules';

/** Paths of this PC alone. */
export function modulePathsOf(sql: Database): string[] {
  const text = localValue(sql).get(MODULES)?.value;
  const value: unknown = text === undefined ? [] : JSON.parse(text);
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

export function saveModulePaths(store: Store, paths: readonly string[]): void {
  store.local((sql) => saveLocal(sql).run(MODULES, JSON.stringify([...new Set(paths)])));
}

const ruleRow = statement<
  [string],
  { time_stamp_url: string | null; idle_minutes: number; versions: string }
>('SELECT time_stamp_url, idle_minutes, versions FROM signing_rules WHERE id = ?');
const localValue = statement<[string], { value: string }>('SELECT value FROM local_setting WHERE name = ?');
const saveLocal = statement<[string, string]>(
  `INSERT INTO local_setting (name, value) VALUES (?, ?)
   ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
);
