// Invented people and real ones never meet: neither a real PC and training's province, nor training and a real one, nor
// two PCs, nor a real record that was opened under training's banner. Real TLS on this PC, right codes throughout.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { TrainingSync } from '../../../electron/core.ts';
import { trainingCenter } from '../../../electron/training/center.ts';
import { startProvince } from '../../../province/index.ts';
import { ok } from '../../../shared/api/contract.ts';
import { keyInput } from '../../../shared/sync/enrolment.ts';
import { adminPassword, foundedCore, openTestCore, testCenter } from '../../unit/support/open-test-core.ts';
import { codeOf, joined, realClock } from '../sync-desk/support.ts';

/** A shell that has nothing to show, and remembers that sync was let run. */
function trainingMode() {
  const seen = { opened: 0 };
  const training: TrainingSync = {
    line: () => 'good',
    setLine() {},
    onLine() {},
    secondStation: async () => ok({ address: '' }),
    opened() {
      seen.opened += 1;
    },
  };
  return { seen, options: { ...realClock(), mode: 'training' as const, training } };
}

async function trainingCore() {
  const { seen, options } = trainingMode();
  const core = await openTestCore(options);
  await core.ok('admin', 'station.firstRun', {
    ...testCenter,
    centerName: trainingCenter.name,
    facilityCode: trainingCenter.facilityCode,
  });
  await core.ok('admin', 'access.login', { username: 'quantri', password: adminPassword });
  return { core, seen };
}

async function provinceOf(training: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'tram-apart-'));
  const province = await startProvince({ folder, training, listen: { host: '127.0.0.1', port: 0 } });
  onTestFinished(async () => {
    await province.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { province, address: `127.0.0.1:${province.port}` };
}

it('a real center is not taken in by training’s province, with a code it gave itself', async () => {
  const { province, address } = await provinceOf(true);
  const code = await codeOf(province, 'Trung tâm Y tế Thử Nghiệm');
  const real = await foundedCore(realClock());
  expect(await real.refused('admin', 'sync.enrol', { address, code })).toMatchObject({
    code: 'training_apart',
  });
  const fresh = await openTestCore(realClock());
  expect(await fresh.refused('p', 'sync.join', { address, code, stationName: 'Máy xã' })).toMatchObject({
    code: 'training_apart',
  });
  expect((await province.admin.centers())[0]?.stations).toBe(0);
  expect((await real.ok('admin', 'sync.status', {})).state).toBe('standalone');
});

it('a training center is taken in by training’s province and by no real one', async () => {
  const real = await provinceOf(false);
  const pretend = await provinceOf(true);
  const { core, seen } = await trainingCore();
  expect(seen.opened).toBe(1);
  const realCode = await codeOf(real.province, trainingCenter.name);
  expect(await core.refused('admin', 'sync.enrol', { address: real.address, code: realCode })).toMatchObject({
    code: 'training_apart',
  });
  expect((await real.province.admin.centers())[0]?.stations).toBe(0);
  const code = await codeOf(pretend.province, trainingCenter.name);
  await core.ok('admin', 'sync.enrol', { address: pretend.address, code });
});

it('a PC of one sort does not join a PC of the other, which serves this PC alone while it trains', async () => {
  const { core } = await trainingCore();
  const { code, addresses } = await core.ok('admin', 'sync.invite', {});
  expect(addresses).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+$/)]);
  const [address = ''] = addresses;
  const fresh = await openTestCore(realClock());
  expect(await fresh.refused('p', 'sync.join', { address, code, stationName: 'Máy xã' })).toMatchObject({
    code: 'training_apart',
  });
  const real = await foundedCore(realClock());
  const invited = await real.ok('admin', 'sync.invite', {});
  const realAddress = `127.0.0.1:${invited.addresses[0]?.split(':').at(-1)}`;
  const trainee = await openTestCore(trainingMode().options);
  expect(
    await trainee.refused('p', 'sync.join', {
      address: realAddress,
      code: invited.code,
      stationName: 'Máy thứ hai',
    }),
  ).toMatchObject({ code: 'training_apart' });
  await trainee.ok('p', 'sync.join', { address, code, stationName: 'Máy thứ hai' });
  expect(await joined(trainee)).toMatchObject({ state: 'ready' });
});

it('whoever lies about being one or the other has the wrong key for the proof', () => {
  const code = '7K2M9QXA7K2M9QXA7K2M';
  expect(keyInput(code, true)).not.toEqual(keyInput(code, false));
});

it('a real record opened in training mode talks to nobody', async () => {
  const real = await foundedCore(realClock());
  await real.core.close();
  const { seen, options } = trainingMode();
  const mistaken = await openTestCore({ ...options, dataDir: real.dataDir });
  await mistaken.ok('admin', 'access.login', { username: 'quantri', password: adminPassword });
  expect(seen.opened).toBe(0);
  expect((await mistaken.ok('admin', 'sync.status', {})).state).toBe('off');
  expect((await mistaken.ok('admin', 'sync.page', {})).hub.serving).toBe(false);
  expect(await mistaken.refused('admin', 'sync.invite', {})).toMatchObject({ code: 'store_closed' });
});
