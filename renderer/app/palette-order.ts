// What comes first among the answers to a few typed letters: people, as a rule.
import { fold } from '../../shared/text/fold.ts';

interface Found {
  readonly fullName: string;
  readonly matched: string;
}

/**
 * True when everybody found is only nearly what was typed: then a ward or a command that has these very words
 * ("van tay") was meant rather than Văn Tâm. `words`: folded.
 */
export const onlyNearly = (people: readonly Found[], words: string): boolean =>
  people.every(({ fullName, matched }) => matched === 'name' && !fold(fullName).includes(words));
