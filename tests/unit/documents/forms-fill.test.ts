// What the record gives a form: read from a real store, through the areas' own doors.
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { sourceKinds } from '../../../electron/clinic/documents/source-kinds.ts';
import { templates } from '../../../electron/clinic/documents/templates.ts';
import { faultsOf } from '../../../electron/clinic/documents/values.ts';
import { ageOnPaper } from '../../../electron/clinic/documents/words.ts';
import { ok } from '../../../shared/api/contract.ts';
import { dischargeTypes, outcomes, sexes } from '../../../shared/codes/value-sets.ts';
import type { ChangeKind } from '../../../shared/model/change.ts';
import { documentFreeze, documentVoid, documentWrite } from '../../../shared/model/documents.ts';
import {
  type FormField,
  FormTemplate,
  type FormValues,
  formSources,
} from '../../../shared/model/form-template.ts';
import {
  callerOf,
  day,
  doctor,
  eight,
  type FormCenter,
  minute,
  nurse,
  openFormCenter,
  wholeStay,
} from '../support/form-center.ts';

describe('filling a form from the record', () => {
  it('fills the discharge paper as it is written by hand', async () => {
    const center = openFormCenter();
    const stay = await wholeStay(center);
    expect(center.filled('giay-ra-vien', stay)).toEqual({
      co_quan_chu_quan: 'Sở Y tế tỉnh Nghệ An',
      co_so: 'Trung tâm Y tế khu vực Kỳ Sơn',
      so_ho_so: '2601A00001',
      ma_yt: '2601A00001',
      ho_ten: 'GIÀNG THỊ PÁO',
      ngay_sinh: '02/03/1985',
      tuoi: '41',
      gioi: '2',
      dan_toc: 'Kinh',
      nghe_nghiep: 'Lực lượng quân đội',
      so_giay_to: '040185001234',
      ngay_cap: '2021-08-25',
      bhxh: 'GD4404012345678',
      dia_chi: 'Bản Huồi Giảng, xã Tây Sơn, tỉnh Nghệ An',
      vao_vien: eight,
      ra_vien: eight + 4 * day + 90 * minute,
      chan_doan: { text: 'Viêm phổi thùy dưới phải', code: 'J18.1' },
      ghi_chu: 'Uống thuốc theo đơn',
      cha_me: 'Cha: Giàng A Sùng; Mẹ: Lầu Y Mái',
    });
  });

  it('tells the diagnosis of admission from the one at the end', async () => {
    const center = openFormCenter();
    const stay = await wholeStay(center);
    const values = center.filled('benh-an-noi-khoa-tong-ket', stay);
    expect(values.cd_vao_khoa).toEqual({ text: 'Theo dõi viêm phổi', code: 'J18.9' });
    expect(values.cd_ra_chinh).toEqual({ text: 'Viêm phổi thùy dưới phải', code: 'J18.1' });
    expect(values.ket_qua).toBe('2');
  });

  it('gives the wards of the stay with days that add up to those of the stay', async () => {
    const center = openFormCenter();
    const stay = await wholeStay(center);
    const values = center.filled('benh-an-noi-khoa-tong-ket', stay);
    // 2 to 6 November: 6 − 2 + 1
    expect(values.tong_ngay).toBe(5);
    expect(values.khoa_dieu_tri).toEqual([
      { ward: 'Cấp cứu', from: eight, days: 1 },
      { ward: 'Nội tổng hợp', from: eight + day, days: 4 },
    ]);
  });

  it('takes the signs at admission from the first set, and what was not measured then from a later one', async () => {
    const center = openFormCenter();
    const stay = await wholeStay(center);
    const values = center.filled('benh-an-noi-khoa-vao', stay);
    expect(values).toMatchObject({
      mach: 104,
      nhiet_do: 38.5,
      huyet_ap: '130/80',
      nhip_tho: 24,
      can_nang: 52.5,
      chieu_cao: 152,
    });
    expect(values.di_ung).toBe('Penicillin (nặng)');
    expect(values.nguoi_nha).toBe('Lầu Y Mái (mẹ), cùng bản');
    expect(values.dien_thoai_nguoi_nha).toBe('0987654321');
  });

  it('says vital signs in words with a comma, and what was breathed', async () => {
    const center = openFormCenter();
    const stay = await wholeStay(center);
    expect(center.filled('tom-tat-ho-so-benh-an', stay).dau_hieu).toBe(
      'Mạch 104 lần/phút, nhiệt độ 38,5 °C, huyết áp 130/80 mmHg, nhịp thở 24 lần/phút, SpO₂ 90 % (thở oxy 2 lít/phút), ý thức: tỉnh, đau 3/10, cân nặng 52,5 kg.',
    );
    expect(center.filled('giay-chuyen-co-so-kcb', stay).lam_sang).toMatch(
      /^Lúc 08 giờ 00 phút, ngày 04\/11\/2026: Mạch 82 .*SpO₂ 96 % \(khí trời\)/,
    );
  });

  it('gives a treatment sheet only what its writer wrote, orders with care, level and diet', async () => {
    const center = openFormCenter();
    const stay = await wholeStay(center);
    expect(center.filled('to-dieu-tri', stay).theo_doi).toEqual([
      {
        at: eight + 30 * minute,
        progress: 'Khó thở, sốt 38,5 °C.\nPhổi ran nổ phải.',
        orders: 'Ceftriaxon 2 g/ngày\nTheo dõi, chăm sóc: SpO₂ 4 giờ/lần\nChăm sóc cấp 2\nChế độ ăn: Cháo',
        author: 'Trần Văn Bình\nBác sĩ',
      },
      {
        at: eight + 2 * day,
        progress: 'Hết sốt.',
        orders: 'Thuốc như trên',
        author: 'Trần Văn Bình\nBác sĩ',
      },
    ]);
    const user = { userId: nurse, fullName: 'Lương Thị Hoa' };
    expect(center.filled('phieu-cham-soc', { ...stay, user }).bang_cham_soc).toEqual([
      {
        at: eight + 40 * minute,
        progress: 'Lo lắng, ngồi thở.',
        care: 'Nằm đầu cao, thở oxy 2 lít/phút.',
        author: 'Lương Thị Hoa\nĐiều dưỡng',
      },
    ]);
  });

  it('begins a sheet after what an earlier one of the same writer has already, and numbers it', async () => {
    const center = openFormCenter();
    const stay = await wholeStay(center);
    const first = center.filled('to-dieu-tri', stay);
    expect(first.so_to).toBe('1');
    const rows = first.theo_doi as { at: number }[];
    const paper = write(center, stay, 'to-dieu-tri', { theo_doi: rows.slice(0, 1) as never });
    expect(center.filled('to-dieu-tri', stay).theo_doi).toHaveLength(2);
    freeze(center, stay, paper);
    expect(center.filled('to-dieu-tri', stay)).toMatchObject({ so_to: '2', theo_doi: [rows[1]] });
    // the nurse wrote none yet
    const user = { userId: nurse, fullName: 'Lương Thị Hoa' };
    expect(center.filled('to-dieu-tri', { ...stay, user }).theo_doi).toHaveLength(1);
    withdraw(center, stay, paper);
    expect(center.filled('to-dieu-tri', stay)).toMatchObject({ so_to: '1', theo_doi: rows });
  });

  it('goes on with the vital signs where the last sheet ended, whoever wrote it', async () => {
    const center = openFormCenter();
    const stay = await wholeStay(center);
    const form = 'phieu-theo-doi-chuc-nang-song';
    const { bang } = center.filled(form, stay);
    freeze(center, stay, write(center, stay, form, { bang: bang ?? null }));
    const user = { userId: nurse, fullName: 'Lương Thị Hoa' };
    expect(center.filled(form, { ...stay, user }).bang).toBeUndefined();
  });

  it('gives the vital-sign sheet every set of the stay, oldest first, whoever measured', async () => {
    const center = openFormCenter();
    const stay = await wholeStay(center);
    const { bang } = center.filled('phieu-theo-doi-chuc-nang-song', stay);
    expect(bang).toEqual([
      {
        at: eight + 5 * minute,
        pulse: 104,
        temperature: 38.5,
        pressure: '130/80',
        respiration: 24,
        spo2: 90,
        weight: 52.5,
        urine: null,
        by: 'Lương Thị Hoa',
      },
      expect.objectContaining({ at: eight + 2 * day, weight: null, urine: 900 }),
    ]);
  });

  it('tells the course from the notes of everybody, one line each', async () => {
    const center = openFormCenter();
    const stay = await wholeStay(center);
    expect(center.filled('bien-ban-hoi-chan', stay).tom_tat).toBe(
      [
        '08:30 02/11: Khó thở, sốt 38,5 °C.; Phổi ran nổ phải.',
        '08:40 02/11: Lo lắng, ngồi thở.',
        '08:00 04/11: Hết sốt.',
      ].join('\n'),
    );
  });

  it('leaves out entries that were withdrawn and sets that were struck out', async () => {
    const center = openFormCenter();
    const stay = await wholeStay(center);
    const [newest] = await center.as(doctor, 'notes.list', { admissionId: stay.admissionId });
    await center.as(doctor, 'notes.withdraw', { entryId: newest!.entryId, reason: 'Nhầm người bệnh' });
    const [latest] = await center.as(nurse, 'observations.list', { admissionId: stay.admissionId });
    await center.as(nurse, 'observations.void', {
      observationId: latest!.observationId,
      reason: 'Nhầm người bệnh',
    });
    expect(center.filled('to-dieu-tri', stay).theo_doi).toHaveLength(1);
    expect(center.filled('phieu-theo-doi-chuc-nang-song', stay).bang).toHaveLength(1);
  });

  it('says nothing of a stay that is somebody else’s', async () => {
    const center = openFormCenter();
    const { admissionId } = await wholeStay(center);
    const { patientId } = await center.as(nurse, 'patients.register', {
      demographics: { fullName: 'Vừ Bá Chò', sex: '1', birthDate: '1990' },
    });
    const values = center.filled('giay-ra-vien', { patientId, admissionId });
    expect(values).toMatchObject({ ho_ten: 'VỪ BÁ CHÒ', ngay_sinh: '1990', tuoi: '36', gioi: '1' });
    expect(Object.keys(values)).not.toContain('chan_doan');
    expect(Object.keys(values)).not.toContain('so_ho_so');
  });

  it('says nothing about allergies nobody asked for, and "none known" when that was the answer', async () => {
    const center = openFormCenter();
    const { patientId } = await center.as(nurse, 'patients.register', {
      demographics: { fullName: 'Vừ Bá Chò', sex: '1', birthDate: '1990' },
    });
    expect(center.filled('to-dieu-tri', { patientId }).di_ung).toBeUndefined();
    await center.as(nurse, 'allergies.declareNone', { patientId });
    expect(center.filled('to-dieu-tri', { patientId }).di_ung).toBe('Không có dị ứng đã biết');
  });

  it('cuts a course longer than its field after a whole line', async () => {
    const center = openFormCenter();
    const stay = await wholeStay(center);
    const short = withField({ id: 'f', label: 'f', kind: 'long', source: 'notes.course', max: 100 });
    const { f } = center.filled(short, stay);
    expect(f).toBe('08:30 02/11: Khó thở, sốt 38,5 °C.; Phổi ran nổ phải.\n08:40 02/11: Lo lắng, ngồi thở.…');
  });

  it('gives every form of the program only what its fields hold', async () => {
    const center = openFormCenter();
    const stay = await wholeStay(center);
    for (const template of templates()) {
      const values = center.filled(template, stay);
      expect([template.id, faultsOf(template, values)]).toEqual([template.id, {}]);
      expect(Object.keys(values).length).toBeGreaterThan(5);
    }
  });
});

