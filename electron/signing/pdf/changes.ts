// What may change in a PDF after somebody signed it: further signatures with their fields and appearances, document
// time-stamps, evidence (DSS). Everything else (content, pages, fonts, notes, form values, layers, actions) may not,
// however it is done: what is not explained by a way through the catalog that is known here is refused.
import {
  appended,
  type Comparison,
  explainNew,
  explainOwn,
  heldOnlyBy,
  onlyThese,
  ownersOf,
  TRAILER,
} from './comparison.ts';
import { evidenceChange } from './evidence.ts';
import { type SignatureField, signatureFields, textOf } from './fields.ts';
import { as, isName, need, type PdfFile } from './file.ts';
import { refuseLooks, refuseUnruly } from './looks.ts';
import { pagesOf } from './pages.ts';
import type { Allowed } from './permissions.ts';
import { freshSections, samePlace } from './revisions.ts';
import { type PdfDict, PdfFault, type PdfValue, same } from './values.ts';

/**
 * Null when only allowed things changed; else what did, in English. `allowed`: by those who signed before.
 * How much of the pages several updates cover together: coveredSince of looks.ts.
 */
export function forbiddenChange(before: PdfFile, after: PdfFile, allowed: Allowed): string | null {
  try {
    compare(before, after, allowed);
    return null;
  } catch (fault) {
    if (fault instanceof PdfFault) return fault.message;
    throw fault;
  }
}

function compare(before: PdfFile, after: PdfFile, allowed: Allowed): void {
  const fresh = freshSections(before, after);
  const comparison: Comparison = {
    before,
    after,
    touched: new Set(fresh.flatMap((section) => [...section.places.keys()])),
    explained: new Set(),
  };
  explainStructure(comparison, new Set(fresh.map((section) => section.offset)));
  compareTrailer(comparison);
  compareCatalog(comparison);
  const widgets = compareForm(comparison, allowed);
  evidenceChange(comparison);
  comparePages(comparison, widgets);
  const unexplained = [...comparison.touched].filter((number) => !unchangedOrExplained(comparison, number));
  refuseReachable(after, new Set(unexplained));
}

/** Cross-reference streams, and object streams that hold only objects of this update. */
function explainStructure(
  { before, after, touched, explained }: Comparison,
  offsets: ReadonlySet<number>,
): void {
  for (const number of touched) {
    if (before.places.has(number)) continue;
    const place = after.places.get(number);
    if (place?.in === 'file' && offsets.has(place.offset)) explained.add(number);
    if (place?.in !== 'stream' || before.places.has(place.stream)) continue;
    const held = after.held(place.stream);
    const listed = held.every((object, index) => {
      const at = after.places.get(object.number);
      return at?.in === 'stream' && at.stream === place.stream && at.index === index;
    });
    if (!listed) throw new PdfFault('an object stream holds more than is named');
    explained.add(place.stream);
  }
}

/** Of a trailer only Root, Info, ID and Encrypt (refused when reading) mean anything to a reader. */
function compareTrailer(comparison: Comparison): void {
  const { before, after, explained } = comparison;
  if (!same(before.trailer.entries.get('Root'), after.trailer.entries.get('Root')))
    throw new PdfFault('another catalog');
  const idOf = (file: PdfFile): PdfValue | undefined =>
    as(file.follow(file.trailer.entries.get('ID')), 'array')?.items[0];
  if (idOf(before) !== undefined && !same(idOf(before), idOf(after))) throw new PdfFault('another file ID');

  const info = after.trailer.entries.get('Info');
  const [was, is] = [
    as(before.follow(before.trailer.entries.get('Info')), 'dict'),
    as(after.follow(info), 'dict'),
  ];
  if (!is) {
    if (was) throw new PdfFault('information about the file taken away');
    return;
  }
  // many signing programs write who touched the file last; nobody is shown it as content
  onlyThese(was, is, ['ModDate', 'Producer']);
  const number = as(info, 'ref')?.number;
  if (number !== undefined && heldOnlyBy(comparison, number, [TRAILER])) explained.add(number);
}

function compareCatalog({ before, after, explained }: Comparison): void {
  onlyThese(before.root, after.root, ['AcroForm', 'DSS', 'Extensions', 'Version']);
  const version = after.root.entries.get('Version');
  if (version !== undefined && !/^[12]\.\d$/.test(need(version, 'name').name))
    throw new PdfFault('a version that is none');
  if (refersIn(after.root.entries.get('Extensions')))
    throw new PdfFault('extensions with objects of their own');
  explained.add(after.rootNumber);
}

