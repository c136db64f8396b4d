// A helper lent by the shell to the core's thread, as in the desktop program: messages cross the thread's border as
// copies. ABI ONLY: the library is a stub of ours.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { forkHelper, type HelperProcess } from '../../../electron/fingerprint/readers/vendor/index.ts';
import type { FromCore, ToCore } from '../../../electron/shells/core-protocol.ts';
import { borrowHelpers, lendHelpers } from '../../../electron/shells/lent-helpers.ts';
import { asking, buildStubs, helperFile, inLook, isAlive, openBench, rings } from './support.ts';

const stub = buildStubs()('zkteco');

function joined(start = forkHelper(helperFile)) {
  const started: HelperProcess[] = [];
  const toShell: FromCore[] = [];
  const startOne = (): HelperProcess | null => {
    const helper = start();
    if (helper) started.push(helper);
    return helper;
  };
  const lent = lendHelpers({ reader: startOne, token: startOne }, (message: ToCore) => {
    const copy = structuredClone(message);
    setImmediate(() => copy.type === 'helper' && borrowed.heard(copy.id, copy.news));
  });
  const borrowed = borrowHelpers((message) => {
    const copy = structuredClone(message);
    toShell.push(copy);
    setImmediate(() => copy.type === 'helper' && lent.asked(copy.id, copy.order));
  });
  const bench = openBench(stub, { start: borrowed.start('reader') });
  return { lent, started, bench };
}

it('takes a picture, crashes, and takes the next', async () => {
  stub.behave({ finger: 2 });
  const { bench, started } = joined();
  const [info] = await bench.family.discover();
  const reader = await bench.family.open(info!);
  if (!reader.ok) throw new Error(reader.error.code);
  const first = await reader.value.capture(asking());
  if (!first.ok) throw new Error(first.error.code);
  expect(Buffer.compare(first.value.pixels, rings(2))).toBe(0);
  stub.behave({ finger: 2, crash: inLook });
  expect(await reader.value.capture(asking())).toMatchObject({ ok: false, error: { code: 'reader_failed' } });
  stub.behave({ finger: 3 });
  expect(await reader.value.capture(asking())).toMatchObject({ ok: true });
  expect(started).toHaveLength(2);
  await bench.family.close();
});

it('ends with the thread that borrowed it', async () => {
  stub.behave({});
  const { lent, bench, started } = joined();
  await bench.family.discover();
  lent.endAll();
  for (let i = 0; i < 100 && isAlive(started[0]!.pid!); i++) await sleep(50);
  expect(isAlive(started[0]!.pid!)).toBe(false);
});

it('that cannot be started is a reader without its software, or one that fails; never an exception', async () => {
  stub.behave({});
  const { bench } = joined(() => null);
  expect(await bench.family.discover()).toEqual([]);
  const info = { id: 'vendor:zkteco:0', kind: 'vendor', model: 'ZKTeco', place: 'USB #1' } as const;
  expect(await bench.family.open(info)).toMatchObject({ ok: false, error: { code: 'reader_failed' } });
});
