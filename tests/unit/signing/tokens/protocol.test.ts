// What the helper sends is checked: a module inside it may have made a mess of its memory.
import { expect, it } from 'vitest';
import { parseFromHelper } from '../../../../electron/signing/tokens/protocol.ts';

it.each([
  null,
  'signed',
  { type: 'signed', id: '1', signature: Buffer.alloc(4) },
  { type: 'signed', id: 1, signature: 'AAAA' },
  { type: 'signed', id: 1, signature: Buffer.alloc(5_000) },
  { type: 'begun', id: 1, pinKey: [1, 2] },
  { type: 'opened', id: 1, key: '1', algorithms: [] },
  { type: 'seen', id: 1, tokens: {} },
  { type: 'fault', id: 1, fault: { code: 'not_allowed', detail: '' } },
  { type: 'something', id: 1 },
])('%j is none of ours', (message) => expect(parseFromHelper(message)).toBe(null));

it('of tokens what is malformed is left out, what is too long is cut', () => {
  const good = {
    serial: 'x'.repeat(500),
    label: 5,
    maker: 'm',
    pin: 'ok',
    defaultPin: 'yes',
    pinLength: { min: 6, max: 8 },
    certificates: [Buffer.alloc(10), 'no', Buffer.alloc(100_000)],
  };
  const told = parseFromHelper({ type: 'seen', id: 7, tokens: [good, { ...good, pin: 'fine' }, null] });
  expect(told).toEqual({
    type: 'seen',
    id: 7,
    tokens: [
      { ...good, serial: 'x'.repeat(120), label: '', defaultPin: false, certificates: [Buffer.alloc(10)] },
    ],
  });
});

it('algorithms keep the helper’s order, unknown ones are left out', () => {
  const told = parseFromHelper({
    type: 'opened',
    id: 1,
    key: 3,
    algorithms: ['rsa-pss-sha256', 'md5', 'rsa-pkcs1-sha256'],
    defaultPin: true,
  });
  expect(told).toMatchObject({ algorithms: ['rsa-pss-sha256', 'rsa-pkcs1-sha256'], defaultPin: true });
});
