import { expect, it } from 'vitest';
import { similarNames } from '../../../electron/clinic/beds/similar-names.ts';

const alike = (a: string, b: string) =>
  similarNames(
    new Map([
      ['a', a],
      ['b', b],
    ]),
  ).size === 2;

it.each([
  ['nguyen van an', 'nguyen van an'],
  ['nguyen van an', 'nguyen van anh'],
  ['le thi hoa', 'le thi hoai'],
  ['tran thi lan', 'tran thi lam'],
  ['pham van binh', 'pham van bihn'],
])('%s and %s can be taken for each other', (a, b) => expect(alike(a, b)).toBe(true));

it.each([
  ['nguyen van an', 'nguyen van binh'],
  ['nguyen thi hoa', 'nguyen van hoa'],
  ['', ''],
])('%s and %s cannot', (a, b) => expect(alike(a, b)).toBe(false));
