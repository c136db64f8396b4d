import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duplicateStatements } from '../../../electron/clinic/patients/duplicates.ts';
import { isSearchIndexFault, rebuildSearchIndex } from '../../../electron/clinic/patients/index.ts';
import { recordNumberStatements } from '../../../electron/clinic/patients/record-number.ts';
import { searchStatements } from '../../../electron/clinic/patients/search.ts';
import { parseQuery } from '../../../electron/clinic/patients/search-query.ts';
import { type Desk, openDesk, person } from './support.ts';

/** A desk that knows a few people, and how to ask it for their names. */
function reception(): {
  desk: Desk;
  find(text: string, more?: { admittedOnly?: boolean; limit?: number }): string[];
  id(name: string): string;
} {
  const desk = openDesk();
  const ids = new Map<string, string>();
  const add = (
    fullName: string,
    birthDate: string | null,
    phone: string | null,
    numbers: [type: 'cccd' | 'bhyt' | 'cmnd', value: string][] = [],
  ) =>
    ids.set(
      fullName,
      desk.ask(
        'patients.register',
        person(
          fullName,
          { birthDate, phone },
          { identifiers: numbers.map(([type, value]) => ({ type, value })) },
        ),
      ).patientId,
    );
  add('Nguyễn Văn An', '1985-03-02', '0912345678', [
    ['cccd', '040085001234'],
    ['bhyt', 'HS4401234567890'],
  ]);
  add('Nguyễn Văn Ánh', '1990', null);
  add('Trần Thị Hòa', '1972-12-01', '0987111222', [['bhyt', '9876543210']]);
  add('Đặng Mỹ Linh', '2001-05', null, [['cccd', '079301004321']]);
  add("H'Mông Y Bĩnh", '1960', null);
  add('Lê Thuý', null, '02383123456', [['cmnd', '182345678']]);
  add('Phạm Minh Đức', '1985-11-20', null);
  const find = (text: string, more = {}): string[] =>
    desk.ask('patients.search', { text, ...more }).map((h) => h.fullName);
  return { desk, find, id: (name) => ids.get(name) ?? '' };
}

