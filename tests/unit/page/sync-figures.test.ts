// Figures of sending and receiving turned into what people read: speed, countdown, code groups, time left.
import { expect, it } from 'vitest';
import { joinFieldOf } from '../../../renderer/parts/join-fields.ts';
import { roughly, timeLeft } from '../../../renderer/screens/first-run/time-left.ts';
import { addressesIn, countdown, groupsOf, speedWord } from '../../../renderer/screens/sync/line-words.ts';

it.each([
  [900, 'sync.speed.veryWeak'],
  [8_000, 'sync.speed.weak'],
  [60_000, 'sync.speed.fair'],
  [5_000_000, 'sync.speed.good'],
])('calls a line of %i bytes a second %s', (rate, word) => expect(speedWord(rate)).toBe(word));

it.each([
  [30 * 60_000 + 900, '30:00'],
  [29 * 60_000 + 4_200, '29:04'],
  [59_000, '0:59'],
  [-3_000, '0:00'],
])('counts %i ms down as %s', (ms, text) => expect(countdown(ms)).toBe(text));

it('shows a code in its own groups, or in fours when it came in one piece', () => {
  expect(groupsOf('K7QF-2M9T-XW4H-B3CDE')).toEqual(['K7QF', '2M9T', 'XW4H', 'B3CDE']);
  expect(groupsOf('K7QF2M9TXW4HB3CDE')).toEqual(['K7QF', '2M9T', 'XW4H', 'B3CD', 'E']);
});

it('reads addresses one per line or with commas, each once', () => {
  expect(addressesIn(' 10.0.0.5\n10.0.0.6:7443, 10.0.0.5 ')).toEqual(['10.0.0.5', '10.0.0.6:7443']);
  expect(addressesIn('  ')).toEqual([]);
});

it('says nothing of the time left before it has seen the line for a while', () => {
  const first = { at: 0, doneBytes: 0 };
  expect(timeLeft(first, { at: 1_000, doneBytes: 500 }, 1_000)).toBeNull();
  expect(timeLeft(first, { at: 10_000, doneBytes: 0 }, 1_000)).toBeNull();
  expect(timeLeft(first, { at: 10_000, doneBytes: 500 }, null)).toBeNull();
  expect(timeLeft(first, { at: 10_000, doneBytes: 500 }, 1_000)).toBe(10_000);
});

it('counts only what came since it began to watch', () =>
  expect(timeLeft({ at: 0, doneBytes: 400 }, { at: 10_000, doneBytes: 500 }, 1_000)).toBe(50_000));

it.each([
  [12_000, { unit: 'seconds' }],
  [61_000, { unit: 'minutes', n: 2 }],
  [3 * 3_600_000, { unit: 'hours', n: 3 }],
])('rounds %i ms left up', (ms, left) => expect(roughly(ms)).toEqual(left));

it('puts a refused joining under the field it is about', () => {
  const failure = (code: 'code_used' | 'peer_unreachable' | 'already_enrolled') => ({
    code,
    messageKey: `error.${code}`,
  });
  expect(joinFieldOf(failure('code_used'))).toBe('code');
  expect(joinFieldOf(failure('peer_unreachable'))).toBe('address');
  expect(joinFieldOf(failure('already_enrolled'))).toBeNull();
  expect(joinFieldOf({ ...failure('code_used'), fields: { address: 'field.bad_value' } })).toBe('fields');
});
