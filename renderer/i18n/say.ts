// Sentences the core has chosen (shared/api/sync-sentences.ts): a key and its blanks. Instants travel as numbers and
// become words here, because only the page knows the reader's language and what the clock says now.
import { ago, number, shortMoment } from './format.ts';
import type { Text } from './index.ts';

interface Sentence {
  readonly key: string;
  readonly params?: Readonly<Record<string, string | number>> | undefined;
}

/** Instants of this century have 13 digits; counts of a record never do. */
const earliestInstant = Date.UTC(2001, 8, 10);

/** `when` reads as time gone by ("3 phút trước"), other instants as moments ("07:05", "07:05 21/11"). */
export function say(t: Text, { key, params = {} }: Sentence, now: number): string {
  const words = Object.entries(params).map(([name, value]) => [name, word(t, name, value, now)]);
  return t.of(key, Object.fromEntries(words));
}

function word(t: Text, name: string, value: string | number, now: number): string {
  if (typeof value === 'string') return value;
  if (value < earliestInstant) return number(t, value);
  return name === 'when' ? ago(t, value, now) : shortMoment(value, now);
}
