// What later signatures may show over what somebody signed before them: little of each page all together, each in one
// place, and a document time-stamp nothing at all, because anybody may have one made without saying who they are.
import { as, isName, type PdfFile } from './file.ts';
import { decoded } from './filters.ts';
import { boxOf, type Page, pagesOf } from './pages.ts';
import { type PdfDict, PdfFault, type PdfStream, type PdfValue, same } from './values.ts';

/** Ours: signatures that cover more of a page than this all together cover what others signed. */
const MOST_OF_PAGE = 0.25;

/** Null when all that `after` shows more than `before` leaves each page readable; else what does not, in English. */
export function coveredSince(before: PdfFile, after: PdfFile): string | null {
  if (before.bytes.length === after.bytes.length) return null;
  try {
    return coveredPage(before, after) ? 'signatures over the page' : null;
  } catch (fault) {
    if (fault instanceof PdfFault) return fault.message;
    throw fault;
  }
}

function coveredPage(before: PdfFile, after: PdfFile): boolean {
  const old = new Map(pagesOf(before).map((page) => [page.number, page]));
  return pagesOf(after).some((page) => {
    const was = old.get(page.number);
    const known = new Set(was ? notesOn(before, was) : []);
    const covered = notesOn(after, page)
      .filter((note) => !known.has(note) || !same(before.object(note), after.object(note)))
      .reduce((sum, note) => sum + areaOf(after, as(after.object(note), 'dict')), 0);
    const [left, bottom, right, top] = page.shown;
    return covered > MOST_OF_PAGE * (right - left) * (top - bottom);
  });
}

/** With repetitions: what is listed twice is drawn twice. */
const notesOn = (file: PdfFile, { dict }: Page): readonly number[] =>
  (as(file.follow(dict.entries.get('Annots')), 'array')?.items ?? []).flatMap(
    (item) => as(item, 'ref')?.number ?? [],
  );

/** Square points; a place that is not four numbers is taken for a whole sheet. */
function areaOf(file: PdfFile, widget: PdfDict | null): number {
  if (!widget) return 0;
  const [left, bottom, right, top] = boxOf(file, file.follow(widget.entries.get('Rect')));
  return (right - left) * (top - bottom);
}

const NO_ZOOM = 8;

/** Looks that stay where and as large as their place says. Throws PdfFault. */
export function refuseUnruly(file: PdfFile, widget: PdfDict): void {
  const appearance = as(file.follow(widget.entries.get('AP')), 'dict');
  if ([...(appearance?.entries.keys() ?? [])].some((key) => key !== 'N'))
    throw new PdfFault('a look for the pointer');
  const flags = as(file.follow(widget.entries.get('F')), 'number')?.value ?? 0;
  // smaller on the screen, it would cover more of the page than its place
  if (!Number.isInteger(flags) || flags < 0 || (flags & NO_ZOOM) !== 0)
    throw new PdfFault('a look as large as it likes');
}

/** For what may show nothing. Throws PdfFault when a reader could show something of it. */
export function refuseLooks(file: PdfFile, widget: PdfDict): void {
  const rect = as(file.follow(widget.entries.get('Rect')), 'array');
  const [left, bottom, right, top] = boxOf(file, rect);
  if (rect?.items.length !== 4 || left !== right || bottom !== top)
    throw new PdfFault('a place on the page where there may be none');
  for (const key of ['MK', 'BS', 'Border'])
    if (!isNothing(file.follow(widget.entries.get(key))))
      throw new PdfFault('a border where there may be none');
  const look = file.follow(as(file.follow(widget.entries.get('AP')), 'dict')?.entries.get('N'));
  if (look !== null && !paintsNothing(file, as(look, 'stream'), 0))
    throw new PdfFault('a look where there may be none');
}

const isNothing = (value: PdfValue): boolean =>
  value === null ||
  as(value, 'dict')?.entries.size === 0 ||
  (as(value, 'array')?.items.every((item) => as(item, 'number')?.value === 0) ?? false);

/** Acrobat nests three. */
const DEEPEST = 4;

/** Empty, or only more of the same one inside the other, as Acrobat writes looks of which nothing is seen. */
function paintsNothing(file: PdfFile, look: PdfStream | null, depth: number): boolean {
  if (!look || depth > DEEPEST || !isName(file.follow(look.dict.entries.get('Subtype')), 'Form'))
    return false;
  const words = decoded(look)
    .toString('latin1')
    .replace(/%[^\r\n]*/g, ' ')
    .split(/[\s\0]+/)
    .filter((word) => word !== '');
  if (!words.every((word) => /^(?:q|Q|cm|Do|[-+.\d]+|\/\w+)$/.test(word))) return false;
  const inner = as(file.follow(look.dict.entries.get('Resources')), 'dict')?.entries.get('XObject');
  return [...(as(file.follow(inner), 'dict')?.entries.values() ?? [])].every((one) =>
    paintsNothing(file, as(file.follow(one), 'stream'), depth + 1),
  );
}