describe('search finds a person', () => {
  const { find, desk, id } = reception();
  it.each([
    ['an unaccented name', 'nguyen van an', 'Nguyễn Văn An'],
    ['an accented name', 'Nguyễn Văn Án', 'Nguyễn Văn An'],
    ['words in another order', 'an nguyen', 'Nguyễn Văn An'],
    ['the beginning of the last word', 'tran thi h', 'Trần Thị Hòa'],
    ['the other tone placement', 'hoà', 'Trần Thị Hòa'],
    ['đ typed as d', 'dang my linh', 'Đặng Mỹ Linh'],
    ['i for y', 'mi linh', 'Đặng Mỹ Linh'],
    ['an ethnic name without its apostrophe', 'hmong', "H'Mông Y Bĩnh"],
    ['an ethnic name in pieces', 'h mong y binh', "H'Mông Y Bĩnh"],
    ['the name in a hurry', 'pmduc', 'Phạm Minh Đức'],
    ['first letters only', 'pmd', 'Phạm Minh Đức'],
    ['two letters swapped', 'nguyen van an 1985', 'Nguyễn Văn An'],
    ['one wrong letter', 'tran thi hoe', 'Trần Thị Hòa'],
    ['swapped letters', 'dnag my linh', 'Đặng Mỹ Linh'],
    ['a missing letter', 'trn thi hoa', 'Trần Thị Hòa'],
    ['name and year', 'duc 1985', 'Phạm Minh Đức'],
    ['name and full date', 'an 2/3/1985', 'Nguyễn Văn An'],
    ['date as eight digits', '01121972', 'Trần Thị Hòa'],
    ['a phone with spaces', '0912 345 678', 'Nguyễn Văn An'],
    ['a phone with the country code', '+84987111222', 'Trần Thị Hòa'],
    ['the end of a phone', '1222', 'Trần Thị Hòa'],
    ['a landline', '02383123456', 'Lê Thuý'],
    ['a personal number', '079301004321', 'Đặng Mỹ Linh'],
    ['its last four digits', '4321', 'Đặng Mỹ Linh'],
    ['its beginning', '07930100', 'Đặng Mỹ Linh'],
    ['an old identity number', '182345678', 'Lê Thuý'],
    ['an insurance card', 'hs4 40 1234567890', 'Nguyễn Văn An'],
    ['the ten digits of the card', '1234567890', 'Nguyễn Văn An'],
    ['a full card of whom we know ten digits', 'GD4409876543210', 'Trần Thị Hòa'],
    ['a record number', '2601a00004', 'Đặng Mỹ Linh'],
    ['the end of a record number', '00004', 'Đặng Mỹ Linh'],
    ['a name and the end of a number', 'linh 4321', 'Đặng Mỹ Linh'],
    ['a mistyped name and the end of a number', 'dnag linh 4321', 'Đặng Mỹ Linh'],
    ['a mistyped name and a year', 'nguyne van an 1985', 'Nguyễn Văn An'],
    ['a mistyped name and a date', 'trna thi hoa 01/12/1972', 'Trần Thị Hòa'],
    ['a name without spaces', 'nguyenvanan', 'Nguyễn Văn An'],
    ['a name with one space left out', 'tran thihoa', 'Trần Thị Hòa'],
    ['a name without spaces and a year', 'nguyenvanan 1985', 'Nguyễn Văn An'],
    ['a name without spaces and the end of a number', 'dangmylinh 4321', 'Đặng Mỹ Linh'],
  ])('by %s', (_how, text, name) => expect(find(text)[0]).toBe(name));

  it('by year of birth alone', () => expect(find('1985').sort()).toEqual(['Nguyễn Văn An', 'Phạm Minh Đức']));
  it('saying which key matched', () => {
    const matched = (text: string) => desk.ask('patients.search', { text })[0]?.matched;
    expect(
      ['nguyen van an', '1985', '5678', '079301004321', '1234567890', '2601A00001', '182345678'].map(matched),
    ).toEqual(['name', 'birth', 'phone', 'cccd', 'bhyt', 'record', 'other']);
  });
  it.each([
    '',
    '   ',
    '"',
    "'; drop table patient",
    'zzzz',
    'qwerty asdf',
    '99999',
    '12',
    '%',
    '*',
    'nguyen zzzz',
    'OR',
    'an 9999999',
    '31/2/1985 an xx',
    'NEAR(a b)',
    '0an',
    'nguyenvanzz',
    'tran linh 4321',
  ])('not by %j', (text) => expect(find(text)).toEqual([]));
  it('not by a name that is two letters long and one off: An and Anh are both names', () =>
    expect(find('nguyen van ax')).toEqual([]));
  it('exact names first, then beginnings', () =>
    expect(find('nguyen van an')).toEqual(['Nguyễn Văn An', 'Nguyễn Văn Ánh']));
  it('those in a bed before others of the same rank, then by given name', () => {
    expect(find('nguyen')).toEqual(['Nguyễn Văn An', 'Nguyễn Văn Ánh']);
    desk.admitted.add(id('Nguyễn Văn Ánh'));
    expect(find('nguyen')).toEqual(['Nguyễn Văn Ánh', 'Nguyễn Văn An']);
    expect(find('nguyen', { admittedOnly: true })).toEqual(['Nguyễn Văn Ánh']);
    expect(desk.ask('patients.search', { text: 'anh' })[0]?.admission).toMatchObject({
      wardName: 'Khoa Nội',
      bedLabel: 'P1-2',
    });
    desk.admitted.clear();
  });
  it('whatever is typed, without failing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(find(text).length).toBeLessThanOrEqual(20);
      }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('an', '"', '(', ')', '*', 'AND', 'NOT', '1985', '-', ':', '^', '{', '0'), {
          maxLength: 10,
        }),
        (parts) => {
          expect(find(parts.join(' ')).length).toBeLessThanOrEqual(20);
        },
      ),
    );
  });
  it('under the new name once it was corrected, and no longer under the old one', () => {
    const patientId = id('Phạm Minh Đức');
    const { versions } = desk.ask('patients.get', { patientId });
    const { undo } = desk.ask('patients.update', {
      patientId,
      set: { fullName: 'Phạm Minh Đạt' },
      saw: versions,
    });
    expect(find('pham minh duc')).toEqual([]);
    expect(find('pham minh dat')).toEqual(['Phạm Minh Đạt']);
    rebuildSearchIndex(desk.store.sql);
    expect(find('pham minh dat')).toEqual(['Phạm Minh Đạt']);
    desk.undo(undo);
    expect(find('pham minh duc')).toEqual(['Phạm Minh Đức']);
  });
  it('by a number that was ended: old cards come back in old hands', () => {
    const patientId = id('Lê Thuý');
    const [number] = desk.ask('patients.get', { patientId }).identifiers;
    desk.ask('patients.endIdentifier', { patientId, id: number!.id, reason: 'Đổi căn cước' });
    expect(find('182345678')).toEqual(['Lê Thuý']);
  });
});

