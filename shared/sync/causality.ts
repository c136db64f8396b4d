// Who knew of what when writing: each change carries, per other writer, the latest version of its subject
// that its store held. That makes "these two wrote without seeing each other" an exact question, whatever
// the clocks said and in whatever order the changes came in.
import { compare } from '../model/change.ts';

export interface Stamped {
  /** versionOf(change) */
  readonly version: string;
  /** One version per writer, the latest its store held of this subject. */
  readonly saw: readonly string[];
}

/** `<station>.<incarnation>` of a version `<hlc>-<station>.<incarnation>`. */
export const writerOf = (version: string): string => version.slice(version.indexOf('-') + 1);

/** What a store that holds these versions has seen: the latest of each writer, sorted. */
export function seenOf(versions: Iterable<string>): string[] {
  const latest = new Map<string, string>();
  for (const version of versions) {
    const held = latest.get(writerOf(version));
    if (held === undefined || version > held) latest.set(writerOf(version), version);
  }
  return [...latest.values()].sort(compare);
}

/** Versions of one writer compare as text because only their clock part differs. */
export function saw(a: Stamped, b: Stamped): boolean {
  if (a.version === b.version) return false;
  const writer = writerOf(b.version);
  if (writerOf(a.version) === writer) return b.version < a.version;
  return a.saw.some((v) => writerOf(v) === writer && b.version <= v);
}

export const concurrent = (a: Stamped, b: Stamped): boolean =>
  a.version !== b.version && !saw(a, b) && !saw(b, a);

/**
 * An order in which nothing stands before what its writer had seen, whatever the clocks said: a PC whose clock runs
 * ahead stamps later than somebody who answers to it (docs/adr/0004). Between those who did not know of each other the
 * clock decides. A pure function of the set.
 */
export function inCausalOrder<T extends Stamped>(all: readonly T[]): T[] {
  const waiting = [...all].sort((a, b) => compare(a.version, b.version));
  // nobody answers to a stamp later than their own: the clocks were right
  if (waiting.every((a) => a.saw.every((seen) => seen < a.version))) return waiting;
  const ordered: T[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex((a) => !waiting.some((b) => saw(a, b)));
    // changes that claim to have seen each other can only be forged; then the clock decides
    ordered.push(...waiting.splice(Math.max(0, next), 1));
  }
  return ordered;
}

/**
 * Concurrent pairs that stand at the tips of their branches: of two people who each wrote several things,
 * only the last of either is set against the other. In a pair the one that holds for now stands last.
 */
export function concurrentTips<T extends Stamped>(all: readonly T[]): [T, T][] {
  const pairs: [T, T][] = [];
  const ordered = inCausalOrder(all);
  for (const [at, a] of ordered.entries()) {
    for (const b of ordered.slice(at + 1)) {
      if (!concurrent(a, b)) continue;
      const later = ordered.some((c) => (saw(c, a) && concurrent(c, b)) || (saw(c, b) && concurrent(c, a)));
      if (!later) pairs.push([a, b]);
    }
  }
  return pairs;
}
