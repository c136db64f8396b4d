// Which change kinds this program knows, by name and version.
import type { ChangeKind } from './change.ts';

export interface KindRegistry {
  readonly all: readonly ChangeKind[];
  /** Undefined for kinds and versions this program does not know: their changes are kept, not shown. */
  find(kind: string, v: number): ChangeKind | undefined;
  /** True when some version of this kind is known. */
  knows(kind: string): boolean;
  /** True when some kind brings subjects of this type into being, so that refs to them can be waited for. */
  isCreated(type: string): boolean;
}

/** Throws when two kinds share a name and version: that is a bug of the program. */
export function kindRegistry(kinds: readonly ChangeKind[]): KindRegistry {
  const byName = new Map<string, Map<number, ChangeKind>>();
  for (const kind of kinds) {
    const versions = byName.get(kind.kind) ?? new Map<number, ChangeKind>();
    byName.set(kind.kind, versions);
    const other = versions.get(kind.v);
    if (other && other !== kind) throw new Error(`change kind ${kind.kind}/${kind.v} is defined twice`);
    versions.set(kind.v, kind);
  }
  const created = new Set(kinds.filter((k) => k.creates).map((k) => k.subject));
  return {
    all: [...byName.values()].flatMap((versions) => [...versions.values()]),
    find: (kind, v) => byName.get(kind)?.get(v),
    knows: (kind) => byName.has(kind),
    isCreated: (type) => created.has(type),
  };
}
