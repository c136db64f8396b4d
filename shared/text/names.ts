// Vietnamese names: people are called, sorted and looked for by the last word.
import { canonical, fold, foldedWords } from './fold.ts';

/** Last word as written; the whole name when it has one word. */
export const givenName = (fullName: string): string => tidy(fullName).split(' ').at(-1) ?? '';

/** Letters of the words before the last, then the last: `nguyen van an` → `nvan`, as people type it in a hurry. */
export function shortName(fullName: string): string {
  const words = foldedWords(fullName);
  const given = words.pop() ?? '';
  return words.map((w) => w.charAt(0)).join('') + given;
}

/** First letters of the last two words, upper case: `VA` of `Nguyễn Văn An`; family names are too few to tell people apart. */
export const initials = (fullName: string): string =>
  tidy(fullName)
    .split(' ')
    .slice(-2)
    .map((w) => (w.match(/\p{L}/u)?.[0] ?? '').toUpperCase())
    .join('');

const collator = new Intl.Collator('vi', { numeric: true });

/** In the order of a Vietnamese dictionary. */
export const compareNames = (a: string, b: string): number => collator.compare(a, b);

/** By given name, then by the whole name. */
export const compareByGivenName = (a: string, b: string): number =>
  collator.compare(givenName(a), givenName(b)) || collator.compare(tidy(a), tidy(b));

/**
 * A name as it goes into the record: composed, single spaces, and capitals where it was typed all in one
 * case (old cards and wedge scanners). A name typed in mixed case is left alone: its owner knows better.
 */
export function properName(typed: string): string {
  const name = tidy(typed);
  const oneCase = name === name.toLowerCase() || name === name.toUpperCase();
  if (!oneCase) return name;
  return name
    .toLowerCase()
    .replace(
      /(^|[^\p{L}\p{M}])(\p{L})/gu,
      (_m, before: string, letter: string) => before + letter.toUpperCase(),
    );
}

/** The same folded words in any order, so that two names on one ward that read alike can be flagged. */
export const looksAlike = (a: string, b: string): boolean => sortedWords(a) === sortedWords(b);

const sortedWords = (name: string): string => fold(name).split(' ').sort().join(' ');
const tidy = (text: string): string => canonical(text).replace(/\s+/g, ' ').trim();
