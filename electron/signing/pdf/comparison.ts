// Two states of a PDF side by side, and the ways an update's objects are explained: reached from a known entry, new or
// owned by nobody else. An object with two meanings, or one that was referred to before it was there, explains nothing.
import { as, type PdfFile } from './file.ts';
import { type PdfDict, PdfFault, type PdfValue, same } from './values.ts';

/** What one update did, and what of it has been explained so far. */
export interface Comparison {
  readonly before: PdfFile;
  readonly after: PdfFile;
  /** Objects the update's cross-references name. */
  readonly touched: ReadonlySet<number>;
  readonly explained: Set<number>;
}

/** Entries other than these are as they were; without a `was` there are no others. */
export function onlyThese(was: PdfDict | null, is: PdfDict, keys: readonly string[]): void {
  for (const key of new Set([...(was?.entries.keys() ?? []), ...is.entries.keys()]))
    if (!keys.includes(key) && !same(was?.entries.get(key), is.entries.get(key)))
      throw new PdfFault(`${key} changed`);
}

/** What was added behind a list; the list itself is as it was. */
export function appended(
  was: readonly PdfValue[],
  is: readonly PdfValue[],
  what: string,
): readonly PdfValue[] {
  if (was.length > is.length || was.some((item, at) => !same(item, is[at])))
    throw new PdfFault(`${what} changed`);
  return is.slice(was.length);
}

/** The object a known entry refers to: new, or old and used by nobody but its owners, so that it means nothing else. */
export function explainOwn(
  comparison: Comparison,
  value: PdfValue | undefined,
  owners: readonly number[],
): void {
  const number = as(value, 'ref')?.number;
  if (number !== undefined && heldOnlyBy(comparison, number, owners)) comparison.explained.add(number);
}

/** Ours: a signature's look is a page of text at most, not a chain of thousands. */
const DEEPEST = 60;

/** New objects reached from here are explained; old ones are left to be explained elsewhere or found unchanged. */
export function explainNew(comparison: Comparison, value: PdfValue | undefined, depth = 0): void {
  if (value === undefined || value === null || typeof value !== 'object') return;
  if (depth > DEEPEST) throw new PdfFault('new objects nested too deep');
  const { before, after, explained } = comparison;
  if (value.kind === 'ref') {
    if (before.places.has(value.number) || explained.has(value.number)) return;
    explained.add(value.number);
    explainNew(comparison, after.object(value.number), depth + 1);
  } else if (value.kind === 'array') for (const item of value.items) explainNew(comparison, item, depth + 1);
  else if (value.kind === 'dict')
    for (const item of value.entries.values()) explainNew(comparison, item, depth + 1);
  else if (value.kind === 'stream') explainNew(comparison, value.dict, depth + 1);
}

/** Number under which the trailer counts as an owner. */
export const TRAILER = 0;
const known = new WeakMap<PdfFile, ReadonlyMap<number, ReadonlySet<number>>>();

/** An object that is new or was not touched needs no owner. */
export function heldOnlyBy(
  { before, touched }: Comparison,
  number: number,
  allowed: readonly number[],
): boolean {
  if (!touched.has(number) || !before.places.has(number)) return true;
  return [...(ownersOf(before).get(number) ?? [])].every((owner) => allowed.includes(owner));
}

/** Which objects refer to which, dangling references too. */
export function ownersOf(file: PdfFile): ReadonlyMap<number, ReadonlySet<number>> {
  const owners = known.get(file) ?? allOwners(file);
  known.set(file, owners);
  return owners;
}

function allOwners(file: PdfFile): ReadonlyMap<number, ReadonlySet<number>> {
  const found = new Map<number, Set<number>>();
  const walk = (value: PdfValue | undefined, owner: number): void => {
    if (value === undefined || value === null || typeof value !== 'object') return;
    if (value.kind === 'ref') found.set(value.number, (found.get(value.number) ?? new Set()).add(owner));
    else if (value.kind === 'array') for (const item of value.items) walk(item, owner);
    else if (value.kind === 'dict') for (const item of value.entries.values()) walk(item, owner);
    else if (value.kind === 'stream') walk(value.dict, owner);
  };
  walk(file.trailer, TRAILER);
  // a cross-reference stream is its section's trailer and an object too
  const sections = new Set(file.sections.map((section) => section.offset));
  for (const [number, place] of file.places)
    if (place.in !== 'file' || !sections.has(place.offset)) walk(file.object(number), number);
  return found;
}
