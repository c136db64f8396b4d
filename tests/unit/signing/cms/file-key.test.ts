// Keys from files are for training only: their certificates say so themselves, and fit the key.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../../../electron/signing/crypto.ts';
import { trainingFileKey, trainingP12Key } from '../../../../electron/signing/file-key.ts';
import { schemeOfAlgorithm } from '../../../../electron/signing/policy.ts';
import { readCertificate } from '../../../../electron/signing/x509/certificate.ts';
import { opensslWorld, type World } from './openssl-world.ts';

let training: World;
let real: World;
beforeAll(() => {
  training = opensslWorld({ organization: 'TẬP HUẤN - KHÔNG CÓ GIÁ TRỊ PHÁP LÝ' });
  real = opensslWorld();
}, 60_000);
afterAll(() => {
  training.remove();
  real.remove();
}, 60_000);

const pem = (world: World, name: string): string => readFileSync(world.path(name), 'utf8');

function p12(world: World, name: string, ...more: string[]): Buffer {
  world.openssl([
    'pkcs12',
    '-export',
    '-inkey',
    `${name}.key`,
    '-in',
    `${name}.pem`,
    '-certfile',
    'ca.pem',
    '-passout',
    'pass:mat-khau',
    '-out',
    'key.p12',
    ...more,
  ]);
  return readFileSync(world.path('key.p12'));
}

describe('a key from a file', () => {
  it.each(['doctor', 'head', 'director'])('of training signs: %s', async (name) => {
    const key = trainingFileKey(
      pem(training, `${name}.key`),
      pem(training, `${name}.pem`) + pem(training, 'ca.pem'),
    );
    if (!key.ok) throw new Error(key.error.code);
    expect(key.value.chain).toEqual([training.issuer]);
    for (const algorithm of key.value.algorithms) {
      const signature = await key.value.sign(Buffer.from('data'), algorithm);
      const spki = readCertificate(key.value.certificate)?.spki ?? Buffer.alloc(0);
      expect(
        signature.ok && verify(schemeOfAlgorithm(algorithm), spki, Buffer.from('data'), signature.value),
      ).toBe(true);
    }
  });

  it('of a real person is not taken, nor one that is not the certificate’s, nor nonsense', () => {
    const refused = { ok: false, error: { code: 'certificate_unfit' } };
    expect(trainingFileKey(pem(real, 'doctor.key'), pem(real, 'doctor.pem'))).toMatchObject(refused);
    expect(trainingFileKey(pem(training, 'nurse.key'), pem(training, 'doctor.pem'))).toMatchObject(refused);
    expect(trainingFileKey(pem(training, 'head.key'), pem(training, 'doctor.pem'))).toMatchObject(refused);
    expect(trainingFileKey('nonsense', pem(training, 'doctor.pem'))).toMatchObject(refused);
    expect(trainingFileKey(pem(training, 'doctor.key'), 'nonsense')).toMatchObject(refused);
  });

  it('comes out of PKCS#12, RSA and EC, with its chain', () => {
    for (const name of ['doctor', 'head']) {
      const key = trainingP12Key(p12(training, name), 'mat-khau');
      expect(key).toMatchObject({
        ok: true,
        value: { certificate: training.der(name), chain: [training.issuer] },
      });
    }
  });

  it('comes out of PKCS#12 only with its password, and only of training', () => {
    expect(trainingP12Key(p12(training, 'doctor'), 'sai')).toMatchObject({ error: { code: 'pin_wrong' } });
    expect(trainingP12Key(Buffer.from('no p12'), '')).toMatchObject({ error: { code: 'pin_wrong' } });
    expect(trainingP12Key(p12(real, 'doctor'), 'mat-khau')).toMatchObject({
      error: { code: 'certificate_unfit' },
    });
    const certificatesOnly = p12(training, 'doctor', '-nokeys');
    expect(trainingP12Key(certificatesOnly, 'mat-khau')).toMatchObject({
      error: { code: 'certificate_unfit' },
    });
  });
});
