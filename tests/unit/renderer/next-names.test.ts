// Names offered for new rooms and beds.
import { expect, it } from 'vitest';
import { nextNames } from '../../../renderer/screens/layout/next-names.ts';

it.each([
  [['1', '2', '10'], 2, ['11', '12']],
  [['G01', 'G09'], 2, ['G10', 'G11']],
  [['Buồng 1', 'Buồng 2'], 1, ['Buồng 3']],
  [['101', '102'], 1, ['103']],
  [['A99'], 1, ['A100']],
  [['Cấp cứu'], 2, ['1', '2']],
  [[], 3, ['1', '2', '3']],
  [['1'], 0, []],
])('go on after %j', (names, count, next) => {
  expect(nextNames(names, count)).toEqual(next);
});
