// One morning on a ward through the real core: every area at work, nothing stood in for.
import { expect, it } from 'vitest';
import { foundedCore, hire, registerPatient, staffPassword } from '../support/open-test-core.ts';

const hour = 3_600_000;
const feverish = {
  pulse: 112,
  temperature: 38.6,
  systolic: 104,
  diastolic: 60,
  respiration: 22,
  spo2: 94,
  oxygen: 2,
  consciousness: 'A' as const,
};

it('admit, measure, ask about allergies, order, and find the list of the ward settled', async () => {
  const center = await foundedCore();
  await hire(center, 'bs.an', ['bac_si_dieu_tri']);
  await hire(center, 'dd.hoa', ['dieu_duong']);
  await hire(center, 'tiepdon', ['tiep_don']);
  const patientId = await registerPatient(center, 'tiepdon', 'Giàng A Páo');
  const [ward] = await center.ok('bs.an', 'beds.wards', {});
  const [bed] = await center.ok('bs.an', 'beds.free', { wardId: ward!.wardId });
  const { admissionId } = await center.ok('bs.an', 'admissions.admit', {
    patientId,
    wardId: ward!.wardId,
    bedId: bed!.bedId,
    at: center.clock.now,
    reason: 'Sốt cao, khó thở',
    diagnosis: 'Viêm phổi',
  });
  // the pages have locked themselves by then
  const anHourLater = async () => {
    center.clock.now += hour;
    for (const page of ['bs.an', 'dd.hoa', 'tiepdon'])
      await center.ok(page, 'access.unlock', { secret: staffPassword });
  };
  const tasks = async (page: string) =>
    (await center.ok(page, 'tasks.list', { wardId: ward!.wardId })).map((t) => [t.kind, t.overdue, t.urgent]);

  await anHourLater();
  expect(await tasks('dd.hoa')).toEqual([
    ['vitals_due', true, false],
    ['ask_allergies', false, false],
  ]);
  const at = center.clock.now;
  const round = await center.ok('dd.hoa', 'observations.recordRound', {
    wardId: ward!.wardId,
    at,
    rows: [{ admissionId, values: feverish }],
  });
  expect(round.rows).toMatchObject([{ error: null, news2: { total: 9, risk: 'high' } }]);
  const board = await center.ok('dd.hoa', 'beds.board', { wardId: ward!.wardId });
  const onBoard = board.rooms[0]!.beds[0]!.patients[0]!.clinical;
  expect(onBoard).toMatchObject({
    news2: { total: 9, risk: 'high' },
    lastVitalsAt: at,
    vitalsDueAt: at + hour / 2,
    vitalsOverdue: false,
    allergyStatus: 'not_asked',
    entryToday: false,
  });

  const content = { progress: 'Sốt, ho', orders: 'Ceftriaxon 1 g x 2 TMC' };
  const draftKey = `sheet:${admissionId}`;
  await center.ok('bs.an', 'drafts.save', { key: draftKey, admissionId, patientId, content: 'Sốt, ho' });
  const order = { admissionId, eventAt: at, content, draftKey };
  expect((await center.refused('bs.an', 'notes.finish', order)).code).toBe('allergy_not_asked');
  expect(await center.ok('bs.an', 'drafts.list', {})).toHaveLength(1);
  await center.ok('dd.hoa', 'allergies.add', {
    patientId,
    allergy: {
      substance: 'Penicilin',
      classCode: 'penicillin',
      reaction: 'mề đay',
      severity: 'moderate',
      certainty: 'suspected',
      note: null,
    },
  });
  expect((await center.refused('dd.hoa', 'notes.finish', order)).code).toBe('not_allowed');
  await center.ok('bs.an', 'notes.finish', order);
  expect(await center.ok('bs.an', 'drafts.list', {})).toEqual([]);
  expect(await center.ok('dd.hoa', 'notes.list', { admissionId })).toMatchObject([
    { author: 'Người bs.an', wardName: 'Nội tổng hợp', content: { ...content, diet: '' }, mayAmend: false },
  ]);
  expect(await tasks('dd.hoa')).toEqual([['vitals_due', false, false]]);
  await anHourLater();
  expect(await tasks('dd.hoa')).toEqual([['vitals_due', true, true]]);

  expect((await center.refused('tiepdon', 'observations.list', { admissionId })).code).toBe('not_allowed');
  const head = await center.ok('bs.an', 'patients.chartHead', { patientId });
  expect(head).toMatchObject({
    allergyStatus: 'has',
    allergies: [{ substance: 'Penicilin', severity: 'moderate' }],
  });

  const again = await center.restart();
  await again.ok('dd', 'access.login', { username: 'dd.hoa', password: staffPassword });
  const [kept] = await again.ok('dd', 'observations.list', { admissionId });
  expect(kept).toMatchObject({ values: feverish, news2: { total: 9 }, by: 'Người dd.hoa' });
});
