// `tram sign` with a PKCS#11 token: SoftHSM through the real helper process, its PIN read from standard input.
import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { opensslWorld, type World } from '../../../unit/signing/cms/openssl-world.ts';
import { cleanUp, makeCenter, makeSoftToken, p256, softHsm, softHsmStore } from '../tokens/support.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const pin = 'Pin-cua-bs-Lan-2026';
const center = makeCenter();
const store = softHsmStore();
const doctor = center.person('Nguyễn Thị Lan');
const nurse = center.person('Trần Văn Hậu', p256);
let tools: World;

beforeAll(() => {
  tools = opensslWorld();
  makeSoftToken(store.folder, 'Lan', pin, [{ who: doctor, keyId: 'a1' }], [center.authority]);
  makeSoftToken(store.folder, 'Hau', pin, [{ who: nurse, keyId: 'b1' }], [center.authority]);
  writeFileSync(join(center.folder, 'paper.json'), '{"giấy":"ra viện"}');
}, 60_000);
afterAll(() => {
  tools.remove();
  cleanUp(center.folder, store.folder);
});

const sign = (typed: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(root, 'bin', 'tram.mjs'), 'sign', 'paper.json', '--module', softHsm, ...args],
      { cwd: center.folder },
      (error, out, err) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    );
    child.stdin?.end(`${typed}\n`);
  });

describe('tram sign with a token', () => {
  it('asks which certificate when there are several, and names them', async () => {
    const ran = await sign(pin);
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('Có nhiều chứng thư') });
    expect(ran.err).toContain('Nguyễn Thị Lan');
    expect(ran.err).toContain(nurse.id.slice(0, 12));
  });

  it.each([
    ['RSA', doctor],
    ['P-256', nurse],
  ])('signs with %s, and OpenSSL accepts it', async (kind, who) => {
    const ran = await sign(pin, '--certificate', who.id.slice(0, 12), '--out', `${kind}.p7s`);
    expect(ran).toMatchObject({ code: 0, err: '' });
    const [file, content] = [join(center.folder, `${kind}.p7s`), join(center.folder, 'paper.json')];
    tools.openssl([
      'x509',
      '-inform',
      'DER',
      '-in',
      center.authority.certificateFile,
      '-out',
      'authority.pem',
    ]);
    expect(
      tools.tries([
        'cms',
        '-verify',
        '-cades',
        '-binary',
        '-inform',
        'DER',
        '-in',
        file,
        '-content',
        content,
        '-CAfile',
        'authority.pem',
        '-out',
        'out.bin',
        '-purpose',
        'any',
      ]),
    ).toMatchObject({ code: 0 });
  });

  it('says that the PIN is wrong, writes nothing and does not try again', async () => {
    const ran = await sign('not-the-pin', '--certificate', doctor.id, '--out', 'wrong.p7s');
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('Sai mã PIN') });
    expect(existsSync(join(center.folder, 'wrong.p7s'))).toBe(false);
    expect(ran.out + ran.err).not.toContain('not-the-pin');
  });
});
