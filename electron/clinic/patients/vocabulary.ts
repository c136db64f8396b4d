// The few thousand words that names are made of, kept in memory to guess what a mistyped word meant.
import type { Database } from 'better-sqlite3';
import { slipsAllowed, slipsBetween } from '../../../shared/text/typos.ts';
import { statement } from '../../store/statement.ts';

interface Vocabulary {
  readonly words: Set<string>;
  lastId: number;
}

const ofStore = new WeakMap<Database, Vocabulary>();
const mostCorrections = 24;

export const isNameWord = (sql: Database, word: string): boolean => vocabularyOf(sql).has(word);

/** Words of names within the slips allowed for this length, nearest first; none for words too short to guess. */
export function correctionsOf(sql: Database, word: string): string[] {
  const most = slipsAllowed(word.length);
  if (most === 0) return [];
  const near: { word: string; slips: number }[] = [];
  for (const candidate of vocabularyOf(sql)) {
    const slips = slipsBetween(word, candidate, most);
    if (slips !== null && slips > 0) near.push({ word: candidate, slips });
  }
  near.sort((a, b) => a.slips - b.slips || (a.word < b.word ? -1 : 1));
  return near.slice(0, mostCorrections).map((n) => n.word);
}

/** Longest word of a name looked for when a name is taken apart; Vietnamese syllables have up to 7 letters. */
const longestWord = 7;
const mostSplits = 6;

/**
 * The ways a name typed without spaces can be words of names: `nguyenvanan` → nguyen van an. Fewest words first;
 * none when it is a single word or cannot be taken apart.
 */
export function splitsOf(sql: Database, text: string): string[][] {
  const known = vocabularyOf(sql);
  // ends[i]: how the first i letters can be words
  const ends: string[][][] = [[[]]];
  for (let end = 1; end <= text.length; end++) {
    const ways: string[][] = [];
    for (let start = Math.max(0, end - longestWord); start < end; start++) {
      const word = text.slice(start, end);
      // of single letters only y is a name by itself
      if ((word.length > 1 || word === 'y') && known.has(word))
        for (const before of ends[start] ?? []) ways.push([...before, word]);
    }
    ends[end] = ways.sort((a, b) => a.length - b.length).slice(0, mostSplits);
  }
  return (ends[text.length] ?? []).filter((way) => way.length > 1);
}

/** Reads only the words added since the last look. */
function vocabularyOf(sql: Database): ReadonlySet<string> {
  const known = ofStore.get(sql) ?? { words: new Set<string>(), lastId: 0 };
  ofStore.set(sql, known);
  for (const { id, word } of newWords(sql).all(known.lastId)) {
    known.words.add(word);
    known.lastId = id;
  }
  return known.words;
}

const newWords = statement<[number], { id: number; word: string }>(
  'select id, word from name_word where id > ? order by id',
);
