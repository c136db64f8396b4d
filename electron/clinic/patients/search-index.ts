// Keeps the full-text index equal to the words of each patient. Entries are removed from the index file itself
// (secure-delete), so that a corrected name leaves no trace outside the log.
import type { Database } from 'better-sqlite3';
import { statement } from '../../store/statement.ts';
import { nameWords } from './words.ts';

export function indexPatient(sql: Database, patientId: string, words: string, fullName: string): void {
  const known = keyAndWords(sql).get(patientId);
  if (known?.words === words && known.fullName === fullName) return;
  for (const word of nameWords(words)) addWord(sql).run(word);
  if (!known) {
    const key = insertSearch(sql).run(patientId, words, fullName).lastInsertRowid;
    insertEntry(sql).run(key, words);
    return;
  }
  deleteEntry(sql).run(known.key, known.words);
  updateSearch(sql).run(words, fullName, known.key);
  insertEntry(sql).run(known.key, words);
}

/** Throws away the full-text index and writes it anew from patient_search: for a damaged index. */
export function rebuildSearchIndex(sql: Database): void {
  sql.exec("insert into patient_fts (patient_fts) values ('rebuild')");
}

/** Whether what the integrity check found is damage to the full-text index alone: nothing of the record is lost. */
export const isSearchIndexFault = (detail: string): boolean => detail.includes('patient_fts');

export const keyAndWords = statement<[string], { key: number; words: string; fullName: string }>(
  'select key, words, full_name as fullName from patient_search where patient_id = ?',
);
const insertSearch = statement<[string, string, string]>(
  'insert into patient_search (patient_id, words, full_name) values (?, ?, ?)',
);
const updateSearch = statement<[string, string, number]>(
  'update patient_search set words = ?, full_name = ? where key = ?',
);
const addWord = statement<[string]>('insert or ignore into name_word (word) values (?)');
const insertEntry = statement<[number | bigint, string]>(
  'insert into patient_fts (rowid, words) values (?, ?)',
);
const deleteEntry = statement<[number, string]>(
  "insert into patient_fts (patient_fts, rowid, words) values ('delete', ?, ?)",
);
