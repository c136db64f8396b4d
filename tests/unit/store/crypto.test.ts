import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encryptBlock, seal, stretch, unseal } from '../../../electron/store/crypto.ts';

const root = join(import.meta.dirname, '../../../');
const sources = readdirSync(join(root, 'electron'), { recursive: true, encoding: 'utf8' })
  .filter((f) => f.endsWith('.ts'))
  .map((f) => ({
    file: `electron/${f.replaceAll('\\', '/')}`,
    text: readFileSync(join(root, 'electron', f), 'utf8'),
  }));

/** In OpenSSL and in BoringSSL, so under Node and under Electron. */
const allowedFunctions = [
  'createCipheriv',
  'createDecipheriv',
  'createECDH',
  'createHash',
  'createHmac',
  'hash',
  'generateKeyPair',
  'createSign',
  'createVerify',
  'sign',
  'verify',
  // whether a point lies on its curve
  'createPublicKey',
  // a PIN on its way to the helper
  'publicEncrypt',
  'privateDecrypt',
  'randomBytes',
  'randomUUID',
  'randomInt',
  'timingSafeEqual',
  'constants',
];
const allowedNames = [
  'aes-256-gcm',
  'aes-256-cbc',
  'aes-128-cbc',
  'sha256',
  'sha384',
  'sha512',
  'sha1',
  'rsa',
  'ec',
];

describe('cryptography', () => {
  it('uses only functions of node:crypto that Electron has too', () => {
    for (const { file, text } of sources) {
      for (const [, names] of text.matchAll(/import \{([^}]*)\} from 'node:crypto'/g)) {
        const used = (names ?? '')
          .split(',')
          .map((n) => n.trim().replace(/^type | as \w+$/g, ''))
          .filter((n) => n !== '');
        expect({ file, other: used.filter((n) => !allowedFunctions.includes(n)) }).toEqual({
          file,
          other: [],
        });
      }
      expect({ file, whole: /import (\* as )?\w+ from '(node:)?crypto'/.test(text) }).toEqual({
        file,
        whole: false,
      });
    }
  });

  it('uses only algorithms that Electron has too', () => {
    for (const { file, text } of sources) {
      const calls = text.matchAll(
        /(?:createHash|createHmac|createCipheriv|createDecipheriv|generateKeyPair\)?\)?)\(\s*'([^']+)'/g,
      );
      const named = [...calls].map((m) => m[1] ?? '');
      expect({ file, other: named.filter((n) => !allowedNames.includes(n)) }).toEqual({ file, other: [] });
    }
    expect(sources.find((s) => s.file === 'electron/store/crypto.ts')?.text).toContain(
      "createCipheriv('aes-256-gcm'",
    );
  });

  it('opens what it sealed, and nothing that was changed, moved or locked with another key', () => {
    const key = Buffer.alloc(32, 1);
    const sealed = seal(key, Buffer.from('secret'), 'for hoa');
    expect(unseal(key, sealed, 'for hoa')?.toString()).toBe('secret');
    expect(unseal(key, sealed, 'for nam')).toBeNull();
    expect(unseal(Buffer.alloc(32, 2), sealed, 'for hoa')).toBeNull();
    for (const part of ['nonce', 'text', 'tag'] as const) {
      const bent = { ...sealed, [part]: Buffer.from(sealed[part]) };
      bent[part][0] = (bent[part][0] ?? 0) ^ 1;
      expect(unseal(key, bent, 'for hoa')).toBeNull();
    }
    expect(unseal(key, { ...sealed, tag: sealed.tag.subarray(0, 4) }, 'for hoa')).toBeNull();
    expect(seal(key, Buffer.from('secret'), 'for hoa').nonce.equals(sealed.nonce)).toBe(false);
  });

  it('encrypts one bare block as the standard does', () => {
    // FIPS 197, appendix C.1
    const key = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
    const block = encryptBlock(key, Buffer.from('00112233445566778899aabbccddeeff', 'hex'));
    expect(block.toString('hex')).toBe('69c4e0d86a7b0430d8cdb78070b4c55a');
  });

  it('stretches as the reference implementation of Argon2id does', async () => {
    // the reference implementation's own test vector (phc-winner-argon2, test.c: Argon2id v1.3, t 2, m 2^16, p 1)
    const bytes = await stretch('password', Buffer.from('somesalt'), { memoryKib: 65536, passes: 2 });
    expect(bytes.toString('hex')).toBe('09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7');
  });
});
