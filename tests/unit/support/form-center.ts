// A center on a real store with every clinical area as the core wires it, and one stay with enough in it to fill forms.

import { type Filling, fill } from '../../../electron/clinic/documents/sources.ts';
import { template } from '../../../electron/clinic/documents/templates.ts';
import { clinicHandlers, clinicModels, layOutWards } from '../../../electron/core/clinic.ts';
import { blobsOf } from '../../../electron/store/blobs.ts';
import type { Caller, Context } from '../../../electron/store/room.ts';
import type { OpenStore } from '../../../electron/store/types.ts';
import type { Result } from '../../../shared/api/contract.ts';
import { contract, type Input, type Method, type Output } from '../../../shared/api/index.ts';
import { permissions } from '../../../shared/api/permissions.ts';
import type { FormTemplate, FormValues } from '../../../shared/model/form-template.ts';
import { openTestStore } from './open-test-store.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
/** 2026-11-02 08:00 in Vietnam. */
export const eight = Date.UTC(2026, 10, 2, 1);

export const doctor = '00000000-0000-4000-8000-000000000031';
export const nurse = '00000000-0000-4000-8000-000000000032';
const names = new Map([
  [doctor, { name: 'Trần Văn Bình', title: 'Bác sĩ' }],
  [nurse, { name: 'Lương Thị Hoa', title: 'Điều dưỡng' }],
]);

export interface FormCenter {
  readonly store: OpenStore;
  readonly clock: { now: number };
  /** Through the contract's own parsing, as the router does; fails the test when refused. */
  as<M extends Method>(userId: string, method: M, input: Input<M>): Promise<Output<M>>;
  readonly wards: readonly { readonly wardId: string; readonly beds: readonly string[] }[];
  filled(form: string | FormTemplate, about: Partial<Filling> & Pick<Filling, 'patientId'>): FormValues;
}

export function openFormCenter(): FormCenter {
  const clock = { now: eight };
  const store = openTestStore(clinicModels, { now: () => clock.now });
  const people = {
    nameOf: (id: string | null) => names.get(id ?? '')?.name ?? '',
    titleOf: (id: string | null) => names.get(id ?? '')?.title ?? null,
    stationName: () => 'Máy thử',
  };
  const handlers = clinicHandlers({
    store,
    people,
    now: () => clock.now,
    numberPrefix: () => '01A',
    overdueHours: () => 12,
    dropDraft: () => {},
    blobs: () => blobsOf(store),
  });
  const laidOut = store.write(callerOf(doctor), (tx) =>
    layOutWards(tx, [
      { name: 'Cấp cứu', departmentCode: 'K02', rooms: [{ name: 'C1', beds: ['1', '2'] }] },
      { name: 'Nội tổng hợp', departmentCode: 'K03', rooms: [{ name: 'P204', beds: ['3', '4'] }] },
    ]),
  );
  if (!laidOut.ok) throw new Error(laidOut.error.code);
  const wards = store.sql
    .prepare<[], { wardId: string }>('SELECT id AS wardId FROM ward ORDER BY name')
    .all()
    .map(({ wardId }) => ({
      wardId,
      beds: store.sql
        .prepare<[string], string>('SELECT id FROM bed WHERE ward_id = ? ORDER BY name')
        .pluck()
        .all(wardId),
    }));
  return {
    store,
    clock,
    wards,
    async as(userId, method, input) {
      clock.now += 1000;
      const handler = handlers[method] as unknown as (i: unknown, c: Context) => unknown;
      const answer = (await handler(contract[method].input.parse(input), contextOf(userId, clock))) as Result<
        Output<typeof method>
      >;
      if (!answer.ok) throw new Error(`${method} was refused: ${JSON.stringify(answer.error)}`);
      return answer.value;
    },
    filled(form, about) {
      const found = typeof form === 'string' ? template(form) : form;
      if (!found) throw new Error(`no form ${String(form)}`);
      const needs = {
        people,
        store,
        center: () => ({
          name: 'Trung tâm Y tế khu vực Kỳ Sơn',
          facilityCode: '40123',
          provinceCode: '40',
          address: 'Xã Mường Xén, tỉnh Nghệ An',
          phone: '0238 3875 125',
        }),
      };
      const user = { userId: doctor, fullName: 'Trần Văn Bình' };
      return fill(needs, store.sql, found, { admissionId: null, user, now: clock.now, ...about });
    },
  };
}

export const callerOf = (userId: string): Caller => ({
  userId,
  sessionId: 's',
  fullName: names.get(userId)?.name ?? '',
  roles: ['bac_si_dieu_tri'],
  permissions: new Set(permissions),
  wards: [],
});

const contextOf = (userId: string, clock: { now: number }): Context => ({
  caller: callerOf(userId),
  now: () => clock.now,
  can: () => true,
  undo: () => 'undo',
});

