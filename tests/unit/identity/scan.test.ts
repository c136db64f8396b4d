import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseScan } from '../../../shared/identity/scan.ts';
import vectors from '../../fixtures/identity-vectors.json' with { type: 'json' };

const scan = (raw: string) => parseScan(raw, 2026);
const card = vectors.cccdQr[0]!.raw;
const insurance = vectors.bhytQr[0]!.raw;

describe('identity card QR', () => {
  it('gives every field of the card of 2021', () => {
    expect(scan(card)).toEqual({
      kind: 'cccd',
      cccd: '040085001234',
      cmnd: '182345678',
      fullName: 'Nguyễn Văn An',
      sex: '1',
      birthDate: '1985-03-02',
      address: 'Xóm 3, Xã Mẫu, Huyện Mẫu, Nghệ An',
      issuedOn: '2021-06-15',
      layout: '2021',
    });
  });
  it.each(vectors.cccdQr.filter((v) => !('expect' in v)))(
    'reads: $case',
    ({ raw, dob, expectName, fields }) => {
      const read = scan(raw);
      expect(read.kind).toBe('cccd');
      if (read.kind !== 'cccd') return;
      if (dob) expect(read.birthDate).toBe(dob);
      if (expectName) expect(read.fullName).toBe(expectName);
      expect(read.layout).toBe(fields === 11 ? '2024' : '2021');
    },
  );
  it('reads composed and decomposed letters alike, with any line end', () => {
    expect(scan(`${card.normalize('NFD')}\r\n`)).toEqual(scan(card));
    expect(scan(`\u0002${card}\t`)).toEqual(scan(card));
  });
  it.each(vectors.cccdQr.filter((v) => 'expect' in v))('asks to scan again: $case', ({ raw }) => {
    expect(scan(raw)).toEqual({ kind: 'damaged', of: 'cccd', reason: 'input_method' });
  });
  it('asks to scan again when the string stopped early or a number is wrong', () => {
    expect(scan('040085001234|182345678|Nguyễn Văn An|02031985')).toMatchObject({
      kind: 'damaged',
      reason: 'cut_short',
    });
    expect(scan(card.replace('182345678', '18234567'))).toMatchObject({
      kind: 'damaged',
      reason: 'bad_number',
    });
    expect(scan(card.replace('02031985', '31021985'))).toMatchObject({ kind: 'damaged', reason: 'bad_date' });
    expect(scan(card.replace('Văn', 'Va8n'))).toMatchObject({ kind: 'damaged', reason: 'input_method' });
  });
});

describe('insurance card QR', () => {
  it('decodes hex names of the old paper card', () => {
    expect(scan(insurance)).toMatchObject({
      kind: 'bhyt',
      card: 'HS4401234567890',
      fullName: 'Phạm Minh Đức',
      sex: '1',
      birthDate: '2012-09-12',
      address: 'Xã Mẫu, Nghệ An',
      facilityCode: '40001',
      validFrom: '2025-01-01',
      validTo: '2025-12-31',
      issuedOn: '2025-01-05',
      fiveYearsFrom: '2022-01-01',
      parentName: null,
      repaired: false,
    });
  });
  it('takes names in plain text', () => {
    expect(scan(vectors.bhytQr[1]!.raw)).toMatchObject({
      kind: 'bhyt',
      fullName: 'Hoàng Thị Em',
      birthDate: '1960',
      sex: '2',
      facilityCode: '40001',
    });
  });
  it('puts back hex letters that an input method had joined', () => {
    expect(scan(vectors.bhytQr[2]!.raw)).toMatchObject({
      kind: 'bhyt',
      fullName: 'Phạm Minh Đức',
      repaired: true,
    });
  });
  it('decodes names written as UTF-16', () => {
    const hex = Buffer.from('Phạm Minh Đức', 'utf16le').toString('hex');
    expect(scan(insurance.replace(/5068[0-9a-f]+/, hex))).toMatchObject({
      kind: 'bhyt',
      fullName: 'Phạm Minh Đức',
    });
  });
  it('asks to scan again when the hex is no text', () => {
    expect(scan(insurance.replace(/5068[0-9a-f]+/, 'ff9fc3c3ff9fc3c3'))).toEqual({
      kind: 'damaged',
      of: 'bhyt',
      reason: 'unreadable_text',
    });
    expect(scan('HS4401234567890|5068e1')).toMatchObject({
      kind: 'damaged',
      of: 'bhyt',
      reason: 'cut_short',
    });
  });
  it('gives back any Vietnamese name it was given, in either encoding', () => {
    const name = fc
      .array(fc.constantFrom('Nguyễn', 'Đặng', 'Thị', 'Hoà', 'Ướt', "H'Mông", 'Ỷ', 'Lê', 'Ba'), {
        minLength: 2,
        maxLength: 5,
      })
      .map((w) => w.join(' '));
    fc.assert(
      fc.property(name, fc.constantFrom('utf8' as const, 'utf16le' as const), (fullName, encoding) => {
        const hex = Buffer.from(fullName, encoding).toString('hex');
        expect(scan(insurance.replace(/5068[0-9a-f]+/, hex))).toMatchObject({ fullName });
      }),
    );
  });
});

describe('bare numbers', () => {
  it.each([
    ['040085001234\r\n', 'cccd', '040085001234'],
    ['HS4401234567890', 'bhyt', 'HS4401234567890'],
    ['hs4 40 1234567890', 'bhyt', 'HS4401234567890'],
    ['1234567890', 'bhyt', '1234567890'],
    ['182345678', 'cmnd', '182345678'],
    ['2601A00123', 'record', '2601A00123'],
  ])('%s is a %s', (raw, type, value) => expect(scan(raw)).toEqual({ kind: 'number', type, value }));
  it('says when it does not know', () =>
    expect(scan('https://vneid.gov.vn/x')).toMatchObject({ kind: 'unknown' }));
  it('never throws, whatever is scanned', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (s) => {
        expect(scan(s).kind).toBeTruthy();
      }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('040085001234', '|', 'HS4401234567890', 'Nam', '1985', 'aâđ', '5068'), {
          maxLength: 30,
        }),
        (parts) => {
          expect(scan(parts.join('')).kind).toBeTruthy();
        },
      ),
    );
  });
});
