// A further PC joins its center over the LAN: two whole cores, real TLS, a real snapshot.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Output } from '../../../shared/api/index.ts';
import {
  adminPassword,
  foundedCore,
  hire,
  openTestCore,
  registerPatient,
  staffPassword,
  type TestCore,
} from '../../unit/support/open-test-core.ts';
import { joined, realClock, until } from './support.ts';

async function hubAndInvite(): Promise<{ hub: TestCore; code: string; address: string }> {
  const hub = await foundedCore(realClock());
  const { code, addresses } = await hub.ok('admin', 'sync.invite', {});
  const port = addresses[0]?.split(':').at(-1);
  return { hub, code, address: `127.0.0.1:${port}` };
}

describe('a further PC', () => {
  it('gets the record from the hub, lets people of the center in, and from then on both show the same', async () => {
    const { hub, code, address } = await hubAndInvite();
    await hire(hub, 'hoa', ['tiep_don']);
    const patient = await registerPatient(hub, 'hoa', 'Lò Văn Bền');

    const fresh = await openTestCore(realClock());
    const { recoveryKey } = await fresh.ok('p', 'sync.join', { address, code, stationName: 'Máy cấp cứu' });
    expect(recoveryKey).toMatch(/^[0-9A-Z-]{30,}$/);
    expect(await joined(fresh)).toMatchObject({ state: 'ready' });
    expect(await fresh.ok('p', 'station.status', {})).toMatchObject({
      phase: 'open',
      stationName: 'Máy cấp cứu',
      centerName: 'Trung tâm Y tế Thử Nghiệm',
      users: [],
    });

    // the accounts of the center, their passwords as they are
    await fresh.ok('hoa', 'access.login', { username: 'hoa', password: staffPassword });
    const numbers = await fresh.ok('hoa', 'patients.search', { text: 'lo van ben' });
    expect(JSON.stringify(numbers)).toContain(patient);
    const written = await registerPatient(fresh, 'hoa', 'Vàng A Páo');
    await until(
      'the hub has it',
      () => hub.ok('hoa', 'sync.places', { subjects: [{ type: 'patient', id: written }] }),
      ({ places }) => places.length === 1,
    );
    const page = await until<Output<'sync.page'>>(
      'both proven equal',
      () => fresh.ok('hoa', 'sync.page', {}),
      ({ status }) => status.state === 'current',
    );
    expect(page.status).toMatchObject({
      sentence: { key: 'sync.status.at_hub' },
      switchOff: { safe: true },
      waiting: { count: 0 },
    });
    expect(page.stations.map(({ name, code: number, thisPc }) => [name, number, thisPc])).toEqual([
      ['Máy tiếp đón', '01', false],
      ['Máy cấp cứu', '02', true],
    ]);
    const { places } = await fresh.ok('hoa', 'sync.places', { subjects: [{ type: 'patient', id: written }] });
    expect(places).toEqual([{ type: 'patient', id: written, place: 'hub' }]);
    await until(
      'the hub knows it too',
      () => hub.ok('admin', 'sync.status', {}),
      ({ state, switchOff }) => state === 'current' && switchOff.safe,
    );
  });

  it('opens after a restart with the password that opened it first, and with the printed key', async () => {
    const { code, address, hub } = await hubAndInvite();
    const fresh = await openTestCore(realClock());
    const { recoveryKey } = await fresh.ok('p', 'sync.join', { address, code, stationName: 'Máy cấp cứu' });
    await joined(fresh);
    await fresh.ok('p', 'access.login', { username: 'quantri', password: adminPassword });
    const again = await fresh.restart();
    expect(await again.ok('p', 'station.status', {})).toMatchObject({
      phase: 'closed',
      users: [{ username: 'quantri' }],
    });
    await again.ok('p', 'access.login', { username: 'quantri', password: adminPassword });
    const once = await again.restart();
    await once.ok('p', 'station.recover', {
      recoveryKey,
      username: 'quantri',
      newPassword: 'một mật khẩu khác hẳn',
    });
    // the hub's own printed key opens the hub only
    expect(await hub.ok('admin', 'sync.status', {})).toBeDefined();
  });

  it('cut off before anybody logged in is as good as new, and nothing half is in the way', async () => {
    const { code, address, hub } = await hubAndInvite();
    const fresh = await openTestCore(realClock());
    await fresh.ok('p', 'sync.join', { address, code, stationName: 'Máy cấp cứu' });
    await joined(fresh);
    expect(existsSync(join(fresh.dataDir, 'record.db'))).toBe(true);
    const cut = await fresh.restart();
    expect((await cut.ok('p', 'station.status', {})).phase).toBe('first_run');
    const { code: another } = await hub.ok('admin', 'sync.invite', {});
    await cut.ok('p', 'sync.join', { address, code: another, stationName: 'Máy cấp cứu' });
    expect(await joined(cut)).toMatchObject({ state: 'ready' });
    await cut.ok('p', 'access.login', { username: 'quantri', password: adminPassword });
  });

  it('does not get in with a wrong code, a used one, or where no Trạm is', async () => {
    const { code, address } = await hubAndInvite();
    const fresh = await openTestCore(realClock());
    const refused = (given: { address: string; code: string }) =>
      fresh.refused('p', 'sync.join', { ...given, stationName: 'Máy cấp cứu' });
    const wrong = code.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect((await refused({ address, code: wrong })).code).toBe('code_wrong');
    expect((await refused({ address: '127.0.0.1:9', code })).code).toBe('peer_unreachable');
    expect((await fresh.ok('p', 'station.status', {})).phase).toBe('first_run');
    await fresh.ok('p', 'sync.join', { address, code, stationName: 'Máy cấp cứu' });
    await joined(fresh);
    const second = await openTestCore(realClock());
    expect((await second.refused('p', 'sync.join', { address, code, stationName: 'Máy khác' })).code).toBe(
      'code_used',
    );
  });
});

describe('a PC that is in use', () => {
  it('joins nothing', async () => {
    const { code, address } = await hubAndInvite();
    const other = await foundedCore(realClock());
    expect((await other.refused('p', 'sync.join', { address, code, stationName: 'Máy cấp cứu' })).code).toBe(
      'already_set_up',
    );
  });
});