describe('sources', () => {
  it('fill every kind of field they say they can', async () => {
    const center = openFormCenter();
    const stay = await wholeStay(center);
    for (const source of formSources) {
      for (const kind of sourceKinds[source].kinds) {
        const field = fieldOf(source, kind);
        const form = withField(field);
        const values = center.filled(form, stay);
        expect([source, kind, values.f ?? null]).not.toEqual([source, kind, null]);
        expect([source, kind, faultsOf(form, values)]).toEqual([source, kind, {}]);
      }
    }
  });

  it('leave a choice the form does not offer to a person', async () => {
    const center = openFormCenter();
    const stay = await wholeStay(center);
    const form = withField({
      id: 'f',
      label: 'f',
      kind: 'choice',
      source: 'stay.outcome',
      choices: [
        { code: '1', label: 'Khỏi' },
        { code: '5', label: 'Tử vong' },
      ],
    });
    expect(center.filled(form, stay)).toEqual({});
  });
});

describe('age on paper', () => {
  it.each([
    ['2026-11-02', '2026-11-22', '20 ngày'],
    ['2026-11-22', '2026-11-22', '0 ngày'],
    ['2026-10-22', '2026-11-22', '1 tháng'],
    ['2023-11-23', '2026-11-22', '35 tháng'],
    ['2023-11-22', '2026-11-22', '3'],
    ['2024-01', '2026-11-22', '34 tháng'],
    ['1985-11-23', '2026-11-22', '40'],
    ['1985', '2026-11-22', '41'],
    ['2027', '2026-11-22', null],
    ['2026-11-23', '2026-11-22', null],
  ])('of one born %s on %s is %s', (birth, on, age) => {
    expect(ageOnPaper(birth, on)).toBe(age);
  });
});

