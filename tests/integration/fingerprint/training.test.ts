// Training mode as a clerk meets it: the real core with its matching thread, the simulated reader, invented fingers.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CaptureNews } from '../../../shared/api/fingerprints.ts';
import type { Input } from '../../../shared/api/index.ts';
import {
  foundedCore,
  hire,
  openTestCore,
  registerPatient,
  staffPassword,
  type TestCore,
} from '../../unit/support/open-test-core.ts';

const fingerprintWorker = join(import.meta.dirname, '../../../electron/fingerprint/matching-worker.ts');

type Place = Input<'fingerprint.trainingPlace'>;

async function center(): Promise<TestCore> {
  const real = await foundedCore();
  await hire(real, 'clerk', ['tiep_don']);
  await real.core.close();
  // training's own accounts keep their passwords, so the clerk is hired before
  const { dataDir, clock } = real;
  const opened = await openTestCore({ mode: 'training', fingerprintWorker, dataDir, clock });
  await opened.ok('clerk', 'access.login', { username: 'clerk', password: staffPassword });
  return opened;
}

async function ended(core: TestCore, captureId: string): Promise<CaptureNews[]> {
  for (let tries = 0; tries < 3000; tries++) {
    const news = core.events.flatMap(({ client, message }) =>
      client === 'clerk' && message.event === 'capture' && message.payload.captureId === captureId
        ? [message.payload]
        : [],
    );
    if (news.some(({ step }) => step === 'done' || step === 'failed')) return news;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the capture never ended');
}

async function capture(core: TestCore, put: Place) {
  const { captureId } = await core.ok('clerk', 'fingerprint.capture', {});
  await core.ok('clerk', 'fingerprint.trainingPlace', put);
  const news = await ended(core, captureId);
  expect(news.at(-1)).toMatchObject({ step: 'done' });
  return captureId;
}

describe('fingerprints in training mode', () => {
  it('go from the first finger to a second-finger confirmation', async () => {
    const core = await center();
    expect((await core.ok('clerk', 'fingerprint.readers', {})).readers).toMatchObject([
      { id: 'simulated:0', kind: 'simulated', chosen: true },
    ]);
    const patientId = await registerPatient(core, 'clerk', 'Giàng A Páo');
    const { personId } = await core.ok('clerk', 'fingerprint.consent', {
      patientId,
      holder: { kind: 'patient' },
      purposes: ['recognise', 'find'],
      way: 'spoken',
    });
    for (const finger of [1, 2] as const) {
      const captures = [];
      for (let take = 0; take < 3; take++) captures.push(await capture(core, { who: 'Páo', finger }));
      const kept = await core.ok('clerk', 'fingerprint.enrol', { patientId, personId, finger, captures });
      expect(kept.kept).toBeGreaterThanOrEqual(2);
    }
    const verify = async (who: string) =>
      core.ok('clerk', 'fingerprint.verify', {
        patientId,
        personId,
        captureId: await capture(core, { who, finger: 1 }),
        occasion: 'discharge',
      });
    expect(await verify('Páo')).toEqual({ matched: true, finger: 1 });
    expect((await verify('Inh')).matched).toBe(false);
    const { searchId, candidates } = await core.ok('clerk', 'fingerprint.search', {
      captureId: await capture(core, { who: 'Páo', finger: 2 }),
      reason: 'no_papers',
    });
    expect(candidates).toMatchObject([{ name: 'Giàng A Páo', likeness: 'very' }]);
    expect(
      await core.ok('clerk', 'fingerprint.confirmFound', {
        searchId,
        personId,
        captureId: await capture(core, { who: 'Páo', finger: 1 }),
      }),
    ).toEqual({ matched: true, finger: 1, patientId });
    expect(core.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('ask for a better print, and tell when the reader is pulled out', async () => {
    const core = await center();
    const { captureId } = await core.ok('clerk', 'fingerprint.capture', {});
    await core.ok('clerk', 'fingerprint.trainingPlace', { who: 'Páo', finger: 1, print: 'edge' });
    for (let tries = 0; tries < 500; tries++) {
      if (core.events.some(({ message }) => message.event === 'capture' && message.payload.step === 'adjust'))
        break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await core.ok('clerk', 'fingerprint.trainingPlace', { who: 'Páo', finger: 1 });
    const news = await ended(core, captureId);
    expect(news.map(({ step }) => step)).toContain('adjust');
    expect(news.at(-1)).toMatchObject({ step: 'done' });

    const pulled = await core.ok('clerk', 'fingerprint.capture', {});
    await core.ok('clerk', 'fingerprint.trainingPlace', { who: 'Páo', finger: 1, print: 'unplug' });
    expect((await ended(core, pulled.captureId)).at(-1)).toMatchObject({
      step: 'failed',
      code: 'reader_unplugged',
    });
    expect((await core.ok('clerk', 'fingerprint.readers', {})).readers).toEqual([]);
    await capture(core, { who: 'Páo', finger: 1 });
  });
});
