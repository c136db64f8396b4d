// What our own part of fifty signatures with one PIN costs: the same fifty by the module called directly and through the
// desk and its helper process, so that the difference is ours. With SoftHSM, whose own time is next to nothing.
//   node tests/bench/tokens.ts
import { randomBytes } from 'node:crypto';
import { loadModule } from '../../electron/signing/tokens/module.ts';
import { isFault } from '../../electron/signing/tokens/numbers.ts';
import { tokenBook } from '../../electron/signing/tokens/tokens.ts';
import {
  cleanUp,
  makeCenter,
  makeSoftToken,
  openBench,
  p256,
  softHsm,
  softHsmStore,
} from '../integration/signing/tokens/support.ts';
import { type Figure, line } from './figures.ts';

/** ms beyond the token's own time for a batch of fifty (ours). */
const budgetMs = 2_000;
const papers = Array.from({ length: 50 }, () => randomBytes(20_000));
const pin = '135792468';

const center = makeCenter();
const store = softHsmStore();
const people = [
  { what: 'RSA 2,048', who: center.person('Nguyễn Thị Lan'), algorithm: 'rsa-pkcs1-sha256' },
  { what: 'ECDSA P-256', who: center.person('Trần Văn Hậu', p256), algorithm: 'ecdsa-p256-sha256' },
] as const;
const serials = people.map(
  ({ what, who }, index) => makeSoftToken(store.folder, what, pin, [{ who, keyId: `a${index}` }]).serial,
);

const module = await loadModule(softHsm);
if (isFault(module)) throw new Error(module.detail);
const book = tokenBook(module);
const bench = openBench([softHsm]);
for (const [index, { what, who, algorithm }] of people.entries()) {
  const serial = serials[index] ?? '';
  const asked = { certificate: who.id, pin: Buffer.from(pin), knowing: false, tried: () => {} };
  const direct = book.open({ serial, ...asked });
  if (isFault(direct)) throw new Error(direct.detail);
  const token = await bench.tokenWith(who.id);
  const began = performance.now();
  const opened = await bench.desk.unlock(token.tokenId, who.id, await bench.seal(pin));
  if (!opened.ok) throw new Error(opened.error.code);
  const unlockMs = performance.now() - began;
  const key = bench.desk.key(opened.value.session);
  const own = await timeOf((paper) => void direct.sign(algorithm, paper, null));
  const whole = await timeOf((paper) => key?.sign(paper, algorithm));
  const figure: Figure = {
    name: `50 signatures, ${what}, beyond the token's own time`,
    value: whole - own,
    unit: 'ms',
    budget: budgetMs,
    samples: papers.length,
    detail: `token ${own.toFixed(0)} ms, whole ${whole.toFixed(0)} ms, PIN ${unlockMs.toFixed(0)} ms`,
  };
  console.log(line(figure));
}
await bench.desk.close();
cleanUp(center.folder, store.folder);

async function timeOf(sign: (paper: Buffer) => unknown): Promise<number> {
  const began = performance.now();
  for (const paper of papers) await sign(paper);
  return performance.now() - began;
}
