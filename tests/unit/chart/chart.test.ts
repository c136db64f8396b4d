// The chart's banner and timeline through a whole core: what one person sees of a stay that others wrote.
import { describe, expect, it } from 'vitest';
import { en, vi } from '../../../renderer/i18n/dictionaries.ts';
import {
  foundedCore,
  hire,
  registerPatient,
  staffPassword,
  type TestCore,
} from '../support/open-test-core.ts';

/** Short, so that nobody's screen locks in between. */
const step = 120_000;

async function wardWithPatient(): Promise<{ center: TestCore; patientId: string; admissionId: string }> {
  const center = await foundedCore();
  await hire(center, 'bs.an', ['bac_si_dieu_tri']);
  const patientId = await registerPatient(center, 'bs.an', 'Giàng Thị Páo');
  const [ward] = await center.ok('bs.an', 'beds.wards', {});
  const [bed, next] = await center.ok('bs.an', 'beds.free', { wardId: ward!.wardId });
  center.clock.now += 60_000;
  const { admissionId } = await center.ok('bs.an', 'admissions.admit', {
    patientId,
    wardId: ward!.wardId,
    bedId: bed!.bedId,
    at: center.clock.now,
    reason: 'Khó thở',
    diagnosis: 'Viêm phổi',
  });
  center.clock.now += 1;
  await center.ok('bs.an', 'allergies.add', {
    patientId,
    allergy: {
      substance: 'Penicillin',
      classCode: null,
      reaction: 'Nổi mề đay',
      severity: 'moderate',
      certainty: 'confirmed',
      note: null,
    },
  });
  center.clock.now += step;
  await center.ok('bs.an', 'observations.record', {
    admissionId,
    at: center.clock.now,
    values: {
      pulse: 88,
      temperature: 37.5,
      systolic: 120,
      diastolic: 80,
      respiration: 18,
      spo2: 96,
      oxygen: 0,
      consciousness: 'A',
      weight: 52.5,
    },
  });
  center.clock.now += step;
  await center.ok('bs.an', 'notes.finish', {
    admissionId,
    eventAt: center.clock.now,
    content: { progress: 'Bớt khó thở', orders: 'Thở oxy' },
  });
  center.clock.now += step;
  const { admission } = await center.ok('bs.an', 'patients.chartHead', { patientId });
  await center.ok('bs.an', 'admissions.transfer', {
    admissionId,
    wardId: ward!.wardId,
    bedId: next!.bedId,
    at: center.clock.now,
    reason: 'Gần oxy tường',
    saw: admission!.versions,
  });
  return { center, patientId, admissionId };
}

describe('the banner', () => {
  it('names the patient by two identifiers, with allergies, weight, bed and day of stay', async () => {
    const { center, patientId, admissionId } = await wardWithPatient();
    center.clock.now += 86_400_000;
    await center.ok('bs.an', 'access.unlock', { secret: staffPassword });
    const head = await center.ok('bs.an', 'patients.chartHead', { patientId });
    expect(head).toMatchObject({
      fullName: 'Giàng Thị Páo',
      birthDate: '1985-03-02',
      allergyStatus: 'has',
      allergies: [{ substance: 'Penicillin', severity: 'moderate' }],
      weightKg: 52.5,
      openConflicts: 0,
      access: 'role',
      admission: {
        admissionId,
        status: 'admitted',
        wardName: 'Nội tổng hợp',
        bedName: '2',
        dayOfStay: 2,
        diagnosis: 'Viêm phổi',
      },
    });
    expect(head.recordNumber).toMatch(/^26\d{2}[A-Z]+00001$/);
    expect(head.stays).toHaveLength(1);
  });
  it('is there for someone who was never admitted', async () => {
    const center = await foundedCore();
    await hire(center, 'bs.an', ['bac_si_dieu_tri']);
    const patientId = await registerPatient(center, 'bs.an', 'Vừ Mí Sùng');
    expect(await center.ok('bs.an', 'patients.chartHead', { patientId })).toMatchObject({
      admission: null,
      stays: [],
      allergyStatus: 'not_asked',
    });
  });
  it("does not mix another patient's stay in", async () => {
    const { center, admissionId } = await wardWithPatient();
    const other = await registerPatient(center, 'bs.an', 'Vừ Mí Sùng');
    expect(
      (await center.refused('bs.an', 'patients.chartHead', { patientId: other, admissionId })).code,
    ).toMatch(/not_found|not_allowed/);
  });
  it('shows no clinical content to reception', async () => {
    const { center, patientId } = await wardWithPatient();
    await hire(center, 'td.ha', ['tiep_don']);
    expect((await center.refused('td.ha', 'patients.chartHead', { patientId })).code).toBe('not_allowed');
  });
});

describe('the timeline', () => {
  it('tells what happened, newest first, in sentences both languages have', async () => {
    const { center, patientId } = await wardWithPatient();
    const items = await center.ok('bs.an', 'patients.timeline', { patientId });
    expect(items.map((i) => i.summaryKey)).toEqual([
      'timeline.bedToBed',
      'timeline.entry',
      'timeline.vitalsNews2',
      'timeline.allergy',
      'timeline.admitToBed',
      'timeline.registered',
    ]);
    expect(items[2]?.params).toMatchObject({ pulse: '88', temperature: '37,5', pressure: '120/80' });
    expect(items[1]?.text).toContain('Bớt khó thở');
    expect(items[0]).toMatchObject({
      kind: 'bed_changed',
      text: 'Gần oxy tường',
      by: 'Người bs.an',
      station: 'Máy tiếp đón',
    });
    for (const { summaryKey, params } of items) {
      for (const words of [vi, en]) {
        const sentence = (words as Record<string, string>)[summaryKey] ?? '';
        expect(sentence).not.toBe('');
        for (const [, blank] of sentence.matchAll(/\{(\w+)\}/g)) expect(params).toHaveProperty(blank!);
      }
    }
    expect(await center.ok('bs.an', 'patients.timeline', { patientId, limit: 2 })).toEqual(items.slice(0, 2));
  });
  it('marks what was struck out and keeps it', async () => {
    const { center, patientId } = await wardWithPatient();
    const vitals = (await center.ok('bs.an', 'patients.timeline', { patientId })).find(
      (i) => i.kind === 'vitals',
    )!;
    await center.ok('bs.an', 'observations.void', { observationId: vitals.id, reason: 'Nhầm người' });
    expect(
      (await center.ok('bs.an', 'patients.timeline', { patientId })).find((i) => i.id === vitals.id),
    ).toMatchObject({ kind: 'voided', text: 'Nhầm người' });
  });
});
