import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, spellings } from '../../../shared/text/fold.ts';
import {
  compareByGivenName,
  givenName,
  initials,
  looksAlike,
  properName,
  shortName,
} from '../../../shared/text/names.ts';
import { normaliseTones, readsSame } from '../../../shared/text/tone.ts';
import { namesWithinOneTypo, slipsAllowed, slipsBetween } from '../../../shared/text/typos.ts';
import vectors from '../../fixtures/identity-vectors.json' with { type: 'json' };

const vietnamese = fc.string({
  unit: fc.constantFrom(
    ..."aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ ĐÐ'",
  ),
  maxLength: 30,
});

describe('folding', () => {
  it.each(vectors.nameFold)('reads $in as $fold', ({ in: typed, fold: folded, same = [], display }) => {
    expect(fold(typed)).toBe(folded);
    for (const other of same) {
      expect(fold(other)).toBe(folded);
      expect(readsSame(other, typed)).toBe(true);
    }
    if (display) expect(properName(typed)).toBe(display);
  });
  it('changes nothing the second time, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (s) => {
        expect(fold(fold(s))).toBe(fold(s));
      }),
    );
    fc.assert(
      fc.property(vietnamese, (s) => {
        expect(fold(fold(s))).toBe(fold(s));
      }),
    );
  });
  it('does not care whether letters are composed, nor about case and spacing', () => {
    fc.assert(
      fc.property(vietnamese, (s) => {
        expect(fold(s.normalize('NFD'))).toBe(fold(s.normalize('NFC')));
        expect(fold(s.toUpperCase())).toBe(fold(s));
        expect(fold(`  ${s.replaceAll(' ', '   ')} `)).toBe(fold(s));
      }),
    );
  });
  it('leaves plain a–z words of every Vietnamese letter', () => {
    fc.assert(
      fc.property(vietnamese, (s) => {
        expect(fold(s)).toMatch(/^([a-z]+( [a-z]+)*)?$/);
      }),
    );
  });
  it('survives lone surrogates', () => expect(fold('An\ud800 B')).toBe('an b'));
  it('folds the Icelandic Ð like the Vietnamese Đ', () => expect(fold('Ðào')).toBe('dao'));
  it('knows that a final i and y are read alike after a consonant', () => {
    expect(spellings('my')).toEqual(['my', 'mi']);
    expect(spellings('ki')).toEqual(['ki', 'ky']);
    expect(spellings('quy')).toEqual(['quy', 'qui']);
    expect(spellings('thuy')).toEqual(['thuy']);
    expect(spellings('mai')).toEqual(['mai']);
    expect(spellings('y')).toEqual(['y']);
  });
});

describe('tone marks', () => {
  it.each(vectors.toneNormalise)('writes %s as %s', (from, to) => {
    const bare = (s: string): string => s.replace(/ \(.*\)/, '');
    expect(normaliseTones(bare(from ?? ''))).toBe(bare(to ?? ''));
  });
  it.each(['Hoàng', 'thuyền', 'khuỷu', 'quỳnh', 'Hoài', 'huế', 'quà', 'giò', 'toàn'])(
    'leaves %s alone',
    (word) => expect(normaliseTones(word)).toBe(word),
  );
  it('keeps capitals', () => expect(normaliseTones('NGUYỄN THỊ HOÀ')).toBe('NGUYỄN THỊ HÒA'));
  it('never changes what a word folds to', () => {
    fc.assert(
      fc.property(vietnamese, (s) => {
        expect(fold(normaliseTones(s))).toBe(fold(s));
      }),
    );
  });
  it('tells names apart that differ by accent or tone', () => {
    expect(readsSame('Nguyễn Văn Toàn', 'Nguyễn Văn Toán')).toBe(false);
    expect(readsSame('Lê Thuý', 'lê  thúy')).toBe(true);
  });
});

describe('names', () => {
  it('calls people by the last word', () => {
    expect(givenName('Nguyễn Văn  An ')).toBe('An');
    expect(givenName('Y')).toBe('Y');
  });
  it('sorts by given name in dictionary order', () => {
    const names = ['Trần Văn Ân', 'Lê Đức', 'Phạm Thị An', 'Bùi Ánh', 'Ngô Dũng', 'Lê An'];
    expect(names.sort(compareByGivenName)).toEqual([
      'Lê An',
      'Phạm Thị An',
      'Bùi Ánh',
      'Trần Văn Ân',
      'Ngô Dũng',
      'Lê Đức',
    ]);
  });
  it('shortens a name the way it is typed in a hurry', () => {
    expect(shortName('Nguyễn Văn Ấn')).toBe('nvan');
    expect(initials('Nguyễn Văn Ấn')).toBe('VẤ');
    expect(initials('Lô Thị Mai Thảo')).toBe('MT');
    expect(initials('Xia')).toBe('X');
  });
  it('gives capitals only to names typed in one case', () => {
    expect(properName('NGUYỄN VĂN AN')).toBe('Nguyễn Văn An');
    expect(properName("h'mông y bĩnh")).toBe("H'Mông Y Bĩnh");
    expect(properName('Y Bham nhỏ')).toBe('Y Bham nhỏ');
  });
  it('flags names that read alike', () => {
    expect(looksAlike('Nguyễn Thị Hòa', 'Nguyễn Thị Hoa')).toBe(true);
    expect(looksAlike('Nguyễn Thị Hòa', 'Nguyễn Thị Hoan')).toBe(false);
  });
});

describe('typos', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abcdnguyt'), maxLength: 9 });
  it('counts a wrong, missing, extra or swapped letter as one slip', () => {
    expect(slipsBetween('nguyen', 'nguyne', 2)).toBe(1);
    expect(slipsBetween('nguyen', 'nguye', 2)).toBe(1);
    expect(slipsBetween('nguyen', 'nguyeen', 2)).toBe(1);
    expect(slipsBetween('nguyen', 'ngoyen', 2)).toBe(1);
    expect(slipsBetween('nguyen', 'tran', 2)).toBeNull();
  });
  it('is the same both ways and zero only for equal words', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(slipsBetween(a, b, 9)).toBe(slipsBetween(b, a, 9));
        expect(slipsBetween(a, b, 9) === 0).toBe(a === b);
      }),
    );
  });
  it('gives up exactly when the distance is over the bound', () => {
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 3 }), (a, b, most) => {
        const full = slipsBetween(a, b, 20) ?? 99;
        expect(slipsBetween(a, b, most)).toBe(full <= most ? full : null);
      }),
    );
  });
  it('forgives nothing in words of two letters', () =>
    expect([1, 2, 3, 7, 8].map(slipsAllowed)).toEqual([0, 0, 1, 1, 2]));
  it('pairs names with one slipped word', () => {
    expect(namesWithinOneTypo(['nguyen', 'van', 'tuan'], ['nguyen', 'van', 'toan'])).toBe(true);
    expect(namesWithinOneTypo(['nguyen', 'van', 'tuan'], ['nguyne', 'van', 'toan'])).toBe(false);
  });
});
