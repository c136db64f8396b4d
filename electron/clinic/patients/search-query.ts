// Reads what someone typed into the search box: words of a name, a date or year of birth, numbers or their
// last digits, in any order and any mixture.
import { parsePartialDate } from '../../../shared/identity/partial-date.ts';
import { normalisePhone } from '../../../shared/identity/phone.ts';
import { foldedWords } from '../../../shared/text/fold.ts';
import { numberKey } from './words.ts';

export interface SearchQuery {
  /** Folded, in the order typed. */
  readonly words: readonly string[];
  /** A year of birth, if it can be one; such a number may also be the end of another number. */
  readonly year: string | null;
  /** Birth date to the day or month. */
  readonly date: string | null;
  /** Numbers or pieces of them, letters and digits, upper case. */
  readonly numbers: readonly string[];
}

/** Shorter pieces are in too many numbers to help. */
const shortestPiece = 4;
const mostWords = 8;

export function parseQuery(typed: string, todayYear: number): SearchQuery {
  const tokens = typed
    .toWellFormed()
    .normalize('NFC')
    .split(/[\s,;]+/)
    .filter(Boolean);
  const words: string[] = [];
  const numbers: string[] = [];
  let date: string | null = null;
  for (const [i, token] of tokens.entries()) {
    if (!/\d/.test(token)) words.push(...foldedWords(token));
    else if (/[/.-]/.test(token) && parsePartialDate(token, todayYear))
      date = parsePartialDate(token, todayYear);
    else if (continues(tokens[i - 1], token) && numbers.length > 0)
      numbers.push(`${numbers.pop()}${numberKey(token)}`);
    else numbers.push(numberKey(token));
  }
  const eight = numbers.find((n) => n.length === 8 && /^\d{8}$/.test(n) && looksBorn(n, todayYear));
  if (eight && date === null) date = parsePartialDate(eight, todayYear);
  const year = numbers.find((n) => /^(19|20)\d{2}$/.test(n) && Number(n) <= todayYear) ?? null;
  return {
    words: words.slice(0, mostWords),
    year,
    date,
    numbers: numbers.map(asStored).filter((n) => n.length >= shortestPiece),
  };
}

/** `0912 345 678`, `HS4 40 1234567890`: groups of one number, unless either could be a year or a whole number by itself. */
const continues = (before: string | undefined, token: string): boolean =>
  before !== undefined &&
  /\d/.test(before) &&
  /^\d+$/.test(token) &&
  !standsAlone.test(token) &&
  !standsAlone.test(before);
const standsAlone = /^(?:(?:19|20)\d{2}|\d{12}|.*[/.-].*)$/;

const asStored = (number: string): string => normalisePhone(number)?.number ?? number;

function looksBorn(digits: string, todayYear: number): boolean {
  const date = parsePartialDate(digits, todayYear);
  return date !== null && date >= '1900' && Number(date.slice(0, 4)) <= todayYear;
}
