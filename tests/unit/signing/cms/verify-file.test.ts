// What a file is, is told by its bytes; whatever is none of ours is never called valid.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signCades } from '../../../../electron/signing/cms/index.ts';
import { timeStamper } from '../../../../electron/signing/tsp/index.ts';
import type { Verdict } from '../../../../electron/signing/types.ts';
import { kindOf, verifyFile } from '../../../../electron/signing/verify-file.ts';
import { opensslWorld, stampUrl, type World } from './openssl-world.ts';
import { type WorldJudge, worldJudge } from './world-judge.ts';

let world: World;
let judge: WorldJudge;
beforeAll(() => {
  world = opensslWorld();
  judge = worldJudge(world);
}, 60_000);
afterAll(() => world.remove());

const content = Buffer.from('content');
const passed = (kind: string) => async (): Promise<Verdict> =>
  ({ state: 'undetermined', reasons: [], signatures: [], kind }) as Verdict;
const verify = (file: Buffer | string, over: Buffer | null = null): Promise<Verdict> =>
  verifyFile(Buffer.from(file), over, judge, { pdf: passed('pdf'), xml: passed('xml') });

async function signature(): Promise<Buffer> {
  const made = await signCades({ content, key: world.key('doctor'), algorithm: 'rsa-pkcs1-sha256' });
  if (!made.ok) throw new Error(made.error.code);
  return made.value;
}

describe('a signed file', () => {
  it.each([
    ['%PDF-1.7\n…', 'pdf'],
    ['\n\n junk before %PDF-1.4', 'pdf'],
    ['<?xml version="1.0"?><a/>', 'xml'],
    ['\ufeff  <GIAMDINHHS/>', 'xml'],
    ['-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----\n', 'cms'],
    ['MIIGawYJKoZIhvcNAQcCoIIGXDCC', 'cms'],
    ['', 'other'],
    ['Kính gửi', 'other'],
  ])('%j is %s', (text, kind) => {
    expect(kindOf(Buffer.from(text))).toBe(kind);
  });

  it('is XML in UTF-16 too', () => {
    expect(kindOf(Buffer.from('\ufeff<a/>', 'utf16le'))).toBe('xml');
    expect(kindOf(Buffer.from('\ufeff<a/>', 'utf16le').swap16())).toBe('xml');
  });

  it('of CMS holds as DER, PEM and base64', async () => {
    const der = await signature();
    const base64 = world.openssl(['base64'], der).toString();
    for (const file of [
      der,
      base64,
      `-----BEGIN CMS-----\n${base64}-----END CMS-----\n`,
      `-----BEGIN PKCS7-----\r\n${base64}-----END PKCS7-----`,
    ])
      expect(await verify(file, content)).toMatchObject({ state: 'valid' });
    expect(await verify(Buffer.concat([der, Buffer.from([0])]), content)).toMatchObject({ state: 'invalid' });
  });

  it('may be a time-stamp over another file', async () => {
    const token = await timeStamper({ url: stampUrl, fetch: world.fetch })(content);
    if (!token.ok) throw new Error(token.error.code);
    expect(await verify(token.value, content)).toMatchObject({
      state: 'valid',
      signatures: [{ kind: 'DocTimeStamp' }],
    });
    expect(await verify(token.value, Buffer.from('other'))).toMatchObject({ state: 'invalid' });
    expect(await verify(token.value)).toMatchObject({ state: 'undetermined', reasons: ['content_missing'] });
  });

  it('is handed to the verifier of its kind, and not with a second file that nobody would look at', async () => {
    expect(await verify('%PDF-1.7')).toMatchObject({ kind: 'pdf' });
    expect(await verify('<a/>')).toMatchObject({ kind: 'xml' });
    expect(await verify('%PDF-1.7', content)).toMatchObject({
      state: 'undetermined',
      reasons: ['unreadable'],
    });
    expect(await verify('neither')).toMatchObject({ state: 'undetermined', reasons: ['unreadable'] });
  });

  it('of certificates only, which nobody has signed, is undetermined', async () => {
    world.openssl(['crl2pkcs7', '-nocrl', '-certfile', 'doctor.pem', '-outform', 'DER', '-out', 'only.p7b']);
    const only = world.openssl(['base64', '-in', 'only.p7b']).toString();
    expect(await verify(only, content)).toMatchObject({ state: 'undetermined', reasons: ['no_signature'] });
  });
});