interface OfStay {
  readonly patientId: string;
  readonly admissionId: string;
}
const hash = 'ab'.repeat(32);

function append<S extends z.ZodObject>(
  { store }: FormCenter,
  { patientId }: OfStay,
  kind: ChangeKind<S>,
  id: string,
  body: z.input<S>,
): string {
  const done = store.write(callerOf(doctor), (tx) => {
    tx.append(kind, { id, patient: patientId, body });
    return ok(null);
  });
  expect(done.ok).toBe(true);
  return id;
}

const write = (center: FormCenter, stay: OfStay, form: string, values: FormValues): string =>
  append(center, stay, documentWrite, randomUUID(), {
    form,
    formVersion: 1,
    admission: stay.admissionId,
    values,
    saw: {},
  });

const freeze = (center: FormCenter, stay: OfStay, id: string): string =>
  append(center, stay, documentFreeze, id, {
    content: hash,
    pdf: hash,
    pages: 1,
    previous: null,
    reason: null,
    title: 'Tờ',
    steps: [{ id: 'bs', label: 'Bác sĩ', kind: 'staff', roles: ['bac_si_dieu_tri'], optional: false }],
    signedPdf: false,
    values: hash,
    writerSigns: true,
  });

const withdraw = (center: FormCenter, stay: OfStay, id: string): string =>
  append(center, stay, documentVoid, id, { reason: 'Nhầm' });

function fieldOf(source: (typeof formSources)[number], kind: FormField['kind']): Partial<FormField> {
  const { columns } = sourceKinds[source];
  const lists = { 'patient.sex': sexes, 'stay.outcome': outcomes, 'stay.dischargeType': dischargeTypes };
  const list = source in lists ? lists[source as keyof typeof lists] : sexes;
  return {
    id: 'f',
    label: 'f',
    kind,
    source,
    ...(kind === 'choice' ? { choices: list.map(({ code, name }) => ({ code, label: name })) } : {}),
    ...(columns
      ? { columns: Object.entries(columns).map(([id, [k]]) => ({ id, label: id, kind: k!, width: 1 })) }
      : {}),
  };
}

const withField = (field: Partial<FormField>): FormTemplate =>
  FormTemplate.parse({
    id: 'thu',
    version: 1,
    title: 'Thử',
    number: null,
    basis: 'ours',
    drawnFormSeen: false,
    scope: 'stay',
    paper: 'A4',
    writtenBy: 'notes.write',
    signedPdf: false,
    steps: [{ id: 's', label: 'Bác sĩ', kind: 'staff', roles: ['bac_si_dieu_tri'] }],
    sections: [{ id: 'a', title: null, fields: [field] }],
  });
