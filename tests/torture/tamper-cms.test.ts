// One byte changed anywhere in a signed paper, in its signature's container, in a certificate or in the time-stamp, and
// it is not valid any more: every byte in turn, judged by the program's own judge over certificates made by OpenSSL.
// `npm test` changes each byte of two containers, by three bits in the short one and by one in that with everything;
// `npm run torture` in a dozen ways, in all kinds.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addTimeStamp, signCades, verifyCades } from '../../electron/signing/cms/index.ts';
import { sha256 } from '../../electron/signing/crypto.ts';
import { timeStamper, verifyTimeStamp } from '../../electron/signing/tsp/index.ts';
import type { SignatureAlgorithm } from '../../electron/signing/types.ts';
import { verdictOf } from '../../electron/signing/verdict.ts';
import { opensslWorld, stampUrl, type World } from '../unit/signing/cms/openssl-world.ts';
import { type WorldJudge, worldJudge } from '../unit/signing/cms/world-judge.ts';

const isLong = process.env.TRAM_TORTURE_ROUNDS !== undefined;
const content = Buffer.from('{"giấy":"ra viện","ngày":"2026-11-22"}');

let world: World;
let judge: WorldJudge;
beforeAll(() => {
  world = opensslWorld();
  const now = Date.now() + 1000;
  judge = worldJudge(world, { now: () => now, remember: true });
});
afterAll(() => world.remove());

/** Every single bit, all of them, and three that nobody chose; else as many bits as asked for, others at each byte. */
const masksAt = (at: number, few: number): readonly number[] =>
  isLong
    ? [...bits, 0xff, ...random(at)]
    : Array.from({ length: few }, (_, i) => bits[(at + 3 * i) % 8] ?? 1);
const bits = [0x01, 0x80, 0x02, 0x40, 0x04, 0x20, 0x08, 0x10];

const seed = Number(process.env.TRAM_TORTURE_SEED ?? 1);
const random = (at: number): number[] =>
  [...sha256(Buffer.from(`${seed}.${at}`)).subarray(0, 3)].filter((mask) => mask !== 0);

/** `judged` says of the changed bytes whether they are valid; answers where that was so. */
async function sweep(
  bytes: Buffer,
  isValid: (changed: Buffer) => Promise<boolean>,
  few = 3,
): Promise<string[]> {
  expect(await isValid(bytes)).toBe(true);
  const missed: string[] = [];
  const changed = Buffer.from(bytes);
  for (const [at, byte] of bytes.entries()) {
    for (const mask of masksAt(at, few)) {
      changed[at] = byte ^ mask;
      if (await isValid(changed)) missed.push(`byte ${at} ^ ${mask.toString(16)}`);
    }
    changed[at] = byte;
  }
  return missed;
}

const signer = (algorithm: SignatureAlgorithm): string =>
  ({
    'rsa-pkcs1-sha256': 'doctor',
    'rsa-pss-sha256': 'nurse',
    'ecdsa-p256-sha256': 'head',
    'ecdsa-p384-sha384': 'director',
  })[algorithm];

async function signed(algorithm: SignatureAlgorithm, detached = true): Promise<Buffer> {
  const made = await signCades({
    content,
    key: world.key(signer(algorithm)),
    algorithm,
    at: Date.now(),
    detached,
  });
  if (!made.ok) throw new Error(made.error.code);
  return made.value;
}

async function stamped(algorithm: SignatureAlgorithm): Promise<Buffer> {
  const made = await addTimeStamp(
    await signed(algorithm),
    timeStamper({ url: stampUrl, fetch: world.fetch }),
  );
  if (!made.ok) throw new Error(made.error.code);
  return made.value;
}

const holds = async (container: Buffer, over: Buffer | null): Promise<boolean> =>
  verdictOf(await verifyCades(container, over, judge)).state === 'valid';

describe('one changed byte is noticed', () => {
  it('in the content', async () => {
    const container = await signed('rsa-pkcs1-sha256');
    expect(await sweep(content, (changed) => holds(container, changed))).toEqual([]);
  });

  it('in the content inside the container', async () => {
    expect(await sweep(await signed('ecdsa-p256-sha256', false), (changed) => holds(changed, null))).toEqual(
      [],
    );
  });

  it.each(
    isLong ? (['rsa-pkcs1-sha256', 'rsa-pss-sha256', 'ecdsa-p256-sha256', 'ecdsa-p384-sha384'] as const) : [],
  )('in a container signed with %s, certificates and all', async (algorithm) => {
    expect(await sweep(await signed(algorithm), (changed) => holds(changed, content))).toEqual([]);
  });

  it('in a container with a time-stamp, and in the time-stamp', async () => {
    expect(await sweep(await stamped('rsa-pkcs1-sha256'), (changed) => holds(changed, content), 1)).toEqual(
      [],
    );
  });

  if (isLong)
    it('in a time-stamp by itself', async () => {
      const token = await timeStamper({ url: stampUrl, fetch: world.fetch })(content);
      if (!token.ok) throw new Error(token.error.code);
      const isValid = async (changed: Buffer): Promise<boolean> =>
        (await verifyTimeStamp(changed, content, judge)).state === 'valid';
      expect(await sweep(token.value, isValid)).toEqual([]);
    });

  it('and so is one byte less, one more, and two containers in one', async () => {
    const container = await stamped('ecdsa-p256-sha256');
    expect(await holds(container, content)).toBe(true);
    for (let cut = 0; cut < container.length; cut += isLong ? 1 : 7)
      expect(await holds(container.subarray(0, cut), content)).toBe(false);
    for (const tail of [Buffer.from([0]), Buffer.from('\n'), Buffer.alloc(64), container])
      expect(await holds(Buffer.concat([container, tail]), content)).toBe(false);
  });
});

// a suite of the long run only: what is left out of the short one is not there, rather than skipped
if (isLong)
  describe('files of other programs', () => {
    // without the attribute that binds the algorithms in, two spellings of one algorithm are both right: not bytes that change what is said
    it('are never valid with a changed byte, but for the other spelling of the same algorithm', async () => {
      world.write('content.bin', content);
      world.openssl([
        'cms',
        '-sign',
        '-cades',
        '-binary',
        '-nosmimecap',
        '-in',
        'content.bin',
        '-signer',
        'doctor.pem',
        '-inkey',
        'doctor.key',
        '-certfile',
        'ca.pem',
        '-outform',
        'DER',
        '-out',
        'foreign.p7s',
        '-md',
        'sha256',
      ]);
      const container = Buffer.from(
        world.openssl(['base64', '-A', '-in', 'foreign.p7s']).toString(),
        'base64',
      );
      const missed = await sweep(container, (changed) => holds(changed, content));
      // rsaEncryption, and sha256WithRSAEncryption: …01.01 and …01.0b
      expect(missed.filter((one) => !one.endsWith(' ^ a'))).toEqual([]);
      expect(missed.length).toBeLessThanOrEqual(1);
    });
  });