const refersIn = (value: PdfValue | undefined): boolean => {
  if (value === undefined || value === null || typeof value !== 'object') return false;
  if (value.kind === 'ref') return true;
  if (value.kind === 'array') return value.items.some(refersIn);
  return value.kind === 'dict' && [...value.entries.values()].some(refersIn);
};

/** The widgets of new signatures, by number. */
function compareForm(comparison: Comparison, allowed: Allowed): Set<number> {
  const { before, after } = comparison;
  const widgets = new Set<number>();
  const value = after.root.entries.get('AcroForm');
  const [was, is] = [
    as(before.follow(before.root.entries.get('AcroForm')), 'dict'),
    as(after.follow(value), 'dict'),
  ];
  if (!is) {
    if (was) throw new PdfFault('the form taken away');
    return widgets;
  }
  explainOwn(comparison, value, [before.rootNumber]);
  // fonts for fields are nobody's business while there are no fields but signatures
  const bare = before.root.entries.get('AcroForm') === undefined || onlySignatures(before, was);
  onlyThese(was, is, ['Fields', 'SigFlags', ...(bare ? ['DR', 'DA'] : [])]);
  if (bare) for (const key of ['DR', 'DA']) explainNew(comparison, is.entries.get(key));
  const flagsOf = (form: PdfDict | null, file: PdfFile): number =>
    as(file.follow(form?.entries.get('SigFlags')), 'number')?.value ?? 0;
  const [old, now] = [flagsOf(was, before), flagsOf(is, after)];
  if (!Number.isInteger(now) || now < 0 || now > 3 || (old & ~now) !== 0) throw new PdfFault('form flags');

  const listOf = (form: PdfDict | null, file: PdfFile): readonly PdfValue[] =>
    as(file.follow(form?.entries.get('Fields')), 'array')?.items ?? [];
  const fields = appended(listOf(was, before), listOf(is, after), 'fields');
  const formNumber = as(value, 'ref')?.number ?? before.rootNumber;
  explainOwn(comparison, is.entries.get('Fields'), [formNumber, before.rootNumber]);
  for (const field of fields) newField(comparison, field, widgets, allowed);
  for (const field of signatureFields(before))
    if (!field.signature && comparison.touched.has(field.number)) filledField(comparison, field, allowed);
  return widgets;
}

const onlySignatures = (file: PdfFile, form: PdfDict | null): boolean =>
  (as(file.follow(form?.entries.get('Fields')), 'array')?.items ?? []).every((item) =>
    isName(as(file.follow(item), 'dict')?.entries.get('FT'), 'Sig'),
  );

const isStamp = (file: PdfFile, field: PdfValue): boolean =>
  isStampValue(file, as(file.follow(field), 'dict'));
const isStampValue = (file: PdfFile, field: PdfDict | null): boolean =>
  isName(file.follow(as(file.follow(field?.entries.get('V')), 'dict')?.entries.get('Type')), 'DocTimeStamp');

/** Nothing that acts, nothing that is not a signature's. */
const FIELD_KEYS = 'FT T TU TM V Ff Kids Lock SV DA DR Q Parent'.split(' ');
const WIDGET_KEYS = 'Parent Type Subtype Rect P F M NM AP AS MK BS Border DA Q'.split(' ');

/** With one place on a page, its own object or the field's only kid: more would be looks nobody signs for. */
function newField(comparison: Comparison, value: PdfValue, widgets: Set<number>, allowed: Allowed): void {
  const { before, after, explained } = comparison;
  const { number } = need(value, 'ref');
  const field = need(after.follow(value), 'dict');
  if (before.places.has(number)) throw new PdfFault('an old object made a field');
  if (!isName(field.entries.get('FT'), 'Sig') || field.entries.has('Parent'))
    throw new PdfFault('a field that is no signature');
  // an appearance without a signature would be an overlay nobody answers for
  if (!as(after.follow(field.entries.get('V')), 'dict')) throw new PdfFault('a field nobody signed');
  const stamp = isStamp(after, value);
  if (!stamp) refuseForbidden(nameOf(after, field), allowed);
  // a place on the page is more than signing where there is a field (12.8.2.2.2)
  const bare = stamp || allowed.level === 2;
  explained.add(number);
  const kids = field.entries.get('Kids');
  if (kids === undefined) {
    onlyThese(null, field, [...FIELD_KEYS, ...WIDGET_KEYS]);
    newWidget(comparison, field, number, widgets, bare);
  } else {
    onlyThese(null, field, FIELD_KEYS);
    explainOwn(comparison, kids, [number]);
    const [kid, ...more] = need(after.follow(kids), 'array').items;
    const widget = need(after.follow(kid), 'dict');
    const kidNumber = need(kid, 'ref').number;
    if (more.length > 0) throw new PdfFault('a signature in several places');
    if (before.places.has(kidNumber)) throw new PdfFault('an old object made a field');
    if (!same(widget.entries.get('Parent'), value)) throw new PdfFault('a widget of another field');
    explained.add(kidNumber);
    onlyThese(null, widget, WIDGET_KEYS);
    newWidget(comparison, widget, kidNumber, widgets, bare);
  }
  for (const key of ['V', 'Lock', 'SV', 'DR', 'MK', 'BS']) explainNew(comparison, field.entries.get(key));
}

