// The dictionary is known to peers by its content, so its bytes never change; and it holds nothing of any person.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { personName } from '../../../electron/training/names.ts';
import { seededRandom } from '../../../electron/training/random.ts';
import { dictionary1 } from '../../../shared/sync/dictionary-1.gen.ts';

const bytes = readFileSync(join(import.meta.dirname, '..', '..', '..', 'resources', 'sync', 'dictionary-1'));

it('has the bytes it always had', () => {
  expect(bytes.length).toBe(32 * 1024);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(
    '11b99cb8cd53eef071bab2a406a669fc64a53286e3ef7ee379eb553e31733ec7',
  );
  expect(dictionary1.sha256).toBe('11b99cb8cd53eef071bab2a406a669fc64a53286e3ef7ee379eb553e31733ec7');
  expect(Buffer.from(dictionary1.base64, 'base64').equals(bytes)).toBe(true);
});

it('names nobody: no name of the training center, no number of a card or a phone', () => {
  const text = bytes.toString('utf8');
  const random = seededRandom(1);
  for (let i = 0; i < 3_000; i++) {
    const name = personName(random, i % 2 ? '1' : '2');
    expect(text.includes(name), name).toBe(false);
    // family and middle name, which is where names of people differ from other words
    expect(text.includes(name.split(' ').slice(0, 2).join(' ')), name).toBe(false);
  }
  expect(text.match(/\d{9,}/)).toBe(null);
});
