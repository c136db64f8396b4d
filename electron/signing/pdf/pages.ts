// The pages of a file in order, and what they inherit.
import { as, isName, need, type PdfFile } from './file.ts';
import { type PdfDict, PdfFault, type PdfValue } from './values.ts';

type Box = readonly [number, number, number, number];

export interface Page {
  readonly number: number;
  readonly dict: PdfDict;
  /** Points: left, bottom, right, top. */
  readonly mediaBox: Box;
  /** What readers show of it: the part of the media box that is not cropped away. */
  readonly shown: Box;
}

/** Ours: no paper has more. */
const MOST_PAGES = 5000;
const DEEPEST = 32;

/** Throws PdfFault when the tree is not one. */
export function pagesOf(file: PdfFile): readonly Page[] {
  const pages: Page[] = [];
  const seen = new Set<number>();
  const walk = (value: PdfValue | undefined, inherited: Boxes, depth: number): void => {
    const { number } = need(value, 'ref');
    if (seen.has(number) || depth > DEEPEST || pages.length >= MOST_PAGES)
      throw new PdfFault('page tree goes round');
    seen.add(number);
    const dict = need(file.follow(value), 'dict');
    const own = (key: string, otherwise: PdfValue): PdfValue =>
      dict.entries.has(key) ? file.follow(dict.entries.get(key)) : otherwise;
    const boxes = { media: own('MediaBox', inherited.media), crop: own('CropBox', inherited.crop) };
    if (!isName(file.follow(dict.entries.get('Type')), 'Pages')) {
      const mediaBox = boxOf(file, boxes.media);
      const crop = boxes.crop === null ? mediaBox : boxOf(file, boxes.crop);
      pages.push({ number, dict, mediaBox, shown: common(mediaBox, crop) });
      return;
    }
    for (const kid of need(file.follow(dict.entries.get('Kids')), 'array').items) walk(kid, boxes, depth + 1);
  };
  walk(file.root.entries.get('Pages'), { media: null, crop: null }, 0);
  return pages;
}

interface Boxes {
  readonly media: PdfValue;
  readonly crop: PdfValue;
}

/** The media box where they have nothing in common, as readers take it. */
function common(media: Box, crop: Box): Box {
  const [left, bottom] = [Math.max(media[0], crop[0]), Math.max(media[1], crop[1])];
  const [right, top] = [Math.min(media[2], crop[2]), Math.min(media[3], crop[3])];
  return left < right && bottom < top ? [left, bottom, right, top] : media;
}

/** Four numbers, put in order; a missing one is A4, as readers take it. */
export function boxOf(file: PdfFile, value: PdfValue): Box {
  const numbers = as(value, 'array')?.items.map((item) => as(file.follow(item), 'number')?.value ?? 0) ?? [];
  const [a = 0, b = 0, c = 595, d = 842] = numbers;
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}
