// A PIN leaves its field only as something its token's helper can open.
import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { expect, it } from 'vitest';
import { sealPin } from '../../../renderer/pin/seal.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const rules = { key, min: 4, max: 16 };

const opened = (sealed: string) =>
  privateDecrypt(
    { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
    Buffer.from(sealed, 'base64'),
  ).toString('utf8');

it.each(['1234', 'mật khẩu', '1234567890123456'])('opens again to %s with the helper’s key', async (pin) => {
  const sealed = await sealPin(pin, rules);
  expect(sealed.kind).toBe('sealed');
  if (sealed.kind === 'sealed') expect(opened(sealed.pin)).toBe(pin);
});

it('never looks the same twice', async () => {
  const [one, other] = [await sealPin('1234', rules), await sealPin('1234', rules)];
  expect(one).not.toEqual(other);
});

it.each(['', '123', '12345678901234567', 'mật khẩu dài quá'])(
  'refuses %j, whose length no token would take',
  async (pin) => {
    expect(await sealPin(pin, rules)).toEqual({ kind: 'refused', why: 'length' });
  },
);

it('refuses a key it can’t use', async () => {
  expect(await sealPin('1234', { ...rules, key: 'AAAA' })).toEqual({ kind: 'refused', why: 'key' });
});
