// A helper lent by the shell to the core's thread, as in the desktop program: messages cross the thread's border as
// copies, bytes among them.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { forkHelper } from '../../../../electron/fingerprint/readers/vendor/index.ts';
import type { FromCore, ToCore } from '../../../../electron/shells/core-protocol.ts';
import { borrowHelpers, lendHelpers } from '../../../../electron/shells/lent-helpers.ts';
import { verify } from '../../../../electron/signing/crypto.ts';
import { schemeOfAlgorithm } from '../../../../electron/signing/policy.ts';
import type { HelperProcess } from '../../../../electron/signing/tokens/index.ts';
import {
  type Bench,
  cleanUp,
  helperFile,
  isAlive,
  makeCenter,
  makeSoftToken,
  openBench,
  softHsm,
  softHsmStore,
  spkiOf,
  until,
} from './support.ts';

const center = makeCenter();
const store = softHsmStore();
const doctor = center.person('Nguyễn Thị Lan');
const pin = '135792468';
let bench: Bench;

beforeAll(() => void makeSoftToken(store.folder, 'Lan', pin, [{ who: doctor, keyId: 'a1' }]));
afterEach(() => bench?.desk.close());
afterAll(() => cleanUp(center.folder, store.folder));

function joined() {
  const started: HelperProcess[] = [];
  const start = forkHelper(helperFile);
  const token = () => {
    const helper = start();
    if (helper) started.push(helper);
    return helper;
  };
  const reader = () => {
    throw new Error('a reader’s helper was asked for');
  };
  const lent = lendHelpers({ reader, token }, (message: ToCore) => {
    const copy = structuredClone(message);
    setImmediate(() => copy.type === 'helper' && borrowed.heard(copy.id, copy.news));
  });
  const borrowed = borrowHelpers((message: FromCore) => {
    const copy = structuredClone(message);
    setImmediate(() => copy.type === 'helper' && lent.asked(copy.id, copy.order));
  });
  return { lent, started, start: borrowed.start('token') };
}

it('tells tokens, takes a sealed PIN, signs, and ends with the thread', async () => {
  const { lent, started, start } = joined();
  bench = openBench([softHsm], { start });
  const token = await bench.tokenWith(doctor.id);
  const opened = await bench.desk.unlock(token.tokenId, doctor.id, await bench.seal(pin));
  if (!opened.ok) throw new Error(opened.error.code);
  const data = Buffer.from('{"type":"tram.document"}');
  const signed = await bench.desk.key(opened.value.session)!.sign(data, 'rsa-pkcs1-sha256');
  if (!signed.ok) throw new Error(signed.error.code);
  expect(verify(schemeOfAlgorithm('rsa-pkcs1-sha256'), spkiOf(doctor), data, signed.value)).toBe(true);
  lent.endAll();
  await until(() => !isAlive(started[0]!.pid!));
});
