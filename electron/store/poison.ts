// Keeps one change that a projection throws on from taking others with it: the rest of its subject is shown, and
// nothing of its batch is lost. What is left out is a pure function of the subject's changes, so that every
// store leaves out the same, in whatever order they came.
import Sqlite, { type Database } from 'better-sqlite3';
import { failureOf } from './faults.ts';

export type Attempted<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: unknown };
export type Attempt = <T>(work: () => T) => Attempted<T>;

/**
 * Work whose writes are taken back when it throws, inside a transaction. Failures of the disk are thrown on: they say
 * nothing about the change.
 */
export function attemptsOn(sql: Database): Attempt {
  const begin = sql.prepare('savepoint attempt');
  const keep = sql.prepare('release attempt');
  const takeBack = sql.prepare('rollback to attempt');
  return (work) => {
    begin.run();
    try {
      const value = work();
      keep.run();
      return { ok: true, value };
    } catch (error) {
      if (failureOf(error) || isOfTheMachine(error)) throw error;
      takeBack.run();
      keep.run();
      return { ok: false, error };
    }
  };
}

/**
 * Shows as much of `changes`, given in canonical order, as can be shown. Halves until single changes are left that
 * cannot be shown after those before them; answers these with what was thrown, and the value for the rest.
 */
export function showAround<C, T>(
  attempt: Attempt,
  changes: readonly C[],
  show: (changes: readonly C[]) => T,
): { readonly value: T | null; readonly spared: ReadonlyMap<C, unknown> } {
  const all = attempt(() => show(changes));
  if (all.ok) return { value: all.value, spared: new Map() };
  const spared = new Map<C, unknown>();
  const kept: C[] = [];
  let value: T | null = null;
  const none = attempt(() => show([]));
  if (none.ok) ({ value } = none);
  const add = (block: readonly C[]): void => {
    const tried = attempt(() => show([...kept, ...block]));
    if (tried.ok) {
      kept.push(...block);
      ({ value } = tried);
    } else if (block.length === 1) for (const change of block) spared.set(change, tried.error);
    else {
      const middle = block.length >> 1;
      add(block.slice(0, middle));
      add(block.slice(middle));
    }
  };
  if (changes.length === 1) for (const change of changes) spared.set(change, all.error);
  else if (changes.length > 1) add(changes);
  return { value, spared };
}

/** What was thrown, without its message: that may repeat what a person wrote. */
export function nameOf(error: unknown): string {
  if (error instanceof Sqlite.SqliteError) return `${error.name} ${error.code}`;
  return error instanceof Error ? error.name : 'something that is no error';
}

/** Memory and interruptions come and go; what failed so is tried again with the next transaction. */
const isOfTheMachine = (error: unknown): boolean =>
  error instanceof Sqlite.SqliteError && /^SQLITE_(NOMEM|INTERRUPT|ABORT|PROTOCOL)/.test(error.code);
