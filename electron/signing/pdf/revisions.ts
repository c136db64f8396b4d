// What stands behind a signed revision: only whole objects that its own new cross-references name, those
// cross-references, and nothing between them. The old revision's chain must go on unbroken below the new one.
import type { PdfFile } from './file.ts';
import { atWord, parseIndirect, skipSpace, wholeNumber, wholeOf } from './parse.ts';
import { PdfFault } from './values.ts';
import type { Place, Section } from './xref.ts';

/** The sections `after` has on top of `before`, newest first. Throws PdfFault when something else is there too. */
export function freshSections(before: PdfFile, after: PdfFile): readonly Section[] {
  const count = after.sections.length - before.sections.length;
  const older = after.sections.slice(Math.max(count, 0));
  if (count < 0 || older.some((section, at) => section.offset !== before.sections[at]?.offset))
    throw new PdfFault('the signed cross-references are not those underneath');
  const fresh = after.sections.slice(0, count);
  if (fresh.some((section) => section.alsoAt !== null))
    throw new PdfFault('an update that readers may read in two ways');
  if (fresh.length === 0 && after.bytes.length > before.bytes.length)
    throw new PdfFault('something after the end');
  tile(before, after, fresh);
  return fresh;
}

/** Walks the new bytes; every object in them must be where a new section says, and every place named must be there. */
function tile(before: PdfFile, after: PdfFile, fresh: readonly Section[]): void {
  const sectionAt = new Map(fresh.map((section) => [section.offset, section]));
  const objectAt = new Map<number, number>();
  for (const section of fresh)
    for (const [number, place] of section.places)
      if (place.in === 'file' && !samePlace(place, before.places.get(number))) {
        if (objectAt.has(place.offset)) throw new PdfFault('two objects at one place');
        objectAt.set(place.offset, number);
      }
  const lengthOf = (of: { number: number }): number => wholeOf(after.object(of.number));
  const cursor = { bytes: after.bytes, at: before.bytes.length };
  for (skipSpace(cursor); cursor.at < cursor.bytes.length; skipSpace(cursor)) {
    const start = cursor.at;
    const section = sectionAt.get(start);
    if (atWord(cursor, 'startxref')) {
      cursor.at += 'startxref'.length;
      skipSpace(cursor);
      const to = wholeNumber(cursor);
      if (to >= start || !after.sections.some(({ offset }) => offset === to))
        throw new PdfFault('startxref to nowhere');
    } else if (section?.kind === 'table') {
      cursor.at = section.end;
      sectionAt.delete(start);
    } else {
      const found = parseIndirect(after.bytes, start, lengthOf);
      if (section) sectionAt.delete(start);
      else if (objectAt.get(start) !== found.number) throw new PdfFault('an object no cross-reference names');
      if (objectAt.get(start) === found.number) objectAt.delete(start);
      cursor.at = found.end;
    }
  }
  if (sectionAt.size > 0 || objectAt.size > 0)
    throw new PdfFault('a cross-reference into what was there before');
}

export const samePlace = (a: Place, b: Place | undefined): boolean =>
  b !== undefined &&
  ((a.in === 'file' && b.in === 'file' && a.offset === b.offset && a.generation === b.generation) ||
    (a.in === 'stream' && b.in === 'stream' && a.stream === b.stream && a.index === b.index));
