// The pages of a file in order, and what they inherit.
import { as, isName, need, type PdfFile } from './file.ts';
import { type PdfDict, PdfFault, type PdfValue } from './values.ts';

export interface Page {
  readonly number: number;
  readonly dict: PdfDict;
  /** Points: left, bottom, right, top. */
  readonly mediaBox: readonly [number, number, number, number];
}

/** Ours: no paper has more. */
const MOST_PAGES = 5000;
const DEEPEST = 32;

/** Throws PdfFault when the tree is not one. */
export function pagesOf(file: PdfFile): readonly Page[] {
  const pages: Page[] = [];
  const seen = new Set<number>();
  const walk = (value: PdfValue | undefined, inherited: PdfValue, depth: number): void => {
    const { number } = need(value, 'ref');
    if (seen.has(number) || depth > DEEPEST || pages.length >= MOST_PAGES)
      throw new PdfFault('page tree goes round');
    seen.add(number);
    const dict = need(file.follow(value), 'dict');
    const box = dict.entries.has('MediaBox') ? file.follow(dict.entries.get('MediaBox')) : inherited;
    if (!isName(file.follow(dict.entries.get('Type')), 'Pages')) {
      pages.push({ number, dict, mediaBox: boxOf(file, box) });
      return;
    }
    for (const kid of need(file.follow(dict.entries.get('Kids')), 'array').items) walk(kid, box, depth + 1);
  };
  walk(file.root.entries.get('Pages'), null, 0);
  return pages;
}

/** Four numbers, put in order; a missing one is A4, as readers take it. */
export function boxOf(file: PdfFile, value: PdfValue): readonly [number, number, number, number] {
  const numbers = as(value, 'array')?.items.map((item) => as(file.follow(item), 'number')?.value ?? 0) ?? [];
  const [a = 0, b = 0, c = 595, d = 842] = numbers;
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}
