import { describe, expect, it } from 'vitest';
import {
  emptyForm,
  formFromDraft,
  fullDate,
  isPristine,
  problems,
  type RegistrationForm,
  toRegistration,
  warnings,
} from '../../../renderer/screens/registration/form.ts';
import { applyScan } from '../../../renderer/screens/registration/from-scan.ts';
import { contract } from '../../../shared/api/index.ts';

const now = Date.UTC(2026, 10, 22, 2, 0);
const filled: RegistrationForm = {
  ...emptyForm,
  fullName: '  nguyễn  văn an ',
  sex: '1',
  birth: '2/3/1985',
  cccd: '040 085 001 234',
  bhyt: 'gd4 40 0987654321',
  bhytFrom: '1/1/26',
  bhytTo: '31122026',
  bhytFacility: '40001',
  phone: '0912 345 678',
  provinceCode: '40',
  communeCode: '17329',
  provinceName: 'Nghệ An',
  communeName: 'Xã Vạn An',
  street: 'Xóm 3',
  relatives: [
    { fullName: 'Trần Thị Bình', relation: 'spouse', phone: '', isGuardian: false },
    { fullName: ' ', relation: 'mother', phone: '', isGuardian: false },
  ],
};

describe('the registration form', () => {
  it('becomes what the contract takes', () => {
    const sent = toRegistration(filled, '2025-07-01', [], now);
    const parsed = contract['patients.register'].input.safeParse(sent);
    expect(parsed.error?.issues ?? []).toEqual([]);
    expect(sent.demographics).toMatchObject({
      fullName: 'Nguyễn Văn An',
      sex: '1',
      birthDate: '1985-03-02',
      address: {
        listVersion: '2025-07-01',
        provinceCode: '40',
        communeCode: '17329',
        street: 'Xóm 3',
        text: 'Xóm 3, Xã Vạn An, Nghệ An',
      },
    });
    expect(sent.identifiers).toEqual([
      { type: 'cccd', value: '040085001234', issuedOn: null },
      {
        type: 'bhyt',
        value: 'GD4400987654321',
        validFrom: '2026-01-01',
        validTo: '2026-12-31',
        facilityCode: '40001',
      },
    ]);
    expect(sent.relatives?.map((r) => r.fullName)).toEqual(['Trần Thị Bình']);
  });

  it('takes a person nobody knows with sex and features alone', () => {
    const unknown = { ...emptyForm, unidentified: true, sex: '1' as const, unidentifiedNote: 'Áo xanh' };
    expect(problems(unknown, now)).toEqual({});
    const sent = toRegistration(unknown, '2025-07-01', [], now);
    expect(contract['patients.register'].input.safeParse(sent).success).toBe(true);
    expect(sent.unidentifiedNote).toBe('Áo xanh');
    expect(sent.demographics.fullName).toBeUndefined();
  });

  it('is stopped only by a missing name or sex and by dates that do not exist', () => {
    expect(problems(filled, now)).toEqual({});
    expect(problems(emptyForm, now)).toEqual({
      sex: 'registration.needSex',
      fullName: 'registration.needName',
    });
    expect(problems({ ...filled, birth: '30/02/1985' }, now).birth).toBe('registration.badBirth');
    expect(problems({ ...filled, birth: '2030' }, now).birth).toBe('registration.badBirth');
    expect(problems({ ...filled, bhytTo: '31/31' }, now).bhytTo).toBe('registration.badDate');
  });

  it('asks for a second look where number and person do not fit, without blocking', () => {
    expect(warnings(filled, now)).toEqual({});
    expect(warnings({ ...filled, sex: '2' }, now).cccd).toBe('cccd.sex_differs');
    expect(warnings({ ...filled, birth: '1986' }, now).cccd).toBe('cccd.birth_year_differs');
    expect(warnings({ ...filled, cccd: '04008500123' }, now).cccd).toBe('registration.cccdOddLength');
    expect(warnings({ ...filled, bhytTo: '31/12/2025' }, now).bhytTo).toBe('registration.bhytExpired');
    expect(problems({ ...filled, sex: '2', cccd: '040085001234' }, now)).toEqual({});
  });

  it('asks for the guardian of a child under six until one is named', () => {
    const child = { ...filled, cccd: '', birth: '22/11/2020' };
    expect(warnings({ ...child, birth: '23/11/2020' }, now).relatives).toBe('registration.needGuardian');
    expect(warnings(child, now).relatives).toBeUndefined();
    const guarded = [{ fullName: 'Lê Thị Cúc', relation: 'mother' as const, phone: '', isGuardian: true }];
    expect(warnings({ ...child, birth: '1/2025', relatives: guarded }, now).relatives).toBeUndefined();
  });

  it('reads a two-digit year of a card as this century', () => {
    expect(fullDate('31/12/31')).toBe('2031-12-31');
    expect(fullDate('1985')).toBeNull();
  });

  it('comes back from a draft, and survives a draft of an older shape', () => {
    expect(formFromDraft(JSON.stringify(filled))).toEqual(filled);
    expect(formFromDraft('{"fullName":"An","gone":1,"relatives":"?"}')).toMatchObject({ fullName: 'An' });
    expect(formFromDraft('null')).toBeNull();
    expect(isPristine(emptyForm)).toBe(true);
  });
});

describe('a scanned card', () => {
  const cccd = '040190002345||Trần Thị Bình|05061990|Nữ|Khối 2, Phường Mẫu, Nghệ An|06082024||||';

  it('fills the form from an identity card of either layout', () => {
    const outcome = applyScan(emptyForm, cccd, false, now);
    expect(outcome).toMatchObject({
      kind: 'filled',
      form: {
        fullName: 'Trần Thị Bình',
        sex: '2',
        birth: '05/06/1990',
        cccd: '040190002345',
        cccdIssued: '06/08/2024',
        street: 'Khối 2, Phường Mẫu, Nghệ An',
      },
    });
  });

  it('asks to scan again when an input method took part or damaged it', () => {
    expect(applyScan(emptyForm, cccd, true, now)).toEqual({
      kind: 'again',
      messageKey: 'scan.damaged.input_method',
    });
    const damaged = '040085001234|182345678|Nguyễn Văn An|02031985|Nâm|Xóm 3|15062021';
    expect(applyScan(emptyForm, damaged, false, now)).toMatchObject({ kind: 'again' });
  });

  it('takes an insurance card whose hex could be put back, and says so', () => {
    const raw =
      'HS4401234567890|5068e1bâ16d204d696e6820c490e1bba963|2012|1||40 - 001|01/01/2025|31/12/2025|05/01/2025|40001|||';
    const outcome = applyScan({ ...emptyForm, street: 'Xóm 1' }, raw, true, now);
    expect(outcome).toMatchObject({
      kind: 'filled',
      messageKey: 'registration.scannedBhytRepaired',
      form: {
        fullName: 'Phạm Minh Đức',
        birth: '2012',
        bhyt: 'HS4401234567890',
        bhytFrom: '01/01/2025',
        bhytTo: '31/12/2025',
        bhytFacility: '40001',
        street: 'Xóm 1',
      },
    });
  });

  it('keeps the name of the identity card when the insurance card is scanned after it', () => {
    const raw =
      'HS4401234567890|5068e1baa16d204d696e6820c490e1bba963|12/9/2012|1||40 - 001|01/01/2025|31/12/2025|-|-|-|-|-';
    const outcome = applyScan({ ...emptyForm, fullName: 'Phạm Minh Đức B' }, raw, false, now);
    expect(outcome).toMatchObject({ kind: 'filled', form: { fullName: 'Phạm Minh Đức B' } });
  });
});
