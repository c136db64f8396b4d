// Training's token through the whole core: plugged in by whoever is at the page, never in a real center.
import { constants, publicEncrypt } from 'node:crypto';
import { expect, it } from 'vitest';
import { trainingPin } from '../../../../electron/signing/training/index.ts';
import { adminPassword, foundedCore, openTestCore, testCenter } from '../../support/open-test-core.ts';

function seal(pinKey: string, pin: string): string {
  const key = `-----BEGIN PUBLIC KEY-----\n${pinKey}\n-----END PUBLIC KEY-----`;
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key, padding, oaepHash: 'sha256' }, Buffer.from(pin)).toString('base64');
}

it('is plugged in, opened with the PIN it tells, and fits the person at the page', async () => {
  const center = await openTestCore({ mode: 'training', clock: { now: Date.now() } });
  await center.ok('admin', 'station.firstRun', testCenter);
  await center.ok('admin', 'access.login', { username: 'quantri', password: adminPassword });
  // passwords are fixed in training
  const password = 'mật khẩu đầu tiên';
  const account = { username: 'bacsi', fullName: 'Người bacsi', title: null, wards: [], password };
  await center.ok('admin', 'access.createUser', { ...account, roles: ['bac_si_dieu_tri'] });
  await center.ok('bacsi', 'access.login', { username: 'bacsi', password });
  expect((await center.ok('bacsi', 'signing.tokens', {})).tokens).toEqual([]);

  await center.ok('bacsi', 'signing.trainingToken', { present: true });
  const { tokens, pinKey } = await center.ok('bacsi', 'signing.tokens', {});
  expect(tokens).toMatchObject([{ simulated: true, pin: 'ok', openUntil: null }]);
  const certificate = tokens[0]!.certificates.find(({ name }) => name === 'Người bacsi')!;
  expect(certificate).toMatchObject({ fault: null, firstUse: true });
  const unlock = {
    tokenId: tokens[0]!.tokenId,
    certificateId: certificate.certificateId,
    sealedPin: seal(pinKey!, trainingPin),
    mine: true,
  };
  const { openUntil } = await center.ok('bacsi', 'signing.unlock', unlock);
  expect(openUntil).toBeGreaterThan(center.clock.now);
  expect((await center.ok('bacsi', 'signing.tokens', {})).tokens[0]!.openUntil).toBe(openUntil);

  await center.ok('bacsi', 'signing.trainingToken', { present: false });
  expect((await center.ok('bacsi', 'signing.tokens', {})).tokens).toEqual([]);
});

it('is not to be had in a real center', async () => {
  const center = await foundedCore();
  const refused = await center.refused('admin', 'signing.trainingToken', { present: true });
  expect(refused.code).toBe('not_allowed');
});
