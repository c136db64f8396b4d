// Decides what a field's value is when several stations wrote it: a pure function of the set of writes,
// so any arrival order gives the same answer (design: merge classes).
import { compare } from '../model/change.ts';

/** plain: last writer, silently. guarded: last writer for now, and the losers are kept and shown to a person. */
export type MergeClass = 'plain' | 'guarded';

export interface Write {
  /** versionOf(change) */
  readonly version: string;
  readonly changeId: string;
  /** `<station>.<incarnation>`: a feed's writer has always seen its own earlier writes. */
  readonly writer: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Field → version(s) the writer had on screen, comma-separated when it settled several. */
  readonly saw: Readonly<Record<string, string>>;
}

export interface FieldConflict {
  readonly field: string;
  /** Concurrent writes of different values, winner first. */
  readonly heads: readonly Write[];
}

export interface SettledConflict {
  readonly field: string;
  readonly by: Write;
  readonly among: readonly string[];
}

export interface Merged {
  readonly values: Record<string, unknown>;
  /** Field → version of the current winner; goes to the screen and comes back as `saw`. */
  readonly versions: Record<string, string>;
  readonly conflicts: readonly FieldConflict[];
  readonly settled: readonly SettledConflict[];
}

export function mergeWrites(writes: readonly Write[], classOf: (field: string) => MergeClass): Merged {
  const [only, ...others] = writes;
  if (only && others.length === 0) return alone(only);
  const values: Record<string, unknown> = {};
  const versions: Record<string, string> = {};
  const conflicts: FieldConflict[] = [];
  const settled: SettledConflict[] = [];
  for (const [field, ofField] of byField(writes)) {
    const heads = headsOf(field, ofField);
    const winner = heads[0];
    if (!winner) continue;
    values[field] = winner.values[field];
    versions[field] = winner.version;
    if (classOf(field) !== 'guarded') continue;
    if (heads.some((h) => !sameValue(h.values[field], winner.values[field])))
      conflicts.push({ field, heads });
    for (const w of ofField) {
      const among = seenBy(w, field);
      if (among.length > 1) settled.push({ field, by: w, among });
    }
  }
  return { values, versions, conflicts, settled };
}

/** By far the commonest case: nobody else wrote, so there is nothing to weigh up. */
function alone(write: Write): Merged {
  const versions = Object.fromEntries(Object.keys(write.values).map((field) => [field, write.version]));
  return { values: { ...write.values }, versions, conflicts: [], settled: [] };
}

/**
 * Writes of a field that no other write had seen, latest first. Seeing counts even where the clock says
 * otherwise: whoever corrects a write stamped far in the future has the last word.
 */
function headsOf(field: string, writes: readonly Write[]): Write[] {
  const seen = new Set(writes.flatMap((w) => seenBy(w, field)));
  const latestOfWriter = new Map<string, string>();
  for (const w of writes) {
    const last = latestOfWriter.get(w.writer);
    if (last === undefined || w.version > last) latestOfWriter.set(w.writer, w.version);
  }
  const heads = writes.filter((w) => !seen.has(w.version) && latestOfWriter.get(w.writer) === w.version);
  // writes that claim to have seen each other can only be forged; then the clock decides
  return (heads.length > 0 ? heads : [...writes]).sort((a, b) => compare(b.version, a.version));
}

function byField(writes: readonly Write[]): Map<string, Write[]> {
  const map = new Map<string, Write[]>();
  const inOrder = [...writes].sort(
    (a, b) => compare(a.version, b.version) || compare(a.changeId, b.changeId),
  );
  for (const w of inOrder) {
    for (const field of Object.keys(w.values)) {
      const list = map.get(field);
      if (!list) map.set(field, [w]);
      else if (list.at(-1)?.version !== w.version) list.push(w);
    }
  }
  return map;
}

const seenBy = (w: Write, field: string): string[] =>
  (w.saw[field] ?? '').split(',').filter((v) => v !== '' && v !== w.version);

/** Equal as stored: objects compare by their sorted members. */
export function sameValue(a: unknown, b: unknown): boolean {
  return a === b || stable(a) === stable(b);
}

function stable(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, v: unknown) =>
    v !== null && typeof v === 'object' && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([x], [y]) => compare(x, y)))
      : v,
  );
}
