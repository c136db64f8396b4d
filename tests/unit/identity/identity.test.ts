import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ageOn } from '../../../shared/identity/age.ts';
import { bhytKey, readBhyt } from '../../../shared/identity/bhyt.ts';
import { checkCccd, readCccd } from '../../../shared/identity/cccd.ts';
import { formatPartialDate, isRealDate, parsePartialDate } from '../../../shared/identity/partial-date.ts';
import { normalisePhone } from '../../../shared/identity/phone.ts';
import vectors from '../../fixtures/identity-vectors.json' with { type: 'json' };

describe('personal number', () => {
  it.each(vectors.idNumber.filter((v) => v.provinceCode))('reads $in', (v) => {
    const parts = readCccd(v.in);
    expect(parts?.provinceCode).toBe(v.provinceCode);
    expect(parts?.sex).toBe(v.gender === 'male' ? '1' : '2');
    expect(parts?.birthYear).toBe(v.birthYear);
  });
  it('is twelve digits and nothing else', () => {
    expect(readCccd('04008500123')).toBeNull();
    expect(readCccd('182345678')).toBeNull();
    expect(readCccd('04008500123a')).toBeNull();
  });
  it('warns when sex or year do not fit', () => {
    expect(checkCccd('040085001234', { sex: '2', birthDate: '1985-03-02' }, 2026)).toEqual(['sex_differs']);
    expect(checkCccd('040085001234', { sex: '1', birthDate: '1986' }, 2026)).toEqual(['birth_year_differs']);
    expect(checkCccd('040085001234', { sex: '3', birthDate: null }, 2026)).toEqual([]);
    expect(checkCccd('003085001234', {}, 2026)).toEqual(['unknown_province']);
    expect(checkCccd('040399001234', {}, 2026)).toEqual(['born_in_future']);
    expect(checkCccd('123', { sex: '2' }, 2026)).toEqual([]);
  });
});

describe('insurance number', () => {
  it('takes fifteen characters, ten digits or a personal number', () => {
    expect(readBhyt('HS4 40 12345 67890')).toMatchObject({
      form: 'card',
      objectCode: 'HS',
      benefit: '4',
      insuranceNumber: '1234567890',
    });
    expect(readBhyt('1234567890')).toEqual({ form: 'insurance_number', insuranceNumber: '1234567890' });
    expect(readBhyt('040085001234')).toEqual({ form: 'cccd', cccd: '040085001234' });
    expect(readBhyt('te1401234567890')).toMatchObject({ newborn: true });
  });
  it.each(['HS9401234567890', 'HS440123456789', '12345678901', ''])('refuses %s', (typed) =>
    expect(readBhyt(typed)).toBeNull(),
  );
  it('knows an old card and the number on a new one as the same', () => {
    expect(bhytKey('HS4401234567890')).toBe(bhytKey('1234567890'));
  });
});

describe('phone', () => {
  it.each(vectors.phone)('$in', ({ in: typed, ok, out }) => {
    const read = normalisePhone(typed);
    expect(read !== null).toBe(ok);
    if (out) expect(read?.number).toBe(out);
  });
  it('takes numbers of other countries with their plus', () => {
    expect(normalisePhone('+856 20 5555 1234')).toEqual({ number: '+8562055551234', kind: 'foreign' });
    expect(normalisePhone('8562055551234')).toBeNull();
  });
  it('gives the same number the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789+ .-'), maxLength: 16 }), (s) => {
        const once = normalisePhone(s);
        if (once) expect(normalisePhone(once.number)).toEqual(once);
      }),
    );
  });
});

describe('birth dates', () => {
  it.each([
    ['02031985', '1985-03-02'],
    ['2/3/1985', '1985-03-02'],
    ['2.3.85', '1985-03-02'],
    ['2-3-26', '2026-03-02'],
    ['2/3/27', '1927-03-02'],
    ['3/1985', '1985-03'],
    ['031985', '1985-03'],
    ['1985', '1985'],
    ['1985-03-02', '1985-03-02'],
    ['29/2/2024', '2024-02-29'],
  ])('reads %s as %s', (typed, date) => expect(parsePartialDate(typed, 2026)).toBe(date));
  it.each([
    '29/2/2025',
    '31/4/2000',
    '32011985',
    '13/1985',
    '131985',
    '85',
    '2/3',
    'abc',
    '',
    '0000',
    '1/2/3/4',
    '123456789',
  ])('refuses %s', (typed) => expect(parsePartialDate(typed, 2026)).toBeNull());
  it('shows what it reads and reads what it shows', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1900-01-01'), max: new Date('2999-12-31'), noInvalidDate: true }),
        (d) => {
          const day = d.toISOString().slice(0, 10);
          for (const part of [day, day.slice(0, 7), day.slice(0, 4)]) {
            expect(parsePartialDate(formatPartialDate(part), 2026)).toBe(part);
            expect(isRealDate(part)).toBe(true);
          }
        },
      ),
    );
    expect(isRealDate('1985-02-30')).toBe(false);
  });
});

describe('age', () => {
  it('is told in days, months, then years', () => {
    expect(ageOn('2026-11-01', '2026-11-22')).toEqual({ unit: 'days', value: 21 });
    expect(ageOn('2026-10-22', '2026-11-22')).toEqual({ unit: 'months', value: 1 });
    expect(ageOn('2020-11-23', '2026-11-22')).toEqual({ unit: 'months', value: 71 });
    expect(ageOn('2020-11-22', '2026-11-22')).toEqual({ unit: 'years', value: 6, about: false });
  });
  it('is about a year when only the year is known', () => {
    expect(ageOn('1985', '2026-11-22')).toEqual({ unit: 'years', value: 41, about: true });
    expect(ageOn('2027', '2026-11-22')).toBeNull();
  });
});
