// The few thousand words that names are made of, kept in memory to guess what a mistyped word meant.
import type { Database } from 'better-sqlite3';
import { slipsAllowed, slipsBetween } from '../../../shared/text/typos.ts';
import { statement } from '../statement.ts';

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
