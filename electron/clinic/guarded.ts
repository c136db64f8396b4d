// From changes to merged fields to rows of the conflict table, the same way for every area of the bedside.
import type { Result } from '../../shared/api/contract.ts';
import { type Change, changeId, versionOf } from '../../shared/model/change.ts';
import {
  type FieldConflict,
  type Merged,
  type SettledConflict,
  sameValue,
  type Write,
} from '../../shared/sync/merge.ts';
import type { ConflictRow, Tx } from '../store/types.ts';

export function writeOf(
  change: Change,
  values: Readonly<Record<string, unknown>>,
  saw: Readonly<Record<string, string>> = {},
): Write {
  return {
    version: versionOf(change),
    changeId: changeId(change),
    writer: `${change.station}.${change.incarnation}`,
    values,
    saw,
  };
}

/** Someone struck it out and someone else, not knowing, worked on it: then it stays, flagged, until a person decides. */
export const isStruckOut = (merged: Merged, field: string): boolean =>
  merged.values[field] === true && !merged.conflicts.some((c) => c.field === field);

/** How the inbox words a strike-out and its opposite. */
export const standing = (struckOut: unknown): string =>
  struckOut === true ? 'conflicts.struckOut' : 'conflicts.stands';

export interface Shown {
  readonly patient: string | null;
  subjectKey(field: string): string;
  /** The value as the inbox shows it: text, or an i18n key for what is a code; null = emptied. */
  show(field: string, value: unknown): string | null;
}

/** Open and settled conflicts of one subject; the key names field and sides, so a settled row replaces its open one. */
export function fieldConflicts(
  merged: Merged,
  writes: readonly Write[],
  changes: readonly Change[],
  shown: Shown,
): ConflictRow[] {
  const byId = new Map(changes.map((c) => [changeId(c), c]));
  const rowOf = (field: string, heads: readonly Write[], settled: ConflictRow['settled']): ConflictRow => ({
    kind: 'field',
    key: `${field}:${heads
      .map((h) => h.changeId)
      .sort()
      .join(',')}`,
    patient: shown.patient,
    subjectKey: shown.subjectKey(field),
    sides: heads.flatMap((head) => {
      const change = byId.get(head.changeId);
      if (!change) return [];
      const { hlc, wall, author, station } = change;
      const value = shown.show(field, head.values[field]);
      const current = merged.versions[field] === head.version;
      return [{ choice: head.changeId, value, hlc, wall, author, station, current }];
    }),
    settled,
  });
  const open = merged.conflicts.map((c: FieldConflict) => rowOf(c.field, c.heads, null));
  const settled = merged.settled.flatMap((s) => {
    const heads = writes.filter((w) => s.among.includes(w.version) && s.field in w.values);
    const by = byId.get(s.by.changeId);
    return heads.length < 2 || !by || !differ(heads, s.field)
      ? []
      : [rowOf(s.field, heads, decision(s, heads, by))];
  });
  return [...open, ...settled];
}

const differ = (heads: readonly Write[], field: string): boolean =>
  heads.some((h) => !sameValue(h.values[field], heads[0]?.values[field]));

function decision(
  s: SettledConflict,
  heads: readonly Write[],
  by: Change,
): NonNullable<ConflictRow['settled']> {
  const chosen = heads.find((h) => sameValue(h.values[s.field], s.by.values[s.field]));
  const { hlc, wall, author } = by;
  const reason = typeof by.body.reason === 'string' ? by.body.reason : null;
  return { hlc, wall, author, choice: chosen?.changeId ?? s.by.changeId, reason };
}

/** A person's decision about one field conflict of one subject. */
export interface Decision {
  /** Subject id. */
  readonly id: string;
  /** Key of the conflict row. */
  readonly key: string;
  /** Change id of the side that holds. */
  readonly choice: string;
  readonly reason: string | null;
}

/** Appends the change that settles a field conflict; `changes` are all of the subject's. */
export type Settler = (tx: Tx, decision: Decision, changes: readonly Change[]) => Result<unknown>;

export interface Chosen {
  readonly field: string;
  readonly value: unknown;
  /** The write that names every side as seen settles them. */
  readonly saw: Record<string, string>;
  readonly first: Change;
}

/** What was decided, or null when the choice is none of the sides. */
export function chosenOf(
  decision: Decision,
  changes: readonly Change[],
  toWrite: (change: Change) => readonly Write[],
): Chosen | null {
  const colon = decision.key.indexOf(':');
  const field = decision.key.slice(0, colon);
  const sides = new Set(decision.key.slice(colon + 1).split(','));
  const writes = changes.flatMap(toWrite).filter((w) => sides.has(w.changeId));
  const winner = writes.find((w) => w.changeId === decision.choice);
  const first = changes[0];
  if (!winner || !first || writes.length < sides.size) return null;
  return {
    field,
    value: winner.values[field],
    saw: { [field]: writes.map((w) => w.version).join(',') },
    first,
  };
}