function newWidget(
  comparison: Comparison,
  widget: PdfDict,
  number: number,
  widgets: Set<number>,
  bare: boolean,
): void {
  const { after } = comparison;
  if (!isName(widget.entries.get('Subtype'), 'Widget')) throw new PdfFault('a note that is no widget');
  if (widgets.has(number)) throw new PdfFault('a widget of two fields');
  refuseUnruly(after, widget);
  if (bare) refuseLooks(after, widget);
  for (const key of ['AP', 'MK', 'BS']) explainNew(comparison, widget.entries.get(key));
  widgets.add(number);
}

/** A field left empty by the form's maker is signed; it may be as large as a page with a purpose (coveredSince). */
function filledField(comparison: Comparison, { number, name }: SignatureField, allowed: Allowed): void {
  const { before, after, explained } = comparison;
  const [was, is] = [need(before.object(number), 'dict'), need(after.object(number), 'dict')];
  explained.add(number);
  if (same(was, is)) return;
  refuseForbidden(name, allowed);
  if (!as(after.follow(is.entries.get('V')), 'dict')) throw new PdfFault('a field nobody signed');
  // whoever asks for a time-stamp says nothing of who they are: no look of theirs
  onlyThese(was, is, isStampValue(after, is) ? ['V', 'M'] : ['V', 'AP', 'AS', 'M', 'F', 'MK']);
  refuseUnruly(after, is);
  for (const key of ['V', 'AP', 'MK']) explainNew(comparison, is.entries.get(key));
}

function refuseForbidden(field: string, allowed: Allowed): void {
  if (allowed.level === 1) throw new PdfFault('certified against further signatures');
  if (allowed.locked(field)) throw new PdfFault(`field ${field} is locked`);
}

const nameOf = (file: PdfFile, field: PdfDict): string => {
  const text = as(file.follow(field.entries.get('T')), 'string');
  return text ? textOf(text) : '';
};

/** Each new widget is listed once: `widgets` is emptied of those that are. */
function comparePages(comparison: Comparison, widgets: Set<number>): void {
  const { before, after, explained } = comparison;
  const [old, now] = [pagesOf(before), pagesOf(after)];
  if (old.length !== now.length) throw new PdfFault('other pages');
  old.forEach((was, at) => {
    const is = now[at];
    if (is?.number !== was.number) throw new PdfFault('other pages');
    onlyThese(was.dict, is.dict, ['Annots']);
    const notes = is.dict.entries.get('Annots');
    const added = appended(
      as(before.follow(was.dict.entries.get('Annots')), 'array')?.items ?? [],
      as(after.follow(notes), 'array')?.items ?? [],
      'notes on a page',
    );
    explainOwn(comparison, notes, [was.number]);
    explained.add(was.number);
    for (const note of added) {
      const { number } = need(note, 'ref');
      if (!widgets.delete(number)) throw new PdfFault('a note that is no signature, or shown twice');
    }
  });
}

/** False for a new object nothing known leads to. */
function unchangedOrExplained({ before, after, explained }: Comparison, number: number): boolean {
  const [was, is] = [before.places.get(number), after.places.get(number)];
  if (!was && !is) return true;
  if (was && !is) throw new PdfFault('an object taken away');
  if (was && is && samePlace(is, was)) return true;
  const generation = (place: typeof was): number => (place?.in === 'file' ? place.generation : 0);
  if (was && generation(was) !== generation(is)) throw new PdfFault('an object of another generation');
  // a reference that led nowhere when it was signed would lead to it now
  if (!was && ownersOf(before).has(number)) throw new PdfFault('an object that was missed before');
  if (explained.has(number)) return true;
  if (was && !same(before.object(number), after.object(number)))
    throw new PdfFault(`object ${number} changed`);
  return was !== undefined;
}

/** Some programs leave objects behind that nothing refers to, and nobody is shown those. */
function refuseReachable(after: PdfFile, strays: ReadonlySet<number>): void {
  if (strays.size === 0) return;
  const owners = ownersOf(after);
  for (const stray of strays)
    if ([...(owners.get(stray) ?? [])].some((owner) => !strays.has(owner)))
      throw new PdfFault(`object ${stray} without a reason`);
}
