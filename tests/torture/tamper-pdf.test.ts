// One byte of a signed PDF is changed, each in turn: whatever byte and wherever it stands (content, fonts, signature,
// certificates, time-stamps, cross-references, the tail), the file is never valid.
// Every byte, several ways: npm run torture -- tamper-pdf
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDocTimeStamp, verifyPdf } from '../../electron/signing/pdf/index.ts';
import { judgeOf, paper, qpdf, signedBy, stamperOf } from '../integration/signing/pdf/tools.ts';
import { opensslWorld, type World } from '../unit/signing/cms/openssl-world.ts';

const everything = process.env.TRAM_TORTURE_ROUNDS !== undefined;
/** Bounded part: every so many bytes, and the whole of the end. */
const stride = everything ? 1 : 61;
const tail = 400;
const flips = everything ? [0x01, 0x20, 0x80] : [0x01];

let world: World;
beforeAll(() => {
  world = opensslWorld();
});
afterAll(() => world.remove());

const files: Readonly<Record<string, () => Promise<Buffer>>> = {
  'a table, two signers': () =>
    signedBy(world, paper(), [
      { who: 'doctor', algorithm: 'rsa-pss-sha256' },
      { who: 'head', algorithm: 'ecdsa-p256-sha256' },
    ]),
  'streams, a signature with its time-stamp': () =>
    signedBy(world, qpdf(world, ['--object-streams=generate']), [
      { who: 'nurse', algorithm: 'rsa-pkcs1-sha256', stamper: stamperOf(world) },
    ]),
  'a table, sealed by a document time-stamp': async () => {
    const signed = await signedBy(world, paper(), [{ who: 'head', algorithm: 'ecdsa-p256-sha256' }]);
    const sealed = await addDocTimeStamp(signed, stamperOf(world));
    if (!sealed.ok) throw new Error(sealed.error.code);
    return sealed.value;
  },
};

describe.each(Object.entries(files))('%s', (_, make) => {
  it('with one byte changed is never valid', async () => {
    const signed = await make();
    const judge = judgeOf(world);
    expect((await verifyPdf(signed, judge)).state).toBe('valid');
    const survivors: string[] = [];
    let tried = 0;
    for (let at = 0; at < signed.length; at += at >= signed.length - tail ? 1 : stride)
      for (const flip of flips) {
        const changed = Buffer.from(signed);
        changed[at] = changed[at]! ^ flip;
        tried += 1;
        const { state } = await verifyPdf(changed, judge);
        if (state === 'valid')
          survivors.push(`${at} ^ ${flip}: ${signed.toString('latin1', at - 20, at + 20)}`);
      }
    expect(survivors).toEqual([]);
    expect(tried).toBeGreaterThan(signed.length / stride);
    console.log(`${tried} changes of ${signed.length} bytes`);
  });

  it('with bytes cut off, put in or doubled is never valid', async () => {
    const signed = await make();
    const judge = judgeOf(world);
    for (let at = 1; at < signed.length; at += everything ? 37 : 2999) {
      const cut = signed.subarray(0, at);
      const without = Buffer.concat([signed.subarray(0, at), signed.subarray(at + 1)]);
      const doubled = Buffer.concat([signed.subarray(0, at), signed.subarray(at - 1)]);
      for (const changed of [cut, without, doubled])
        expect((await verifyPdf(changed, judge)).state, `at ${at}`).not.toBe('valid');
    }
  });
});
