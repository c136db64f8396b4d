// Nobody burns the codes of a province by trying them all.
import { expect, it } from 'vitest';
import { guessesOf } from '../../../province/doors/guesses.ts';

it('lets a person mistype, and makes a machine wait, and only that one', () => {
  let now = 0;
  const guesses = guessesOf(() => now);
  for (let n = 0; n < 20; n++) {
    expect(guesses.tooMany('10.0.0.1')).toBe(false);
    guesses.wrong('10.0.0.1');
    now += 1_000;
  }
  expect(guesses.tooMany('10.0.0.1')).toBe(true);
  expect(guesses.tooMany('10.0.0.2')).toBe(false);
  now += 60_000;
  expect(guesses.tooMany('10.0.0.1')).toBe(false);
});
