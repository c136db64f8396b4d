// Changes that lost their number to another branch of their feed and are carried on inside other changes: how a
// subject reads them. Each counts as a writer of its own, because it and the branch that stayed never saw each
// other although one station name and one row of numbers stand on both; what refers to it is led to that name.
import { type Change, canonicalOrder, changeId, versionOf } from '../../shared/model/change.ts';
import { CodecError, decodeForeign, type FieldNames } from '../../shared/sync/codec.ts';
import { carriedIn, carriesTruly } from '../../shared/sync/forks.ts';
import { sha256Hex } from './crypto.ts';

/** What a change of the log shows: itself, or what it carries. Null: it claims to carry what it does not. */
export function shownBy(change: Change, kindOf: FieldNames): Change | null {
  const stored = carriedIn(change);
  if (!stored) return change;
  try {
    const inner = decodeForeign(stored, sha256Hex(stored), kindOf);
    return carriesTruly(change, inner) ? { ...inner, carried: true } : null;
  } catch (error) {
    if (error instanceof CodecError) return null;
    throw error;
  }
}

/**
 * The changes of one subject, each once, in canonical order. Pure: the same set gives the same list, whoever
 * carries what. Where the log holds the original too, that one counts under its own name.
 */
export function unite(changes: readonly Change[]): Change[] {
  if (!changes.some((c) => c.carried)) return [...changes].sort(canonicalOrder);
  const inPlace = new Map(changes.filter((c) => !c.carried).map((c) => [c.hash, c]));
  const carried = new Map(changes.filter((c) => c.carried).map((c) => [c.hash, c]));
  const names = namesOf(inPlace, carried);
  const moved = [...carried.values()].filter((c) => !inPlace.has(c.hash));
  const all = [...inPlace.values(), ...moved];
  const seenBy = sawOf(all, names);
  return all
    .map((c): Change => {
      const body = rewrite(c, names, seenBy);
      return c.carried ? { ...c, incarnation: ownName(c), body } : { ...c, body };
    })
    .sort(canonicalOrder);
}

/** Real incarnations are small; from here on the number stands for a single carried change. */
const OWN_NAMES = 2 ** 44;
const ownName = (c: Pick<Change, 'hash'>): number => OWN_NAMES + Number.parseInt(c.hash.slice(0, 11), 16);
const renamed = (c: Change): Change => ({ ...c, incarnation: ownName(c) });

interface Names {
  /** Version as somebody wrote it → version under which the change is read. */
  readonly versions: ReadonlyMap<string, string>;
  /** The same of change ids. */
  readonly ids: ReadonlyMap<string, string>;
  /** Ids that a change of the branch that stayed has too: whom they mean depends on who says it. */
  readonly contested: ReadonlySet<string>;
}

function namesOf(inPlace: ReadonlyMap<string, Change>, carried: ReadonlyMap<string, Change>): Names {
  const versions = new Map<string, string>();
  const ids = new Map<string, string>();
  const contested = new Set<string>();
  const takenVersions = new Set([...inPlace.values()].map(versionOf));
  const takenIds = new Set([...inPlace.values()].map(changeId));
  for (const c of carried.values()) {
    const own = renamed(c);
    if (inPlace.has(c.hash)) {
      // carried somewhere while it had no number here; who wrote then names it so
      versions.set(versionOf(own), versionOf(c));
      ids.set(changeId(own), changeId(c));
      continue;
    }
    if (!takenVersions.has(versionOf(c))) versions.set(versionOf(c), versionOf(own));
    ids.set(changeId(c), changeId(own));
    if (takenIds.has(changeId(c))) contested.add(changeId(c));
  }
  return { versions, ids, contested };
}

/**
 * Lists of what a change had seen name the latest of each writer only. A carried change being a writer of its own,
 * what it had seen itself belongs to the list as well.
 */
function sawOf(all: readonly Change[], names: Names): (c: Change) => readonly string[] | null {
  const carried = new Map(all.filter((c) => c.carried).map((c) => [versionOf(renamed(c)), c]));
  const known = new Map<Change, readonly string[] | null>();
  const seen = (c: Change): readonly string[] | null => {
    const found = known.get(c);
    if (found !== undefined) return found;
    const written = c.body.saw;
    if (!Array.isArray(written)) {
      known.set(c, null);
      return null;
    }
    const tokens = new Set(
      written.filter((t) => typeof t === 'string').map((t) => names.versions.get(t) ?? t),
    );
    // against a circle, which only a forger can write
    known.set(c, [...tokens]);
    for (const token of [...tokens]) {
      const other = carried.get(token);
      if (other && other !== c) for (const t of seen(other) ?? []) tokens.add(t);
    }
    const list = [...tokens].sort();
    known.set(c, list);
    return list;
  };
  return seen;
}

function rewrite(
  c: Change,
  names: Names,
  sawOfChange: (c: Change) => readonly string[] | null,
): Change['body'] {
  const saw = sawOfChange(c);
  const meansCarried = (id: string): boolean => {
    if (!names.contested.has(id)) return true;
    const own = names.ids.get(id);
    if (own === undefined) return false;
    const incarnation = own.split('.')[1];
    return saw === null ? c.carried === true : saw.some((v) => v.endsWith(`.${incarnation}`));
  };
  const word = (text: string): string => {
    const version = names.versions.get(text);
    if (version !== undefined) return version;
    const id = names.ids.get(text);
    return id !== undefined && meansCarried(text) ? id : text;
  };
  const value = (v: unknown): unknown => {
    if (typeof v === 'string') return v.includes(',') ? v.split(',').map(word).join(',') : word(v);
    if (Array.isArray(v)) return v.map(value);
    if (v !== null && typeof v === 'object' && !(v instanceof Uint8Array))
      return Object.fromEntries(Object.entries(v).map(([k, member]) => [k, value(member)]));
    return v;
  };
  const body = Object.fromEntries(Object.entries(c.body).map(([k, v]) => [k, value(v)]));
  return saw === null ? body : { ...body, saw };
}