describe('a damaged search index', () => {
  it('is noticed by the integrity check, by its name, and written anew from the names', () => {
    const { desk, find } = reception();
    const { store } = desk;
    store.sql.unsafeMode(true);
    store.sql.exec('update patient_fts_data set block = zeroblob(length(block)) where id > 10');
    store.sql.unsafeMode(false);
    const report = store.integrityCheck();
    expect(report.ok).toBe(false);
    expect(isSearchIndexFault(report.detail ?? '')).toBe(true);
    rebuildSearchIndex(store.sql);
    expect(store.integrityCheck().ok).toBe(true);
    expect(find('nguyen van an')[0]).toBe('Nguyễn Văn An');
  });
});

describe('what was typed is read as', () => {
  it.each([
    ['nguyen van an 1985', { words: ['nguyen', 'van', 'an'], year: '1985', date: null, numbers: ['1985'] }],
    ['an 02031985', { words: ['an'], year: null, date: '1985-03-02', numbers: ['02031985'] }],
    ['an 1985 4321', { words: ['an'], year: '1985', date: null, numbers: ['1985', '4321'] }],
    ['0912 345 678', { words: [], year: null, date: null, numbers: ['0912345678'] }],
    ['2/3/85 an', { words: ['an'], year: null, date: '1985-03-02', numbers: [] }],
    ['2099', { words: [], year: null, date: null, numbers: ['2099'] }],
  ])('%s', (text, query) => expect(parseQuery(text, 2026)).toEqual(query));
});

