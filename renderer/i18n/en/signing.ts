import type { signing as vi } from '../vi/signing.ts';
import type { WordsOf } from '../words.ts';

export const signing: WordsOf<typeof vi> = {
  'signing.title': 'Signing',
  'signing.capsLock': 'Caps Lock is on.',
};
