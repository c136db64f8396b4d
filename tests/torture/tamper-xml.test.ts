// One byte of a signed envelope is changed, put in or taken out, each in turn, blanks and line ends too: the file is
// never valid. All ways at every byte: npm run torture -- tamper-xml
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyXml } from '../../electron/signing/xml/index.ts';
import { judgeOf } from '../integration/signing/pdf/tools.ts';
import { signedEnvelope } from '../integration/signing/xml/envelope.ts';
import { opensslWorld, type World } from '../unit/signing/cms/openssl-world.ts';

const everything = process.env.TRAM_TORTURE_ROUNDS !== undefined;
/** Bounded part: every so many bytes, and every blank and line end whatever the step. */
const stride = everything ? 1 : 37;

let world: World;
beforeAll(() => {
  world = opensslWorld();
});
afterAll(() => world.remove());

/** A lower bit, the other case, LF for CR, and what changes text into no text. */
const flips = [0x01, 0x20, 0x07, 0x80];
const putIn = [' ', '\n', '\r'];

describe.each([
  ['XML-DSig', false],
  ['XAdES', true],
])('%s', (_, xades) => {
  it('with one byte changed, put in or taken out is never valid', async () => {
    const signed = await signedEnvelope(world, 'head', 'ecdsa-p256-sha256', { xades, at: Date.now() });
    const judge = judgeOf(world);
    expect((await verifyXml(signed, judge)).state).toBe('valid');
    const survivors: string[] = [];
    let tried = 0;
    const attempt = async (what: string, changed: Buffer): Promise<void> => {
      tried += 1;
      if ((await verifyXml(changed, judge)).state === 'valid') survivors.push(what);
    };
    for (let at = 0; at < signed.length; at += 1) {
      const blank = [0x20, 0x0a].includes(signed[at]!);
      if (at % stride !== 0 && !blank) continue;
      const around = signed.toString('utf8', at - 10, at + 10);
      for (const flip of flips) {
        const changed = Buffer.from(signed);
        changed[at] = changed[at]! ^ flip;
        await attempt(`${at} ^ ${flip}: ${around}`, changed);
      }
      const [before, after] = [signed.subarray(0, at), signed.subarray(at)];
      await attempt(`${at} out: ${around}`, Buffer.concat([before, after.subarray(1)]));
      for (const blankIn of putIn)
        await attempt(`${at} in: ${around}`, Buffer.concat([before, Buffer.from(blankIn), after]));
    }
    await attempt('behind', Buffer.concat([signed, Buffer.from('\n')]));
    expect(survivors).toEqual([]);
    expect(tried).toBeGreaterThan(signed.length / stride);
    console.log(`${tried} changes of ${signed.length} bytes`);
  });
});
