// A center and its province: enrolled by a code, and "at the province" said only of what the province holds.
import { expect, it } from 'vitest';
import {
  adminPassword,
  foundedCore,
  hire,
  openTestCore,
  registerPatient,
  type TestCore,
} from '../../unit/support/open-test-core.ts';
import { codeOf, joined, provinceFor, realClock, until } from './support.ts';

const atProvince = (pc: TestCore, client = 'admin') =>
  until(
    'all at the province',
    () => pc.ok(client, 'sync.status', {}),
    ({ state }) => state === 'current',
  );
const placeOf = async (pc: TestCore, client: string, id: string) =>
  (await pc.ok(client, 'sync.places', { subjects: [{ type: 'patient', id }] })).places[0]?.place;

it('enrols by a code, sends everything, and says so only when the province holds it', async () => {
  const { province, code, address } = await provinceFor('Trung tâm Y tế Thử Nghiệm');
  const center = await foundedCore(realClock());
  await hire(center, 'hoa', ['tiep_don']);
  const before = await registerPatient(center, 'hoa', 'Lò Văn Bền');
  expect(await placeOf(center, 'hoa', before)).toBe('here');
  expect((await center.ok('admin', 'sync.status', {})).state).toBe('standalone');

  expect(await center.ok('admin', 'sync.enrol', { address, code })).toEqual({
    provinceName: 'Sở Y tế Thử Nghiệm',
  });
  const status = await atProvince(center);
  expect(status).toMatchObject({
    sentence: { key: 'sync.status.at_province' },
    switchOff: { safe: true, sentence: { key: 'sync.off.at_province' } },
    waiting: { count: 0 },
  });
  expect(await placeOf(center, 'hoa', before)).toBe('province');
  const [there] = await province.admin.centers();
  const here = await center.ok('admin', 'station.health', {});
  expect(there?.changes).toBe(here.store.changes);

  // the line goes away: work goes on, and what is new waits
  await province.close();
  const later = await registerPatient(center, 'hoa', 'Vàng A Páo');
  const away = await until(
    'the province is away',
    () => center.ok('admin', 'sync.status', {}),
    ({ state, waiting }) => state === 'waiting' && waiting.count > 0,
  );
  expect(away).toMatchObject({
    sentence: { key: 'sync.status.waiting', params: { name: 'Sở Y tế Thử Nghiệm' } },
    switchOff: { safe: false, sentence: { key: 'sync.off.only_here' } },
  });
  expect(await placeOf(center, 'hoa', later)).toBe('here');
  expect(await placeOf(center, 'hoa', before)).toBe('province');
  expect(await center.refused('admin', 'sync.enrol', { address, code })).toMatchObject({
    code: 'already_enrolled',
  });
});

it('remembers after a restart what the province holds, before it has spoken with it again', async () => {
  const { province, code, address } = await provinceFor('Trung tâm Y tế Thử Nghiệm');
  const center = await foundedCore(realClock());
  await hire(center, 'hoa', ['tiep_don']);
  const patient = await registerPatient(center, 'hoa', 'Lò Văn Bền');
  await center.ok('admin', 'sync.enrol', { address, code });
  await atProvince(center);
  await province.close();
  const again = await center.restart();
  await again.ok('admin', 'access.login', { username: 'quantri', password: adminPassword });
  expect(await placeOf(again, 'admin', patient)).toBe('province');
  const status = await again.ok('admin', 'sync.status', {});
  expect(status.state).not.toBe('current');
  expect(status.sentence.key).not.toBe('sync.status.at_province');
});

it('brings a further PC in from the province, with the accounts of the center', async () => {
  const { province, code, address } = await provinceFor('Trung tâm Y tế Thử Nghiệm');
  const center = await foundedCore(realClock());
  await hire(center, 'hoa', ['tiep_don']);
  const patient = await registerPatient(center, 'hoa', 'Lò Văn Bền');
  await center.ok('admin', 'sync.enrol', { address, code });
  await atProvince(center);

  const fresh = await openTestCore(realClock());
  const second = await codeOf(province, 'Trung tâm Y tế Thử Nghiệm');
  await fresh.ok('p', 'sync.join', { address, code: second, stationName: 'Máy xã' });
  expect(await joined(fresh)).toMatchObject({ state: 'ready' });
  await fresh.ok('admin', 'access.login', { username: 'quantri', password: adminPassword });
  expect((await fresh.ok('admin', 'station.status', {})).stationName).toBe('Máy xã');
  expect(await placeOf(fresh, 'admin', patient)).toBe('province');
  await atProvince(fresh);
  const codes = await until(
    'both PCs know each other',
    () => center.ok('admin', 'sync.page', {}),
    ({ stations }) => stations.length === 2,
  );
  expect(codes.stations.map(({ name, code: number }) => [name, number])).toEqual([
    ['Máy tiếp đón', '01'],
    ['Máy xã', '02'],
  ]);
});

it('is not enrolled by a wrong code, nor where no province is', async () => {
  const { code, address } = await provinceFor('Trung tâm Y tế Thử Nghiệm');
  const center = await foundedCore(realClock());
  const wrong = code.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  expect((await center.refused('admin', 'sync.enrol', { address, code: wrong })).code).toBe('code_wrong');
  expect((await center.refused('admin', 'sync.enrol', { address: '127.0.0.1:9', code })).code).toBe(
    'peer_unreachable',
  );
  expect((await center.ok('admin', 'sync.status', {})).state).toBe('standalone');
  await center.ok('admin', 'sync.enrol', { address, code });
  await atProvince(center);
});
