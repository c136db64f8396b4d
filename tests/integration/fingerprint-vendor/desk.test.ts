// The desk over real helper processes: what a person at the PC meets when a maker's library dies under it.
// ABI ONLY: the libraries are stubs of ours.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { openReaderDesk } from '../../../electron/fingerprint/readers/desk.ts';
import { asking, buildStubs, inLook, openBench, rings } from './support.ts';

const build = buildStubs();
const zkteco = build('zkteco');
const bench = openBench(zkteco);
let setting: string | null = null;
const desk = openReaderDesk({
  mode: 'real',
  real: () => [bench.family],
  simulated: () => {
    throw new Error('never in real mode');
  },
  settings: {
    get: () => setting,
    set: (value) => {
      setting = value;
    },
  },
  log: () => {},
});
afterAll(() => desk.close());

const take = () =>
  desk.capture({
    ...asking(),
    judge: ({ pixels }) => ({ good: Buffer.compare(pixels, rings(4)) === 0, hints: ['hold_still'] as const }),
    take: ({ pixels }) => pixels.slice(),
  });

it('takes the first good picture, however often the helper is killed in between', async () => {
  zkteco.behave({ finger: 3 });
  const first = take();
  // bad pictures come and go
  await sleep(1_200);
  zkteco.behave({ finger: 4 });
  const taken = await first;
  if (!taken.ok) throw new Error(taken.error.code);
  expect(Buffer.compare(taken.value, rings(4))).toBe(0);

  for (let round = 0; round < 3; round++) {
    zkteco.behave({});
    const waiting = take();
    await sleep(400);
    process.kill(bench.helpers.at(-1)!.pid!, 'SIGKILL');
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'reader_failed' } });
    zkteco.behave({ finger: 4 });
    expect(await take()).toMatchObject({ ok: true });
  }
});

it('comes back after the library hung', async () => {
  zkteco.behave({ hang: inLook });
  expect(await take()).toMatchObject({ ok: false, error: { code: 'reader_failed' } });
  zkteco.behave({ finger: 4 });
  expect(await take()).toMatchObject({ ok: true });
});

it('notices the cable pulled and plugged in again', async () => {
  zkteco.behave({});
  const waiting = take();
  await sleep(300);
  zkteco.behave({ readers: 0 });
  expect(await waiting).toMatchObject({ ok: false, error: { code: 'reader_unplugged' } });
  expect(await take()).toMatchObject({ ok: false, error: { code: 'reader_missing' } });
  zkteco.behave({ finger: 4 });
  expect(await take()).toMatchObject({ ok: true });
});
