// ICD-10 in Vietnamese (QD 4469/QD-BYT, valid to 2026-06-30; its successor TT 06/2026 is not published as data).
// Searched by walking two long strings, list and folded list, line by line: 12,137 rows in a few milliseconds.
import type { Code } from '../../../shared/codes/code.ts';
import { fold, foldedWords } from '../../../shared/text/fold.ts';
import { slipsAllowed, slipsBetween } from '../../../shared/text/typos.ts';

interface Icd {
  /** `A00.1\tname` per line. */
  readonly lines: string;
  /** ` a001 folded name` per line, the same lines in the same order. */
  readonly folded: string;
}

let loaded: Promise<Icd> | null = null;

/**
 * By code (`a09`, `A09.0`, `J189`; an input method may have made `Ạ09` of it) or by words, each the beginning
 * of a word of the name; with no hit one mistyped word is forgiven.
 */
export async function searchIcd(typed: string, limit: number): Promise<Code[]> {
  loaded ??= load();
  const icd = await loaded;
  const code = fold(typed).replaceAll(' ', '');
  if (/^[a-z]\d[\da-z]*$/.test(code)) return pick(icd, limit, (line) => line.startsWith(` ${code}`));
  const words = foldedWords(typed);
  if (words.length === 0) return [];
  const phrase = ` ${words.join(' ')}`;
  const all = (line: string): boolean => words.every((w) => line.includes(` ${w}`));
  // whole phrase at the beginning of the name, then anywhere, then the words apart
  const first = pick(icd, limit, (line) => nameOf(line).startsWith(phrase));
  const found = joined(
    first,
    limit,
    () => pick(icd, limit, (line) => line.includes(phrase)),
    () => pick(icd, limit, all),
  );
  return found.length > 0 ? found : withOneTypo(icd, words, limit);
}

async function load(): Promise<Icd> {
  const { default: list } = await import('../../../resources/catalogues/icd10-qd4469.json', {
    with: { type: 'json' },
  });
  const folded = list.rows
    .split('\n')
    .map((line) => {
      const [code = '', name = ''] = line.split('\t');
      return ` ${fold(code).replaceAll(' ', '')} ${fold(name)}`;
    })
    .join('\n');
  return { lines: list.rows, folded };
}

/** Folded line without its code, still with a space before each word. */
const nameOf = (line: string): string => line.slice(line.indexOf(' ', 1));

function pick(icd: Icd, limit: number, fits: (foldedLine: string) => boolean): Code[] {
  const found: Code[] = [];
  let at = 0;
  let foldedAt = 0;
  while (foldedAt < icd.folded.length && found.length < limit) {
    const foldedEnd = endOfLine(icd.folded, foldedAt);
    const end = endOfLine(icd.lines, at);
    if (fits(icd.folded.slice(foldedAt, foldedEnd))) {
      const [code = '', name = ''] = icd.lines.slice(at, end).split('\t');
      found.push({ code, name });
    }
    foldedAt = foldedEnd + 1;
    at = end + 1;
  }
  return found;
}

const endOfLine = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
};

function joined(first: Code[], limit: number, ...more: (() => Code[])[]): Code[] {
  const found = new Map(first.map((row) => [row.code, row]));
  for (const next of more) {
    if (found.size >= limit) break;
    for (const row of next()) if (found.size < limit && !found.has(row.code)) found.set(row.code, row);
  }
  return [...found.values()];
}

function withOneTypo(icd: Icd, words: readonly string[], limit: number): Code[] {
  const vocabulary = new Set(icd.folded.split(/\s+/));
  const wrong = words.findIndex((w) => !icd.folded.includes(` ${w}`));
  const typed = words[wrong];
  if (typed === undefined) return [];
  const most = slipsAllowed(typed.length);
  const meant = [...vocabulary].filter((w) => most > 0 && slipsBetween(typed, w, most) !== null);
  const others = words.filter((_, i) => i !== wrong);
  return meant.length === 0
    ? []
    : pick(
        icd,
        limit,
        (line) =>
          others.every((w) => line.includes(` ${w}`)) && meant.some((w) => `${line} `.includes(` ${w} `)),
      );
}