describe('duplicates', () => {
  const { desk, id } = reception();
  const ask = (input: ReturnType<typeof person>) =>
    desk
      .ask('patients.duplicates', { demographics: input.demographics, identifiers: input.identifiers ?? [] })
      .map((d) => [d.fullName, d.reasons, d.certainty]);
  const an = 'Nguyễn Văn An';

  it.each([
    [
      'the same personal number',
      person('Ai Đó', {}, { identifiers: [{ type: 'cccd', value: '040085001234' }] }),
      [an, ['same_cccd'], 'high'],
    ],
    [
      'that number given as insurance number',
      person('Ai Đó', {}, { identifiers: [{ type: 'bhyt', value: '040085001234' }] }),
      [an, ['same_cccd'], 'high'],
    ],
    [
      'the ten digits of the card',
      person('Ai Đó', {}, { identifiers: [{ type: 'bhyt', value: '1234567890' }] }),
      [an, ['same_bhyt'], 'high'],
    ],
    [
      'a new card with the same ten digits',
      person('Ai Đó', {}, { identifiers: [{ type: 'bhyt', value: 'GD4409876543210' }] }),
      ['Trần Thị Hòa', ['same_bhyt'], 'high'],
    ],
    [
      'the same old identity number',
      person('Ai Đó', {}, { identifiers: [{ type: 'cmnd', value: '182 345 678' }] }),
      ['Lê Thuý', ['same_cmnd'], 'high'],
    ],
    ['a phone only', person('Ai Đó', { phone: '+84 912 345 678' }), [an, ['same_phone'], 'low']],
    [
      'the same name and birth',
      person('NGUYỄN VĂN AN', { birthDate: '1985-03-02' }),
      [an, ['same_name_birth'], 'high'],
    ],
    [
      'the same letters with other accents',
      person('Nguyễn Văn Ân', { birthDate: '1985-03-02' }),
      [an, ['same_name_birth'], 'medium'],
    ],
    [
      'a name one letter off',
      person('Nguyễn Vân An', { birthDate: '1985-03-02' }),
      [an, ['same_name_birth'], 'medium'],
    ],
    [
      'a mistyped name',
      person('Nguyền Vam An', { birthDate: '1985-03-02' }),
      [an, ['similar_name_birth'], 'medium'],
    ],
    [
      'a middle name left out',
      person('Nguyễn An', { birthDate: '1985-03-02' }),
      [an, ['similar_name_birth'], 'medium'],
    ],
    [
      'day and month exchanged',
      person('Nguyễn Văn An', { birthDate: '1985-02-03' }),
      [an, ['similar_name_birth'], 'medium'],
    ],
    ['only the year known', person('Nguyễn Văn An', { birthDate: '1985' }), [an, ['same_name_year'], 'low']],
    [
      'only the year known, and the phone',
      person('Nguyễn Văn An', { birthDate: '1985', phone: '0912345678' }),
      [an, ['same_phone', 'same_name_year'], 'medium'],
    ],
  ])('by %s', (_case, input, expected) => expect(ask(input)).toEqual([expected]));

  it('by name and commune', () => {
    const address = {
      listVersion: '2025-07-01',
      provinceCode: '40',
      communeCode: '17329',
      street: '',
      text: 'Xóm 3, Xã Mẫu, Nghệ An',
    };
    const { versions } = desk.ask('patients.get', { patientId: id('Lê Thuý') });
    desk.ask('patients.update', { patientId: id('Lê Thuý'), set: { address }, saw: versions });
    expect(ask(person('Lê Thúy', { address }))).toEqual([['Lê Thuý', ['same_name_address'], 'low']]);
    // the same code of another list is another place
    expect(
      ask(person('Lê Thúy', { address: { ...address, listVersion: '2024-06-11', text: 'khác' } })),
    ).toEqual([]);
  });
  it.each([
    ['another day of the same year', person('Nguyễn Văn An', { birthDate: '1985-07-09' })],
    ['a name alone', person('Nguyễn Văn An')],
    ['two typos', person('Nguyem Vam An', { birthDate: '1985-03-02' })],
    ['a short phone of a service', person('Ai Đó', { phone: '115' })],
    ['nothing at all', { demographics: { sex: '1' as const } }],
  ])('not by %s', (_case, input) => expect(ask(input)).toEqual([]));
});

describe('every statement of search, duplicates and numbering goes by an index', () => {
  const { desk } = reception();
  it.each(Object.entries({ ...searchStatements, ...duplicateStatements, ...recordNumberStatements }))(
    '%s',
    (_name, statement) => {
      const plan = desk.store.sql
        .prepare<unknown[], { detail: string }>(
          `explain query plan ${statement.text.replaceAll(/[@?]\w*/g, 'null')}`,
        )
        .all()
        .map((row) => row.detail);
      const scans = plan.filter(
        (line) => /^SCAN/.test(line) && !/VIRTUAL TABLE|\(subquery|CONSTANT ROW/.test(line),
      );
      expect(scans).toEqual([]);
      expect(plan.some((line) => /TEMP B-TREE/.test(line))).toBe(false);
    },
  );
});
