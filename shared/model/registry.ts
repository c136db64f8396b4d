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
  const byName = new Map<string, ChangeKind>();
  for (const kind of kinds) {
    const name = nameOf(kind.kind, kind.v);
    const other = byName.get(name);
    if (other && other !== kind) throw new Error(`change kind ${name} is defined twice`);
    byName.set(name, kind);
  }
  const names = new Set(kinds.map((k) => k.kind));
  const created = new Set(kinds.filter((k) => k.creates).map((k) => k.subject));
  return {
    all: [...byName.values()],
    find: (kind, v) => byName.get(nameOf(kind, v)),
    knows: (kind) => names.has(kind),
    isCreated: (type) => created.has(type),
  };
}

const nameOf = (kind: string, v: number) => `${kind}/${v}`;
