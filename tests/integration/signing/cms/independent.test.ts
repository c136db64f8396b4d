// What others say of our containers: OpenSSL with revocation lists and at other times, GnuTLS's certtool; and what we say
// of theirs. Each makes and reads CMS by code of its own.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyCades } from '../../../../electron/signing/cms/index.ts';
import type { SignatureAlgorithm, Verdict } from '../../../../electron/signing/types.ts';
import { verdictOf } from '../../../../electron/signing/verdict.ts';
import {
  kinds,
  opensslSays,
  signedBy,
  stampedBy,
  strangeRoot,
} from '../../../unit/signing/cms/cades-support.ts';
import { opensslWorld, type World } from '../../../unit/signing/cms/openssl-world.ts';
import { worldJudge } from '../../../unit/signing/cms/world-judge.ts';

const content = Buffer.from('{"giấy":"tóm tắt hồ sơ bệnh án"}');
let world: World;
beforeAll(() => {
  world = opensslWorld();
  world.write('content.bin', content);
}, 60_000);
afterAll(() => world.remove());

const cadesT = async (name: string, algorithm: SignatureAlgorithm): Promise<Buffer> =>
  stampedBy(world, await signedBy(world, content, name, algorithm));
/** Roots and revocation lists in one file. */
const withLists = (): string => {
  world.write(
    'all.pem',
    ['root.pem', 'root.crl.pem', 'ca.crl.pem'].map((file) => readFileSync(world.path(file))).join('\n'),
  );
  return 'all.pem';
};

const own = async (container: Buffer, now = Date.now()): Promise<Verdict> =>
  verdictOf(await verifyCades(container, content, worldJudge(world, { now: () => now })));

describe('OpenSSL and this program agree', () => {
  it.each(kinds)('about %s with %s, revocation lists and all', async (name, algorithm) => {
    const container = await cadesT(name, algorithm);
    expect(opensslSays(world, container, content, '-CAfile', withLists(), '-crl_check_all')).toMatchObject({
      code: 0,
    });
    expect(readFileSync(world.path('out.bin')).equals(content)).toBe(true);
    expect(await own(container)).toMatchObject({ state: 'valid' });
  });

  it('about a certificate that has expired: OpenSSL by its clock, we by the time-stamp’s', async () => {
    const container = await cadesT('doctor', 'rsa-pkcs1-sha256');
    const later = Date.now() + 1_100 * 86_400_000;
    expect(opensslSays(world, container, content, '-attime', String(Math.floor(later / 1000)))).toMatchObject(
      {
        said: expect.stringContaining('certificate has expired'),
      },
    );
    // the time-stamp's own certificate has expired by then too, so nothing proves the time any more
    expect((await own(container, later)).state).not.toBe('valid');
  });

  it('about one that was revoked', async () => {
    const container = await cadesT('nurse', 'rsa-pkcs1-sha256');
    world.revoke('nurse');
    expect(opensslSays(world, container, content, '-CAfile', withLists(), '-crl_check_all')).toMatchObject({
      said: expect.stringContaining('certificate revoked'),
    });
    // signed and stamped before it was revoked, within the same second or so
    expect(await own(await signedBy(world, content, 'nurse'))).toMatchObject({
      state: 'invalid',
      reasons: expect.arrayContaining(['revoked']),
    });
  });

  it('about other content and other roots', async () => {
    const container = await cadesT('head', 'ecdsa-p256-sha256');
    strangeRoot(world, 'x');
    expect(opensslSays(world, container, content, '-CAfile', 'x.pem').code).not.toBe(0);
    const stranger = opensslWorld();
    try {
      expect(verdictOf(await verifyCades(container, content, worldJudge(stranger)))).toMatchObject({
        state: 'undetermined',
        reasons: expect.arrayContaining(['issuer_unknown']),
      });
    } finally {
      stranger.remove();
    }
  });
});

describe('GnuTLS', () => {
  const certtool = (...args: string[]): { code: number | null; said: string } => {
    const { status, stdout, stderr } = spawnSync('certtool', args, { cwd: world.folder, encoding: 'utf8' });
    return { code: status, said: `${stdout}${stderr}` };
  };

  it.each(kinds)('accepts %s with %s', async (name, algorithm) => {
    world.write('own.p7s', await cadesT(name, algorithm));
    const said = certtool(
      '--p7-verify',
      '--inder',
      '--infile',
      'own.p7s',
      '--load-data',
      'content.bin',
      '--load-ca-certificate',
      'root.pem',
    );
    expect(said).toMatchObject({ code: 0, said: expect.stringMatching(/Signature status: ok/) });
    world.write('other.bin', 'other');
    expect(
      certtool(
        '--p7-verify',
        '--inder',
        '--infile',
        'own.p7s',
        '--load-data',
        'other.bin',
        '--load-ca-certificate',
        'root.pem',
      ),
    ).toMatchObject({ code: 1 });
  });

  it('signs plain CMS, which is read here and lacks what CAdES needs', async () => {
    certtool(
      '--p7-detached-sign',
      '--p7-time',
      '--load-privkey',
      'doctor.key',
      '--load-certificate',
      'doctor.pem',
      '--infile',
      'content.bin',
      '--outder',
      '--outfile',
      'gnutls.p7s',
    );
    const container = readFileSync(world.path('gnutls.p7s'));
    expect(await own(container)).toMatchObject({ state: 'invalid', reasons: ['attribute_missing'] });
    const judge = worldJudge(world);
    const lax = verdictOf(
      await verifyCades(container, content, judge, {
        signingCertificate: 'optional',
        others: [world.issuer],
      }),
    );
    expect(lax.reasons.filter((reason) => reason !== 'time_unproven')).toEqual([]);
    expect(lax.state).toBe('valid');
  });
});
