// What the core can say about sending, and the page's words for it: the same sentences with the same blanks.
import { expect, it } from 'vitest';
import { en, vi } from '../../../renderer/i18n/dictionaries.ts';
import { textIn } from '../../../renderer/i18n/index.ts';
import { say } from '../../../renderer/i18n/say.ts';
import { sentence, syncSentences } from '../../../shared/api/sync-sentences.ts';

const blanksOf = (words: string) => [...words.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();
const sentences = Object.entries(syncSentences);

it.each([
  ['Vietnamese', vi],
  ['English', en],
])(
  'has every sentence of the core in %s, with exactly its blanks',
  (_, words: Readonly<Record<string, string>>) => {
    const wrong = sentences.filter(([key, blanks]) => {
      const found = words[key];
      return found === undefined || blanksOf(found).join() !== blanks.toSorted().join();
    });
    expect(wrong.map(([key]) => key)).toEqual([]);
  },
);

it('shouts at nobody', () => {
  const loud = Object.entries(vi).filter(
    ([key, text]) => /^(sync|lookup|place|error)\./.test(key) && text.includes('!'),
  );
  expect(loud).toEqual([]);
});

it('words counts and instants in the language of the reader, as of now', () => {
  const now = Date.UTC(2026, 10, 22, 3, 0);
  const waiting = sentence('sync.off.only_here', { count: 1234, since: Date.UTC(2026, 10, 22, 0, 5) });
  expect(say(textIn('vi'), waiting, now)).toContain('1.234 việc từ 07:05');
  expect(say(textIn('en'), waiting, now)).toContain('1,234 entries from 07:05');
  const equal = sentence('sync.status.at_province', { when: now - 180_000 });
  expect(say(textIn('vi'), equal, now)).toContain('3 phút trước');
  const away = sentence('sync.status.away', { name: 'Sở Y tế', contact: Date.UTC(2026, 10, 20, 1, 30) });
  expect(say(textIn('vi'), away, now)).toContain('Sở Y tế từ 08:30 20/11');
});
