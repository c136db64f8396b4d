import type { documents as vi } from '../vi/documents.ts';
import type { WordsOf } from '../words.ts';

export const documents: WordsOf<typeof vi> = {
  'documents.title': 'Papers',
};
