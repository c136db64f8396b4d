import { expect, it } from 'vitest';
import { readSide, wordsOf } from '../../../electron/clinic/conflicts/words.ts';

const places = {
  ward: (id: string) => (id === 'w' ? 'Khoa Nội' : null),
  bed: (id: string) => (id === 'b' ? 'Buồng 1 · G01' : null),
  person: (id: string) => (id === 'p' ? 'Lê Thị Hoa' : null),
};
const at = Date.parse('2026-11-22T08:05+07:00');

it('names the place and time of an act of a stay', () => {
  expect(wordsOf({ act: 'transfer', at, ward: 'w', bed: 'b', text: null }, places)).toBe(
    'Khoa Nội · Buồng 1 · G01 · 08:05 22/11',
  );
  expect(wordsOf({ act: 'discharge', at, ward: null, bed: null, text: 'Viêm phổi' }, places)).toBe(
    '08:05 22/11 · Viêm phổi',
  );
});

it('names the person where the sides are two people', () => {
  const value = { act: 'admit', at, ward: 'w', bed: 'b', patient: 'p', number: '2601A00007' };
  expect(wordsOf(value, places)).toBe('Lê Thị Hoa · 2601A00007 · Khoa Nội · Buồng 1 · G01 · 08:05 22/11');
});

it('leaves out places this PC has not heard of yet', () => {
  expect(wordsOf({ act: 'transfer', at, ward: 'x', bed: 'y', text: null }, places)).toBe('08:05 22/11');
});

it('shows the values of fields as they were written', () => {
  expect(wordsOf('Nguyễn Văn An', places)).toBe('Nguyễn Văn An');
  expect(wordsOf(37.5, places)).toBe('37.5');
  expect(wordsOf({ province: 'Lạng Sơn', commune: 'Hữu Lũng', note: null }, places)).toBe(
    'Lạng Sơn · Hữu Lũng',
  );
  expect(wordsOf(['A', 'B'], places)).toBe('A · B');
});

it('says an emptied field is empty', () => {
  for (const nothing of [null, undefined, '', [], {}]) expect(wordsOf(nothing, places)).toBeNull();
});

it('does not take the value of a field for an act of a stay', () => {
  expect(readSide({ act: 'sing', at })).toBeNull();
  expect(readSide('transfer')).toBeNull();
});