/**
 * Giàng Thị Páo, born 1985: admitted to the emergency ward on 2 November at 08:00, next day moved to the medical ward,
 * measured, treated by the doctor, cared for by the nurse, sent home on 6 November at 09:30.
 */
export async function wholeStay(center: FormCenter): Promise<{ patientId: string; admissionId: string }> {
  const { as, clock, wards } = center;
  const [emergency, medical] = wards;
  const { patientId } = await as(nurse, 'patients.register', {
    demographics: {
      fullName: 'Giàng Thị Páo',
      sex: '2',
      birthDate: '1985-03-02',
      ethnicCode: '01',
      nationality: 'Việt Nam',
      occupationCode: '01',
      workplace: 'Hợp tác xã chè',
      phone: '0912345678',
      bloodGroup: 'O',
      rhesus: '+',
      address: {
        listVersion: '2025-07-01',
        provinceCode: '40',
        communeCode: null,
        street: 'Bản Huồi Giảng',
        text: 'Bản Huồi Giảng, xã Tây Sơn, tỉnh Nghệ An',
      },
    },
    identifiers: [
      { type: 'cccd', value: '040185001234', issuedOn: '2021-08-25' },
      {
        type: 'bhyt',
        value: 'GD4404012345678',
        validFrom: '2026-01-01',
        validTo: '2026-12-31',
      },
    ],
    relatives: [
      { fullName: 'Giàng A Sùng', relation: 'father', isGuardian: false },
      {
        fullName: 'Lầu Y Mái',
        relation: 'mother',
        isGuardian: true,
        phone: '0987654321',
        address: 'cùng bản',
      },
    ],
  });
  await as(nurse, 'allergies.add', {
    patientId,
    allergy: {
      substance: 'Penicillin',
      classCode: null,
      reaction: 'Phù mặt',
      severity: 'severe',
      certainty: 'confirmed',
      note: null,
    },
  });
  const { admissionId } = await as(doctor, 'admissions.admit', {
    patientId,
    wardId: emergency?.wardId ?? '',
    bedId: emergency?.beds[0] ?? null,
    at: eight,
    reason: 'Khó thở, sốt',
    diagnosis: 'Theo dõi viêm phổi',
    icdCode: 'J18.9',
  });
  clock.now = eight + 10 * minute;
  await as(nurse, 'observations.record', {
    admissionId,
    at: eight + 5 * minute,
    values: {
      pulse: 104,
      temperature: 38.5,
      systolic: 130,
      diastolic: 80,
      respiration: 24,
      spo2: 90,
      oxygen: 2,
      consciousness: 'A',
      pain: 3,
      weight: 52.5,
    },
  });
  clock.now = eight + hour;
  await as(doctor, 'notes.finish', {
    admissionId,
    eventAt: eight + 30 * minute,
    content: {
      progress: 'Khó thở, sốt 38,5 °C.\nPhổi ran nổ phải.',
      orders: 'Ceftriaxon 2 g/ngày',
      care: 'SpO₂ 4 giờ/lần',
      careLevel: '2',
      diet: 'Cháo',
    },
  });
  await as(nurse, 'notes.finish', {
    admissionId,
    eventAt: eight + 40 * minute,
    content: { progress: 'Lo lắng, ngồi thở.', orders: '', care: 'Nằm đầu cao, thở oxy 2 lít/phút.' },
  });
  clock.now = eight + day;
  const { versions } = await as(doctor, 'admissions.get', { admissionId });
  await as(doctor, 'admissions.transfer', {
    admissionId,
    wardId: medical?.wardId ?? '',
    bedId: medical?.beds[0] ?? null,
    at: eight + day,
    reason: 'Đỡ',
    saw: versions,
  });
  clock.now = eight + 2 * day;
  await as(nurse, 'observations.record', {
    admissionId,
    at: eight + 2 * day,
    values: {
      pulse: 82,
      temperature: 37,
      systolic: 120,
      diastolic: 76,
      respiration: 18,
      spo2: 96,
      oxygen: 0,
      consciousness: 'A',
      height: 152,
      urine: 900,
    },
  });
  await as(doctor, 'notes.finish', {
    admissionId,
    eventAt: eight + 2 * day,
    content: { progress: 'Hết sốt.', orders: 'Thuốc như trên' },
  });
  clock.now = eight + 4 * day + 2 * hour;
  const now = await as(doctor, 'admissions.get', { admissionId });
  await as(doctor, 'admissions.discharge', {
    admissionId,
    at: eight + 4 * day + 90 * minute,
    type: '1',
    outcome: '2',
    diagnosis: 'Viêm phổi thùy dưới phải',
    icdCode: 'J18.1',
    advice: 'Uống thuốc theo đơn',
    destination: 'Bệnh viện tỉnh',
    saw: now.versions,
  });
  return { patientId, admissionId };
}
